//! A new tree: a base and the files laid over it, worked out without storing anything.

use std::collections::BTreeMap;

use git2::ObjectType;

use super::attributes::Attributes;
use super::{Failure, GitError, Id, ObjectError, Repo, Snapshot, object};
use crate::change::ChangeSet;
use crate::files::{EntryKind, Files};

/// A tree that may not be stored yet, with the objects it needs.
#[derive(Clone, Debug)]
pub struct NewTree {
    /// The id of the tree at the top.
    pub id: Id,
    /// Blobs and trees that are new or changed, what is referred to before what refers to it.
    pub(super) objects: Vec<(ObjectType, Vec<u8>)>,
}

pub(super) const DIRECTORY: u32 = 0o040_000;

impl Repo {
    /// Returns the tree of `base` with the changed files of `change` in it; stores nothing.
    pub fn tree_with(&self, base: &Snapshot<'_>, change: &ChangeSet) -> Result<NewTree, GitError> {
        let mut root = Level::default();
        for (path, file) in change.changed() {
            let leaf = file.after.as_ref().map(|bytes| (file.mode, bytes.clone()));
            root.put(path, leaf);
        }
        in_the_way(base, &root, "")?;
        unfiltered(self, base, change)?;
        let mut objects = Vec::new();
        let id = self.level(&root, Some(base.tree_id()), &mut objects)?;
        Ok(NewTree {
            id: id.unwrap_or(base.tree_id()),
            objects,
        })
    }

    /// Returns the tree of a commit.
    pub(super) fn tree_of(&self, commit: Id) -> Result<Id, ObjectError> {
        let found = object::commit(self, commit).map(|commit| commit.tree_id());
        found.map_err(|source| ObjectError::Unreadable {
            what: format!("the commit {commit}"),
            hint: self.remedy(&source, &commit.to_string()),
            source: source.into(),
        })
    }

    /// Returns the id of the directory `base` with `level` over it; `None` if nothing is left in it.
    fn level(
        &self,
        level: &Level,
        base: Option<Id>,
        objects: &mut Vec<(ObjectType, Vec<u8>)>,
    ) -> Result<Option<Id>, ObjectError> {
        let mut entries = self.entries(base)?;
        for (name, leaf) in &level.files {
            match leaf {
                None => drop(entries.remove(name)),
                Some((mode, bytes)) => {
                    let id = store(ObjectType::Blob, bytes.clone(), objects)?;
                    entries.insert(name.clone(), (*mode, id));
                }
            }
        }
        for (name, below) in &level.directories {
            let old = entries.get(name).map(|(_, id)| *id);
            match self.level(below, old, objects)? {
                Some(id) => drop(entries.insert(name.clone(), (DIRECTORY, id))),
                None => drop(entries.remove(name)),
            }
        }
        if entries.is_empty() {
            return Ok(None);
        }
        Ok(Some(store(ObjectType::Tree, tree_bytes(entries), objects)?))
    }

    pub(super) fn entries(
        &self,
        tree: Option<Id>,
    ) -> Result<BTreeMap<Vec<u8>, (u32, Id)>, ObjectError> {
        let Some(id) = tree else {
            return Ok(BTreeMap::new());
        };
        let missing = |source: git2::Error| ObjectError::Unreadable {
            what: format!("the directory {id} of the base"),
            hint: self.remedy(&source, &id.to_string()),
            source: source.into(),
        };
        let tree = object::tree(self, id).map_err(missing)?;
        Ok(tree
            .iter()
            .map(|e| (e.name_bytes().to_vec(), (e.filemode_raw() as u32, e.id())))
            .collect())
    }
}

/// The changed paths, by directory.
#[derive(Default)]
struct Level {
    files: BTreeMap<Vec<u8>, Option<(u32, Vec<u8>)>>,
    directories: BTreeMap<Vec<u8>, Level>,
}

impl Level {
    fn put(&mut self, path: &str, leaf: Option<(u32, Vec<u8>)>) {
        match path.split_once('/') {
            None => drop(self.files.insert(path.into(), leaf)),
            Some((dir, rest)) => self
                .directories
                .entry(dir.into())
                .or_default()
                .put(rest, leaf),
        }
    }
}

/// Fails where git would store a file otherwise than as it is.
fn unfiltered(repo: &Repo, base: &Snapshot<'_>, change: &ChangeSet) -> Result<(), ObjectError> {
    let attributes = Attributes::new(repo, base).map_err(ObjectError::of_file)?;
    for (path, _) in change.changed().filter(|(_, file)| file.after.is_some()) {
        if let Some(filter) = attributes.filter(path).map_err(ObjectError::of_file)? {
            let path = path.to_owned();
            return Err(ObjectError::Filtered { path, filter });
        }
    }
    Ok(())
}

/// Fails where a file, link or submodule of the base stands where a directory belongs.
fn in_the_way(base: &Snapshot<'_>, level: &Level, prefix: &str) -> Result<(), ObjectError> {
    for (name, below) in &level.directories {
        let path = format!("{prefix}{}", String::from_utf8_lossy(name));
        let kind = base.kind(&path).map_err(ObjectError::of_file)?;
        match kind {
            None => {}
            Some(EntryKind::Directory) => in_the_way(base, below, &format!("{path}/"))?,
            Some(other) => {
                let is = other.words();
                return Err(ObjectError::InTheWay { path, is });
            }
        }
    }
    Ok(())
}

fn store(
    kind: ObjectType,
    bytes: Vec<u8>,
    objects: &mut Vec<(ObjectType, Vec<u8>)>,
) -> Result<Id, Failure> {
    let id = super::object_id(kind, &bytes).map_err(|e| Failure::during("hash an object", e))?;
    objects.push((kind, bytes));
    Ok(id)
}

/// Returns a tree object: `mode name NUL id`, sorted as if the names of directories ended in `/`.
fn tree_bytes(entries: BTreeMap<Vec<u8>, (u32, Id)>) -> Vec<u8> {
    let mut sorted: Vec<(Vec<u8>, Vec<u8>, u32, Id)> = (entries.into_iter())
        .map(|(name, (mode, id))| {
            let mut key = name.clone();
            if mode == DIRECTORY {
                key.push(b'/');
            }
            (key, name, mode, id)
        })
        .collect();
    sorted.sort();
    let mut bytes = Vec::new();
    for (_, name, mode, id) in sorted {
        bytes.extend_from_slice(format!("{mode:o} ").as_bytes());
        bytes.extend_from_slice(&name);
        bytes.push(0);
        bytes.extend_from_slice(id.as_bytes());
    }
    bytes
}
