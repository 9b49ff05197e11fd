//! What the base has for Rally and no job of it runs: left as it is, and said.

use crate::change::ChangeSet;
use crate::check::{Budget, Task, Text, read_text};
use crate::files::{EntryKind, Files, FilesError};
use crate::rally;
use crate::zuul::{self, Wiring};

/// Returns the paths; that of a directory ends in a slash.
pub(super) fn paths(base: &dyn Files, change: &ChangeSet) -> Result<Vec<String>, FilesError> {
    let has_old = base.kind(rally::OLD_DIRECTORY)? == Some(EntryKind::Directory);
    let mut tasks = tasks(rally::DIRECTORY, base)?;
    tasks.retain(|path| rally::may_be_task(path) && !change.0.contains_key(path));
    if !has_old && tasks.is_empty() {
        // To read the Zuul configuration again takes longer than all else here.
        return Ok(Vec::new());
    }
    let wiring = zuul::wiring(base);
    let mut paths = Vec::new();
    if has_old && runs_nothing_of(rally::OLD_DIRECTORY, base, &wiring)? {
        paths.push(format!("{}/", rally::OLD_DIRECTORY));
    }
    tasks.retain(|path| wiring.runs(path) == Some(false));
    paths.extend(tasks);
    Ok(paths)
}

/// Returns what people should know of a path.
pub(super) fn note(base: &dyn Files, path: &str) -> String {
    if path.ends_with('/') {
        return format!(
            "{path} is left as it is: no job in this repository runs a task of it, and Rally's Zuul jobs take plugins and extra files from {}/ only",
            rally::DIRECTORY
        );
    }
    let form = match is_version_1(base, path) {
        true => "; it has Rally's old task format, version 1",
        false => "",
    };
    format!("{path} is left as it is: no job in this repository runs it{form}")
}

fn is_version_1(base: &dyn Files, path: &str) -> bool {
    let Text::Read(text) = read_text(base, path) else {
        return false;
    };
    let task = Task::read(base, path, &text, &Budget::default());
    task.is_ok_and(|task| task.version_1().is_some())
}

/// Returns whether no job runs a task of the directory.
fn runs_nothing_of(dir: &str, base: &dyn Files, wiring: &Wiring) -> Result<bool, FilesError> {
    let tasks = tasks(dir, base)?;
    Ok(tasks.iter().all(|path| wiring.runs(path) == Some(false)))
}

/// Returns the YAML files directly in the directory.
fn tasks(dir: &str, base: &dyn Files) -> Result<Vec<String>, FilesError> {
    let entries = base.list(dir)?.into_iter();
    let files = entries.filter(|(_, kind)| *kind == EntryKind::File);
    let yaml = files.filter(|(name, _)| name.ends_with(".yaml"));
    Ok(yaml.map(|(name, _)| format!("{dir}/{name}")).collect())
}
