//! How long a workload takes: as expected, and at most within its limits.

use std::ops::Add;

use serde_json::Value;

use super::{Durations, Load, Workload};

/// What no limit bounds counts with so many times its expected duration in the worst case. The
/// limits of the built-in services are at most so many times as long, too.
pub const SLOWEST: f64 = 10.0;

/// So many resources Rally's cleanup deletes at a time (its option `cleanup_threads`).
const CLEANUP_THREADS: u32 = 20;

/// Seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Time {
    /// `None` where a duration is not known.
    pub expected: Option<f64>,
    /// If everything takes as long as its limit allows.
    pub worst: f64,
}

impl Time {
    const NONE: Time = Time {
        expected: Some(0.0),
        worst: 0.0,
    };

    /// Returns the time of something that no limit bounds.
    pub(super) fn unlimited(expected: f64) -> Time {
        Time {
            expected: Some(expected),
            worst: SLOWEST * expected,
        }
    }

    fn times(self, count: u32) -> Time {
        let count = f64::from(count);
        Time {
            expected: self.expected.map(|seconds| count * seconds),
            worst: count * self.worst,
        }
    }
}

impl Add for Time {
    type Output = Time;

    fn add(self, other: Time) -> Time {
        Time {
            expected: self.expected.zip(other.expected).map(|(a, b)| a + b),
            worst: self.worst + other.worst,
        }
    }
}

impl std::iter::Sum for Time {
    fn sum<I: Iterator<Item = Time>>(times: I) -> Time {
        times.fold(Time::NONE, Add::add)
    }
}

impl Workload {
    /// Returns the time of the workload under `load`: its contexts, rounds of `concurrency`
    /// iterations in which every action counts as often as an iteration performs it, and cleanup.
    pub fn time(&self, load: Load, durations: &Durations) -> Time {
        let rounds = load.times.div_ceil(load.concurrency);
        let cleanup = self.leaves.iter().map(|(action, count)| {
            let left = load.times.saturating_mul(*count);
            let batch = Time::unlimited(durations.overhead.batch.expected);
            (self.action(action, durations) + batch).times(left.div_ceil(CLEANUP_THREADS))
        });
        self.contexts(durations) + self.iteration(durations).times(rounds) + cleanup.sum::<Time>()
    }

    /// Returns the tenants that the users context makes, and the users of each.
    pub fn users(&self) -> (u32, u32) {
        let users = self.contexts.get("users");
        let count = |key: &str| {
            let value = users.and_then(|users| users.get(key));
            let count = value.and_then(Value::as_u64).unwrap_or(1);
            u32::try_from(count).unwrap_or(u32::MAX)
        };
        (count("tenants"), count("users_per_tenant"))
    }

    /// Returns the longest duration of an iteration within its limits, in seconds.
    pub fn longest_iteration(&self) -> f64 {
        let limits = self.sla.iter();
        let all = limits.map(|(action, limit)| f64::from(self.count(action)) * limit);
        self.iteration.unwrap_or_else(|| all.sum())
    }

    fn contexts(&self, durations: &Durations) -> Time {
        let (tenants, users) = self.users();
        let overhead = &durations.overhead;
        let setup = self.setup.iter();
        let setup: Time = setup
            .map(|(action, count)| self.action(action, durations).times(*count))
            .sum();
        Time::unlimited(overhead.workload.expected)
            + Time::unlimited(overhead.tenant.expected).times(tenants)
            + Time::unlimited(overhead.user.expected).times(tenants.saturating_mul(users))
            + setup.times(tenants)
    }

    /// Returns the time of one iteration.
    fn iteration(&self, durations: &Durations) -> Time {
        let limited = self.sla.keys();
        let others = self.repeats.keys().filter(|a| !self.sla.contains_key(*a));
        let actions: Time = limited
            .chain(others)
            .map(|action| self.action(action, durations).times(self.count(action)))
            .sum();
        Time::unlimited(durations.overhead.iteration.expected) + actions
    }

    /// Returns how often an iteration performs the action.
    fn count(&self, action: &str) -> u32 {
        self.repeats.get(action).copied().unwrap_or(1)
    }

    fn action(&self, action: &str, durations: &Durations) -> Time {
        let known = self.durations.get(action);
        let known = known.or_else(|| durations.actions.get(action));
        let expected = known.map(|duration| duration.expected);
        let limit = self.sla.get(action).copied();
        Time {
            expected,
            worst: limit.unwrap_or(SLOWEST * expected.unwrap_or_default()),
        }
    }
}
