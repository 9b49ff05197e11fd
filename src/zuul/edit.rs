//! Typed edits of a Zuul file: whole lines are inserted, and no byte that is there changes.
//!
//! Every edit is made twice, in the text and in the tree. The new text is parsed again and must
//! say what the edited tree says; if not, there is no edit.

use super::config::Source;
use super::fresh::Fresh;
use super::insert::{self, Insertion};
use super::spans;
use super::tree::{Id, Kind, Tree};

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
        /// Whether the job goes to the end, too, and so stands right before.
        behind_job: bool,
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

/// Returns the text with all edits made.
pub(super) fn apply(source: &Source, ops: &[Op<'_>]) -> Result<String, Unsafe> {
    let mut insertions = Vec::new();
    for op in ops {
        insertions.push(op.insertion(source)?);
    }
    insertions.sort_by_key(|insertion| insertion.at);
    let (text, inserted) = insert::insert(&source.text, &insertions);
    prove(source, ops, &text, &inserted)?;
    Ok(text)
}

/// Returns the byte at which the lines of an edit go in.
pub(super) fn place(source: &Source, op: &Op<'_>) -> Result<usize, Unsafe> {
    op.insertion(source).map(|insertion| insertion.at)
}

impl Op<'_> {
    fn insertion(&self, source: &Source) -> Result<Insertion, Unsafe> {
        let dash = insert::indentation(source);
        match self {
            Op::AddJob {
                before: Some(index),
                text,
            } => insert::before_item(source, *index, text),
            Op::AddJob { before: None, text } => insert::at_end(source, text, false),
            Op::AppendToPipeline { list, entry } => insert::append(source, *list, entry, dash),
            Op::AddJobs { pipeline, entry } => {
                let last = source.tree.pairs(*pipeline).len();
                insert::add_pairs(source, *pipeline, last, &jobs(entry), dash)
            }
            Op::AddPipeline {
                stanza,
                name,
                entry,
            } => {
                let pair = Fresh::Map(vec![(name.clone(), jobs(entry))]);
                insert::add_pairs(source, *stanza, behind(&source.tree, *stanza), &pair, dash)
            }
            Op::AddStanza {
                pipelines,
                behind_job,
            } => insert::at_end(source, &stanza(pipelines).item(dash), *behind_job),
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
            Op::AddStanza { pipelines, .. } => {
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
        Ok(tree) if tree.same(&model) && rest == source.text => {
            spans::libyaml(text).or_else(|error| {
                fail(
                    error.line,
                    "libyaml, which Zuul reads with, does not take it",
                )
            })
        }
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
