//! The levels of a series between its changes.

use super::Smallest;

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
pub(super) fn levels(drawn: &[f64], places: &[usize]) -> Vec<Stretch> {
    if drawn.is_empty() {
        return Vec::new();
    }
    let ends = places.iter().copied().chain([drawn.len()]);
    let starts = [0].into_iter().chain(places.iter().copied());
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
pub(super) fn merged(drawn: &[f64], mut places: Vec<usize>, smallest: Smallest) -> Vec<usize> {
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
pub(super) fn is_drift(drawn: &[f64], places: &[usize]) -> bool {
    let levels = levels(drawn, places);
    let of_levels: f64 = levels
        .iter()
        .map(|level| {
            let of_level = drawn[level.from..=level.to].iter();
            of_level
                .map(|value| (value - level.log).powi(2))
                .sum::<f64>()
        })
        .sum();
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
