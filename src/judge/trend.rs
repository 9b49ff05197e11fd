//! A series of runs: where it changed, by how much, since which run.

use std::collections::HashSet;

use super::compare::{Count, mixed, overall, points, rank, subject};
use super::outcome::{Failures, Level, Other, OtherKind, Series, Shared, Step, Trend, Verdict};
use super::shared::{CLEAR, FEWEST as FEWEST_WORKLOADS, middles, shared};
use super::significance::{Value, benjamini_hochberg, difference};
use super::steps::{self, Care, FEWEST, LEVEL};
use super::table::{Row, Series as Cells, Table};
use super::{Smallest, percent, setting, sift};
use crate::cores::on_every_core;
use crate::results::{Run, SetAside, Workload};

/// Of the changes that are called sure, no larger part is by chance.
const FALSE_PART: f64 = 0.02;

/// Shuffles for the first look, which only says what each run shares.
const ROUGHLY: u32 = 199;

/// Returns what the runs say as a series; in the order of their starts, unless `in_order` says that
/// they are in order.
pub fn trend(runs: &[Run], mut aside: Vec<SetAside>, smallest: Smallest, in_order: bool) -> Trend {
    let mut runs = sift::sift(runs, &mut HashSet::new(), &mut aside);
    let mut notes = Vec::new();
    if !in_order {
        notes.extend(order(&mut runs));
    }
    let table = Table::of(&runs);
    let judged: Vec<Line> = lines(&table);
    let middles = middles(&table);
    let rough = shared(&table, runs.len(), |row, _| middles[row]);
    let taken_out = rough.map(|rough| {
        let care = Care {
            level: LEVEL,
            shuffles: ROUGHLY,
            draws_back: true,
        };
        let wholes: Vec<Line> = judged
            .iter()
            .filter(|line| line.cells.action.is_none())
            .copied()
            .collect();
        // Workloads that clearly changed would pull the middle with them.
        let mut expected = middles;
        for (row, changed) in on_every_core(&wholes, |line| {
            (line.row, line.has_clearly_changed(&rough, care))
        }) {
            if changed {
                expected[row] = f64::NAN;
            }
        }
        shared(&table, runs.len(), |row, _| expected[row]).unwrap_or(rough)
    });
    let shared = taken_out.as_deref();
    // As many as it takes for one change among all series to be sure.
    let shuffles = (100 * judged.len() as u32).clamp(9_999, 199_999);
    let care = Care {
        level: LEVEL,
        shuffles,
        draws_back: true,
    };
    let mut series = on_every_core(&judged, |line| line.judged(&runs, shared, care, smallest));
    let shared_changes = shared
        .map(|shared| of_all(shared, &runs, care, smallest))
        .unwrap_or_default();
    settle_sure(&mut series, &shared_changes);
    let mut failures = failures(&table, &runs);
    series.sort_by(|a, b| {
        rank(a.verdict)
            .cmp(&rank(b.verdict))
            .then(last_percent(b).total_cmp(&last_percent(a)))
    });
    failures.sort_by_key(|failure| rank(failure.verdict));
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
    notes.extend(mixed(&runs));
    let verdicts = series
        .iter()
        .map(|series| series.verdict)
        .chain(failures.iter().map(|f| f.verdict));
    Trend {
        verdict: overall(verdicts),
        runs: sift::lines(&runs, shared),
        hardware: sift::hardware(&runs),
        others: others(&table, &runs),
        series,
        failures,
        shared: shared_changes,
        aside,
        notes,
    }
}

/// Orders the runs by their starts, if all have one; returns what to say about it.
fn order(runs: &mut [&Run]) -> Option<String> {
    let unknown = runs.iter().find(|run| run.started.is_none());
    if let Some(run) = unknown {
        return Some(format!(
            "`{}` does not say when it started, so the runs are in the order of their names",
            run.name
        ));
    }
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
                values.runs.push(run);
                values
                    .logs
                    .push(cell.log - shared.map_or(0.0, |shared| shared[run]));
                values.within.push(cell.within);
            }
        }
        values
    }

    fn has_clearly_changed(&self, shared: &[f64], care: Care) -> bool {
        let values = self.values(Some(shared));
        let places = steps::split(&values.logs, care).at;
        let levels = levels_of(&steps::drawn_back(&values.logs), &places);
        let mut changes = levels.windows(2).map(|pair| (pair[1].0 - pair[0].0).abs());
        changes.any(|change| change >= (1.0 + CLEAR).ln())
    }

    fn judged(
        &self,
        runs: &[&Run],
        shared: Option<&[f64]>,
        care: Care,
        smallest: Smallest,
    ) -> Series {
        let values = self.values(shared);
        let count = values.logs.len();
        let is_judged = count >= FEWEST;
        let split = steps::split(&values.logs, care);
        let drawn = steps::drawn_back(&values.logs);
        let places = merged(&drawn, split.at, smallest);
        let drifts = !places.is_empty() && is_drift(&drawn, &places);
        let levels = levels_of(&drawn, &places);
        let steps: Vec<Step> = match drifts {
            true => vec![drift(&drawn, &values, runs)],
            false => steps_of(&drawn, &places, &levels, &values, runs, smallest),
        };
        Series {
            subject: subject(self.workload, self.cells.action.as_deref()),
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
                .map(|&(log, from, to)| Level {
                    from: values.runs[from],
                    to: values.runs[to],
                    seconds: log.exp(),
                })
                .collect(),
            p: is_judged.then_some(split.p),
            points: points(self.workload, self.cells, shared),
        }
    }
}

/// Returns the levels between places, with the first and the last value of each.
fn levels_of(drawn: &[f64], places: &[usize]) -> Vec<(f64, usize, usize)> {
    if drawn.is_empty() {
        return Vec::new();
    }
    let ends = places.iter().copied().chain([drawn.len()]);
    let starts = [0].into_iter().chain(places.iter().copied());
    starts
        .zip(ends)
        .map(|(from, to)| (mean(&drawn[from..to]), from, to - 1))
        .collect()
}

/// Returns the places whose two sides differ by what matters; the least goes first.
fn merged(drawn: &[f64], mut places: Vec<usize>, smallest: Smallest) -> Vec<usize> {
    loop {
        let levels = levels_of(drawn, &places);
        let changes = levels
            .windows(2)
            .enumerate()
            .map(|(at, pair)| (at, pair[0].0, pair[1].0));
        let least = changes.min_by(|a, b| (a.2 - a.1).abs().total_cmp(&(b.2 - b.1).abs()));
        match least {
            Some((at, before, after)) if !smallest.is_met(before.exp(), after.exp()) => {
                places.remove(at);
            }
            _ => return places,
        }
    }
}

/// Returns whether a straight line fits no worse than the levels do: by the squares that it leaves,
/// with what each change after the first costs in place and level (G. Schwarz, Estimating the
/// dimension of a model, Annals of Statistics 6, 1978).
fn is_drift(drawn: &[f64], places: &[usize]) -> bool {
    let of_levels: f64 = levels_of(drawn, places)
        .into_iter()
        .map(|(level, from, to)| {
            let of_level = drawn[from..=to].iter();
            of_level.map(|value| (value - level).powi(2)).sum::<f64>()
        })
        .sum();
    let (start, slope) = straight(drawn);
    let of_line: f64 = drawn
        .iter()
        .enumerate()
        .map(|(at, value)| (value - start - slope * at as f64).powi(2))
        .sum();
    let levels = levels_of(drawn, places);
    let same_way = levels
        .windows(2)
        .all(|pair| (pair[1].0 > pair[0].0) == (slope > 0.0));
    let count = drawn.len() as f64;
    let cost = 2.0 * (places.len() as f64 - 1.0) * count.ln();
    same_way && count * (of_line / of_levels).ln() <= cost
}

/// Returns the least-squares line: its start, and its slope by run.
fn straight(drawn: &[f64]) -> (f64, f64) {
    let middle = (drawn.len() as f64 - 1.0) / 2.0;
    let mean = mean(drawn);
    let (mut both, mut square) = (0.0, 0.0);
    for (at, value) in drawn.iter().enumerate() {
        let beyond = at as f64 - middle;
        both += beyond * (value - mean);
        square += beyond * beyond;
    }
    let slope = if square > 0.0 { both / square } else { 0.0 };
    (mean - slope * middle, slope)
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn drift(drawn: &[f64], values: &Values, runs: &[&Run]) -> Step {
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
        is_sure: false,
        holds: slope > 0.0,
    }
}

fn steps_of(
    drawn: &[f64],
    places: &[usize],
    levels: &[(f64, usize, usize)],
    values: &Values,
    runs: &[&Run],
    smallest: Smallest,
) -> Vec<Step> {
    let last = levels.last().map_or(0.0, |level| level.0.exp());
    let step = |(pair, &place): (&[(f64, usize, usize)], &usize)| {
        let [before, after] = [pair[0], pair[1]];
        let side = |(_, from, to): (f64, usize, usize)| -> Vec<Value> {
            (from..=to)
                .map(|at| Value {
                    value: drawn[at],
                    within: values.within[at],
                })
                .collect()
        };
        let by = after.0 - before.0;
        let found = difference(&side(before), &side(after));
        let run = values.runs[place];
        Step {
            at: run,
            since: runs[run].name.clone(),
            started: runs[run].started.map(sift::date),
            before: before.0.exp(),
            after: after.0.exp(),
            percent: percent(by),
            low: found.map(|found| percent(by - found.margin)),
            high: found.map(|found| percent(by + found.margin)),
            is_sure: false,
            holds: by > 0.0 && last > before.0.exp() && smallest.is_met(before.0.exp(), last),
        }
    };
    levels.windows(2).zip(places).map(step).collect()
}

/// A change at a run where whole runs changed as well must be so many times as large, as a logarithm:
/// a busy machine slows actions down by different parts.
const BEYOND_SHARED: f64 = 2.0;

/// Says which changes are sure when all series are looked at together, and what that makes of each.
fn settle_sure(series: &mut [Series], shared: &[Shared]) {
    let log = |percent: f64| (percent / 100.0).ln_1p().abs();
    let may_be_shared = |step: &Step| {
        let near = shared
            .iter()
            .filter(|shared| shared.at.is_some_and(|at| at.abs_diff(step.at) <= 1));
        near.into_iter()
            .any(|shared| log(step.percent) <= BEYOND_SHARED * log(shared.percent))
    };
    let p: Vec<f64> = series.iter().filter_map(|series| series.p).collect();
    let mut adjusted = benjamini_hochberg(&p).into_iter();
    for series in series.iter_mut().filter(|series| series.p.is_some()) {
        let is_sure = adjusted.next().is_some_and(|p| p <= FALSE_PART);
        for step in &mut series.steps {
            step.is_sure = is_sure && (series.drifts || !may_be_shared(step));
        }
        let sure = || series.steps.iter().filter(|step| step.is_sure);
        series.verdict = match sure().next_back() {
            Some(_) if sure().any(|step| step.holds) => Verdict::Worse,
            Some(last) if last.percent < 0.0 => Verdict::Better,
            _ => Verdict::Same,
        };
    }
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
    let split = steps::split(shared, care);
    let drawn = steps::drawn_back(shared);
    let small = Smallest {
        seconds: 0.0,
        ..smallest
    };
    let places = merged(&drawn, split.at, small);
    let levels = levels_of(&drawn, &places);
    let one = |(pair, &place): (&[(f64, usize, usize)], &usize)| {
        let by = pair[1].0 - pair[0].0;
        let side = |(_, from, to): (f64, usize, usize)| -> Vec<Value> {
            drawn[from..=to]
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
            at: Some(place),
            since: Some(named(runs[place])),
        }
    };
    levels.windows(2).zip(&places).map(one).collect()
}

/// Returns a run for people: its name, and its date.
fn named(run: &Run) -> String {
    match run.started {
        Some(started) => format!("{} ({})", run.name, sift::date(started)),
        None => run.name.clone(),
    }
}

/// Returns workloads that fail now, or did.
fn failures(table: &Table<'_>, runs: &[&Run]) -> Vec<Failures> {
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
                subject: subject(row, None),
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

/// Returns workloads that came, went, or changed their setting.
fn others(table: &Table<'_>, runs: &[&Run]) -> Vec<Other> {
    let ends = |row: &Row<'_>| {
        let has = |cell: &Option<&Workload>| cell.is_some();
        (
            row.cells.iter().position(has),
            row.cells.iter().rposition(has),
        )
    };
    let mut others = Vec::new();
    for row in &table.workloads {
        let (Some(_), Some(last)) = ends(row) else {
            continue;
        };
        if last + 1 == runs.len() {
            continue;
        }
        let next = table.workloads.iter().find(|other| {
            let same =
                (&other.key.scenario, other.description) == (&row.key.scenario, row.description);
            // It may have run before as well, as where two pipelines run different settings.
            same && ends(other).1.is_some_and(|other| other > last)
        });
        let since = named(runs[last + 1]);
        let (kind, says) = match next {
            Some(other) => (
                OtherKind::OtherSetting,
                format!(
                    "{} since {since}: judged apart",
                    setting::differences(&row.key.setting, &other.key.setting)
                ),
            ),
            None => (OtherKind::Missing, format!("missing since {since}")),
        };
        others.push(Other {
            subject: subject(row, None),
            kind,
            says,
        });
    }
    others
}
