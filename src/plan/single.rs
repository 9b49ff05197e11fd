//! One workload as a task of its own, for the README: without Jinja2, with the defaults of the
//! task's arguments in their places.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::catalogue::Service;
use crate::workload::{LoadOptions, WorkloadView};

#[derive(Serialize)]
pub(super) struct Single<'a> {
    scenario: &'a str,
    arguments: Map<String, Value>,
    contexts: Map<String, Value>,
}

impl Single<'_> {
    /// Returns the first workload.
    pub(super) fn of(service: &Service) -> Option<Single<'_>> {
        let workload = service.workloads().next()?;
        let view = WorkloadView::new(workload, LoadOptions::default()).filled(service);
        Some(Single {
            scenario: view.scenario,
            arguments: view.arguments,
            contexts: view.contexts,
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::embedded;

    #[test]
    fn no_jinja2_is_left() {
        let templates = embedded::templates();
        let catalogue = Catalogue::new(&templates, None).expect("a catalogue");
        let names: Vec<String> = catalogue.names().map(str::to_owned).collect();
        for name in names {
            let entry = catalogue.entry(&name).expect("readable").expect("an entry");
            let single = Single::of(&entry.service).expect("a workload");
            let text = serde_json::to_string(&single).expect("JSON");
            assert!(!text.contains("{{"), "{text}");
        }
    }
}
