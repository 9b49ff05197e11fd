//! Which runs count.

use std::collections::{BTreeMap, HashSet};

use super::outcome::{RunLine, Side};
use crate::results::{Run, SetAside};

/// Returns the runs that count; what is left out joins `aside`.
pub fn sift<'a>(
    runs: &'a [Run],
    seen: &mut HashSet<&'a str>,
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
        } else if !seen.insert(&run.identity) {
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

/// Returns the runs for people, with how slow they were as a whole.
pub(super) fn lines(runs: &[&Run], shared: Option<&[f64]>) -> Vec<RunLine> {
    let line = |(at, run): (usize, &&Run)| RunLine {
        name: run.name.clone(),
        started: run.started.map(date),
        hardware: run.hardware.clone(),
        shared: shared.map(|shared| super::percent(shared[at])),
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
