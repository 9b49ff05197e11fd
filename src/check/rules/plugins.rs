//! The plugins that a workload names: runner, contexts, SLA, hooks.

use std::collections::BTreeMap;

use super::schema::{Refused, refused};
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::repair::Repair;
use crate::check::task::{Named, PluginKind, Workload};
use crate::rally::plugins::{Found, Plugin, Plugins, find};

/// A runner, context, SLA, hook or trigger that neither Rally nor a plugin of the repository has.
pub(super) const UNKNOWN_PLUGIN: Rule = Rule {
    name: "unknown-plugin",
};

/// The configuration of a runner, context, SLA, hook or trigger is not what its schema says.
pub(super) const PLUGIN_CONFIG: Rule = Rule {
    name: "plugin-config",
};

pub(super) fn unknown(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let named = workload.plugins().into_iter();
    let unknown = named.filter(|named| !known.plugins.may_have(named.name));
    let found = unknown.filter_map(|named| {
        let table = table(named.kind, known.rally);
        let what = named.kind.words();
        let message = match find(table, named.name) {
            Found::One(_) => return None,
            Found::Several => format!(
                "several {what}s are called `{}`: write its platform, too, as in `{}@openstack`",
                named.name, named.name
            ),
            Found::None => format!(
                "no {what} `{}` in Rally{}",
                named.name,
                hint(table, named.name)
            ),
        };
        let repair = Repair::of_name(named.line, named.name, &names(table));
        let found = UNKNOWN_PLUGIN.broken(workload.path, named.line, message);
        Some(found.mended_by(repair))
    });
    found.collect()
}

pub(super) fn config(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let named = workload.plugins().into_iter();
    named
        .filter(|named| !known.plugins.has(named.name))
        .flat_map(|named| of_plugin(workload, &named, known))
        .collect()
}

fn of_plugin(workload: &Workload<'_>, named: &Named<'_>, known: &Known<'_>) -> Vec<Finding> {
    let Found::One(plugin) = find(table(named.kind, known.rally), named.name) else {
        return Vec::new();
    };
    let by_schema = plugin.validators.iter().any(|v| v.name == "jsonschema");
    let Some(schema) = plugin.schema.as_ref().filter(|_| by_schema) else {
        return Vec::new();
    };
    let refused = refused(schema, &named.value(), Some(named.config), named.line);
    refused
        .into_iter()
        .map(|Refused { line, what }| {
            let message = format!("{} `{}`: {what}", named.kind.words(), named.name);
            PLUGIN_CONFIG.broken(workload.path, line, message)
        })
        .collect()
}

fn table(kind: PluginKind, rally: &Plugins) -> &BTreeMap<String, Plugin> {
    match kind {
        PluginKind::Runner => &rally.runners,
        PluginKind::Context => &rally.contexts,
        PluginKind::Sla => &rally.sla,
        PluginKind::Hook => &rally.hooks,
        PluginKind::Trigger => &rally.triggers,
    }
}

/// Returns the names that tasks may use.
fn names(table: &BTreeMap<String, Plugin>) -> Vec<&str> {
    let plugins = table.values().filter(|plugin| !plugin.hidden);
    plugins.map(|plugin| plugin.name.as_str()).collect()
}

/// Returns the nearest name that tasks may use.
fn hint(table: &BTreeMap<String, Plugin>, name: &str) -> String {
    let near = similar::get_close_matches(name, &names(table), 1, 0.6);
    match near.first() {
        Some(near) => format!("; it has `{near}`"),
        None => String::new(),
    }
}

impl PluginKind {
    fn words(self) -> &'static str {
        match self {
            PluginKind::Runner => "runner",
            PluginKind::Context => "context",
            PluginKind::Sla => "SLA",
            PluginKind::Hook => "hook",
            PluginKind::Trigger => "trigger",
        }
    }
}
