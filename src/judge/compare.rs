//! Two sets of runs: what got worse, by how much, and how sure that is.

use std::collections::HashSet;

use super::outcome::{
    Change, Comparison, Failures, Other, OtherKind, Points, Shared, Subject, Verdict,
};
use super::shared::{CLEAR, FEWEST as FEWEST_WORKLOADS, middles, shared};
use super::significance::{Difference, FEWEST_AGAINST_ONE, Value, difference, holm, more_often};
use super::table::{Row, Series, Table};
use super::{Smallest, percent, setting, sift};
use crate::results::{Run, SetAside, Workload};

/// So improbable by chance must a change be, all durations taken together.
const LEVEL: f64 = 0.01;

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
    let mut failures = sides.failures();
    if no_comparison.is_some() {
        failures
            .iter_mut()
            .filter(|failures| failures.verdict != Verdict::Worse)
            .for_each(|failures| failures.verdict = Verdict::NotJudged);
    }
    let has_both = first > 0 && first < runs.len();
    let others = if has_both { sides.others() } else { Vec::new() };
    let shared_change = shared.and_then(|shared| sides.of_all(shared));
    let seen_from = seen_from(&changes);
    changes.sort_by(|a, b| {
        rank(a.verdict)
            .cmp(&rank(b.verdict))
            .then(b.percent.total_cmp(&a.percent))
    });
    failures.sort_by_key(|failure| rank(failure.verdict));
    let mut notes: Vec<String> = no_comparison.into_iter().collect();
    notes.extend(sides.notes(&runs, shared));
    let verdicts = changes
        .iter()
        .map(|change| change.verdict)
        .chain(failures.iter().map(|f| f.verdict));
    Comparison {
        verdict: overall(verdicts),
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
        (1, 1) => "there is one run on each side, so nobody knows how much runs differ without a change; five before and one after are enough, and three on each side".to_owned(),
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

/// Returns the verdict on all, by those on its parts.
pub(super) fn overall(verdicts: impl Iterator<Item = Verdict>) -> Verdict {
    let all: Vec<Verdict> = verdicts.collect();
    let by_weight = [Verdict::Worse, Verdict::Better, Verdict::Same];
    let found = by_weight.into_iter().find(|verdict| all.contains(verdict));
    found.unwrap_or(Verdict::NotJudged)
}

pub(super) fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Worse => 0,
        Verdict::Better => 1,
        Verdict::Same => 2,
        Verdict::NotJudged => 3,
    }
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
        let rough = shared(&self.table, runs, |row, _| middles[row])?;
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
        shared(&self.table, runs, |row, _| expected[row]).or(Some(rough))
    }

    fn has_clearly_changed(&self, row: &Row<'_>, shared: &[f64]) -> bool {
        let whole = row.durations.iter().find(|series| series.action.is_none());
        let found = whole.and_then(|whole| {
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
            Some(Value {
                value: cell.log - shared,
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
        let verdict = match found {
            None => Verdict::NotJudged,
            Some((_, p)) if p < LEVEL && self.smallest.is_met(before, after) => match by > 0.0 {
                true => Verdict::Worse,
                false => Verdict::Better,
            },
            Some(_) => Verdict::Same,
        };
        let interval =
            found.map(|(found, _)| (percent(by - found.margin), percent(by + found.margin)));
        let mut points = points(row, series, shared);
        points.seen_from = found
            .and_then(|(found, _)| found.seen_from(LEVEL / family as f64))
            .map(|log| log.max((1.0 + self.smallest.part).ln()));
        Change {
            subject: subject(row, series.action.as_deref()),
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

    /// Returns workloads of which iterations failed.
    fn failures(&self) -> Vec<Failures> {
        let counts: Vec<_> = self
            .table
            .workloads
            .iter()
            .map(|row| {
                let (before, after) = row.cells.split_at(self.first);
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
                    subject: subject(row, None),
                    verdict,
                    says: format!("{}, before {}", after.says(), before.share()),
                    p: (!all_fail).then_some(p),
                }
            })
            .collect()
    }

    /// Returns workloads that one side lacks, or has with another setting.
    fn others(&self) -> Vec<Other> {
        let has = |row: &Row<'_>| {
            let (before, after) = row.cells.split_at(self.first);
            let any = |cells: &[Option<&Workload>]| cells.iter().any(Option::is_some);
            (any(before), any(after))
        };
        let mut others = Vec::new();
        let is_same = |a: &Row<'_>, b: &Row<'_>| {
            (&a.key.scenario, a.description) == (&b.key.scenario, b.description)
        };
        for row in &self.table.workloads {
            let (kind, says) = match has(row) {
                (true, true) if row.durations.is_empty() => {
                    (OtherKind::NotMeasured, "no iteration succeeded".to_owned())
                }
                (true, true) => {
                    others.extend(self.other_actions(row));
                    continue;
                }
                (true, false) => {
                    let other = self
                        .table
                        .workloads
                        .iter()
                        .find(|other| is_same(row, other) && has(other) == (false, true));
                    match other {
                        Some(other) => (
                            OtherKind::OtherSetting,
                            setting::differences(&row.key.setting, &other.key.setting),
                        ),
                        None => (OtherKind::Missing, "no run after has it".to_owned()),
                    }
                }
                (false, _) => {
                    let is_known = self
                        .table
                        .workloads
                        .iter()
                        .any(|other| is_same(row, other) && has(other) == (true, false));
                    if is_known {
                        continue;
                    }
                    (OtherKind::New, "no run before has it".to_owned())
                }
            };
            others.push(Other {
                subject: subject(row, None),
                kind,
                says,
            });
        }
        others
    }

    /// Returns actions that one side lacks, where both have the workload.
    fn other_actions(&self, row: &Row<'_>) -> Vec<Other> {
        let has = |series: &Series| {
            let (before, after) = series.cells.split_at(self.first);
            (
                before.iter().any(Option::is_some),
                after.iter().any(Option::is_some),
            )
        };
        if row
            .durations
            .iter()
            .find(|series| series.action.is_none())
            .is_none_or(|whole| has(whole) != (true, true))
        {
            return Vec::new();
        }
        let others = row.durations.iter().filter_map(|series| {
            let (kind, says) = match has(series) {
                (true, false) => (OtherKind::Missing, "no run after has this action"),
                (false, true) => (OtherKind::New, "no run before has this action"),
                _ => return None,
            };
            Some(Other {
                subject: subject(row, series.action.as_deref()),
                kind,
                says: says.to_owned(),
            })
        });
        others.collect()
    }

    /// Returns how much slower all workloads are after.
    fn of_all(&self, shared: &[f64]) -> Option<Shared> {
        let values: Vec<Value> = shared
            .iter()
            .map(|&value| Value { value, within: 0.0 })
            .collect();
        let (before, after) = values.split_at(self.first);
        let found = difference(before, after)?;
        Some(Shared {
            percent: percent(found.by),
            low: percent(found.by - found.margin),
            high: percent(found.by + found.margin),
            stands_out: found.p < LEVEL && found.by.abs() >= (1.0 + self.smallest.part).ln(),
            at: None,
            since: None,
        })
    }

    fn notes(&self, runs: &[&Run], shared: Option<&[f64]>) -> Vec<String> {
        let mut notes = Vec::new();
        if shared.is_none() && !runs.is_empty() {
            notes.push(format!("there are fewer than {FEWEST_WORKLOADS} workloads, so a slow machine cannot be told from slow code"));
        }
        notes.extend(mixed(runs));
        notes
    }
}

/// Returns what people should know of runs that differ in more than what is compared.
pub(super) fn mixed(runs: &[&Run]) -> Vec<String> {
    let mut notes = Vec::new();
    let machines = sift::hardware(runs);
    if machines.len() > 1 {
        let list: Vec<String> = machines
            .iter()
            .map(|(name, count)| format!("{name}: {count}"))
            .collect();
        notes.push(format!(
            "the runs are from {} kinds of machines ({})",
            machines.len(),
            list.join(", ")
        ));
    }
    let versions: std::collections::BTreeSet<&str> =
        runs.iter().filter_map(|run| run.rally.as_deref()).collect();
    if versions.len() > 1 {
        let list: Vec<&str> = versions.into_iter().collect();
        notes.push(format!(
            "the runs are from several versions of Rally ({})",
            list.join(", ")
        ));
    }
    let impossible: u64 = runs
        .iter()
        .flat_map(|run| &run.workloads)
        .map(|workload| workload.impossible)
        .sum();
    if impossible > 0 {
        let iterations = match impossible {
            1 => "1 iteration with impossible times (none, negative, or longer than 30 days) is"
                .to_owned(),
            n => format!(
                "{n} iterations with impossible times (none, negative, or longer than 30 days) are"
            ),
        };
        notes.push(format!(
            "{iterations} left out; look at the clocks of these runs"
        ));
    }
    notes
}

pub(super) fn subject(row: &Row<'_>, action: Option<&str>) -> Subject {
    Subject {
        scenario: row.key.scenario.to_string(),
        description: row.description.to_owned(),
        action: action.map(str::to_owned),
    }
}

pub(super) fn points(row: &Row<'_>, series: &Series, shared: Option<&[f64]>) -> Points {
    let cells = || series.cells.iter().enumerate();
    let limits = row.cells.iter().rev().flatten();
    let mut limits = limits.filter_map(|workload| workload.limits.get(series.action.as_deref()?));
    Points {
        measured: cells()
            .map(|(_, cell)| cell.map(|cell| cell.log.exp()))
            .collect(),
        adjusted: cells()
            .map(|(run, cell)| {
                cell.map(|cell| (cell.log - shared.map_or(0.0, |shared| shared[run])).exp())
            })
            .collect(),
        limit: limits.next().copied(),
        seen_from: None,
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

/// How often a workload failed.
pub(super) struct Count {
    pub(super) runs: usize,
    /// Runs of which an iteration failed.
    pub(super) failing: usize,
    pub(super) iterations: u64,
    pub(super) failed: u64,
    timeouts: u64,
}

impl Count {
    pub(super) fn of(cells: &[Option<&Workload>]) -> Count {
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
    pub(super) fn says(&self) -> String {
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
