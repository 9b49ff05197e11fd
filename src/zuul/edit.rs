//! Typed edits of a Zuul file: whole lines are inserted, and no byte that is there changes.
//!
//! Every edit is made twice, in the text and in the tree. The new text is parsed again and must
//! say what the edited tree says; if not, there is no edit.

use super::config::Source;
use super::fresh::Fresh;
use super::lines;
use super::spans::{self, Id, Kind, Tree};

/// One edit of a file.
#[derive(Clone, Debug)]
pub(super) enum Op<'a> {
    /// Add a job: before an item of the topmost list, or at its end.
    AddJob {
        /// The item's place in the list.
        before: Option<usize>,
        /// The lines of the item, dash at column 0.
        text: &'a str,
    },
    /// Add an entry at the end of a pipeline's job list.
    AppendToPipeline {
        /// The list.
        list: Id,
        /// The entry.
        entry: Fresh,
    },
    /// Give a pipeline that has none a job list.
    AddJobs {
        /// The pipeline's mapping.
        pipeline: Id,
        /// The list's only entry.
        entry: Fresh,
    },
    /// Add a pipeline to a project stanza.
    AddPipeline {
        /// The stanza's mapping.
        stanza: Id,
        /// The pipeline's name.
        name: String,
        /// The only entry of its list.
        entry: Fresh,
    },
    /// Add a project stanza at the end.
    AddStanza {
        /// Pipelines with their entries.
        pipelines: Vec<(String, Fresh)>,
    },
}

/// An edit that could not be made, or not be proven.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unsafe {
    /// The line in the way, from 1.
    pub(super) line: usize,
    /// What is in the way.
    pub(super) reason: &'static str,
}

/// Lines to insert.
struct Insertion {
    at: usize,
    lines: String,
}

/// Returns the text with all edits made.
pub(super) fn apply(source: &Source, ops: &[Op<'_>]) -> Result<String, Unsafe> {
    let mut insertions = Vec::new();
    for op in ops {
        insertions.push(op.insertion(source)?);
    }
    insertions.sort_by_key(|insertion| insertion.at);
    let (text, inserted) = insert(&source.text, &insertions);
    prove(source, ops, &text, &inserted)?;
    Ok(text)
}

/// Returns the byte at which the lines of an edit go in.
pub(super) fn place(source: &Source, op: &Op<'_>) -> Result<usize, Unsafe> {
    op.insertion(source).map(|insertion| insertion.at)
}

impl Op<'_> {
    fn insertion(&self, source: &Source) -> Result<Insertion, Unsafe> {
        let dash = indentation(source);
        match self {
            Op::AddJob {
                before: Some(index),
                text,
            } => before_item(source, *index, text),
            Op::AddJob { before: None, text } => at_end(source, text),
            Op::AppendToPipeline { list, entry } => append(source, *list, entry, dash),
            Op::AddJobs { pipeline, entry } => {
                let last = source.tree.pairs(*pipeline).len();
                add_pairs(source, *pipeline, last, &jobs(entry), dash)
            }
            Op::AddPipeline {
                stanza,
                name,
                entry,
            } => {
                let pair = Fresh::Map(vec![(name.clone(), jobs(entry))]);
                add_pairs(source, *stanza, behind(&source.tree, *stanza), &pair, dash)
            }
            Op::AddStanza { pipelines } => at_end(source, &stanza(pipelines).item(dash)),
        }
    }

    /// Makes the edit in the tree.
    fn model(&self, tree: &mut Tree) {
        match self {
            Op::AddJob { before, text } => {
                let Ok(job) = spans::parse(text) else { return };
                let by = tree.adopt(&job);
                let items = job.root.map(|root| job.items(root).to_vec());
                for item in items.unwrap_or_default() {
                    add_item(tree, *before, item + by);
                }
            }
            Op::AppendToPipeline { list, entry } => {
                let entry = entry.graft(tree);
                if let Kind::Sequence { items, .. } = &mut tree.nodes[*list].kind {
                    items.push(entry);
                }
            }
            Op::AddJobs { pipeline, entry } => {
                let last = tree.pairs(*pipeline).len();
                add_pair(tree, *pipeline, last, &jobs(entry));
            }
            Op::AddPipeline {
                stanza,
                name,
                entry,
            } => {
                let index = behind(tree, *stanza);
                let pair = Fresh::Map(vec![(name.clone(), jobs(entry))]);
                add_pair(tree, *stanza, index, &pair);
            }
            Op::AddStanza { pipelines } => {
                let item = stanza(pipelines).graft(tree);
                add_item(tree, None, item);
            }
        }
    }
}

fn jobs(entry: &Fresh) -> Fresh {
    Fresh::Map(vec![(
        "jobs".into(),
        Fresh::List(None, vec![entry.clone()]),
    )])
}

fn stanza(pipelines: &[(String, Fresh)]) -> Fresh {
    let pipelines = pipelines.iter();
    let pipelines = pipelines.map(|(name, entry)| (name.clone(), jobs(entry)));
    Fresh::Map(vec![("project".into(), Fresh::Map(pipelines.collect()))])
}

/// Returns how many pairs of a stanza stay before a new pipeline: it goes behind `check` or
/// `gate`, else behind everything.
fn behind(tree: &Tree, stanza: Id) -> usize {
    let pairs = tree.pairs(stanza);
    let pipeline = |(key, _): &(Id, Id)| matches!(tree.text(*key), Some("check" | "gate"));
    pairs
        .iter()
        .rposition(pipeline)
        .map_or(pairs.len(), |index| index + 1)
}

fn add_item(tree: &mut Tree, before: Option<usize>, item: Id) {
    let root = match tree.root.filter(|root| !tree.is_null(*root)) {
        Some(root) => root,
        None => Fresh::List(None, Vec::new()).graft(tree),
    };
    tree.root = Some(root);
    if let Kind::Sequence { items, .. } = &mut tree.nodes[root].kind {
        let index = before.unwrap_or(items.len());
        items.insert(index.min(items.len()), item);
    }
}

fn add_pair(tree: &mut Tree, mapping: Id, index: usize, fresh: &Fresh) {
    let new = fresh.graft(tree);
    let new = tree.pairs(new).to_vec();
    if let Kind::Mapping { pairs, .. } = &mut tree.nodes[mapping].kind {
        pairs.splice(index..index, new);
    }
}

/// Returns how far behind their key this file writes the dashes of job lists: 2, or 0.
fn indentation(source: &Source) -> usize {
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

fn append(source: &Source, list: Id, entry: &Fresh, dash: usize) -> Result<Insertion, Unsafe> {
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
fn add_pairs(
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
fn before_item(source: &Source, index: usize, block: &str) -> Result<Insertion, Unsafe> {
    let text = &source.text;
    let list = source.list().map(|list| source.tree.items(list));
    let Some(item) = list.and_then(|items| items.get(index)) else {
        return at_end(source, block);
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

/// Inserts an item behind the last one.
fn at_end(source: &Source, block: &str) -> Result<Insertion, Unsafe> {
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
    let bare = match lines::line_before(text, at) {
        None => true,
        Some(line) => line.is_empty() || begins_document(line),
    };
    let separator = if bare && last.is_none() { "" } else { "\n" };
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
fn insert(text: &str, insertions: &[Insertion]) -> (String, Vec<std::ops::Range<usize>>) {
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

/// Parses the new text and compares it with the edited tree, and the rest with the old text.
fn prove(
    source: &Source,
    ops: &[Op<'_>],
    text: &str,
    inserted: &[std::ops::Range<usize>],
) -> Result<(), Unsafe> {
    let fail = |line, reason| Err(Unsafe { line, reason });
    if let Some(line) = cut_block_scalar(source) {
        return fail(
            line,
            "the file ends in a block of text without a line break",
        );
    }
    let mut rest = String::with_capacity(source.text.len());
    let mut done = 0;
    for range in inserted {
        rest.push_str(&text[done..range.start]);
        done = range.end;
    }
    rest.push_str(&text[done..]);
    let mut model = source.tree.clone();
    ops.iter().for_each(|op| op.model(&mut model));
    match spans::parse(text) {
        Ok(tree) if tree.same(&model) && rest == source.text => Ok(()),
        Ok(_) => fail(1, "the edited text would not say what it should"),
        Err(error) => fail(error.line, "the edited text would not be valid"),
    }
}

/// Returns the line of a block scalar whose value a line break behind the text would change.
fn cut_block_scalar(source: &Source) -> Option<usize> {
    use granit_parser::ScalarStyle::{Folded, Literal};
    let text = &source.text;
    if text.ends_with('\n') {
        return None;
    }
    let cut = source.tree.nodes.iter().find(|node| {
        matches!(&node.kind, Kind::Scalar { value, style: Literal | Folded }
            if node.end == text.trim_end().len() && value.ends_with('\n'))
    });
    cut.map(|node| node.line)
}
