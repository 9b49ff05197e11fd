//! How often a change is found, and how often one is seen where there is none. `beside_otava.py` beside
//! this has the whole table, and what Apache Otava finds in the same series.

use std::collections::BTreeMap;
use std::sync::Arc;

use fastrand::Rng;
use git_rally::judge::{Smallest, Trend, trend};
use git_rally::results::{Duration, Key, Run, Workload};

const RUNS: usize = 40;
const SERIES: usize = 240;

/// A run of the one series that each workload is, by what each takes.
fn run(at: usize, seconds: &[f64]) -> Run {
    let workload = |(number, &seconds): (usize, &f64)| Workload {
        key: Key {
            scenario: Arc::from(format!("Sim.{number}")),
            setting: Arc::from("{}"),
            nth: 0,
        },
        description: Arc::from(""),
        iterations: 1,
        failed: 0,
        timeouts: 0,
        impossible: 0,
        errors: BTreeMap::new(),
        durations: vec![Duration {
            action: None,
            count: 1,
            median: seconds,
            mean: seconds,
            spread: 0.0,
        }],
        limits: BTreeMap::new(),
        missed: Vec::new(),
    };
    Run {
        name: format!("{at:03}"),
        identity: at.to_string(),
        content: String::new(),
        title: String::new(),
        rally: None,
        started: Some(1.79e9 + at as f64),
        hardware: None,
        is_cut_short: false,
        workloads: seconds.iter().enumerate().map(workload).collect(),
    }
}

fn normal(dice: &mut Rng) -> f64 {
    (-2.0 * (1.0 - dice.f64()).ln()).sqrt() * (std::f64::consts::TAU * dice.f64()).cos()
}

/// One run of sixteen is up to three times as slow.
fn with_outliers(dice: &mut Rng, sigma: f64) -> f64 {
    let slow = if dice.u8(0..16) == 0 {
        (1.3 + 1.7 * dice.f64()).ln()
    } else {
        0.0
    };
    sigma * normal(dice) + slow
}

/// Returns what is said of series of which every tenth changes at the run by `step`.
fn judged(seed: u64, sigma: f64, step: f64, at: usize) -> Trend {
    let mut dice = Rng::with_seed(seed);
    let runs: Vec<Run> = (0..RUNS)
        .map(|number| {
            let seconds: Vec<f64> = (0..SERIES)
                .map(|series| {
                    let slow = if series % 10 == 0 && number >= at {
                        1.0 + step
                    } else {
                        1.0
                    };
                    0.2 * slow * with_outliers(&mut dice, sigma).exp()
                })
                .collect();
            run(number, &seconds)
        })
        .collect();
    trend(&runs, Vec::new(), Smallest::default(), false)
}

/// Returns the places of the changes of each series that has one.
fn places(said: &Trend) -> Vec<(usize, Vec<usize>)> {
    let number = |name: &str| {
        name.strip_prefix("Sim.")
            .and_then(|n| n.parse().ok())
            .expect("a number")
    };
    let all = said.series.iter().filter(|series| !series.steps.is_empty());
    all.map(|series| {
        (
            number(&series.subject.scenario),
            series.steps.iter().map(|step| step.at).collect(),
        )
    })
    .collect()
}

#[test]
fn one_of_a_hundred_series_without_a_change_shows_one_and_none_is_sure() {
    for (seed, sigma) in [(1, 0.03), (2, 0.08)] {
        let said = judged(seed, sigma, 0.0, 0);
        let alarms = places(&said).len();
        // 2 are expected; more than 7 has a chance of 1 in 500.
        assert!(alarms <= 7, "{alarms} of {SERIES}");
        let sure = said
            .series
            .iter()
            .flat_map(|series| &series.steps)
            .filter(|step| step.is_sure)
            .count();
        assert_eq!(sure, 0);
    }
}

#[test]
fn a_change_is_found_among_outliers() {
    for (sigma, step, least) in [(0.03, 0.1, 18), (0.03, 0.5, 22), (0.08, 0.5, 21)] {
        let said = judged(3, sigma, step, 24);
        let found = places(&said);
        let right = found
            .iter()
            .filter(|(series, places)| {
                series % 10 == 0 && places.iter().any(|at| at.abs_diff(24) <= 2)
            })
            .count();
        let wrong = found.iter().filter(|(series, _)| series % 10 != 0).count();
        assert!(right >= least, "{right} of 24 at {sigma} and {step}");
        assert!(wrong <= 7, "{wrong} of 216 at {sigma} and {step}");
    }
}

/// Each run is much like the one before it, which shuffles take for a change.
#[test]
fn noise_that_wanders_is_hardly_ever_sure() {
    const LIKE_THE_ONE_BEFORE: f64 = 0.6;
    let mut dice = Rng::with_seed(4);
    let mut noise = vec![0.0; SERIES];
    let runs: Vec<Run> = (0..RUNS)
        .map(|number| {
            for noise in &mut noise {
                *noise = LIKE_THE_ONE_BEFORE * *noise + 0.03 * normal(&mut dice);
            }
            let seconds: Vec<f64> = noise.iter().map(|noise| 0.2 * noise.exp()).collect();
            run(number, &seconds)
        })
        .collect();
    let said = trend(&runs, Vec::new(), Smallest::default(), false);
    let sure = said
        .series
        .iter()
        .filter(|series| series.steps.iter().any(|step| step.is_sure))
        .count();
    // Without that rule, it is a hundred.
    assert!(sure <= 8, "{sure} of {SERIES}");
}
