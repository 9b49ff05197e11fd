//! Which files Zuul reads: the first of `zuul.yaml`, `zuul.d/`, `.zuul.yaml`, `.zuul.d/` that
//! holds anything, and no other.
//!
//! The rules are those of Zuul 14's `ZUUL_CONF_ROOT` and `merger.Repo.getFiles`: an empty file
//! counts as missing, directories are read to the bottom, only `*.yaml`, and whatever starts
//! with the path of a directory that has a `.zuul.ignore` is left out.

use super::ZuulError;
use crate::files::{EntryKind, Files};

/// The roots in Zuul's order, and whether each is a directory.
const ROOTS: [(&str, bool); 4] = [
    ("zuul.yaml", false),
    ("zuul.d", true),
    (".zuul.yaml", false),
    (".zuul.d", true),
];

/// Where the configuration is, or is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// One file.
    File(String),
    /// A directory.
    Directory(String),
}

/// The configuration's root and what Zuul reads in it.
#[derive(Debug)]
pub(super) struct Root {
    /// The root, existing or (with no files) to be created.
    pub(super) shape: Shape,
    /// Paths and bytes, in Zuul's order.
    pub(super) files: Vec<(String, Vec<u8>)>,
    /// Paths whose first characters make Zuul leave a file out.
    pub(super) left_out: Vec<String>,
    /// Roots that hold something and that Zuul does not read.
    pub(super) ignored: Vec<String>,
}

/// Returns the root that Zuul uses; where there is none, the one to create.
pub(super) fn find(files: &dyn Files) -> Result<Root, ZuulError> {
    let mut chosen: Option<Root> = None;
    let mut hollow = None;
    let mut ignored = Vec::new();
    for (path, is_dir) in ROOTS {
        let Some(root) = look(files, path, is_dir)? else {
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
    let mut root = chosen.or(hollow).unwrap_or(Root {
        shape: Shape::File(".zuul.yaml".into()),
        files: Vec::new(),
        left_out: Vec::new(),
        ignored: Vec::new(),
    });
    root.ignored = ignored;
    Ok(root)
}

/// Returns one root, if it is there and usable at all.
fn look(files: &dyn Files, path: &str, is_dir: bool) -> Result<Option<Root>, ZuulError> {
    let Some(kind) = files.kind(path)? else {
        return Ok(None);
    };
    let wanted = if is_dir {
        EntryKind::Directory
    } else {
        EntryKind::File
    };
    if kind != wanted {
        return Err(ZuulError::InTheWay {
            path: path.into(),
            is: kind.words(),
            wants: wanted.words(),
        });
    }
    let mut root = if is_dir {
        directory(files, path)?
    } else {
        let bytes = files.read(path)?.unwrap_or_default();
        Root {
            shape: Shape::File(path.into()),
            files: vec![(path.to_owned(), bytes)],
            left_out: Vec::new(),
            ignored: Vec::new(),
        }
    };
    root.files.retain(|(_, bytes)| !bytes.is_empty());
    Ok(Some(root).filter(|root| !root.left_out.iter().any(|dir| dir == path)))
}

/// Returns the `*.yaml` files below a directory.
fn directory(files: &dyn Files, top: &str) -> Result<Root, ZuulError> {
    let mut paths = Vec::new();
    let mut left_out = Vec::new();
    let mut open = vec![top.to_owned()];
    while let Some(dir) = open.pop() {
        for (name, kind) in files.list(&dir)? {
            let path = format!("{dir}/{name}");
            if path.ends_with(".zuul.ignore") {
                left_out.push(dir.clone());
            }
            if kind == EntryKind::Directory {
                open.push(path.clone());
            }
            if path.ends_with(".yaml") {
                paths.push((path, kind));
            }
        }
    }
    paths.retain(|(path, _)| !left_out.iter().any(|dir| path.starts_with(dir.as_str())));
    paths.sort_by(|a, b| a.0.cmp(&b.0));
    let read = paths
        .into_iter()
        .map(|(path, kind)| read(files, path, kind));
    Ok(Root {
        shape: Shape::Directory(top.into()),
        files: read.collect::<Result<_, _>>()?,
        left_out,
        ignored: Vec::new(),
    })
}

fn read(files: &dyn Files, path: String, kind: EntryKind) -> Result<(String, Vec<u8>), ZuulError> {
    match files.read(&path)? {
        Some(bytes) if kind == EntryKind::File => Ok((path, bytes)),
        _ => Err(ZuulError::InTheWay {
            path,
            is: kind.words(),
            wants: EntryKind::File.words(),
        }),
    }
}
