//! Which workload of the entry a workload of a run is.

use serde_json::{Map, Value};

use crate::catalogue::{Service, Workload};
use crate::results;
use crate::workload::filled;

/// What a workload of a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Match {
    /// Its number in the entry.
    One(usize),
    /// One of several, and nothing says which.
    Unclear,
    None,
}

/// Returns the workload of the service with the same scenario and description; where there are
/// several, that with the same arguments.
pub(super) fn matched(service: &Service, run: &results::Workload) -> Match {
    let same = service.workloads().enumerate().filter(|(_, workload)| {
        workload.scenario == *run.key.scenario
            && words(&workload.description) == words(&run.description)
    });
    let same: Vec<(usize, &Workload)> = same.collect();
    match same.as_slice() {
        [] => Match::None,
        [(at, _)] => Match::One(*at),
        several => {
            let arguments = arguments(&run.key.setting);
            let mut found = several.iter().filter(|(_, workload)| {
                let own = Value::Object(workload.arguments.clone());
                filled(&own, service) == Value::Object(arguments.clone())
            });
            match (found.next(), found.next()) {
                (Some((at, _)), None) => Match::One(*at),
                _ => Match::Unclear,
            }
        }
    }
}

/// Returns the words of a description: YAML folds lines.
pub(super) fn words(text: &str) -> Vec<&str> {
    text.split_whitespace().collect()
}

fn arguments(setting: &str) -> Map<String, Value> {
    let setting: Value = serde_json::from_str(setting).unwrap_or_default();
    let arguments = setting.get("args").and_then(Value::as_object);
    arguments.cloned().unwrap_or_default()
}
