//! Workloads of which iterations failed.

use super::levels::mean;
use super::outcome::{Failures, Verdict};
use super::sift::named;
use super::significance::{Value, difference, holm};
use super::steps::{self, Care, FEWEST};
use super::table::Table;
use crate::results::{Run, Workload};

/// So improbable by chance must it be that more runs fail.
const LEVEL: f64 = 0.01;

/// A workload that hardly failed before: only then is it news that it fails as a whole.
const HARDLY: f64 = 0.1;

/// Returns workloads of which iterations failed, of runs of which `first` are before.
///
/// Workloads that never failed are not among the comparisons that are corrected for: no test could
/// find something there (R. E. Tarone, A modified Bonferroni method for discrete data, Biometrics 46,
/// 1990).
pub(super) fn of_sides(table: &Table<'_>, first: usize) -> Vec<Failures> {
    let counts: Vec<_> = table
        .workloads
        .iter()
        .map(|row| {
            let (before, after) = row.cells.split_at(first);
            (row, Count::of(before), Count::of(after))
        })
        .filter(|(_, before, after)| before.runs > 0 && after.runs > 0)
        .filter(|(_, before, after)| before.failing + after.failing > 0)
        .collect();
    let tested: Vec<Option<f64>> = counts
        .iter()
        .map(|(row, ..)| more_fail(&row.cells[..first], &row.cells[first..]))
        .collect();
    let known: Vec<f64> = tested.iter().copied().flatten().collect();
    let mut adjusted = holm(&known).into_iter();
    let counted = counts.iter().zip(tested);
    counted
        .map(|((row, before, after), p)| {
            let p = p.and_then(|_| adjusted.next());
            let all_fail = after.share() == 1.0 && before.share() <= HARDLY;
            // That fewer fail is told, and no verdict: nobody waits for a test to pass it.
            let verdict = match p {
                _ if all_fail => Verdict::Worse,
                None if after.share() > before.share() => Verdict::NotJudged,
                Some(p) if p < LEVEL => Verdict::Worse,
                _ => Verdict::Same,
            };
            Failures {
                subject: row.subject(None),
                verdict,
                says: format!("{}, before {}", after.says(), before.in_short()),
                p: p.filter(|_| !all_fail),
            }
        })
        .collect()
}

/// Returns how probable it is by chance that so much more of the iterations fail after; `None` where
/// there are too few runs to say.
///
/// A run is the unit here, too: the shares of the runs are compared, with no less noise than
/// independent iterations would have.
fn more_fail(before: &[Option<&Workload>], after: &[Option<&Workload>]) -> Option<f64> {
    let all = || before.iter().chain(after).flatten();
    let failed: f64 = all().map(|workload| failed(workload)).sum();
    let of: f64 = all().map(|workload| iterations(workload)).sum();
    let share = failed / of;
    let values = |cells: &[Option<&Workload>]| -> Vec<Value> {
        let value = |workload: &&Workload| Value {
            value: self::failed(workload) / iterations(workload),
            within: share * (1.0 - share) / iterations(workload),
        };
        cells.iter().flatten().map(value).collect()
    };
    let found = difference(&values(before), &values(after))?;
    Some(if found.by > 0.0 { found.p / 2.0 } else { 1.0 })
}

/// A workload of which no iteration ran has failed as one.
fn failed(workload: &Workload) -> f64 {
    match workload.iterations {
        0 => 1.0,
        _ => workload.failed as f64,
    }
}

fn iterations(workload: &Workload) -> f64 {
    workload.iterations.max(1) as f64
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
            // What does not run any more fails no more; that it is missing is told elsewhere.
            let last = row.cells.last().copied().flatten();
            let ends_whole = last.is_some_and(|last| last.failed == last.iterations);
            let before_the_end: Vec<Option<&Workload>> = present[..present.len() - at_end]
                .iter()
                .map(|(_, workload)| Some(*workload))
                .collect();
            let since = (at_end > 0 && last.is_some())
                .then(|| named(runs[present[present.len() - at_end].0]));
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
            let rises = last.is_some()
                && split.p <= LEVEL
                && split
                    .at
                    .last()
                    .is_some_and(|place| mean(&shares[place.at..]) > mean(&shares[..place.at]));
            let all_fail = ends_whole
                && !before_the_end.is_empty()
                && Count::of(&before_the_end).share() <= HARDLY;
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

    fn share(&self) -> f64 {
        match self.iterations {
            0 => 1.0,
            all => self.failed as f64 / all as f64,
        }
    }

    /// Returns it in short: `0 of 120`.
    fn in_short(&self) -> String {
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
