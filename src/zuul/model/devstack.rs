//! Which jobs deploy with DevStack.

use std::collections::HashMap;

use super::config::Config;
use super::config_node::ConfigNode;
use super::jobs::Jobs;

/// Parts of names of jobs that deploy with DevStack.
const DEVSTACK: [&str; 4] = ["devstack", "tempest", "grenade", "rally"];

/// Answers for the jobs that are defined here; of others the name tells.
pub(crate) struct Devstack<'a> {
    known: HashMap<&'a str, bool>,
}

impl<'a> Devstack<'a> {
    pub(crate) fn of(config: &'a Config) -> Devstack<'a> {
        let jobs = Jobs::of(config);
        let devstack = jobs.inherited(|name, variants| {
            (is_named_so(name) || variants.iter().any(sets_devstack)).then_some(())
        });
        let known = jobs
            .iter()
            .map(|(name, _)| (name, devstack.of(name).is_some()));
        Devstack {
            known: known.collect(),
        }
    }

    /// Returns whether the job deploys with DevStack.
    pub(crate) fn has(&self, job: &str) -> bool {
        let known = self.known.get(job).copied();
        known.unwrap_or_else(|| is_named_so(job))
    }
}

fn is_named_so(job: &str) -> bool {
    DEVSTACK.iter().any(|part| job.contains(part))
}

fn sets_devstack(job: &ConfigNode<'_>) -> bool {
    let names = job.get("vars").into_iter();
    let mut names = names.flat_map(|vars| vars.node.merged_pairs());
    names.any(|(name, _)| name.starts_with("devstack_"))
}
