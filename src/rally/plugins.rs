//! The plugins that Rally and rally-openstack register: `templates/rally/plugins.json`, which
//! `tests/online/raise_rally.py` writes from the released packages.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::files::{Files, FilesError};

const PLUGINS: &str = "rally/plugins.json";

/// All plugins, by kind; the keys are full names, `users@openstack`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugins {
    /// Package to release.
    pub releases: BTreeMap<String, String>,
    pub task: TaskForm,
    pub scenarios: BTreeMap<String, Plugin>,
    pub contexts: BTreeMap<String, Plugin>,
    pub runners: BTreeMap<String, Plugin>,
    pub sla: BTreeMap<String, Plugin>,
    pub hooks: BTreeMap<String, Plugin>,
    pub triggers: BTreeMap<String, Plugin>,
    pub types: BTreeMap<String, Plugin>,
}

/// The form of a task, as `rally.task.task_cfg` has it: JSON schemas.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskForm {
    /// A whole task of version 1.
    pub v1: Value,
    /// A subtask that is a workload.
    pub v2_simple: Value,
    /// A subtask with `workloads`.
    pub v2_complex: Value,
    /// The keys that a task of version 2 may have.
    pub v2_keys: Vec<String>,
    /// The keys that it must have.
    pub v2_required: Vec<String>,
}

/// A plugin.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plugin {
    /// Without the platform.
    pub name: String,
    /// `openstack`, or `default`.
    pub platform: String,
    /// Not for tasks: a default context of scenarios.
    #[serde(default)]
    pub hidden: bool,
    /// In the order in which Rally runs them.
    #[serde(default)]
    pub validators: Vec<Validator>,
    /// The JSON schema of its configuration.
    #[serde(default)]
    pub schema: Option<Value>,
    /// Of a scenario: what its `run()` names.
    #[serde(default)]
    pub arguments: BTreeMap<String, Argument>,
    /// Of a scenario: whether its `run()` takes other keyword arguments, too.
    #[serde(default)]
    pub more: bool,
    /// Of a scenario: the contexts that it brings.
    #[serde(default)]
    pub contexts: Map<String, Value>,
}

/// An argument of a scenario.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    #[serde(default)]
    pub required: bool,
    /// The JSON schema of its value.
    #[serde(default)]
    pub schema: Option<Value>,
}

/// What judges a plugin's configuration before the task starts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Validator {
    /// `restricted_parameters`.
    pub name: String,
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// Whether it asks a cloud, so that nothing can be told without one.
    #[serde(default)]
    pub cloud: bool,
}

/// What a name in a task leads to.
#[derive(Clone, Copy, Debug)]
pub enum Found<'p> {
    One(&'p Plugin),
    /// No plugin has the name.
    None,
    /// Plugins of several platforms have it: Rally asks for the full name.
    Several,
}

impl Plugins {
    /// Returns the plugins of the program's own templates.
    pub fn read(templates: &dyn Files) -> Result<Plugins, FilesError> {
        let bytes = templates.read(PLUGINS)?.unwrap_or_default();
        serde_json::from_slice(&bytes).map_err(|error| FilesError {
            path: PLUGINS.to_owned(),
            reason: error.to_string(),
            remedy: "tests/online/raise_rally.py writes it anew".to_owned(),
        })
    }
}

/// Returns the plugin that Rally finds by `name`, with or without its platform.
pub fn find<'p>(plugins: &'p BTreeMap<String, Plugin>, name: &str) -> Found<'p> {
    among(plugins.values(), name)
}

/// Returns the plugin of one kind that Rally finds by `name`, with or without its platform
/// (`Plugin.get` of `rally.common.plugin`).
pub fn among<'p>(plugins: impl Iterator<Item = &'p Plugin>, name: &str) -> Found<'p> {
    let (name, platform) = match name.split_once('@') {
        Some((name, platform)) => (name, Some(platform)),
        None => (name, None),
    };
    let same = plugins.filter(|plugin| {
        !plugin.hidden && plugin.name == name && platform.is_none_or(|of| of == plugin.platform)
    });
    let same: Vec<&Plugin> = same.collect();
    let default = same.iter().find(|plugin| plugin.platform == "default");
    match (same.as_slice(), default) {
        ([], _) => Found::None,
        ([plugin], _) => Found::One(plugin),
        (_, Some(plugin)) => Found::One(plugin),
        _ => Found::Several,
    }
}
