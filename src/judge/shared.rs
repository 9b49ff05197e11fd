//! What all workloads of a run share: the whole run was slow, or fast. It says something of the
//! machine, and hides what single workloads have to say, so it is taken out, and shown.

use super::median;
use super::table::Table;

/// With fewer workloads, one that is slow cannot be told from a machine that is.
pub(super) const FEWEST: usize = 6;

/// So many that did not change say what a run is like as a whole.
pub(super) const FEWEST_LEFT: usize = 4;

/// A workload that changed by this part or more says nothing of the machine.
pub(super) const CLEAR: f64 = 0.05;

/// Returns for each run how much slower it was as a whole, as a logarithm: the median over its
/// workloads of what an iteration takes beyond what `expected` says for the workload (row) and the
/// run; where it says NaN, the workload does not count. NaN for a run with fewer than `fewest`;
/// `None` where that is so for half of the runs.
pub(super) fn shared(
    table: &Table<'_>,
    runs: usize,
    fewest: usize,
    expected: impl Fn(usize, usize) -> f64,
) -> Option<Vec<f64>> {
    let factor = |run: usize| {
        let beyond = table
            .workloads
            .iter()
            .enumerate()
            .filter_map(|(row, workload)| {
                Some(workload.whole()?.cells[run]?.log - expected(row, run))
            });
        let beyond: Vec<f64> = beyond.filter(|value| value.is_finite()).collect();
        match beyond.len() >= fewest {
            true => median(beyond),
            false => f64::NAN,
        }
    };
    let factors: Vec<f64> = (0..runs).map(factor).collect();
    let known = factors.iter().filter(|factor| factor.is_finite()).count();
    (2 * known > runs).then_some(factors)
}

/// Returns what to say of runs that nobody knows it of.
pub(super) fn unknown(factors: Option<&[f64]>) -> Option<String> {
    let unknown = factors?.iter().filter(|factor| factor.is_nan()).count();
    let runs = match unknown {
        0 => return None,
        1 => "1 run".to_owned(),
        number => format!("{number} runs"),
    };
    Some(format!(
        "{runs} measured so few workloads that nobody knows how slow the machine was; only failures count there"
    ))
}

/// Returns what an iteration of each workload takes in the middle of all runs, as a logarithm; NaN
/// where it was never measured.
pub(super) fn middles(table: &Table<'_>) -> Vec<f64> {
    let middle = |row: &super::table::Row<'_>| {
        let logs = row
            .whole()
            .into_iter()
            .flat_map(|series| series.cells.iter().flatten());
        median(logs.map(|cell| cell.log).collect())
    };
    table.workloads.iter().map(middle).collect()
}
