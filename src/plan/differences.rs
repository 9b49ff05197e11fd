//! What two versions of a task differ in, by their workloads.

use crate::yaml::{self, Document, Node};

/// Names of scenarios, in the order of the task.
#[derive(Default)]
pub(super) struct Differences {
    pub(super) added: Vec<String>,
    pub(super) dropped: Vec<String>,
    pub(super) changed: Vec<String>,
    /// How many workloads there are where every one changed, as with another load, and there are
    /// several; else 0.
    pub(super) all_changed: usize,
}

impl Differences {
    /// Returns whether the workloads are the same.
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.changed.is_empty()
    }

    /// Returns the differences; none where a version is no YAML document before it is rendered.
    pub(super) fn of(before: Option<&[u8]>, after: Option<&[u8]>) -> Differences {
        let (Some(before), Some(after)) = (document(before), document(after)) else {
            return Differences::default();
        };
        let (old, new) = (workloads(&before), workloads(&after));
        let count = new.len();
        let same = |a: Node<'_>, b: Node<'_>| {
            let (left, right) = (a.document.tree(), b.document.tree());
            left.same_node(a.id, right, b.id)
        };
        let mut left: Vec<Option<(&str, Node<'_>)>> = old.into_iter().map(Some).collect();
        let mut rest = Vec::new();
        // Those that are the same first: a scenario may have several workloads.
        for (name, node) in new {
            let found = left
                .iter_mut()
                .find(|old| old.is_some_and(|(other, theirs)| other == name && same(theirs, node)));
            match found {
                Some(old) => *old = None,
                None => rest.push(name),
            }
        }
        let mut found = Differences::default();
        for name in rest {
            let old = left
                .iter_mut()
                .find(|old| old.is_some_and(|(other, _)| other == name));
            let list = match old {
                Some(old) => {
                    *old = None;
                    &mut found.changed
                }
                None => &mut found.added,
            };
            list.push(name.to_owned());
        }
        found.dropped = left
            .into_iter()
            .flatten()
            .map(|(name, _)| name.to_owned())
            .collect();
        if count > 1 && found.changed.len() == count {
            found.all_changed = count;
        }
        for list in [&mut found.added, &mut found.dropped, &mut found.changed] {
            list.dedup();
        }
        found
    }
}

fn document(bytes: Option<&[u8]>) -> Option<Document> {
    yaml::parse(std::str::from_utf8(bytes?).ok()?).ok()
}

/// Returns the workloads with their scenarios' names.
fn workloads(document: &Document) -> Vec<(&str, Node<'_>)> {
    let subtasks = document.root().and_then(|root| root.own("subtasks"));
    let subtasks = subtasks.into_iter().flat_map(Node::items);
    let workloads = subtasks.flat_map(|subtask| match subtask.own("workloads") {
        Some(list) => list.items().collect(),
        None => vec![subtask],
    });
    let named = workloads.filter_map(|workload| {
        let (name, _) = workload.own("scenario")?.pairs().next()?;
        Some((name.text()?, workload))
    });
    named.collect()
}
