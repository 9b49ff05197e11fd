//! JSON schemas, and where in a text what they refuse is.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError};
use serde_json::Value;

use crate::yaml::Node;

/// What a schema refuses.
pub(super) struct Refused {
    /// The line of the rendered text, from 1.
    pub(super) line: usize,
    /// `concurrency: "x" is not of type "integer"`.
    pub(super) what: String,
}

/// Returns what the schema refuses in the value of the node.
///
/// The draft is that of `$schema`, else 7, as Rally's validators have it. A schema that is none
/// refuses nothing: the generated catalogue has only those of Rally itself.
pub(super) fn refused(
    schema: &Value,
    value: &Value,
    at: Option<Node<'_>>,
    line: usize,
) -> Vec<Refused> {
    let options = jsonschema::options().with_draft(draft(schema));
    let Ok(validator) = options.build(&without_name(schema)) else {
        return Vec::new();
    };
    let errors = validator.iter_errors(value);
    errors.map(|error| of_error(&error, at, line)).collect()
}

fn draft(schema: &Value) -> Draft {
    match schema.get("$schema").and_then(Value::as_str) {
        Some(name) if name.contains("draft-04") => Draft::Draft4,
        _ => Draft::Draft7,
    }
}

/// The crate wants a `#` behind some drafts' names; the draft is chosen already.
fn without_name(schema: &Value) -> Value {
    let mut schema = schema.clone();
    if let Some(map) = schema.as_object_mut() {
        map.shift_remove("$schema");
    }
    schema
}

fn of_error(error: &ValidationError<'_>, at: Option<Node<'_>>, line: usize) -> Refused {
    let error = telling(error);
    let path = error.instance_path().to_string();
    let keys: Vec<&str> = path.split('/').filter(|key| !key.is_empty()).collect();
    let words = error.to_string();
    let place = at.and_then(|node| {
        let (found, line) = follow(node, &keys)?;
        Some(key_in(error.kind(), found).or(line).unwrap_or(found.line()))
    });
    Refused {
        line: place.unwrap_or(line),
        what: match keys.is_empty() {
            true => words,
            false => format!("`{}`: {words}", keys.join(".")),
        },
    }
}

/// Returns the error that tells most: of alternatives, that of the one that comes furthest.
fn telling<'e>(error: &'e ValidationError<'e>) -> &'e ValidationError<'e> {
    let (ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context }) =
        error.kind()
    else {
        return error;
    };
    let depth =
        |error: &&ValidationError<'_>| error.instance_path().to_string().matches('/').count();
    // The alternative that knows most of the keys is the one that is meant.
    let strangers = |errors: &&Vec<ValidationError<'_>>| {
        let of_error = |error: &ValidationError<'_>| match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => unexpected.len(),
            _ => 1,
        };
        errors.iter().map(of_error).sum::<usize>()
    };
    let meant = context.iter().min_by_key(strangers);
    let deepest = meant.into_iter().flatten().max_by_key(depth);
    let names_key = |error: &&ValidationError<'_>| {
        matches!(
            error.kind(),
            ValidationErrorKind::AdditionalProperties { .. }
        )
    };
    match deepest.filter(|deepest| depth(deepest) > depth(&error) || names_key(deepest)) {
        Some(deepest) => telling(deepest),
        None => error,
    }
}

/// Returns the line of the key that should not be there.
fn key_in(kind: &ValidationErrorKind, node: Node<'_>) -> Option<usize> {
    let key = match kind {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            node.entry(unexpected.first()?)?.0
        }
        ValidationErrorKind::MaxProperties { .. } => node.pairs().next_back()?.0,
        _ => return None,
    };
    Some(key.line())
}

/// Returns what a path of keys and positions leads to, and the line of its key, where it has one.
fn follow<'d>(node: Node<'d>, keys: &[&str]) -> Option<(Node<'d>, Option<usize>)> {
    let (mut node, mut line) = (node, None);
    for key in keys {
        let key = key.replace("~1", "/").replace("~0", "~");
        (node, line) = match node.entry(&key) {
            Some((name, value)) => (value, Some(name.line())),
            None => (node.items().nth(key.parse().ok()?)?, None),
        };
    }
    Some((node, line))
}
