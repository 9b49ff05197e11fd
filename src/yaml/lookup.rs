//! Values by their keys.
//!
//! A mapping has its own keys, and what it merges by `<<`. Both are found without a scan for each
//! question: a file of one megabyte may have fifty thousand keys, and as many places that ask.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::tree::{Id, Kind, MERGE, NodeData, Tree};

/// Mappings up to this size are searched pair by pair.
const SMALL: usize = 16;

/// A parsed text: the tree as written, and what its mappings mean.
#[derive(Clone, Debug, Default)]
pub struct Document {
    tree: Tree,
    /// Mappings with `<<`: the pairs as the loader makes them.
    merged: BTreeMap<Id, Merged>,
    /// Mappings that are not small: the places of their pairs, by key.
    sorted: BTreeMap<Id, Vec<usize>>,
    /// Nodes that an alias refers to.
    shared: HashSet<Id>,
    /// Anchor to how many nodes have it.
    anchors: HashMap<String, usize>,
}

#[derive(Clone, Debug, Default)]
struct Merged {
    /// Its own pairs without `<<`, then those that it takes from elsewhere.
    pairs: Vec<(Id, Id)>,
    /// How many are its own.
    own: usize,
}

impl Document {
    pub(super) fn new(tree: Tree) -> Document {
        let mut document = Document {
            tree,
            ..Document::default()
        };
        document.find_anchors();
        for id in 0..document.tree.nodes.len() {
            document.index(id);
        }
        document
    }

    /// Returns the tree as it is written.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Returns what is stored of a node.
    pub fn data(&self, id: Id) -> &NodeData {
        &self.tree.nodes[id]
    }

    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.shared.contains(&id)
    }

    /// Returns how many nodes have the anchor: YAML lets a later one replace the earlier.
    pub fn anchored(&self, name: &str) -> usize {
        self.anchors.get(name).copied().unwrap_or(0)
    }

    /// Returns the pairs of a mapping as a loader makes them: its own without `<<`, then what it
    /// merges and has not itself.
    pub(super) fn meant(&self, id: Id) -> &[(Id, Id)] {
        match self.merged.get(&id) {
            Some(merged) => &merged.pairs,
            None => self.tree.pairs(id),
        }
    }

    /// Returns whether the mapping takes keys from elsewhere.
    pub(super) fn merges(&self, id: Id) -> bool {
        self.merged.contains_key(&id)
    }

    /// Returns the pair under `key`, own or merged.
    pub(super) fn find(&self, id: Id, key: &str) -> Option<(Id, Id)> {
        Some(self.meant(id)[self.position(id, key)?])
    }

    /// Returns the pair that the mapping itself has under `key`.
    pub(super) fn find_own(&self, id: Id, key: &str) -> Option<(Id, Id)> {
        let Some(merged) = self.merged.get(&id) else {
            return self.find(id, key);
        };
        if key == MERGE {
            let mut pairs = self.tree.pairs(id).iter();
            return pairs
                .find(|(k, _)| self.tree.text(*k) == Some(MERGE))
                .copied();
        }
        let position = self.position(id, key).filter(|at| *at < merged.own)?;
        Some(merged.pairs[position])
    }

    fn position(&self, id: Id, key: &str) -> Option<usize> {
        let pairs = self.meant(id);
        let name = |at: usize| self.tree.text(pairs[at].0);
        match self.sorted.get(&id) {
            Some(sorted) => {
                let found = sorted.binary_search_by(|at| name(*at).cmp(&Some(key)));
                found.ok().map(|index| sorted[index])
            }
            None => (0..pairs.len()).find(|at| name(*at) == Some(key)),
        }
    }

    fn find_anchors(&mut self) {
        for node in &self.tree.nodes {
            if let Kind::Alias { target, .. } = node.kind {
                self.shared.insert(target);
            }
            if let Some(name) = &node.anchor {
                *self.anchors.entry(name.clone()).or_default() += 1;
            }
        }
    }

    fn index(&mut self, id: Id) {
        let tree = &self.tree;
        let Kind::Mapping { pairs, .. } = &tree.nodes[id].kind else {
            return;
        };
        if pairs.iter().any(|(key, _)| tree.text(*key) == Some(MERGE)) {
            let merged = merged(tree, id);
            self.merged.insert(id, merged);
        }
        let pairs = self.meant(id);
        if pairs.len() > SMALL {
            let mut sorted: Vec<usize> = (0..pairs.len()).collect();
            sorted.sort_by_key(|at| self.tree.text(pairs[*at].0));
            self.sorted.insert(id, sorted);
        }
    }
}

/// Returns the pairs of a mapping with what it merges. Of several values the mapping's own wins,
/// then that of the later `<<`, then that of the earlier mapping in a list (PyYAML's
/// `flatten_mapping`).
fn merged(tree: &Tree, top: Id) -> Merged {
    let mut found = Merged::default();
    let mut names = HashSet::new();
    let mut visited = HashSet::new();
    let mut open = vec![top];
    while let Some(id) = open.pop().map(|id| tree.resolve(id)) {
        if !visited.insert(id) {
            continue;
        }
        // what is last in `open` comes first: lists backwards, and of several `<<` the last
        open.extend(tree.items(id).iter().rev());
        for (key, value) in tree.pairs(id) {
            match tree.text(*key) {
                Some(MERGE) => open.push(*value),
                Some(name) if names.insert(name) => found.pairs.push((*key, *value)),
                _ => {}
            }
        }
        if id == top {
            found.own = found.pairs.len();
        }
    }
    found
}
