//! What all workloads of a run share: the whole run was slow, or fast. It says something of the
//! machine, and hides what single workloads have to say, so it is taken out, and shown.

use super::median;
use super::table::Table;

/// With fewer workloads, one that is slow cannot be told from a machine that is.
pub(super) const FEWEST: usize = 6;

/// A workload that changed by this part or more says nothing of the machine.
pub(super) const CLEAR: f64 = 0.05;

/// Returns for each run how much slower it was as a whole, as a logarithm: the median over its
/// workloads of what an iteration takes beyond what `expected` says for the workload (row) and the
/// run; where it says NaN, the workload does not count. `None` where there are too few workloads to
/// say.
pub(super) fn shared(
    table: &Table<'_>,
    runs: usize,
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
        (beyond.len() >= FEWEST).then(|| median(beyond))
    };
    (0..runs).map(factor).collect()
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
