//! The task files that jobs name.

use crate::files::{EntryKind, Files, FilesError};
use crate::zuul::{Location, Wiring};

/// What a job's `rally_task` names.
pub(super) struct NamedTask {
    pub(super) job: String,
    /// Without a `./` before it.
    pub(super) path: String,
    /// Where the job names it.
    pub(super) place: Location,
    pub(super) target: Target,
}

/// What is at the path.
pub(super) enum Target {
    File,
    Directory,
    Nothing,
    /// It cannot be told, and why.
    Unknown(String),
}

/// Returns what each job names, in the order of the jobs.
pub(super) fn tasks(files: &dyn Files, wiring: &Wiring) -> Result<Vec<NamedTask>, FilesError> {
    let named = wiring.jobs.iter().flat_map(|job| {
        let tasks = job.tasks.iter();
        tasks.map(move |(task, place)| (&job.name, task, place))
    });
    named
        .map(|(job, task, place)| {
            let path = task.strip_prefix("./").unwrap_or(task);
            Ok(NamedTask {
                job: job.clone(),
                path: path.to_owned(),
                place: place.clone(),
                target: target(files, path)?,
            })
        })
        .collect()
}

fn target(files: &dyn Files, path: &str) -> Result<Target, FilesError> {
    let is_name = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['{', '\\']);
    if !path.split('/').all(is_name) {
        return Ok(Target::Unknown(format!("`{path}` is not a plain path")));
    }
    Ok(match files.kind(path)? {
        Some(EntryKind::File) => Target::File,
        Some(EntryKind::Directory) => Target::Directory,
        None if !has_link(files, path)? => Target::Nothing,
        _ => Target::Unknown(format!("`{path}` is a symbolic link")),
    })
}

/// Returns whether a folder on the way is no folder, but could lead to one.
fn has_link(files: &dyn Files, path: &str) -> Result<bool, FilesError> {
    for (at, _) in path.match_indices('/') {
        let kind = files.kind(&path[..at])?;
        if matches!(kind, Some(EntryKind::Symlink | EntryKind::Submodule)) {
            return Ok(true);
        }
    }
    Ok(false)
}
