//! YAML as a tree that knows where each node stands in the text.
//!
//! Nothing is resolved or normalised: aliases stay aliases, merge keys stay keys, tags and
//! anchors keep their names. What Zuul's own loader refuses (several documents, duplicate keys,
//! characters that are not printable) is refused here too, with the line.

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

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

/// Text that Zuul's loader would not take, or that this tool will not edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {reason}")]
pub(super) struct NotUsable {
    /// The line, from 1.
    pub(super) line: usize,
    /// What is wrong, in a few words.
    pub(super) reason: String,
    /// What to do about it.
    pub(super) remedy: &'static str,
}

/// Returns the tree of a text with at most one document.
///
/// The rules are those of Zuul 14's `ZuulSafeLoader`: one document, no key twice in a mapping
/// (`<<` aside), keys are scalars.
pub(super) fn parse(text: &str) -> Result<Tree, NotUsable> {
    readable(text)?;
    let options = granit_parser::options! { emit_anchor_events: true, emit_comments: false };
    let mut builder = Builder {
        text,
        ..Builder::default()
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| NotUsable {
            line: error.marker().line(),
            reason: format!("not YAML: {}", error.info()),
            remedy: "correct the file first",
        })?;
        builder.take(event, &span)?;
    }
    builder.tree.unique_keys()?;
    Ok(builder.tree)
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

    fn unique_keys(&self) -> Result<(), NotUsable> {
        for node in &self.nodes {
            let Kind::Mapping { pairs, .. } = &node.kind else {
                continue;
            };
            let mut seen = std::collections::HashSet::new();
            for (key, _) in pairs {
                self.one_key(*key, &mut seen)?;
            }
        }
        Ok(())
    }

    fn one_key<'a>(
        &'a self,
        key: Id,
        seen: &mut std::collections::HashSet<&'a str>,
    ) -> Result<(), NotUsable> {
        let line = self.nodes[key].line;
        let Some(text) = self.text(key) else {
            return Err(NotUsable {
                line,
                reason: "a key is not a plain name".into(),
                remedy: "give the mapping scalar keys; Zuul takes no others",
            });
        };
        if text != "<<" && !seen.insert(text) {
            return Err(NotUsable {
                line,
                reason: format!("the key `{text}` stands twice in one mapping"),
                remedy: "remove one of them; Zuul refuses the file",
            });
        }
        Ok(())
    }
}

/// Refuses what PyYAML does not read, or breaks lines at where YAML 1.2 does not.
fn readable(text: &str) -> Result<(), NotUsable> {
    let mut line = 1;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let bad = match c {
            '\n' => {
                line += 1;
                false
            }
            '\r' => chars.peek() != Some(&'\n'),
            '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fffd}' => false,
            c => c < '\u{10000}',
        };
        if bad {
            return Err(NotUsable {
                line,
                reason: format!(
                    "the character U+{:04X} has no place in a Zuul file",
                    c as u32
                ),
                remedy: "remove it",
            });
        }
    }
    Ok(())
}

/// A scalar; the parser says `~` for one that is not there.
fn scalar(value: &str, style: ScalarStyle, span: &Span) -> Kind {
    let absent = span.is_empty() && style == ScalarStyle::Plain;
    Kind::Scalar {
        value: if absent {
            String::new()
        } else {
            value.to_owned()
        },
        style,
    }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    /// Open collections; of a mapping, the key that still waits for its value.
    open: Vec<(Id, Option<Id>)>,
    /// Anchor number of the parser to node.
    anchors: std::collections::HashMap<usize, Id>,
    last: Option<Id>,
    documents: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), NotUsable> {
        match event {
            Event::DocumentStart(..) => return self.document(span),
            Event::Scalar(value, style, anchor, tag) => {
                let id = self.add(scalar(&value, style, span), anchor, tag.as_deref(), span);
                self.trim(id);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let items = Vec::new();
                let kind = Kind::Sequence { items, flow };
                let id = self.add(kind, anchor, tag.as_deref(), span);
                self.open.push((id, None));
            }
            Event::MappingStart(style, anchor, tag) => {
                let flow = style == StructureStyle::Flow;
                let pairs = Vec::new();
                let kind = Kind::Mapping { pairs, flow };
                let id = self.add(kind, anchor, tag.as_deref(), span);
                self.open.push((id, None));
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(_, name) => {
                if let Some(id) = self.last {
                    self.tree.nodes[id].anchor = Some(name.into_owned());
                }
            }
            Event::Alias(number) => self.alias(number, span),
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, span: &Span) -> Result<(), NotUsable> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(NotUsable {
                line: span.start.line(),
                reason: "a second YAML document begins".into(),
                remedy: "keep one document in the file; Zuul reads no more",
            });
        }
        Ok(())
    }

    fn alias(&mut self, number: usize, span: &Span) {
        let Some(&target) = self.anchors.get(&number) else {
            return;
        };
        let name = self.tree.nodes[target].anchor.clone().unwrap_or_default();
        self.add(Kind::Alias { name, target }, 0, None, span);
    }

    fn add(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, span: &Span) -> Id {
        let id = self.tree.nodes.len();
        let bytes = span.byte_range().unwrap_or_default();
        self.tree.nodes.push(Node {
            kind,
            tag: tag.map(ToString::to_string),
            anchor: None,
            start: bytes.start,
            end: bytes.end,
            line: span.start.line(),
        });
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        self.last = Some(id);
        self.hang(id);
        id
    }

    /// Takes the blank lines after a block scalar out of its span, unless they are content.
    fn trim(&mut self, id: Id) {
        let node = &mut self.tree.nodes[id];
        if let Kind::Scalar { value, style } = &node.kind {
            let block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
            if block && !value.ends_with("\n\n") {
                let content = self.text[node.start..node.end].trim_end();
                node.end = node.start + content.len();
            }
        }
    }

    /// Puts a node into the innermost open collection.
    fn hang(&mut self, id: Id) {
        let Some((parent, key)) = self.open.last_mut() else {
            self.tree.root.get_or_insert(id);
            return;
        };
        match (&mut self.tree.nodes[*parent].kind, key.take()) {
            (Kind::Sequence { items, .. }, _) => items.push(id),
            (Kind::Mapping { pairs, .. }, Some(k)) => pairs.push((k, id)),
            (_, None) => *key = Some(id),
            _ => {}
        }
    }

    fn close(&mut self, span: &Span) {
        let Some((id, _)) = self.open.pop() else {
            return;
        };
        let nodes = &mut self.tree.nodes;
        let end = match &nodes[id].kind {
            Kind::Sequence { items, flow: false } => items.last().map(|i| nodes[*i].end),
            Kind::Mapping { pairs, flow: false } => {
                pairs.last().map(|(k, v)| nodes[*k].end.max(nodes[*v].end))
            }
            _ => span.byte_range().map(|r| r.end),
        };
        nodes[id].end = end.unwrap_or(nodes[id].end).max(nodes[id].start);
    }
}
