//! The files of `rally-jobs/`: rendered, and what a person has written is kept.

use serde::Serialize;

use super::message::enumeration;
use super::single::Single;
use super::view::View;
use super::{PlanError, Templates};
use crate::catalogue::Entry;
use crate::change::{FileChange, Reason};
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
#[derive(Clone, Debug, Default, Serialize)]
pub struct Others {
    tasks: Vec<String>,
    plugins: Vec<String>,
    extra: Vec<String>,
}

/// The rendered files of `rally-jobs/`: path to content.
pub(super) type Rendered = Vec<(String, Vec<u8>)>;

/// Returns the files of `rally-jobs/` as they are rendered, `others` being there beside them.
pub(super) fn rendered(
    entry: &Entry,
    view: &View<'_>,
    others: &Others,
    templates: &mut Templates<'_>,
) -> Result<Rendered, PlanError> {
    templates.values.insert("others", others);
    templates
        .values
        .insert("measured", &enumeration(&measured(entry)));
    templates
        .values
        .insert("single", &Single::of(&entry.service));
    let mut files = Vec::new();
    for name in RENDERED {
        let path = format!("{}/{name}", rally::DIRECTORY);
        let text = templates.text(&path)?.into_bytes();
        files.push((path, text));
    }
    for (name, bytes) in &entry.files {
        files.push((format!("{}/{name}", rally::DIRECTORY), bytes.clone()));
    }
    let text = templates.text(&format!("{}/task.yaml", rally::DIRECTORY))?;
    files.push((view.task_path(), text.into_bytes()));
    Ok(files)
}

/// Refuses a base that has something else where directories belong.
pub(super) fn directories(base: &dyn Files) -> Result<(), PlanError> {
    for dir in [rally::DIRECTORY, rally::PLUGINS, rally::EXTRA] {
        match base.kind(dir)? {
            None | Some(EntryKind::Directory) => {}
            Some(is) => return Err(in_the_way(dir, is, EntryKind::Directory)),
        }
    }
    Ok(())
}

/// Returns the change of one file that no earlier run has made; `replaced` says why ours replaces
/// an existing document, if that is so.
pub(super) fn fresh(
    base: &dyn Files,
    path: &str,
    text: Vec<u8>,
    replaced: Option<Reason>,
) -> Result<FileChange, PlanError> {
    match (
        base.read(path)?,
        replaced.filter(|_| path.ends_with(".rst")),
    ) {
        (Some(before), Some(reason)) => Ok(FileChange::replaced(before, text, reason)),
        _ => ours(base, path, text),
    }
}

impl Others {
    /// Returns the files of `base` beside those that are rendered for it.
    pub(super) fn beside(
        base: &dyn Files,
        entry: &Entry,
        view: &View<'_>,
    ) -> Result<Others, FilesError> {
        Others::of(base, &|path| is_ours(path, entry, view))
    }

    /// Returns the files that have the names, which are as [`Others::names`] gives them.
    pub fn of_names(names: &[String]) -> Others {
        let mut others = Others::default();
        for name in names.iter().filter(|name| is_plain(name)) {
            match name.split_once('/') {
                Some(("plugins", name)) => others.plugins.push(name.to_owned()),
                Some(("extra", name)) => others.extra.push(name.to_owned()),
                Some(_) => {}
                None => others.tasks.push(name.clone()),
            }
        }
        others
    }

    /// Returns their names below `rally-jobs`.
    pub(super) fn names(&self) -> Vec<String> {
        let plugins = self.plugins.iter().map(|name| format!("plugins/{name}"));
        let extra = self.extra.iter().map(|name| format!("extra/{name}"));
        self.tasks
            .iter()
            .cloned()
            .chain(plugins)
            .chain(extra)
            .collect()
    }

    /// Returns those of an earlier run that are not ours today.
    pub(super) fn of_earlier(&self, entry: &Entry, view: &View<'_>) -> Others {
        let mut others = self.clone();
        let parts = [
            (&mut others.tasks, rally::DIRECTORY),
            (&mut others.plugins, rally::PLUGINS),
            (&mut others.extra, rally::EXTRA),
        ];
        for (names, dir) in parts {
            names.retain(|name| !is_ours(&format!("{dir}/{name}"), entry, view));
        }
        others
    }

    /// Returns the files of `base` whose paths are not ours.
    pub fn of(base: &dyn Files, is_ours: &dyn Fn(&str) -> bool) -> Result<Others, FilesError> {
        let below = |sub: &str| -> Result<Vec<String>, FilesError> {
            let dir = format!("{}/{sub}", rally::DIRECTORY);
            let dir = dir.trim_end_matches('/');
            let entries = base.list(dir)?.into_iter();
            let files = entries.filter(|(_, kind)| *kind == EntryKind::File);
            let names = files.map(|(name, _)| name);
            Ok(names
                .filter(|name| is_named(name) && !is_ours(&format!("{dir}/{name}")))
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

/// Returns whether a file of ours belongs at the path.
pub(super) fn is_ours(path: &str, entry: &Entry, view: &View<'_>) -> bool {
    let name = path.strip_prefix(rally::DIRECTORY).unwrap_or_default();
    let name = name.trim_start_matches('/');
    RENDERED.contains(&name) || entry.files.contains_key(name) || path == view.task_path()
}

/// Returns the names of the resources that have workloads.
fn measured(entry: &Entry) -> Vec<&str> {
    let resources = entry.service.resources.iter();
    let measured = resources.filter(|resource| resource.without_workload.is_none());
    measured.map(|resource| resource.name.as_str()).collect()
}

/// Returns whether a document can name the file as it is.
fn is_named(name: &str) -> bool {
    !name.starts_with('.') && name.len() < 60 && !name.contains('/') && is_plain(name)
}

fn is_plain(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    name.chars().all(is_plain)
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
