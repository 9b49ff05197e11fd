//! What an argument names: an image, a flavor, a file, a command, a workflow.

use serde_json::{Map, Value};

use super::{ARGUMENT_VALUE, Case, is_true};
use crate::check::Finding;
use crate::check::text::{self, Text};
use crate::rally::plugins::Validator;
use crate::rally::{EXTRA, EXTRA_AT_HOME};
use crate::yaml;

impl Case<'_, '_, '_> {
    /// Judges what names an image or a flavor: a mapping with `id`, `name` or `regex`
    /// (`rally_openstack.task.types`).
    pub(super) fn resource(
        &self,
        validator: &Validator,
        parameter: &str,
        nullable: &str,
    ) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let Some(name) = parameters.get(parameter).and_then(Value::as_str) else {
            return Vec::new();
        };
        let may_be_missing = parameters.get(nullable).and_then(Value::as_bool) == Some(true)
            || parameters.get("fail_on_404_image").and_then(Value::as_bool) == Some(false);
        let value = self.arguments.get(name).filter(|value| is_true(value));
        let has = |value: &Value, key: &str| value.get(key).is_some_and(is_true);
        let what = match value {
            // a missing argument without a default is `args-spec`'s
            None if may_be_missing || !self.plugin.arguments.contains_key(name) => None,
            None => Some("names nothing"),
            Some(value) if !value.is_object() => Some("is not a mapping"),
            Some(_)
                if may_be_missing || self.has_context("images") || self.has_context("flavors") =>
            {
                None
            }
            Some(value) if has(value, "id") || value.get("name").is_some() => None,
            Some(value) if value.get("regex").is_some() => None,
            Some(_) => Some("has none of them"),
        };
        let is_required = self
            .plugin
            .arguments
            .get(name)
            .is_some_and(|argument| argument.required);
        if is_required && !self.arguments.contains_key(name) {
            return Vec::new();
        }
        let found = what.map(|what| {
            let message =
                format!("`{name}` needs `id`, `name` or `regex`: `{{name: ..}}`, and {what}");
            self.at_argument(&ARGUMENT_VALUE, name, message)
        });
        found.into_iter().collect()
    }

    /// Where the file must lie is `extra-missing`'s.
    pub(super) fn file(&self, validator: &Validator) -> Vec<Finding> {
        let parameters = &validator.parameters;
        let may_be_missing = parameters.get("required").and_then(Value::as_bool) == Some(false);
        let name = parameters.get("param_name").and_then(Value::as_str);
        let Some(name) = name.filter(|name| self.arguments.contains_key(*name)) else {
            return Vec::new();
        };
        let is_given = self.arguments.get(name).is_some_and(is_true);
        if is_given || may_be_missing {
            return Vec::new();
        }
        vec![self.at_argument(&ARGUMENT_VALUE, name, format!("`{name}` names no file"))]
    }

    /// Judges a command for a server (`ValidCommandValidator` of `rally_openstack`'s vmtasks).
    pub(super) fn command(&self, validator: &Validator) -> Vec<Finding> {
        const KEYS: [&str; 6] = [
            "script_file",
            "script_inline",
            "interpreter",
            "remote_path",
            "local_path",
            "command_args",
        ];
        let Some(name) = validator
            .parameters
            .get("param_name")
            .and_then(Value::as_str)
        else {
            return Vec::new();
        };
        let empty = Map::new();
        let command = self.arguments.get(name).and_then(Value::as_object);
        let of = |key: &str| {
            command
                .unwrap_or(&empty)
                .get(key)
                .filter(|value| is_true(value))
        };
        let last = |value: &Value| match value {
            Value::Array(items) => items.last().cloned(),
            other => Some(other.clone()),
        };
        let stranger = command.and_then(|map| map.keys().find(|key| !KEYS.contains(&key.as_str())));
        let has_inline = command.is_some_and(|map| map.contains_key("script_inline"));
        let what = match (command, of("interpreter")) {
            (None, _) => "is not a mapping".to_owned(),
            (_, Some(_)) if of("script_file").is_some() && has_inline => {
                "has both `script_file` and `script_inline`".to_owned()
            }
            (_, Some(interpreter))
                if of("local_path").is_some()
                    && command.and_then(|map| map.get("remote_path"))
                        != last(interpreter).as_ref() =>
            {
                "uploads an interpreter, whose path must be `remote_path`".to_owned()
            }
            (_, None) if of("remote_path").is_none() => {
                "has neither `interpreter` nor `remote_path`".to_owned()
            }
            _ => match stranger {
                Some(key) => format!("has no `{key}`; it may have {}", KEYS.join(", ")),
                None => return Vec::new(),
            },
        };
        vec![self.at_argument(&ARGUMENT_VALUE, name, format!("`{name}` {what}"))]
    }

    /// Judges a workflow of a workbook among the extra files; any other is not known.
    pub(super) fn workflow(&self, validator: &Validator) -> Vec<Finding> {
        let of = |key: &str| {
            let name = validator.parameters.get(key).and_then(Value::as_str)?;
            Some((name, self.arguments.get(name)?.as_str()?))
        };
        let (Some((_, book)), Some((name, workflow))) =
            (of("workbook_param"), of("workflow_param"))
        else {
            return Vec::new();
        };
        let path = book
            .strip_prefix(EXTRA_AT_HOME)
            .map(|rest| format!("{EXTRA}{rest}"));
        let text = path.map(|path| text::read(self.files, &path));
        let Some(Text::Read(text)) = text.filter(|_| !workflow.is_empty()) else {
            return Vec::new();
        };
        let document = yaml::parse(&text).ok();
        let root = document.as_ref().and_then(yaml::Document::root);
        let workflows = root.and_then(|root| root.own("workflows"));
        match workflows.filter(|node| node.is_mapping()) {
            Some(workflows) if workflows.own(workflow).is_none() => {
                let message = format!("`{book}` has no workflow `{workflow}`");
                vec![self.at_argument(&ARGUMENT_VALUE, name, message)]
            }
            _ => Vec::new(),
        }
    }
}
