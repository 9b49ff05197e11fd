//! The arguments of a scenario, as Rally's own validators judge them before a task starts
//! (`rally.plugins.common.validators`).

mod contexts;
mod given;
mod named;

use serde_json::{Map, Value};

use super::schema::Schemas;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::finding::Place;
use crate::check::plugins::{Kind, Known as Scenario};
use crate::check::task::Workload;
use crate::check::value;
use crate::files::Files;
use crate::rally::plugins::{Plugin, Validator};

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
struct Case<'a, 'd, 'k> {
    workload: &'a Workload<'d>,
    plugin: &'k Plugin,
    arguments: Map<String, Value>,
    files: &'a dyn Files,
    schemas: &'k Schemas<'k>,
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
        files: known.files,
        schemas: known.schemas,
    };
    let judged = plugin.validators.iter();
    judged.flat_map(|validator| case.judge(validator)).collect()
}

impl Case<'_, '_, '_> {
    fn judge(&self, validator: &Validator) -> Vec<Finding> {
        match validator.name.as_str() {
            "args-spec" => self.args_spec(),
            "restricted_parameters" => self.restricted(validator),
            "required_params" => self.required(validator),
            "number" => self.number(validator),
            "enum" => self.one_of(validator),
            "required_contexts" => self.contexts(validator),
            "required_param_or_context" => self.argument_or_context(validator),
            "required_context_config" => self.context_config(validator),
            "file_exists" => self.file(validator),
            "valid_command" => self.command(validator),
            "workbook_contains_workflow" => self.workflow(validator),
            // With a cloud they ask it; what has not the form of a question fails in any.
            "image_exists" => self.resource(validator, "param_name", "nullable"),
            "flavor_exists" => self.resource(validator, "param_name", ""),
            "image_valid_on_flavor" => {
                let mut found = self.resource(validator, "flavor_param", "");
                found.extend(self.resource(validator, "image_param", ""));
                found
            }
            _ => Vec::new(),
        }
    }

    fn at_scenario(&self, rule: &'static Rule, message: String) -> Finding {
        let message = format!("`{}`: {message}", self.workload.scenario);
        rule.broken(self.workload.path, self.workload.line, message)
    }

    fn at_argument(&self, rule: &'static Rule, name: &str, message: String) -> Finding {
        let place = self.workload.arguments().and_then(|node| node.entry(name));
        let place = place.map_or(Place::from(self.workload.line), |(key, _)| Place::from(key));
        let message = format!("`{}`: {message}", self.workload.scenario);
        rule.broken(self.workload.path, place, message)
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
