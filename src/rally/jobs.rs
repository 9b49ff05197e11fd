//! The jobs of other repositories: `templates/zuul/jobs.json`, a snapshot of names that
//! `tests/online/zuul_jobs.py` writes from clones.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::JOBS_OF_RALLY;
use crate::files::{Files, FilesError};

const JOBS: &str = "zuul/jobs.json";

/// The repository whose jobs run the roles.
const RALLY_OPENSTACK: &str = "openstack/rally-openstack";

/// So many ancestors a job has at most; the data has circles only if somebody puts them there.
const LONGEST_CHAIN: usize = 50;

/// Names as much alike as this are near (the ratio of `difflib`).
const NEAR: f32 = 0.8;

/// The jobs of other repositories. A name that is not there is not known, which need not mean that
/// Zuul has no such job.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Jobs {
    repositories: BTreeMap<String, Repository>,
    /// Names that somebody uses, and that none of the repositories defines.
    elsewhere: BTreeSet<String>,
}

/// What one repository defines.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Repository {
    /// `632b9bdb18 of 2026-08-19`; `None` where it was no clone.
    read: Option<String>,
    jobs: BTreeMap<String, Job>,
}

/// What is said of a job. Parents, timeouts and tasks are known of the jobs that run Rally, and of
/// their ancestors, only.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    #[serde(default)]
    pub parent: Option<String>,
    /// Seconds.
    #[serde(default)]
    pub timeout: Option<u64>,
    /// Its `rally_task`.
    #[serde(default)]
    pub task: Option<String>,
    /// It cannot run itself.
    #[serde(default)]
    pub r#abstract: bool,
    /// Nothing of how it runs may be changed, and no job has it as its parent.
    #[serde(default)]
    pub r#final: bool,
    /// Only an abstract job has it as its parent.
    #[serde(default)]
    pub intermediate: bool,
    /// Only a job of the same repository has it as its parent.
    #[serde(default)]
    pub protected: bool,
}

impl Jobs {
    /// Returns the jobs of the program's own templates.
    pub fn read(templates: &dyn Files) -> Result<Jobs, FilesError> {
        let bytes = templates.read(JOBS)?.unwrap_or_default();
        serde_json::from_slice(&bytes).map_err(|error| FilesError {
            path: JOBS.to_owned(),
            reason: error.to_string(),
            remedy: "tests/online/zuul_jobs.py writes it anew".to_owned(),
        })
    }

    /// Returns whether Zuul has, or had, a job of the name.
    pub fn has(&self, name: &str) -> bool {
        name == "noop" || self.get(name).is_some() || self.elsewhere.contains(name)
    }

    /// Returns what is known of a job.
    pub fn get(&self, name: &str) -> Option<&Job> {
        let mut repositories = self.repositories.values();
        repositories.find_map(|repository| repository.jobs.get(name))
    }

    /// Returns whether the name is one that only rally-openstack gives, and that it does not give.
    pub fn is_refused(&self, name: &str) -> bool {
        name.starts_with(JOBS_OF_RALLY) && !self.has(name)
    }

    /// Returns whether the job runs Rally.
    pub fn run_rally(&self, name: &str) -> bool {
        name.starts_with(JOBS_OF_RALLY) && self.has(name)
    }

    /// Returns the task that the job runs if nobody names another, with the job that says so.
    pub fn task(&self, name: &str) -> Option<(&str, &str)> {
        let mut chain = self.chain(name);
        chain.find_map(|(name, job)| Some((name, job.task.as_deref()?)))
    }

    /// Returns the job's timeout in seconds, with the job that says so.
    pub fn timeout(&self, name: &str) -> Option<(&str, u64)> {
        let mut chain = self.chain(name);
        chain.find_map(|(name, job)| Some((name, job.timeout?)))
    }

    /// Returns the nearest of rally-openstack's jobs that run Rally.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        let repository = self.repositories.get(RALLY_OPENSTACK)?;
        let names: Vec<&str> = (repository.jobs.keys())
            .filter(|name| name.starts_with(JOBS_OF_RALLY))
            .map(String::as_str)
            .collect();
        nearest(name, &names)
    }

    /// Returns when rally-openstack was read: `632b9bdb18 of 2026-08-19`.
    pub fn of_rally(&self) -> Option<&str> {
        self.repositories.get(RALLY_OPENSTACK)?.read.as_deref()
    }

    /// Returns the job and its known ancestors.
    fn chain<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a str, &'a Job)> {
        let entry = |name: &str| {
            let mut repositories = self.repositories.values();
            let entry = repositories.find_map(|repository| repository.jobs.get_key_value(name));
            entry.map(|(name, job)| (name.as_str(), job))
        };
        let parent = move |(_, job): &(&str, &'a Job)| entry(job.parent.as_deref()?);
        std::iter::successors(entry(name), parent).take(LONGEST_CHAIN)
    }
}

/// Returns the name that is nearest, if one is near.
pub fn nearest<'a>(name: &str, names: &[&'a str]) -> Option<&'a str> {
    let is_as_long = |other: &&&str| other.len().abs_diff(name.len()) * 3 <= name.len();
    let names: Vec<&'a str> = names.iter().filter(is_as_long).copied().collect();
    let near = similar::get_close_matches(name, &names, 1, NEAR);
    near.first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    fn jobs() -> Jobs {
        Jobs::read(&embedded::templates()).expect("jobs")
    }

    #[test]
    fn a_job_inherits_what_it_does_not_say() {
        let jobs = jobs();
        assert_eq!(
            jobs.task("rally-task-cinder"),
            Some(("rally-task-cinder", "rally-jobs/cinder.yaml"))
        );
        let at_devstack = Some(("rally-task-at-devstack", 7200));
        assert_eq!(jobs.timeout("rally-task-cinder"), at_devstack);
        assert_eq!(jobs.task("rally-task-at-devstack"), None);
        assert_eq!(jobs.task("no-such-job"), None);
        assert!(jobs.get("devstack-base").is_some_and(|job| job.r#abstract));
    }

    /// The prefix tells what runs Rally: what of rally-openstack has it leads to a job that runs
    /// the roles, and what leads there has it.
    #[test]
    fn the_prefix_tells_what_runs_rally() {
        let jobs = jobs();
        let own = &jobs.repositories[RALLY_OPENSTACK].jobs;
        for name in own.keys() {
            let is_at = |(name, _): (&str, &Job)| name.starts_with("rally-task-at-");
            let runs_roles = jobs.chain(name).any(is_at);
            assert_eq!(runs_roles, name.starts_with(JOBS_OF_RALLY), "{name}");
        }
        assert!(own.len() > 30 && jobs.of_rally().is_some());
    }

    #[test]
    fn names_of_rally_are_a_closed_list() {
        let jobs = jobs();
        assert!(jobs.is_refused("rally-task-keystone"));
        for name in ["rally-task-nova", "some-job", "noop", "base", "devstack"] {
            assert!(!jobs.is_refused(name), "{name}");
        }
        assert_eq!(jobs.nearest("rally-task-cindr"), Some("rally-task-cinder"));
        assert_eq!(jobs.nearest("something-else"), None);
    }
}
