//! The SLA of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Workload;
use crate::glob;
use crate::yaml::Node;

/// An SLA that holds when every iteration fails: `failure_rate` has no `max` below 100. Without any
/// `sla`, Rally itself takes `failure_rate: max: 0`.
pub(super) const LETS_ALL_FAIL: Rule = Rule {
    name: "lets-all-fail",
    source: "rally-openstack, test_sla_requires_success",
};

/// A limit for an atomic action that the scenario never reports: it always holds, as Rally compares
/// 0.0 with it.
pub(super) const UNKNOWN_ACTION: Rule = Rule {
    name: "unknown-action",
    source: "Rally, SLA max_avg_duration_per_atomic",
};

pub(super) fn lets_all_fail(workload: &Workload<'_>, _: &Known<'_>) -> Vec<Finding> {
    let Some((key, sla)) = workload.sla().filter(|(_, sla)| sla.is_mapping()) else {
        return Vec::new();
    };
    let (path, scenario) = (workload.path, workload.scenario);
    let passes = format!("`{scenario}` passes when every iteration fails");
    let found = match lax(key, sla) {
        None => return Vec::new(),
        Some(Lax::Unset(line)) => {
            let message = format!("{passes}: `failure_rate` needs a `max` below 100");
            LETS_ALL_FAIL.broken(path, line, message)
        }
        Some(Lax::Chosen(line)) => {
            let message = format!("{passes}, as its `max` of 100 says");
            LETS_ALL_FAIL.doubtful(path, line, message)
        }
    };
    vec![found]
}

/// The line where a `max` below 100 is missing.
enum Lax {
    /// Nobody has written a `max`.
    Unset(usize),
    /// Somebody has written 100.
    Chosen(usize),
}

/// Returns where a `max` below 100 is missing; `None` where one is there or may be.
fn lax(key: Node<'_>, sla: Node<'_>) -> Option<Lax> {
    let Some((key, rate)) = sla.entry("failure_rate") else {
        return Some(Lax::Unset(key.line()));
    };
    if !rate.is_mapping() {
        return None;
    }
    match rate.entry("max") {
        None => Some(Lax::Unset(key.line())),
        Some((key, max)) => {
            let max = max.number().filter(|max| *max >= 100.0);
            max.map(|_| Lax::Chosen(key.line()))
        }
    }
}

pub(super) fn unknown_action(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let scenario = workload.scenario;
    // a plugin may have another scenario of the same name
    let actions = known.facts.actions(scenario);
    let Some(actions) = actions.filter(|_| !known.plugins.replaces(scenario)) else {
        return Vec::new();
    };
    let sla = workload.sla().filter(|(_, sla)| sla.is_mapping());
    let limits = sla.and_then(|(_, sla)| sla.own("max_avg_duration_per_atomic"));
    let keys = limits.into_iter().flat_map(Node::pairs).map(|(key, _)| key);
    let never_reported = keys.filter_map(|key| {
        let action = key.text()?;
        let is_reported = actions.iter().any(|known| glob::matches(known, action));
        (!is_reported).then(|| {
            let message = format!(
                "`{scenario}` never reports `{action}`, so this limit always holds; it can report {}",
                actions.join(", ")
            );
            UNKNOWN_ACTION.broken(workload.path, key.line(), message)
        })
    });
    never_reported.collect()
}
