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
        if !start.is_dir() {
            return Err(GitError::NoFolder {
                path: start.display().to_string(),
            });
        }
        let opened = match path {
            // libgit2 looks at GIT_DIR only where it is given no path at all.
            None => Repository::open_from_env(),
            Some(path) => open_given(path, env),
        };
        let inner = opened.map_err(|error| refusal(&start.display().to_string(), error))?;
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

/// Opens the repository of a path that was given: variables that belong to the repository of
/// `GIT_DIR`, as a hook has them, do not hold for it.
fn open_given(path: &Path, env: &Environment) -> Result<Repository, git2::Error> {
    let others = ["GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"];
    // With this flag libgit2 honours GIT_CONFIG_GLOBAL and the like.
    let flags = match others.iter().any(|name| env.get(name).is_some()) {
        true => RepositoryOpenFlags::empty(),
        false => RepositoryOpenFlags::FROM_ENV,
    };
    let ceilings = env.get("GIT_CEILING_DIRECTORIES").unwrap_or_default();
    Repository::open_ext(path, flags, std::env::split_paths(ceilings))
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
        let (reason, hint) = unsupported(message);
        return GitError::Unsupported { path, reason, hint };
    }
    match error.code() {
        ErrorCode::NotFound => GitError::NotARepository { path },
        ErrorCode::Owner => GitError::Owner {
            path: owned(message).unwrap_or(path),
        },
        _ => GitError::during(format!("open the repository `{path}`"), error),
    }
}

/// Returns the path that libgit2 compares with `safe.directory`: it is in its message only.
fn owned(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('\'')?;
    let (path, _) = rest.rsplit_once('\'')?;
    Some(path.strip_suffix('/').unwrap_or(path).to_owned())
}

/// Returns what kind it is, and what to type.
fn unsupported(message: &str) -> (String, &'static str) {
    if message.contains("refstorage") {
        return (
            "its references are stored as a reftable".to_owned(),
            "clone the project anew, with references as files: git clone --ref-format=files URL",
        );
    }
    if message.contains("sha256") {
        return (
            "its objects have SHA-256 names".to_owned(),
            "clone the project anew, with SHA-1 as on opendev.org: git clone URL",
        );
    }
    (
        message.to_owned(),
        "clone the project anew, in Git's default format: git clone URL",
    )
}
