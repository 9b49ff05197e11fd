//! What a part says: its values and comments, however they are indented and whatever the order of
//! keys is.

use super::parts::{Parts, Shape};
use crate::yaml::{Id, Kind, Style, Tree};

/// Between pieces; no text has it.
const MARK: char = '\u{1}';

/// Returns what a part says, the comments above it included.
pub(super) fn of(parts: &Parts<'_>, at: usize) -> String {
    let mut out = parts.lead(at);
    out.push(MARK);
    out.push_str(parts.key(at).unwrap_or_default());
    out.push(MARK);
    add_inner(&mut out, parts, at);
    out
}

/// Returns what the value of a part says, with the comments in it and behind it.
pub(super) fn inner(parts: &Parts<'_>, at: usize) -> String {
    let mut out = String::new();
    add_inner(&mut out, parts, at);
    out
}

/// Returns what the value of a leaf says.
pub(super) fn value(parts: &Parts<'_>, at: usize) -> String {
    let mut out = String::new();
    let node = parts.all[at].node;
    let text = parts.value(at);
    match parts.tree().nodes[node].kind {
        Kind::Scalar {
            style: Style::Plain | Style::SingleQuoted | Style::DoubleQuoted,
            ..
        } => add_node(&mut out, parts.tree(), node),
        // it may have comments within
        _ if text.contains('#') => out.push_str(text.trim()),
        _ => add_node(&mut out, parts.tree(), node),
    }
    out
}

fn add_inner(out: &mut String, parts: &Parts<'_>, at: usize) {
    let part = &parts.all[at];
    if part.shape == Shape::Leaf {
        out.push_str(&value(parts, at));
    } else {
        let mut children: Vec<String> = part.children.iter().map(|c| of(parts, *c)).collect();
        if part.shape == Shape::Mapping {
            children.sort_unstable();
        }
        out.push_str(parts.head(at));
        out.push(if part.shape == Shape::List { '[' } else { '{' });
        for child in children {
            out.push(MARK);
            out.push_str(&child);
        }
        out.push('}');
    }
    out.push(MARK);
    out.push_str(parts.tail(at).trim());
}

fn add_node(out: &mut String, tree: &Tree, id: Id) {
    let node = &tree.nodes[id];
    for name in [&node.tag, &node.anchor] {
        out.extend(name.as_deref());
        out.push(MARK);
    }
    match &node.kind {
        Kind::Scalar { value, style } => {
            // `10` is no text, and `'10'` is one
            out.push(if *style == Style::Plain { 'p' } else { 'q' });
            out.push_str(value);
        }
        Kind::Sequence { items, .. } => {
            out.push('[');
            items.iter().for_each(|item| add_node(out, tree, *item));
        }
        Kind::Mapping { pairs, .. } => {
            let mut all: Vec<String> = pairs
                .iter()
                .map(|(key, value)| {
                    let mut pair = String::new();
                    add_node(&mut pair, tree, *key);
                    add_node(&mut pair, tree, *value);
                    pair
                })
                .collect();
            all.sort_unstable();
            out.push('{');
            out.extend(all);
        }
        Kind::Alias { name, .. } => {
            out.push('*');
            out.push_str(name);
        }
    }
    out.push(MARK);
    out.push('}');
}
