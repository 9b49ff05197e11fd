//! Whether a commit changes what an earlier one did: a rebase carries a change to another base, and
//! its tree is another then.

use std::collections::BTreeMap;

use super::tree::DIRECTORY;
use super::{BranchTip, Id, ObjectError, Repo};

/// Path to mode and id of what a commit puts there; `None` where it removes something.
type Changes = BTreeMap<Vec<u8>, Option<(u32, Id)>>;

impl Repo {
    /// Returns whether the commit changes the same paths to the same content as the commit of
    /// `branch` that had the tree `rendered`. That one is looked for in the branch's reflog; `false`
    /// as well where it is not there.
    pub fn carries(
        &self,
        branch: &str,
        tip: &BranchTip,
        rendered: Id,
    ) -> Result<bool, ObjectError> {
        if tip.tree == rendered {
            return Ok(true);
        }
        let [parent] = tip.parents[..] else {
            return Ok(false);
        };
        let Some(base) = self.base_in_reflog(branch, rendered) else {
            return Ok(false);
        };
        let there = self.changes(Some(self.tree_of(parent)?), tip.tree)?;
        let made = self.changes(Some(base), rendered)?;
        Ok(there == made)
    }

    /// Returns the tree below the commit with the tree `rendered` that the branch held once.
    fn base_in_reflog(&self, branch: &str, rendered: Id) -> Option<Id> {
        let log = self.inner.reflog(&format!("refs/heads/{branch}")).ok()?;
        let commits = log
            .iter()
            .filter_map(|entry| self.inner.find_commit(entry.id_new()).ok());
        let mut made = commits.filter(|commit| commit.tree_id() == rendered);
        Some(made.next()?.parent(0).ok()?.tree_id())
    }

    /// Returns what differs; reads only the directories that do.
    fn changes(&self, before: Option<Id>, after: Id) -> Result<Changes, ObjectError> {
        let mut found = Changes::new();
        self.add_changes(before, Some(after), &[], &mut found)?;
        Ok(found)
    }

    fn add_changes(
        &self,
        before: Option<Id>,
        after: Option<Id>,
        prefix: &[u8],
        found: &mut Changes,
    ) -> Result<(), ObjectError> {
        if before == after {
            return Ok(());
        }
        let (before, after) = (self.entries(before)?, self.entries(after)?);
        let is_folder = |entry: &&(u32, Id)| entry.0 == DIRECTORY;
        for name in before.keys().chain(after.keys()) {
            let (old, new) = (before.get(name), after.get(name));
            if old == new {
                continue;
            }
            let path = [prefix, name].concat();
            let folders = (old.filter(is_folder), new.filter(is_folder));
            if new.filter(|entry| !is_folder(entry)).is_some() || folders.1.is_none() {
                found.insert(path.clone(), new.copied());
            }
            let folders = (folders.0.map(|e| e.1), folders.1.map(|e| e.1));
            self.add_changes(
                folders.0,
                folders.1,
                &[&path, b"/" as &[u8]].concat(),
                found,
            )?;
        }
        Ok(())
    }
}
