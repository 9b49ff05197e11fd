//! The scenario of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::plugins::{Kind, Known as Plugin};
use crate::check::repair::Repair;
use crate::check::task::Workload;
use crate::rally::PLUGINS;

/// A scenario that neither Rally nor a plugin of the repository has: Rally refuses the task.
pub(super) const UNKNOWN_SCENARIO: Rule = Rule {
    name: "unknown-scenario",
};

pub(super) fn unknown(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let name = workload.scenario;
    let message = match known.plugins.find(Kind::Scenario, name, known.rally) {
        Plugin::One(_) | Plugin::Perhaps => return Vec::new(),
        Plugin::Several => format!(
            "several scenarios are called `{name}`: write its platform, too, as in \
             `{name}@openstack`"
        ),
        Plugin::None => {
            let hint = hint(name, known);
            format!(
                "no scenario `{name}` in {} or {PLUGINS}{hint}",
                known.facts.versions().words()
            )
        }
    };
    let mut names = known.facts.scenarios();
    names.extend(known.plugins.names(Kind::Scenario));
    let repair = Repair::of_name(workload.line, name, &names);
    let found = UNKNOWN_SCENARIO.broken(workload.path, workload.line, message);
    vec![found.mended_by(repair)]
}

/// Returns the nearest name, the repository's own first.
fn hint(name: &str, known: &Known<'_>) -> String {
    let own: Vec<&str> = known.plugins.names(Kind::Scenario).collect();
    let near = known.budget.nearest("own scenario", name, &own);
    let class = known.facts.of_class(name);
    match (near, known.budget.nearest("scenario", name, &class)) {
        (Some(near), _) => format!("; {PLUGINS} has `{near}`"),
        (None, Some(near)) => format!("; Rally has `{near}`"),
        (None, None) => String::new(),
    }
}
