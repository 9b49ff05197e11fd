//! What a commit changes.

use std::collections::BTreeMap;

use super::tree::DIRECTORY;
use super::{GitError, Id, ObjectError, Repo, object};
use crate::change::{ChangeSet, FileChange, Reason};

/// Path to mode and id before and after; `None` where there is nothing.
type Changes = BTreeMap<Vec<u8>, (Option<(u32, Id)>, Option<(u32, Id)>)>;

impl Repo {
    /// Returns what a commit with the tree changes against its parent, of several the first.
    pub fn change_of(&self, tree: Id, parent: Option<Id>) -> Result<ChangeSet, GitError> {
        let before = match parent {
            Some(parent) => Some(self.tree_of(parent)?),
            None => None,
        };
        let mut found = Changes::new();
        self.add_changes(before, Some(tree), &[], &mut found)?;
        let mut change = ChangeSet::default();
        for (path, (old, new)) in found {
            let file = FileChange {
                before: self.content(old)?,
                after: self.content(new)?,
                mode: new.or(old).map_or(0, |(mode, _)| mode),
                reason: Reason::New,
            };
            let path = String::from_utf8_lossy(&path).into_owned();
            change.0.insert(path, file);
        }
        Ok(change)
    }

    /// Returns the bytes of an entry; a submodule has none, and its commit stands for them.
    fn content(&self, entry: Option<(u32, Id)>) -> Result<Option<Vec<u8>>, ObjectError> {
        const SUBMODULE: u32 = 0o160_000;
        let Some((mode, id)) = entry else {
            return Ok(None);
        };
        if mode == SUBMODULE {
            return Ok(Some(id.as_bytes().to_vec()));
        }
        let blob = object::blob(self, id).map_err(|source| ObjectError::Unreadable {
            what: format!("the file {id} of the branch"),
            hint: self.remedy(&source, &id.to_string()),
            source: source.into(),
        })?;
        Ok(Some(blob))
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
        let is_folder = |entry: &(u32, Id)| entry.0 == DIRECTORY;
        for name in before.keys().chain(after.keys()) {
            let (old, new) = (before.get(name).copied(), after.get(name).copied());
            if old == new {
                continue;
            }
            let path = [prefix, name].concat();
            let folder = |entry: Option<(u32, Id)>| entry.filter(is_folder).map(|(_, id)| id);
            let below = [&path, b"/" as &[u8]].concat();
            self.add_changes(folder(old), folder(new), &below, found)?;
            let file = |entry: Option<(u32, Id)>| entry.filter(|entry| !is_folder(entry));
            if let files @ ((Some(_), _) | (_, Some(_))) = (file(old), file(new)) {
                found.insert(path, files);
            }
        }
        Ok(())
    }
}
