//! The files of `rally-jobs/`: rendered, and what a person has written is kept.

use super::view::View;
use super::{PlanError, Templates};
use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange};
use crate::files::{EntryKind, Files};
use crate::rally;

/// Templates that have the name of their file.
const RENDERED: [&str; 4] = [
    "README.rst",
    "plugins/__init__.py",
    "plugins/README.rst",
    "extra/README.rst",
];

/// Returns the files of `rally-jobs/` on top of `base`.
pub(super) fn rally_jobs(
    base: &dyn Files,
    entry: &Entry,
    view: &View<'_>,
    templates: &Templates<'_>,
) -> Result<ChangeSet, PlanError> {
    for dir in [rally::DIRECTORY, rally::PLUGINS, rally::EXTRA] {
        match base.kind(dir)? {
            None | Some(EntryKind::Directory) => {}
            Some(is) => return Err(in_the_way(dir, is, EntryKind::Directory)),
        }
    }
    let mut change = ChangeSet::default();
    for name in RENDERED {
        let path = format!("{}/{name}", rally::DIRECTORY);
        let text = templates.text(&path)?;
        change
            .0
            .insert(path.clone(), ours(base, &path, text.into_bytes())?);
    }
    for (name, bytes) in &entry.files {
        let path = format!("{}/{name}", rally::DIRECTORY);
        change
            .0
            .insert(path.clone(), ours(base, &path, bytes.clone())?);
    }
    let path = view.task_path();
    let text = templates.text(&format!("{}/task.yaml", rally::DIRECTORY))?;
    change
        .0
        .insert(path.clone(), ours(base, &path, text.into_bytes())?);
    Ok(change)
}

fn ours(base: &dyn Files, path: &str, rendered: Vec<u8>) -> Result<FileChange, PlanError> {
    match base.kind(path)? {
        None => Ok(FileChange::ours(None, rendered)),
        Some(EntryKind::File) => Ok(FileChange::ours(base.read(path)?, rendered)),
        Some(is) => Err(in_the_way(path, is, EntryKind::File)),
    }
}

fn in_the_way(path: &str, is: EntryKind, wanted: EntryKind) -> PlanError {
    PlanError::InTheWay {
        path: path.to_owned(),
        is,
        wanted,
    }
}
