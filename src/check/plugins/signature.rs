//! What the `run()` of a scenario takes (`rally.plugins.common.validators.ArgsValidator`).

use std::collections::BTreeMap;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Operator, Parameters, Stmt, StmtClassDef, StmtFunctionDef};
use serde_json::{Value, json};

use super::names::Names;
use crate::rally::plugins::Argument;

/// Classes within classes of this module are followed no further.
const MOST_BASES: usize = 10;

/// An annotation is read no deeper.
const DEEPEST: usize = 10;

/// What a `run()` takes.
pub(super) struct Run {
    pub(super) arguments: BTreeMap<String, Argument>,
    pub(super) more: bool,
}

/// Returns what `run()` takes; `None` where it is another module's, or something wraps it.
pub(super) fn run(class: &StmtClassDef, names: &Names<'_>) -> Option<Run> {
    let function = function(class, names)?;
    let is_wrapped = function.decorator_list.iter().any(|decorator| {
        let callee = match &decorator.expression {
            Expr::Call(call) => &*call.func,
            other => other,
        };
        let path = names.path(callee).unwrap_or_default();
        !KEEP_SIGNATURE.contains(&path.as_str())
    });
    let parameters = &*function.parameters;
    if is_wrapped || !parameters.posonlyargs.is_empty() {
        return None;
    }
    // where one annotation cannot be resolved, Rally takes none
    let is_resolved = resolves(parameters, names);
    let mut arguments = BTreeMap::new();
    let positional = parameters.args.iter().skip(1).map(|p| (p, true));
    let named = parameters.kwonlyargs.iter().map(|p| (p, false));
    for (parameter, positional) in positional.chain(named) {
        let annotation = parameter.parameter.annotation.as_deref();
        let annotation = annotation.filter(|_| is_resolved);
        let argument = Argument {
            required: positional && parameter.default.is_none(),
            schema: annotation.and_then(|expr| schema(expr, names, DEEPEST)),
        };
        arguments.insert(parameter.parameter.name.to_string(), argument);
    }
    Some(Run {
        arguments,
        more: parameters.kwarg.is_some(),
    })
}

/// Decorators that Rally sees through.
const KEEP_SIGNATURE: [&str; 2] = [
    "rally.task.atomic.action_timer",
    "rally.task.atomic.optional_action_timer",
];

/// Returns the value that a class gives to an attribute, once and in its own body.
pub(super) fn attribute<'a>(class: &'a StmtClassDef, name: &str) -> Option<&'a Expr> {
    class.body.iter().rev().find_map(|stmt| match stmt {
        Stmt::Assign(assign) => {
            let mut targets = assign.targets.iter();
            let is_it = |target: &Expr| target.as_name_expr().is_some_and(|n| n.id == name);
            targets.any(is_it).then_some(&*assign.value)
        }
        Stmt::AnnAssign(assign) => {
            let is_it = assign.target.as_name_expr().is_some_and(|n| n.id == name);
            assign.value.as_deref().filter(|_| is_it)
        }
        _ => None,
    })
}

/// Returns the `run` of a class or of its only base, if that is in this module.
fn function<'a>(class: &'a StmtClassDef, names: &Names<'a>) -> Option<&'a StmtFunctionDef> {
    let mut class = class;
    for _ in 0..MOST_BASES {
        let simple = class.body.iter().all(|stmt| {
            matches!(
                stmt,
                Stmt::FunctionDef(_) | Stmt::Expr(_) | Stmt::Pass(_) | Stmt::ClassDef(_)
            ) || matches!(stmt, Stmt::Assign(_) | Stmt::AnnAssign(_))
        });
        if !simple || attribute(class, "run").is_some() {
            return None;
        }
        let mut functions = class.body.iter().filter_map(Stmt::as_function_def_stmt);
        if let Some(run) = functions.rfind(|function| function.name.as_str() == "run") {
            return Some(run);
        }
        let [base] = &*class.arguments.as_deref()?.args else {
            return None;
        };
        class = names.class(base)?;
    }
    None
}

fn resolves(parameters: &Parameters, names: &Names<'_>) -> bool {
    struct Missing<'n, 'a> {
        names: &'n Names<'a>,
        missing: bool,
    }
    impl<'v> Visitor<'v> for Missing<'_, '_> {
        fn visit_expr(&mut self, expr: &'v Expr) {
            match expr {
                Expr::Name(name) => self.missing |= !self.names.has(&name.id),
                // a reference to what comes later
                Expr::StringLiteral(_) => self.missing = true,
                _ => {}
            }
            visitor::walk_expr(self, expr);
        }
    }
    let mut missing = Missing {
        names,
        missing: false,
    };
    for parameter in parameters {
        if let Some(annotation) = parameter.as_parameter().annotation.as_deref() {
            missing.visit_expr(annotation);
        }
    }
    !missing.missing
}

/// Returns the JSON schema of an annotation (`rally.utils.typeutils.hint_to_schema`); `None`
/// where it takes anything, or cannot be told.
fn schema(expr: &Expr, names: &Names<'_>, depth: usize) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    match expr {
        Expr::Name(name) if !names.is_bound(&name.id) => scalar(&name.id),
        Expr::Attribute(_) | Expr::Name(_) => match names.path(expr)?.as_str() {
            "typing.List" => scalar("list"),
            "typing.Dict" => scalar("dict"),
            _ => None,
        },
        Expr::BinOp(op) if op.op == Operator::BitOr => {
            let (of, other) = match (
                op.left.is_none_literal_expr(),
                op.right.is_none_literal_expr(),
            ) {
                (false, true) => (&op.left, true),
                (true, false) => (&op.right, true),
                _ => (&op.left, false),
            };
            other
                .then(|| schema(of, names, depth))
                .flatten()
                .and_then(nullable)
        }
        Expr::Subscript(subscript) => {
            let of = &*subscript.value;
            if names.path(of).as_deref() == Some("typing.Optional") {
                return schema(&subscript.slice, names, depth).and_then(nullable);
            }
            // what is within stays unjudged
            schema(of, names, depth)
        }
        _ => None,
    }
}

fn scalar(name: &str) -> Option<Value> {
    let of = match name {
        "bool" => "boolean",
        "int" => "integer",
        "float" => "number",
        "str" => "string",
        "list" | "tuple" | "set" | "frozenset" => "array",
        "dict" => "object",
        _ => return None,
    };
    Some(json!({ "type": of }))
}

fn nullable(schema: Value) -> Option<Value> {
    let of = schema.get("type")?.as_str()?;
    Some(json!({"type": [of, "null"]}))
}
