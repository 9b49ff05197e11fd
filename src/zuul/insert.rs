//! Where the lines of an edit go in.
//!
//! New lines stand behind the last line of what they follow, before comments and blank lines that
//! come after it, at the column that the file itself uses there.

use super::config::Source;
use super::edit::Unsafe;
use super::fresh::Fresh;
use super::lines;
use super::tree::Id;

/// Lines to insert.
pub(super) struct Insertion {
    /// The byte before which they go in: the start of a line, or the end of the text.
    pub(super) at: usize,
    /// The lines, with their line breaks.
    pub(super) lines: String,
}

/// Returns how far behind their key this file writes the dashes of job lists: 2, or 0.
pub(super) fn indentation(source: &Source) -> usize {
    let projects = source
        .items("project")
        .chain(source.items("project-template"));
    let bodies = projects.flat_map(|item| item.body.pipelines());
    let found = bodies.filter_map(|(_, body)| {
        let (key, list) = source
            .tree
            .pairs(body.id)
            .iter()
            .find(|(key, _)| source.tree.text(*key) == Some("jobs"))?;
        let first = source.tree.items(*list).first()?;
        let (_, dash) = lines::dash(&source.text, source.tree.nodes[*first].start)?;
        Some(dash == column(source, *key))
    });
    let flush = found.map(|flush| if flush { 0 } else { 2 }).next();
    flush.unwrap_or(2)
}

fn column(source: &Source, id: Id) -> usize {
    let start = source.tree.nodes[id].start;
    start - lines::line_start(&source.text, start)
}

/// The place of a list's dashes: that of the item that is asked for.
fn dash_of(source: &Source, item: Id) -> Result<(usize, usize), Unsafe> {
    let node = &source.tree.nodes[item];
    lines::dash(&source.text, node.start).ok_or(Unsafe {
        line: node.line,
        reason: "the list is not written as one item a line",
    })
}

fn end_of(source: &Source, id: Id, column: usize) -> Result<usize, Unsafe> {
    let node = &source.tree.nodes[id];
    lines::after(&source.text, node.end, column).ok_or(Unsafe {
        line: node.line,
        reason: "something follows on the line where new lines would go in",
    })
}

pub(super) fn append(
    source: &Source,
    list: Id,
    entry: &Fresh,
    dash: usize,
) -> Result<Insertion, Unsafe> {
    let Some(last) = source.tree.items(list).last() else {
        return Err(Unsafe {
            line: source.tree.nodes[list].line,
            reason: "the list is empty",
        });
    };
    let (_, column) = dash_of(source, *last)?;
    let at = end_of(source, *last, column)?;
    Ok(insertion(source, at, column, &entry.item(dash)))
}

/// Inserts pairs of a block mapping behind `index` of its pairs.
pub(super) fn add_pairs(
    source: &Source,
    mapping: Id,
    index: usize,
    fresh: &Fresh,
    dash: usize,
) -> Result<Insertion, Unsafe> {
    let node = &source.tree.nodes[mapping];
    let Some((key, value)) = source.tree.pairs(mapping).get(index.wrapping_sub(1)) else {
        return Err(Unsafe {
            line: node.line,
            reason: "the mapping is empty",
        });
    };
    let column = column(source, *key);
    let ends = [*key, *value].map(|id| source.tree.nodes[id].end);
    let last = if ends[0] > ends[1] { *key } else { *value };
    let at = end_of(source, last, column)?;
    Ok(insertion(source, at, column, &fresh.pairs(dash)))
}

/// Inserts an item before another, above the comment that belongs to it.
pub(super) fn before_item(source: &Source, index: usize, block: &str) -> Result<Insertion, Unsafe> {
    let text = &source.text;
    let list = source.list().map(|list| source.tree.items(list));
    let Some(item) = list.and_then(|items| items.get(index)) else {
        return at_end(source, block, false);
    };
    let (dash, column) = dash_of(source, *item)?;
    let item_start = lines::line_start(text, dash);
    let mut at = item_start;
    while let Some(line) = lines::line_before(text, at) {
        match lines::comment_column(line) {
            Some(c) if c <= column => at = lines::line_start(text, at - 1),
            _ => break,
        }
    }
    // a comment that starts the file is the file's, not the item's
    if lines::line_before(text, at).is_none_or(begins_document) {
        at = item_start;
    }
    let block = match lines::line_before(text, at) {
        Some(line) if lines::comment_column(line).is_some() => format!("\n{block}\n"),
        Some(line) if !line.is_empty() && !begins_document(line) => block.to_owned(),
        _ => format!("{block}\n"),
    };
    Ok(insertion(source, at, column, &block))
}

fn begins_document(line: &str) -> bool {
    line.starts_with("---") || line.starts_with('%')
}

/// Inserts an item behind the last one, set off by a blank line, which `follows_new` asks for
/// where the line before is not there yet.
pub(super) fn at_end(source: &Source, block: &str, follows_new: bool) -> Result<Insertion, Unsafe> {
    let text = &source.text;
    let last = source
        .list()
        .and_then(|list| source.tree.items(list).last());
    let (at, column) = match last {
        Some(item) => {
            let (_, column) = dash_of(source, *item)?;
            (end_of(source, *item, column)?, column)
        }
        None => (text.len(), 0),
    };
    let bare =
        lines::line_before(text, at).is_none_or(|line| line.is_empty() || begins_document(line));
    let separator = if bare && !follows_new { "" } else { "\n" };
    Ok(insertion(
        source,
        at,
        column,
        &format!("{separator}{block}"),
    ))
}

fn insertion(source: &Source, at: usize, column: usize, block: &str) -> Insertion {
    let line_break = lines::line_break(&source.text, at);
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
