//! A YAML text as parts: pairs and items with the comments that belong to them.
//!
//! ```text
//! lead      # why
//! start     key: &anchor  # more           head: behind the colon
//! body        - child
//!             - child
//! foot      # about the children
//! end
//! ```

use std::ops::Range;

use crate::yaml::{Document, Id, Node, Tree, lines};

/// A text and its parts; the first is the whole text.
pub(super) struct Parts<'t> {
    pub(super) text: &'t str,
    pub(super) document: Document,
    pub(super) all: Vec<Part>,
}

/// A pair, an item, or the whole text.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) parent: Option<usize>,
    pub(super) children: Vec<usize>,
    pub(super) shape: Shape,
    /// Of a pair.
    pub(super) key: Option<Id>,
    /// The value.
    pub(super) node: Id,
    /// Columns before its key or dash.
    pub(super) column: usize,
    /// It starts on the line of its parent's dash.
    pub(super) inline: bool,
    /// Start of the line of the first comment above it, or of its own; `start` where it is inline.
    pub(super) lead: usize,
    /// Its key or its dash.
    pub(super) start: usize,
    /// Behind its colon or dash.
    pub(super) head: usize,
    /// Of a collection: where the lines of its children start.
    pub(super) body: usize,
    /// Behind the value; of a collection, behind the lines of its children.
    pub(super) foot: usize,
    /// Behind its last line, comments that belong to it included.
    pub(super) end: usize,
}

/// What is below a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A scalar, or what is taken as a whole: a collection in brackets, an alias.
    Leaf,
    Mapping,
    List,
}

impl Parts<'_> {
    pub(super) fn node(&self, at: usize) -> Node<'_> {
        self.document.node(self.all[at].node)
    }

    pub(super) fn tree(&self) -> &Tree {
        self.document.tree()
    }

    /// Returns the name of a pair.
    pub(super) fn key(&self, at: usize) -> Option<&str> {
        self.tree().text(self.all[at].key?)
    }

    /// Returns the line of the key or the dash, from 1.
    pub(super) fn line(&self, at: usize) -> usize {
        1 + self.text[..self.all[at].start].matches('\n').count()
    }

    /// Returns the part, its parent, and so on.
    pub(super) fn upwards(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| self.all[*at].parent)
    }

    /// Returns the comments above a part, at column 0.
    pub(super) fn lead(&self, at: usize) -> String {
        let part = &self.all[at];
        let lead = &self.text[part.lead..self.line_start(at)];
        moved_lines(lead, part.column, 0).trim_end().to_owned()
    }

    /// Returns what is behind the key or the dash of a collection, before its children's lines.
    pub(super) fn head(&self, at: usize) -> &str {
        let part = &self.all[at];
        self.text[part.head..part.body].trim()
    }

    /// Returns a leaf's value as it is written behind its colon or dash, at column 0.
    pub(super) fn value(&self, at: usize) -> String {
        let part = &self.all[at];
        moved(&self.text[part.head..part.foot], part.column, 0)
    }

    /// Returns all that is behind the colon or dash, at column 0, without the end of the last line.
    pub(super) fn rest(&self, at: usize) -> String {
        let part = &self.all[at];
        moved(&self.text[part.head..self.last_byte(at)], part.column, 0)
    }

    /// Returns the bytes of the comments that follow the value and belong to the part: behind a
    /// leaf on its line and below, behind a collection whole lines.
    pub(super) fn tail_bytes(&self, at: usize) -> Range<usize> {
        let part = &self.all[at];
        match part.shape {
            Shape::Leaf => part.foot..self.last_byte(at),
            _ => part.foot..part.end,
        }
    }

    /// Returns the comments that follow the value and belong to the part, at column 0.
    pub(super) fn tail(&self, at: usize) -> String {
        let part = &self.all[at];
        let tail = &self.text[self.tail_bytes(at)];
        match part.shape {
            Shape::Leaf => moved(tail, part.column, 0),
            _ => moved_lines(tail, part.column, 0),
        }
    }

    /// Returns the lines of a part at column 0, the comments above it included.
    pub(super) fn lines(&self, at: usize) -> String {
        let part = &self.all[at];
        let lines = &self.text[part.lead..part.end];
        match part.inline {
            true => moved(lines, part.column, 0),
            false => moved_lines(lines, part.column, 0),
        }
    }

    /// Returns whether a blank line is above the part and its comments.
    pub(super) fn is_set_off(&self, at: usize) -> bool {
        let part = &self.all[at];
        let before = lines::line_before(self.text, part.lead);
        !part.inline && before.is_some_and(str::is_empty)
    }

    /// Returns the byte before the end of the last line; behind it where a block scalar keeps that.
    pub(super) fn last_byte(&self, at: usize) -> usize {
        let part = &self.all[at];
        let is_kept = part.shape == Shape::Leaf && part.end == part.foot;
        part.end - usize::from(!is_kept && self.text[..part.end].ends_with('\n'))
    }

    /// Returns the start of the line of a key or dash; where it is inline, its own start.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let part = &self.all[at];
        match part.inline {
            true => part.start,
            false => lines::line_start(self.text, part.start),
        }
    }
}

/// Returns lines moved from one column to another, but for the first, which starts behind its
/// indentation.
pub(super) fn moved(text: &str, from: usize, to: usize) -> String {
    let first = lines::next_line(text, 0);
    format!(
        "{}{}",
        &text[..first],
        moved_lines(&text[first..], from, to)
    )
}

/// Returns the columns that all lines but the first have before them.
pub(super) fn hanging(text: &str) -> usize {
    let lines = text.lines().skip(1).filter(|line| !line.is_empty());
    let columns = lines.map(|line| line.len() - line.trim_start_matches(' ').len());
    columns.min().unwrap_or(0)
}

/// Returns lines moved from one column to another; those that are indented less go to the column.
pub(super) fn moved_lines(text: &str, from: usize, to: usize) -> String {
    let pad = " ".repeat(to);
    let mut out = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let inner = &line[blanks.min(from)..];
        if inner != "\n" {
            out.push_str(&pad);
        }
        out.push_str(inner);
    }
    out
}
