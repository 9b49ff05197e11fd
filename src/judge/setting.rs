//! What differs between two settings of a workload.

use serde_json::Value;

/// How many differences people are told.
const MOST: usize = 3;

/// Returns what differs between two settings in JSON: `runner.constant.times 10 -> 20`.
pub(super) fn differences(before: &str, after: &str) -> String {
    let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
    let mut found = Vec::new();
    walk("", &read(before), &read(after), &mut found);
    let more = found.len().saturating_sub(MOST);
    found.truncate(MOST);
    match more {
        0 => found.join(", "),
        _ => format!("{}, and {more} more", found.join(", ")),
    }
}

fn walk(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (before, after) if before == after => {}
        (Value::Object(one), Value::Object(two)) => {
            let more = two.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(more) {
                let path = match path {
                    "" => key.clone(),
                    path => format!("{path}.{key}"),
                };
                let value =
                    |of: &serde_json::Map<String, Value>| of.get(key).cloned().unwrap_or_default();
                walk(&path, &value(one), &value(two), found);
            }
        }
        (before, after) => found.push(format!("{path} {} -> {}", said(before), said(after))),
    }
}

fn said(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Object(_) | Value::Array(_) => "...".to_owned(),
        value => value.to_string(),
    }
}
