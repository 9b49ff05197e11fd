//! One workload as a task of its own, for the README: without Jinja2, with the defaults of the
//! task's arguments in their places.

use serde::Serialize;
use serde_json::Value;

use super::view::contexts;
use crate::catalogue::Service;

#[derive(Serialize)]
pub(super) struct Single<'a> {
    scenario: &'a str,
    arguments: Value,
    contexts: Value,
}

impl Single<'_> {
    /// Returns the first workload.
    pub(super) fn of(service: &Service) -> Option<Single<'_>> {
        let workload = service.workloads().next()?;
        let arguments = Value::Object(workload.arguments.clone());
        Some(Single {
            scenario: &workload.scenario,
            arguments: filled(&arguments, service),
            contexts: filled(&Value::Object(contexts(workload)), service),
        })
    }
}

/// Returns the value with the defaults of the task's arguments in it.
fn filled(value: &Value, service: &Service) -> Value {
    match value {
        Value::String(text) => filled_text(text, service),
        Value::Array(items) => items.iter().map(|item| filled(item, service)).collect(),
        Value::Object(map) => {
            let pairs = map.iter();
            let pairs = pairs.map(|(key, value)| (key.clone(), filled(value, service)));
            Value::Object(pairs.collect())
        }
        other => other.clone(),
    }
}

fn filled_text(text: &str, service: &Service) -> Value {
    let mut text = text.to_owned();
    for (name, default) in &service.arguments {
        let sign = format!("{{{{ {name} }}}}");
        // A number, as the task writes it: with a plus sign before it.
        if text == format!("+{sign}") {
            return default.clone();
        }
        let plain = default.as_str().map(str::to_owned);
        text = text.replace(&sign, &plain.unwrap_or_else(|| default.to_string()));
    }
    Value::String(text)
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
