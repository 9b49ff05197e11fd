//! What people are told of the merge.

use super::identity;
use super::parts::Parts;
use super::walk::Walk;
use super::{Conflict, Kept};

impl Walk<'_, '_> {
    pub(super) fn keep(&mut self, theirs: usize, what: String) {
        let line = self.theirs.line(theirs);
        self.found.kept.push(Kept { line, what });
    }

    pub(super) fn conflict(&mut self, base: Option<usize>, theirs: usize, ours: usize) {
        let written = |parts: &Parts<'_>, at: usize| parts.lines(at);
        let part = &self.theirs.all[theirs];
        let line_of = |byte: usize| 1 + self.theirs.text[..byte].matches('\n').count();
        let conflict = Conflict {
            line: line_of(part.lead),
            last: line_of(self.theirs.last_byte(theirs)),
            base: base.map_or(String::new(), |base| written(self.base, base)),
            theirs: written(self.theirs, theirs),
            ours: written(self.ours, ours),
        };
        if !self.found.conflicts.contains(&conflict) {
            self.found.conflicts.push(conflict);
        }
    }
}

/// Returns what people call a part.
pub(super) fn called(parts: &Parts<'_>, at: usize) -> String {
    let node = parts.node(at);
    if let Some(key) = parts.key(at) {
        return format!("`{key}`");
    }
    if let Some(scenario) = identity::scenario(node) {
        return format!("workload `{scenario}`");
    }
    match identity::name(node) {
        Some(name) if node.own("workloads").is_some() => format!("subtask `{name}`"),
        Some(name) => format!("`{name}`"),
        None => "an item".to_owned(),
    }
}
