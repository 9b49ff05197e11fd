//! The arguments of a scenario, as Rally's own validators judge them before a task starts
//! (`rally.plugins.common.validators`).

use serde_json::{Map, Value};

use super::plugins::PLUGIN_CONFIG;
use super::schema::Schemas;
use super::{Known, Rule};
use crate::check::Finding;
use crate::check::plugins::{Kind, Known as Scenario};
use crate::check::task::Workload;
use crate::check::text::{self, Text};
use crate::check::value;
use crate::files::Files;
use crate::rally::plugins::{Plugin, Validator};
use crate::rally::{EXTRA, EXTRA_AT_HOME};
use crate::yaml::{self, Node};

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

    /// Judges what names an image or a flavor: a mapping with `id`, `name` or `regex`
    /// (`rally_openstack.task.types`).
    fn resource(&self, validator: &Validator, parameter: &str, nullable: &str) -> Vec<Finding> {
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

    fn context_config(&self, validator: &Validator) -> Vec<Finding> {
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

    /// Where the file must lie is `extra-missing`'s.
    fn file(&self, validator: &Validator) -> Vec<Finding> {
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
    fn command(&self, validator: &Validator) -> Vec<Finding> {
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
    fn workflow(&self, validator: &Validator) -> Vec<Finding> {
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
            let found = self.schemas.of(schema).refused(value, None, 0).into_iter();
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

/// Judges the versions of clients (`CheckOpenStackAPIVersionsValidator`).
pub(super) fn api_versions(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let plugin = known.rally.contexts.get("api_versions@openstack");
    let validators = plugin.into_iter().flat_map(|plugin| &plugin.validators);
    let mut parameters = validators.map(|validator| &validator.parameters);
    let clients = parameters.find_map(|parameters| parameters.get("clients")?.as_object());
    let (Some(clients), Some(contexts)) = (clients, workload.contexts()) else {
        return Vec::new();
    };
    let of_context = |(name, _): &(Node<'_>, Node<'_>)| {
        matches!(name.text(), Some("api_versions" | "api_versions@openstack"))
    };
    let configs = contexts.pairs().filter(of_context);
    let given = configs.flat_map(|(_, config)| config.pairs());
    let found = given.filter_map(|(name, config)| {
        let what = refused_client(clients, name.text()?, config)?;
        Some(PLUGIN_CONFIG.broken(workload.path, name, what))
    });
    found.collect()
}

/// Returns why the settings of a client are refused; nova, cinder and manila ask their own libraries
/// about a version.
fn refused_client(clients: &Map<String, Value>, name: &str, config: Node<'_>) -> Option<String> {
    let Some(client) = clients.get(name) else {
        return Some(format!(
            "no client `{name}`; Rally has {}",
            names_of(clients)
        ));
    };
    let has = |key: &str| config.own(key).is_some();
    let is_fixed = client.get("fixed").is_some();
    if is_fixed && (has("service_type") || has("service_name")) {
        return Some(format!("`{name}` takes no service type"));
    }
    let versions: Vec<&str> = texts(client.get("versions")).collect();
    let version = config.own("version").and_then(Node::text)?;
    let is_known = client.get("versions").is_none() || versions.contains(&version);
    (!is_known).then(|| match versions.is_empty() {
        true => format!("`{name}` takes no version"),
        false => format!(
            "`{name}` has no version `{version}`; it has {}",
            versions.join(", ")
        ),
    })
}

fn names_of(map: &Map<String, Value>) -> String {
    map.keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
