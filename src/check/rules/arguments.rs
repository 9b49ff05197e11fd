//! The arguments of a scenario, as Rally's own validators judge them before a task starts
//! (`rally.plugins.common.validators`).

use serde_json::{Map, Value};

use super::schema::refused;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::plugins::{Kind, Known as Scenario};
use crate::check::task::Workload;
use crate::check::value;
use crate::rally::plugins::{Plugin, Validator};
use crate::yaml::Node;

/// An argument that the scenario does not take, or needs, or takes with another type.
pub(super) const ARGUMENTS: Rule = Rule {
    name: "scenario-arguments",
};

/// An argument that may not be given, or has a value that may not be.
pub(super) const ARGUMENT_VALUE: Rule = Rule {
    name: "argument-value",
};

/// A context that the scenario needs is not there.
pub(super) const CONTEXT_MISSING: Rule = Rule {
    name: "context-missing",
};

/// A workload and what is known of its scenario.
struct Case<'a, 'd> {
    workload: &'a Workload<'d>,
    plugin: &'a Plugin,
    arguments: Map<String, Value>,
}

pub(super) fn arguments(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let found = known
        .plugins
        .find(Kind::Scenario, workload.scenario, known.rally);
    let Scenario::One(plugin) = found else {
        return Vec::new();
    };
    let value = workload
        .arguments()
        .and_then(|node| value::value(node).ok());
    let arguments = match value {
        Some(Value::Object(map)) => map,
        _ => Map::new(),
    };
    let case = Case {
        workload,
        plugin,
        arguments,
    };
    let judged = plugin
        .validators
        .iter()
        .filter(|validator| !validator.cloud);
    judged.flat_map(|validator| case.judge(validator)).collect()
}

impl Case<'_, '_> {
    fn judge(&self, validator: &Validator) -> Vec<Finding> {
        match validator.name.as_str() {
            "args-spec" => self.args_spec(),
            "restricted_parameters" => self.restricted(validator),
            "required_params" => self.required(validator),
            "number" => self.number(validator),
            "enum" => self.one_of(validator),
            "required_contexts" => self.contexts(validator),
            "required_param_or_context" => self.argument_or_context(validator),
            _ => Vec::new(),
        }
    }

    fn args_spec(&self) -> Vec<Finding> {
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
            let found = refused(schema, value, None, 0).into_iter();
            found
                .map(|refused| {
                    self.at_argument(&ARGUMENTS, name, format!("`{name}`: {}", refused.what))
                })
                .collect()
        });
        missing.chain(unknown).chain(typed).collect()
    }

    fn restricted(&self, validator: &Validator) -> Vec<Finding> {
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

    fn required(&self, validator: &Validator) -> Vec<Finding> {
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
    fn number(&self, validator: &Validator) -> Vec<Finding> {
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

    fn one_of(&self, validator: &Validator) -> Vec<Finding> {
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

    fn contexts(&self, validator: &Validator) -> Vec<Finding> {
        let wanted = match validator.parameters.get("contexts") {
            Some(Value::Array(items)) => items.clone(),
            Some(one) => vec![one.clone()],
            None => Vec::new(),
        };
        let missing = wanted.iter().filter(|item| match item {
            Value::Array(_) => !texts(Some(item)).any(|name| self.has_context(name)),
            item => !item.as_str().is_some_and(|name| self.has_context(name)),
        });
        missing
            .map(|item| {
                let names: Vec<&str> = texts(Some(item)).collect();
                let message = format!("the scenario needs the context `{}`", names.join("` or `"));
                self.at_scenario(&CONTEXT_MISSING, message)
            })
            .collect()
    }

    fn has_context(&self, wanted: &str) -> bool {
        let contexts = self.workload.contexts();
        let mut names = contexts.into_iter().flat_map(Node::pairs);
        let bare = wanted.split('@').next().unwrap_or(wanted);
        names.any(|(name, _)| {
            let name = name.text().unwrap_or_default();
            name == wanted
                || name == bare
                || name
                    .strip_prefix(wanted)
                    .is_some_and(|rest| rest.starts_with('@'))
        })
    }

    fn argument_or_context(&self, validator: &Validator) -> Vec<Finding> {
        let text = |key: &str| validator.parameters.get(key).and_then(Value::as_str);
        let (Some(argument), Some(context)) = (text("param_name"), text("ctx_name")) else {
            return Vec::new();
        };
        let is_there = self.arguments.contains_key(argument)
            || self
                .workload
                .contexts()
                .is_some_and(|contexts| contexts.own(context).is_some());
        if is_there {
            return Vec::new();
        }
        let message =
            format!("the scenario needs the argument `{argument}` or the context `{context}`");
        vec![self.at_scenario(&CONTEXT_MISSING, message)]
    }

    fn at_scenario(&self, rule: &'static Rule, message: String) -> Finding {
        let message = format!("`{}`: {message}", self.workload.scenario);
        rule.broken(self.workload.path, self.workload.line, message)
    }

    fn at_argument(&self, rule: &'static Rule, name: &str, message: String) -> Finding {
        let place = self.workload.arguments().and_then(|node| node.entry(name));
        let line = place.map_or(self.workload.line, |(key, _)| key.line());
        let message = format!("`{}`: {message}", self.workload.scenario);
        rule.broken(self.workload.path, line, message)
    }
}

/// Returns a text, or the texts of a list.
fn texts(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = match value {
        Some(Value::Array(items)) => items.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    items.into_iter().filter_map(Value::as_str)
}

/// As Python has it.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(map) => !map.is_empty(),
    }
}

fn words(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        other => format!("`{other}`"),
    }
}
