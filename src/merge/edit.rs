//! Edits of a text, and those that a collection's lines need.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::parts::{Parts, moved_lines};

/// New text for bytes of the old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) bytes: Range<usize>,
    pub(super) text: String,
}

/// What happens to the children of a collection.
#[derive(Clone, Debug, Default)]
pub(super) struct Splice {
    /// Children that go.
    pub(super) removed: HashSet<usize>,
    /// By the child that they follow, none at the front; in order.
    pub(super) inserted: BTreeMap<Option<usize>, Vec<New>>,
}

/// A new child of a collection.
#[derive(Clone, Debug)]
pub(super) struct New {
    /// The part of ours.
    pub(super) part: usize,
    /// Its lines, at column 0.
    pub(super) lines: String,
    /// A blank line is above it.
    pub(super) set_off: bool,
}

/// Returns the text with all edits made; `None` where two of them overlap.
pub(super) fn apply(text: &str, mut edits: Vec<Edit>) -> Option<String> {
    // stable: what goes in at one place keeps its order
    edits.sort_by_key(|edit| (edit.bytes.start, edit.bytes.end));
    let mut out = String::with_capacity(text.len() + 1024);
    let mut done = 0;
    for edit in edits {
        out.push_str(text.get(done..edit.bytes.start)?);
        out.push_str(&edit.text);
        done = edit.bytes.end;
    }
    out.push_str(text.get(done..)?);
    Some(out)
}

impl Splice {
    /// Returns what is new behind a child, or at the front.
    pub(super) fn new_behind(&self, child: Option<usize>) -> &[New] {
        self.inserted.get(&child).map_or(&[], Vec::as_slice)
    }

    /// Adds the edits of the lines below `at`; `None` where nothing would be left there.
    pub(super) fn edit(&self, parts: &Parts<'_>, at: usize, edits: &mut Vec<Edit>) -> Option<()> {
        let children = &parts.all[at].children;
        let first = children.iter().find(|child| !self.removed.contains(child));
        if first.is_none() && self.inserted.is_empty() {
            return None;
        }
        let column = parts.all[*children.first()?].column;
        let front = self.lines(column, None);
        let mut rest = children.as_slice();
        let head = &parts.all[children[0]];
        if !head.inline {
            edits.push(insertion(head.lead, front));
        } else if !front.is_empty() || self.removed.contains(&children[0]) {
            rest = self.edit_behind_dash(parts, children, front, edits);
        }
        let mut limit = parts.all[*rest.first().unwrap_or(&at)].lead;
        for child in rest {
            if self.removed.contains(child) {
                edits.push(removal(parts, *child, limit));
            }
            limit = parts.all[*child].end;
            let lines = self.lines(column, Some(*child));
            edits.push(insertion(parts.all[*child].end, lines));
        }
        Some(())
    }

    /// Writes anew what is between the dash and the first child that stays; returns those that
    /// are still to be edited.
    fn edit_behind_dash<'c>(
        &self,
        parts: &Parts<'_>,
        children: &'c [usize],
        mut lines: String,
        edits: &mut Vec<Edit>,
    ) -> &'c [usize] {
        let stays = |child: &usize| !self.removed.contains(child);
        let gone = children.iter().position(stays).unwrap_or(children.len());
        let head = &parts.all[children[0]];
        for child in &children[..gone] {
            lines.push_str(&self.lines(head.column, Some(*child)));
        }
        let end = match children.get(gone) {
            // the first one itself, which goes to a line of its own
            Some(_) if gone == 0 => {
                lines.push_str(&" ".repeat(head.column));
                head.start
            }
            Some(child) if lines.is_empty() => {
                let lead = parts.all[*child].lead;
                let line = &parts.text[lead..];
                lead + line.len() - line.trim_start_matches(' ').len()
            }
            Some(child) => parts.all[*child].lead,
            None => parts.all[children[gone - 1]].end,
        };
        edits.push(Edit {
            bytes: head.start..end,
            text: lines.trim_start_matches(' ').to_owned(),
        });
        &children[gone..]
    }

    /// Returns the new lines behind a child.
    fn lines(&self, column: usize, after: Option<usize>) -> String {
        let mut out = String::new();
        for new in self.new_behind(after) {
            if new.set_off {
                out.push('\n');
            }
            out.push_str(&moved_lines(&new.lines, 0, column));
        }
        out
    }
}

fn insertion(at: usize, text: String) -> Edit {
    Edit {
        bytes: at..at,
        text,
    }
}

/// Removes a part with its comments, and the blank lines that set it off from `limit`.
fn removal(parts: &Parts<'_>, at: usize, limit: usize) -> Edit {
    let part = &parts.all[at];
    let before = &parts.text[..part.lead];
    let content = before.trim_end_matches('\n').len();
    let start = (content + 1).max(limit).min(before.len());
    Edit {
        bytes: start..part.end,
        text: String::new(),
    }
}
