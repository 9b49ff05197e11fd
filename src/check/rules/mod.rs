//! The rules: a constant with the rule's name, and beside it the function that judges by it, in the
//! file of its group. What a rule says of itself, its source and its examples are data, in
//! `templates/check`.
//!
//! To add a rule, write both there, put the constant into [`RULES`], the function into the list of
//! what it judges (the wiring, a task that a job names, a task file, a workload, a text), and
//! `templates/check/RULE.yaml`.

mod arguments;
mod clients;
mod extra_files;
mod form;
mod hidden;
mod includes;
mod linters;
mod load;
mod plugin_files;
mod plugins;
mod rule_text;
mod scenario;
mod schema;
mod sla;
mod task_form;
mod timeout;
mod unreadable;
mod unrun;
mod zuul;
mod zuul_jobs;
mod zuul_regex;
mod zuul_schema;
mod zuul_values;

use std::fmt;

pub use rule_text::RuleText;

use super::MOST_FINDINGS;
use super::budget::Budget;
use super::finding::{Finding, Place, Severity};
use super::linters::Linters;
use super::named::NamedTask;
use super::plugins::Plugins as OwnPlugins;
use super::repair::Repair;
use super::task::{Task, Workload};
use super::text::TextFile;
use crate::files::Files;
use crate::rally::{self, Facts};
use crate::zuul::Wiring;

/// A rule.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// What findings are printed with: `unknown-scenario`.
    pub name: &'static str,
}

/// All rules; findings on one line are in this order.
pub const RULES: [&Rule; 50] = [
    &zuul::NOT_USABLE,
    &zuul_schema::SCHEMA,
    &zuul_values::VALUE,
    &zuul_values::TWICE,
    &zuul_regex::REGEX,
    &zuul::TWO_ROOTS,
    &zuul::NOT_READ,
    &zuul_jobs::UNKNOWN_PARENT,
    &zuul_jobs::UNKNOWN_JOB,
    &zuul_jobs::ABSTRACT_JOB,
    &zuul_jobs::FINAL_JOB,
    &zuul_jobs::TASK_NOT_SET,
    &zuul_jobs::UNKNOWN_VARIABLE,
    &zuul::TASK_MISSING,
    &hidden::TASK_HIDDEN,
    &zuul::JOB_IN_NO_PIPELINE,
    &zuul::NON_VOTING_IN_GATE,
    &zuul::TIMEOUT_OVER_LIMIT,
    &timeout::TIMEOUT_TOO_SHORT,
    &unrun::TASK_NEVER_RUN,
    &unrun::NEVER_READ,
    &task_form::NOT_YAML_UNRENDERED,
    &task_form::VERSION_1,
    &form::TASK_FORM,
    &scenario::UNKNOWN_SCENARIO,
    &plugins::UNKNOWN_PLUGIN,
    &arguments::ARGUMENTS,
    &arguments::ARGUMENT_VALUE,
    &arguments::CONTEXT_MISSING,
    &plugins::PLUGIN_CONFIG,
    &sla::LETS_ALL_FAIL,
    &sla::UNKNOWN_ACTION,
    &load::CONCURRENCY_OVER_TIMES,
    &load::RATE_FALLS,
    &unreadable::UNDECLARED,
    &unreadable::NOT_RENDERED,
    &unreadable::NOT_YAML,
    &extra_files::MISSING,
    &includes::NOT_COPIED,
    &plugin_files::PLUGIN_SYNTAX,
    &plugin_files::PLUGIN_NAME,
    &plugin_files::PLUGIN_IMPORT,
    &plugin_files::PLUGIN_REGISTRATION,
    &plugin_files::PLUGIN_TWICE,
    &plugin_files::PLUGIN_UNREAD,
    &linters::COMMENTS_ONLY,
    &linters::NO_LICENCE,
    &linters::EXECUTABLE,
    &linters::LONG_LINE,
    &NOT_JUDGED,
];

/// What git-rally cannot judge, so that its silence says nothing.
pub(super) const NOT_JUDGED: Rule = Rule { name: "not-judged" };

const OF_WIRING: [fn(&Wiring) -> Vec<Finding>; 6] = [
    zuul::not_usable,
    zuul::two_roots,
    zuul::not_read,
    zuul::job_in_no_pipeline,
    zuul::non_voting_in_gate,
    zuul::timeout_over_limit,
];

const OF_JOBS: [fn(&Wiring, &rally::Jobs) -> Vec<Finding>; 7] = [
    zuul_jobs::unknown_parent,
    zuul_jobs::unknown_job,
    zuul_jobs::abstract_job,
    zuul_jobs::final_job,
    zuul_jobs::task_not_set,
    zuul_jobs::unknown_variable,
    timeout::too_short_for_devstack,
];

const OF_NAMED_TASK: [fn(&NamedTask) -> Option<Finding>; 1] = [zuul::task_missing];

const OF_PLUGINS: [fn(&OwnPlugins) -> Vec<Finding>; 2] =
    [plugin_files::flaws, plugin_files::unread];

/// Lines are those of the template.
const OF_TEMPLATE: [fn(&Task<'_>, &Known<'_>) -> Vec<Finding>; 4] = [
    timeout::too_short_for_task,
    task_form::not_yaml_unrendered,
    unrun::task_never_run,
    includes::not_copied,
];

/// Lines are those of the rendered text.
const OF_CONTENT: [fn(&Task<'_>, &Known<'_>) -> Vec<Finding>; 3] =
    [form::form, task_form::version_1, extra_files::missing];

/// As [`OF_CONTENT`].
const OF_WORKLOAD: [fn(&Workload<'_>, &Known<'_>) -> Vec<Finding>; 9] = [
    scenario::unknown,
    plugins::unknown,
    plugins::config,
    arguments::arguments,
    clients::api_versions,
    load::concurrency_over_times,
    load::rate_falls,
    sla::lets_all_fail,
    sla::unknown_action,
];

const OF_TEXT: [fn(&TextFile, &Linters) -> Vec<Finding>; 4] = [
    linters::comments_only,
    linters::no_licence,
    linters::executable,
    linters::long_line,
];

/// What a task is judged with.
pub(super) struct Known<'a> {
    pub(super) facts: &'a Facts,
    /// What Rally registers.
    pub(super) rally: &'a rally::plugins::Plugins,
    /// What the repository brings.
    pub(super) plugins: &'a OwnPlugins,
    pub(super) linters: &'a Linters,
    pub(super) schemas: &'a Schemas<'a>,
    /// What all tasks may cost.
    pub(super) budget: &'a Budget,
    pub(super) wiring: &'a Wiring,
    /// Which tasks its jobs run.
    pub(super) runs: &'a Runs,
    pub(super) files: &'a dyn Files,
}

/// Returns what is wrong with the Zuul wiring.
pub(super) fn of_wiring(wiring: &Wiring, jobs: &rally::Jobs) -> Vec<Finding> {
    let alone = OF_WIRING.iter().flat_map(|judge| judge(wiring));
    let known = OF_JOBS.iter().flat_map(|judge| judge(wiring, jobs));
    let items = zuul_schema::items(&wiring.config);
    alone.chain(known).chain(items).collect()
}

pub(super) use hidden::task_hidden;
pub(super) use schema::Schemas;
pub(super) use unrun::{Runs, never_read};

/// Returns what is wrong with what a job names as its task.
pub(super) fn of_named_task(task: &NamedTask) -> Vec<Finding> {
    OF_NAMED_TASK
        .iter()
        .filter_map(|judge| judge(task))
        .collect()
}

/// Returns what is wrong with the repository's own plugins.
pub(super) fn of_plugins(plugins: &OwnPlugins) -> Vec<Finding> {
    OF_PLUGINS.iter().flat_map(|judge| judge(plugins)).collect()
}

/// Returns what is wrong with a task file.
pub(super) fn of_task(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let template = OF_TEMPLATE.iter().flat_map(|judge| judge(task, known));
    let content = OF_CONTENT.iter().flat_map(|judge| judge(task, known));
    let workloads = task.workloads().into_iter().flat_map(|workload| {
        let judged = OF_WORKLOAD.iter().map(move |judge| judge(&workload, known));
        judged.flatten().collect::<Vec<_>>()
    });
    let rendered = content.chain(workloads).map(|finding| {
        let place = task.place(finding.place());
        let repair = finding.repair.clone().map(|repair| Repair {
            line: task.place(Place::from(repair.line)).line,
            ..repair
        });
        finding.moved(place).mended_by(repair)
    });
    // what is behind so many errors need not be judged to be said to be more
    let mut errors = 0;
    let is_wanted = |found: &Finding| {
        errors += usize::from(found.severity == Severity::Error);
        errors <= MOST_FINDINGS + 1
    };
    template.chain(rendered).take_while(is_wanted).collect()
}

pub(super) use unreadable::of_no_task;

/// Returns what the repository's linters say about a text.
pub(super) fn of_text(file: &TextFile, linters: &Linters) -> Vec<Finding> {
    OF_TEXT
        .iter()
        .flat_map(|judge| judge(file, linters))
        .collect()
}

impl Rule {
    /// Returns that the rule is broken at the place, a line from 1 or a node: an error.
    fn broken(&'static self, path: &str, place: impl Into<Place>, message: String) -> Finding {
        self.found(Severity::Error, path, place.into(), message)
    }

    /// Returns that the place is worth a warning.
    fn doubtful(&'static self, path: &str, place: impl Into<Place>, message: String) -> Finding {
        self.found(Severity::Warning, path, place.into(), message)
    }

    /// Returns a note on the place.
    pub(super) fn noted(
        &'static self,
        path: &str,
        place: impl Into<Place>,
        message: String,
    ) -> Finding {
        self.found(Severity::Note, path, place.into(), message)
    }

    fn found(
        &'static self,
        severity: Severity,
        path: &str,
        place: Place,
        message: String,
    ) -> Finding {
        Finding {
            severity,
            path: path.to_owned(),
            line: place.line,
            column: place.column,
            rule: self,
            message,
            repair: None,
        }
    }

    /// Returns the place among [`RULES`].
    pub(super) fn position(&self) -> Option<usize> {
        RULES.iter().position(|rule| rule.name == self.name)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
