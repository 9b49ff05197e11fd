//! What a task reads beside itself.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Task;

/// A task includes a file that the role does not copy: it copies the task alone, to
/// `~/.rally/task.yaml`, where Rally looks for what it includes.
pub(super) const NOT_COPIED: Rule = Rule {
    name: "include-not-copied",
};

/// The folders that the role copies whole, to beside the task.
const COPIED: [&str; 2] = ["extra/", "plugins/"];

pub(super) fn not_copied(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    if !known.runs.is_run(task.path) {
        return Vec::new();
    }
    let is_copied = |name: &str| COPIED.iter().any(|folder| name.starts_with(folder));
    let read = task.included().into_iter();
    let read = read.filter(|included| !is_copied(&included.name));
    let found = read.map(|included| {
        let name = &included.name;
        let end = match included.optional {
            true => "so it is left out",
            false => "so Rally does not find it: write it into the task, or move it to `extra/`",
        };
        let message = format!(
            "the CI role copies the task alone, without `{name}`, to `~/.rally/task.yaml`, {end}"
        );
        match included.optional {
            true => NOT_COPIED.doubtful(task.path, included.line, message),
            false => NOT_COPIED.broken(task.path, included.line, message),
        }
    });
    found.collect()
}
