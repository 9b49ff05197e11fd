//! What runs say: whether something got slower between two sets of them, or along a series. Pure:
//! runs in, a verdict out. What is done, and why, is told to people in `README.md` beside this.
//!
//! ```text
//! sift          runs that count, and those that do not, with the reason
//! table         runs as rows and columns: a workload and its durations, by run
//! shared        how slow each run was as a whole
//! significance  two groups of runs: how much they differ, and how sure that is
//! steps         where a series changes its level
//! levels        the levels of a series between its changes
//! sure          which changes of many series are sure
//! failures      workloads of which iterations failed
//! others        what cannot be compared, and why; `setting`: what differs
//! compare       two sets of runs
//! trend         a series of runs
//! outcome       what there is to say, for text, JSON and the page
//! ```

mod compare;
mod failures;
mod levels;
mod others;
mod outcome;
mod setting;
mod shared;
mod sift;
mod significance;
mod steps;
mod sure;
mod table;
mod trend;

use statrs::statistics::{Data, OrderStatistics};

pub use compare::{BLIND, compare};
pub use outcome::{
    Change, Comparison, Failures, Level, Other, OtherKind, Points, RunLine, Series, Shared, Side,
    Step, Subject, Trend, Verdict, seconds,
};
pub use sift::{date, sift};
pub use trend::trend;

/// The smallest change that matters.
#[derive(Clone, Copy, Debug)]
pub struct Smallest {
    /// As a part: 0.03 for three percent.
    pub part: f64,
    /// In seconds: what is less is not seen by anybody.
    pub seconds: f64,
}

impl Default for Smallest {
    fn default() -> Smallest {
        Smallest {
            part: 0.03,
            seconds: 0.001,
        }
    }
}

impl Smallest {
    /// Returns whether the change from `before` to `after`, both in seconds, matters.
    fn is_met(self, before: f64, after: f64) -> bool {
        let part = (after / before).ln().abs();
        part >= (1.0 + self.part).ln() && (after - before).abs() >= self.seconds
    }
}

/// Returns the median; NaN of nothing.
fn median(values: Vec<f64>) -> f64 {
    Data::new(values).median()
}

/// Returns a logarithm of a ratio in percent.
fn percent(log: f64) -> f64 {
    log.exp_m1() * 100.0
}
