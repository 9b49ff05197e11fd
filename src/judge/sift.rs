//! Which runs count.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::outcome::{RunLine, Side};
use crate::results::{Run, SetAside};

/// Returns the runs that count; what is left out joins `aside`.
pub fn sift<'a>(
    runs: &'a [Run],
    seen: &mut HashSet<String>,
    aside: &mut Vec<SetAside>,
) -> Vec<&'a Run> {
    let mut kept = Vec::new();
    for run in runs {
        let reason = if run.is_cut_short {
            "the task was stopped before its end"
        } else if run
            .workloads
            .iter()
            .all(|workload| workload.iterations == 0)
        {
            "no iteration ran"
        } else if !is_new(run, seen) {
            "the same run is there already"
        } else {
            kept.push(run);
            continue;
        };
        aside.push(SetAside {
            path: run.name.clone(),
            reason: reason.to_owned(),
        });
    }
    kept
}

/// Returns whether the run was not there before, be it in the other form, which has no UUID.
fn is_new(run: &Run, seen: &mut HashSet<String>) -> bool {
    let named = format!("of a UUID: {}", run.content);
    let is_known = match run.identity == run.content {
        true => seen.contains(&named),
        false => seen.contains(&run.content),
    };
    if run.identity != run.content {
        seen.insert(named);
    }
    seen.insert(run.identity.clone()) && !is_known
}

/// Returns the runs for people, with how slow they were as a whole.
pub(super) fn lines(runs: &[&Run], shared: Option<&[f64]>) -> Vec<RunLine> {
    let line = |(at, run): (usize, &&Run)| RunLine {
        name: run.name.clone(),
        started: run.started.map(date),
        hardware: run.hardware.clone(),
        shared: shared
            .map(|shared| super::percent(shared[at]))
            .filter(|percent| percent.is_finite()),
    };
    runs.iter().enumerate().map(line).collect()
}

/// Returns how many runs were on which machines.
pub(super) fn hardware(runs: &[&Run]) -> BTreeMap<String, usize> {
    let mut known = BTreeMap::new();
    for hardware in runs.iter().filter_map(|run| run.hardware.clone()) {
        *known.entry(hardware).or_default() += 1;
    }
    known
}

/// Returns one side of a comparison.
pub(super) fn side(runs: &[&Run], shared: Option<&[f64]>) -> Side {
    Side {
        runs: lines(runs, shared),
        hardware: hardware(runs),
    }
}

/// Returns the time in UTC, to the minute.
pub fn date(seconds: f64) -> String {
    jiff::Timestamp::from_second(seconds as i64)
        .map(|time| time.strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

/// Returns what people should know of runs that differ in more than what is compared.
pub(super) fn mixed(runs: &[&Run]) -> Vec<String> {
    let mut notes = Vec::new();
    let machines = hardware(runs);
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
    let unknown = runs.iter().filter(|run| run.hardware.is_none()).count();
    if unknown > 0 && !machines.is_empty() {
        notes.push(format!(
            "of {unknown} of {} runs, the machines are not known",
            runs.len()
        ));
    }
    let titles: BTreeSet<&str> = runs.iter().map(|run| run.title.as_str()).collect();
    let titles: Vec<&str> = titles
        .into_iter()
        .filter(|title| !title.is_empty())
        .collect();
    if let [first, second, ..] = titles.as_slice() {
        notes.push(format!(
            "the runs are of {} tasks, among them `{first}` and `{second}`",
            titles.len()
        ));
    }
    let versions: BTreeSet<&str> = runs.iter().filter_map(|run| run.rally.as_deref()).collect();
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

/// Returns a run for people: its name, and its date.
pub(super) fn named(run: &Run) -> String {
    match run.started {
        Some(started) => format!("{} ({})", run.name, date(started)),
        None => run.name.clone(),
    }
}
