//! The files of one commit.

use std::cell::RefCell;

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
    /// The directory that was looked at last: whoever reads one file reads its neighbours next,
    /// and a directory may have thousands.
    last: RefCell<Option<(String, Tree<'r>)>>,
}

/// What is read of a base, as `git grep` takes it: what is not there is no error.
const READ: [&str; 11] = [
    ".gitattributes",
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
        let tree = object::commit(self, commit)
            .and_then(|c| object::tree(self, c.tree_id()))
            .map_err(missing)?;
        Ok(Snapshot {
            repo: self,
            commit,
            tree,
            last: RefCell::default(),
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

impl<'r> Snapshot<'r> {
    /// Returns the id of the tree.
    pub fn tree_id(&self) -> Id {
        self.tree.id()
    }

    fn entry(&self, path: &str) -> Result<Option<TreeEntry<'static>>, FilesError> {
        let (dir, name) = path.rsplit_once('/').unwrap_or(("", path));
        let dir = self.directory(path, dir)?;
        Ok(dir.and_then(|dir| dir.get_name(name).map(|entry| entry.to_owned())))
    }

    /// Returns the directory `dir`, on the way to `path`; `None` where it is none.
    fn directory(&self, path: &str, dir: &str) -> Result<Option<Tree<'r>>, FilesError> {
        let (mut tree, rest) = self.nearest(dir);
        for name in rest.split('/').filter(|name| !name.is_empty()) {
            let entry = tree.get_name(name).map(|entry| entry.to_owned());
            match entry.filter(|entry| entry.kind() == Some(ObjectType::Tree)) {
                Some(entry) => tree = self.tree_at(path, entry.id())?,
                None => return Ok(None),
            }
        }
        self.last.replace(Some((dir.to_owned(), tree.clone())));
        Ok(Some(tree))
    }

    /// Returns a directory that `dir` is or is below, and the way from there.
    fn nearest<'d>(&self, dir: &'d str) -> (Tree<'r>, &'d str) {
        if let Some((known, tree)) = self.last.borrow().as_ref()
            && let Some(rest) = dir.strip_prefix(known.as_str())
            && (known.is_empty() || rest.is_empty() || rest.starts_with('/'))
        {
            return (tree.clone(), rest);
        }
        (self.tree.clone(), dir)
    }

    fn tree_at(&self, path: &str, id: Id) -> Result<Tree<'r>, FilesError> {
        object::tree(self.repo, id).map_err(|e| self.unreadable(path, &e))
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
                let blob = object::blob(self.repo, entry.id());
                Ok(Some(blob.map_err(|e| self.unreadable(path, &e))?))
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

#[cfg(test)]
mod tests {
    use super::super::Environment;
    use super::super::open::Reached;
    use super::*;

    /// `a/b/{x,y}` and `ab/x`.
    fn repo(path: &std::path::Path) -> Result<(Repo, Id), git2::Error> {
        let inner = git2::Repository::init(path)?;
        let blob = inner.blob(b"x")?;
        let tree_of = |entries: &[(&str, Id, i32)]| {
            let mut tree = inner.treebuilder(None)?;
            for (name, id, mode) in entries {
                tree.insert(name, *id, *mode)?;
            }
            tree.write()
        };
        let files = tree_of(&[("x", blob, 0o100_644), ("y", blob, 0o100_644)])?;
        let a = tree_of(&[("b", files, 0o040_000)])?;
        let top = tree_of(&[("a", a, 0o040_000), ("ab", files, 0o040_000)])?;
        let me = git2::Signature::new("x", "x@example.org", &git2::Time::new(0, 0))?;
        let commit = inner.commit(None, &me, &me, "x", &inner.find_tree(top)?, &[])?;
        let repo = Repo::of(inner, Reached::ByPath, &Environment::default());
        let repo = repo.map_err(|e| git2::Error::from_str(&e.to_string()))?;
        Ok((repo, commit))
    }

    #[test]
    fn a_directory_is_read_once_for_all_its_files() {
        let folder = tempfile::tempdir().expect("a folder");
        let (repo, commit) = repo(folder.path()).expect("a repository");
        let snapshot = repo.snapshot(commit).expect("a snapshot");
        let way = |dir: &'static str| snapshot.nearest(dir).1;
        assert_eq!(snapshot.read("a/b/x").expect("read"), Some(b"x".to_vec()));
        assert_eq!(
            [way("a/b"), way("a/b/c"), way("a/bc"), way("a")],
            ["", "/c", "a/bc", "a"]
        );
        for (path, kind) in [
            ("a/b/y", Some(EntryKind::File)),
            ("a/b/y/z", None),
            ("a/b", Some(EntryKind::Directory)),
            ("ab/x", Some(EntryKind::File)),
            ("a/x", None),
            ("a", Some(EntryKind::Directory)),
            ("c/x", None),
        ] {
            assert_eq!(snapshot.kind(path).expect("a kind"), kind, "{path}");
        }
        assert_eq!(snapshot.list("a/b").expect("names").len(), 2);
    }
}
