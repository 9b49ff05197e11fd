//! Prints what results say: a verdict that a reviewer reads in ten lines, worst first.

use std::collections::HashMap;
use std::io::{self, Write};

use super::{BAD, CARE, DIM, GOOD};
use crate::event::{Compared, Trended};
use crate::judge::{Change, Comparison, Failures, Series, Shared, Side, Subject, Verdict};
use crate::results::SetAside;
use crate::visible::visible;

/// How many changes and failures are printed; `--html` and JSON have all.
const LINES: usize = 8;

/// How many of what is left out are named.
const NAMED: usize = 3;

pub(super) fn comparison(out: &mut dyn Write, said: &Compared) -> io::Result<()> {
    let Compared { comparison, page } = said;
    let judged = comparison
        .changes
        .iter()
        .filter(|change| change.verdict != Verdict::NotJudged);
    let sides = format!(
        "{} before, {} after",
        runs(&comparison.before),
        runs(&comparison.after)
    );
    head(
        out,
        comparison.verdict,
        &counted(comparison, judged.count()),
        &sides,
    )?;
    let names = Names::of(comparison.changes.iter().map(|change| &change.subject));
    let told = |verdict| matches!(verdict, Verdict::Worse | Verdict::Better);
    let mut lines = Vec::new();
    lines.extend(
        comparison
            .failures
            .iter()
            .map(|failures| failed(failures, &names)),
    );
    let changes = comparison
        .changes
        .iter()
        .filter(|change| told(change.verdict));
    lines.extend(changes.map(|change| changed(change, &names)));
    print(out, lines)?;
    print_notes(out, &comparison.notes)?;
    others(
        out,
        comparison
            .others
            .iter()
            .map(|other| (&other.subject, other.says.as_str())),
        &names,
    )?;
    shared(
        out,
        comparison.shared.iter().filter(|shared| shared.stands_out),
    )?;
    if let (Some(percent), Verdict::Same) = (comparison.seen_from, comparison.verdict) {
        let text = match percent {
            p if p < 100.0 => format!("with these runs, a change of half of the durations is seen from {p:.0} % on"),
            _ => "with these runs, not even twice the time is seen for half of the durations: more runs say more".to_owned(),
        };
        note(out, &text)?;
    }
    end(out, &comparison.aside, page.as_deref())
}

pub(super) fn trend(out: &mut dyn Write, said: &Trended) -> io::Result<()> {
    let Trended { trend, page } = said;
    let first = trend.runs.first().and_then(|run| run.started.as_deref());
    let last = trend.runs.last().and_then(|run| run.started.as_deref());
    let runs = match (first, last) {
        (Some(first), Some(last)) if trend.runs.len() > 1 => {
            format!("{}, {first} to {last}", many(trend.runs.len(), "run"))
        }
        _ => many(trend.runs.len(), "run"),
    };
    let judged = trend
        .series
        .iter()
        .filter(|series| series.verdict != Verdict::NotJudged)
        .count();
    let of = |verdict| {
        trend
            .series
            .iter()
            .filter(|series| series.verdict == verdict)
            .count()
    };
    head(
        out,
        trend.verdict,
        &summary(
            of(Verdict::Worse),
            of(Verdict::Better),
            failing(&trend.failures),
            judged,
        ),
        &runs,
    )?;
    let names = Names::of(trend.series.iter().map(|series| &series.subject));
    let mut lines: Vec<String> = trend
        .failures
        .iter()
        .map(|failures| failed(failures, &names))
        .collect();
    let told = trend
        .series
        .iter()
        .filter(|series| matches!(series.verdict, Verdict::Worse | Verdict::Better));
    lines.extend(told.flat_map(|series| stepped(series, &names)));
    print(out, lines)?;
    print_notes(out, &trend.notes)?;
    others(
        out,
        trend
            .others
            .iter()
            .map(|other| (&other.subject, other.says.as_str())),
        &names,
    )?;
    shared(out, trend.shared.iter())?;
    let unsure = trend
        .series
        .iter()
        .filter(|series| {
            series.verdict == Verdict::Same && series.steps.iter().any(|step| !step.is_sure)
        })
        .count();
    if unsure > 0 {
        note(
            out,
            &format!(
                "{} more may have changed, or it is chance or the machines: 1 of 100 series without a change looks like that",
                many(unsure, "duration")
            ),
        )?;
    }
    end(out, &trend.aside, page.as_deref())
}

fn head(out: &mut dyn Write, verdict: Verdict, counted: &str, of: &str) -> io::Result<()> {
    let (style, word) = match verdict {
        Verdict::Worse => (BAD, "worse"),
        Verdict::Better => (GOOD, "better"),
        Verdict::Same => (GOOD, "no change"),
        Verdict::NotJudged => (CARE, "no verdict"),
    };
    writeln!(out, "{style}{word}{style:#}: {counted}; {of}")
}

fn counted(comparison: &Comparison, judged: usize) -> String {
    let of = |verdict| {
        comparison
            .changes
            .iter()
            .filter(|change| change.verdict == verdict)
            .count()
    };
    summary(
        of(Verdict::Worse),
        of(Verdict::Better),
        failing(&comparison.failures),
        judged,
    )
}

fn failing(failures: &[Failures]) -> usize {
    failures
        .iter()
        .filter(|failures| failures.verdict == Verdict::Worse)
        .count()
}

fn summary(worse: usize, better: usize, failing: usize, judged: usize) -> String {
    let fails = match failing {
        0 => String::new(),
        number => format!(
            ", {} more often",
            match number {
                1 => "1 workload fails".to_owned(),
                n => format!("{n} workloads fail"),
            }
        ),
    };
    let what = match (worse, better) {
        (0, 0) => format!("{} judged", many(judged, "duration")),
        (0, better) => format!("{better} of {} faster", many(judged, "duration")),
        (worse, 0) => format!("{worse} of {} slower", many(judged, "duration")),
        (worse, better) => format!(
            "{worse} of {} slower, {better} faster",
            many(judged, "duration")
        ),
    };
    format!("{what}{fails}")
}

fn runs(side: &Side) -> String {
    many(side.runs.len(), "run")
}

fn many(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        _ => format!("{number} {what}s"),
    }
}

fn changed(change: &Change, names: &Names) -> String {
    line(
        change.verdict,
        change.percent,
        change.low.zip(change.high),
        (change.before, change.after),
        "",
        &names.name(&change.subject),
    )
}

fn stepped(series: &Series, names: &Names) -> Vec<String> {
    let steps = series.steps.iter().map(|step| {
        let verdict = if step.percent > 0.0 {
            Verdict::Worse
        } else {
            Verdict::Better
        };
        let since = match (&step.started, series.drifts) {
            (_, true) => "slowly, over all runs".to_owned(),
            (Some(date), false) => format!("since {date} ({})", step.since),
            (None, false) => format!("since {}", step.since),
        };
        line(
            verdict,
            step.percent,
            step.low.zip(step.high),
            (step.before, step.after),
            &since,
            &names.name(&series.subject),
        )
    });
    steps.collect()
}

fn line(
    verdict: Verdict,
    percent: f64,
    interval: Option<(f64, f64)>,
    (before, after): (f64, f64),
    since: &str,
    name: &str,
) -> String {
    let (style, word) = match verdict {
        Verdict::Worse => (BAD, "slower"),
        _ => (GOOD, "faster"),
    };
    let interval = interval.map_or(String::new(), |(low, high)| {
        format!(" ({low:+.0} to {high:+.0})")
    });
    let by = format!("{percent:+.1} %{interval}");
    let since = if since.is_empty() {
        String::new()
    } else {
        format!("  {}", visible(since))
    };
    format!(
        "  {style}{word}{style:#} {by:<22} {:>8} -> {:<8} {}{since}",
        seconds(before),
        seconds(after),
        visible(name)
    )
}

/// Returns a duration for people, with three digits.
pub(crate) fn seconds(seconds: f64) -> String {
    let digits = |value: f64| match value {
        value if value < 10.0 => 2,
        value if value < 100.0 => 1,
        _ => 0,
    };
    match seconds {
        s if s < 0.9995 => {
            let ms = s * 1000.0;
            format!("{ms:.*} ms", digits(ms))
        }
        s => format!("{s:.*} s", digits(s)),
    }
}

fn failed(failures: &Failures, names: &Names) -> String {
    let style = match failures.verdict {
        Verdict::Worse => BAD,
        _ => CARE,
    };
    format!(
        "  {style}fails{style:#}  {}: {}",
        visible(&names.name(&failures.subject)),
        visible(&failures.says)
    )
}

fn print(out: &mut dyn Write, lines: Vec<String>) -> io::Result<()> {
    let more = lines.len().saturating_sub(LINES);
    for line in lines.iter().take(LINES) {
        writeln!(out, "{line}")?;
    }
    match more {
        0 => Ok(()),
        more => writeln!(
            out,
            "  and {more} more; --html FILE shows all, and --format json"
        ),
    }
}

/// Prints what cannot be compared; where many have the same reason, how many.
fn others<'a>(
    out: &mut dyn Write,
    others: impl Iterator<Item = (&'a Subject, &'a str)>,
    names: &Names,
) -> io::Result<()> {
    let mut by_reason: Vec<(&str, Vec<&Subject>)> = Vec::new();
    for (subject, says) in others {
        match by_reason.iter_mut().find(|(reason, _)| *reason == says) {
            Some((_, subjects)) => subjects.push(subject),
            None => by_reason.push((says, vec![subject])),
        }
    }
    let more = by_reason
        .iter()
        .skip(NAMED)
        .map(|(_, subjects)| subjects.len())
        .sum::<usize>();
    for (says, subjects) in by_reason.into_iter().take(NAMED) {
        let who = match subjects.as_slice() {
            [one] => names.name(one),
            [one, two] => format!("{} and {}", names.name(one), names.name(two)),
            [one, rest @ ..] => format!("{} and {} more", names.name(one), rest.len()),
            [] => continue,
        };
        note(out, &format!("{who}: {says}"))?;
    }
    match more {
        0 => Ok(()),
        more => note(
            out,
            &format!("{more} more cannot be compared; --html FILE shows all"),
        ),
    }
}

fn shared<'a>(out: &mut dyn Write, all: impl Iterator<Item = &'a Shared>) -> io::Result<()> {
    for shared in all {
        let since = shared
            .since
            .as_ref()
            .map_or(String::new(), |since| format!(" since {since}"));
        let way = if shared.percent > 0.0 {
            "slower"
        } else {
            "faster"
        };
        note(
            out,
            &format!(
                "whole runs are {way}{since}, by {:+.1} % ({:+.0} to {:+.0}): slower or faster machines, or a change that meets every workload; it is taken out above",
                shared.percent, shared.low, shared.high
            ),
        )?;
    }
    Ok(())
}

fn print_notes(out: &mut dyn Write, notes: &[String]) -> io::Result<()> {
    notes.iter().try_for_each(|text| note(out, text))
}

fn end(out: &mut dyn Write, aside: &[SetAside], page: Option<&str>) -> io::Result<()> {
    for SetAside { path, reason } in aside.iter().take(NAMED) {
        note(out, &format!("left out: {path}: {reason}"))?;
    }
    if aside.len() > NAMED {
        note(out, &format!("{} more are left out", aside.len() - NAMED))?;
    }
    match page {
        Some(page) => writeln!(out, "  {DIM}page:{DIM:#} {}", visible(page)),
        None => Ok(()),
    }
}

fn note(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "  {DIM}note:{DIM:#} {}", visible(text))
}

/// What workloads are called: by scenario, and by description where several have the same.
struct Names(HashMap<String, usize>);

impl Names {
    fn of<'a>(subjects: impl Iterator<Item = &'a Subject>) -> Names {
        let mut wholes: HashMap<String, usize> = HashMap::new();
        for subject in subjects.filter(|subject| subject.action.is_none()) {
            *wholes.entry(subject.scenario.clone()).or_default() += 1;
        }
        Names(wholes)
    }

    fn name(&self, subject: &Subject) -> String {
        let description = match self.0.get(&subject.scenario) {
            Some(number) if *number > 1 && !subject.description.is_empty() => {
                format!(" ({})", subject.description)
            }
            _ => String::new(),
        };
        match &subject.action {
            Some(action) => format!("{}{description}: {action}", subject.scenario),
            None => format!("{}{description}", subject.scenario),
        }
    }
}
