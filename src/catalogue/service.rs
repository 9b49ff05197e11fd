//! What `service.yaml` says of one service: the schema of the catalogue.
//!
//! Every key that is not listed here is an error, so that a misspelt one is not lost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Duration;

/// One service of the catalogue: the contents of `templates/services/<name>/service.yaml`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The project's name, also the folder's: `nova`.
    pub service: String,
    /// The name in titles: `Nova`.
    pub title: String,
    /// What it is, in one or two words: `Compute`.
    pub kind: String,
    /// What is measured, a phrase without a period: `the life cycle of servers`.
    pub summary: String,
    /// Why the project should have the job: a paragraph of the commit message.
    #[serde(default)]
    pub why: String,
    /// By which exact names a repository is known to be this service.
    pub recognised: Recognised,
    /// The resources the service manages, in the order they are listed.
    pub resources: Vec<Resource>,
    /// Why every workload also limits the average duration of its whole iterations, one sentence;
    /// empty: none does.
    #[serde(default)]
    pub iteration_limit: String,
    /// Task arguments with their defaults, beside `times` and `concurrency`.
    #[serde(default)]
    pub arguments: BTreeMap<String, Value>,
    /// The workloads, grouped by resource. Empty: recognised, but nothing to commit.
    #[serde(default)]
    pub subtasks: Vec<Subtask>,
    /// The Zuul job. Required where there are subtasks.
    #[serde(default)]
    pub job: Option<Job>,
    /// Rally plugins that ship with the task: files of `plugins/`, beside this file.
    #[serde(default)]
    pub plugins: Vec<Plugin>,
    /// Files of `extra/`, beside this file, that workloads refer to.
    #[serde(default)]
    pub extra: Vec<Extra>,
    /// Paragraphs (reStructuredText, 79 columns) for the generated README.
    #[serde(default)]
    pub notes: Notes,
    /// Where the result differs from the perfscale specification, and why; one sentence each.
    #[serde(default)]
    pub differences: Vec<String>,
    /// Commands for the generated README that list what the service holds: whatever a stopped
    /// run leaves is among it.
    #[serde(default)]
    pub list_commands: Vec<String>,
    /// What these commands do not show, or show in vain.
    #[serde(default)]
    pub leak_note: String,
    /// Links for the generated README.
    #[serde(default)]
    pub links: Vec<Link>,
}

/// The exact names that make a repository this service.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Recognised {
    /// Distribution names (`[project] name`, or `[metadata] name`): `openstack-heat`.
    pub distributions: Vec<String>,
    /// The Python package directory with an `__init__.py`: `heat`.
    pub package: String,
    /// Entry points that support the finding; they are evidence, not a condition.
    #[serde(default)]
    pub entry_points: Vec<String>,
}

/// A resource that the service manages.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Resource {
    /// Plural, as the service's API calls it: `servers`.
    pub name: String,
    /// Why no workload covers it, where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub without_workload: Option<String>,
}

/// A group of workloads: a subtask of Rally's task format, version 2.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Subtask {
    /// `Server related workloads`.
    pub title: String,
    /// The workloads, in the order they run.
    pub workloads: Vec<Workload>,
}

/// One workload: a scenario with its arguments, contexts, load and SLA.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// The scenario's name as Rally knows it: `NovaServers.boot_and_delete_server`.
    pub scenario: String,
    /// One sentence: what is checked.
    pub description: String,
    /// The resources (names of [`Service::resources`]) that the workload exercises.
    pub resources: Vec<String>,
    /// What the job must turn on, beside the service itself.
    #[serde(default)]
    pub needs: Needs,
    /// The scenario's arguments. Strings may hold Jinja for Rally (`"{{ image_name }}"`);
    /// one that begins with `+{{` is written without quotes and is a number for Rally.
    #[serde(default)]
    pub arguments: Map<String, Value>,
    /// Contexts beside `users`, which every workload has (one tenant, one user) unless
    /// it is named here.
    #[serde(default)]
    pub contexts: Map<String, Value>,
    /// The load, unless the task arguments `times` and `concurrency` say otherwise.
    pub load: Load,
    /// Atomic action to the longest average duration in seconds.
    pub sla: BTreeMap<String, f64>,
    /// The longest average duration of an iteration in seconds, where it was measured.
    #[serde(skip)]
    pub iteration: Option<f64>,
    /// Atomic action to how often one iteration performs it, where not once.
    #[serde(default)]
    pub repeats: BTreeMap<String, u32>,
    /// Atomic action to its duration, where this workload's differs from that of
    /// `templates/rally/durations.yaml`.
    #[serde(default)]
    pub durations: BTreeMap<String, Duration>,
    /// Atomic action to how often the contexts perform it for each tenant, their own cleanup
    /// included.
    #[serde(default)]
    pub setup: BTreeMap<String, u32>,
    /// What one iteration leaves to Rally's cleanup: the action that deletes it, and how many.
    #[serde(default)]
    pub leaves: BTreeMap<String, u32>,
    /// How many iterations may fail; none, unless this says otherwise.
    #[serde(default)]
    pub failure_rate: Option<FailureRate>,
}

/// What a workload needs of DevStack: without it, its iterations fail.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// Services, as `devstack_services` names them: `c-bak`.
    #[serde(default)]
    pub devstack_services: Vec<String>,
    /// Plugins, as `devstack_plugins` names them: `barbican`.
    #[serde(default)]
    pub devstack_plugins: Vec<String>,
}

/// How many iterations of a workload may fail, and why that is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FailureRate {
    /// Per cent of the iterations.
    pub max: u32,
    /// What is known of its failures, one sentence: it becomes a comment of the task.
    pub reason: String,
}

/// How often and how many at once: Rally's constant runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Iterations in all.
    pub times: u32,
    /// Iterations at the same time.
    pub concurrency: u32,
}

/// The Zuul job, beside what every rally job has.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Job {
    /// The parent job: `rally-task-nova`, or `rally-task-at-devstack`.
    pub parent: String,
    /// Whether the parent is alive upstream (run by rally-openstack itself).
    pub proven: bool,
    /// What is known of the parent, one sentence.
    pub evidence: String,
    /// Seconds, if the task needs no more; OpenDev's ceiling is 10800.
    pub timeout: u32,
    /// How much DevStack deploys: a kind of `templates/rally/durations.yaml`.
    #[serde(default = "full")]
    pub devstack: String,
    /// Node set, where the parent's will not do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nodeset: Option<String>,
    /// DevStack plugins: name to URL.
    pub devstack_plugins: BTreeMap<String, String>,
    /// DevStack services to turn on or off.
    pub devstack_services: BTreeMap<String, bool>,
    /// Why a DevStack service is set as it is: a comment of the job.
    #[serde(default)]
    pub devstack_comments: BTreeMap<String, String>,
    /// Settings for DevStack's localrc.
    #[serde(default)]
    pub devstack_localrc: Map<String, Value>,
    /// Settings for the services' own files: phase, file, section, option.
    #[serde(default)]
    pub devstack_local_conf: Map<String, Value>,
    /// What a local DevStack needs instead, where the job's own settings are not all: its parents
    /// set more, or some settings serve CI only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_conf: Option<LocalConf>,
    /// What else the job keeps of the node: path to where.
    #[serde(default)]
    pub zuul_copy_output: BTreeMap<String, String>,
    /// Repositories that the job needs.
    pub required_projects: Vec<String>,
}

/// Services and settings of a local DevStack, beside DevStack's own defaults.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LocalConf {
    /// DevStack services to turn on or off.
    #[serde(default)]
    pub devstack_services: BTreeMap<String, bool>,
    /// Settings for DevStack's localrc.
    #[serde(default)]
    pub devstack_localrc: Map<String, Value>,
}

fn full() -> String {
    "full".to_owned()
}

/// A plugin file and the scenarios in it.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// The file's name in `plugins/`: `cinder_backups.py`.
    pub file: String,
    /// What the file is for, one sentence.
    pub purpose: String,
    /// The scenarios that it defines; none in a file of cleanup resources or contexts.
    #[serde(default)]
    pub scenarios: Vec<CustomScenario>,
}

/// A scenario that Rally lacks and a plugin brings.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct CustomScenario {
    /// `CinderVolumeBackups.create_and_delete_volume_backup`.
    pub name: String,
    /// What it does, one or two sentences.
    pub purpose: String,
    /// Argument to what it means.
    #[serde(default)]
    pub arguments: BTreeMap<String, String>,
    /// The atomic actions that it reports.
    pub measures: Vec<String>,
}

/// An extra file.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extra {
    /// The file's name in `extra/`.
    pub file: String,
    /// What it is for, one sentence.
    pub purpose: String,
}

/// Paragraphs for the README, in reStructuredText of at most 79 columns.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// How DevStack is configured for the job, and why.
    #[serde(default)]
    pub devstack: String,
    /// What the cloud needs for a local run, beside the service.
    #[serde(default)]
    pub local: String,
    /// How to tune the workloads of this service.
    #[serde(default)]
    pub tuning: String,
    /// What goes wrong with this service, and what to do.
    #[serde(default)]
    pub troubleshooting: String,
}

/// A link of the README.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub title: String,
    pub url: String,
}
