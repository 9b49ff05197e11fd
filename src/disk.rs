//! The files of a folder: a user's catalogue.

use std::fs;
use std::path::{Path, PathBuf};

use crate::files::{Files, FilesError, Kind};

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
    fn kind(&self, path: &str) -> Result<Option<Kind>, FilesError> {
        match fs::metadata(self.root.join(path)) {
            Ok(data) if data.is_dir() => Ok(Some(Kind::Directory)),
            Ok(_) => Ok(Some(Kind::File)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(self.failed(path, &e)),
        }
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        match self.kind(path)? {
            Some(Kind::File) => fs::read(self.root.join(path))
                .map(Some)
                .map_err(|e| self.failed(path, &e)),
            _ => Ok(None),
        }
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, Kind)>, FilesError> {
        if self.kind(dir)? != Some(Kind::Directory) {
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
