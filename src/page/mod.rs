//! One page with everything that results say: no network, light and dark.

use crate::judge::{Comparison, Trend};

/// Returns the page of a comparison.
pub fn of_comparison(comparison: &Comparison) -> String {
    format!("{comparison:?}")
}

/// Returns the page of a series.
pub fn of_trend(trend: &Trend) -> String {
    format!("{trend:?}")
}
