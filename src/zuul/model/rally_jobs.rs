//! The jobs that run Rally, with all that is known of each.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::config::Config;
use super::config_node::{ConfigNode, JobEntry};
use super::covered::{self, CoveredJob, Run};
use super::jobs::{Jobs, last};
use super::location::Location;

/// A job that runs Rally.
#[derive(Clone, Debug)]
pub struct RallyJob {
    /// The job.
    pub name: String,
    /// Where it is defined, or listed where another repository defines it.
    pub location: Location,
    /// Whether it is defined here.
    pub defined: bool,
    /// Whether a job here has it as its parent, or a project template lists it.
    pub used: bool,
    /// The task files it runs, where each is named; none where its parent elsewhere names it, or
    /// where the task is in another repository.
    pub tasks: Vec<(String, Location)>,
    /// Where it runs.
    pub runs: Vec<Run>,
}

/// Returns the jobs that run Rally, by name.
pub(super) fn rally_jobs(config: &Config) -> Vec<RallyJob> {
    let jobs = Jobs::of(config);
    let used = used(config);
    let tasks = jobs.inherited(last(rally_task));
    let elsewhere = jobs.inherited(last(|at| task_is_elsewhere(at).then_some(())));
    let entries = entries(config);
    let one = |job: CoveredJob| {
        let entries = entries.get(job.name.as_str());
        let attributes = entries.into_iter().flatten().filter_map(|e| e.attributes);
        let mut found: Vec<ConfigNode<'_>> = tasks.of(&job.name).into_iter().collect();
        found.extend(attributes.clone().filter_map(rally_task));
        if elsewhere.of(&job.name).is_some() || attributes.clone().any(task_is_elsewhere) {
            found.clear();
        }
        let named = |at: &ConfigNode<'_>| Some((at.text()?.to_owned(), at.location()));
        RallyJob {
            defined: !jobs.definitions(&job.name).is_empty(),
            used: used.contains(job.name.as_str()),
            tasks: found.iter().filter_map(named).collect(),
            location: job.location,
            name: job.name,
            runs: job.runs,
        }
    };
    covered::covered(config).into_iter().map(one).collect()
}

/// Returns the timeouts in seconds that count for the jobs: their own, those of their ancestors,
/// and those that their entries set; each once.
pub(super) fn timeouts(config: &Config, rally: &[RallyJob]) -> Vec<(u64, Location)> {
    let jobs = Jobs::of(config);
    let entries = entries(config);
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    for job in rally {
        let mut next = Some(job.name.as_str());
        while let Some(name) = next.filter(|name| seen.insert(*name)) {
            found.extend(jobs.definitions(name));
            next = jobs.parent(name);
        }
        let entries = entries.get(job.name.as_str());
        found.extend(entries.into_iter().flatten().filter_map(|e| e.attributes));
    }
    let timeout = |at: ConfigNode<'_>| {
        let at = at.get("timeout")?;
        Some((at.text()?.parse().ok()?, at.location()))
    };
    found.into_iter().filter_map(timeout).collect()
}

/// Returns the entries of all pipelines, by the job's name.
fn entries(config: &Config) -> HashMap<&str, Vec<JobEntry<'_>>> {
    let mut found: HashMap<&str, Vec<JobEntry<'_>>> = HashMap::new();
    for (_, entry) in config.entries() {
        found.entry(entry.name).or_default().push(entry);
    }
    found
}

/// Returns the names that jobs have as their parents, or that any project template lists.
fn used(config: &Config) -> BTreeSet<&str> {
    let parents = config
        .items("job")
        .filter_map(|item| item.body.get("parent")?.text());
    let templates = config
        .items("project-template")
        .flat_map(|item| item.body.pipelines());
    let listed = templates.flat_map(|(_, body)| body.entries());
    parents.chain(listed.map(|entry| entry.name)).collect()
}

fn rally_task(at: ConfigNode<'_>) -> Option<ConfigNode<'_>> {
    at.get("vars")?.get("rally_task")
}

/// The role reads the task below `rally_task_src_dir`, by default the project under test.
fn task_is_elsewhere(at: ConfigNode<'_>) -> bool {
    let vars = at.get("vars");
    vars.is_some_and(|vars| vars.get("rally_task_src_dir").is_some())
}
