//! What the jobs of other repositories turn on in DevStack: `templates/zuul/devstack.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::files::{Files, FilesError};
use crate::yaml;

const DEVSTACK: &str = "zuul/devstack.yaml";

/// So many ancestors a job has at most; the data has circles only if somebody puts them there.
const LONGEST_CHAIN: usize = 50;

/// The jobs, by name.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Devstacks(BTreeMap<String, Job>);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Job {
    #[serde(default)]
    parent: Option<String>,
    #[serde(default)]
    services: BTreeMap<String, bool>,
    #[serde(default)]
    plugins: BTreeSet<String>,
}

impl Devstacks {
    /// Returns what the program's own templates say.
    pub fn read(templates: &dyn Files) -> Result<Devstacks, FilesError> {
        let bytes = templates.read(DEVSTACK)?.unwrap_or_default();
        yaml::from_slice(&bytes).map_err(|error| FilesError {
            path: DEVSTACK.to_owned(),
            reason: error.to_string(),
            remedy: "please report this: it is a bug in the templates".to_owned(),
        })
    }

    /// Returns whether a job turns the service on; `None` where nobody says anything.
    pub fn service(&self, job: &str, service: &str) -> Option<bool> {
        self.chain(job)
            .find_map(|job| job.services.get(service).copied())
    }

    /// Returns whether a job is known to enable the plugin.
    pub fn plugin(&self, job: &str, plugin: &str) -> bool {
        self.chain(job).any(|job| job.plugins.contains(plugin))
    }

    /// Returns the job and its ancestors.
    fn chain(&self, job: &str) -> impl Iterator<Item = &Job> {
        let parent = |job: &&Job| self.0.get(job.parent.as_deref()?);
        std::iter::successors(self.0.get(job), parent).take(LONGEST_CHAIN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embedded;

    #[test]
    fn a_job_inherits_what_it_does_not_say() {
        let jobs = Devstacks::read(&embedded::templates()).expect("jobs");
        assert_eq!(jobs.service("rally-task-cinder", "c-bak"), Some(true));
        assert_eq!(jobs.service("rally-task-neutron", "s-proxy"), Some(false));
        assert_eq!(jobs.service("rally-task-cinder", "neutron-trunk"), None);
        assert_eq!(jobs.service("no-such-job", "c-bak"), None);
        assert!(jobs.plugin("rally-task-zaqar", "rally-openstack"));
        assert!(!jobs.plugin("rally-task-zaqar", "no-such-plugin"));
    }

    #[test]
    fn every_parent_is_there() {
        let jobs = Devstacks::read(&embedded::templates()).expect("jobs");
        let parents = jobs.0.values().filter_map(|job| job.parent.as_ref());
        for parent in parents {
            assert!(jobs.0.contains_key(parent), "{parent}");
        }
    }
}
