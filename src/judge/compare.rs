//! Two sets of runs: what got worse, by how much, and how sure that is.

use std::collections::HashSet;

use super::outcome::{Change, Comparison, Shared, Verdict};
use super::shared::{CLEAR, FEWEST as FEWEST_WORKLOADS, FEWEST_LEFT, middles, shared, unknown};
use super::significance::{Difference, FEWEST_AGAINST_ONE, Value, difference, holm};
use super::table::{Row, Series, Table};
use super::{Smallest, failures, others, percent, sift};
use crate::results::{Run, SetAside};

/// So improbable by chance must a change be, all durations taken together.
const LEVEL: f64 = 0.01;

/// If a change of less than this part would not be called worse, there is no verdict: that nothing was
/// seen says nothing then.
pub const BLIND: f64 = 0.5;

/// A difference of whole runs by this part is told, be it by chance or not: it is taken out.
const TOLD: f64 = 0.1;

/// Returns what the runs `after` say against the runs `before`.
pub fn compare(
    before: &[Run],
    after: &[Run],
    mut aside: Vec<SetAside>,
    smallest: Smallest,
) -> Comparison {
    let mut seen = HashSet::new();
    let mut runs = sift::sift(before, &mut seen, &mut aside);
    let first = runs.len();
    runs.extend(sift::sift(after, &mut seen, &mut aside));
    let sides = Sides {
        first,
        smallest,
        table: Table::of(&runs),
    };
    let taken_out = sides.taken_out(runs.len());
    let shared = taken_out.as_deref();
    let no_comparison = reason_for_none(&runs[..first], &runs[first..]);
    let mut changes = sides.changes(shared);
    if no_comparison.is_some() {
        changes
            .iter_mut()
            .for_each(|change| change.verdict = Verdict::NotJudged);
    }
    let mut failures = failures::of_sides(&sides.table, first);
    if no_comparison.is_some() {
        failures
            .iter_mut()
            .filter(|failures| failures.verdict != Verdict::Worse)
            .for_each(|failures| failures.verdict = Verdict::NotJudged);
    }
    let has_both = first > 0 && first < runs.len();
    let others = match has_both {
        true => others::of_sides(&sides.table, first),
        false => Vec::new(),
    };
    let shared_change = shared.and_then(|shared| sides.of_all(shared));
    let seen_from = seen_from(&changes);
    changes.sort_by(|a, b| {
        (a.verdict.rank())
            .cmp(&b.verdict.rank())
            .then(b.percent.total_cmp(&a.percent))
    });
    failures.sort_by_key(|failure| failure.verdict.rank());
    let mut notes: Vec<String> = no_comparison.into_iter().collect();
    notes.extend(sides.notes(&runs, shared));
    let verdicts: Vec<Verdict> = changes.iter().map(|change| change.verdict).collect();
    Comparison {
        verdict: Verdict::of_all(&verdicts, &failures),
        before: sift::side(&runs[..first], shared.map(|all| &all[..first])),
        after: sift::side(&runs[first..], shared.map(|all| &all[first..])),
        changes,
        failures,
        others,
        shared: shared_change,
        seen_from,
        aside,
        notes,
    }
}

/// Returns why nothing can be compared; `None` if it can.
fn reason_for_none(before: &[&Run], after: &[&Run]) -> Option<String> {
    let (one, two) = (before.len(), after.len());
    let fewest = match (one, two) {
        (0, _) => return Some("no verdict: no run before".to_owned()),
        (_, 0) => return Some("no verdict: no run after".to_owned()),
        (1, 1) => "there is one run on each side, so nobody knows how much runs differ without a change; it takes two on each side, or five before and one after, and more to see small changes".to_owned(),
        (1, n) | (n, 1) if n < FEWEST_AGAINST_ONE => format!("one run against {n} is too few to know how much runs differ without a change; it takes {FEWEST_AGAINST_ONE}, or two on each side"),
        _ => String::new(),
    };
    if !fewest.is_empty() {
        return Some(format!("no verdict: {fewest}"));
    }
    let machines = [before, after].map(sift::hardware);
    let [known, others] = &machines;
    let is_disjoint = !known.is_empty()
        && !others.is_empty()
        && known.keys().all(|name| !others.contains_key(name));
    let list = |of: &std::collections::BTreeMap<String, usize>| {
        of.keys().cloned().collect::<Vec<_>>().join(", ")
    };
    is_disjoint.then(|| {
        format!(
            "no verdict: the runs before were on other machines ({}) than those after ({})",
            list(known),
            list(others)
        )
    })
}

/// Returns the change in percent from which half of the durations would have been called worse.
fn seen_from(changes: &[Change]) -> Option<f64> {
    let seen: Vec<f64> = changes
        .iter()
        .filter_map(|change| change.points.seen_from)
        .collect();
    (!seen.is_empty()).then(|| percent(super::median(seen)))
}

/// The runs of both sides as one table.
struct Sides<'a> {
    /// How many runs are before.
    first: usize,
    smallest: Smallest,
    table: Table<'a>,
}

impl Sides<'_> {
    /// Returns for each run what its workloads share, as a logarithm.
    fn taken_out(&self, runs: usize) -> Option<Vec<f64>> {
        let middles = middles(&self.table);
        let rough = shared(&self.table, runs, FEWEST_WORKLOADS, |row, _| middles[row])?;
        // Workloads that clearly changed would pull the middle with them.
        let expected: Vec<f64> = self
            .table
            .workloads
            .iter()
            .zip(middles)
            .map(
                |(row, middle)| match self.has_clearly_changed(row, &rough) {
                    true => f64::NAN,
                    false => middle,
                },
            )
            .collect();
        shared(&self.table, runs, FEWEST_LEFT, |row, _| expected[row]).or(Some(rough))
    }

    fn has_clearly_changed(&self, row: &Row<'_>, shared: &[f64]) -> bool {
        let found = row.whole().and_then(|whole| {
            let (before, after) = self.values(whole, Some(shared));
            difference(&before, &after)
        });
        found.is_some_and(|found| found.p < LEVEL && found.by.abs() >= (1.0 + CLEAR).ln())
    }

    /// Returns the values of both sides.
    fn values(&self, series: &Series, shared: Option<&[f64]>) -> (Vec<Value>, Vec<Value>) {
        let value = |run: usize| {
            let cell = series.cells[run]?;
            let shared = shared.map_or(0.0, |shared| shared[run]);
            let value = cell.log - shared;
            value.is_finite().then_some(Value {
                value,
                within: cell.within,
            })
        };
        let before = (0..self.first).filter_map(value).collect();
        (
            before,
            (self.first..series.cells.len()).filter_map(value).collect(),
        )
    }

    fn changes(&self, shared: Option<&[f64]>) -> Vec<Change> {
        let rows = self.table.workloads.iter();
        let pairs = rows.flat_map(|row| row.durations.iter().map(move |series| (row, series)));
        let measured: Vec<_> = pairs
            .filter_map(|(row, series)| {
                let (before, after) = self.values(series, shared);
                let both = !before.is_empty() && !after.is_empty();
                both.then(|| {
                    (
                        row,
                        series,
                        difference(&before, &after),
                        mean(&before),
                        mean(&after),
                    )
                })
            })
            .collect();
        let p: Vec<f64> = measured
            .iter()
            .filter_map(|(_, _, found, ..)| found.map(|found| found.p))
            .collect();
        let mut adjusted = holm(&p).into_iter();
        let family = p.len();
        measured
            .into_iter()
            .map(|(row, series, found, before, after)| {
                let p = found.and_then(|_| adjusted.next());
                self.change(row, series, shared, (before, after), found.zip(p), family)
            })
            .collect()
    }

    fn change(
        &self,
        row: &Row<'_>,
        series: &Series,
        shared: Option<&[f64]>,
        (before, after): (f64, f64),
        found: Option<(Difference, f64)>,
        family: usize,
    ) -> Change {
        let by = after - before;
        let (before, after) = (before.exp(), after.exp());
        let seen_from = found
            .and_then(|(found, _)| found.seen_from(LEVEL / family as f64))
            .map(|log| log.max((1.0 + self.smallest.part).ln()));
        let is_blind = seen_from.is_none_or(|log| log > (1.0 + BLIND).ln());
        let verdict = match found {
            None => Verdict::NotJudged,
            Some((_, p)) if p < LEVEL && self.smallest.is_met(before, after) => {
                match (by > 0.0, self.is_seen_as_measured(series, by)) {
                    (true, true) => Verdict::Worse,
                    (false, true) => Verdict::Better,
                    // Only what was taken out makes it differ: it may be that which is wrong.
                    (_, false) => Verdict::NotJudged,
                }
            }
            Some(_) if is_blind => Verdict::NotJudged,
            Some(_) => Verdict::Same,
        };
        let interval =
            found.map(|(found, _)| (percent(by - found.margin), percent(by + found.margin)));
        let mut points = row.points(series, shared);
        points.seen_from = seen_from;
        Change {
            subject: row.subject(series.action.as_deref()),
            verdict,
            before,
            after,
            percent: percent(by),
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            p: found.map(|(_, p)| p),
            between_runs: self.between(series, shared).map(percent),
            within_runs: percent(within(row, series)),
            points,
        }
    }

    /// Returns whether what was measured changed the same way, and by what matters.
    fn is_seen_as_measured(&self, series: &Series, by: f64) -> bool {
        let (before, after) = self.values(series, None);
        let measured = mean(&after) - mean(&before);
        measured.signum() == by.signum() && measured.abs() >= (1.0 + self.smallest.part).ln()
    }

    /// Returns the standard deviation between runs of the same side, as a logarithm.
    fn between(&self, series: &Series, shared: Option<&[f64]>) -> Option<f64> {
        let (before, after) = self.values(series, shared);
        let squares = |values: &[Value]| {
            let mean = mean(values);
            values.iter().map(|v| (v.value - mean).powi(2)).sum::<f64>()
        };
        let freedom = (before.len() + after.len())
            .checked_sub(2)
            .filter(|&n| n > 0)?;
        Some(((squares(&before) + squares(&after)) / freedom as f64).sqrt())
    }

    /// Returns how much slower all workloads are after.
    fn of_all(&self, shared: &[f64]) -> Option<Shared> {
        let (before, after) = shared.split_at(self.first);
        let values = |factors: &[f64]| -> Vec<Value> {
            let known = factors.iter().filter(|factor| factor.is_finite());
            known.map(|&value| Value { value, within: 0.0 }).collect()
        };
        let found = difference(&values(before), &values(after))?;
        Some(Shared {
            percent: percent(found.by),
            low: percent(found.by - found.margin),
            high: percent(found.by + found.margin),
            stands_out: found.by.abs() >= (1.0 + TOLD).ln()
                || (found.p < LEVEL && found.by.abs() >= (1.0 + self.smallest.part).ln()),
            at: None,
            since: None,
        })
    }

    fn notes(&self, runs: &[&Run], shared: Option<&[f64]>) -> Vec<String> {
        let mut notes = Vec::new();
        if shared.is_none() && !runs.is_empty() {
            notes.push(format!("there are fewer than {FEWEST_WORKLOADS} workloads, so a slow machine cannot be told from slow code"));
        }
        notes.extend(unknown(shared));
        notes.extend(sift::mixed(runs));
        notes
    }
}

fn mean(values: &[Value]) -> f64 {
    values.iter().map(|v| v.value).sum::<f64>() / values.len() as f64
}

/// Returns the standard deviation within a run, as a logarithm: the middle of all runs.
fn within(row: &Row<'_>, series: &Series) -> f64 {
    let durations = row
        .cells
        .iter()
        .flatten()
        .flat_map(|workload| &workload.durations);
    let spreads = durations
        .filter(|duration| duration.action == series.action)
        .map(|duration| duration.spread);
    super::median(spreads.collect())
}
