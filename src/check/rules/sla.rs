//! The SLA of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Workload;
use crate::glob;
use crate::yaml::Node;

/// An SLA that holds when every iteration fails: `failure_rate` has no `max` below 100. Without any
/// `sla`, Rally itself takes `failure_rate: max: 0`. A warning: Rally starts such a task, and only
/// rally-openstack's own tests refuse it.
pub(super) const LETS_ALL_FAIL: Rule = Rule {
    name: "lets-all-fail",
};

/// A limit for an atomic action that the scenario never reports at the top level: it always holds, as
/// Rally compares 0.0 with it. A warning: it can never fail.
pub(super) const UNKNOWN_ACTION: Rule = Rule {
    name: "unknown-action",
};

pub(super) fn lets_all_fail(workload: &Workload<'_>, _: &Known<'_>) -> Vec<Finding> {
    let Some((key, sla)) = workload.sla().filter(|(_, sla)| sla.is_mapping()) else {
        return Vec::new();
    };
    let (path, scenario) = (workload.path, workload.scenario);
    let passes = format!("`{scenario}` passes when every iteration fails");
    let (place, message) = match lax(key, sla) {
        None => return Vec::new(),
        Some(Lax::Unset(key)) => (
            key,
            format!("{passes}: `failure_rate` needs a `max` below 100"),
        ),
        Some(Lax::Chosen(key)) => (key, format!("{passes}, as its `max` of 100 says")),
    };
    vec![LETS_ALL_FAIL.doubtful(path, place, message)]
}

/// The key where a `max` below 100 is missing.
enum Lax<'d> {
    /// Nobody has written a `max`.
    Unset(Node<'d>),
    /// Somebody has written 100.
    Chosen(Node<'d>),
}

/// Returns where a `max` below 100 is missing; `None` where one is there or may be.
fn lax<'d>(key: Node<'d>, sla: Node<'d>) -> Option<Lax<'d>> {
    let Some((key, rate)) = sla.entry("failure_rate") else {
        return Some(Lax::Unset(key));
    };
    if !rate.is_mapping() {
        return None;
    }
    match rate.entry("max") {
        None => Some(Lax::Unset(key)),
        Some((key, max)) => {
            // Rally refuses more than 100
            let max = max.number().filter(|max| *max == 100.0);
            max.map(|_| Lax::Chosen(key))
        }
    }
}

pub(super) fn unknown_action(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let scenario = workload.scenario;
    // a plugin may have another scenario of the same name
    let actions = known.facts.actions(scenario);
    let Some(actions) = actions.filter(|_| !known.plugins.may_have(scenario)) else {
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
            UNKNOWN_ACTION.doubtful(workload.path, key, message)
        })
    });
    never_reported.collect()
}
