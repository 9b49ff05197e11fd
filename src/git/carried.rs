//! Whether a commit changes what an earlier one did: a rebase carries a change to another base, and
//! its tree is another then.

use super::tree::DIRECTORY;
use super::{BranchTip, Id, ObjectError, Repo};

impl Repo {
    /// Returns whether every path that the commit changes is as in the tree `rendered`; `false` as
    /// well where that tree is no longer in the object store. Reads only what differs.
    pub fn carries(&self, tip: &BranchTip, rendered: Id) -> Result<bool, ObjectError> {
        let parent = match tip.parents.first() {
            None => None,
            Some(parent) => Some(self.tree_of(*parent)?),
        };
        self.carried(parent, tip.tree, rendered)
    }

    /// Compares the directories `before` and `after` with `rendered`.
    fn carried(&self, before: Option<Id>, after: Id, rendered: Id) -> Result<bool, ObjectError> {
        if after == rendered || before == Some(after) {
            return Ok(true);
        }
        let (before, after) = (self.entries(before)?, self.entries(Some(after))?);
        let Ok(rendered) = self.entries(Some(rendered)) else {
            return Ok(false);
        };
        for name in before.keys().chain(after.keys()) {
            let (old, new) = (before.get(name), after.get(name));
            if old == new || new == rendered.get(name) {
                continue;
            }
            let below = match (new, rendered.get(name)) {
                (Some((DIRECTORY, new)), Some((DIRECTORY, ours))) => (*new, *ours),
                _ => return Ok(false),
            };
            let old = old.filter(|(mode, _)| *mode == DIRECTORY);
            if !self.carried(old.map(|(_, id)| *id), below.0, below.1)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
