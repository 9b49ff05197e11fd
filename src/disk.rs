//! The files of a folder: a user's catalogue, or a work tree.

use std::cell::RefCell;
use std::collections::HashSet;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::files::{EntryKind, Files, FilesError};

/// A folder on disk. Links are followed: the folder is the user's own.
pub struct DiskFiles {
    root: PathBuf,
}

impl DiskFiles {
    /// Returns the folder `root`.
    pub fn new(root: &Path) -> DiskFiles {
        DiskFiles {
            root: root.to_owned(),
        }
    }

    /// Returns whether it is a folder.
    pub fn is_dir(&self) -> bool {
        self.root.is_dir()
    }

    /// Returns the folder's path, for people.
    pub fn path(&self) -> String {
        self.root.display().to_string()
    }

    fn failed(&self, path: &str, error: &std::io::Error) -> FilesError {
        FilesError {
            path: self.root.join(path).display().to_string(),
            reason: error.to_string(),
            remedy: "make it readable".to_owned(),
        }
    }
}

impl Files for DiskFiles {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        match fs::metadata(self.root.join(path)) {
            Ok(data) if data.is_dir() => Ok(Some(EntryKind::Directory)),
            Ok(_) => Ok(Some(EntryKind::File)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(self.failed(path, &e)),
        }
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        match self.kind(path)? {
            Some(EntryKind::File) => fs::read(self.root.join(path))
                .map(Some)
                .map_err(|e| self.failed(path, &e)),
            _ => Ok(None),
        }
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        if self.kind(dir)? != Some(EntryKind::Directory) {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(self.root.join(dir)).map_err(|e| self.failed(dir, &e))?;
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|e| self.failed(dir, &e))?;
            // A name that is not UTF-8 is no service's.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            let path = if dir.is_empty() {
                name.clone()
            } else {
                format!("{dir}/{name}")
            };
            if let Some(kind) = self.kind(&path)? {
                found.push((name, kind));
            }
        }
        found.sort();
        Ok(found)
    }
}

/// A work tree. It is whoever wrote the repository who wrote it, so no link is followed, nothing
/// outside is reached, and nothing but regular files is opened, up to a size.
pub struct WorkTree {
    root: PathBuf,
    largest: u64,
    /// Folders that no link leads to, so that each part of a deep path is looked at once.
    folders: RefCell<HashSet<String>>,
}

impl WorkTree {
    /// Returns the work tree `root`; files above `largest` bytes are not read.
    pub fn new(root: &Path, largest: u64) -> WorkTree {
        WorkTree {
            root: root.to_owned(),
            largest,
            folders: RefCell::default(),
        }
    }

    /// Returns what stands at the path, links themselves included; `None` where a part of the
    /// path is a link, or is no name.
    fn data(&self, path: &str) -> Result<Option<fs::Metadata>, FilesError> {
        let known = self.known_folder(path);
        let mut at = self.root.join(known);
        let mut data = fs::symlink_metadata(&at).map_err(|e| failed(path, &e))?;
        let rest = match known {
            _ if known == path => None,
            "" => Some(path),
            _ => Some(&path[known.len() + 1..]),
        };
        for part in rest.into_iter().flat_map(|rest| rest.split('/')) {
            let is_name = !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
            if !data.is_dir() || !is_name {
                return Ok(None);
            }
            at.push(part);
            data = match fs::symlink_metadata(&at) {
                Ok(data) => data,
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
                Err(e) => return Err(failed(path, &e)),
            };
        }
        if data.is_dir() {
            self.folders.borrow_mut().insert(path.to_owned());
        }
        Ok(Some(data))
    }

    /// Returns the longest part of the path that is known to be a folder; at worst the top.
    fn known_folder<'p>(&self, path: &'p str) -> &'p str {
        let folders = self.folders.borrow();
        let above = path.rmatch_indices('/').map(|(end, _)| &path[..end]);
        let mut all = [path].into_iter().chain(above);
        all.find(|folder| folders.contains(*folder)).unwrap_or("")
    }
}

impl Files for WorkTree {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        Ok(self.data(path)?.and_then(|data| kind_of(&data)))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        let Some(data) = self.data(path)?.filter(fs::Metadata::is_file) else {
            return Ok(None);
        };
        let too_large = || FilesError {
            path: path.to_owned(),
            reason: format!("it is larger than {} bytes", self.largest),
            remedy: "make it smaller".to_owned(),
        };
        if data.len() > self.largest {
            return Err(too_large());
        }
        let file = fs::File::open(self.root.join(path)).map_err(|e| failed(path, &e))?;
        let mut bytes = Vec::new();
        file.take(self.largest + 1)
            .read_to_end(&mut bytes)
            .map_err(|e| failed(path, &e))?;
        match bytes.len() as u64 > self.largest {
            true => Err(too_large()),
            false => Ok(Some(bytes)),
        }
    }

    fn mode(&self, path: &str) -> Result<u32, FilesError> {
        let executable = self.data(path)?.is_some_and(|data| is_executable(&data));
        Ok(if executable { 0o100_755 } else { 0o100_644 })
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        if self.kind(dir)? != Some(EntryKind::Directory) {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in fs::read_dir(self.root.join(dir)).map_err(|e| failed(dir, &e))? {
            let entry = entry.map_err(|e| failed(dir, &e))?;
            let data = entry.metadata().map_err(|e| failed(dir, &e))?;
            // A name that is not UTF-8 is none that a job names.
            if let (Ok(name), Some(kind)) = (entry.file_name().into_string(), kind_of(&data)) {
                found.push((name, kind));
            }
        }
        found.sort();
        Ok(found)
    }
}

/// Pipes, sockets and devices are nothing that a repository holds.
fn kind_of(data: &fs::Metadata) -> Option<EntryKind> {
    let kind = data.file_type();
    match (kind.is_file(), kind.is_dir(), kind.is_symlink()) {
        (true, _, _) => Some(EntryKind::File),
        (_, true, _) => Some(EntryKind::Directory),
        (_, _, true) => Some(EntryKind::Symlink),
        _ => None,
    }
}

#[cfg(unix)]
fn is_executable(data: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    data.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_data: &fs::Metadata) -> bool {
    false
}

fn failed(path: &str, error: &std::io::Error) -> FilesError {
    FilesError {
        path: path.to_owned(),
        reason: error.to_string(),
        remedy: "make it readable".to_owned(),
    }
}
