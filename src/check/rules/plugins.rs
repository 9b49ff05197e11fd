//! The plugins that a workload names: runner, contexts, SLA, hooks.

use super::schema::Refused;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::plugins::{Kind, Known as Plugin};
use crate::check::repair::Repair;
use crate::check::task::{Named, Workload};

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
    let found = named.filter_map(|named| {
        let kind = Kind::from(named.kind);
        let what = kind.words();
        let message = match known.plugins.find(kind, named.name, known.rally) {
            Plugin::One(_) | Plugin::Perhaps => return None,
            Plugin::Several => format!(
                "several {what}s are called `{}`: write its platform, too, as in `{}@openstack`",
                named.name, named.name
            ),
            Plugin::None => format!(
                "no {what} `{}` in Rally{}",
                named.name,
                hint(kind, named.name, known)
            ),
        };
        let repair = Repair::of_name(named.line, named.name, &names(kind, known));
        let found = UNKNOWN_PLUGIN.broken(workload.path, named.line, message);
        Some(found.mended_by(repair))
    });
    found.collect()
}

pub(super) fn config(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let named = workload.plugins().into_iter();
    named
        .flat_map(|named| of_plugin(workload, &named, known))
        .collect()
}

fn of_plugin(workload: &Workload<'_>, named: &Named<'_>, known: &Known<'_>) -> Vec<Finding> {
    let kind = Kind::from(named.kind);
    let Plugin::One(plugin) = known.plugins.find(kind, named.name, known.rally) else {
        return Vec::new();
    };
    let by_schema = plugin.validators.iter().any(|v| v.name == "jsonschema");
    let Some(schema) = plugin.schema.as_ref().filter(|_| by_schema) else {
        return Vec::new();
    };
    let refused = known
        .schemas
        .of(schema)
        .refused(&named.value(), Some(named.config), named.line);
    refused
        .into_iter()
        .map(|Refused { line, what }| {
            let message = format!("{} `{}`: {what}", kind.words(), named.name);
            PLUGIN_CONFIG.broken(workload.path, line, message)
        })
        .collect()
}

/// Returns the names that tasks may use.
fn names<'k>(kind: Kind, known: &'k Known<'_>) -> Vec<&'k str> {
    let of_rally = kind.table(known.rally).into_iter().flatten();
    let of_rally = of_rally.map(|(_, plugin)| plugin);
    let names = of_rally.filter(|plugin| !plugin.hidden);
    let names = names.map(|plugin| plugin.name.as_str());
    names.chain(known.plugins.names(kind)).collect()
}

/// Returns the nearest name that tasks may use.
fn hint(kind: Kind, name: &str, known: &Known<'_>) -> String {
    let near = known
        .budget
        .nearest(kind.words(), name, &names(kind, known));
    match near {
        Some(near) => format!("; it has `{near}`"),
        None => String::new(),
    }
}
