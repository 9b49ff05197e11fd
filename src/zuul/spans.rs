//! Reading YAML into a [`Tree`] with spans.
//!
//! What Zuul's own loader refuses (several documents, duplicate keys, characters that are not
//! printable) is refused here too, with the line.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, Tag};

use super::tree::{Id, Kind, Node, Tree};

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
/// An edited text must also pass [`libyaml`].
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
    unique_keys(&builder.tree)?;
    Ok(builder.tree)
}

/// Refuses a mapping with a key twice or with a key that is no scalar, as Zuul does.
fn unique_keys(tree: &Tree) -> Result<(), NotUsable> {
    for node in &tree.nodes {
        let Kind::Mapping { pairs, .. } = &node.kind else {
            continue;
        };
        let mut seen = HashSet::new();
        for (key, _) in pairs {
            one_key(tree, *key, &mut seen)?;
        }
    }
    Ok(())
}

fn one_key<'a>(tree: &'a Tree, key: Id, seen: &mut HashSet<&'a str>) -> Result<(), NotUsable> {
    let line = tree.nodes[key].line;
    let Some(text) = tree.text(key).filter(|_| tree.nodes[key].tag.is_none()) else {
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

/// Refuses what libyaml does not read, with which Zuul reads and which is stricter in places. It counts a byte order mark as a column; PyYAML drops it.
pub(super) fn libyaml(text: &str) -> Result<(), NotUsable> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match serde_yaml::from_str::<serde::de::IgnoredAny>(text) {
        Ok(_) => Ok(()),
        Err(error) if error.location().is_none() && text.trim().is_empty() => Ok(()),
        Err(error) => Err(NotUsable {
            line: error.location().map_or(1, |location| location.line()),
            reason: format!("not YAML: {error}"),
            remedy: "correct the file first",
        }),
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
    anchors: HashMap<usize, Id>,
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
            Event::Alias(number) => return self.alias(number, span),
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

    fn alias(&mut self, number: usize, span: &Span) -> Result<(), NotUsable> {
        let target = self.anchors.get(&number).copied();
        let target = target.filter(|target| self.open.iter().all(|(id, _)| id != target));
        let Some(target) = target else {
            return Err(NotUsable {
                line: span.start.line(),
                reason: "an alias stands for what it is part of".into(),
                remedy: "write out what is meant",
            });
        };
        let name = self.tree.nodes[target].anchor.clone().unwrap_or_default();
        self.add(Kind::Alias { name, target }, 0, None, span);
        Ok(())
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

    /// Ends a block scalar with its last line; blank lines stay in where they are content.
    fn trim(&mut self, id: Id) {
        let node = &mut self.tree.nodes[id];
        let Kind::Scalar { value, style } = &node.kind else {
            return;
        };
        if !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            return;
        }
        let content = &self.text[node.start..node.end];
        let kept = content.rfind('\n').filter(|_| value.ends_with("\n\n"));
        let length = kept.map_or(content.trim_end().len(), |newline| newline + 1);
        node.end = node.start + length;
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
