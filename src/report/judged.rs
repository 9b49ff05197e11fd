//! Prints what results say: a verdict that a reviewer reads in ten lines, worst first.

use std::collections::HashMap;
use std::io::{self, Write};

use super::{BAD, CARE, DIM, GOOD};
use crate::event::{Compared, Trended};
use crate::judge::{BLIND, Change, Failures, Other, Series, Side, Subject, Verdict, seconds};
use crate::results::SetAside;
use crate::visible::visible;

/// How many changes and failures are printed; `--html` and JSON have all.
const LINES: usize = 8;

/// How many of what is left out are named.
const NAMED: usize = 3;

pub(super) fn comparison(out: &mut dyn Write, said: &Compared) -> io::Result<()> {
    let Compared { comparison, page } = said;
    let sides = format!(
        "{} before, {} after",
        runs(&comparison.before),
        runs(&comparison.after)
    );
    let verdicts: Vec<Verdict> = comparison
        .changes
        .iter()
        .map(|change| change.verdict)
        .collect();
    let summary = summary(&verdicts, &comparison.failures);
    head(out, comparison.verdict, &summary, &sides)?;
    let names = Names::of(comparison.changes.iter().map(|change| &change.subject));
    let told = |verdict| matches!(verdict, Verdict::Worse | Verdict::Better);
    let (worse, others): (Vec<&Failures>, Vec<&Failures>) =
        (comparison.failures.iter()).partition(|failures| failures.verdict == Verdict::Worse);
    let mut lines: Vec<String> = worse.into_iter().map(|one| failed(one, &names)).collect();
    let changes = comparison
        .changes
        .iter()
        .filter(|change| told(change.verdict));
    lines.extend(changes.map(|change| changed(change, &names)));
    lines.extend(others.into_iter().map(|one| failed(one, &names)));
    print(out, lines)?;
    print_notes(out, &comparison.notes)?;
    let blind = comparison
        .changes
        .iter()
        .filter(|change| change.verdict == Verdict::NotJudged && change.p.is_some());
    match blind.count() {
        0 => {}
        number => note(
            out,
            &format!(
                "{} of {} got no verdict: these runs differ so much that a change of {:.0} % would not be seen; more runs say more",
                number,
                many(comparison.changes.len(), "duration"),
                100.0 * BLIND
            ),
        )?,
    }
    self::others(out, &comparison.others, &names)?;
    let shared = comparison.shared.iter().filter(|shared| shared.stands_out);
    shared
        .into_iter()
        .try_for_each(|shared| note(out, &shared.says()))?;
    if let (Some(percent), Verdict::Same) = (comparison.seen_from, comparison.verdict) {
        note(
            out,
            &format!(
                "with these runs, a change of half of the durations is seen from {percent:.0} % on"
            ),
        )?;
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
    let verdicts: Vec<Verdict> = trend.series.iter().map(|series| series.verdict).collect();
    let summary = summary(&verdicts, &trend.failures);
    head(out, trend.verdict, &summary, &runs)?;
    let names = Names::of(trend.series.iter().map(|series| &series.subject));
    let (worse, others): (Vec<&Failures>, Vec<&Failures>) =
        (trend.failures.iter()).partition(|failures| failures.verdict == Verdict::Worse);
    let mut lines: Vec<String> = worse.into_iter().map(|one| failed(one, &names)).collect();
    let told = trend
        .series
        .iter()
        .filter(|series| matches!(series.verdict, Verdict::Worse | Verdict::Better));
    lines.extend(told.flat_map(|series| stepped(series, &names)));
    lines.extend(others.into_iter().map(|one| failed(one, &names)));
    print(out, lines)?;
    print_notes(out, &trend.notes)?;
    self::others(out, &trend.others, &names)?;
    let shared = trend.shared.iter();
    shared
        .into_iter()
        .try_for_each(|shared| note(out, &shared.says()))?;
    let unsure = trend
        .series
        .iter()
        .filter(|series| series.may_have_changed())
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
    let style = match verdict {
        Verdict::Worse => BAD,
        Verdict::Better | Verdict::Same => GOOD,
        Verdict::NotJudged => CARE,
    };
    let word = verdict.word();
    writeln!(out, "{style}{word}{style:#}: {counted}; {of}")
}

/// Returns how many durations have which verdict, and how many workloads fail.
fn summary(durations: &[Verdict], failures: &[Failures]) -> String {
    let of = |verdict| durations.iter().filter(|other| **other == verdict).count();
    let (worse, better) = (of(Verdict::Worse), of(Verdict::Better));
    let judged = durations.len() - of(Verdict::NotJudged);
    let failing = failures
        .iter()
        .filter(|failures| failures.verdict == Verdict::Worse);
    let failing = failing.count();
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
fn others(out: &mut dyn Write, others: &[Other], names: &Names) -> io::Result<()> {
    let mut by_reason: Vec<(&str, Vec<&Subject>)> = Vec::new();
    for other in others {
        let known = by_reason.iter_mut();
        match known.into_iter().find(|(says, _)| *says == other.says) {
            Some((_, subjects)) => subjects.push(&other.subject),
            None => by_reason.push((&other.says, vec![&other.subject])),
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
