//! The files of one revision, as the pure middle of the program sees them.
//!
//! Paths are relative to the top of the tree and use `/`; nothing here touches a disk.
//! The git snapshot implements [`Files`] for a commit, [`FileMap`] implements it for tests
//! and for the demonstration repository.

use std::collections::BTreeMap;

use crate::remedy::{Refusal, Remedy};

/// What stands at a path of a tree, after Git's own file modes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryKind {
    /// Mode 100644 or 100755.
    File,
    /// Mode 120000: its content is a path, which is never followed.
    Symlink,
    /// Mode 040000.
    Directory,
    /// Mode 160000: a commit of another repository.
    Submodule,
}

impl EntryKind {
    /// Returns the word for messages, with its article.
    pub fn words(self) -> &'static str {
        match self {
            EntryKind::File => "a file",
            EntryKind::Symlink => "a symbolic link",
            EntryKind::Directory => "a directory",
            EntryKind::Submodule => "a submodule",
        }
    }
}

/// A file that is there but cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read `{path}`: {reason}")]
pub struct FilesError {
    /// The path that was asked for.
    pub path: String,
    /// What went wrong, in the words of whoever stores the files.
    pub reason: String,
    /// What to type.
    pub remedy: String,
}

impl Remedy for FilesError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        self.remedy.clone()
    }
}

/// Read access to the files of one revision.
pub trait Files {
    /// Returns what stands at `path`, or `None`.
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError>;

    /// Returns the bytes of the regular file at `path`; `None` where there is no regular file.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError>;

    /// Returns the file mode at `path`, 0o100644 or 0o100755; 0o100644 where nothing says otherwise.
    fn mode(&self, _path: &str) -> Result<u32, FilesError> {
        Ok(0o100_644)
    }

    /// Returns the names directly below the directory `dir` (`""` is the top) in byte order;
    /// nothing where there is no directory.
    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError>;
}

/// Returns what lies below the directory `dir`, in byte order of the paths, links and submodules
/// included: the one walk over directories. `into` says whether to go into a directory.
///
/// Stops after `most` entries, and says so in the second value: whoever asks must not take a part
/// for the whole.
pub fn walk(
    files: &dyn Files,
    dir: &str,
    most: usize,
    into: &mut dyn FnMut(&str) -> Result<bool, FilesError>,
) -> Result<(Vec<(String, EntryKind)>, Completeness), FilesError> {
    let mut found = Vec::new();
    let mut open = vec![dir.to_owned()];
    while let Some(dir) = open.pop() {
        for (name, kind) in files.list(&dir)? {
            let path = match dir.as_str() {
                "" => name,
                dir => format!("{dir}/{name}"),
            };
            match kind {
                EntryKind::Directory if !into(&path)? => {}
                EntryKind::Directory => open.push(path),
                _ if found.len() == most => return Ok((found, Completeness::CutOff)),
                kind => found.push((path, kind)),
            }
        }
    }
    found.sort();
    Ok((found, Completeness::Whole))
}

/// Whether a walk came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// Everything was seen.
    Whole,
    /// There was more than was asked for.
    CutOff,
}

/// Files held in memory: path to what it is and its bytes.
#[derive(Clone, Debug, Default)]
pub struct FileMap(pub BTreeMap<String, (EntryKind, Vec<u8>)>);

impl FileMap {
    /// Returns a map of regular files.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> FileMap {
        FileMap(
            files
                .into_iter()
                .map(|(path, text)| (path.to_owned(), (EntryKind::File, text.as_bytes().to_vec())))
                .collect(),
        )
    }
}

impl Files for FileMap {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        if let Some((kind, _)) = self.0.get(path) {
            return Ok(Some(*kind));
        }
        let below = format!("{path}/");
        let is_dir = self
            .0
            .range(below.clone()..)
            .next()
            .is_some_and(|(p, _)| p.starts_with(&below));
        Ok(is_dir.then_some(EntryKind::Directory))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        Ok(match self.0.get(path) {
            Some((EntryKind::File, bytes)) => Some(bytes.clone()),
            _ => None,
        })
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        let prefix = if dir.is_empty() {
            String::new()
        } else {
            format!("{dir}/")
        };
        let mut found = BTreeMap::new();
        for (path, (kind, _)) in &self.0 {
            let Some(rest) = path.strip_prefix(&prefix) else {
                continue;
            };
            match rest.split_once('/') {
                Some((name, _)) => found.insert(name.to_owned(), EntryKind::Directory),
                None => found.insert(rest.to_owned(), *kind),
            };
        }
        Ok(found.into_iter().collect())
    }
}
