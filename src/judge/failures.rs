//! Workloads of which iterations failed.

use super::levels::mean;
use super::outcome::{Failures, Verdict};
use super::sift::named;
use super::significance::{holm, more_often};
use super::steps::{self, Care, FEWEST};
use super::table::Table;
use crate::results::{Run, Workload};

/// So improbable by chance must it be that more runs fail.
const LEVEL: f64 = 0.01;

/// Returns workloads of which iterations failed, of runs of which `first` are before.
pub(super) fn of_sides(table: &Table<'_>, first: usize) -> Vec<Failures> {
    let counts: Vec<_> = table
        .workloads
        .iter()
        .map(|row| {
            let (before, after) = row.cells.split_at(first);
            (row, Count::of(before), Count::of(after))
        })
        .filter(|(_, before, after)| before.runs > 0 && after.runs > 0)
        .collect();
    let p: Vec<f64> = counts
        .iter()
        .map(|(_, before, after)| {
            more_often((before.failing, before.runs), (after.failing, after.runs))
        })
        .collect();
    let counted = counts.iter().zip(holm(&p));
    counted
        .filter(|((_, before, after), _)| before.failing + after.failing > 0)
        .map(|((row, before, after), p)| {
            let all_fail =
                after.failed == after.iterations && 2 * before.failed < before.iterations;
            // That fewer fail is told, and no verdict: nobody waits for a test to pass it.
            let verdict = match all_fail || p < LEVEL {
                true => Verdict::Worse,
                false => Verdict::Same,
            };
            Failures {
                subject: row.subject(None),
                verdict,
                says: format!("{}, before {}", after.says(), before.share()),
                p: (!all_fail).then_some(p),
            }
        })
        .collect()
}

/// Returns workloads that fail now, or did.
pub(super) fn of_series(table: &Table<'_>, runs: &[&Run]) -> Vec<Failures> {
    let rows = table.workloads.iter();
    let counted = rows
        .map(|row| (row, Count::of(&row.cells)))
        .filter(|(_, all)| all.failing > 0);
    counted
        .map(|(row, all)| {
            let is_bad = |workload: &Workload| workload.failed > 0 || workload.iterations == 0;
            let present: Vec<(usize, &Workload)> = row
                .cells
                .iter()
                .enumerate()
                .filter_map(|(run, cell)| Some((run, (*cell)?)))
                .collect();
            let at_end = present
                .iter()
                .rev()
                .take_while(|(_, workload)| is_bad(workload))
                .count();
            let last = present.last().map(|(_, workload)| *workload);
            let ends_whole = last.is_some_and(|last| last.failed == last.iterations);
            let since = (at_end > 0).then(|| named(runs[present[present.len() - at_end].0]));
            let care = Care {
                level: LEVEL,
                shuffles: 9_999,
                draws_back: false,
            };
            let shares: Vec<f64> = present
                .iter()
                .map(|(_, w)| {
                    if w.iterations == 0 {
                        1.0
                    } else {
                        w.failed as f64 / w.iterations as f64
                    }
                })
                .collect();
            let split = steps::split(&shares, care);
            let rises = split.p <= LEVEL
                && split
                    .at
                    .last()
                    .is_some_and(|&at| mean(&shares[at..]) > mean(&shares[..at]));
            let all_fail = ends_whole && at_end < present.len();
            let verdict = match rises || all_fail {
                true => Verdict::Worse,
                false if shares.len() < FEWEST => Verdict::NotJudged,
                false => Verdict::Same,
            };
            let says = format!("{}, in {} of {} runs", all.says(), all.failing, all.runs);
            Failures {
                subject: row.subject(None),
                verdict,
                says: match (&since, at_end) {
                    (Some(since), 1) => format!("{says}; the last run fails, {since}"),
                    (Some(since), _) if at_end == all.failing => {
                        format!("{says}, all since {since}")
                    }
                    _ => says,
                },
                p: (shares.len() >= FEWEST).then_some(split.p),
            }
        })
        .collect()
}

/// How often a workload failed.
struct Count {
    runs: usize,
    /// Runs of which an iteration failed.
    failing: usize,
    iterations: u64,
    failed: u64,
    timeouts: u64,
}

impl Count {
    fn of(cells: &[Option<&Workload>]) -> Count {
        let workloads = || cells.iter().flatten();
        Count {
            runs: workloads().count(),
            failing: workloads()
                .filter(|workload| workload.failed > 0 || workload.iterations == 0)
                .count(),
            iterations: workloads().map(|workload| workload.iterations).sum(),
            failed: workloads().map(|workload| workload.failed).sum(),
            timeouts: workloads().map(|workload| workload.timeouts).sum(),
        }
    }

    /// Returns it in short: `0 of 120`.
    fn share(&self) -> String {
        format!("{} of {}", self.failed, self.iterations)
    }

    /// Returns it for people: `10 of 10 iterations fail (8 timeouts)`.
    fn says(&self) -> String {
        let timeouts = match self.timeouts {
            0 => String::new(),
            1 => " (1 timeout)".to_owned(),
            number => format!(" ({number} timeouts)"),
        };
        match self.iterations {
            0 => "no iteration ran".to_owned(),
            all => format!("{} of {all} iterations failed{timeouts}", self.failed),
        }
    }
}
