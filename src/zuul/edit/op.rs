//! Typed edits of a Zuul file, each made twice: as lines of the text, and in the tree.

use super::super::model::ConfigFile;
use super::error::Unsafe;
use super::fresh::Fresh;
use super::insert::{self, Before, Insertion};
use crate::yaml::{Id, Kind, Tree};

/// One edit of a file.
#[derive(Clone, Debug)]
pub(super) enum Op<'a> {
    /// Add a job: before an item of the topmost list, or at its end.
    Job {
        /// The item's place in the list.
        before: Option<usize>,
        /// The job as a file of its own, dash at column 0.
        job: &'a ConfigFile,
    },
    /// Add an item to a list: to a pipeline's job list, or to one of patterns.
    Item {
        /// The list.
        list: Id,
        /// The index that the item gets.
        index: usize,
        /// The item.
        item: Fresh,
    },
    /// Give a pipeline that has none a job list.
    Jobs {
        /// The pipeline's mapping.
        pipeline: Id,
        /// The list's only entry.
        entry: Fresh,
    },
    /// Add a pipeline to a project stanza.
    Pipeline {
        /// The stanza's mapping.
        stanza: Id,
        /// The pipeline's name.
        name: String,
        /// The only entry of its list.
        entry: Fresh,
    },
    /// Add a project stanza at the end.
    Stanza {
        /// Pipelines with their entries.
        pipelines: Vec<(String, Fresh)>,
        /// A new job goes to the end, too, and is then right before.
        before: Before,
    },
}

impl Op<'_> {
    /// Returns the lines, and where they go in.
    pub(super) fn insertion(&self, file: &ConfigFile) -> Result<Insertion, Unsafe> {
        let dash = insert::indentation(file);
        match self {
            Op::Job { before, job } => match before {
                Some(index) => insert::before_item(file, *index, &job.text),
                None => insert::at_end(file, &job.text, Before::Text),
            },
            Op::Item { list, index, item } => {
                insert::item(file, file.document.node(*list), *index, item, dash)
            }
            Op::Jobs { pipeline, entry } => {
                let pipeline = file.document.node(*pipeline);
                let last = pipeline.pairs().len();
                insert::add_pairs(file, pipeline, last, &jobs(entry), dash)
            }
            Op::Pipeline {
                stanza,
                name,
                entry,
            } => {
                let pair = Fresh::Map(vec![(name.clone(), jobs(entry))]);
                let index = behind(file.document.tree(), *stanza);
                insert::add_pairs(file, file.document.node(*stanza), index, &pair, dash)
            }
            Op::Stanza { pipelines, before } => {
                insert::at_end(file, &stanza(pipelines).item(dash), *before)
            }
        }
    }

    /// Makes the edit in the tree.
    pub(super) fn model(&self, tree: &mut Tree) {
        match self {
            Op::Job { before, job } => {
                let by = tree.adopt(job.document.tree());
                let items = job.list().into_iter().flat_map(|list| list.items());
                for item in items {
                    add_item(tree, *before, item.id + by);
                }
            }
            Op::Item { list, index, item } => {
                let item = item.graft(tree);
                if let Kind::Sequence { items, .. } = &mut tree.nodes[*list].kind {
                    items.insert((*index).min(items.len()), item);
                }
            }
            Op::Jobs { pipeline, entry } => {
                let last = tree.pairs(*pipeline).len();
                add_pair(tree, *pipeline, last, &jobs(entry));
            }
            Op::Pipeline {
                stanza,
                name,
                entry,
            } => {
                let index = behind(tree, *stanza);
                let pair = Fresh::Map(vec![(name.clone(), jobs(entry))]);
                add_pair(tree, *stanza, index, &pair);
            }
            Op::Stanza { pipelines, .. } => {
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
