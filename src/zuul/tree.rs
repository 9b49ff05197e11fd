//! YAML as a tree that knows where each node stands in the text.
//!
//! Nothing is resolved or normalised: aliases stay aliases, merge keys stay keys, tags and
//! anchors keep their names.

use granit_parser::ScalarStyle;

/// The place of a node in [`Tree::nodes`].
pub(super) type Id = usize;

/// One YAML document.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    /// All nodes, in the order of the text.
    pub(super) nodes: Vec<Node>,
    /// The topmost node; `None` where there are at most comments.
    pub(super) root: Option<Id>,
}

/// A node and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// What it is.
    pub(super) kind: Kind,
    /// The tag as written, resolved: `!override`, `tag:yaml.org,2002:str`.
    pub(super) tag: Option<String>,
    /// The name behind `&`.
    pub(super) anchor: Option<String>,
    /// Byte at which its content starts: after dash, anchor and tag.
    pub(super) start: usize,
    /// Byte after its last content; comments and blank lines that follow are outside.
    pub(super) end: usize,
    /// Line of `start`, from 1.
    pub(super) line: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// A scalar: its value, and whether it is plain (only then `true` is a boolean).
    Scalar {
        /// The text after YAML's own escapes and folding.
        value: String,
        /// Quotes, block or plain.
        style: ScalarStyle,
    },
    /// A sequence.
    Sequence {
        /// The items, in order.
        items: Vec<Id>,
        /// `[a, b]` rather than dashes.
        flow: bool,
    },
    /// A mapping.
    Mapping {
        /// Keys and values, in order, merge keys included.
        pairs: Vec<(Id, Id)>,
        /// `{a: b}` rather than lines.
        flow: bool,
    },
    /// `*name`.
    Alias {
        /// The name.
        name: String,
        /// The node that has the anchor.
        target: Id,
    },
}

impl Node {
    /// Returns a node that stands nowhere yet.
    pub(super) fn new(kind: Kind, anchor: Option<String>) -> Node {
        Node {
            kind,
            tag: None,
            anchor,
            start: 0,
            end: 0,
            line: 0,
        }
    }
}

impl Tree {
    /// Adds a node that hangs from nothing yet.
    pub(super) fn add(&mut self, node: Node) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds all nodes of another tree; returns what to add to its ids.
    pub(super) fn adopt(&mut self, other: &Tree) -> usize {
        let by = self.nodes.len();
        self.nodes.extend(other.nodes.iter().map(|node| {
            let mut node = node.clone();
            match &mut node.kind {
                Kind::Scalar { .. } => {}
                Kind::Sequence { items, .. } => items.iter_mut().for_each(|i| *i += by),
                Kind::Mapping { pairs, .. } => pairs.iter_mut().for_each(|(k, v)| {
                    *k += by;
                    *v += by;
                }),
                Kind::Alias { target, .. } => *target += by,
            }
            node
        }));
        by
    }

    /// Returns the node itself, or what the alias stands for.
    pub(super) fn resolve(&self, id: Id) -> Id {
        match self.nodes[id].kind {
            Kind::Alias { target, .. } => target,
            _ => id,
        }
    }

    /// Returns the value of a scalar, through an alias.
    pub(super) fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Returns whether the node is an empty or `null` plain scalar.
    pub(super) fn is_null(&self, id: Id) -> bool {
        let node = &self.nodes[self.resolve(id)];
        matches!(&node.kind, Kind::Scalar { value, style: ScalarStyle::Plain }
            if node.tag.is_none() && matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Returns whether the node is a sequence, through an alias.
    pub(super) fn is_sequence(&self, id: Id) -> bool {
        matches!(self.nodes[self.resolve(id)].kind, Kind::Sequence { .. })
    }

    /// Returns whether the node is a mapping, through an alias.
    pub(super) fn is_mapping(&self, id: Id) -> bool {
        matches!(self.nodes[self.resolve(id)].kind, Kind::Mapping { .. })
    }

    /// Returns the items of a sequence, through an alias; nothing for anything else.
    pub(super) fn items(&self, id: Id) -> &[Id] {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// Returns the pairs of a mapping, through an alias; nothing for anything else.
    pub(super) fn pairs(&self, id: Id) -> &[(Id, Id)] {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Mapping { pairs, .. } => pairs,
            _ => &[],
        }
    }

    /// Returns the value that stands in the mapping itself under `key`.
    pub(super) fn own(&self, id: Id, key: &str) -> Option<Id> {
        self.pairs(id)
            .iter()
            .find(|(k, _)| self.text(*k) == Some(key))
            .map(|(_, value)| *value)
    }

    /// Returns the value under `key`, in the mapping or in what it merges by `<<`.
    pub(super) fn get(&self, id: Id, key: &str) -> Option<Id> {
        self.own(id, key).or_else(|| {
            let found = self.flat(id).into_iter();
            found
                .filter(|(name, _)| *name == key)
                .map(|(_, v)| v)
                .next()
        })
    }

    /// Returns names and values of a mapping as Zuul sees them: its own, then what it merges.
    pub(super) fn flat(&self, id: Id) -> Vec<(&str, Id)> {
        let mut found: Vec<(&str, Id)> = Vec::new();
        self.flatten(id, 8, &mut found);
        found
    }

    fn flatten<'a>(&'a self, id: Id, depth: usize, found: &mut Vec<(&'a str, Id)>) {
        for (key, value) in self.pairs(id) {
            match self.text(*key) {
                None | Some("<<") => {}
                Some(name) if found.iter().any(|(seen, _)| *seen == name) => {}
                Some(name) => found.push((name, *value)),
            }
        }
        let Some(merged) = self.own(id, "<<").filter(|_| depth > 0) else {
            return;
        };
        match self.items(merged) {
            [] => self.flatten(merged, depth - 1, found),
            several => several
                .iter()
                .for_each(|one| self.flatten(*one, depth - 1, found)),
        }
    }

    /// Returns whether the mapping takes keys from elsewhere.
    pub(super) fn merges(&self, id: Id) -> bool {
        self.own(id, "<<").is_some()
    }

    /// Returns whether an alias somewhere in the text stands for this node.
    pub(super) fn is_shared(&self, id: Id) -> bool {
        self.nodes[id].anchor.is_some()
            && self
                .nodes
                .iter()
                .any(|node| matches!(node.kind, Kind::Alias { target, .. } if target == id))
    }

    /// Returns whether two trees say the same: values, styles, tags, anchors and aliases by
    /// name. Where they stand in the text is not compared.
    pub(super) fn same(&self, other: &Tree) -> bool {
        match (self.root, other.root) {
            (Some(a), Some(b)) => self.same_node(a, other, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// Returns whether a node says the same as one of another tree.
    pub(super) fn same_node(&self, id: Id, other: &Tree, theirs: Id) -> bool {
        let (a, b) = (&self.nodes[id], &other.nodes[theirs]);
        a.tag == b.tag && a.anchor == b.anchor && self.same_kind(&a.kind, other, &b.kind)
    }

    fn same_kind(&self, a: &Kind, other: &Tree, b: &Kind) -> bool {
        match (a, b) {
            (
                Kind::Scalar { value, style },
                Kind::Scalar {
                    value: v, style: s, ..
                },
            ) => value == v && style == s,
            (Kind::Sequence { items, flow }, Kind::Sequence { items: i, flow: f }) => {
                flow == f
                    && items.len() == i.len()
                    && items
                        .iter()
                        .zip(i)
                        .all(|(a, b)| self.same_node(*a, other, *b))
            }
            (Kind::Mapping { pairs, flow }, Kind::Mapping { pairs: p, flow: f }) => {
                flow == f
                    && pairs.len() == p.len()
                    && pairs.iter().zip(p).all(|((ak, av), (bk, bv))| {
                        self.same_node(*ak, other, *bk) && self.same_node(*av, other, *bv)
                    })
            }
            (Kind::Alias { name, .. }, Kind::Alias { name: n, .. }) => name == n,
            _ => false,
        }
    }
}
