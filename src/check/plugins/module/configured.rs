//! What a class that is registered says of its plugin: schema, validators, contexts, arguments.

use ruff_python_ast::{Arguments, StmtClassDef};
use ruff_text_size::Ranged;
use serde_json::{Map, Value};

use super::super::forms::{Form, Given, TAKE_NULL, kind_of_base, refused_name};
use super::super::literal::{self, Text};
use super::super::signature;
use super::super::{Kind, Registered};
use super::{Bases, Does, FlawKind, Reader};
use crate::rally::plugins::{Plugin, Validator};

impl<'a> Reader<'_, 'a> {
    pub(super) fn configured(
        &mut self,
        class: &'a StmtClassDef,
        form: Form,
        arguments: &Arguments,
        does: &[Does<'_>],
        offset: usize,
    ) {
        let bases = self.bases(class);
        let kind = match (bases.kind, form.kind) {
            (Some(kind), _) => kind,
            (None, kind) => kind,
        };
        let given = match Given::read(form, arguments) {
            Ok(given) => given,
            Err(None) => {
                let maybe = self.maybe(Some(kind), "*", offset);
                return self.content.maybe.push(maybe);
            }
            Err(Some(what)) => return self.flaw(FlawKind::Registration, offset, what),
        };
        let name = literal::text(given.name, self.names);
        if let Some(what) = refused_name(&name, form.kind) {
            let offset = given.name.range().start().to_usize();
            return self.flaw(FlawKind::Registration, offset, what);
        }
        if bases.plain {
            let what = format!(
                "`{}` is no plugin class, so `configure` fails: derive it from one of Rally's",
                class.name
            );
            return self.flaw(FlawKind::Registration, offset, what);
        }
        let platform = match given.of("platform") {
            Some(platform) => literal::text(platform, self.names),
            None => Text::Known(form.platform.to_owned()),
        };
        // a hook by the decorator alone may be a trigger
        let is_sure = bases.kind.is_some() || matches!(form.kind, Kind::Scenario | Kind::Context);
        let (Some(known), Some(platform), true) = (name.known(), platform.known(), is_sure) else {
            let kind = bases.kind.filter(|_| is_sure);
            let maybe = self.maybe(kind, name.pattern(), offset);
            return self.content.maybe.push(maybe);
        };
        if self.is_broken() {
            return;
        }
        let hidden = match given.of("hidden") {
            Some(hidden) => literal::value(hidden, self.names) == Ok(Value::Bool(true)),
            None => false,
        };
        let mut plugin = Plugin {
            name: known.to_owned(),
            platform: platform.to_owned(),
            hidden,
            validators: self.validators(kind, does),
            schema: self.schema(kind, class, &bases),
            arguments: Default::default(),
            more: false,
            contexts: self.contexts(&given, &bases),
        };
        if kind == Kind::Scenario {
            self.run(class, does, &mut plugin);
        }
        self.content.registered.push(Registered {
            kind,
            line: self.lines.line(offset),
            plugin,
        });
    }

    fn bases(&self, class: &'a StmtClassDef) -> Bases {
        let mut bases = Bases {
            kind: None,
            paths: Vec::new(),
            plain: true,
        };
        let (mut open, mut seen) = (vec![class], 0_usize);
        while let Some(class) = open.pop() {
            seen += 1;
            // a class that is its own base, or a hundred
            if seen > 50 {
                bases.plain = false;
                break;
            }
            let arguments = class.arguments.as_deref();
            bases.plain &= arguments.is_none_or(|arguments| arguments.keywords.is_empty());
            bases.plain &= class.type_params.is_none();
            for base in arguments.into_iter().flat_map(|arguments| &arguments.args) {
                match (self.names.class(base), self.names.path(base)) {
                    (Some(class), _) => open.push(class),
                    (None, Some(path)) => {
                        bases.kind = bases.kind.or(kind_of_base(&path));
                        bases.plain = false;
                        bases.paths.push(path);
                    }
                    (None, None) => {
                        let is_object = base.as_name_expr().is_some_and(|n| n.id == "object");
                        bases.plain &= is_object;
                        if !is_object {
                            bases.paths.push(String::new());
                        }
                    }
                }
            }
        }
        bases
    }

    /// Returns the validators in the order in which Rally runs them.
    fn validators(&mut self, kind: Kind, does: &[Does<'_>]) -> Vec<Validator> {
        let own = |name: &str| Validator {
            name: name.to_owned(),
            parameters: Map::new(),
            cloud: false,
        };
        let mut validators = match kind {
            Kind::Scenario => vec![own("args-spec")],
            Kind::Context | Kind::Runner | Kind::Sla | Kind::Hook | Kind::Trigger => {
                vec![own("jsonschema")]
            }
            _ => Vec::new(),
        };
        for does in does.iter().rev() {
            if let Does::Adds("validation.add", Some(arguments)) = does {
                validators.extend(self.validator(arguments));
            }
        }
        validators
    }

    fn validator(&mut self, arguments: &Arguments) -> Option<Validator> {
        let name = arguments.find_argument_value("name", 0)?;
        let name = literal::text(name, self.names).known()?.to_owned();
        let cloud = (self.is_cloud)(&name);
        let mut parameters = Map::new();
        for keyword in &arguments.keywords {
            let key = keyword.arg.as_ref().map_or("", |name| name.as_str());
            match literal::value(&keyword.value, self.names) {
                Ok(_) if key == "name" => {}
                Ok(value) if !key.is_empty() => {
                    parameters.insert(key.to_owned(), value);
                }
                _ if cloud => {}
                _ => {
                    let line = self.lines.line(keyword.range.start().to_usize());
                    let why = format!("the parameters of the validator `{name}` are not literal");
                    self.content.unsure.push((line, why));
                    return None;
                }
            }
        }
        Some(Validator {
            name,
            parameters,
            cloud,
        })
    }

    fn schema(&mut self, kind: Kind, class: &'a StmtClassDef, bases: &Bases) -> Option<Value> {
        if matches!(
            kind,
            Kind::Scenario | Kind::Validator | Kind::Type | Kind::Other
        ) {
            return None;
        }
        if let Some(expr) = signature::attribute(class, "CONFIG_SCHEMA") {
            return match literal::value(expr, self.names) {
                Ok(schema) => Some(schema),
                Err(offset) => {
                    let why = "`CONFIG_SCHEMA` is not literal here".to_owned();
                    self.content.unsure.push((self.lines.line(offset), why));
                    None
                }
            };
        }
        let direct = class.arguments.as_deref().map_or(0, |a| a.args.len());
        match bases.paths.as_slice() {
            [path] if direct == 1 && TAKE_NULL.contains(&path.as_str()) => {
                let is_direct = class.arguments.as_deref().is_some_and(|arguments| {
                    arguments
                        .args
                        .iter()
                        .all(|base| self.names.class(base).is_none())
                });
                is_direct.then(|| serde_json::json!({"type": "null"}))
            }
            _ => None,
        }
    }

    fn contexts(&self, given: &Given<'_>, bases: &Bases) -> Map<String, Value> {
        let value = given
            .of("context")
            .map(|context| literal::value(context, self.names));
        let mut contexts = match value {
            Some(Ok(Value::Object(map))) => map,
            _ => Map::new(),
        };
        if bases
            .paths
            .iter()
            .any(|path| path.starts_with("rally_openstack."))
        {
            contexts
                .entry("users@openstack")
                .or_insert_with(|| Value::Object(Map::new()));
        }
        contexts
    }

    fn run(&self, class: &'a StmtClassDef, does: &[Does<'_>], plugin: &mut Plugin) {
        let Some(run) = signature::run(class, self.names) else {
            plugin.more = true;
            return;
        };
        plugin.arguments = run.arguments;
        plugin.more = run.more;
        for does in does {
            if let Does::Adds("types.convert", Some(arguments)) = does {
                for keyword in &arguments.keywords {
                    let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
                    // what may be written is what the converter takes
                    if let Some(argument) = plugin.arguments.get_mut(name) {
                        argument.schema = None;
                    }
                }
            }
        }
    }
}
