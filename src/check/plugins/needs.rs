//! Which names a statement needs while its module is loaded.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, ExprContext, Parameters, Stmt, StmtClassDef};
use ruff_text_size::Ranged;

use super::names::Names;

/// Finds the names that a statement needs for certain while the module is loaded.
pub(super) struct Needs<'n, 'a> {
    names: &'n Names<'a>,
    /// The names of the class that is being made.
    local: BTreeSet<&'a str>,
    pub(super) found: Option<(usize, &'a str)>,
    /// What is taken from other things: offset, the name before the first dot, all of it.
    pub(super) attributes: Vec<(usize, &'a str, &'a Expr)>,
}

impl<'n, 'a> Needs<'n, 'a> {
    /// Returns what the statement needs.
    pub(super) fn of(names: &'n Names<'a>, stmt: &'a Stmt) -> Needs<'n, 'a> {
        let mut needs = Needs {
            names,
            local: BTreeSet::new(),
            found: None,
            attributes: Vec::new(),
        };
        needs.statement(stmt);
        needs
    }

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
        let Some(own) = Names::of_class(class) else {
            return;
        };
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
        if !self.names.is_bound_before(name, offset) {
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

pub(super) fn is_builtin(name: &str) -> bool {
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
