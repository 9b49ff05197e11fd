//! The rule: from what runs measured to a limit.
//!
//! Rally judges a workload by the average of an action over the iterations of a run
//! (`max_avg_duration_per_atomic`; rally/plugins/task/sla/max_average_duration_per_atomic.py), so
//! what counts of a run is that average. A limit is [`FACTOR`] times their 95 % quantile over the
//! runs; of few runs, the quantile is no more than a guess between the two longest, and the longest
//! counts, which is never less. It is rounded up to two digits, for people, and is at least
//! [`LEAST`]. Fewer than [`FEWEST`] runs say nothing of how much an action varies.
//!
//! The factor is for a job that votes: one of its many limits suffices to fail it. Two series of 12
//! runs of the same code (November 2026, keystone's task with 65 limits and glance's with 39; one
//! machine, where other work made single runs three times slower) say how often one more run
//! exceeds a limit that some of the others set:
//!
//! ```text
//! factor   3 runs        5 runs        10 runs
//! 1.5      50 %, 24 %    31 %, 12 %    10 %, 8 %
//! 2        25 %, 11 %    14 %,  8 %     9 %, 8 %
//! 3         6 %,  2 %     2 %,  0 %     0 %, 0 %
//! ```
//!
//! What is slower by less is for `compare` and `trend`.

use statrs::statistics::{Data, OrderStatistics};

/// So many times what was measured.
pub const FACTOR: f64 = 3.0;

/// The least limit in seconds: a node that stalls for a moment is no regression.
pub const LEAST: f64 = 0.5;

/// A limit needs so many runs.
pub const FEWEST: usize = 3;

/// With fewer runs, the longest average counts instead of the quantile.
pub const FEWEST_FOR_QUANTILE: usize = 20;

const QUANTILE: f64 = 0.95;

/// A limit, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bound {
    /// The quantile, or the longest average, in seconds.
    pub measured: f64,
    pub is_quantile: bool,
    /// Seconds.
    pub limit: f64,
}

/// Returns the limit for what has these averages, one of each run, in seconds; `None` for too few.
pub fn bound(averages: &[f64]) -> Option<Bound> {
    let usable = averages.iter().copied();
    let usable: Vec<f64> = usable.filter(|s| s.is_finite() && *s >= 0.0).collect();
    if usable.len() < FEWEST {
        return None;
    }
    let is_quantile = usable.len() >= FEWEST_FOR_QUANTILE;
    let measured = match is_quantile {
        true => Data::new(usable).quantile(QUANTILE),
        false => usable.into_iter().fold(0.0, f64::max),
    };
    Some(Bound {
        measured,
        is_quantile,
        limit: rounded_up(FACTOR * measured).max(LEAST),
    })
}

/// Returns the next number with two digits.
fn rounded_up(seconds: f64) -> f64 {
    if seconds <= 0.0 {
        return 0.0;
    }
    let step = 10f64.powi(seconds.log10().floor() as i32 - 1);
    // What is a number of two digits but for the last bits of its binary form is that number.
    let steps = (seconds / step - 1e-9).ceil();
    match step < 1.0 {
        true => steps / (1.0 / step).round(),
        false => steps * step,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(averages: &[f64]) -> Option<f64> {
        bound(averages).map(|bound| bound.limit)
    }

    #[test]
    fn limits_have_two_digits_and_are_never_less() {
        for (longest, expected) in [
            (0.0, 0.5),
            (0.1, 0.5),
            (1.0 / 6.0, 0.5),
            (0.17, 0.51),
            (0.2, 0.6),
            (1.0, 3.0),
            (6.401, 20.0),
            (3.3, 9.9),
            (3.31, 10.0),
            (3.34, 11.0),
            (33.0, 99.0),
            (33.4, 110.0),
            (1000.0, 3000.0),
            (1001.0, 3100.0),
        ] {
            let found = limit(&[longest, 0.0, 0.0]);
            assert_eq!(found, Some(expected), "{longest}");
            let text = format!("{expected}");
            let digits = text.trim_end_matches('0').trim_matches(['0', '.']);
            assert!(digits.replace('.', "").len() <= 2, "{text}");
        }
    }

    #[test]
    fn few_runs_say_nothing() {
        assert_eq!(limit(&[]), None);
        assert_eq!(limit(&[1.0, 1.0]), None);
        assert_eq!(limit(&[1.0, 1.0, f64::NAN]), None);
        assert_eq!(limit(&[1.0, f64::INFINITY, -1.0, 1.0]), None);
        assert_eq!(limit(&[1.0, 1.0, 1.0]), Some(3.0));
    }

    #[test]
    fn one_outlier_of_many_runs_does_not_count() {
        let mut averages = vec![1.0; FEWEST_FOR_QUANTILE - 2];
        averages.push(10.0);
        let few = bound(&averages).expect("a limit");
        assert_eq!((few.measured, few.is_quantile), (10.0, false));
        averages.extend([1.0; 20]);
        let many = bound(&averages).expect("a limit");
        assert_eq!((many.measured, many.is_quantile), (1.0, true));
        assert_eq!(many.limit, 3.0);
    }
}
