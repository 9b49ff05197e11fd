//! The names of a module: what each is bound to, and which are needed before anything binds them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{
    Expr, ExprContext, ModModule, Parameters, Pattern, Stmt, StmtClassDef, StmtImportFrom,
};
use ruff_text_size::Ranged;

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
        let mut names = Names {
            bound: BTreeMap::new(),
            open: false,
            patches: false,
            package: package.map(str::to_owned),
            steps: Cell::new(steps),
        };
        let mut binder = Binder {
            names: &mut names,
            inside: 0,
        };
        binder.visit_body(&module.body);
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

    /// Returns the first name that the statement needs while the module is loaded, and that
    /// nothing has bound by then: its offset and the name.
    pub(super) fn unbound(&self, stmt: &'a Stmt) -> Option<(usize, &'a str)> {
        if self.open {
            return None;
        }
        let mut needs = Needs {
            names: self,
            local: BTreeSet::new(),
            found: None,
            attributes: Vec::new(),
        };
        needs.statement(stmt);
        needs.found
    }

    /// Returns what the statement takes from other modules for certain while the module is loaded:
    /// offset and full name.
    pub(super) fn attributes(&self, stmt: &'a Stmt) -> Vec<(usize, String)> {
        if self.open || self.patches {
            return Vec::new();
        }
        let mut needs = Needs {
            names: self,
            local: BTreeSet::new(),
            found: None,
            attributes: Vec::new(),
        };
        needs.statement(stmt);
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

/// Finds the names that a statement needs for certain while the module is loaded.
struct Needs<'n, 'a> {
    names: &'n Names<'a>,
    /// The names of the class that is being made.
    local: BTreeSet<&'a str>,
    found: Option<(usize, &'a str)>,
    /// What is taken from other things: offset, the name before the first dot, all of it.
    attributes: Vec<(usize, &'a str, &'a Expr)>,
}

impl<'a> Needs<'_, 'a> {
    fn statement(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Expr(stmt) => self.visit_expr(&stmt.value),
            Stmt::Assign(stmt) => self.visit_expr(&stmt.value),
            Stmt::AugAssign(stmt) => self.visit_expr(&stmt.value),
            Stmt::AnnAssign(stmt) => self.some(stmt.value.as_deref()),
            Stmt::Assert(stmt) => self.visit_expr(&stmt.test),
            Stmt::If(stmt) => self.visit_expr(&stmt.test),
            Stmt::While(stmt) => self.visit_expr(&stmt.test),
            Stmt::For(stmt) => self.visit_expr(&stmt.iter),
            Stmt::FunctionDef(function) => {
                let decorators = function.decorator_list.iter();
                decorators.for_each(|decorator| self.visit_expr(&decorator.expression));
                self.defaults(&function.parameters);
            }
            Stmt::ClassDef(class) => self.class(class),
            _ => {}
        }
    }

    fn class(&mut self, class: &'a StmtClassDef) {
        let decorators = class.decorator_list.iter();
        decorators.for_each(|decorator| self.visit_expr(&decorator.expression));
        // a class with type parameters has a scope between
        if class.type_params.is_some() {
            return;
        }
        if let Some(arguments) = &class.arguments {
            arguments.args.iter().for_each(|base| self.visit_expr(base));
            let keywords = arguments.keywords.iter();
            keywords.for_each(|keyword| self.visit_expr(&keyword.value));
        }
        let mut local = Names {
            bound: BTreeMap::new(),
            open: false,
            patches: false,
            package: None,
            steps: Cell::new(0),
        };
        let mut binder = Binder {
            names: &mut local,
            inside: 0,
        };
        binder.visit_body(&class.body);
        if local.open {
            return;
        }
        let own: BTreeSet<&str> = local.bound.keys().copied().collect();
        let outer = std::mem::replace(&mut self.local, own);
        for stmt in &class.body {
            self.statement(stmt);
        }
        self.local = outer;
    }

    fn defaults(&mut self, parameters: &'a Parameters) {
        for parameter in parameters.iter_non_variadic_params() {
            self.some(parameter.default.as_deref());
        }
    }

    fn some(&mut self, expr: Option<&'a Expr>) {
        if let Some(expr) = expr {
            self.visit_expr(expr);
        }
    }

    /// Notes `a.b.c`, once.
    fn attribute(&mut self, expr: &'a Expr) {
        let mut base = expr;
        while let Expr::Attribute(attribute) = base {
            base = &attribute.value;
        }
        match base {
            Expr::Name(name) if !self.local.contains(name.id.as_str()) => {
                let at = expr.range().start().to_usize();
                self.attributes.push((at, &name.id, expr));
            }
            _ => {}
        }
        self.visit_expr(base);
    }

    fn name(&mut self, name: &'a str, offset: usize) {
        if self.found.is_some() || self.local.contains(name) || is_builtin(name) {
            return;
        }
        let is_later = |bound: &Vec<Bound<'_>>| bound.iter().all(|bound| bound.from > offset);
        if self.names.bound.get(name).is_none_or(is_later) {
            self.found = Some((offset, name));
        }
    }
}

impl<'a> Visitor<'a> for Needs<'_, 'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if name.ctx == ExprContext::Load => {
                self.name(&name.id, name.range.start().to_usize());
            }
            Expr::Attribute(_) => self.attribute(expr),
            Expr::Lambda(lambda) => {
                if let Some(parameters) = &lambda.parameters {
                    self.defaults(parameters);
                }
            }
            // what is first is needed for certain, and the rest perhaps
            Expr::BoolOp(op) => self.some(op.values.first()),
            Expr::If(expr) => self.visit_expr(&expr.test),
            Expr::Compare(compare) => self.visit_expr(&compare.left),
            Expr::ListComp(expr) => self.some(expr.generators.first().map(|first| &first.iter)),
            Expr::SetComp(expr) => self.some(expr.generators.first().map(|first| &first.iter)),
            Expr::DictComp(expr) => self.some(expr.generators.first().map(|first| &first.iter)),
            Expr::Generator(expr) => self.some(expr.generators.first().map(|first| &first.iter)),
            _ => visitor::walk_expr(self, expr),
        }
    }
}

/// What can make names that nobody sees.
const MAKES_NAMES: [&str; 6] = ["exec", "eval", "globals", "vars", "locals", "__builtins__"];

fn is_builtin(name: &str) -> bool {
    static KNOWN: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| BUILTINS.split_ascii_whitespace().collect());
    // gettext puts `_` among the built-in names
    name == "_" || KNOWN.contains(name)
}

/// The built-in names of any Python from 3.10 to 3.13, and what every module or class has.
const BUILTINS: &str = "ArithmeticError AssertionError AttributeError BaseException \
    BaseExceptionGroup BlockingIOError BrokenPipeError BufferError BytesWarning ChildProcessError \
    ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError \
    DeprecationWarning EOFError Ellipsis EncodingWarning EnvironmentError Exception \
    ExceptionGroup False FileExistsError FileNotFoundError FloatingPointError FutureWarning \
    GeneratorExit IOError ImportError ImportWarning IndentationError IndexError InterruptedError \
    IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError \
    NameError None NotADirectoryError NotImplemented NotImplementedError OSError OverflowError \
    PendingDeprecationWarning PermissionError ProcessLookupError PythonFinalizationError \
    RecursionError ReferenceError ResourceWarning RuntimeError RuntimeWarning StopAsyncIteration \
    StopIteration SyntaxError SyntaxWarning SystemError SystemExit TabError TimeoutError True \
    TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError \
    UnicodeTranslateError UnicodeWarning UserWarning ValueError Warning ZeroDivisionError \
    __build_class__ __debug__ __doc__ __import__ __loader__ __name__ __package__ __spec__ \
    __builtins__ __file__ __cached__ __annotations__ __module__ __qualname__ __dict__ \
    __firstlineno__ abs aiter all anext any ascii bin bool breakpoint bytearray bytes callable chr \
    classmethod compile complex copyright credits delattr dict dir divmod enumerate eval exec exit \
    filter float format frozenset getattr globals hasattr hash help hex id input int isinstance \
    issubclass iter len license list locals map max memoryview min next object oct open ord pow \
    print property quit range repr reversed round set setattr slice sorted staticmethod str sum \
    super tuple type vars zip";

/// Modules that moved from the top of rally-openstack, and where to.
const MOVED: [(&str, &str); 8] = [
    ("cleanup", "task.cleanup"),
    ("consts", "common.consts"),
    ("contexts", "task.contexts"),
    ("hook", "task.hooks"),
    ("scenario", "task.scenario"),
    ("scenarios", "task.scenarios"),
    ("types", "task.types"),
    ("validators", "common.validators"),
];

fn todays(path: String) -> String {
    let Some(rest) = path.strip_prefix("rally_openstack.") else {
        return path;
    };
    let Some((module, name)) = rest.split_once('.') else {
        return path;
    };
    match MOVED.iter().find(|(old, _)| *old == module) {
        Some((_, new)) => format!("rally_openstack.{new}.{name}"),
        None => path,
    }
}
