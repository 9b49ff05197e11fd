//! The form of a task file as a whole.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::{Task, Unreadable};

/// The task file is no YAML before it is rendered, and the repository's own `check-yaml` hook
/// reads it.
pub(super) const NOT_YAML_UNRENDERED: Rule = Rule {
    name: "not-yaml-unrendered",
};

/// Task format version 1: a warning, as Rally still takes it.
pub(super) const VERSION_1: Rule = Rule { name: "task-v1" };

pub(super) fn not_yaml_unrendered(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let hook = known.linters.check_yaml.as_ref();
    let Some(hook) = hook.filter(|hook| hook.reads(task.path)) else {
        return Vec::new();
    };
    let Some((line, unreadable)) = task.unreadable_unrendered() else {
        return Vec::new();
    };
    let what = match unreadable {
        Unreadable::Form(what) => what,
        Unreadable::Key(_) if hook.reads_form_only() => return Vec::new(),
        Unreadable::Key(what) => what,
    };
    let message = format!("the hook `check-yaml` of `.pre-commit-config.yaml` stops here: {what}");
    vec![NOT_YAML_UNRENDERED.broken(task.path, line, message)]
}

pub(super) fn version_1(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let Some(root) = task.version_1() else {
        return Vec::new();
    };
    let message = "task format version 1, which is deprecated; version 2 has `subtasks`";
    let runs = match known.wiring.runs(task.path) {
        Some(false) => "; no job in this repository runs it",
        _ => "",
    };
    vec![VERSION_1.doubtful(task.path, root, format!("{message}{runs}"))]
}
