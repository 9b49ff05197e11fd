//! The SLA of a workload.

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::repair::Repair;
use crate::check::task::Workload;
use crate::glob;
use crate::yaml::{Layout, Node};

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
    let (place, message, repair) = match lax(key, sla) {
        None => return Vec::new(),
        Some(Lax::Unset(key)) => {
            let message = format!("{passes}: `failure_rate` needs a `max` below 100");
            (key, message, repair(sla))
        }
        Some(Lax::Chosen(key)) => (key, format!("{passes}, as its `max` of 100 says"), None),
    };
    let found = LETS_ALL_FAIL.doubtful(path, place, message);
    vec![found.mended_by(repair)]
}

/// Returns what gives the SLA a `max`, where nothing else in `failure_rate` speaks against 0.
fn repair(sla: Node<'_>) -> Option<Repair> {
    let Some((key, rate)) = sla.entry("failure_rate") else {
        let (first, _) = sla
            .pairs()
            .next()
            .filter(|_| sla.layout() == Some(Layout::Block))?;
        let (name, indent) = (first.text()?, " ".repeat(first.column() - 1));
        let to = format!("failure_rate:\n{indent}  max: 0\n{indent}{name}");
        return Some(Repair::of(first.line(), name, to));
    };
    let is_empty = rate.pairs().len() == 0;
    let max = "failure_rate: {max: 0}";
    is_empty.then(|| Repair::of(key.line(), "failure_rate: {}", max))
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
            UNKNOWN_ACTION.doubtful(workload.path, key, message)
        })
    });
    never_reported.collect()
}
