//! The files of `rally-jobs/`: rendered, and what a person has written is kept.

use serde::Serialize;

use super::message::enumeration;
use super::single::Single;
use super::view::View;
use super::{PlanError, Templates};
use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange, Reason};
use crate::files::{EntryKind, Files, FilesError};
use crate::rally;

/// Templates that have the name of their file.
const RENDERED: [&str; 4] = [
    "README.rst",
    "plugins/__init__.py",
    "plugins/README.rst",
    "extra/README.rst",
];

/// Files of the base that are not ours: the READMEs do not pass over them.
#[derive(Default, Serialize)]
struct Others {
    tasks: Vec<String>,
    plugins: Vec<String>,
    extra: Vec<String>,
}

/// Returns the files of `rally-jobs/` on top of `base`; `replaced` says of an existing document why
/// ours replaces it, if that is so.
pub(super) fn rally_jobs(
    base: &dyn Files,
    entry: &Entry,
    view: &View<'_>,
    templates: &mut Templates<'_>,
    replaced: impl Fn(&str) -> Option<Reason>,
) -> Result<ChangeSet, PlanError> {
    for dir in [rally::DIRECTORY, rally::PLUGINS, rally::EXTRA] {
        match base.kind(dir)? {
            None | Some(EntryKind::Directory) => {}
            Some(is) => return Err(in_the_way(dir, is, EntryKind::Directory)),
        }
    }
    let others = Others::of(base, entry, view)?;
    templates.values.insert("others", &others);
    templates
        .values
        .insert("measured", &enumeration(&measured(entry)));
    templates
        .values
        .insert("single", &Single::of(&entry.service));
    let mut change = ChangeSet::default();
    for name in RENDERED {
        let path = format!("{}/{name}", rally::DIRECTORY);
        let text = templates.text(&path)?.into_bytes();
        let reason = replaced(&path).filter(|_| name.ends_with(".rst"));
        let file = match (base.read(&path)?, reason) {
            (Some(before), Some(reason)) => FileChange::replaced(before, text, reason),
            _ => ours(base, &path, text)?,
        };
        change.0.insert(path, file);
    }
    for (name, bytes) in &entry.files {
        let path = format!("{}/{name}", rally::DIRECTORY);
        let file = ours(base, &path, bytes.clone())?;
        change.0.insert(path, file);
    }
    let path = view.task_path();
    let text = templates.text(&format!("{}/task.yaml", rally::DIRECTORY))?;
    let file = ours(base, &path, text.into_bytes())?;
    change.0.insert(path, file);
    Ok(change)
}

impl Others {
    fn of(base: &dyn Files, entry: &Entry, view: &View<'_>) -> Result<Others, FilesError> {
        let is_ours = |name: &str| {
            RENDERED.contains(&name)
                || entry.files.contains_key(name)
                || format!("{}/{name}", rally::DIRECTORY) == view.task_path()
        };
        let below = |sub: &str| -> Result<Vec<String>, FilesError> {
            let dir = format!("{}/{sub}", rally::DIRECTORY);
            let entries = base.list(dir.trim_end_matches('/'))?.into_iter();
            let files = entries.filter(|(_, kind)| *kind == EntryKind::File);
            let names = files.map(|(name, _)| name);
            Ok(names
                .filter(|name| is_named(name) && !is_ours(&format!("{sub}{name}")))
                .collect())
        };
        let mut others = Others {
            tasks: below("")?,
            plugins: below("plugins/")?,
            extra: below("extra/")?,
        };
        let is_task = |name: &String| rally::may_be_task(&format!("{}/{name}", rally::DIRECTORY));
        others.tasks.retain(is_task);
        others.plugins.retain(|name| name.ends_with(".py"));
        Ok(others)
    }
}

/// Returns the names of the resources that have workloads.
fn measured(entry: &Entry) -> Vec<&str> {
    let resources = entry.service.resources.iter();
    let measured = resources.filter(|resource| resource.without_workload.is_none());
    measured.map(|resource| resource.name.as_str()).collect()
}

/// Returns whether a document can name the file as it is.
fn is_named(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    !name.starts_with('.') && name.len() < 60 && name.chars().all(is_plain)
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
