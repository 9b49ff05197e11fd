//! What Python's compiler refuses of a file that its grammar takes: `return` outside a function,
//! an argument twice, `break` outside a loop.

use std::cell::RefCell;
use std::collections::BTreeSet;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Comprehension, Expr, ModModule, Parameters, PythonVersion, Stmt};
use ruff_python_parser::semantic_errors::{
    LazyImportContext, SemanticSyntaxChecker, SemanticSyntaxContext, SemanticSyntaxError,
};
use ruff_text_size::TextRange;

use super::python::Syntax;

/// Returns the first thing that the compiler refuses.
pub(super) fn refused(module: &ModModule, text: &str, version: PythonVersion) -> Option<Syntax> {
    let mut compiler = Compiler {
        checker: SemanticSyntaxChecker::new(),
        text,
        version,
        scopes: vec![Scope::of(Kind::Module)],
        first: RefCell::new(None),
    };
    compiler.visit_body(&module.body);
    compiler.first.into_inner()
}

struct Compiler<'t> {
    checker: SemanticSyntaxChecker,
    text: &'t str,
    version: PythonVersion,
    /// From the module inwards.
    scopes: Vec<Scope<'t>>,
    first: RefCell<Option<Syntax>>,
}

struct Scope<'t> {
    kind: Kind,
    /// Loops that are open in it.
    loops: usize,
    parameters: BTreeSet<&'t str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Module,
    Class,
    Function { is_async: bool },
    Lambda,
    Comprehension,
    Generator,
}

impl<'t> Scope<'t> {
    fn of(kind: Kind) -> Scope<'t> {
        Scope {
            kind,
            loops: 0,
            parameters: BTreeSet::new(),
        }
    }

    fn with(kind: Kind, parameters: Option<&'t Parameters>) -> Scope<'t> {
        let parameters = parameters.into_iter().flatten();
        Scope {
            parameters: parameters.map(|one| one.name().as_str()).collect(),
            ..Scope::of(kind)
        }
    }
}

impl<'t> Compiler<'t> {
    fn check(&mut self, check: impl FnOnce(&mut SemanticSyntaxChecker, &Self)) {
        let mut checker = std::mem::take(&mut self.checker);
        check(&mut checker, self);
        self.checker = checker;
    }

    fn within(&mut self, scope: Scope<'t>, visit: impl FnOnce(&mut Self)) {
        self.scopes.push(scope);
        visit(self);
        self.scopes.pop();
    }

    fn in_loop(&mut self, body: &'t [Stmt]) {
        self.loops(1);
        self.visit_body(body);
        self.loops(-1);
    }

    fn loops(&mut self, more: isize) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.loops = scope.loops.saturating_add_signed(more);
        }
    }

    /// What is between the brackets, of which the first iterable is outside.
    fn comprehension(
        &mut self,
        kind: Kind,
        parts: [Option<&'t Expr>; 2],
        over: &'t [Comprehension],
    ) {
        over.iter().for_each(|one| self.visit_comprehension(one));
        self.within(Scope::of(kind), |compiler| {
            let parts = parts.into_iter().flatten();
            parts.for_each(|part| compiler.visit_expr(part));
        });
    }

    fn kind(&self) -> Kind {
        self.scopes.last().map_or(Kind::Module, |scope| scope.kind)
    }

    /// Returns the innermost scope that is no comprehension.
    fn real(&self) -> Kind {
        let mut kinds = self.scopes.iter().rev().map(|scope| scope.kind);
        let real = kinds.find(|kind| !matches!(kind, Kind::Comprehension | Kind::Generator));
        real.unwrap_or(Kind::Module)
    }
}

impl<'t> Visitor<'t> for Compiler<'t> {
    fn visit_stmt(&mut self, stmt: &'t Stmt) {
        self.check(|checker, context| checker.visit_stmt(stmt, context));
        match stmt {
            Stmt::ClassDef(class) => {
                let decorators = class.decorator_list.iter();
                decorators.for_each(|decorator| self.visit_decorator(decorator));
                if let Some(arguments) = &class.arguments {
                    self.visit_arguments(arguments);
                }
                let scope = Scope::of(Kind::Class);
                self.within(scope, |compiler| compiler.visit_body(&class.body));
            }
            Stmt::FunctionDef(function) => {
                let kind = Kind::Function {
                    is_async: function.is_async,
                };
                let scope = Scope::with(kind, Some(&function.parameters));
                self.within(scope, |compiler| visitor::walk_stmt(compiler, stmt));
            }
            Stmt::For(over) => {
                self.visit_expr(&over.iter);
                self.visit_expr(&over.target);
                self.in_loop(&over.body);
                self.visit_body(&over.orelse);
            }
            Stmt::While(during) => {
                self.visit_expr(&during.test);
                self.in_loop(&during.body);
                self.visit_body(&during.orelse);
            }
            stmt => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'t Expr) {
        self.check(|checker, context| checker.visit_expr(expr, context));
        match expr {
            Expr::Lambda(lambda) => {
                let scope = Scope::with(Kind::Lambda, lambda.parameters.as_deref());
                self.within(scope, |compiler| visitor::walk_expr(compiler, expr));
            }
            Expr::ListComp(of) => {
                self.comprehension(Kind::Comprehension, [Some(&of.elt), None], &of.generators);
            }
            Expr::SetComp(of) => {
                self.comprehension(Kind::Comprehension, [Some(&of.elt), None], &of.generators);
            }
            Expr::Generator(of) => {
                self.comprehension(Kind::Generator, [Some(&of.elt), None], &of.generators);
            }
            Expr::DictComp(of) => {
                let parts = [Some(&*of.key), Some(&*of.value)];
                self.comprehension(Kind::Comprehension, parts, &of.generators);
            }
            expr => visitor::walk_expr(self, expr),
        }
    }
}

impl SemanticSyntaxContext for Compiler<'_> {
    fn future_annotations_or_stub(&self) -> bool {
        false
    }

    fn lazy_import_context(&self) -> Option<LazyImportContext> {
        None
    }

    fn python_version(&self) -> PythonVersion {
        self.version
    }

    fn source(&self) -> &str {
        self.text
    }

    /// What is used before it is declared `global` is not judged.
    fn global(&self, _: &str) -> Option<TextRange> {
        None
    }

    /// What is `nonlocal` of nothing is not judged.
    fn has_nonlocal_binding(&self, _: &str) -> bool {
        true
    }

    fn in_async_context(&self) -> bool {
        self.real() == Kind::Function { is_async: true }
    }

    fn in_await_allowed_context(&self) -> bool {
        matches!(self.real(), Kind::Function { .. } | Kind::Lambda)
    }

    fn in_yield_allowed_context(&self) -> bool {
        matches!(self.kind(), Kind::Function { .. } | Kind::Lambda)
    }

    fn in_sync_comprehension(&self) -> bool {
        false
    }

    fn in_module_scope(&self) -> bool {
        self.scopes.len() == 1
    }

    fn in_function_scope(&self) -> bool {
        matches!(self.kind(), Kind::Function { .. })
    }

    fn in_generator_context(&self) -> bool {
        let mut kinds = self.scopes.iter().map(|scope| scope.kind);
        kinds.any(|kind| kind == Kind::Generator)
    }

    fn in_notebook(&self) -> bool {
        false
    }

    fn report_semantic_error(&self, error: SemanticSyntaxError) {
        let offset = error.range.start().to_usize();
        let mut first = self.first.borrow_mut();
        if first.as_ref().is_none_or(|first| offset < first.offset) {
            let why = error.to_string();
            *first = Some(Syntax { offset, why });
        }
    }

    fn in_loop_context(&self) -> bool {
        self.scopes.last().is_some_and(|scope| scope.loops > 0)
    }

    fn is_bound_parameter(&self, name: &str) -> bool {
        let scope = self.scopes.last();
        scope.is_some_and(|scope| scope.parameters.contains(name))
    }
}
