//! Limits from results: how long an atomic action may take, by what runs of the task measured.
//!
//! ```text
//! rule      the averages of an action over runs -> its limit
//! measure   runs and an entry of the catalogue -> limits, and what they rest on
//! matched   which workload of the entry a workload of a run is
//! evidence  what they rest on, for the commit message and for people
//! task      an earlier task -> the limits that it has
//! ```
//!
//! Pure: runs or a text in, limits out.

mod error;
mod evidence;
mod matched;
mod measure;
mod rule;
mod task;

use std::collections::BTreeMap;

use crate::catalogue::{Duration, Entry};

pub use error::LimitsError;
pub use evidence::{Evidence, said};
pub use measure::of_runs;
pub use rule::{Bound, FACTOR, FEWEST, FEWEST_FOR_QUANTILE, LEAST, bound};
pub use task::of_task;

/// Limits that take the place of the catalogue's.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// One for each workload of the entry, in its order.
    workloads: Vec<WorkloadLimits>,
    pub source: LimitSource,
}

/// Where limits come from.
#[derive(Clone, Debug, PartialEq)]
pub enum LimitSource {
    /// Runs, now.
    Runs(Box<Evidence>),
    /// Runs, when the task was written: what the commit message says of them, where it is still to
    /// be merged.
    Task(Option<String>),
}

/// Limits of one workload; what is not there keeps the catalogue's.
#[derive(Clone, Debug, Default, PartialEq)]
struct WorkloadLimits {
    /// Atomic action to seconds.
    actions: BTreeMap<String, f64>,
    /// Seconds for the whole iteration.
    iteration: Option<f64>,
}

impl Limits {
    /// Returns the entry with these limits. What is expected to take longer than its limit is
    /// expected to take as long: the limit is what was measured, and more.
    pub fn applied(&self, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        let durations = entry.durations.clone();
        let subtasks = entry.service.subtasks.iter_mut();
        let workloads = subtasks.flat_map(|subtask| &mut subtask.workloads);
        for (workload, limits) in workloads.zip(&self.workloads) {
            // Without a measured one, that of the catalogue's limits.
            let iteration = limits.iteration.unwrap_or(workload.longest_iteration());
            workload.iteration = Some(iteration);
            for (action, limit) in &limits.actions {
                let Some(own) = workload.sla.get_mut(action) else {
                    continue;
                };
                *own = *limit;
                let known = workload.durations.get(action);
                let known = known.or_else(|| durations.actions.get(action)).cloned();
                if let Some(known) = known.filter(|known| known.expected > *limit) {
                    let expected = Duration {
                        expected: *limit,
                        ..known
                    };
                    workload.durations.insert(action.clone(), expected);
                }
            }
        }
        entry
    }
}

#[cfg(test)]
mod tests;
