//! What is below `rally-jobs`.

use super::Finding;
use super::rules::NOT_JUDGED;
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

    /// Returns that some files are not judged.
    pub(super) fn not_judged(&self) -> Option<Finding> {
        let has_more = self.completeness == Completeness::CutOff;
        let why = format!("`{}` has more than {MOST_FILES} files", rally::DIRECTORY);
        has_more.then(|| NOT_JUDGED.noted(rally::DIRECTORY, 1, why))
    }
}
