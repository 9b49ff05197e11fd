//! The files of one commit.

use git2::{ErrorCode, ObjectType, Repository, Tree, TreeEntry};

use super::{GitError, Id, Repo};
use crate::files::{Files, FilesError, Kind};

/// The tree of one commit, read as it is asked for.
pub struct Snapshot<'r> {
    repo: &'r Repository,
    tree: Tree<'r>,
}

impl Repo {
    /// Returns the files of `commit`.
    pub fn snapshot(&self, commit: Id) -> Result<Snapshot<'_>, GitError> {
        let missing = |source: git2::Error| GitError::Object {
            what: format!("the files of the base commit {commit}"),
            source: source.into(),
        };
        let tree = self
            .inner
            .find_commit(commit)
            .and_then(|c| c.tree())
            .map_err(missing)?;
        Ok(Snapshot {
            repo: &self.inner,
            tree,
        })
    }
}

impl Snapshot<'_> {
    /// Returns the id of the tree.
    pub fn tree_id(&self) -> Id {
        self.tree.id()
    }

    fn entry(&self, path: &str) -> Result<Option<TreeEntry<'static>>, FilesError> {
        match self.tree.get_path(path.as_ref()) {
            Ok(entry) => Ok(Some(entry)),
            Err(error)
                if error.code() == ErrorCode::NotFound
                    && error.class() == git2::ErrorClass::Tree =>
            {
                Ok(None)
            }
            Err(error) => Err(unreadable(path, &error)),
        }
    }
}

impl Files for Snapshot<'_> {
    fn kind(&self, path: &str) -> Result<Option<Kind>, FilesError> {
        Ok(self.entry(path)?.map(|entry| kind_of(entry.filemode())))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        match self.entry(path)? {
            Some(entry) if kind_of(entry.filemode()) == Kind::File => {
                let blob = self
                    .repo
                    .find_blob(entry.id())
                    .map_err(|e| unreadable(path, &e))?;
                Ok(Some(blob.content().to_vec()))
            }
            _ => Ok(None),
        }
    }

    fn mode(&self, path: &str) -> Result<u32, FilesError> {
        let executable = self
            .entry(path)?
            .is_some_and(|entry| entry.filemode() == 0o100_755);
        Ok(if executable { 0o100_755 } else { 0o100_644 })
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, Kind)>, FilesError> {
        let below;
        let tree = if dir.is_empty() {
            &self.tree
        } else {
            match self.entry(dir)? {
                Some(entry) if entry.kind() == Some(ObjectType::Tree) => {
                    below = self
                        .repo
                        .find_tree(entry.id())
                        .map_err(|e| unreadable(dir, &e))?;
                    &below
                }
                _ => return Ok(Vec::new()),
            }
        };
        let mut found: Vec<(String, Kind)> = tree
            .iter()
            .map(|e| {
                (
                    String::from_utf8_lossy(e.name_bytes()).into_owned(),
                    kind_of(e.filemode()),
                )
            })
            .collect();
        found.sort();
        Ok(found)
    }
}

fn kind_of(mode: i32) -> Kind {
    match mode & 0o170_000 {
        0o040_000 => Kind::Directory,
        0o120_000 => Kind::Symlink,
        0o160_000 => Kind::Submodule,
        _ => Kind::File,
    }
}

fn unreadable(path: &str, error: &git2::Error) -> FilesError {
    FilesError {
        path: path.to_owned(),
        reason: error.message().to_owned(),
    }
}
