//! One file of plugins: what it registers, and what keeps Rally from loading it.
//!
//! Rally runs the file from top to bottom (`rally.common.plugin.discover.load_plugins`); the first
//! exception ends that, and the file is skipped.

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Arguments, Decorator, Expr, ExprCall, ModModule, Stmt, StmtClassDef};
use ruff_text_size::Ranged;
use serde_json::{Map, Value};

use super::forms::{Form, Given, TAKE_NULL, form, kind_of_base, refused_name};
use super::imports::Imports;
use super::literal::{self, Text};
use super::names::Names;
use super::signature;
use super::{Kind, Lines, Maybe, Registered};
use crate::rally::plugins::{Plugin, Validator};

/// What a file of plugins holds.
#[derive(Debug, Default)]
pub(super) struct Content {
    pub(super) registered: Vec<Registered>,
    pub(super) maybe: Vec<Maybe>,
    /// What keeps Rally from loading the file: the first ends it, the rest would be next.
    pub(super) flaws: Vec<Flaw>,
    /// Line, and what of a plugin is not judged.
    pub(super) unsure: Vec<(usize, String)>,
}

/// What Rally stumbles over while it loads a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::check) struct Flaw {
    pub(in crate::check) kind: FlawKind,
    pub(in crate::check) line: usize,
    pub(in crate::check) what: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum FlawKind {
    /// Python refuses the file.
    Syntax,
    /// A name, or a module, that is not there.
    Name,
    /// Rally has no such module, or the module no such name.
    Import,
    /// Rally refuses the plugin.
    Registration,
    /// Rally has the plugin already.
    Twice,
    /// The decorator does nothing.
    Idle,
}

/// Returns what a file holds.
pub(super) fn read(
    module: &ModModule,
    lines: &Lines<'_>,
    package: Option<&str>,
    imports: &Imports<'_>,
    is_cloud: &dyn Fn(&str) -> bool,
) -> Content {
    let names = Names::of(module, package, lines.text.len() + 10_000);
    let mut reader = Reader {
        names: &names,
        lines,
        imports,
        is_cloud,
        is_package: package.is_some(),
        content: Content::default(),
    };
    for stmt in &module.body {
        reader.statement(stmt);
    }
    reader.content
}

struct Reader<'r, 'a> {
    names: &'r Names<'a>,
    lines: &'r Lines<'r>,
    imports: &'r Imports<'r>,
    /// Whether a validator needs a cloud, or is not known.
    is_cloud: &'r dyn Fn(&str) -> bool,
    is_package: bool,
    content: Content,
}

/// What a decorator of a class does.
enum Does<'d> {
    Configure(Form, Option<&'d Arguments>),
    /// It writes into what `configure` makes: `validation.add`, `types.convert`.
    Adds(&'static str, Option<&'d Arguments>),
    /// It neither registers nor needs `configure`.
    Nothing,
    /// Nobody knows; perhaps it registers.
    Unknown,
}

/// Where the bases of a class lead to.
struct Bases {
    kind: Option<Kind>,
    /// Full names of the bases of other modules, as far as the classes of this module lead.
    paths: Vec<String>,
    /// Whether all bases are known to be no plugins.
    plain: bool,
}

impl<'a> Reader<'_, 'a> {
    fn statement(&mut self, stmt: &'a Stmt) {
        // what fails in a package's own code is not for Rally's rules to say
        if !self.is_package {
            self.import(stmt);
            // the first ends the file; others often are of the same cause
            if !self.is_broken()
                && let Some((offset, name)) = self.names.unbound(stmt)
            {
                let what = format!("nothing binds the name `{name}` before it is needed");
                self.flaw(FlawKind::Name, offset, what);
            }
            if !self.is_broken()
                && let Some((offset, what)) = self.imports.missing(stmt, self.names)
            {
                self.flaw(FlawKind::Import, offset, what);
            }
        }
        match stmt {
            Stmt::ClassDef(class) => self.class(class),
            stmt => self.perhaps(stmt),
        }
    }

    fn import(&mut self, stmt: &Stmt) {
        let Stmt::ImportFrom(import) = stmt else {
            return;
        };
        if self.names.source(import).is_none() {
            let what = "Rally loads each file alone, so a relative import has no package to start \
                        from: import by the name of the file or folder"
                .to_owned();
            self.flaw(FlawKind::Name, import.range.start().to_usize(), what);
        }
    }

    fn flaw(&mut self, kind: FlawKind, offset: usize, what: String) {
        let line = self.lines.line(offset);
        self.content.flaws.push(Flaw { kind, line, what });
    }

    fn is_broken(&self) -> bool {
        let mut flaws = self.content.flaws.iter();
        flaws.any(|flaw| flaw.kind != FlawKind::Idle)
    }

    /// Reads what is registered only where a condition holds, or by a function.
    fn perhaps(&mut self, stmt: &'a Stmt) {
        let mut finder = Finder {
            reader: self,
            found: Vec::new(),
        };
        finder.visit_stmt(stmt);
        let found = finder.found;
        self.content.maybe.extend(found);
    }

    fn does<'d>(&self, decorator: &'d Decorator) -> Does<'d> {
        let (callee, arguments) = match &decorator.expression {
            Expr::Call(call) => (&*call.func, Some(&call.arguments)),
            other => (other, None),
        };
        let Some(path) = self.names.path(callee) else {
            return Does::Unknown;
        };
        match path.as_str() {
            "rally.common.validation.add" => Does::Adds("validation.add", arguments),
            "rally.task.types.convert" => Does::Adds("types.convert", arguments),
            "rally.common.plugin.plugin.deprecated" => Does::Adds("plugin.deprecated", arguments),
            "rally.common.validation.add_default"
            | "rally.common.plugin.plugin.default_meta"
            | "rally.task.context.add_default_context" => Does::Nothing,
            path => match form(path) {
                Some(form) => Does::Configure(form, arguments),
                None => Does::Unknown,
            },
        }
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        class.body.iter().for_each(|stmt| {
            if matches!(stmt, Stmt::ClassDef(_)) {
                self.perhaps(stmt);
            }
        });
        let does: Vec<Does<'_>> = class.decorator_list.iter().map(|d| self.does(d)).collect();
        let configures = |does: &Does<'_>| matches!(does, Does::Configure(..));
        let Some(at) = does.iter().rposition(configures) else {
            return self.not_configured(class, &does);
        };
        let offset = |at: usize| class.decorator_list[at].range.start().to_usize();
        let below = &does[at + 1..];
        let unknown_below = below.iter().any(|does| matches!(does, Does::Unknown));
        let early = below.iter().position(|does| matches!(does, Does::Adds(..)));
        if let (Some(early), false) = (early, unknown_below)
            && let Does::Adds(name, _) = below[early]
        {
            let what = format!(
                "`{name}` stands below `configure`, so it comes first and finds no plugin: write \
                 it above"
            );
            return self.flaw(FlawKind::Registration, offset(at + 1 + early), what);
        }
        let Does::Configure(form, arguments) = does[at] else {
            return;
        };
        let Some(arguments) = arguments else {
            let what = "`configure` is not called, so it registers nothing: write \
                        `configure(name=..)`"
                .to_owned();
            return self.flaw(FlawKind::Idle, offset(at), what);
        };
        self.configured(class, form, arguments, &does, offset(at));
    }

    fn not_configured(&mut self, class: &'a StmtClassDef, does: &[Does<'_>]) {
        let adds = does.iter().position(|does| matches!(does, Does::Adds(..)));
        let unknown = does.iter().any(|does| matches!(does, Does::Unknown));
        match adds.map(|at| (at, &does[at])) {
            Some((at, Does::Adds(name, _))) if !unknown => {
                let offset = class.decorator_list[at].range.start().to_usize();
                let what = format!("`{name}` needs a plugin, and nothing below it is `configure`");
                self.flaw(FlawKind::Registration, offset, what);
            }
            _ => {
                let calls = class.decorator_list.iter();
                let calls = calls.filter_map(|decorator| decorator.expression.as_call_expr());
                let maybe: Vec<Maybe> = calls.filter_map(|call| self.maybe_of(call)).collect();
                self.content.maybe.extend(maybe);
            }
        }
    }

    fn configured(
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

    fn maybe(&self, kind: Option<Kind>, name: &str, offset: usize) -> Maybe {
        Maybe {
            kind,
            name: name.to_owned(),
            line: self.lines.line(offset),
        }
    }

    /// Returns what a call may register; `None` where it registers nothing.
    fn maybe_of(&self, call: &ExprCall) -> Option<Maybe> {
        let path = self.names.path(&call.func);
        let form = path.as_deref().and_then(form);
        let is_attribute =
            matches!(&*call.func, Expr::Attribute(a) if a.attr.as_str() == "configure");
        // clients, exporters, verifiers: no task names them
        let of_rally =
            |path: &String| path.starts_with("rally.") || path.starts_with("rally_openstack.");
        if form.is_none() && path.as_ref().is_some_and(of_rally) {
            return None;
        }
        let is_configure = path.is_some_and(|path| path.ends_with(".configure")) || is_attribute;
        if form.is_none() && !is_configure {
            return None;
        }
        let name = call.arguments.find_argument_value("name", 0);
        let name = name.map_or(Text::Pattern("*".to_owned()), |name| {
            literal::text(name, self.names)
        });
        let kind = form.map(|form| form.kind);
        let kind = kind.filter(|kind| matches!(kind, Kind::Scenario | Kind::Context));
        Some(self.maybe(kind, name.pattern(), call.range.start().to_usize()))
    }
}

/// Finds calls of `configure` wherever they are.
struct Finder<'f, 'r, 'a> {
    reader: &'f Reader<'r, 'a>,
    found: Vec<Maybe>,
}

impl<'a> Visitor<'a> for Finder<'_, '_, 'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            self.found.extend(self.reader.maybe_of(call));
        }
        visitor::walk_expr(self, expr);
    }
}
