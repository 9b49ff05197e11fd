//! Values without Jinja2: with the defaults of the task's arguments in their places.

use serde_json::Value;

use crate::catalogue::Service;

/// Returns the value with the defaults of the task's arguments in it.
pub fn filled(value: &Value, service: &Service) -> Value {
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
