//! Where a series changes its level.
//!
//! Binary segmentation: the place where the two sides differ most, then the same on each side, as
//! long as chance would hardly do it. A stretch that differs from what is before and after it counts
//! as well (circular binary segmentation: A. B. Olshen, E. S. Venkatraman, R. Lucito and M. Wigler,
//! Biostatistics 5, 2004), since one split does not see it.
//!
//! If a series has outliers, a run that is out of line is drawn back to what its neighbours are like,
//! up to a few standard deviations (J. W. Tukey's running medians, Exploratory Data Analysis, 1977;
//! P. J. Huber's limit, Robust Statistics, 1981), before anything is compared. So an outlier is no
//! change, and hides none.
//!
//! What chance does is seen by shuffling the runs (a permutation test: B. Phipson and G. K. Smyth,
//! Statistical Applications in Genetics and Molecular Biology 9, 2010): without a change, any order of
//! the runs is as probable, however the noise is distributed. It ends early where chance often does as
//! much (J. Besag and P. Clifford, Sequential Monte Carlo p-values, Biometrika 78, 1991).

use std::collections::HashMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use statrs::statistics::{Data, OrderStatistics};

use super::median;

/// Series of fewer runs are not judged: with six on each side, chance does 1 in 462.
pub(super) const FEWEST: usize = 12;

/// The level of the test: of series without a change, no more show one.
pub(super) const LEVEL: f64 = 0.01;

/// How much of the level is for one split; the rest is for a stretch in between.
const OF_SPLITS: f64 = 0.9;

/// How often the whole is done with normal noise.
const NORMAL_SERIES: usize = 10_000;

/// The shortest side of a split.
const SHORTEST_SIDE: usize = 2;

/// The shortest and the longest stretch in between.
const STRETCH: std::ops::RangeInclusive<usize> = 3..=50;

/// How many standard deviations a run may be away from its neighbours.
const LIMIT: f64 = 2.5;

/// After so many shuffles that do as much, it is chance.
const ENOUGH: u32 = 30;

/// How a series is split.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    /// In order.
    pub(super) at: Vec<Place>,
    /// How probable it is that chance splits a series without a change.
    pub(super) p: f64,
}

/// Where a level begins that differs from the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) at: usize,
    /// How probable it is that chance does as much, there.
    pub(super) p: f64,
}

/// How exactly chance is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Care {
    pub(super) level: f64,
    pub(super) shuffles: u32,
    /// Whether outliers are drawn back; not for shares, most of which are 0.
    pub(super) draws_back: bool,
}

impl Care {
    fn drawn(self, values: &[f64]) -> Vec<f64> {
        match self.draws_back {
            true => drawn_back(values),
            false => values.to_vec(),
        }
    }
}

/// Returns where the values change their level.
pub(super) fn split(values: &[f64], care: Care) -> Split {
    let mut found = Split {
        at: Vec::new(),
        p: 1.0,
    };
    let mut dice = fastrand::Rng::with_seed(1);
    let mut todo = vec![(0, values.len())];
    while let Some((from, to)) = todo.pop() {
        let best = best(&values[from..to], care, &mut dice);
        if (from, to) == (0, values.len()) {
            found.p = best.p;
        }
        if !best.is_change {
            continue;
        }
        let mut start = from;
        for place in best.places {
            found.at.push(Place {
                at: from + place,
                p: best.p,
            });
            todo.push((start, from + place));
            start = from + place;
        }
        todo.push((start, to));
    }
    found.at.sort_unstable_by_key(|place| place.at);
    settle(values, &mut found.at, care);
    found
}

/// Moves each place to where its two sides differ most, now that the others are known.
fn settle(values: &[f64], places: &mut [Place], care: Care) {
    let drawn = care.drawn(values);
    for at in 0..places.len() {
        let from = if at == 0 { 0 } else { places[at - 1].at };
        let to = places.get(at + 1).map_or(values.len(), |next| next.at);
        if to - from > 2 * SHORTEST_SIDE {
            let (_, place) = Sums::default().splits(&drawn[from..to]);
            places[at].at = from + place;
        }
    }
}

/// The best split or stretch of some values.
struct Best {
    is_change: bool,
    /// How probable it is by chance.
    p: f64,
    places: Vec<usize>,
}

/// Returns the best split or stretch, and whether it is a change.
fn best(values: &[f64], care: Care, dice: &mut fastrand::Rng) -> Best {
    let nothing = Best {
        is_change: false,
        p: 1.0,
        places: Vec::new(),
    };
    if values.len() < FEWEST {
        return nothing;
    }
    // Where there are two levels and no outliers, drawing back would only blur what is compared.
    let within = Care {
        draws_back: care.draws_back && has_outliers(values),
        ..care
    };
    let mut work = Sums::default();
    let (split, place) = work.splits(&within.drawn(values));
    let (stretch, start, end) = work.stretches();
    if split <= 0.0 {
        return nothing;
    }
    // Outliers that follow each other look like a change once they are drawn back. So the runs are
    // shuffled as they are, and drawn back after that.
    let mut values = values.to_vec();
    let mut chance = |of_split: bool| {
        by_chance(care, || {
            dice.shuffle(&mut values);
            let found = work.splits(&within.drawn(&values)).0;
            match of_split {
                true => found >= split * EQUAL,
                false => work.stretches().0 >= stretch * EQUAL,
            }
        })
    };
    if !care.draws_back {
        let p = chance(true);
        return Best {
            is_change: p <= care.level,
            p,
            places: vec![place],
        };
    }
    let of_split = (chance(true) / OF_SPLITS).min(1.0);
    if of_split <= care.level {
        return Best {
            is_change: true,
            p: of_split,
            places: vec![place],
        };
    }
    let of_stretch = (chance(false) / (1.0 - OF_SPLITS)).min(1.0);
    match of_stretch <= care.level {
        true => Best {
            is_change: true,
            p: of_stretch,
            places: vec![start, end],
        },
        false => Best {
            p: of_split,
            ..nothing
        },
    }
}

/// Returns how often chance does as much, by at most so many tries as the care asks for.
fn by_chance(care: Care, mut does_as_much: impl FnMut() -> bool) -> f64 {
    let (mut as_much, mut done) = (0, 0);
    while done < care.shuffles && as_much < ENOUGH {
        as_much += u32::from(does_as_much());
        done += 1;
    }
    f64::from(as_much + 1) / f64::from(done + 1)
}

/// How far beyond the middle eight tenths, in widths of these, a value is an outlier. Of normal noise,
/// few series have one.
const FAR: f64 = 0.75;

/// Returns whether some values are far away from most. It does not depend on their order, so whoever
/// shuffles them may choose by it what to look at; and two levels do not count as outliers.
fn has_outliers(values: &[f64]) -> bool {
    let mut data = Data::new(values.to_vec());
    let [least, low, high, most] = [0.0, 0.1, 0.9, 1.0].map(|tau| data.quantile(tau));
    (most - high).max(low - least) > FAR * (high - low)
}

/// What rounding makes of the same numbers in another order is no difference.
const EQUAL: f64 = 1.0 - 1e-9;

/// Returns how many standard errors two levels of a series of so many runs must differ by, so that
/// only the level's part of series of normal noise have as much at their best place.
pub(super) fn needed(count: usize) -> f64 {
    let runs = count as f64;
    // The part of the squares that the split explains, and what it is in standard errors.
    let explained = (of_normal_noise(count).powi(2) / (runs - 1.0)).min(1.0 - f64::EPSILON);
    ((runs - 2.0) * explained / (1.0 - explained)).sqrt()
}

/// Longer series are taken as one of the next of these lengths: the numbers hardly differ.
const COARSE: usize = 20;

/// Returns what only the level's part of series of normal noise have more of at their best split, for
/// series of so many runs; each length is worked out once.
fn of_normal_noise(count: usize) -> f64 {
    static KNOWN: OnceLock<Mutex<HashMap<usize, f64>>> = OnceLock::new();
    let count = match count > 3 * COARSE {
        true => count.next_multiple_of(COARSE),
        false => count,
    };
    let known = || {
        let known = KNOWN.get_or_init(Mutex::default).lock();
        known.unwrap_or_else(PoisonError::into_inner)
    };
    if let Some(&found) = known().get(&count) {
        return found;
    }
    let mut dice = fastrand::Rng::with_seed(count as u64);
    let mut work = Sums::default();
    let splits = (0..NORMAL_SERIES).map(|_| {
        let values: Vec<f64> = (0..count).map(|_| normal(&mut dice)).collect();
        work.splits(&values).0
    });
    let found = Data::new(splits.collect::<Vec<f64>>()).quantile(1.0 - LEVEL);
    known().insert(count, found);
    found
}

/// Returns a number of the standard normal distribution: G. E. P. Box and M. E. Muller, Annals of
/// Mathematical Statistics 29 (1958).
fn normal(dice: &mut fastrand::Rng) -> f64 {
    let length = (-2.0 * (1.0 - dice.f64()).ln()).sqrt();
    length * (std::f64::consts::TAU * dice.f64()).cos()
}

/// Returns the values with outliers drawn back to what their neighbours are like.
pub(super) fn drawn_back(values: &[f64]) -> Vec<f64> {
    let middles: Vec<f64> = (0..values.len())
        .map(|at| of_neighbours(values, at))
        .collect();
    let beyond = values
        .iter()
        .zip(&middles)
        .map(|(value, middle)| (value - middle).abs());
    // 1.4826 makes a standard deviation of a median deviation; a value is nearer to a median that it
    // is part of, by 0.7 where five values have a normal distribution.
    let limit = LIMIT * 1.4826 / 0.7 * median(beyond.collect());
    let drawn = values.iter().zip(middles);
    drawn
        .map(|(value, middle)| value.clamp(middle - limit, middle + limit))
        .collect()
}

/// The sums of a series, in a buffer, since they are made ten thousand times.
#[derive(Default)]
struct Sums {
    /// What is above the mean, up to each place.
    sums: Vec<f64>,
    variance: f64,
}

impl Sums {
    /// Returns how much the two sides of the best split differ, in standard errors, and where the
    /// second side begins.
    fn splits(&mut self, values: &[f64]) -> (f64, usize) {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        self.variance = squares.sum::<f64>() / (count - 1.0);
        self.sums.clear();
        self.sums.push(0.0);
        let mut sum = 0.0;
        for value in values {
            sum += value - mean;
            self.sums.push(sum);
        }
        let mut best = (0.0, SHORTEST_SIDE);
        if self.variance <= f64::EPSILON * mean.powi(2) {
            return best;
        }
        for place in SHORTEST_SIDE..=values.len() - SHORTEST_SIDE {
            let first = place as f64;
            let by = self.sums[place].powi(2) / (first * (count - first));
            if by > best.0 {
                best = (by, place);
            }
        }
        ((best.0 * count / self.variance).sqrt(), best.1)
    }

    /// Returns how much the best stretch differs from the rest, in standard errors, and where it
    /// begins and ends; of the values that were split last.
    fn stretches(&self) -> (f64, usize, usize) {
        let count = self.sums.len() - 1;
        let mut best = (0.0, 0, 0);
        for start in SHORTEST_SIDE..count {
            let last = (count - SHORTEST_SIDE).min(start + STRETCH.end());
            for end in start + STRETCH.start()..=last {
                let length = (end - start) as f64;
                let by = (self.sums[end] - self.sums[start]).powi(2)
                    / (length * (count as f64 - length));
                if by > best.0 {
                    best = (by, start, end);
                }
            }
        }
        match self.variance > 0.0 {
            true => (
                (best.0 * count as f64 / self.variance).sqrt(),
                best.1,
                best.2,
            ),
            false => (0.0, 0, 0),
        }
    }
}

/// Returns the median of the five values around a place; at the ends, of the first or last five.
fn of_neighbours(values: &[f64], at: usize) -> f64 {
    if values.len() < 5 {
        return median(values.to_vec());
    }
    let from = at.saturating_sub(2).min(values.len() - 5);
    let mut five = [0.0; 5];
    five.copy_from_slice(&values[from..from + 5]);
    five.sort_unstable_by(f64::total_cmp);
    five[2]
}
