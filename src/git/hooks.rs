//! The commit-msg hook of a clone. Nothing here runs one.

use std::path::{Path, PathBuf};

use super::{Repo, own_file};

/// The executable `commit-msg` in a folder of hooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommitMsgHook {
    /// No file, or one that cannot be executed.
    Absent,
    /// Gerrit's own: it says "Part of Gerrit Code Review".
    Gerrits,
    Other,
}

/// Where hooks are, unless `core.hooksPath` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HookFolder {
    /// The Git directory that all worktrees share: git looks there.
    Shared,
    /// A linked worktree's own: git-review looks there.
    OfWorktree,
}

impl Repo {
    /// Returns the commit-msg hook; `hooks_path` is the value of `core.hooksPath`.
    pub fn commit_msg_hook(
        &self,
        folder: HookFolder,
        hooks_path: Option<PathBuf>,
    ) -> CommitMsgHook {
        let dir = match (hooks_path, folder) {
            (Some(path), _) => self.path().join(path),
            (None, HookFolder::Shared) => self.common_dir().join("hooks"),
            (None, HookFolder::OfWorktree) => self.git_dir().join("hooks"),
        };
        let file = dir.join("commit-msg");
        if !is_executable(&file) {
            return CommitMsgHook::Absent;
        }
        match own_file::bytes(&file) {
            Ok(text) if String::from_utf8_lossy(&text).contains("Part of Gerrit Code Review") => {
                CommitMsgHook::Gerrits
            }
            _ => CommitMsgHook::Other,
        }
    }
}

#[cfg(unix)]
fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &Path) -> bool {
    file.is_file()
}
