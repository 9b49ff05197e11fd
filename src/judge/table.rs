//! Runs as a table: a row for each workload and each of its durations, a column for each run.

use std::collections::HashMap;
use std::sync::Arc;

use super::outcome::{Points, Subject};
use crate::results::{Key, Run, Workload};

/// What runs have in common, and what each of them measured.
pub(super) struct Table<'a> {
    pub(super) workloads: Vec<Row<'a>>,
}

/// One workload over the runs.
pub(super) struct Row<'a> {
    pub(super) key: &'a Key,
    pub(super) description: &'a str,
    /// By run; `None` where the run lacks it.
    pub(super) cells: Vec<Option<&'a Workload>>,
    /// The whole iteration first, then the actions by name.
    pub(super) durations: Vec<Series>,
}

/// One duration over the runs.
pub(super) struct Series {
    /// `None` is the whole iteration.
    pub(super) action: Option<Arc<str>>,
    /// By run.
    pub(super) cells: Vec<Option<Cell>>,
}

/// What one run says of one duration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// The logarithm of the median in seconds.
    pub(super) log: f64,
    /// The variance that `log` has by the noise within the run alone.
    pub(super) within: f64,
}

impl<'a> Table<'a> {
    pub(super) fn of(runs: &[&'a Run]) -> Table<'a> {
        let mut at: HashMap<&Key, usize> = HashMap::new();
        let mut workloads: Vec<Row<'a>> = Vec::new();
        for (column, run) in runs.iter().enumerate() {
            for workload in &run.workloads {
                let row = *at.entry(&workload.key).or_insert_with(|| {
                    workloads.push(Row {
                        key: &workload.key,
                        description: &workload.description,
                        cells: vec![None; runs.len()],
                        durations: Vec::new(),
                    });
                    workloads.len() - 1
                });
                workloads[row].cells[column] = Some(workload);
            }
        }
        for row in &mut workloads {
            row.durations = durations(&row.cells);
        }
        Table { workloads }
    }
}

impl Row<'_> {
    /// Returns the whole iteration, where it was ever measured.
    pub(super) fn whole(&self) -> Option<&Series> {
        self.durations.iter().find(|series| series.action.is_none())
    }

    /// Returns whether the other is the same workload, if with another setting.
    pub(super) fn is_like(&self, other: &Row<'_>) -> bool {
        (&self.key.scenario, self.description) == (&other.key.scenario, other.description)
    }

    pub(super) fn subject(&self, action: Option<&str>) -> Subject {
        Subject {
            scenario: self.key.scenario.to_string(),
            description: self.description.to_owned(),
            action: action.map(str::to_owned),
        }
    }

    /// Returns what a plot of the duration shows.
    pub(super) fn points(&self, series: &Series, shared: Option<&[f64]>) -> Points {
        let cells = || series.cells.iter().enumerate();
        let limits = self.cells.iter().rev().flatten();
        let mut limits =
            limits.filter_map(|workload| workload.limits.get(series.action.as_deref()?));
        Points {
            measured: cells()
                .map(|(_, cell)| cell.map(|cell| cell.log.exp()))
                .collect(),
            adjusted: cells()
                .map(|(run, cell)| {
                    cell.map(|cell| (cell.log - shared.map_or(0.0, |shared| shared[run])).exp())
                        .filter(|seconds| seconds.is_finite())
                })
                .collect(),
            limit: limits.next().copied(),
            seen_from: None,
        }
    }
}

/// Among so many runs, one alone may be what all others are compared with.
const FEW: usize = 50;

fn durations(cells: &[Option<&Workload>]) -> Vec<Series> {
    let mut series: Vec<Series> = Vec::new();
    // What a single run measured cannot be compared; thousands of settings that differ by run would
    // fill the memory.
    if cells.len() > FEW && cells.iter().flatten().count() == 1 {
        return series;
    }
    let mut places: HashMap<Option<&str>, usize> = HashMap::new();
    for (column, workload) in cells.iter().enumerate() {
        for duration in workload.iter().flat_map(|workload| &workload.durations) {
            let known = *places.entry(duration.action.as_deref()).or_insert_with(|| {
                series.push(Series {
                    action: duration.action.clone(),
                    cells: vec![None; cells.len()],
                });
                series.len() - 1
            });
            // The variance of a median of n normal values is pi/2 of that of their mean
            // (Kenney and Keeping, Mathematics of Statistics, 1962).
            let variance = duration.spread.powi(2) / duration.count as f64;
            series[known].cells[column] = Some(Cell {
                log: duration.median.ln(),
                within: std::f64::consts::FRAC_PI_2 * variance,
            });
        }
    }
    series.sort_by(|a, b| a.action.cmp(&b.action));
    series
}
