//! A node of a document, to ask.

use super::lookup::Document;
use super::tree::{Id, Kind, Layout, NodeData, Style};

/// A document and one of its nodes. Aliases are followed, save where a method says otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Node<'d> {
    pub document: &'d Document,
    pub id: Id,
}

impl Document {
    /// Returns the topmost node; `None` where there are at most comments.
    pub fn root(&self) -> Option<Node<'_>> {
        self.tree().root.map(|id| self.node(id))
    }

    /// Returns a node to ask.
    pub fn node(&self, id: Id) -> Node<'_> {
        Node { document: self, id }
    }

    /// Returns all nodes, in the order of the text.
    pub fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..self.tree().nodes.len()).map(|id| self.node(id))
    }
}

impl<'d> Node<'d> {
    /// Returns what is stored of the node itself, alias or not.
    pub fn data(self) -> &'d NodeData {
        self.document.data(self.id)
    }

    /// Returns the node itself, or what the alias refers to.
    pub fn resolved(self) -> Node<'d> {
        self.at(self.document.tree().resolve(self.id))
    }

    /// Returns the line of the node itself, from 1.
    pub fn line(self) -> usize {
        self.data().line
    }

    /// Returns the column of the node itself in characters, from 1.
    pub fn column(self) -> usize {
        self.data().column
    }

    /// Returns the value of a scalar.
    pub fn text(self) -> Option<&'d str> {
        self.document.tree().text(self.id)
    }

    /// Returns the number of a plain scalar in decimal digits.
    pub fn number(self) -> Option<f64> {
        match &self.resolved().data().kind {
            Kind::Scalar {
                value,
                style: Style::Plain,
            } => {
                let number = |c: char| c.is_ascii_digit() || "+-.".contains(c);
                value.parse().ok().filter(|_| value.chars().all(number))
            }
            _ => None,
        }
    }

    pub fn is_alias(self) -> bool {
        matches!(self.data().kind, Kind::Alias { .. })
    }

    /// Returns whether an alias refers to the node.
    pub fn is_shared(self) -> bool {
        self.document.is_shared(self.id)
    }

    /// Returns whether it is a scalar, and no alias for one.
    pub fn is_scalar(self) -> bool {
        matches!(self.data().kind, Kind::Scalar { .. })
    }

    pub fn is_list(self) -> bool {
        matches!(self.resolved().data().kind, Kind::Sequence { .. })
    }

    pub fn is_mapping(self) -> bool {
        matches!(self.resolved().data().kind, Kind::Mapping { .. })
    }

    /// Returns whether it is an empty or `null` plain scalar.
    pub fn is_null(self) -> bool {
        self.document.tree().is_null(self.id)
    }

    /// Returns how the collection is written; `None` for a scalar and for an alias.
    pub fn layout(self) -> Option<Layout> {
        match self.data().kind {
            Kind::Sequence { layout, .. } | Kind::Mapping { layout, .. } => Some(layout),
            Kind::Scalar { .. } | Kind::Alias { .. } => None,
        }
    }

    /// Returns the items of a list; nothing for anything else.
    pub fn items(self) -> impl DoubleEndedIterator<Item = Node<'d>> + ExactSizeIterator {
        let items = self.document.tree().items(self.id).iter();
        items.map(move |id| self.at(*id))
    }

    /// Returns keys and values of a mapping as written, `<<` included; nothing for anything else.
    pub fn pairs(
        self,
    ) -> impl DoubleEndedIterator<Item = (Node<'d>, Node<'d>)> + ExactSizeIterator {
        let pairs = self.document.tree().pairs(self.id).iter();
        pairs.map(move |(k, v)| (self.at(*k), self.at(*v)))
    }

    /// Returns keys and values as a loader makes them: its own, then what it merges by `<<`.
    pub fn meant_pairs(self) -> impl Iterator<Item = (Node<'d>, Node<'d>)> {
        let pairs = self.document.meant(self.resolved().id).iter();
        pairs.map(move |(k, v)| (self.at(*k), self.at(*v)))
    }

    /// Returns names and values as a loader makes them: its own, then what it merges by `<<`.
    pub fn merged_pairs(self) -> impl Iterator<Item = (&'d str, Node<'d>)> {
        let pairs = self.document.meant(self.resolved().id).iter();
        pairs.filter_map(move |(k, v)| Some((self.at(*k).text()?, self.at(*v))))
    }

    /// Returns the value under `key`, own or merged by `<<`.
    pub fn get(self, key: &str) -> Option<Node<'d>> {
        let found = self.document.find(self.resolved().id, key);
        found.map(|(_, value)| self.at(value))
    }

    /// Returns key and value that the mapping itself has under `key`.
    pub fn entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        let found = self.document.find_own(self.resolved().id, key);
        found.map(|(key, value)| (self.at(key), self.at(value)))
    }

    /// Returns the value that the mapping itself has under `key`.
    pub fn own(self, key: &str) -> Option<Node<'d>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// Returns key and value under `key`, own or merged by `<<`.
    pub fn meant_entry(self, key: &str) -> Option<(Node<'d>, Node<'d>)> {
        let found = self.document.find(self.resolved().id, key);
        found.map(|(key, value)| (self.at(key), self.at(value)))
    }

    /// Returns whether the mapping takes keys from elsewhere by `<<`.
    pub fn merges(self) -> bool {
        self.document.merges(self.resolved().id)
    }

    fn at(self, id: Id) -> Node<'d> {
        Node { id, ..self }
    }
}
