//! What keeps Rally from reading a task at all.

use super::Rule;
use crate::check::Finding;
use crate::check::task::NoTask;

/// A Jinja2 variable without a value: Rally refuses the task, and the CI roles pass no arguments.
pub(super) const UNDECLARED: Rule = Rule {
    name: "undeclared-variable",
};

/// Jinja2 does not render the task.
pub(super) const NOT_RENDERED: Rule = Rule {
    name: "not-rendered",
};

/// The rendered task is no YAML, or Rally's loader makes no value of it.
pub(super) const NOT_YAML: Rule = Rule { name: "not-yaml" };

/// Returns what is wrong where there is no task to judge.
pub(in crate::check) fn of_no_task(path: &str, why: &NoTask) -> Vec<Finding> {
    match why {
        NoTask::Variables(names) => names
            .iter()
            .map(|(name, line)| UNDECLARED.broken(path, *line, undeclared(name)))
            .collect(),
        NoTask::Template { line, why } => {
            let message = format!("Jinja2 cannot render the task: {why}");
            vec![NOT_RENDERED.broken(path, *line, message)]
        }
        NoTask::Yaml { line, why } => {
            let message = format!("Rally cannot read the rendered task: {why}");
            vec![NOT_YAML.broken(path, *line, message)]
        }
        NoTask::NotJudged(_) => Vec::new(),
    }
}

fn undeclared(name: &str) -> String {
    format!(
        "the variable `{name}` has no default, and the job passes no value: write \
         `{{% set {name} = {name} or .. %}}` or `{name} | default(..)`"
    )
}
