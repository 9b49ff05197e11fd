//! From text to [`Document`].

use std::collections::{BTreeSet, HashMap};

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, Tag};

use super::lookup::Document;
use super::tree::{Id, Kind, Layout, MERGE, NodeData, Style, Tree};
use super::{Flaw, FlawKind};

/// Collections within one another. Nobody writes more, and what walks a tree may recurse.
pub const DEEPEST: usize = 64;

/// Nodes that aliases may add up to in one text, each counted with all that it repeats: what walks
/// through aliases or merges them takes time for each.
pub const MOST_REPEATED: usize = 1 << 20;

/// Returns the one document of a text.
///
/// A flaw is what PyYAML's safe loaders with unique keys refuse (Zuul 14's `ZuulSafeLoader`,
/// Rally's `yamlutils`): a second document, a key twice in a mapping (`<<` aside), a key that is
/// no scalar. Also what nobody means: an alias within its own node, nesting beyond [`DEEPEST`],
/// aliases that repeat more than
/// [`MOST_REPEATED`].
pub fn parse(text: &str) -> Result<Document, Flaw> {
    let options = granit_parser::options! { emit_anchor_events: true, emit_comments: false };
    let mut builder = Builder {
        text,
        ..Builder::default()
    };
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event.map_err(|error| syntax(&error))?;
        builder.take(event, &span)?;
    }
    unique_keys(&builder.tree)?;
    Ok(Document::new(builder.tree))
}

/// Fails at a character that PyYAML does not read, or breaks lines at where YAML 1.2 does not.
pub fn readable(text: &str) -> Result<(), Flaw> {
    let mut lines = text.split('\n').zip(1..).peekable();
    while let Some((line, number)) = lines.next() {
        // Nearly every line is printable ASCII.
        if line.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
            continue;
        }
        let is_broken = lines.peek().is_some();
        let line = line
            .strip_suffix('\r')
            .filter(|_| is_broken)
            .unwrap_or(line);
        if let Some((c, column)) = line.chars().zip(1..).find(|(c, _)| !is_read(*c)) {
            return Err(FlawKind::Character(c).at(number, column));
        }
    }
    Ok(())
}

/// Returns whether PyYAML reads a character, within a line.
fn is_read(c: char) -> bool {
    matches!(
        c,
        '\t' | ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202a}'..='\u{fffd}' | '\u{10000}'..
    )
}

/// Fails at a key that a mapping has twice, or that is no scalar.
/// Whoever makes values of the text has to tell `1` from `'1'`.
pub fn unique_keys(tree: &Tree) -> Result<(), Flaw> {
    for node in &tree.nodes {
        let Kind::Mapping { pairs, .. } = &node.kind else {
            continue;
        };
        let mut seen = BTreeSet::new();
        for (key, _) in pairs {
            let at = &tree.nodes[*key];
            let Some(text) = tree.text(*key) else {
                return Err(FlawKind::Unhashable.at(at.line, at.column));
            };
            let is_number = is_plain(&at.kind) && may_be_no_text(text);
            if text != MERGE && !seen.insert((is_number, text)) {
                return Err(FlawKind::Twice(text.to_owned()).at(at.line, at.column));
            }
        }
    }
    Ok(())
}

/// A scalar; the parser says `~` for one that is not there.
fn scalar(value: &str, style: ScalarStyle, span: &Span) -> Kind {
    let absent = span.is_empty() && style == ScalarStyle::Plain;
    Kind::Scalar {
        value: if absent { "" } else { value }.to_owned(),
        style: match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::SingleQuoted => Style::SingleQuoted,
            ScalarStyle::DoubleQuoted => Style::DoubleQuoted,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
        },
    }
}

fn layout(style: StructureStyle) -> Layout {
    match style {
        StructureStyle::Flow => Layout::Flow,
        _ => Layout::Block,
    }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    tree: Tree,
    /// Collections whose end is still to come, outermost first.
    open: Vec<Open>,
    /// Anchor number of the parser to node.
    anchors: HashMap<usize, Id>,
    /// Anchored collections to their nodes in all, those that aliases repeat included.
    sizes: HashMap<Id, usize>,
    /// Nodes that aliases repeat.
    repeated: usize,
    last: Option<Id>,
    documents: usize,
}

struct Open {
    id: Id,
    /// Of a mapping, the key that waits for its value.
    key: Option<Id>,
    /// Nodes before it, and nodes that aliases repeat before it.
    before: usize,
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Flaw> {
        match event {
            Event::DocumentStart(..) => self.document(span)?,
            Event::Scalar(value, style, anchor, tag) => {
                let id = self.add(scalar(&value, style, span), anchor, tag.as_deref(), span);
                self.trim(id);
            }
            Event::SequenceStart(style, anchor, tag) => {
                let (items, layout) = (Vec::new(), layout(style));
                self.start(
                    Kind::Sequence { items, layout },
                    anchor,
                    tag.as_deref(),
                    span,
                )?;
            }
            Event::MappingStart(style, anchor, tag) => {
                let (pairs, layout) = (Vec::new(), layout(style));
                self.start(
                    Kind::Mapping { pairs, layout },
                    anchor,
                    tag.as_deref(),
                    span,
                )?;
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(span),
            Event::Anchor(_, name) => {
                if let Some(id) = self.last {
                    self.tree.nodes[id].anchor = Some(name.into_owned());
                }
            }
            Event::Alias(number) => self.alias(number, span)?,
            _ => {}
        }
        Ok(())
    }

    fn document(&mut self, span: &Span) -> Result<(), Flaw> {
        self.documents += 1;
        match self.documents {
            1 => Ok(()),
            _ => Err(flaw(FlawKind::SecondDocument, span)),
        }
    }

    fn start(
        &mut self,
        kind: Kind,
        anchor: usize,
        tag: Option<&Tag>,
        span: &Span,
    ) -> Result<(), Flaw> {
        if self.open.len() == DEEPEST {
            return Err(flaw(FlawKind::Deep, span));
        }
        let before = self.size();
        let id = self.add(kind, anchor, tag, span);
        let key = None;
        self.open.push(Open { id, key, before });
        Ok(())
    }

    fn alias(&mut self, number: usize, span: &Span) -> Result<(), Flaw> {
        let target = self.anchors.get(&number).copied();
        let target = target.filter(|target| self.open.iter().all(|open| open.id != *target));
        let Some(target) = target else {
            return Err(flaw(FlawKind::Recursive, span));
        };
        self.repeated += self.sizes.get(&target).unwrap_or(&1);
        if self.repeated > MOST_REPEATED {
            return Err(flaw(FlawKind::Repeated, span));
        }
        let name = self.tree.nodes[target].anchor.clone().unwrap_or_default();
        self.add(Kind::Alias { name, target }, 0, None, span);
        Ok(())
    }

    fn add(&mut self, kind: Kind, anchor: usize, tag: Option<&Tag>, span: &Span) -> Id {
        let bytes = span.byte_range().unwrap_or_default();
        let id = self.tree.add(NodeData {
            kind,
            tag: tag.map(ToString::to_string),
            anchor: None,
            start: bytes.start,
            end: bytes.end,
            line: span.start.line(),
            column: span.start.col() + 1,
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
        let Kind::Scalar {
            value,
            style: Style::Literal | Style::Folded,
        } = &node.kind
        else {
            return;
        };
        let content = &self.text[node.start..node.end];
        let kept = content.rfind('\n').filter(|_| value.ends_with("\n\n"));
        let length = kept.map_or(content.trim_end().len(), |newline| newline + 1);
        node.end = node.start + length;
    }

    fn size(&self) -> usize {
        self.tree.nodes.len() + self.repeated
    }

    /// Puts a node into the innermost open collection.
    fn hang(&mut self, id: Id) {
        let Some(parent) = self.open.last_mut() else {
            self.tree.root.get_or_insert(id);
            return;
        };
        match (&mut self.tree.nodes[parent.id].kind, parent.key.take()) {
            (Kind::Sequence { items, .. }, _) => items.push(id),
            (Kind::Mapping { pairs, .. }, Some(key)) => pairs.push((key, id)),
            (_, None) => parent.key = Some(id),
            _ => {}
        }
    }

    fn close(&mut self, span: &Span) {
        let Some(Open { id, before, .. }) = self.open.pop() else {
            return;
        };
        self.sizes.insert(id, self.size() - before);
        let nodes = &mut self.tree.nodes;
        let end = match &nodes[id].kind {
            Kind::Sequence {
                items,
                layout: Layout::Block,
            } => items.last().map(|i| nodes[*i].end),
            Kind::Mapping {
                pairs,
                layout: Layout::Block,
            } => pairs.last().map(|(k, v)| nodes[*k].end.max(nodes[*v].end)),
            _ => span.byte_range().map(|r| r.end),
        };
        nodes[id].end = end.unwrap_or(nodes[id].end).max(nodes[id].start);
    }
}

fn syntax(error: &ScanError) -> Flaw {
    let kind = match error.kind() {
        // the scanner is ahead of the events, and has a limit of its own
        ErrorKind::RecursionLimitExceeded => FlawKind::Deep,
        _ => FlawKind::Syntax(error.info()),
    };
    kind.at(error.marker().line(), error.marker().col() + 1)
}

fn flaw(kind: FlawKind, span: &Span) -> Flaw {
    kind.at(span.start.line(), span.start.col() + 1)
}

fn is_plain(kind: &Kind) -> bool {
    matches!(
        kind,
        Kind::Scalar {
            style: Style::Plain,
            ..
        }
    )
}

/// Returns whether a plain scalar may be a number, a boolean or nothing.
fn may_be_no_text(text: &str) -> bool {
    let words = ["", "~", "null", "yes", "no", "on", "off", "true", "false"];
    text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
        || words.iter().any(|word| text.eq_ignore_ascii_case(word))
}
