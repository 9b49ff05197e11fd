//! Rally's results: what runs were like, from files as people have them.
//!
//! ```text
//! collect  files and folders -> runs, on every core; what could not be read, and why
//! parse    one file -> runs; `rally task report --json` and `rally task results` are told by content
//! form     the two forms, as serde reads them
//! samples  iterations -> a few numbers for each duration; the iterations themselves are not kept
//! place    which machines a build of Zuul ran on
//! ```

mod collect;
mod form;
mod names;
mod parse;
mod place;
mod samples;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use collect::{Collected, SetAside, collect};
pub use names::Names;
pub use parse::{Unreadable, parse};
pub use samples::{LONGEST, SHORTEST};

/// One start of one task: the unit that is compared, since its iterations share machine and time.
#[derive(Clone, Debug)]
pub struct Run {
    /// For people: the file, and the task's place in it if it has several.
    pub name: String,
    /// The task's UUID; where there is none, what was measured.
    pub identity: String,
    /// What was measured, and when: the same in both forms.
    pub content: String,
    /// The task's title; empty in the old form.
    pub title: String,
    /// The version of Rally.
    pub rally: Option<String>,
    /// When its first iteration started, in seconds since 1970, by the clock of that machine.
    pub started: Option<f64>,
    /// The machines that it ran on, where a build of Zuul says so.
    pub hardware: Option<String>,
    /// Whether it was stopped before its end.
    pub is_cut_short: bool,
    /// In their order in the task.
    pub workloads: Vec<Workload>,
}

/// What one workload of a run was like.
#[derive(Clone, Debug)]
pub struct Workload {
    pub key: Key,
    pub description: Arc<str>,
    /// All of them, failed ones included.
    pub iterations: u64,
    pub failed: u64,
    /// Those of the failed ones whose error is a timeout.
    pub timeouts: u64,
    /// Iterations whose times are impossible: negative, or longer than [`LONGEST`]. They count as
    /// iterations, and nothing is measured of them.
    pub impossible: u64,
    /// The errors of failed iterations, by kind.
    pub errors: BTreeMap<String, u64>,
    /// The whole iteration first, then its atomic actions by name.
    pub durations: Vec<Duration>,
    /// Limits of atomic actions in seconds, as the run had them.
    pub limits: BTreeMap<Arc<str>, f64>,
    /// What SLAs say that were not met.
    pub missed: Vec<String>,
}

/// What makes two workloads the same: only then are their times comparable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    pub scenario: Arc<str>,
    /// Arguments, contexts, runner and hooks, as JSON with sorted keys.
    pub setting: Arc<str>,
    /// From 0, where a task has the same workload several times.
    pub nth: usize,
}

/// How long the whole iteration or one atomic action took, over the iterations that succeeded.
#[derive(Clone, Debug)]
pub struct Duration {
    /// `None` is the whole iteration.
    pub action: Option<Arc<str>>,
    /// How often it was measured.
    pub count: u64,
    /// Seconds.
    pub median: f64,
    /// Seconds; Rally's limits are for this.
    pub mean: f64,
    /// The standard deviation of the logarithm within the run, by the quartiles; 0 for fewer than
    /// four measurements.
    pub spread: f64,
}
