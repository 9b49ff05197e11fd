//! Which files Zuul reads: the first of `zuul.yaml`, `zuul.d/`, `.zuul.yaml`, `.zuul.d/` that
//! holds anything, and no other.
//!
//! The rules are those of Zuul 14's `ZUUL_CONF_ROOT` and `merger.Repo.getFiles`: an empty file
//! counts as missing, directories are read to the bottom, only `*.yaml`, and whatever starts
//! with the path of a directory that has a `.zuul.ignore` is left out.

use super::error::ConfigError;
use crate::files::{EntryKind, Files, walk};

/// The roots in Zuul's order.
const ROOTS: [(&str, EntryKind); 4] = [
    ("zuul.yaml", EntryKind::File),
    ("zuul.d", EntryKind::Directory),
    (".zuul.yaml", EntryKind::File),
    (".zuul.d", EntryKind::Directory),
];

/// Where the configuration is, or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// One file.
    File(String),
    /// A directory.
    Directory(String),
}

impl Shape {
    pub(crate) fn path(&self) -> &str {
        match self {
            Shape::File(path) | Shape::Directory(path) => path,
        }
    }
}

/// The configuration's root and what Zuul reads in it.
#[derive(Debug)]
pub(crate) struct Root {
    /// The root, existing or (with no files) to be created.
    pub(crate) shape: Shape,
    /// Paths and bytes, in Zuul's order.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) left_out: LeftOut,
    /// Roots that hold something and that Zuul does not read.
    pub(crate) ignored: Vec<String>,
}

/// Directories with a `.zuul.ignore`: what starts with such a path is left out.
#[derive(Debug, Default)]
pub(crate) struct LeftOut {
    /// In byte order, none the start of another.
    dirs: Vec<String>,
}

impl LeftOut {
    fn of(mut dirs: Vec<String>) -> LeftOut {
        dirs.sort();
        dirs.dedup_by(|longer, dir| longer.starts_with(dir.as_str()));
        LeftOut { dirs }
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        // in byte order, nothing is between a path and its longest start in the list
        let behind = self.dirs.partition_point(|dir| dir.as_str() <= path);
        let before = behind.checked_sub(1).map(|index| &self.dirs[index]);
        before.is_some_and(|dir| path.starts_with(dir.as_str()))
    }
}

impl Root {
    /// Returns the bytes of a file that Zuul reads.
    pub(crate) fn bytes(&self, path: &str) -> Option<&[u8]> {
        let file = self.files.iter().find(|(name, _)| name == path);
        file.map(|(_, bytes)| bytes.as_slice())
    }

    /// Returns the root that Zuul uses; where there is none, the one to create.
    pub(crate) fn find(files: &dyn Files) -> Result<Root, ConfigError> {
        let mut chosen: Option<Root> = None;
        let mut hollow = None;
        let mut ignored = Vec::new();
        for (path, wanted) in ROOTS {
            let Some(root) = Root::look(files, path, wanted)? else {
                continue;
            };
            if root.files.is_empty() {
                hollow.get_or_insert(root);
            } else if chosen.is_none() {
                chosen = Some(root);
            } else {
                ignored.push(path.to_owned());
            }
        }
        let new = || Root::of(Shape::File(".zuul.yaml".into()), Vec::new());
        let mut root = chosen.or(hollow).unwrap_or_else(new);
        root.ignored = ignored;
        Ok(root)
    }

    fn of(shape: Shape, files: Vec<(String, Vec<u8>)>) -> Root {
        Root {
            shape,
            files,
            left_out: LeftOut::default(),
            ignored: Vec::new(),
        }
    }

    /// Returns one root, if it is there and usable at all.
    fn look(files: &dyn Files, path: &str, wants: EntryKind) -> Result<Option<Root>, ConfigError> {
        let Some(is) = files.kind(path)? else {
            return Ok(None);
        };
        if is != wants {
            let path = path.into();
            return Err(ConfigError::InTheWay { path, is, wants });
        }
        let mut root = match wants {
            EntryKind::Directory => directory(files, path)?,
            _ => {
                let bytes = files.read(path)?.unwrap_or_default();
                Root::of(Shape::File(path.into()), vec![(path.to_owned(), bytes)])
            }
        };
        root.files.retain(|(_, bytes)| !bytes.is_empty());
        Ok(Some(root).filter(|root| !root.left_out.has(path)))
    }
}

/// Returns the `*.yaml` files below a directory.
fn directory(files: &dyn Files, top: &str) -> Result<Root, ConfigError> {
    let mut entries = Vec::new();
    let mut into = |dir: &str| {
        entries.push((dir.to_owned(), EntryKind::Directory));
        Ok(true)
    };
    let (found, _) = walk(files, top, usize::MAX, &mut into)?;
    entries.extend(found);
    entries.sort();
    let mut left_out = Vec::new();
    for (path, _) in entries.iter().filter(|(p, _)| p.ends_with(".zuul.ignore")) {
        left_out.extend(path.rsplit_once('/').map(|(dir, _)| dir.to_owned()));
    }
    let mut root = Root::of(Shape::Directory(top.into()), Vec::new());
    root.left_out = LeftOut::of(left_out);
    for (path, kind) in entries {
        if path.ends_with(".yaml") && !root.left_out.has(&path) {
            root.files.push(read(files, path, kind)?);
        }
    }
    Ok(root)
}

fn read(files: &dyn Files, path: String, is: EntryKind) -> Result<(String, Vec<u8>), ConfigError> {
    let wants = EntryKind::File;
    match files.read(&path)? {
        Some(bytes) if is == wants => Ok((path, bytes)),
        _ => Err(ConfigError::InTheWay { path, is, wants }),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::files::{FileMap, FilesError};

    #[test]
    fn the_start_of_a_path_leaves_it_out() {
        let left_out = LeftOut::of(["d/b", "d/a", "d/ab/x", "d/a"].map(str::to_owned).into());
        for (path, is_out) in [
            ("d/a", true),
            ("d/a/x.yaml", true),
            ("d/ab.yaml", true),
            ("d/a-b.yaml", true),
            ("d/b/c/d.yaml", true),
            ("d/c.yaml", false),
            ("d", false),
            ("d/B.yaml", false),
        ] {
            assert_eq!(left_out.has(path), is_out, "{path}");
        }
    }

    /// Counts what is asked.
    struct Counted {
        files: FileMap,
        asked: Cell<usize>,
    }

    impl Files for Counted {
        fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
            self.asked.set(self.asked.get() + 1);
            self.files.kind(path)
        }

        fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
            self.asked.set(self.asked.get() + 1);
            self.files.read(path)
        }

        fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
            self.asked.set(self.asked.get() + 1);
            self.files.list(dir)
        }
    }

    #[test]
    fn each_file_is_read_once() {
        let mut files = FileMap::default();
        for file in 0..4000 {
            let path = format!("zuul.d/{}/{file}.yaml", file % 10);
            files
                .0
                .insert(path, (EntryKind::File, b"- job: {name: a}\n".to_vec()));
        }
        let asked = Cell::new(0);
        let counted = Counted { files, asked };
        assert_eq!(Root::find(&counted).expect("a root").files.len(), 4000);
        assert_eq!(counted.asked.get(), 4000 + 11 + ROOTS.len());
    }
}
