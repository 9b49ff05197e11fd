//! Expressions that have one value, whatever happens.

use ruff_python_ast::{Expr, FStringPart, InterpolatedStringElement, Number, Operator, UnaryOp};
use ruff_text_size::Ranged;
use serde_json::{Map, Value};

use super::names::Names;

/// Names of names are followed no further.
const DEEPEST: usize = 40;

/// A text, as far as it can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Known(String),
    /// With `*` for what cannot be told.
    Pattern(String),
}

impl Text {
    pub(super) fn known(&self) -> Option<&str> {
        match self {
            Text::Known(text) => Some(text),
            Text::Pattern(_) => None,
        }
    }

    /// Returns the text, or its pattern.
    pub(super) fn pattern(&self) -> &str {
        match self {
            Text::Known(text) | Text::Pattern(text) => text,
        }
    }
}

/// Returns the value of an expression as JSON has it: a tuple is a list. The error is the offset
/// of what cannot be told.
pub(super) fn value(expr: &Expr, names: &Names<'_>) -> Result<Value, usize> {
    value_within(expr, names, DEEPEST)
}

fn value_within(expr: &Expr, names: &Names<'_>, depth: usize) -> Result<Value, usize> {
    let unknown = expr.range().start().to_usize();
    let depth = depth.checked_sub(1).ok_or(unknown)?;
    names.step().ok_or(unknown)?;
    let list = |items: &[Expr]| {
        let items = items.iter().map(|item| value_within(item, names, depth));
        Ok(Value::Array(items.collect::<Result<_, usize>>()?))
    };
    match expr {
        Expr::NoneLiteral(_) => Ok(Value::Null),
        Expr::BooleanLiteral(literal) => Ok(Value::Bool(literal.value)),
        Expr::NumberLiteral(literal) => number(&literal.value).ok_or(unknown),
        Expr::StringLiteral(literal) => Ok(Value::from(literal.value.to_str())),
        Expr::List(list_) => list(&list_.elts),
        Expr::Tuple(tuple) => list(&tuple.elts),
        Expr::Set(set) => list(&set.elts),
        Expr::Dict(dict) => {
            let mut map = Map::new();
            for item in &dict.items {
                let key = item.key.as_ref().ok_or(unknown)?;
                let Value::String(key) = value_within(key, names, depth)? else {
                    return Err(key.range().start().to_usize());
                };
                map.insert(key, value_within(&item.value, names, depth)?);
            }
            Ok(Value::Object(map))
        }
        Expr::UnaryOp(op) if op.op == UnaryOp::USub => {
            match value_within(&op.operand, names, depth)? {
                Value::Number(number) => match (number.as_i64(), number.as_f64()) {
                    (Some(number), _) => Ok(Value::from(-number)),
                    (None, Some(number)) => Ok(Value::from(-number)),
                    _ => Err(unknown),
                },
                _ => Err(unknown),
            }
        }
        Expr::Name(name) => match names.constant(&name.id) {
            Some(value) => value_within(value, names, depth),
            None => known_constant(expr, names).ok_or(unknown),
        },
        Expr::Attribute(_) => known_constant(expr, names).ok_or(unknown),
        _ => match text(expr, names) {
            Text::Known(text) => Ok(Value::String(text)),
            Text::Pattern(_) => Err(unknown),
        },
    }
}

/// Returns the text that an expression gives.
pub(super) fn text(expr: &Expr, names: &Names<'_>) -> Text {
    let mut written = String::new();
    let known = append(expr, names, DEEPEST, &mut written);
    match known {
        true => Text::Known(written),
        false => Text::Pattern(written),
    }
}

/// Appends the text of an expression, `*` for what cannot be told; returns whether all could.
fn append(expr: &Expr, names: &Names<'_>, depth: usize, to: &mut String) -> bool {
    let left = names.step().and_then(|()| depth.checked_sub(1));
    let Some(depth) = left else {
        to.push('*');
        return false;
    };
    match expr {
        Expr::StringLiteral(literal) => to.push_str(literal.value.to_str()),
        Expr::BinOp(op) if op.op == Operator::Add => {
            let left = append(&op.left, names, depth, to);
            return append(&op.right, names, depth, to) && left;
        }
        Expr::Name(name) if names.constant(&name.id).is_some() => {
            return names
                .constant(&name.id)
                .is_some_and(|value| append(value, names, depth, to));
        }
        Expr::FString(string) => {
            let parts = string.value.iter();
            let known: Vec<bool> = parts
                .map(|part| match part {
                    FStringPart::Literal(literal) => {
                        to.push_str(literal);
                        true
                    }
                    FStringPart::FString(string) => {
                        let elements = string.elements.iter();
                        let known = elements.map(|element| element_of(element, names, depth, to));
                        known.filter(|known| !known).count() == 0
                    }
                })
                .collect();
            return known.into_iter().all(|known| known);
        }
        _ => match known_constant(expr, names) {
            Some(Value::String(text)) => to.push_str(&text),
            _ => {
                to.push('*');
                return false;
            }
        },
    }
    true
}

fn element_of(
    element: &InterpolatedStringElement,
    names: &Names<'_>,
    depth: usize,
    to: &mut String,
) -> bool {
    match element {
        InterpolatedStringElement::Literal(literal) => {
            to.push_str(&literal.value);
            true
        }
        InterpolatedStringElement::Interpolation(inner)
            if inner.format_spec.is_none() && inner.debug_text.is_none() =>
        {
            append(&inner.expression, names, depth, to)
        }
        InterpolatedStringElement::Interpolation(_) => {
            to.push('*');
            false
        }
    }
}

/// Returns the value of a constant of Rally's.
fn known_constant(expr: &Expr, names: &Names<'_>) -> Option<Value> {
    let value = match names.path(expr)?.as_str() {
        "rally.consts.JSON_SCHEMA" | "rally_openstack.common.consts.JSON_SCHEMA" => {
            "http://json-schema.org/draft-04/schema"
        }
        "rally.consts.JSON_SCHEMA7" => "http://json-schema.org/draft-07/schema",
        _ => return None,
    };
    Some(Value::from(value))
}

fn number(number: &Number) -> Option<Value> {
    match number {
        Number::Int(number) => number.as_i64().map(Value::from),
        Number::Float(number) => serde_json::Number::from_f64(*number).map(Value::Number),
        Number::Complex { .. } => None,
    }
}
