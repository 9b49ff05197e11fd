//! JSON schemas, and where in a text what they refuse is.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{Draft, ValidationError, Validator};
use serde_json::Value;

use crate::check::value::{NO_TEXT, OVERRIDE, zuuls};
use crate::yaml::Node;

/// Characters of the crate's words that are said.
const LONGEST: usize = 240;

/// What a schema refuses.
pub(super) struct Refused {
    /// The line of the rendered text, from 1.
    pub(super) line: usize,
    /// `concurrency: "x" is not of type "integer"`.
    pub(super) what: String,
}

/// A schema, built once for many values.
pub(super) struct Schema(Option<Validator>);

impl Schema {
    /// The draft is that of `$schema`, else 7, as Rally's validators have it. A schema that is none
    /// refuses nothing: the generated catalogues have only those of Rally and Zuul themselves.
    pub(super) fn of(schema: &Value) -> Schema {
        let options = jsonschema::options().with_draft(draft(schema));
        Schema(options.build(&without_name(schema)).ok())
    }

    #[cfg(test)]
    pub(super) fn is_one(&self) -> bool {
        self.0.is_some()
    }

    /// Returns what the schema refuses in the value of the node.
    pub(super) fn refused(&self, value: &Value, at: Option<Node<'_>>, line: usize) -> Vec<Refused> {
        let errors = self.0.iter().flat_map(|schema| schema.iter_errors(value));
        errors.map(|error| of_error(&error, at, line)).collect()
    }
}

/// The schemas of plugins and tasks, each built once, however many workloads ask for it.
#[derive(Default)]
pub(in crate::check) struct Schemas<'s>(RefCell<HashMap<*const Value, BuiltOf<'s>>>);

/// A built schema, and what it is built of, which so stays where it is.
type BuiltOf<'s> = (&'s Value, Rc<Schema>);

impl<'s> Schemas<'s> {
    pub(super) fn of(&self, schema: &'s Value) -> Rc<Schema> {
        let mut built = self.0.borrow_mut();
        let build = || (schema, Rc::new(Schema::of(schema)));
        built.entry(schema).or_insert_with(build).1.clone()
    }
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
    let is_key = |key: &&str| !key.is_empty() && *key != OVERRIDE;
    let keys: Vec<&str> = path.split('/').filter(is_key).collect();
    let words = words(error);
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

/// Returns the crate's words, without a value of many lines, and without what stands for more than
/// JSON has.
fn words(error: &ValidationError<'_>) -> String {
    let words = error
        .to_string()
        .replace("\\u0000", "")
        .replace('\u{0}', "");
    let all: Vec<char> = words.chars().collect();
    match all.len() {
        0..=LONGEST => words,
        length => {
            let part = |range: std::ops::Range<usize>| all[range].iter().collect::<String>();
            let half = LONGEST / 2;
            format!("{} .. {}", part(0..half), part(length - half..length))
        }
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
            named(node, unexpected.first()?)?
        }
        ValidationErrorKind::MaxProperties { .. } => node.pairs().next_back()?.0,
        _ => return None,
    };
    Some(key.line())
}

/// Returns the key of that name; of a name that is no text, the key of which the loader makes it.
fn named<'d>(node: Node<'d>, name: &str) -> Option<Node<'d>> {
    let Some(shown) = name.strip_prefix(NO_TEXT) else {
        return Some(node.meant_entry(name)?.0);
    };
    let is_it = |key: &Node<'_>| {
        let value = zuuls(*key, &mut 2).and_then(Result::ok);
        let text = value.map(|value| value.to_string());
        text.as_deref() == Some(shown)
    };
    node.meant_pairs().map(|(key, _)| key).find(is_it)
}

/// Returns what a path of keys and positions leads to, and the line of its key, where it has one.
fn follow<'d>(node: Node<'d>, keys: &[&str]) -> Option<(Node<'d>, Option<usize>)> {
    let (mut node, mut line) = (node, None);
    for key in keys {
        let key = key.replace("~1", "/").replace("~0", "~");
        (node, line) = match node.meant_entry(&key) {
            Some((name, value)) => (value, Some(name.line())),
            None => (node.items().nth(key.parse().ok()?)?, None),
        };
    }
    Some((node, line))
}
