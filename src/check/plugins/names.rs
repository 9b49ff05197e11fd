//! The names of a module: what each is bound to, and which are needed before anything binds them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ModModule, Pattern, Stmt, StmtClassDef, StmtImportFrom};
use ruff_text_size::Ranged;

use super::forms::todays;
use super::needs::{Needs, is_builtin};

/// A chain of names that stand for names is followed no further.
const MOST_ALIASES: usize = 10;

/// The names that a module binds, wherever it does.
pub(super) struct Names<'a> {
    bound: BTreeMap<&'a str, Vec<Bound<'a>>>,
    /// Whether it can have names that nobody sees here, as of `import *`.
    open: bool,
    /// Whether it may give other modules names.
    patches: bool,
    /// The package that relative imports start from; a file of `rally-jobs/plugins` has none.
    package: Option<String>,
    /// How many steps are left to follow names in: a name can stand for twice another, and so on.
    steps: Cell<usize>,
}

struct Bound<'a> {
    /// From where on it is bound, in bytes.
    from: usize,
    to: To<'a>,
}

/// What a name is bound to.
enum To<'a> {
    /// Something of another module, or a module.
    Path(String),
    Value(&'a Expr),
    Class(&'a StmtClassDef),
    Other,
}

impl<'a> Names<'a> {
    /// `steps` bounds how far names are followed in the whole file.
    pub(super) fn of(module: &'a ModModule, package: Option<&str>, steps: usize) -> Names<'a> {
        Names {
            package: package.map(str::to_owned),
            steps: Cell::new(steps),
            ..Names::of_body(&module.body)
        }
    }

    /// Returns the names of a class that its body binds; `None` where nobody sees them all.
    pub(super) fn of_class(class: &'a StmtClassDef) -> Option<BTreeSet<&'a str>> {
        let names = Names::of_body(&class.body);
        (!names.open).then(|| names.bound.keys().copied().collect())
    }

    fn of_body(body: &'a [Stmt]) -> Names<'a> {
        let mut names = Names {
            bound: BTreeMap::new(),
            open: false,
            patches: false,
            package: None,
            steps: Cell::new(0),
        };
        let mut binder = Binder {
            names: &mut names,
            inside: 0,
        };
        binder.visit_body(body);
        names
    }

    /// Returns the full name of what an expression stands for, `rally.task.scenario.configure`.
    /// A name of rally-openstack 1 is that of today, as `rally_openstack._compat` has it.
    pub(super) fn path(&self, expr: &Expr) -> Option<String> {
        self.path_within(expr, MOST_ALIASES).map(todays)
    }

    /// Takes a step; `None` where there were too many.
    pub(super) fn step(&self) -> Option<()> {
        self.steps.set(self.steps.get().checked_sub(1)?);
        Some(())
    }

    fn path_within(&self, expr: &Expr, aliases: usize) -> Option<String> {
        self.step()?;
        match expr {
            Expr::Attribute(attribute) => {
                let of = self.path_within(&attribute.value, aliases)?;
                Some(format!("{of}.{}", attribute.attr))
            }
            Expr::Name(name) => {
                let bound = self.bound.get(name.id.as_str())?.iter();
                let mut paths = bound
                    .take(MOST_ALIASES)
                    .filter_map(|bound| match &bound.to {
                        To::Path(path) => Some(path.clone()),
                        To::Value(value) => self.path_within(value, aliases.checked_sub(1)?),
                        To::Class(_) | To::Other => None,
                    });
                paths.next()
            }
            _ => None,
        }
    }

    /// Returns the value that a name has once and for all.
    pub(super) fn constant(&self, name: &str) -> Option<&'a Expr> {
        match self.bound.get(name)?.as_slice() {
            [
                Bound {
                    to: To::Value(value),
                    ..
                },
            ] => Some(value),
            _ => None,
        }
    }

    /// Returns the class of this module that an expression stands for.
    pub(super) fn class(&self, expr: &Expr) -> Option<&'a StmtClassDef> {
        let Expr::Name(name) = expr else {
            return None;
        };
        match self.bound.get(name.id.as_str())?.as_slice() {
            [
                Bound {
                    to: To::Class(class),
                    ..
                },
            ] => Some(class),
            _ => None,
        }
    }

    /// Returns whether the module, or Python itself, has the name somewhere.
    pub(super) fn has(&self, name: &str) -> bool {
        self.open || self.bound.contains_key(name) || is_builtin(name)
    }

    /// Returns whether the module binds the name.
    pub(super) fn is_bound(&self, name: &str) -> bool {
        self.open || self.bound.contains_key(name)
    }

    /// Returns whether something binds the name before the place, in bytes.
    pub(super) fn is_bound_before(&self, name: &str, offset: usize) -> bool {
        let bound = self.bound.get(name);
        bound.is_some_and(|bound| bound.iter().any(|bound| bound.from <= offset))
    }

    /// Returns the first name that the statement needs while the module is loaded, and that
    /// nothing has bound by then: its offset and the name.
    pub(super) fn unbound(&self, stmt: &'a Stmt) -> Option<(usize, &'a str)> {
        if self.open {
            return None;
        }
        let needs = Needs::of(self, stmt);
        needs.found
    }

    /// Returns what the statement takes from other modules for certain while the module is loaded:
    /// offset and full name.
    pub(super) fn attributes(&self, stmt: &'a Stmt) -> Vec<(usize, String)> {
        if self.open || self.patches {
            return Vec::new();
        }
        let needs = Needs::of(self, stmt);
        let found = needs.attributes.into_iter();
        let found = found.filter_map(|(at, top, expr)| {
            self.is_once_a_module(top)
                .then(|| Some((at, self.path(expr)?)))?
        });
        found.collect()
    }

    /// Returns whether the name stands for one and the same thing of another module, whatever
    /// happens.
    fn is_once_a_module(&self, name: &str) -> bool {
        let mut paths = self
            .bound
            .get(name)
            .into_iter()
            .flatten()
            .map(|bound| match &bound.to {
                To::Path(path) => Some(path),
                _ => None,
            });
        match paths.next() {
            Some(Some(first)) => paths.all(|path| path == Some(first)),
            _ => false,
        }
    }

    /// Returns the module that a `from .. import` names; `None` where it leads out of the package.
    pub(super) fn source(&self, import: &StmtImportFrom) -> Option<String> {
        let module = import.module.as_ref().map_or("", |module| module.as_str());
        if import.level == 0 {
            return Some(module.to_owned());
        }
        let mut package = self.package.as_deref()?;
        for _ in 1..import.level {
            package = package.rsplit_once('.')?.0;
        }
        Some(match module {
            "" => package.to_owned(),
            module => format!("{package}.{module}"),
        })
    }

    fn bind(&mut self, name: &'a str, from: usize, to: To<'a>) {
        self.bound.entry(name).or_default().push(Bound { from, to });
    }
}

/// Finds what binds names of the module; in functions and classes only `global` does.
struct Binder<'n, 'a> {
    names: &'n mut Names<'a>,
    inside: usize,
}

impl<'a> Binder<'_, 'a> {
    fn target(&mut self, target: &'a Expr, from: usize, value: Option<&'a Expr>) {
        match target {
            Expr::Name(name) => {
                let to = value.map_or(To::Other, To::Value);
                self.names.bind(&name.id, from, to);
            }
            Expr::Tuple(tuple) => tuple.elts.iter().for_each(|e| self.target(e, from, None)),
            Expr::List(list) => list.elts.iter().for_each(|e| self.target(e, from, None)),
            Expr::Starred(starred) => self.target(&starred.value, from, None),
            Expr::Attribute(_) => self.names.patches = true,
            _ => {}
        }
    }

    fn import_from(&mut self, import: &'a StmtImportFrom) {
        let from = import.range.end().to_usize();
        let source = self.names.source(import);
        for alias in &import.names {
            let name = alias.name.as_str();
            if name == "*" {
                self.names.open = true;
                continue;
            }
            let bound = alias.asname.as_ref().map_or(name, |name| name.as_str());
            let to = match &source {
                Some(source) => To::Path(format!("{source}.{name}")),
                None => To::Other,
            };
            self.names.bind(bound, from, to);
        }
    }

    fn statement(&mut self, stmt: &'a Stmt) {
        let end = stmt.range().end().to_usize();
        match stmt {
            Stmt::Assign(assign) => {
                let value = (assign.targets.len() == 1).then_some(&*assign.value);
                let targets = assign.targets.iter();
                targets.for_each(|target| self.target(target, end, value));
            }
            Stmt::AnnAssign(assign) => {
                if let Some(value) = &assign.value {
                    self.target(&assign.target, end, Some(value));
                }
            }
            Stmt::AugAssign(assign) => self.target(&assign.target, end, None),
            Stmt::For(over) => {
                let from = over.iter.range().end().to_usize();
                self.target(&over.target, from, None);
            }
            Stmt::With(with) => {
                for item in &with.items {
                    let from = item.context_expr.range().end().to_usize();
                    let vars = item.optional_vars.as_deref();
                    vars.into_iter()
                        .for_each(|vars| self.target(vars, from, None));
                }
            }
            Stmt::FunctionDef(function) => self.names.bind(&function.name, end, To::Other),
            Stmt::ClassDef(class) => self.names.bind(&class.name, end, To::Class(class)),
            Stmt::TypeAlias(alias) => self.target(&alias.name, end, None),
            Stmt::Import(import) => {
                for alias in &import.names {
                    let path = alias.name.as_str();
                    let top = path.split('.').next().unwrap_or(path);
                    let (name, path) = match &alias.asname {
                        Some(name) => (name.as_str(), path),
                        None => (top, top),
                    };
                    self.names.bind(name, end, To::Path(path.to_owned()));
                }
            }
            Stmt::ImportFrom(import) => self.import_from(import),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Binder<'_, 'a> {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Global(global) = stmt {
            let names = global.names.iter();
            names.for_each(|name| self.names.bind(name, 0, To::Other));
        }
        if self.inside == 0 {
            self.statement(stmt);
        }
        let is_scope = matches!(stmt, Stmt::FunctionDef(_) | Stmt::ClassDef(_));
        self.inside += usize::from(is_scope);
        visitor::walk_stmt(self, stmt);
        self.inside -= usize::from(is_scope);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            // even one of a decorator; in a function it is no name of the module, but harmless
            Expr::Named(named) => self.target(&named.target, 0, None),
            Expr::Name(name) if MAKES_NAMES.contains(&name.id.as_str()) => self.names.open = true,
            Expr::Name(name) if name.id.as_str() == "setattr" => self.names.patches = true,
            // `sys.modules`
            Expr::Attribute(attribute) if attribute.attr.as_str() == "modules" => {
                self.names.patches = true;
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }

    fn visit_except_handler(&mut self, handler: &'a ruff_python_ast::ExceptHandler) {
        let ruff_python_ast::ExceptHandler::ExceptHandler(inner) = handler;
        if let Some(name) = inner.name.as_ref().filter(|_| self.inside == 0) {
            self.names
                .bind(name, inner.range.start().to_usize(), To::Other);
        }
        visitor::walk_except_handler(self, handler);
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        let name = match pattern {
            Pattern::MatchAs(pattern) => pattern.name.as_ref(),
            Pattern::MatchStar(pattern) => pattern.name.as_ref(),
            Pattern::MatchMapping(pattern) => pattern.rest.as_ref(),
            _ => None,
        };
        if let Some(name) = name {
            self.names.bind(name, 0, To::Other);
        }
        visitor::walk_pattern(self, pattern);
    }
}

/// What can make names that nobody sees.
const MAKES_NAMES: [&str; 6] = ["exec", "eval", "globals", "vars", "locals", "__builtins__"];
