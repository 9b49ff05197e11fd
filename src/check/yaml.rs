//! YAML as Rally's loader sees it, with the line of every node.

use std::collections::{HashMap, HashSet};

use granit_parser::{Event, Parser, ScalarStyle, Span};

/// A document.
#[derive(Debug, Default)]
pub(super) struct Document {
    nodes: Vec<Node>,
}

/// A node of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'d> {
    document: &'d Document,
    id: usize,
}

/// Why a text is no document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    /// The line, from 1.
    pub(super) line: usize,
    /// What.
    pub(super) kind: FlawKind,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FlawKind {
    /// No YAML.
    Syntax(String),
    /// More than one document.
    SecondDocument,
    /// A key that is a mapping or a list, such as a bare `{{ name }}`.
    Unhashable,
    /// A key that stands twice.
    Twice(String),
    /// Nested deeper than [`DEEPEST`]: not judged.
    Deep,
}

/// Nobody writes deeper ones, and nothing here shall take long.
const DEEPEST: usize = 64;

#[derive(Debug)]
struct Node {
    line: usize,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Scalar { value: String, plain: bool },
    List(Vec<usize>),
    Mapping(Vec<(usize, usize)>),
}

/// Returns the one document of a text; `Ok(None)` where it has no content.
pub(super) fn parse(text: &str) -> Result<Option<Document>, Flaw> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| Flaw {
            line: error.marker().line(),
            kind: FlawKind::Syntax(error.info().to_string()),
        })?;
        builder.take(event, &span)?;
    }
    let document = builder.document;
    keys(&document)?;
    Ok(Some(document).filter(|d| !d.nodes.is_empty()))
}

impl Document {
    /// Returns the topmost node.
    pub(super) fn root(&self) -> At<'_> {
        At {
            document: self,
            id: 0,
        }
    }

    /// Returns all scalars.
    pub(super) fn scalars(&self) -> impl Iterator<Item = At<'_>> {
        let scalar = |(id, node): (usize, &Node)| {
            matches!(node.kind, Kind::Scalar { .. }).then_some(At { document: self, id })
        };
        self.nodes.iter().enumerate().filter_map(scalar)
    }
}

impl<'d> At<'d> {
    fn node(self) -> &'d Node {
        &self.document.nodes[self.id]
    }

    /// Returns the line, from 1.
    pub(super) fn line(self) -> usize {
        self.node().line
    }

    /// Returns the value of a scalar.
    pub(super) fn text(self) -> Option<&'d str> {
        match &self.node().kind {
            Kind::Scalar { value, .. } => Some(value),
            _ => None,
        }
    }

    /// Returns the number of a plain scalar.
    pub(super) fn number(self) -> Option<f64> {
        match &self.node().kind {
            Kind::Scalar { value, plain: true } => {
                let number = |c: char| c.is_ascii_digit() || "+-.".contains(c);
                value.parse().ok().filter(|_| value.chars().all(number))
            }
            _ => None,
        }
    }

    /// Returns whether it is a mapping.
    pub(super) fn is_mapping(self) -> bool {
        matches!(self.node().kind, Kind::Mapping(_))
    }

    /// Returns whether it is a list.
    pub(super) fn is_list(self) -> bool {
        matches!(self.node().kind, Kind::List(_))
    }

    /// Returns the items of a list; nothing for anything else.
    pub(super) fn items(self) -> impl Iterator<Item = At<'d>> {
        let items: &[usize] = match &self.node().kind {
            Kind::List(items) => items,
            _ => &[],
        };
        let document = self.document;
        items.iter().map(move |id| At { document, id: *id })
    }

    /// Returns keys and values of a mapping; nothing for anything else.
    pub(super) fn pairs(self) -> impl Iterator<Item = (At<'d>, At<'d>)> {
        let pairs: &[(usize, usize)] = match &self.node().kind {
            Kind::Mapping(pairs) => pairs,
            _ => &[],
        };
        let document = self.document;
        pairs
            .iter()
            .map(move |(k, v)| (At { document, id: *k }, At { document, id: *v }))
    }

    /// Returns the key and the value under `key`.
    pub(super) fn entry(self, key: &str) -> Option<(At<'d>, At<'d>)> {
        self.pairs().find(|(k, _)| k.text() == Some(key))
    }

    /// Returns the value under `key`.
    pub(super) fn get(self, key: &str) -> Option<At<'d>> {
        self.entry(key).map(|(_, value)| value)
    }
}

/// Refuses keys as Rally's `yamlutils` does.
fn keys(document: &Document) -> Result<(), Flaw> {
    for node in &document.nodes {
        let Kind::Mapping(pairs) = &node.kind else {
            continue;
        };
        let mut seen = HashSet::new();
        for (key, _) in pairs {
            let key = &document.nodes[*key];
            let flaw = |kind| Flaw {
                line: key.line,
                kind,
            };
            let Kind::Scalar { value, .. } = &key.kind else {
                return Err(flaw(FlawKind::Unhashable));
            };
            if value != "<<" && !seen.insert(value) {
                return Err(flaw(FlawKind::Twice(value.clone())));
            }
        }
    }
    Ok(())
}

#[derive(Default)]
struct Builder {
    document: Document,
    /// Open collections; of a mapping, the key that still waits for its value.
    open: Vec<(usize, Option<usize>)>,
    anchors: HashMap<usize, usize>,
    documents: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Flaw> {
        let line = span.start.line();
        match event {
            Event::DocumentStart(..) => {
                self.documents += 1;
                if self.documents > 1 {
                    let kind = FlawKind::SecondDocument;
                    return Err(Flaw { line, kind });
                }
            }
            Event::Scalar(value, style, anchor, _) => {
                let plain = style == ScalarStyle::Plain;
                let value = value.into_owned();
                self.add(Kind::Scalar { value, plain }, anchor, line);
            }
            Event::SequenceStart(_, anchor, _) => self.start(Kind::List(vec![]), anchor, line)?,
            Event::MappingStart(_, anchor, _) => self.start(Kind::Mapping(vec![]), anchor, line)?,
            Event::SequenceEnd | Event::MappingEnd => drop(self.open.pop()),
            Event::Alias(number) => {
                if let Some(id) = self.anchors.get(&number) {
                    self.hang(*id);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, kind: Kind, anchor: usize, line: usize) -> Result<(), Flaw> {
        if self.open.len() == DEEPEST {
            let kind = FlawKind::Deep;
            return Err(Flaw { line, kind });
        }
        let id = self.add(kind, anchor, line);
        self.open.push((id, None));
        Ok(())
    }

    fn add(&mut self, kind: Kind, anchor: usize, line: usize) -> usize {
        let id = self.document.nodes.len();
        self.document.nodes.push(Node { line, kind });
        if anchor > 0 {
            self.anchors.insert(anchor, id);
        }
        self.hang(id);
        id
    }

    /// Puts a node into the innermost open collection.
    fn hang(&mut self, id: usize) {
        let Some((parent, key)) = self.open.last_mut() else {
            return;
        };
        match (&mut self.document.nodes[*parent].kind, key.take()) {
            (Kind::List(items), _) => items.push(id),
            (Kind::Mapping(pairs), Some(k)) => pairs.push((k, id)),
            (_, None) => *key = Some(id),
            _ => {}
        }
    }
}
