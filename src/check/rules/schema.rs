//! JSON schemas, and where in a text what they refuse is.

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
    let path = error.instance_path().to_string();
    let keys: Vec<&str> = path.split('/').filter(|key| !key.is_empty()).collect();
    let words = error.to_string();
    Refused {
        line: at.map_or(line, |node| line_of(node, &keys).unwrap_or(line)),
        what: match keys.is_empty() {
            true => words,
            false => format!("`{}`: {words}", keys.join(".")),
        },
    }
}

/// Returns the line of what a path of keys and positions leads to: of a key, where there is one.
fn line_of(node: Node<'_>, keys: &[&str]) -> Option<usize> {
    let (first, rest) = keys.split_first()?;
    let key = first.replace("~1", "/").replace("~0", "~");
    if let Some((name, value)) = node.entry(&key) {
        return line_of(value, rest).or(Some(name.line()));
    }
    let item = node.items().nth(key.parse().ok()?)?;
    line_of(item, rest).or(Some(item.line()))
}
