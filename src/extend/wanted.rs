//! Which workloads a task gets.

use std::collections::BTreeSet;
use std::fmt;

use super::Jobs;
use crate::catalogue::{Entry, Time, Workload};
use crate::check::Task;
use crate::workload::LoadOptions;
use crate::zuul::Deployed;

/// The workloads that the task lacks.
pub(super) struct Wanted<'e> {
    /// Those that it gets.
    pub(super) groups: Vec<Group<'e>>,
    pub(super) left_out: Vec<LeftOut>,
}

/// The workloads of a subtask of the catalogue; at least one.
pub(super) struct Group<'e> {
    pub(super) title: &'e str,
    pub(super) workloads: Vec<&'e Workload>,
}

/// A workload that the task lacks and does not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    pub scenario: String,
    pub why: Why,
}

/// Why a task does not get a workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The task had it after an earlier run.
    Deleted,
    /// The text names the scenario, at this line of the file, and Rally does not run it.
    Named { line: usize },
    /// The job does not turn on a service of DevStack.
    Service { job: String, name: String },
    /// The job does not enable a plugin of DevStack.
    Plugin { job: String, name: String },
}

impl<'e> Wanted<'e> {
    /// Returns what the catalogue has and the task has not, whatever the arguments.
    pub(super) fn of(
        task: &Task<'_>,
        text: &str,
        entry: &'e Entry,
        jobs: Jobs<'_>,
        then: &str,
    ) -> Wanted<'e> {
        let theirs = scenarios(task);
        let mut wanted = Wanted {
            groups: Vec::new(),
            left_out: Vec::new(),
        };
        for subtask in &entry.service.subtasks {
            let mut workloads = Vec::new();
            for workload in &subtask.workloads {
                if theirs.contains(workload.scenario.as_str()) {
                    continue;
                }
                match why_not(workload, text, jobs, then) {
                    None => workloads.push(workload),
                    Some(why) => wanted.left_out.push(LeftOut {
                        scenario: workload.scenario.clone(),
                        why,
                    }),
                }
            }
            if !workloads.is_empty() {
                let title = subtask.title.as_str();
                wanted.groups.push(Group { title, workloads });
            }
        }
        wanted
    }

    /// Returns the workloads that the task gets.
    pub(super) fn workloads(&self) -> impl Iterator<Item = &'e Workload> {
        let groups = self.groups.iter();
        groups.flat_map(|group| group.workloads.iter().copied())
    }

    /// Returns how long these take.
    pub(super) fn time(&self, entry: &Entry, load: LoadOptions) -> Time {
        let times = self
            .workloads()
            .map(|workload| workload.time(load.load(workload), &entry.durations));
        times.sum()
    }
}

/// Returns the names of the scenarios that Rally runs, without their platforms.
fn scenarios<'t>(task: &'t Task<'_>) -> BTreeSet<&'t str> {
    let names = task.workloads().into_iter().map(|w| w.scenario);
    names
        .map(|name| name.split_once('@').map_or(name, |(name, _)| name))
        .collect()
}

fn why_not(workload: &Workload, text: &str, jobs: Jobs<'_>, then: &str) -> Option<Why> {
    // In a comment, or in a block that is not rendered: somebody has turned it off.
    if let Some(line) = named_at(text, &workload.scenario) {
        return Some(Why::Named { line });
    }
    if named_at(then, &workload.scenario).is_some() {
        return Some(Why::Deleted);
    }
    let mut own = jobs.own.iter();
    own.find_map(|job| lacking(workload, job, jobs))
}

/// Returns what the workload needs and the job does not turn on.
fn lacking(workload: &Workload, job: &Deployed, jobs: Jobs<'_>) -> Option<Why> {
    let parent = job.elsewhere.as_deref().unwrap_or_default();
    let is_on = |name: &&String| {
        let own = job.services.get(*name).copied();
        own.or_else(|| jobs.elsewhere.service(parent, name)) == Some(true)
    };
    let is_enabled =
        |name: &&String| job.plugins.contains(*name) || jobs.elsewhere.plugin(parent, name);
    let mut services = workload.needs.devstack_services.iter();
    let mut plugins = workload.needs.devstack_plugins.iter();
    if let Some(name) = services.find(|name| !is_on(name)) {
        let (job, name) = (job.job.clone(), name.clone());
        return Some(Why::Service { job, name });
    }
    let name = plugins.find(|name| !is_enabled(name))?.clone();
    let job = job.job.clone();
    Some(Why::Plugin { job, name })
}

/// Returns the first line that has the name as a word.
fn named_at(text: &str, name: &str) -> Option<usize> {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = text.match_indices(name);
    let (at, _) = found.find(|(at, _)| {
        !text[..*at].ends_with(is_of_word) && !text[at + name.len()..].starts_with(is_of_word)
    })?;
    Some(text[..at].matches('\n').count() + 1)
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Deleted => write!(f, "somebody deleted it after git-rally added it"),
            Why::Named { line } => write!(f, "line {line} names it, but Rally does not run it"),
            Why::Service { job, name } => write!(
                f,
                "the job {job} does not turn on {name}: add `{name}: true` to its `devstack_services`"
            ),
            Why::Plugin { job, name } => write!(
                f,
                "the job {job} does not enable the DevStack plugin {name}: add it to its `devstack_plugins`"
            ),
        }
    }
}
