//! The time that Zuul gives a job, beside the time that it needs.

use super::hidden::task_of;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::named::plain;
use crate::check::task::{Task, Workload};
use crate::rally::pace::Pace;
use crate::rally::{Jobs, SHORTEST_DEVSTACK};
use crate::yaml::Node;
use crate::zuul::{Location, Use, Wiring};

/// A timeout in which DevStack cannot come up.
pub(super) const TIMEOUT_TOO_SHORT: Rule = Rule {
    name: "timeout-too-short",
};

pub(super) fn too_short_for_devstack(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let timeouts = wiring.uses.iter().filter_map(|one| timeout(one, jobs));
    let short = timeouts.filter(|(seconds, _)| *seconds < SHORTEST_DEVSTACK);
    let found = short.map(|(seconds, place)| {
        let message = format!(
            "Zuul stops the job after {seconds} seconds, and DevStack alone takes {SHORTEST_DEVSTACK} or more"
        );
        TIMEOUT_TOO_SHORT.doubtful(&place.path, place, message)
    });
    found.collect()
}

/// What is found is in the Zuul configuration, not in the task.
pub(super) fn too_short_for_task(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let jobs = &known.facts.jobs;
    let runs = |one: &&Use| task_of(one, jobs).and_then(plain).as_deref() == Some(task.path);
    let timeouts = known.wiring.uses.iter().filter(runs);
    let mut timeouts = timeouts.filter_map(|one| timeout(one, jobs)).peekable();
    if timeouts.peek().is_none() {
        return Vec::new();
    }
    let needed = SHORTEST_DEVSTACK + expected(task) as u64;
    let short = timeouts.filter(|(seconds, _)| (SHORTEST_DEVSTACK..needed).contains(seconds));
    let found = short.map(|(seconds, place)| {
        let message = format!(
            "Zuul stops the job after {seconds} seconds; `{}` and DevStack are expected to take \
             {needed} at the least",
            task.path
        );
        TIMEOUT_TOO_SHORT.doubtful(&place.path, place, message)
    });
    found.collect()
}

/// Returns the timeout of a job that deploys with DevStack: its parent has one in the snapshot.
fn timeout<'w>(one: &'w Use, jobs: &Jobs) -> Option<(u64, &'w Location)> {
    let (top, _) = one.elsewhere.as_ref()?;
    let (seconds, place) = one.timeout.known()?;
    jobs.timeout(top).map(|_| (*seconds, place))
}

/// Returns the seconds that the workloads take of which something is known.
fn expected(task: &Task<'_>) -> f64 {
    let Some(pace) = Pace::known() else {
        return 0.0;
    };
    let workloads = task.workloads().into_iter();
    let workloads = workloads.filter_map(|workload| of_workload(pace, &workload));
    pace.task() + workloads.sum::<f64>()
}

/// Returns the seconds of a workload with the runner `constant`.
fn of_workload(pace: &Pace, workload: &Workload<'_>) -> Option<f64> {
    let runner = workload.runner()?;
    if runner.name != "constant" {
        return None;
    }
    // Rally takes 1 for what is not given
    let number = |key: &str| runner.config.own(key).map_or(Some(1.0), Node::number);
    pace.workload(workload.scenario, number("times")?, number("concurrency")?)
}
