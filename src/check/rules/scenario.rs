//! The scenario of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::repair::Repair;
use crate::check::task::Workload;
use crate::rally::PLUGINS;

/// A scenario that neither Rally nor a plugin of the repository has: Rally refuses the task.
pub(super) const UNKNOWN_SCENARIO: Rule = Rule {
    name: "unknown-scenario",
};

pub(super) fn unknown(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let name = workload.scenario;
    if known.facts.has(name) || known.plugins.may_have(name) {
        return Vec::new();
    }
    let near = known.facts.nearest(name);
    let hint = near.map_or(String::new(), |near| format!("; Rally has `{near}`"));
    let message = format!(
        "no scenario `{name}` in {} or {PLUGINS}{hint}",
        known.facts.versions().words()
    );
    let names = known.facts.scenarios();
    let repair = Repair::of_name(workload.line, name, &names);
    let found = UNKNOWN_SCENARIO.broken(workload.path, workload.line, message);
    vec![found.mended_by(repair)]
}
