//! The variables that Rally demands: its `render_template` refuses a task with names that have no
//! value, unless the text looks as if it gave them a default.

use std::collections::{BTreeMap, BTreeSet};

use super::Unrendered;
use super::defaults::Defaults;
use super::engine::Engine;
use super::tags::tags;

/// Jinja2's globals, Rally's functions, and Python's built-ins, which Rally takes for given.
const BUILT_IN: &str = "range dict lipsum cycler joiner namespace min max round ceil abs all any \
    aiter anext ascii bin bool breakpoint bytearray bytes callable chr classmethod compile complex \
    copyright credits debug delattr dir divmod enumerate eval exec exit filter float format \
    frozenset getattr globals hasattr hash help hex id input int isinstance issubclass iter len \
    license list locals map memoryview next object oct open ord pow print property quit repr \
    reversed set setattr slice sorted staticmethod str sum super tuple type vars zip self caller \
    varargs kwargs loop";

/// Returns the names that Rally asks for, and the line that needs each.
pub(super) fn missing(
    engine: &Engine<'_>,
    text: &str,
) -> Result<BTreeMap<String, usize>, Unrendered> {
    let mut undeclared = engine.undeclared(text)?;
    undeclared.extend(set_to_themselves(text));
    let defaults = Defaults::of(text);
    let is_known = |name: &str| BUILT_IN.split_whitespace().any(|known| known == name);
    let missing = undeclared
        .into_iter()
        .filter(|name| !is_known(name) && !defaults.has(name));
    let missing: Vec<String> = missing.collect();
    Ok(match missing.is_empty() {
        true => BTreeMap::new(),
        false => first_lines(text, missing),
    })
}

/// Returns for each name the first line with a tag that has the name as a word.
fn first_lines(text: &str, names: Vec<String>) -> BTreeMap<String, usize> {
    let mut lines: BTreeMap<String, usize> = BTreeMap::new();
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let (mut at, mut line) = (0, 1);
    for tag in tags(text).unwrap_or_default() {
        line += text[at..tag.start].matches('\n').count();
        at = tag.start;
        let inside = &text[tag];
        if inside.starts_with("{#") {
            continue;
        }
        for (n, row) in inside.split('\n').enumerate() {
            for word in row
                .split(|c| !is_of_word(c))
                .filter(|word| !word.is_empty())
            {
                lines.entry(word.to_owned()).or_insert(line + n);
            }
        }
    }
    let of_name = |name: String| {
        let line = lines.get(&name).copied().unwrap_or(1);
        (name, line)
    };
    names.into_iter().map(of_name).collect()
}

/// Returns the names that a `set` gives a value that needs their own: Jinja2 looks for them outside
/// where nothing has set them before. The engine counts them as set.
fn set_to_themselves(text: &str) -> BTreeSet<String> {
    let (mut needed, mut set) = (BTreeSet::new(), BTreeSet::new());
    for tag in tags(text).unwrap_or_default() {
        let inside = text[tag]
            .trim_start_matches("{%")
            .trim_start_matches(['-', '+']);
        let Some(assignment) = inside.trim_start().strip_prefix("set ") else {
            continue;
        };
        let Some((name, value)) = assignment.split_once('=') else {
            continue;
        };
        let name = name.trim();
        if !set.contains(name) && has_word(value, name) {
            needed.insert(name.to_owned());
        }
        set.insert(name);
    }
    needed
}

/// Returns whether an expression has the name as a word, outside quotes and no attribute.
fn has_word(expression: &str, name: &str) -> bool {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = expression.match_indices(name);
    found.any(|(at, _)| {
        let before = &expression[..at];
        let after = &expression[at + name.len()..];
        let is_quoted = ['"', '\'']
            .iter()
            .any(|q| before.matches(*q).count() % 2 == 1);
        !is_quoted
            && !before.ends_with(|c| is_of_word(c) || c == '.')
            && !after.starts_with(is_of_word)
    })
}
