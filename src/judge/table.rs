//! Runs as a table: a row for each workload and each of its durations, a column for each run.

use std::collections::HashMap;
use std::sync::Arc;

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

fn durations(cells: &[Option<&Workload>]) -> Vec<Series> {
    let mut series: Vec<Series> = Vec::new();
    for (column, workload) in cells.iter().enumerate() {
        for duration in workload.iter().flat_map(|workload| &workload.durations) {
            let known = series
                .iter()
                .position(|known| known.action == duration.action);
            let known = known.unwrap_or_else(|| {
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
