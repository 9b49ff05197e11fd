//! From text to [`Parts`].

use super::parts::{Part, Parts, Shape};
use crate::yaml::{self, Flaw, Id, Kind, Layout, lines};

/// Where a part starts.
struct Place {
    start: usize,
    head: usize,
    inline: bool,
    key: Option<Id>,
    node: Id,
}

impl<'t> Parts<'t> {
    /// Returns the parts of a text whose last line has an end; `None` where it is no collection on
    /// lines of its own.
    pub(super) fn new(text: &'t str) -> Result<Option<Parts<'t>>, Flaw> {
        let document = yaml::parse(text)?;
        yaml::readable(text)?;
        let Some(node) = document.tree().root else {
            return Ok(None);
        };
        let mut parts = Parts {
            text,
            document,
            all: Vec::new(),
        };
        let whole = Place {
            start: 0,
            head: 0,
            inline: false,
            key: None,
            node,
        };
        let built = parts.add(None, &whole, 0);
        let is_collection = built.is_some() && parts.all[0].shape != Shape::Leaf;
        Ok(is_collection.then_some(parts))
    }

    /// Adds a part with all that is below it; `limit` is where the one before ends.
    fn add(&mut self, parent: Option<usize>, place: &Place, limit: usize) -> Option<usize> {
        let line = lines::line_start(self.text, place.start);
        let at = self.all.len();
        self.all.push(Part {
            parent,
            children: Vec::new(),
            shape: Shape::Leaf,
            key: place.key,
            node: place.node,
            column: place.start - line,
            inline: place.inline,
            lead: match place.inline {
                true => place.start,
                false => self.comments_above(line, limit),
            },
            start: place.start,
            head: place.head,
            body: place.head,
            foot: place.head,
            end: place.head,
        });
        if let Some(places) = self.places(place) {
            self.add_children(at, &places);
        }
        self.close(at)?;
        Some(at)
    }

    fn add_children(&mut self, at: usize, places: &[Place]) {
        let below = self.all.len();
        let mut limit = match self.all[at].parent {
            Some(_) => lines::next_line(self.text, self.all[at].head),
            // what is above the first part of a text is about all of it
            None => places.first().map_or(0, |place| place.start),
        };
        let mut children = Vec::with_capacity(places.len());
        for place in places {
            let Some(child) = self.add(Some(at), place, limit) else {
                // it is not understood where it ends: the collection is taken as a whole
                self.all.truncate(below);
                return;
            };
            limit = self.all[child].end;
            children.push(child);
        }
        let Some(first) = children.first().map(|child| self.all[*child].clone()) else {
            return;
        };
        let part = &mut self.all[at];
        part.body = first.lead;
        part.shape = match first.key {
            Some(_) => Shape::Mapping,
            None => Shape::List,
        };
        part.foot = limit;
        part.children = children;
    }

    /// Finds where the part ends.
    fn close(&mut self, at: usize) -> Option<()> {
        let part = &self.all[at];
        if part.parent.is_none() {
            self.all[at].end = self.text.len();
            return Some(());
        }
        let node = self.document.data(part.node);
        let is_absent = node.start == node.end && self.tree().is_null(part.node);
        let is_plain = node.anchor.is_none() && node.tag.is_none();
        let foot = match (part.shape, is_absent) {
            (Shape::Leaf, true) => is_plain.then_some(part.head)?,
            (Shape::Leaf, false) => node.end.max(part.head),
            _ => part.foot,
        };
        let end = lines::after(self.text, foot, part.column)?;
        let part = &mut self.all[at];
        (part.foot, part.end) = (foot, end);
        Some(())
    }

    /// Returns where the children of a block collection start; `None` where one is written in a
    /// way that is not understood, such as `? key` or `- - a`.
    fn places(&self, parent: &Place) -> Option<Vec<Place>> {
        match &self.document.data(parent.node).kind {
            Kind::Mapping {
                pairs,
                layout: Layout::Block,
            } => {
                let pairs = pairs.iter();
                pairs.map(|(k, v)| self.pair(parent, *k, *v)).collect()
            }
            Kind::Sequence {
                items,
                layout: Layout::Block,
            } => items.iter().map(|node| self.item(parent, *node)).collect(),
            _ => None,
        }
    }

    fn pair(&self, parent: &Place, key: Id, node: Id) -> Option<Place> {
        let data = self.document.data(key);
        let is_name = matches!(data.kind, Kind::Scalar { .. });
        if !is_name || data.anchor.is_some() || data.tag.is_some() {
            return None;
        }
        let is_blank = |text: &str| text.bytes().all(|b| b == b' ');
        let on_own_line =
            is_blank(&self.text[lines::line_start(self.text, data.start)..data.start]);
        let inline = !on_own_line && is_blank(self.text.get(parent.head..data.start)?);
        let rest = self.text[data.end..].trim_start_matches(' ');
        let is_understood = (on_own_line || inline) && rest.starts_with(':');
        is_understood.then(|| Place {
            start: data.start,
            head: self.text.len() - rest.len() + 1,
            inline,
            key: Some(key),
            node,
        })
    }

    fn item(&self, parent: &Place, node: Id) -> Option<Place> {
        let (dash, _) = lines::dash(self.text, self.document.data(node).start)?;
        (dash >= parent.head).then_some(Place {
            start: dash,
            head: dash + 1,
            inline: false,
            key: None,
            node,
        })
    }

    /// Returns the start of the first line of comments above a line; blank lines may be between.
    fn comments_above(&self, line: usize, limit: usize) -> usize {
        let (mut at, mut lead) = (line, line);
        while at > limit {
            let before = lines::line_start(self.text, at - 1);
            let content = self.text[before..at].trim();
            if before < limit || !(content.is_empty() || content.starts_with('#')) {
                break;
            }
            if !content.is_empty() {
                lead = before;
            }
            at = before;
        }
        lead
    }
}
