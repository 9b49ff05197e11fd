//! YAML as a tree that knows where each node is in the text.
//!
//! Nothing is resolved or normalised: aliases stay aliases, merge keys stay keys, tags and
//! anchors keep their names.

/// The place of a node in [`Tree::nodes`].
pub type Id = usize;

/// The key whose value a mapping takes in.
pub(super) const MERGE: &str = "<<";

/// One YAML document, as it is written.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    /// All nodes; of a parsed text in its order.
    pub nodes: Vec<NodeData>,
    /// The topmost node; `None` where there are at most comments.
    pub root: Option<Id>,
}

/// A node and where it is.
#[derive(Clone, Debug)]
pub struct NodeData {
    pub kind: Kind,
    /// The tag, resolved: `!override`, `tag:yaml.org,2002:str`.
    pub tag: Option<String>,
    /// The name behind `&`.
    pub anchor: Option<String>,
    /// Byte at which its content starts: after dash, anchor and tag.
    pub start: usize,
    /// Byte after its last content; comments and blank lines that follow are outside.
    pub end: usize,
    /// Line of `start`, from 1.
    pub line: usize,
    /// Column of `start` in characters, from 1.
    pub column: usize,
}

/// What a node is.
#[derive(Clone, Debug)]
pub enum Kind {
    Scalar {
        /// The text after YAML's own escapes and folding; empty where there is none.
        value: String,
        /// Only a plain `true` is a boolean.
        style: Style,
    },
    Sequence {
        items: Vec<Id>,
        layout: Layout,
    },
    Mapping {
        /// Keys and values, in order, merge keys included.
        pairs: Vec<(Id, Id)>,
        layout: Layout,
    },
    /// `*name`.
    Alias {
        name: String,
        /// The node that has the anchor.
        target: Id,
    },
}

/// How a collection is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// On lines of its own, behind dashes or keys.
    Block,
    /// In brackets: `[a, b]`, `{a: b}`.
    Flow,
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// Behind `|`.
    Literal,
    /// Behind `>`.
    Folded,
}

impl NodeData {
    /// Returns a node that is in no text yet.
    pub fn new(kind: Kind, anchor: Option<String>) -> NodeData {
        NodeData {
            kind,
            tag: None,
            anchor,
            start: 0,
            end: 0,
            line: 0,
            column: 0,
        }
    }
}

impl Tree {
    /// Adds a node that hangs from nothing yet.
    pub fn add(&mut self, node: NodeData) -> Id {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    /// Adds all nodes of another tree; returns what to add to its ids.
    pub fn adopt(&mut self, other: &Tree) -> usize {
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

    /// Returns the node that has the anchor; of several the one that was added last.
    pub fn anchored(&self, name: &str) -> Option<Id> {
        let mut nodes = self.nodes.iter();
        nodes.rposition(|node| node.anchor.as_deref() == Some(name))
    }

    /// Returns the node itself, or what the alias refers to.
    pub fn resolve(&self, id: Id) -> Id {
        match self.nodes[id].kind {
            Kind::Alias { target, .. } => target,
            _ => id,
        }
    }

    /// Returns the value of a scalar, through an alias.
    pub fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Returns whether the node is an empty or `null` plain scalar.
    pub fn is_null(&self, id: Id) -> bool {
        let node = &self.nodes[self.resolve(id)];
        matches!(&node.kind, Kind::Scalar { value, style: Style::Plain }
            if node.tag.is_none() && matches!(value.as_str(), "" | "~" | "null" | "Null" | "NULL"))
    }

    /// Returns the items of a sequence, through an alias; nothing for anything else.
    pub fn items(&self, id: Id) -> &[Id] {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Sequence { items, .. } => items,
            _ => &[],
        }
    }

    /// Returns the pairs of a mapping as written, through an alias; nothing for anything else.
    pub fn pairs(&self, id: Id) -> &[(Id, Id)] {
        match &self.nodes[self.resolve(id)].kind {
            Kind::Mapping { pairs, .. } => pairs,
            _ => &[],
        }
    }

    /// Returns whether two trees say the same: values, styles, tags, anchors and aliases by
    /// name. Where they are in the text is not compared.
    pub fn same(&self, other: &Tree) -> bool {
        match (self.root, other.root) {
            (Some(a), Some(b)) => self.same_node(a, other, b),
            (None, None) => true,
            _ => false,
        }
    }

    /// Returns whether a node says the same as one of another tree.
    pub fn same_node(&self, id: Id, other: &Tree, theirs: Id) -> bool {
        let (a, b) = (&self.nodes[id], &other.nodes[theirs]);
        a.tag == b.tag && a.anchor == b.anchor && self.same_kind(&a.kind, other, &b.kind)
    }

    fn same_kind(&self, a: &Kind, other: &Tree, b: &Kind) -> bool {
        use Kind::{Alias, Mapping, Scalar, Sequence};
        match (a, b) {
            (Scalar { value, style }, Scalar { value: v, style: s }) => value == v && style == s,
            (
                Sequence { items, layout },
                Sequence {
                    items: i,
                    layout: l,
                },
            ) => {
                let same = |(a, b): (&Id, &Id)| self.same_node(*a, other, *b);
                layout == l && items.len() == i.len() && items.iter().zip(i).all(same)
            }
            (
                Mapping { pairs, layout },
                Mapping {
                    pairs: p,
                    layout: l,
                },
            ) => {
                let same = |((ak, av), (bk, bv)): (&(Id, Id), &(Id, Id))| {
                    self.same_node(*ak, other, *bk) && self.same_node(*av, other, *bv)
                };
                layout == l && pairs.len() == p.len() && pairs.iter().zip(p).all(same)
            }
            (Alias { name, .. }, Alias { name: n, .. }) => name == n,
            _ => false,
        }
    }
}
