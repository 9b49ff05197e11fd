//! What is true of an open repository.

use std::path::{Path, PathBuf};

use super::open::Reached;
use super::{Environment, Failure, GitError, Repo};

impl Repo {
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
            .map_err(|e| Failure::during("list the remotes", e))?;
        Ok(names
            .iter()
            .filter_map(|name| name.ok().flatten().map(str::to_owned))
            .collect())
    }

    /// Returns the branch that HEAD is on; `None` when it is detached.
    pub fn head_branch(&self) -> Option<String> {
        String::from_utf8(self.head_branch_bytes()?).ok()
    }

    pub(super) fn head_branch_bytes(&self) -> Option<Vec<u8>> {
        let head = self.inner.find_reference("HEAD").ok()?;
        let target = head.symbolic_target_bytes()?;
        Some(target.strip_prefix(b"refs/heads/")?.to_vec())
    }

    /// Returns the Git directory as git would name it without resolving symbolic links, where that
    /// is another name: by `GIT_DIR`, or by the shell's name of the current directory.
    pub(super) fn git_dir_as_given(&self, env: &Environment) -> Option<PathBuf> {
        let Reached::FromHere = self.reached else {
            return None;
        };
        let here = env.os("PWD").map(PathBuf::from).filter(|pwd| {
            let real = Path::new(".").canonicalize().ok();
            real.is_some() && pwd.canonicalize().ok() == real
        });
        if let Some(dir) = env.os("GIT_DIR") {
            return Some(here.unwrap_or_default().join(dir));
        }
        let here = here?;
        let git_dir = self.inner.path().canonicalize().ok()?;
        let is_it = |dir: &PathBuf| dir.canonicalize().is_ok_and(|dir| dir == git_dir);
        [here.join(".git"), here.join(".")].into_iter().find(is_it)
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
