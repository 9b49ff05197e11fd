//! Opens the repository that a path is in.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, RepositoryOpenFlags};

use super::{Environment, GitError};

/// An open repository.
pub struct Repo {
    pub(super) inner: Repository,
    pub(super) path: PathBuf,
}

impl Repo {
    /// Opens the repository that `path` is in: a work tree or a folder of it, a linked worktree,
    /// or a bare repository. Without a path, the current directory, and `GIT_DIR` is honoured.
    pub fn open(path: Option<&Path>, env: &Environment) -> Result<Repo, GitError> {
        let start = path.unwrap_or(Path::new("."));
        let mut flags = RepositoryOpenFlags::empty();
        // With this flag libgit2 also honours GIT_CONFIG_GLOBAL and the like, but it prefers
        // GIT_DIR to a path that was given.
        if path.is_none() || env.get("GIT_DIR").is_none() {
            flags |= RepositoryOpenFlags::FROM_ENV;
        }
        let no_ceiling: &[&std::ffi::OsStr] = &[];
        let inner = Repository::open_ext(start, flags, no_ceiling)
            .map_err(|error| refusal(&start.display().to_string(), error))?;
        let path = inner.workdir().unwrap_or(inner.path()).to_owned();
        Ok(Repo { inner, path })
    }

    /// Returns the top of the work tree, or the folder of a bare repository.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the Git directory: of a linked worktree, its own.
    pub fn git_dir(&self) -> &Path {
        self.inner.path()
    }

    /// Returns the Git directory that all worktrees share.
    pub fn common_dir(&self) -> &Path {
        self.inner.commondir()
    }

    /// Returns the names of the remotes.
    pub fn remotes(&self) -> Result<Vec<String>, GitError> {
        let names = self
            .inner
            .remotes()
            .map_err(|e| GitError::during("list the remotes", e))?;
        Ok(names
            .iter()
            .filter_map(|name| name.ok().flatten().map(str::to_owned))
            .collect())
    }

    /// Returns the branch that HEAD is on; `None` when it is detached.
    pub fn head_branch(&self) -> Option<String> {
        let head = self.inner.find_reference("HEAD").ok()?;
        let target = head.symbolic_target().ok().flatten()?;
        Some(target.strip_prefix("refs/heads/")?.to_owned())
    }

    /// Returns whether there is a reference of that full name.
    pub fn has_reference(&self, name: &str) -> bool {
        self.inner.find_reference(name).is_ok()
    }

    /// Returns whether tracked files differ from HEAD, in the index or the work tree: a scan.
    ///
    /// Also where libgit2 cannot read the index (sparse, split): what follows from it is right
    /// for a clean tree, too.
    pub fn is_dirty(&self) -> bool {
        let mut options = git2::StatusOptions::new();
        options
            .include_untracked(false)
            .include_ignored(false)
            .no_refresh(true);
        self.inner
            .statuses(Some(&mut options))
            .map_or(true, |found| !found.is_empty())
    }

    /// Returns whether there is no work tree; where the configuration does not say, as git
    /// guesses it: a Git directory that is not called `.git` has none beside it.
    pub fn is_bare(&self) -> bool {
        if self.inner.is_bare() {
            return true;
        }
        let dir = self.inner.path();
        let workdir = self.inner.workdir();
        let beside = workdir.is_some_and(|top| dir.parent() == Some(top));
        let says = |key| self.inner.config().is_ok_and(|c| c.get_string(key).is_ok());
        beside && !dir.ends_with(".git") && !says("core.bare") && !says("core.worktree")
    }
}

fn refusal(path: &str, error: git2::Error) -> GitError {
    let path = path.to_owned();
    let message = error.message();
    let kind = [
        "unsupported extension",
        "unknown object format",
        "unsupported repository version",
        "unsupported mandatory",
    ];
    if kind.iter().any(|words| message.contains(words)) {
        return GitError::Unsupported {
            path,
            reason: unsupported(message),
        };
    }
    match error.code() {
        ErrorCode::NotFound => GitError::NotARepository { path },
        ErrorCode::Owner => GitError::Owner { path },
        _ => GitError::during(format!("open the repository `{path}`"), error),
    }
}

fn unsupported(message: &str) -> String {
    if message.contains("refstorage") {
        return "its references are stored as a reftable".to_owned();
    }
    if message.contains("sha256") {
        return "its objects have SHA-256 names".to_owned();
    }
    message.to_owned()
}
