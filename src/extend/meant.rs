//! What Rally is to read of the new workloads: made of the same values as their lines, and not by
//! way of a template.

use serde_json::{Map, Value, json};

use super::lines::GroupView;
use crate::workload::WorkloadView;

impl GroupView<'_> {
    /// Returns what Rally reads of a workload of version 2, without its description.
    fn two(&self, view: &WorkloadView<'_>) -> Map<String, Value> {
        let value = json!({
            "description": words(view.description),
            "scenario": { view.scenario: view.arguments },
            "runner": { "constant": view.load },
            "contexts": view.contexts,
            "sla": self.sla(view),
        });
        value.as_object().cloned().unwrap_or_default()
    }

    /// Returns what Rally reads of a workload of version 1.
    pub(super) fn one(&self, view: &WorkloadView<'_>) -> Value {
        let mut value = json!({
            "runner": {
                "type": "constant",
                "times": view.load.times,
                "concurrency": view.load.concurrency,
            },
            "context": view.contexts,
            "sla": self.sla(view),
        });
        if !view.arguments.is_empty() {
            value["args"] = Value::Object(view.arguments.clone());
        }
        value
    }

    /// Returns what Rally reads of the subtask, of version 2.
    pub(super) fn subtask(&self, always_list: bool) -> Value {
        let mut value = Map::from_iter([("title".to_owned(), json!(self.title))]);
        match self.workloads.as_slice() {
            [view] if !always_list => value.extend(self.two(view)),
            views => {
                let views: Vec<_> = views.iter().map(|view| self.two(view)).collect();
                value.insert("workloads".to_owned(), json!(views));
            }
        }
        Value::Object(value)
    }

    fn sla(&self, view: &WorkloadView<'_>) -> Value {
        let max = view.failure_rate.map_or(0, |rate| rate.max);
        let mut sla = json!({
            "failure_rate": { "max": max },
            "max_avg_duration_per_atomic": view.sla,
        });
        if self.has_iteration_limit {
            sla["max_avg_duration"] = view.iteration.clone();
        }
        sla
    }
}

/// Returns the text as a folded scalar has it.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
