//! One file of plugins: what it registers, and what keeps Rally from loading it.
//!
//! Rally runs the file from top to bottom (`rally.common.plugin.discover.load_plugins`); the first
//! exception ends that, and the file is skipped.

mod configured;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Arguments, Decorator, Expr, ExprCall, ModModule, Stmt, StmtClassDef};

use super::forms::{Form, form};
use super::imports::Imports;
use super::literal::{self, Text};
use super::names::Names;
use super::{Kind, Lines, Maybe, Registered};

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
