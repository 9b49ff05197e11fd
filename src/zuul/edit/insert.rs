//! Where the lines of an edit go in.
//!
//! New lines go behind the last line of what they follow, before comments and blank lines that
//! come after it, at the column that the file itself uses there.

use super::super::model::ConfigFile;
use super::error::{Hindrance, Unsafe};
use super::fresh::Fresh;
use crate::yaml::{Node, lines};

/// Lines to insert.
pub(super) struct Insertion {
    /// The byte before which they go in: the start of a line, or the end of the text.
    pub(super) at: usize,
    /// The lines, with their line breaks.
    pub(super) lines: String,
}

/// Indent of job-list dashes below their key: 0 or 2, as the file has it.
pub(super) fn indentation(file: &ConfigFile) -> usize {
    let projects = file.items("project").chain(file.items("project-template"));
    let bodies = projects.flat_map(|item| item.body.pipelines());
    let mut found = bodies.filter_map(|(_, body)| {
        let (key, list) = body.node.entry("jobs")?;
        let first = list.items().next()?;
        let (_, dash) = lines::dash(&file.text, first.data().start)?;
        Some(dash == column(file, key))
    });
    if found.next() == Some(true) { 0 } else { 2 }
}

fn column(file: &ConfigFile, node: Node<'_>) -> usize {
    let start = node.data().start;
    start - lines::line_start(&file.text, start)
}

/// The place of a list's dashes: that of the item that is asked for.
fn dash_of(file: &ConfigFile, item: Node<'_>) -> Result<(usize, usize), Unsafe> {
    lines::dash(&file.text, item.data().start).ok_or(Unsafe {
        line: item.line(),
        why: Hindrance::NoDash,
    })
}

fn end_of(file: &ConfigFile, node: Node<'_>, column: usize) -> Result<usize, Unsafe> {
    lines::after(&file.text, node.data().end, column).ok_or(Unsafe {
        line: node.line(),
        why: Hindrance::LineGoesOn,
    })
}

/// Inserts an item into a list: behind the item before, so that comments above the next one
/// stay with it.
pub(super) fn item(
    file: &ConfigFile,
    list: Node<'_>,
    index: usize,
    fresh: &Fresh,
    dash: usize,
) -> Result<Insertion, Unsafe> {
    let Some(first) = list.items().next() else {
        return Err(Unsafe {
            line: list.line(),
            why: Hindrance::EmptyList,
        });
    };
    let before = index.checked_sub(1).and_then(|last| list.items().nth(last));
    let (at, column) = match before {
        Some(before) => {
            let (_, column) = dash_of(file, before)?;
            (end_of(file, before, column)?, column)
        }
        None => {
            let (dash, column) = dash_of(file, first)?;
            (above(&file.text, dash, |_| true), column)
        }
    };
    Ok(insertion(file, at, column, &fresh.item(dash)))
}

/// Returns the start of the line of `at`, or of the comments right above it.
fn above(text: &str, at: usize, belongs: impl Fn(usize) -> bool) -> usize {
    let mut at = lines::line_start(text, at);
    while let Some(line) = lines::line_before(text, at) {
        match lines::comment_column(line) {
            Some(column) if belongs(column) => at = lines::line_start(text, at - 1),
            _ => break,
        }
    }
    at
}

/// Inserts pairs of a block mapping behind `index` of its pairs.
pub(super) fn add_pairs(
    file: &ConfigFile,
    mapping: Node<'_>,
    index: usize,
    fresh: &Fresh,
    dash: usize,
) -> Result<Insertion, Unsafe> {
    let Some((key, value)) = mapping.pairs().nth(index.wrapping_sub(1)) else {
        return Err(Unsafe {
            line: mapping.line(),
            why: Hindrance::EmptyMapping,
        });
    };
    let column = column(file, key);
    let ends_later = key.data().end > value.data().end;
    let last = if ends_later { key } else { value };
    let at = end_of(file, last, column)?;
    Ok(insertion(file, at, column, &fresh.pairs(dash)))
}

/// Inserts an item before another, above the comment that belongs to it.
pub(super) fn before_item(
    file: &ConfigFile,
    index: usize,
    block: &str,
) -> Result<Insertion, Unsafe> {
    let text = &file.text;
    let Some(item) = file.list().and_then(|list| list.items().nth(index)) else {
        return at_end(file, block, Before::Text);
    };
    let (dash, column) = dash_of(file, item)?;
    let item_start = lines::line_start(text, dash);
    let mut at = above(text, dash, |comment| comment <= column);
    // a comment that starts the file is the file's, not the item's
    if lines::line_before(text, at).is_none_or(begins_document) {
        at = item_start;
    }
    let block = match lines::line_before(text, at) {
        Some(line) if lines::comment_column(line).is_some() => format!("\n{block}\n"),
        Some(line) if !line.is_empty() && !begins_document(line) => block.to_owned(),
        _ => format!("{block}\n"),
    };
    Ok(insertion(file, at, column, &block))
}

fn begins_document(line: &str) -> bool {
    line.starts_with("---") || line.starts_with('%')
}

/// What an item at the end follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Before {
    /// What the file has.
    Text,
    /// An item that the same edit adds.
    NewItem,
}

/// Inserts an item behind the last one, set off by a blank line.
pub(super) fn at_end(file: &ConfigFile, block: &str, before: Before) -> Result<Insertion, Unsafe> {
    let text = &file.text;
    let last = file.list().and_then(|list| list.items().next_back());
    let (at, column) = match last {
        Some(item) => {
            let (_, column) = dash_of(file, item)?;
            (end_of(file, item, column)?, column)
        }
        None => (text.len(), 0),
    };
    let is_bare = |line: &str| line.is_empty() || begins_document(line);
    let is_bare = lines::line_before(text, at).is_none_or(is_bare);
    let separator = match before {
        Before::Text if is_bare => "",
        Before::Text | Before::NewItem => "\n",
    };
    Ok(insertion(file, at, column, &format!("{separator}{block}")))
}

fn insertion(file: &ConfigFile, at: usize, column: usize, block: &str) -> Insertion {
    let line_break = lines::line_break(&file.text, at);
    Insertion {
        at,
        lines: lines::shifted(block, column, line_break),
    }
}

/// Returns the new text, and which of its bytes are new.
pub(super) fn insert(
    text: &str,
    insertions: &[Insertion],
) -> (String, Vec<std::ops::Range<usize>>) {
    let mut out = String::with_capacity(text.len() + 1024);
    let mut inserted = Vec::new();
    let mut done = 0;
    for insertion in insertions {
        out.push_str(&text[done..insertion.at]);
        done = insertion.at;
        let from = out.len();
        if from > lines::body_start(text) && !out.ends_with('\n') {
            out.push_str(lines::line_break(text, insertion.at));
        }
        out.push_str(&insertion.lines);
        inserted.push(from..out.len());
    }
    out.push_str(&text[done..]);
    (out, inserted)
}
