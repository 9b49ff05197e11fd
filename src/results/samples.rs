//! From iterations to a few numbers for each duration. Iterations are read one by one, and of each
//! only its seconds are kept until the workload's end.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::Deserialize;
use serde::de::{SeqAccess, Visitor};
use serde_json::Value;
use statrs::statistics::{Data, OrderStatistics};

use super::form::Iteration;

/// The longest duration that is believed, in seconds: 30 days.
pub const LONGEST: f64 = 30.0 * 86_400.0;

/// The shortest duration that is told from nothing, in seconds: what a clock resolves.
pub const SHORTEST: f64 = 1e-6;

/// What the iterations of a workload were like.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) iterations: u64,
    pub(super) failed: u64,
    pub(super) timeouts: u64,
    pub(super) impossible: u64,
    pub(super) errors: BTreeMap<String, u64>,
    /// When the first iteration started, in seconds since 1970.
    pub(super) first: Option<f64>,
    pub(super) whole: Option<Measured>,
    pub(super) actions: Vec<(String, Measured)>,
}

/// What is kept of a duration.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measured {
    pub(super) count: u64,
    pub(super) median: f64,
    pub(super) mean: f64,
    pub(super) spread: f64,
}

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Samples, D::Error> {
        struct Iterations;
        impl<'de> Visitor<'de> for Iterations {
            type Value = Samples;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of iterations")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Samples, A::Error> {
                let mut gathered = Gathered::default();
                while let Some(iteration) = list.next_element::<Iteration<'de>>()? {
                    gathered.add(iteration);
                }
                Ok(gathered.condensed())
            }
        }
        deserializer.deserialize_seq(Iterations)
    }
}

#[derive(Default)]
struct Gathered {
    samples: Samples,
    whole: Vec<f64>,
    actions: Vec<(String, Vec<f64>)>,
    /// Where each action is among them.
    places: HashMap<String, usize>,
}

impl Gathered {
    fn add(&mut self, iteration: Iteration<'_>) {
        let samples = &mut self.samples;
        samples.iterations += 1;
        samples.first = match (samples.first, iteration.timestamp) {
            (Some(first), Some(this)) => Some(first.min(this)),
            (first, this) => first.or(this),
        };
        if let Some(kind) = &iteration.error.0 {
            samples.failed += 1;
            let kind = match kind {
                Value::String(kind) => kind.clone(),
                _ => "unknown error".to_owned(),
            };
            samples.timeouts += u64::from(kind.to_ascii_lowercase().contains("timeout"));
            *samples.errors.entry(kind).or_default() += 1;
            return;
        }
        let is_possible = |seconds: &f64| (0.0..=LONGEST).contains(seconds);
        let actions = &iteration.atomic_actions.0;
        let all = [iteration.duration].into_iter();
        let mut all = all.chain(actions.iter().map(|(_, seconds)| *seconds));
        if !all.all(|seconds| seconds.is_some_and(|s| is_possible(&s))) {
            samples.impossible += 1;
            return;
        }
        self.whole.extend(iteration.duration);
        for (at, (name, seconds)) in actions.iter().enumerate() {
            // Iterations have their actions in the same order, mostly.
            let known = match self.actions.get(at) {
                Some((known, _)) if known == name => Some(at),
                _ => self.places.get(name.as_ref()).copied(),
            };
            let at = known.unwrap_or_else(|| {
                let place = self.actions.len();
                self.places.insert(name.clone().into_owned(), place);
                self.actions.push((name.clone().into_owned(), Vec::new()));
                place
            });
            self.actions[at].1.extend(*seconds);
        }
    }

    fn condensed(self) -> Samples {
        let actions = self.actions.into_iter();
        let actions = actions.filter_map(|(name, values)| Some((name, measured(values)?)));
        Samples {
            whole: measured(self.whole),
            actions: actions.collect(),
            ..self.samples
        }
    }
}

/// Returns what is kept of the durations; `None` if there is none.
fn measured(values: Vec<f64>) -> Option<Measured> {
    if values.is_empty() {
        return None;
    }
    let count = values.len();
    let mean = values.iter().sum::<f64>() / count as f64;
    let mut data = Data::new(values);
    let [low, median, high] = [0.25, 0.5, 0.75].map(|tau| data.quantile(tau).max(SHORTEST));
    // The quartiles of the normal distribution are 2 x 0.6745 standard deviations apart.
    let spread = (high / low).ln() / 1.349;
    Some(Measured {
        count: count as u64,
        median,
        mean: mean.max(SHORTEST),
        spread: if count < 4 { 0.0 } else { spread },
    })
}
