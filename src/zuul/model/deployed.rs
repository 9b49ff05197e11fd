//! What the jobs that run a task turn on in DevStack.

use std::collections::{BTreeMap, BTreeSet};

use super::config_node::ConfigNode;
use super::jobs::Jobs;
use super::location::Location;
use super::wiring::Wiring;

/// So many ancestors of a job are asked; a circle of parents ends here.
const LONGEST_CHAIN: usize = 50;

/// A job that runs a task, and what it and its ancestors here say of DevStack.
#[derive(Clone, Debug)]
pub struct Deployed {
    pub job: String,
    /// Where it is defined, or listed where another repository defines it.
    pub location: Location,
    /// Its `devstack_services`.
    pub services: BTreeMap<String, bool>,
    /// The names of its `devstack_plugins`.
    pub plugins: BTreeSet<String>,
    /// The nearest of the job and its ancestors that is not defined here.
    pub elsewhere: Option<String>,
}

impl Wiring {
    /// Returns the jobs that run the task at `path`, by name. Zuul merges variables of a job into
    /// those of its parent (`Job.updateVariables`), and those of an entry into both.
    pub fn deployed(&self, path: &str) -> Vec<Deployed> {
        let jobs = Jobs::of(&self.config);
        let runs = self.jobs.iter().filter(|job| {
            let mut tasks = job.tasks.iter();
            tasks.any(|(task, _)| task.strip_prefix("./").unwrap_or(task) == path)
        });
        let of_job = |job: &super::RallyJob| {
            let mut deployed = Deployed {
                job: job.name.clone(),
                location: job.location.clone(),
                services: BTreeMap::new(),
                plugins: BTreeSet::new(),
                elsewhere: None,
            };
            let mut chain = Vec::new();
            let mut next = Some(job.name.as_str());
            while let Some(name) = next.filter(|_| chain.len() < LONGEST_CHAIN) {
                let own = jobs.definitions(name);
                if own.is_empty() {
                    deployed.elsewhere = Some(name.to_owned());
                }
                chain.push(own);
                next = jobs.parent(name);
            }
            for at in chain.into_iter().rev().flatten() {
                deployed.merge(*at);
            }
            let entries = self.config.entries();
            let entries = entries
                .into_iter()
                .filter(|(_, entry)| entry.name == job.name);
            for at in entries.filter_map(|(_, entry)| entry.attributes) {
                deployed.merge(at);
            }
            deployed
        };
        runs.map(of_job).collect()
    }
}

impl Deployed {
    fn merge(&mut self, at: ConfigNode<'_>) {
        let Some(vars) = at.get("vars") else { return };
        let pairs = |key: &str| {
            let node = vars.get(key);
            node.into_iter()
                .flat_map(|at| at.node.merged_pairs().map(move |(k, v)| (k, at.with(v))))
        };
        for (name, value) in pairs("devstack_services") {
            if let Some(is_on) = value.boolean() {
                self.services.insert(name.to_owned(), is_on);
            }
        }
        let plugins = pairs("devstack_plugins").map(|(name, _)| name.to_owned());
        self.plugins.extend(plugins);
    }
}

#[cfg(test)]
mod tests {
    use super::super::wiring::wiring;
    use crate::files::FileMap;

    #[test]
    fn variables_are_merged_down_the_chain() {
        let text = "\
- job:
    name: base-rally
    parent: rally-task-cinder
    vars:
      rally_task: rally-jobs/a.yaml
      devstack_services: {c-bak: false, tempest: false, horizon: maybe}
      devstack_plugins: {one: url}
- job:
    name: own-rally
    parent: base-rally
    vars:
      devstack_services: {tempest: true}
      devstack_plugins: {two: url}
- project:
    check:
      jobs:
        - own-rally:
            vars:
              devstack_services: {s-proxy: false}
";
        let wiring = wiring(&FileMap::of([(".zuul.yaml", text)]));
        let deployed = wiring.deployed("rally-jobs/a.yaml");
        let own = deployed.iter().find(|job| job.job == "own-rally");
        let own = own.expect("the job");
        let services: Vec<(&str, bool)> =
            own.services.iter().map(|(k, v)| (k.as_str(), *v)).collect();
        assert_eq!(
            services,
            [("c-bak", false), ("s-proxy", false), ("tempest", true)]
        );
        assert!(own.plugins.contains("one") && own.plugins.contains("two"));
        assert_eq!(own.elsewhere.as_deref(), Some("rally-task-cinder"));
        assert!(wiring.deployed("rally-jobs/b.yaml").is_empty());
    }
}
