//! Workloads and actions that cannot be compared, and why.

use std::collections::HashMap;

use super::outcome::{Other, OtherKind};
use super::setting;
use super::sift::named;
use super::table::{Row, Series, Table};
use crate::results::{Run, Workload};

/// Returns workloads that one side lacks, or has with another setting.
pub(super) fn of_sides(table: &Table<'_>, first: usize) -> Vec<Other> {
    let has = |row: &Row<'_>| {
        let (before, after) = row.cells.split_at(first);
        let any = |cells: &[Option<&Workload>]| cells.iter().any(Option::is_some);
        (any(before), any(after))
    };
    let mut others = Vec::new();
    for row in &table.workloads {
        let (kind, says) = match has(row) {
            (true, true) => {
                others.extend(not_measured(row, first));
                others.extend(seldom(row, first));
                others.extend(other_actions(row, first));
                continue;
            }
            (true, false) => {
                let other = table
                    .workloads
                    .iter()
                    .find(|other| row.is_like(other) && has(other) == (false, true));
                match other {
                    Some(other) if row.key.setting != other.key.setting => (
                        OtherKind::OtherSetting,
                        setting::differences(&row.key.setting, &other.key.setting),
                    ),
                    _ => (OtherKind::Missing, "no run after has it".to_owned()),
                }
            }
            (false, _) => {
                let is_known = table
                    .workloads
                    .iter()
                    .any(|other| row.is_like(other) && has(other) == (true, false));
                if is_known {
                    continue;
                }
                (OtherKind::New, "no run before has it".to_owned())
            }
        };
        others.push(Other {
            subject: row.subject(None),
            kind,
            says,
        });
    }
    others
}

/// Returns what is said of a workload that a side has run and measured nothing of.
fn not_measured(row: &Row<'_>, first: usize) -> Option<Other> {
    let (before, after) = is_measured(row.whole(), first);
    let says = match (before, after) {
        (true, true) => return None,
        (false, false) => "no iteration gave a time",
        (true, false) => "no iteration after gave a time",
        (false, true) => "no iteration before gave a time",
    };
    Some(Other {
        subject: row.subject(None),
        kind: OtherKind::NotMeasured,
        says: says.to_owned(),
    })
}

fn is_measured(series: Option<&Series>, first: usize) -> (bool, bool) {
    series.map_or((false, false), |series| {
        let (before, after) = series.cells.split_at(first);
        (
            before.iter().any(Option::is_some),
            after.iter().any(Option::is_some),
        )
    })
}

/// Returns what is said of a workload that most runs before have, and few after.
fn seldom(row: &Row<'_>, first: usize) -> Option<Other> {
    let (before, after) = row.cells.split_at(first);
    let count = |cells: &[Option<&Workload>]| cells.iter().flatten().count();
    let is_usual = 2 * count(before) > before.len();
    let is_seldom = 2 * count(after) <= after.len();
    (is_usual && is_seldom).then(|| Other {
        subject: row.subject(None),
        kind: OtherKind::Missing,
        says: format!(
            "only {} of {} runs after have it",
            count(after),
            after.len()
        ),
    })
}

/// Returns actions that one side lacks, where both have the workload.
fn other_actions(row: &Row<'_>, first: usize) -> Vec<Other> {
    let has = |series: &Series| is_measured(Some(series), first);
    if row.whole().is_none_or(|whole| has(whole) != (true, true)) {
        return Vec::new();
    }
    let others = row.durations.iter().filter_map(|series| {
        let (kind, says) = match has(series) {
            (true, false) => (OtherKind::Missing, "no run after has this action"),
            (false, true) => (OtherKind::New, "no run before has this action"),
            _ => return None,
        };
        Some(Other {
            subject: row.subject(series.action.as_deref()),
            kind,
            says: says.to_owned(),
        })
    });
    others.collect()
}

/// Returns workloads that came, went, or changed their setting.
pub(super) fn of_series(table: &Table<'_>, runs: &[&Run]) -> Vec<Other> {
    let ends = |row: &Row<'_>| {
        let has = |cell: &Option<&Workload>| cell.is_some();
        (
            row.cells.iter().position(has),
            row.cells.iter().rposition(has),
        )
    };
    let mut like: HashMap<_, Vec<&Row<'_>>> = HashMap::new();
    for row in &table.workloads {
        let name = (&row.key.scenario, row.description);
        like.entry(name).or_default().push(row);
    }
    let mut others = Vec::new();
    for row in &table.workloads {
        let (Some(_), Some(last)) = ends(row) else {
            continue;
        };
        if last + 1 == runs.len() {
            continue;
        }
        let like = &like[&(&row.key.scenario, row.description)];
        let next = like.iter().find(|other| {
            // It may have run before, as where two pipelines run different settings; but what ran
            // beside it is another workload.
            let both = row.cells.iter().zip(&other.cells);
            let mut both = both.filter(|(one, two)| one.is_some() && two.is_some());
            row.key.setting != other.key.setting
                && ends(other).1.is_some_and(|other| other > last)
                && both.next().is_none()
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
            subject: row.subject(None),
            kind,
            says,
        });
    }
    others
}
