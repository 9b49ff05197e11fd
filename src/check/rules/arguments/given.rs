//! Which arguments are given, and their values.

use serde_json::Value;

use super::{ARGUMENT_VALUE, ARGUMENTS, Case, is_true, texts};
use crate::check::Finding;
use crate::rally::plugins::Validator;

impl Case<'_, '_, '_> {
    pub(super) fn args_spec(&self) -> Vec<Finding> {
        let known = &self.plugin.arguments;
        let missing = known
            .iter()
            .filter(|(name, argument)| argument.required && !self.arguments.contains_key(*name));
        let missing = missing.map(|(name, _)| {
            self.at_scenario(&ARGUMENTS, format!("the argument `{name}` is missing"))
        });
        let takes_more = self.plugin.more;
        let names = self.arguments.keys();
        let unknown = names.filter(|name| !takes_more && !known.contains_key(*name));
        let unknown = unknown.map(|name| {
            let taken: Vec<&str> = known.keys().map(String::as_str).collect();
            let takes = match taken.is_empty() {
                true => "it takes none".to_owned(),
                false => format!("it takes {}", taken.join(", ")),
            };
            self.at_argument(
                &ARGUMENTS,
                name,
                format!("there is no argument `{name}`; {takes}"),
            )
        });
        let typed = known.iter().flat_map(|(name, argument)| {
            let (Some(value), Some(schema)) = (self.arguments.get(name), &argument.schema) else {
                return Vec::new();
            };
            let found = self.schemas.of(schema).refused(value, None, 0).into_iter();
            found
                .map(|refused| {
                    self.at_argument(&ARGUMENTS, name, format!("`{name}`: {}", refused.what))
                })
                .collect()
        });
        missing.chain(unknown).chain(typed).collect()
    }

    pub(super) fn restricted(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let within = parameters.get("subdict").and_then(Value::as_str);
        let given = match within {
            None => Some(&self.arguments),
            Some(name) => self.arguments.get(name).and_then(Value::as_object),
        };
        let names = texts(parameters.get("param_names"));
        let given = names.filter(|name| given.is_some_and(|given| given.contains_key(*name)));
        given
            .map(|name| {
                let place = within.map_or(String::new(), |within| format!(" in `{within}`"));
                let message = format!("`{name}`{place} may not be given: Rally sets it");
                self.at_argument(&ARGUMENT_VALUE, within.unwrap_or(name), message)
            })
            .collect()
    }

    pub(super) fn required(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let within = parameters.get("subdict").and_then(Value::as_str);
        let given = match within {
            None => Some(&self.arguments),
            Some(name) => self.arguments.get(name).and_then(Value::as_object),
        };
        let has = |name: &str| given.is_some_and(|given| given.contains_key(name));
        let items = parameters.get("params").and_then(Value::as_array);
        let missing = items.into_iter().flatten().filter(|item| match item {
            Value::Array(_) => !texts(Some(item)).any(has),
            item => !item.as_str().is_some_and(has),
        });
        missing
            .map(|item| {
                let names: Vec<&str> = texts(Some(item)).collect();
                let message = format!("the argument `{}` is missing", names.join("` or `"));
                self.at_scenario(&ARGUMENT_VALUE, message)
            })
            .collect()
    }

    /// A number that is not given is none, unless the validator says that it may be missing.
    pub(super) fn number(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let Some(name) = parameters.get("param_name").and_then(Value::as_str) else {
            return Vec::new();
        };
        let is = |key: &str| parameters.get(key).and_then(Value::as_bool) == Some(true);
        let bound = |key: &str| parameters.get(key).and_then(Value::as_f64);
        let value = self.arguments.get(name).unwrap_or(&Value::Null);
        if is("nullable") && value.is_null() {
            return Vec::new();
        }
        let is_float = value.as_i64().is_none() && value.is_number();
        let number = match value {
            Value::Number(number) if !(is("integer_only") && is_float) => number.as_f64(),
            Value::Bool(value) => Some(f64::from(u8::from(*value))),
            // Python's int() takes no point
            Value::String(text) if is("integer_only") && text.contains(['.', 'e', 'n']) => None,
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        let what = match number {
            None if is("integer_only") => "must be an integer".to_owned(),
            None => "must be a number".to_owned(),
            Some(number) => match (bound("minval"), bound("maxval")) {
                (Some(least), _) if number < least => format!("must be at least {least}"),
                (_, Some(most)) if number > most => format!("must be at most {most}"),
                _ => return Vec::new(),
            },
        };
        let message = format!("`{name}` {what}");
        vec![self.at_argument(&ARGUMENT_VALUE, name, message)]
    }

    pub(super) fn one_of(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let Some(name) = parameters.get("param_name").and_then(Value::as_str) else {
            return Vec::new();
        };
        let is = |key: &str| parameters.get(key).and_then(Value::as_bool) == Some(true);
        let lower = |value: &Value| match value {
            Value::String(text) if is("case_insensitive") => Value::from(text.to_lowercase()),
            other => other.clone(),
        };
        let values = parameters.get("values").and_then(Value::as_array);
        let values: Vec<Value> = values.into_iter().flatten().map(lower).collect();
        let given = self.arguments.get(name).filter(|value| is_true(value));
        let listed: Vec<String> = values.iter().map(words).collect();
        let message = match given {
            None if is("missed") => return Vec::new(),
            None => format!(
                "the argument `{name}` is missing; one of {}",
                listed.join(", ")
            ),
            Some(value) if values.contains(&lower(value)) => return Vec::new(),
            Some(value) => format!(
                "`{name}` is {}, not one of {}",
                words(value),
                listed.join(", ")
            ),
        };
        vec![self.at_argument(&ARGUMENT_VALUE, name, message)]
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}
