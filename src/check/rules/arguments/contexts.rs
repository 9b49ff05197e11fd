//! Contexts that a scenario needs.

use serde_json::Value;

use super::{CONTEXT_MISSING, Case, texts};
use crate::check::Finding;
use crate::check::value;
use crate::rally::plugins::Validator;
use crate::yaml::Node;

impl Case<'_, '_, '_> {
    pub(super) fn context_config(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let wanted = parameters.get("context_config").and_then(Value::as_object);
        let name = parameters.get("context_name").and_then(Value::as_str);
        let (Some(wanted), Some(name)) = (wanted, name) else {
            return Vec::new();
        };
        let contexts = self.workload.contexts();
        let Some((key, config)) = contexts.and_then(|contexts| contexts.entry(name)) else {
            return Vec::new();
        };
        let given = value::value(config).unwrap_or_default();
        let differs = wanted
            .iter()
            .filter(|(key, value)| given.get(*key) != Some(value));
        let found = differs.map(|(wanted, value)| {
            let message = format!(
                "`{}`: the context `{name}` needs `{wanted}: {value}`",
                self.workload.scenario
            );
            CONTEXT_MISSING.broken(self.workload.path, key, message)
        });
        found.collect()
    }

    pub(super) fn contexts(&self, validator: &Validator) -> Vec<Finding> {
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

    pub(super) fn has_context(&self, wanted: &str) -> bool {
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

    pub(super) fn argument_or_context(&self, validator: &Validator) -> Vec<Finding> {
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
}
