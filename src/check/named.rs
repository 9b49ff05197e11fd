//! The task files that jobs name.

use std::collections::BTreeSet;

use crate::files::{EntryKind, Files, FilesError};
use crate::rally::Jobs;
use crate::zuul::{Location, Setting, Wiring};

/// What a job's `rally_task` names.
pub(super) struct NamedTask {
    pub(super) job: String,
    /// From the top of the repository, where it is a plain path; else as it is written.
    pub(super) path: String,
    /// Where the job names it, or its parent that does.
    pub(super) place: Location,
    /// Whether this is what the job runs in one of the repository's pipelines, for certain.
    pub(super) counts: bool,
    /// The job elsewhere that names it.
    pub(super) by: Option<String>,
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

/// Returns what each job names, in the order of the jobs, then what their parents elsewhere name.
///
/// The role looks for either in the repository under test.
pub(super) fn tasks(
    files: &dyn Files,
    wiring: &Wiring,
    jobs: &Jobs,
) -> Result<Vec<NamedTask>, FilesError> {
    let used = wiring.uses.iter().filter_map(|one| one.task.known());
    let used: BTreeSet<(&String, &Location)> = used.collect();
    let mut found = Vec::new();
    for job in &wiring.jobs {
        for (task, place) in &job.tasks {
            let counts = used.contains(&(task, place));
            found.push(named(files, &job.name, task, place, counts)?);
        }
    }
    for one in wiring.uses.iter().filter(|one| one.task == Setting::Absent) {
        let elsewhere = one.elsewhere.as_ref();
        let default = elsewhere.and_then(|(top, place)| Some((jobs.task(top)?, place)));
        if let Some(((by, task), place)) = default {
            let by = Some(by.to_owned());
            let named = named(files, &one.job, task, place, true)?;
            found.push(NamedTask { by, ..named });
        }
    }
    Ok(found)
}

/// Returns the path from the top of the repository that the role makes of a task's: below the
/// checkout, so a slash before it changes nothing. `None` where it leads out of it, or is a template.
pub(super) fn plain(task: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in task.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part if part.contains(['{', '\\']) => return None,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

fn named(
    files: &dyn Files,
    job: &str,
    task: &str,
    place: &Location,
    counts: bool,
) -> Result<NamedTask, FilesError> {
    let (path, target) = match plain(task) {
        Some(path) => {
            let target = target(files, &path)?;
            let is_folder = task.ends_with('/') || task.ends_with("/.");
            match target {
                // no slash can follow the name of a file
                Target::File if is_folder => (task.to_owned(), Target::Nothing),
                target => (path, target),
            }
        }
        None => {
            let why = format!("`{task}` is not a plain path");
            (task.to_owned(), Target::Unknown(why))
        }
    };
    Ok(NamedTask {
        job: job.to_owned(),
        path,
        place: place.clone(),
        counts,
        by: None,
        target,
    })
}

fn target(files: &dyn Files, path: &str) -> Result<Target, FilesError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_role_looks_below_the_checkout() {
        for (task, path) in [
            ("rally-jobs/a.yaml", Some("rally-jobs/a.yaml")),
            ("./rally-jobs//a.yaml", Some("rally-jobs/a.yaml")),
            ("/rally-jobs/a.yaml", Some("rally-jobs/a.yaml")),
            ("rally-jobs/x/../a.yaml", Some("rally-jobs/a.yaml")),
            ("../rally/a.yaml", None),
            ("{{ task }}", None),
            ("", None),
        ] {
            assert_eq!(plain(task).as_deref(), path, "{task}");
        }
    }
}
