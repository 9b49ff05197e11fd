//! Which jobs run Rally in this repository already.
//!
//! A job runs Rally if its chain of parents leads, within this configuration, to one of
//! rally-openstack's `rally-task-*` jobs, or if it sets the variable `rally_task`.

use std::collections::BTreeMap;
use std::fmt;

use super::config::Config;
use super::config_node::ConfigNode;
use super::jobs::{Jobs, last};
use super::location::Location;

/// A job that runs Rally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveredJob {
    /// The job.
    pub name: String,
    /// Where it is defined, or listed where it is defined in another repository.
    pub location: Location,
    /// The task file it runs; `None` where its parent in another repository says so.
    pub task: Option<String>,
    /// Where it runs; empty where it is defined and not listed.
    pub runs: Vec<Run>,
}

/// A place in a pipeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The pipeline: `check`.
    pub pipeline: String,
    /// Whether a failure counts there.
    pub voting: bool,
    /// The entry of the job list.
    pub location: Location,
}

impl fmt::Display for CoveredJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "job `{}` ({}) runs ", self.name, self.location)?;
        match &self.task {
            Some(task) => write!(f, "`{task}`")?,
            None => write!(f, "the task file that its parent names")?,
        }
        if self.runs.is_empty() {
            return write!(f, ", but is in no pipeline today");
        }
        for (i, run) in self.runs.iter().enumerate() {
            let voting = if run.voting { "voting" } else { "non-voting" };
            let joint = if i == 0 { "" } else { " and" };
            write!(f, "{joint} in {} ({voting})", run.pipeline)?;
        }
        Ok(())
    }
}

/// Returns every job that runs Rally here, by name.
pub(crate) fn covered(config: &Config) -> Vec<CoveredJob> {
    let jobs = Jobs::of(config);
    let is_of_rally = |name: &str| name.starts_with("rally-task-");
    let run_rally = jobs.inherited(|name, variants| {
        let sets_task = variants.iter().any(|v| rally_task(*v).is_some());
        (is_of_rally(name) || sets_task).then_some(())
    });
    let tasks = jobs.inherited(last(rally_task));
    let votes = jobs.inherited(last(voting));
    let covered = |name: &str, at: ConfigNode<'_>| CoveredJob {
        name: name.into(),
        location: at.named_at(),
        task: tasks.of(name).map(str::to_owned),
        runs: Vec::new(),
    };
    let mut found: BTreeMap<&str, CoveredJob> = BTreeMap::new();
    for (name, definitions) in jobs.iter() {
        let concrete = definitions.iter().find(|d| !is_abstract(**d));
        if let Some(at) = concrete.filter(|_| run_rally.of(name).is_some()) {
            found.insert(name, covered(name, *at));
        }
    }
    for (pipeline, entry) in config.entries() {
        let own_task = entry.attributes.and_then(rally_task);
        if own_task.is_none() && run_rally.of(entry.name).is_none() {
            continue;
        }
        let job = found.entry(entry.name);
        let job = job.or_insert_with(|| covered(entry.name, entry.at));
        job.task = own_task.map(str::to_owned).or(job.task.take());
        let own_vote = entry.attributes.and_then(voting);
        job.runs.push(Run {
            pipeline: pipeline.into(),
            voting: own_vote.or(votes.of(entry.name)).unwrap_or(true),
            location: entry.at.location(),
        });
    }
    found.into_values().collect()
}

fn rally_task(at: ConfigNode<'_>) -> Option<&str> {
    at.get("vars")?.get("rally_task")?.text()
}

fn voting(at: ConfigNode<'_>) -> Option<bool> {
    at.get("voting")?.boolean()
}

fn is_abstract(at: ConfigNode<'_>) -> bool {
    let value = at.get("abstract").and_then(ConfigNode::boolean);
    value.unwrap_or(false)
}
