//! A workload of the catalogue, as templates see it.

mod filled;
mod load;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalogue::{FailureRate, Load, Service, Workload};

pub use filled::filled;
pub use load::LoadOptions;

/// What templates see of a workload.
#[derive(Serialize)]
pub struct WorkloadView<'a> {
    pub scenario: &'a str,
    pub description: &'a str,
    pub arguments: Map<String, Value>,
    pub contexts: Map<String, Value>,
    pub load: Load,
    /// Atomic action to its limit in seconds.
    pub sla: Map<String, Value>,
    /// The longest average duration of an iteration within its limits, in seconds.
    pub iteration: Value,
    pub failure_rate: Option<&'a FailureRate>,
}

impl<'a> WorkloadView<'a> {
    /// Returns the workload with its arguments as the catalogue has them, Jinja2 included.
    pub fn new(workload: &'a Workload, load: LoadOptions) -> WorkloadView<'a> {
        WorkloadView {
            scenario: &workload.scenario,
            description: &workload.description,
            arguments: workload.arguments.clone(),
            contexts: contexts(workload),
            load: load.load(workload),
            sla: limits(workload),
            iteration: seconds(workload.longest_iteration()),
            failure_rate: workload.failure_rate.as_ref(),
        }
    }

    /// Returns the workload without Jinja2: with the defaults of the task's arguments.
    pub fn filled(self, service: &Service) -> WorkloadView<'a> {
        let filled = |map: &Map<String, Value>| {
            let pairs = map.iter();
            let pairs = pairs.map(|(key, value)| (key.clone(), filled(value, service)));
            pairs.collect()
        };
        WorkloadView {
            arguments: filled(&self.arguments),
            contexts: filled(&self.contexts),
            ..self
        }
    }
}

/// Returns the workload's contexts, `users` first.
fn contexts(workload: &Workload) -> Map<String, Value> {
    let users = serde_json::json!({ "tenants": 1, "users_per_tenant": 1 });
    let mut all = Map::from_iter([("users".to_owned(), users)]);
    all.extend(workload.contexts.clone());
    all
}

/// Returns the limits in seconds.
fn limits(workload: &Workload) -> Map<String, Value> {
    let limits = workload.sla.iter();
    limits
        .map(|(action, limit)| (action.clone(), seconds(*limit)))
        .collect()
}

/// Returns a number without a fraction, if it is whole.
fn seconds(seconds: f64) -> Value {
    match seconds.fract() == 0.0 {
        true => Value::from(seconds as u64),
        false => Value::from(seconds),
    }
}
