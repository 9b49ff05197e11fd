//! The files of one commit.

use git2::{ErrorCode, ObjectType, Tree, TreeEntry};

use super::{GitError, Id, ObjectError, Repo, object};
use crate::files::{EntryKind, Files, FilesError};
use crate::rally;
use crate::shell;

/// The tree of one commit, read as it is asked for.
pub struct Snapshot<'r> {
    repo: &'r Repo,
    commit: Id,
    tree: Tree<'r>,
}

/// What is read of a base, as `git grep` takes it: what is not there is no error.
const READ: [&str; 10] = [
    ".gitreview",
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "README.rst",
    "zuul.yaml",
    ".zuul.yaml",
    "zuul.d",
    ".zuul.d",
    rally::DIRECTORY,
];

impl Repo {
    /// Returns the files of `commit`.
    pub fn snapshot(&self, commit: Id) -> Result<Snapshot<'_>, GitError> {
        let missing = |source: git2::Error| ObjectError::Unreadable {
            what: format!("the files of the base commit {commit}"),
            hint: self.remedy(&source, &commit.to_string()),
            source: source.into(),
        };
        let tree = object::commit(&self.inner, commit)
            .and_then(|c| object::tree(&self.inner, c.tree_id()))
            .map_err(missing)?;
        Ok(Snapshot {
            repo: self,
            commit,
            tree,
        })
    }

    /// Returns what to type where an object of `rev` cannot be read. A partial clone leaves objects
    /// with its remote, and git fetches what it reads: one `git grep` reads all that is read here.
    pub(super) fn remedy(&self, error: &git2::Error, rev: &str) -> String {
        if error.code() != ErrorCode::NotFound || !self.is_partial() {
            return "git fsck tells what is missing; git fetch may bring it".to_owned();
        }
        let dir = self.path().display().to_string();
        let grep = ["git", "-C", &dir, "grep", "-c", "", rev, "--"];
        shell::line(grep.into_iter().chain(READ))
    }

    fn is_partial(&self) -> bool {
        let found = self.inner.config().and_then(|config| {
            let mut entries = config.entries(Some("^remote\\..*\\.promisor$"))?;
            Ok(entries.next().is_some())
        });
        found.unwrap_or(false)
    }
}

impl Snapshot<'_> {
    /// Returns the id of the tree.
    pub fn tree_id(&self) -> Id {
        self.tree.id()
    }

    fn entry(&self, path: &str) -> Result<Option<TreeEntry<'static>>, FilesError> {
        let mut names = path.split('/').peekable();
        let mut tree = self.tree.clone();
        while let Some(name) = names.next() {
            let Some(entry) = tree.get_name(name).map(|entry| entry.to_owned()) else {
                return Ok(None);
            };
            if names.peek().is_none() {
                return Ok(Some(entry));
            }
            if entry.kind() != Some(ObjectType::Tree) {
                return Ok(None);
            }
            tree = self.tree_at(path, entry.id())?;
        }
        Ok(None)
    }

    fn tree_at(&self, path: &str, id: Id) -> Result<Tree<'_>, FilesError> {
        object::tree(&self.repo.inner, id).map_err(|e| self.unreadable(path, &e))
    }

    fn unreadable(&self, path: &str, error: &git2::Error) -> FilesError {
        FilesError {
            path: path.to_owned(),
            reason: error.message().to_owned(),
            remedy: self.repo.remedy(error, &self.commit.to_string()),
        }
    }
}

impl Files for Snapshot<'_> {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        Ok(self.entry(path)?.map(|entry| kind_of(entry.filemode())))
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        match self.entry(path)? {
            Some(entry) if kind_of(entry.filemode()) == EntryKind::File => {
                let blob = object::blob(&self.repo.inner, entry.id())
                    .map_err(|e| self.unreadable(path, &e))?;
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

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        let below;
        let tree = if dir.is_empty() {
            &self.tree
        } else {
            match self.entry(dir)? {
                Some(entry) if entry.kind() == Some(ObjectType::Tree) => {
                    below = self.tree_at(dir, entry.id())?;
                    &below
                }
                _ => return Ok(Vec::new()),
            }
        };
        let mut found: Vec<(String, EntryKind)> = tree
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

fn kind_of(mode: i32) -> EntryKind {
    match mode & 0o170_000 {
        0o040_000 => EntryKind::Directory,
        0o120_000 => EntryKind::Symlink,
        0o160_000 => EntryKind::Submodule,
        _ => EntryKind::File,
    }
}
