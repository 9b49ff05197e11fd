//! One page with everything that results say: a summary, a plot of every series, tables that sort.
//! It needs no network, and is light or dark as its reader is. `templates/page/page.html` is the
//! page, this says what is in it.

mod cells;
mod plot;

use serde::Serialize;

use crate::embedded;
use crate::judge::{
    Change, Comparison, Failures, Other, RunLine, Series, Shared, Step, Trend, Verdict,
};
use crate::render::{RenderError, Renderer, Values};
use crate::results::SetAside;
use cells::{
    Cell, chance, class, empty, interval, names, optional, percent, picture, seconds, text, unsure,
    verdict,
};
use plot::{Plot, Stretch};

#[derive(Serialize)]
struct Page {
    title: String,
    verdict: &'static str,
    class: &'static str,
    summary: String,
    notes: Vec<String>,
    tables: Vec<Table>,
    version: &'static str,
}

#[derive(Serialize)]
struct Table {
    title: &'static str,
    about: &'static str,
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// Returns the page of a comparison.
pub fn of_comparison(said: &Comparison) -> Result<String, RenderError> {
    let (before, after) = (said.before.runs.len(), said.after.runs.len());
    let rows = said.changes.iter().map(|change| of_change(change, before));
    let changes = Table {
        title: "Durations",
        about: "The middle of the runs on each side, without what whole runs share. Grey points are runs before, blue ones runs after; lines are their middles, the dashed one is the limit.",
        heads: vec![
            "Verdict",
            "Scenario",
            "Action",
            "Runs",
            "Change",
            "95 % interval",
            "Before",
            "After",
            "Noise between runs",
            "Noise within",
            "By chance",
        ],
        rows: rows.collect(),
    };
    let runs = said.before.runs.iter().map(|run| ("before", run));
    let runs = runs.chain(said.after.runs.iter().map(|run| ("after", run)));
    let mut notes = said.notes.clone();
    notes.extend(
        said.shared
            .iter()
            .filter(|shared| shared.stands_out)
            .map(Shared::says),
    );
    Page {
        title: "Rally results: before and after".to_owned(),
        summary: format!(
            "{before} runs before, {after} runs after, {} durations",
            said.changes.len()
        ),
        tables: tables([
            changes,
            of_failures(&said.failures),
            of_others(&said.others),
            of_runs(runs),
            of_aside(&said.aside),
        ]),
        ..page(said.verdict, notes)
    }
    .text()
}

/// Returns the page of a series.
pub fn of_trend(said: &Trend) -> Result<String, RenderError> {
    let rows = said
        .series
        .iter()
        .map(|series| of_series(series, said.runs.len()));
    let series = Table {
        title: "Durations",
        about: "A point is the middle of a run's iterations, without what the whole run shares. Blue lines are levels, vertical ones changes, the dashed one is the limit.",
        heads: vec![
            "Verdict",
            "Scenario",
            "Action",
            "Runs",
            "Last change",
            "95 % interval",
            "Since",
            "First",
            "Last",
            "By chance",
        ],
        rows: rows.collect(),
    };
    let mut notes = said.notes.clone();
    notes.extend(said.shared.iter().map(Shared::says));
    Page {
        title: "Rally results: a series of runs".to_owned(),
        summary: format!("{} runs, {} durations", said.runs.len(), said.series.len()),
        tables: tables([
            series,
            of_failures(&said.failures),
            of_others(&said.others),
            of_runs(said.runs.iter().map(|run| ("", run))),
            of_aside(&said.aside),
        ]),
        ..page(said.verdict, notes)
    }
    .text()
}

fn page(verdict: Verdict, notes: Vec<String>) -> Page {
    Page {
        title: String::new(),
        verdict: verdict.word(),
        class: class(verdict),
        summary: String::new(),
        notes,
        tables: Vec::new(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

impl Page {
    fn text(&self) -> Result<String, RenderError> {
        let renderer = Renderer::new(&embedded::templates(), &["page"])?;
        renderer.render("page/page.html", &Values::of(self)?)
    }
}

fn tables<const N: usize>(all: [Table; N]) -> Vec<Table> {
    all.into_iter()
        .filter(|table| !table.rows.is_empty())
        .collect()
}

fn of_change(change: &Change, before: usize) -> Vec<Cell> {
    let points = &change.points;
    let middles = [
        Stretch {
            from: 0,
            to: before.saturating_sub(1),
            seconds: change.before,
        },
        Stretch {
            from: before,
            to: points.adjusted.len().saturating_sub(1),
            seconds: change.after,
        },
    ];
    let plot = Plot {
        points: &points.adjusted,
        second: Some(before),
        stretches: &middles,
        limit: points.limit,
        steps: false,
    };
    let mut cells = vec![verdict(change.verdict)];
    cells.extend(names(&change.subject));
    cells.push(picture(&plot));
    cells.extend([
        percent(change.percent),
        interval(change.low, change.high),
        seconds(change.before),
        seconds(change.after),
        optional(change.between_runs, |value| format!("{value:.1} %")),
        optional(Some(change.within_runs), |value| format!("{value:.1} %")),
        chance(change.p),
    ]);
    cells
}

fn of_series(series: &Series, runs: usize) -> Vec<Cell> {
    let stretches: Vec<Stretch> = series
        .levels
        .iter()
        .map(|level| Stretch {
            from: level.from,
            to: level.to,
            seconds: level.seconds,
        })
        .collect();
    let points = &series.points;
    let plot = Plot {
        points: &points.adjusted,
        second: None,
        stretches: &stretches,
        limit: points.limit,
        steps: !series.drifts,
    };
    let last: Option<&Step> = series.steps.last();
    let since = match (last, series.drifts) {
        (Some(_), true) => "slowly".to_owned(),
        (Some(step), false) => step.started.clone().unwrap_or_else(|| step.since.clone()),
        (None, _) => String::new(),
    };
    let place = last.map_or(runs, |step| step.at);
    let mut cells = vec![match series.may_have_changed() {
        true => unsure(series.verdict),
        false => verdict(series.verdict),
    }];
    cells.extend(names(&series.subject));
    cells.push(picture(&plot));
    cells.extend([
        last.map_or_else(empty, |step| percent(step.percent)),
        interval(
            last.and_then(|step| step.low),
            last.and_then(|step| step.high),
        ),
        Cell {
            class: "number",
            sort: place.to_string(),
            text: since,
            plot: None,
        },
        optional(
            series.levels.first().map(|level| level.seconds),
            crate::judge::seconds,
        ),
        optional(
            series.levels.last().map(|level| level.seconds),
            crate::judge::seconds,
        ),
        chance(series.p),
    ]);
    cells
}

fn of_failures(failures: &[Failures]) -> Table {
    let row = |failures: &Failures| {
        vec![
            verdict(failures.verdict),
            text(&failures.subject.scenario),
            text(&failures.subject.description),
            text(&failures.says),
        ]
    };
    Table {
        title: "Failures",
        about: "Workloads of which iterations failed.",
        heads: vec!["Verdict", "Scenario", "Description", "What failed"],
        rows: failures.iter().map(row).collect(),
    }
}

fn of_others(others: &[Other]) -> Table {
    let row = |other: &Other| {
        vec![
            text(&other.subject.scenario),
            text(&other.subject.description),
            text(other.subject.action.as_deref().unwrap_or_default()),
            text(&other.says),
        ]
    };
    Table {
        title: "Not comparable",
        about: "Workloads and actions that came, went, or changed their setting.",
        heads: vec!["Scenario", "Description", "Action", "Why"],
        rows: others.iter().map(row).collect(),
    }
}

fn of_runs<'a>(runs: impl Iterator<Item = (&'static str, &'a RunLine)>) -> Table {
    let row = |(side, run): (&'static str, &RunLine)| {
        vec![
            text(side),
            text(&run.name),
            text(run.started.as_deref().unwrap_or_default()),
            text(run.hardware.as_deref().unwrap_or_default()),
            run.shared.map_or_else(empty, percent),
        ]
    };
    Table {
        title: "Runs",
        about: "How much slower each run was as a whole is taken out above.",
        heads: vec!["Side", "Results", "Started (UTC)", "Machines", "As a whole"],
        rows: runs.map(row).collect(),
    }
}

fn of_aside(aside: &[SetAside]) -> Table {
    Table {
        title: "Left out",
        about: "Files and runs that do not count.",
        heads: vec!["Results", "Why"],
        rows: aside
            .iter()
            .map(|aside| vec![text(&aside.path), text(&aside.reason)])
            .collect(),
    }
}
