//! The variables of a task's template.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Task;

/// A Jinja2 variable without a value: Rally refuses the task, and the CI roles pass no arguments.
pub(super) const UNDECLARED: Rule = Rule {
    name: "undeclared-variable",
    source: "Rally, api._Task.render_template",
};

pub(super) fn undeclared(task: &Task<'_>, _: &Known<'_>) -> Vec<Finding> {
    let names = task.template.undeclared().into_iter();
    let found = names.map(|(name, line)| {
        let message = format!(
            "the variable `{name}` has no default, and the job passes no value: write \
             `{{% set {name} = {name} or .. %}}` or `{name} | default(..)`"
        );
        UNDECLARED.broken(task.path, line, message)
    });
    found.collect()
}
