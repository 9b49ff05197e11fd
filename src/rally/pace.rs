//! How long iterations are expected to take: what was measured of scenarios and of actions, for who
//! judges a task that is not the catalogue's.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::yaml;

/// Seconds by action and actions by scenario: `durations.yaml` and `atomic-actions.yaml`.
pub struct Pace {
    durations: Durations,
    actions: Actions,
}

#[derive(Deserialize)]
struct Durations {
    actions: BTreeMap<String, Duration>,
    overhead: Overhead,
}

#[derive(Deserialize)]
struct Overhead {
    task: Duration,
    workload: Duration,
    iteration: Duration,
}

#[derive(Deserialize)]
struct Duration {
    /// Seconds.
    expected: f64,
}

#[derive(Deserialize)]
struct Actions {
    scenarios: BTreeMap<String, Vec<String>>,
}

static PACE: LazyLock<Option<Pace>> = LazyLock::new(|| {
    let durations = include_str!("../../templates/rally/durations.yaml");
    let actions = include_str!("../../templates/rally/atomic-actions.yaml");
    Some(Pace {
        durations: yaml::from_str(durations).ok()?,
        actions: yaml::from_str(actions).ok()?,
    })
});

impl Pace {
    /// Returns what is known; read when somebody asks for the first time.
    pub fn known() -> Option<&'static Pace> {
        PACE.as_ref()
    }

    /// Returns how long Rally itself takes for a task, in seconds.
    pub fn task(&self) -> f64 {
        self.durations.overhead.task.expected
    }

    /// Returns how long a workload takes at least as a rule, in seconds, each of its actions once
    /// an iteration; `None` where the scenario or one of its actions was never measured.
    pub fn workload(&self, scenario: &str, times: f64, concurrency: f64) -> Option<f64> {
        let overhead = &self.durations.overhead;
        let actions = self.actions.scenarios.get(scenario)?.iter();
        let seconds = actions.map(|name| Some(self.durations.actions.get(name)?.expected));
        let iteration: f64 = seconds.sum::<Option<f64>>()? + overhead.iteration.expected;
        Some(overhead.workload.expected + iteration * (times / concurrency.max(1.0)).ceil())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_takes_its_iterations() {
        let pace = Pace::known().expect("data files");
        let one = |times, concurrency| {
            let found = pace.workload("NovaServers.boot_and_delete_server", times, concurrency);
            found.expect("a measured scenario")
        };
        let overhead = pace.durations.overhead.workload.expected;
        assert!(one(1.0, 1.0) > overhead + 1.0);
        let (ten, one) = (one(10.0, 2.0) - overhead, one(1.0, 1.0) - overhead);
        assert!((ten - 5.0 * one).abs() < 0.001);
        assert!(pace.workload("Own.scenario", 1.0, 1.0).is_none());
    }
}
