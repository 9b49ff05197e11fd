//! What is below `rally-jobs`.

use crate::files::{self, Completeness, EntryKind, Files, FilesError};
use crate::rally;

/// A `rally-jobs` with more files is judged in part.
const MOST_FILES: usize = 2000;

/// The regular files below `rally-jobs`; no link is followed.
pub(super) struct Folder {
    /// In byte order.
    pub(super) paths: Vec<String>,
    completeness: Completeness,
}

impl Folder {
    pub(super) fn read(files: &dyn Files) -> Result<Folder, FilesError> {
        let (entries, completeness) =
            files::walk(files, rally::DIRECTORY, MOST_FILES, &mut |_| Ok(true))?;
        let regular = entries
            .into_iter()
            .filter(|(_, kind)| *kind == EntryKind::File);
        Ok(Folder {
            paths: regular.map(|(path, _)| path).collect(),
            completeness,
        })
    }

    /// Returns what is not judged.
    pub(super) fn note(&self) -> Option<String> {
        let has_more = self.completeness == Completeness::CutOff;
        has_more.then(|| {
            let dir = rally::DIRECTORY;
            format!("did not check some files: `{dir}` has more than {MOST_FILES} files")
        })
    }
}
