//! The levels of a series between its changes.

use super::steps::{self, Place};
use super::{Smallest, median};

/// A stretch of values with one level.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stretch {
    /// The mean of the values, which are logarithms.
    pub(super) log: f64,
    /// The places of the first and the last value.
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Returns the levels between places, with the first and the last value of each.
pub(super) fn levels(drawn: &[f64], places: &[Place]) -> Vec<Stretch> {
    if drawn.is_empty() {
        return Vec::new();
    }
    let places = || places.iter().map(|place| place.at);
    let ends = places().chain([drawn.len()]);
    let starts = [0].into_iter().chain(places());
    starts
        .zip(ends)
        .map(|(from, to)| Stretch {
            log: mean(&drawn[from..to]),
            from,
            to: to - 1,
        })
        .collect()
}

/// Returns the places whose two sides differ by what matters; the least goes first.
pub(super) fn merged(drawn: &[f64], mut places: Vec<Place>, smallest: Smallest) -> Vec<Place> {
    loop {
        let levels = levels(drawn, &places);
        let changes = levels
            .windows(2)
            .enumerate()
            .map(|(at, pair)| (at, pair[0].log, pair[1].log));
        let least = changes.min_by(|a, b| (a.2 - a.1).abs().total_cmp(&(b.2 - b.1).abs()));
        match least {
            Some((at, before, after)) if !smallest.is_met(before.exp(), after.exp()) => {
                places.remove(at);
            }
            _ => return places,
        }
    }
}

/// Returns whether a straight line fits no worse than the levels do: by the squares that it leaves,
/// with what each change after the first costs in place and level (G. Schwarz, Estimating the
/// dimension of a model, Annals of Statistics 6, 1978).
pub(super) fn is_drift(drawn: &[f64], places: &[Place]) -> bool {
    let levels = levels(drawn, places);
    let of_levels: f64 = beyond(drawn, &levels).map(|value| value.powi(2)).sum();
    let (start, slope) = straight(drawn);
    let of_line: f64 = drawn
        .iter()
        .enumerate()
        .map(|(at, value)| (value - start - slope * at as f64).powi(2))
        .sum();
    let same_way = levels
        .windows(2)
        .all(|pair| (pair[1].log > pair[0].log) == (slope > 0.0));
    let count = drawn.len() as f64;
    let cost = 2.0 * (places.len() as f64 - 1.0) * count.ln();
    same_way && count * (of_line / of_levels).ln() <= cost
}

/// Returns what the values have beyond their levels.
fn beyond(drawn: &[f64], levels: &[Stretch]) -> impl Iterator<Item = f64> {
    levels.iter().flat_map(|level| {
        drawn[level.from..=level.to]
            .iter()
            .map(|value| value - level.log)
    })
}

/// Returns how alike a run and the one after it are, as the correlation of noise; NaN of few runs.
///
/// Over two runs, differences vary 1 + r times as much as over one; and changes of the level hardly
/// touch them (J. von Neumann, Annals of Mathematical Statistics 12, 1941).
pub(super) fn alike(drawn: &[f64]) -> f64 {
    of_differences(drawn, 2) / of_differences(drawn, 1) - 1.0
}

/// Returns the mean square of the differences over so many runs; those that are much larger than most
/// count no more than these.
fn of_differences(drawn: &[f64], over: usize) -> f64 {
    let pairs = drawn.iter().zip(drawn.iter().skip(over));
    let differences: Vec<f64> = pairs.map(|(one, other)| (other - one).abs()).collect();
    let most = 3.0 * 1.4826 * median(differences.clone());
    let squares = differences.iter().map(|value| value.min(most).powi(2));
    squares.sum::<f64>() / differences.len() as f64
}

/// Makes changes improbable that are none where noise wanders: shuffles take runs for independent.
/// With a correlation r, n runs count as n (1 - r) / (1 + r) independent ones (G. V. Bayley and J. M.
/// Hammersley, Supplement to the Journal of the Royal Statistical Society 8, 1946).
pub(super) fn doubt(drawn: &[f64], places: &mut [Place], correlation: f64) {
    if places.is_empty() || correlation <= 0.0 {
        return;
    }
    let levels = levels(drawn, places);
    let deviation = (of_differences(drawn, 1) / (2.0 * (1.0 - correlation))).sqrt();
    let shrunk = ((1.0 - correlation) / (1.0 + correlation)).sqrt();
    for (pair, place) in levels.windows(2).zip(places) {
        let of = |level: &Stretch| 1.0 / (level.to + 1 - level.from) as f64;
        let error = deviation * (of(&pair[0]) + of(&pair[1])).sqrt();
        if (pair[1].log - pair[0].log).abs() / error * shrunk < steps::needed(drawn.len()) {
            place.p = 1.0;
        }
    }
}

/// Returns the least-squares line: its start, and its slope by run.
pub(super) fn straight(drawn: &[f64]) -> (f64, f64) {
    let middle = (drawn.len() as f64 - 1.0) / 2.0;
    let mean = mean(drawn);
    let (mut both, mut square) = (0.0, 0.0);
    for (at, value) in drawn.iter().enumerate() {
        let beyond = at as f64 - middle;
        both += beyond * (value - mean);
        square += beyond * beyond;
    }
    let slope = if square > 0.0 { both / square } else { 0.0 };
    (mean - slope * middle, slope)
}

pub(super) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}
