//! Values as Python prints them: `True`, `None`, `['a']`.

use minijinja::value::ValueKind;
use minijinja::{Error, ErrorKind, Output, State, Value};

/// What is said of a value that is not printed.
pub(super) const TOO_LARGE: &str = "a value is too large";

/// Containers within one another; a task has a few.
const DEEPEST: usize = 32;

/// Bytes of one printed value: a list that repeats lists is small, and its text is not.
const LONGEST: usize = 1 << 20;

/// What is said of a value that Python prints in a way of its own: a tuple, a range, a generator, a
/// number with an exponent.
pub(super) const OF_PYTHON: &str = "it prints a value as only Python does";

/// Prints a value as Jinja2 does: `str()` of it, and nothing for an undefined one. The engine has no
/// tuples: where a template makes some, no sequence is printed.
pub(super) fn print(
    out: &mut Output<'_>,
    _: &mut State<'_, '_>,
    value: &Value,
    has_tuples: bool,
) -> Result<(), Error> {
    let mut text = String::new();
    match value.kind() {
        ValueKind::Iterable => return Err(Error::new(ErrorKind::WriteFailure, OF_PYTHON)),
        ValueKind::Seq | ValueKind::Map if has_tuples => {
            return Err(Error::new(ErrorKind::WriteFailure, OF_PYTHON));
        }
        ValueKind::Undefined => return Ok(()),
        ValueKind::String => text.push_str(value.as_str().unwrap_or_default()),
        _ => repr(value, 0, &mut text)?,
    }
    out.write_str(&text).map_err(Error::from)
}

fn repr(value: &Value, depth: usize, out: &mut String) -> Result<(), Error> {
    if depth > DEEPEST || out.len() > LONGEST {
        return Err(Error::new(ErrorKind::WriteFailure, TOO_LARGE));
    }
    match value.kind() {
        ValueKind::None => out.push_str("None"),
        ValueKind::Undefined => out.push_str("Undefined"),
        ValueKind::Bool if value.is_true() => out.push_str("True"),
        ValueKind::Bool => out.push_str("False"),
        ValueKind::String => quoted(value.as_str().unwrap_or_default(), out),
        ValueKind::Seq | ValueKind::Iterable => {
            out.push('[');
            for (n, item) in value.try_iter()?.enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                repr(&item, depth + 1, out)?;
            }
            out.push(']');
        }
        ValueKind::Map => {
            out.push('{');
            for (n, key) in value.try_iter()?.enumerate() {
                out.push_str(if n > 0 { ", " } else { "" });
                repr(&key, depth + 1, out)?;
                out.push_str(": ");
                repr(&value.get_item(&key)?, depth + 1, out)?;
            }
            out.push('}');
        }
        _ => out.push_str(&number(value)?),
    }
    Ok(())
}

/// Python writes large and small floats with an exponent.
fn number(value: &Value) -> Result<String, Error> {
    let text = value.to_string();
    let size = text.parse::<f64>().unwrap_or_default().abs();
    let is_float = text.contains(['.', 'e', 'n']);
    match is_float && size != 0.0 && !(1e-4..1e16).contains(&size) {
        true => Err(Error::new(ErrorKind::WriteFailure, OF_PYTHON)),
        false => Ok(text),
    }
}

/// Returns whether a template may make tuples: `(1, 2)`, `set a = 1, 2`, pairs of a mapping.
pub(super) fn may_have_tuples(text: &str) -> bool {
    let words = ["items", "dictsort", "groupby", "zip", "partition"];
    words.iter().any(|word| text.contains(word))
        || text.match_indices('(').any(|(at, _)| {
            let before = text[..at].trim_end().chars().next_back().unwrap_or(' ');
            let is_call = before.is_alphanumeric() || "_)]".contains(before);
            let Some(inside) = statement(text, at) else {
                return true;
            };
            !is_call && (inside.contains(',') || inside.starts_with("()"))
        })
        || text.match_indices("set ").any(|(at, _)| {
            let Some(statement) = statement(text, at) else {
                return true;
            };
            let value = statement.split_once('=').map_or("", |(_, value)| value);
            let outside = value
                .split(['[', '(', '{', '\'', '"'])
                .next()
                .unwrap_or_default();
            outside.contains(',')
        })
}

/// Returns the text up to the end of the line or of the tag; `None` where it is very long.
fn statement(text: &str, at: usize) -> Option<&str> {
    const LONGEST: usize = 2000;
    let bytes = &text.as_bytes()[at..];
    let end = bytes.iter().take(LONGEST).position(|b| b"\n}".contains(b));
    match end {
        Some(end) => text.get(at..at + end),
        None if bytes.len() < LONGEST => text.get(at..),
        None => None,
    }
}

/// Python prefers single quotes.
fn quoted(text: &str, out: &mut String) {
    let quote = match text.contains('\'') && !text.contains('"') {
        true => '"',
        false => '\'',
    };
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(quote);
}
