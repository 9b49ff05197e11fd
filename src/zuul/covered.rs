//! Which jobs run Rally in this repository already.
//!
//! A job runs Rally if its chain of parents leads, within this configuration, to one of
//! rally-openstack's `rally-task-*` jobs, or if it sets the variable `rally_task`.

use std::collections::BTreeMap;
use std::fmt;

use super::config::{At, Config, Entry};

/// A job that runs Rally.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoveredJob {
    /// Its name.
    pub name: String,
    /// The file that defines it, or lists it where it is defined in another repository.
    pub path: String,
    /// The line there, from 1.
    pub line: usize,
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
    /// The file that lists the job.
    pub path: String,
    /// The line there, from 1.
    pub line: usize,
}

impl fmt::Display for CoveredJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CoveredJob {
            name, path, line, ..
        } = self;
        write!(f, "job `{name}` (`{path}`, line {line}) runs ")?;
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
pub(super) fn covered(config: &Config) -> Vec<CoveredJob> {
    let jobs = Jobs(config.jobs());
    let mut found: BTreeMap<&str, CoveredJob> = BTreeMap::new();
    for (name, definitions) in &jobs.0 {
        let concrete = definitions.iter().find(|d| !is_abstract(**d));
        if let Some(at) = concrete.filter(|_| jobs.runs_rally(name)) {
            found.insert(name, jobs.covered(name, *at));
        }
    }
    for (pipeline, body) in config.pipelines() {
        for entry in body.entries() {
            let own_task = entry.attributes.and_then(rally_task);
            if own_task.is_none() && !jobs.runs_rally(entry.name) {
                continue;
            }
            let job = found.entry(entry.name);
            let job = job.or_insert_with(|| jobs.covered(entry.name, entry.at));
            job.task = own_task.map(str::to_owned).or(job.task.take());
            job.runs.push(jobs.run(pipeline, entry));
        }
    }
    found.into_values().collect()
}

/// Definitions by name.
pub(super) struct Jobs<'a>(pub(super) BTreeMap<&'a str, Vec<At<'a>>>);

impl<'a> Jobs<'a> {
    fn covered(&self, name: &str, at: At<'_>) -> CoveredJob {
        CoveredJob {
            name: name.into(),
            path: at.source.path.clone(),
            line: at.get("name").unwrap_or(at).line(),
            task: self.chained(name, rally_task).map(str::to_owned),
            runs: Vec::new(),
        }
    }

    fn run(&self, pipeline: &str, entry: Entry<'_>) -> Run {
        let here = entry.attributes.and_then(voting);
        Run {
            pipeline: pipeline.into(),
            voting: here.or(self.chained(entry.name, voting)).unwrap_or(true),
            path: entry.at.source.path.clone(),
            line: entry.at.line(),
        }
    }

    fn runs_rally(&self, name: &str) -> bool {
        let chain = self.chain(name);
        chain.iter().any(|name| name.starts_with("rally-task-"))
            || self.chained(name, rally_task).is_some()
    }

    /// Returns the job and its parents, as far as this configuration tells; the last may be
    /// defined elsewhere.
    pub(super) fn chain<'n>(&self, name: &'n str) -> Vec<&'n str>
    where
        'a: 'n,
    {
        let mut chain: Vec<&'n str> = Vec::new();
        let mut next = Some(name);
        while let Some(name) = next.filter(|name| !chain.contains(name)) {
            chain.push(name);
            let definitions = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
            let parents = definitions.iter().filter_map(|d| d.get("parent"));
            next = parents.filter_map(At::text).next_back();
        }
        chain
    }

    /// Returns the first answer that the job, or else one of its parents, has.
    pub(super) fn chained<T>(&self, name: &str, ask: impl Fn(At<'a>) -> Option<T>) -> Option<T> {
        let chain = self.chain(name);
        let definitions = chain.iter().filter_map(|name| self.0.get(name));
        definitions
            .filter_map(|variants| variants.iter().rev().find_map(|d| ask(*d)))
            .next()
    }
}

fn rally_task(at: At<'_>) -> Option<&str> {
    at.get("vars")?.get("rally_task")?.text()
}

fn voting(at: At<'_>) -> Option<bool> {
    at.get("voting")?.boolean()
}

fn is_abstract(at: At<'_>) -> bool {
    at.get("abstract").and_then(At::boolean).unwrap_or(false)
}
