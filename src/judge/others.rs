//! Workloads and actions that cannot be compared, and why.

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
            (true, true) if row.durations.is_empty() => {
                (OtherKind::NotMeasured, "no iteration succeeded".to_owned())
            }
            (true, true) => {
                others.extend(other_actions(row, first));
                continue;
            }
            (true, false) => {
                let other = table
                    .workloads
                    .iter()
                    .find(|other| row.is_like(other) && has(other) == (false, true));
                match other {
                    Some(other) => (
                        OtherKind::OtherSetting,
                        setting::differences(&row.key.setting, &other.key.setting),
                    ),
                    None => (OtherKind::Missing, "no run after has it".to_owned()),
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

/// Returns actions that one side lacks, where both have the workload.
fn other_actions(row: &Row<'_>, first: usize) -> Vec<Other> {
    let has = |series: &Series| {
        let (before, after) = series.cells.split_at(first);
        (
            before.iter().any(Option::is_some),
            after.iter().any(Option::is_some),
        )
    };
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
    let mut others = Vec::new();
    for row in &table.workloads {
        let (Some(_), Some(last)) = ends(row) else {
            continue;
        };
        if last + 1 == runs.len() {
            continue;
        }
        let next = table.workloads.iter().find(|other| {
            // It may have run before as well, as where two pipelines run different settings.
            row.is_like(other) && ends(other).1.is_some_and(|other| other > last)
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
