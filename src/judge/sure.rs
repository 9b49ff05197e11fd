//! Which changes of many series are sure, and what that makes of each series.

use super::Smallest;
use super::outcome::{Series, Shared, Step, Verdict};
use super::significance::benjamini_hochberg;

/// Of the changes that are called sure, no larger part is by chance.
const FALSE_PART: f64 = 0.02;

/// A change at a run where whole runs changed as well must be so many times as large, as a logarithm:
/// a busy machine slows actions down by different parts.
const BEYOND_SHARED: f64 = 2.0;

/// What is taken out for a run may be wrong by this part.
const WRONG_PART: f64 = 0.5;

/// How whole runs changed.
pub(super) struct WholeRuns<'a> {
    pub(super) changes: &'a [Shared],
    /// By run, as logarithms; nothing where it is not known.
    pub(super) factors: &'a [f64],
}

impl WholeRuns<'_> {
    /// Returns whether a change may be one of whole runs: it is near one, or a run there was slow as a
    /// whole, and it is no larger than that lets it be.
    fn may_make(&self, step: &Step) -> bool {
        let log = |percent: f64| (percent / 100.0).ln_1p().abs();
        let mut near = self
            .changes
            .iter()
            .filter(|shared| shared.at.is_some_and(|at| at.abs_diff(step.at) <= 1));
        let around = step.at.saturating_sub(2)..(step.at + 2).min(self.factors.len());
        let jumps = self.factors.get(around).unwrap_or_default().windows(2);
        let jump = jumps
            .map(|pair| (pair[1] - pair[0]).abs())
            .fold(0.0, f64::max);
        log(step.percent) <= WRONG_PART * jump
            || near.any(|shared| log(step.percent) <= BEYOND_SHARED * log(shared.percent))
    }
}

/// Says which changes are sure when all series are looked at together, and what that makes of each.
pub(super) fn settle_sure(series: &mut [Series], whole_runs: &WholeRuns<'_>, smallest: Smallest) {
    let p: Vec<f64> = series.iter().filter_map(|series| series.p).collect();
    let adjusted = benjamini_hochberg(&p).into_iter();
    let sure = p
        .into_iter()
        .zip(adjusted)
        .filter(|(_, adjusted)| *adjusted <= FALSE_PART);
    // A later change of a series must be as improbable as the first one is.
    let limit = sure.map(|(p, _)| p).fold(0.0, f64::max);
    for series in series.iter_mut().filter(|series| series.p.is_some()) {
        for step in &mut series.steps {
            step.is_sure = step.p <= limit && (series.drifts || !whole_runs.may_make(step));
        }
        let sure = || series.steps.iter().filter(|step| step.is_sure);
        series.verdict = match sure().next_back() {
            Some(_) if sure().any(|step| step.holds) => Verdict::Worse,
            // What only takes back an earlier rise is not better.
            Some(last) if last.percent < 0.0 && is_lower_now(series, smallest) => Verdict::Better,
            _ => Verdict::Same,
        };
    }
}

/// Returns whether the last level is below the first one by what matters.
fn is_lower_now(series: &Series, smallest: Smallest) -> bool {
    let levels = (series.levels.first()).zip(series.levels.last());
    levels.is_some_and(|(first, last)| {
        last.seconds < first.seconds && smallest.is_met(first.seconds, last.seconds)
    })
}
