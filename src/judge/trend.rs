//! A series of runs: where it changed, by how much, since which run.

use std::collections::HashSet;

use super::levels::{Stretch, alike, doubt, is_drift, levels, merged, straight};
use super::outcome::{Level, Series, Shared, Step, Trend, Verdict};
use super::shared::{CLEAR, FEWEST as FEWEST_WORKLOADS, FEWEST_LEFT, middles, shared, unknown};
use super::significance::{Value, difference};
use super::steps::{self, Care, FEWEST, LEVEL, Place};
use super::sure::{WholeRuns, settle_sure};
use super::table::{Row, Series as Cells, Table};
use super::{Smallest, failures, median, others, percent, sift};
use crate::cores::on_every_core;
use crate::results::{Run, SetAside};

/// Shuffles for the first look, which only says what each run shares.
const ROUGHLY: u32 = 199;

/// Returns what the runs say as a series; in the order of their starts, unless `in_order` says that
/// they are in order.
pub fn trend(runs: &[Run], mut aside: Vec<SetAside>, smallest: Smallest, in_order: bool) -> Trend {
    let mut runs = sift::sift(runs, &mut HashSet::new(), &mut aside);
    let mut notes = Vec::new();
    if !in_order {
        notes.extend(order(&mut runs, &mut aside));
    }
    let table = Table::of(&runs);
    let judged: Vec<Line> = lines(&table);
    let taken_out = taken_out(&table, &judged, runs.len());
    let shared = taken_out.as_deref();
    // As many as it takes for one change among all series to be sure.
    let shuffles = (100 * judged.len() as u32).clamp(9_999, 199_999);
    let care = Care {
        level: LEVEL,
        shuffles,
        draws_back: true,
    };
    let wandering = wandering(&judged, shared);
    let judged_line = |line: &Line<'_>| line.judged(&runs, shared, care, wandering, smallest);
    let mut series = on_every_core(&judged, judged_line);
    let shared_changes = shared
        .map(|shared| of_all(shared, &runs, care, smallest))
        .unwrap_or_default();
    let whole_runs = WholeRuns {
        changes: &shared_changes,
        factors: shared.unwrap_or_default(),
    };
    settle_sure(&mut series, &whole_runs, smallest);
    let mut failures = failures::of_series(&table, &runs);
    series.sort_by(|a, b| {
        (a.verdict.rank())
            .cmp(&b.verdict.rank())
            .then(last_percent(b).total_cmp(&last_percent(a)))
    });
    failures.sort_by_key(|failure| failure.verdict.rank());
    if runs.len() < FEWEST {
        let are = match runs.len() {
            0 => "there is no run".to_owned(),
            1 => "there is one run".to_owned(),
            n => format!("there are {n} runs"),
        };
        notes.insert(
            0,
            format!("no verdict: {are}, and it takes {FEWEST} to tell a change from chance"),
        );
    }
    if shared.is_none() && runs.len() >= FEWEST {
        notes.push(format!("there are fewer than {FEWEST_WORKLOADS} workloads, so a slow machine cannot be told from slow code"));
    }
    notes.extend(unknown(shared));
    notes.extend(sift::mixed(&runs));
    let verdicts: Vec<Verdict> = series.iter().map(|series| series.verdict).collect();
    Trend {
        verdict: Verdict::of_all(&verdicts, &failures),
        runs: sift::lines(&runs, shared),
        hardware: sift::hardware(&runs),
        others: others::of_series(&table, &runs),
        series,
        failures,
        shared: shared_changes,
        aside,
        notes,
    }
}

/// The standard deviation of a correlation by chance, times the root of the number of runs.
const BY_CHANCE: f64 = 1.3;

/// No noise is taken to wander more.
const MOST_WANDERING: f64 = 0.95;

/// Returns how much noise wanders, as the correlation of a run with the one before it that is there at
/// least: one series says little of it, the middle of all says more.
fn wandering(judged: &[Line<'_>], shared: Option<&[f64]>) -> f64 {
    let logs = judged.iter().map(|line| line.values(shared).logs);
    let long: Vec<Vec<f64>> = logs.filter(|logs| logs.len() >= FEWEST).collect();
    let known: Vec<f64> = long
        .iter()
        .map(|logs| alike(&steps::drawn_back(logs)))
        .filter(|correlation| correlation.is_finite())
        .collect();
    let runs: usize = long.iter().map(Vec::len).sum();
    match known.is_empty() {
        true => 0.0,
        false => median(known).min(MOST_WANDERING) - BY_CHANCE / (runs as f64).sqrt(),
    }
}

/// Returns for each run what its workloads share, as a logarithm.
fn taken_out(table: &Table<'_>, judged: &[Line<'_>], runs: usize) -> Option<Vec<f64>> {
    let mut expected = middles(table);
    let rough = shared(table, runs, FEWEST_WORKLOADS, |row, _| expected[row])?;
    let care = Care {
        level: LEVEL,
        shuffles: ROUGHLY,
        draws_back: true,
    };
    let wholes = judged.iter().filter(|line| line.cells.action.is_none());
    let wholes: Vec<Line> = wholes.copied().collect();
    let changed = on_every_core(&wholes, |line| line.has_clearly_changed(&rough, care));
    // Workloads that clearly changed would pull the middle with them.
    for (line, _) in wholes.iter().zip(changed).filter(|(_, changed)| *changed) {
        expected[line.row] = f64::NAN;
    }
    shared(table, runs, FEWEST_LEFT, |row, _| expected[row]).or(Some(rough))
}

/// Orders the runs by their starts, and leaves those out that have none; returns what to say about it.
fn order(runs: &mut Vec<&Run>, aside: &mut Vec<SetAside>) -> Option<String> {
    if runs.iter().all(|run| run.started.is_none()) {
        let run = runs.first()?;
        return Some(format!(
            "no run says when it started, not even `{}`, so they are in the order in which they were given, those of a folder by name",
            run.name
        ));
    }
    runs.retain(|run| {
        if run.started.is_none() {
            aside.push(SetAside {
                path: run.name.clone(),
                reason:
                    "it does not say when it started; --in-order takes the runs as they are given"
                        .to_owned(),
            });
        }
        run.started.is_some()
    });
    let start = |run: &Run| run.started.unwrap_or_default();
    // Within a folder, people name runs in their order.
    let folder = |run: &Run| {
        run.name
            .rsplit_once('/')
            .map(|(folder, _)| folder.to_owned())
    };
    let odd = runs
        .windows(2)
        .find(|pair| folder(pair[0]) == folder(pair[1]) && start(pair[0]) > start(pair[1]));
    let note = odd.map(|pair| {
        format!(
            "the runs are in the order of their starts, which is not that of their names: `{}` started at {}, `{}` at {}; --in-order takes them as they are given",
            pair[0].name, sift::date(start(pair[0])), pair[1].name, sift::date(start(pair[1])),
        )
    });
    runs.sort_by(|a, b| start(a).total_cmp(&start(b)));
    note
}

/// One duration of one workload.
#[derive(Clone, Copy)]
struct Line<'a> {
    row: usize,
    workload: &'a Row<'a>,
    cells: &'a Cells,
}

/// The runs that have a duration, and its logarithms there.
struct Values {
    runs: Vec<usize>,
    logs: Vec<f64>,
    within: Vec<f64>,
}

fn lines<'a>(table: &'a Table<'a>) -> Vec<Line<'a>> {
    let rows = table.workloads.iter().enumerate();
    rows.flat_map(|(row, workload)| {
        workload.durations.iter().map(move |cells| Line {
            row,
            workload,
            cells,
        })
    })
    .collect()
}

impl Line<'_> {
    fn values(&self, shared: Option<&[f64]>) -> Values {
        let mut values = Values {
            runs: Vec::new(),
            logs: Vec::new(),
            within: Vec::new(),
        };
        for (run, cell) in self.cells.cells.iter().enumerate() {
            if let Some(cell) = cell {
                let log = cell.log - shared.map_or(0.0, |shared| shared[run]);
                if log.is_finite() {
                    values.runs.push(run);
                    values.logs.push(log);
                    values.within.push(cell.within);
                }
            }
        }
        values
    }

    fn has_clearly_changed(&self, shared: &[f64], care: Care) -> bool {
        let values = self.values(Some(shared));
        let places = steps::split(&values.logs, care).at;
        let levels = levels(&steps::drawn_back(&values.logs), &places);
        let mut changes = levels
            .windows(2)
            .map(|pair| (pair[1].log - pair[0].log).abs());
        changes.any(|change| change >= (1.0 + CLEAR).ln())
    }

    fn judged(
        &self,
        runs: &[&Run],
        shared: Option<&[f64]>,
        care: Care,
        wandering: f64,
        smallest: Smallest,
    ) -> Series {
        let values = self.values(shared);
        let count = values.logs.len();
        let is_judged = count >= FEWEST;
        let split = steps::split(&values.logs, care);
        let drawn = steps::drawn_back(&values.logs);
        let mut places = merged(&drawn, split.at, smallest);
        doubt(&drawn, &mut places, wandering);
        let is_doubtful = !places.is_empty() && places.iter().all(|place| place.p >= 1.0);
        let p = if is_doubtful { 1.0 } else { split.p };
        let drifts = !places.is_empty() && is_drift(&drawn, &places);
        let levels = levels(&drawn, &places);
        let mut steps: Vec<Step> = match drifts {
            true => vec![drift(&drawn, &places, &values, runs)],
            false => steps_of(&drawn, &places, &levels, &values, runs, smallest),
        };
        // What is not run any more is no slower now.
        let is_over = self.workload.cells.last().is_none_or(Option::is_none);
        for step in &mut steps {
            step.holds &= !is_over;
        }
        Series {
            subject: self.workload.subject(self.cells.action.as_deref()),
            verdict: if is_judged {
                Verdict::Same
            } else {
                Verdict::NotJudged
            },
            count,
            steps,
            drifts,
            levels: levels
                .iter()
                .map(|level| Level {
                    from: values.runs[level.from],
                    to: values.runs[level.to],
                    seconds: level.log.exp(),
                })
                .collect(),
            p: is_judged.then_some(p),
            points: self.workload.points(self.cells, shared),
        }
    }
}

fn drift(drawn: &[f64], places: &[Place], values: &Values, runs: &[&Run]) -> Step {
    let (start, slope) = straight(drawn);
    let end = start + slope * (drawn.len() as f64 - 1.0);
    let first = values.runs[0];
    Step {
        at: first,
        since: runs[first].name.clone(),
        started: runs[first].started.map(sift::date),
        before: start.exp(),
        after: end.exp(),
        percent: percent(end - start),
        low: None,
        high: None,
        p: places.iter().map(|place| place.p).fold(1.0, f64::min),
        is_sure: false,
        holds: slope > 0.0,
    }
}

fn steps_of(
    drawn: &[f64],
    places: &[Place],
    levels: &[Stretch],
    values: &Values,
    runs: &[&Run],
    smallest: Smallest,
) -> Vec<Step> {
    let last = levels.last().map_or(0.0, |level| level.log.exp());
    let step = |(pair, place): (&[Stretch], &Place)| {
        let [before, after] = [pair[0], pair[1]];
        let side = |level: Stretch| -> Vec<Value> {
            (level.from..=level.to)
                .map(|at| Value {
                    value: drawn[at],
                    within: values.within[at],
                })
                .collect()
        };
        let by = after.log - before.log;
        let found = difference(&side(before), &side(after));
        let run = values.runs[place.at];
        Step {
            at: run,
            since: runs[run].name.clone(),
            started: runs[run].started.map(sift::date),
            before: before.log.exp(),
            after: after.log.exp(),
            percent: percent(by),
            low: found.map(|found| percent(by - found.margin)),
            high: found.map(|found| percent(by + found.margin)),
            p: place.p,
            is_sure: false,
            holds: by > 0.0 && last > before.log.exp() && smallest.is_met(before.log.exp(), last),
        }
    };
    levels.windows(2).zip(places).map(step).collect()
}

fn last_percent(series: &Series) -> f64 {
    let worst = series
        .steps
        .iter()
        .filter(|step| step.holds)
        .map(|step| step.percent);
    worst.fold(f64::NEG_INFINITY, f64::max)
}

/// Returns the changes of what all workloads share.
fn of_all(shared: &[f64], runs: &[&Run], care: Care, smallest: Smallest) -> Vec<Shared> {
    let known = shared
        .iter()
        .enumerate()
        .filter(|(_, factor)| factor.is_finite());
    let (known, shared): (Vec<usize>, Vec<f64>) = known.unzip();
    let split = steps::split(&shared, care);
    let drawn = steps::drawn_back(&shared);
    let small = Smallest {
        seconds: 0.0,
        ..smallest
    };
    let places = merged(&drawn, split.at, small);
    let levels = levels(&drawn, &places);
    let one = |(pair, place): (&[Stretch], &Place)| {
        let by = pair[1].log - pair[0].log;
        let side = |level: Stretch| -> Vec<Value> {
            drawn[level.from..=level.to]
                .iter()
                .map(|&value| Value { value, within: 0.0 })
                .collect()
        };
        let margin =
            difference(&side(pair[0]), &side(pair[1])).map_or(f64::NAN, |found| found.margin);
        Shared {
            percent: percent(by),
            low: percent(by - margin),
            high: percent(by + margin),
            stands_out: true,
            at: Some(known[place.at]),
            since: Some(sift::named(runs[known[place.at]])),
        }
    };
    levels.windows(2).zip(&places).map(one).collect()
}
