//! Whether a branch is in use: checked out, or about to be moved by a rebase or a bisection.

use std::fs;
use std::path::Path;

use super::branch::full;
use super::{Repo, own_file};

impl Repo {
    /// Returns the worktree in which `branch` is checked out, or being rebased or bisected, if it is.
    pub fn checked_out(&self, branch: &str) -> Option<String> {
        let wanted = full(branch);
        let common = self.inner.commondir();
        let linked = fs::read_dir(common.join("worktrees"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path());
        let dir = std::iter::once(common.to_owned())
            .chain(linked)
            .find(|dir| uses(dir, &wanted) && !(dir == common && self.inner.is_bare()))?;
        let own = self.inner.workdir().filter(|_| dir == self.inner.path());
        Some(own.map_or_else(|| worktree_of(&dir), |top| top.display().to_string()))
    }
}

/// Returns whether HEAD is at the branch `name`, or will be there again when a rebase or a bisection
/// ends.
fn uses(git_dir: &Path, name: &str) -> bool {
    let says = |file: &str, text: &str| {
        let found = own_file::text(&git_dir.join(file)).unwrap_or_default();
        found.trim_end() == text
    };
    // `git rebase --update-refs` lists what it will move: the name, and two ids, a line each.
    let moves = own_file::text(&git_dir.join("rebase-merge/update-refs"));
    let moves = moves.is_ok_and(|list| list.lines().any(|line| line == name));
    let short = name.trim_start_matches("refs/heads/");
    moves
        || says("HEAD", &format!("ref: {name}"))
        || says("rebase-merge/head-name", name)
        || says("rebase-apply/head-name", name)
        || says("BISECT_START", short)
}

/// Returns the work tree that a Git directory, or one below `worktrees/`, belongs to.
fn worktree_of(dir: &Path) -> String {
    let gitfile = own_file::text(&dir.join("gitdir")).unwrap_or_default();
    let dot_git = if gitfile.is_empty() {
        dir.to_owned()
    } else {
        gitfile.trim().into()
    };
    dot_git.parent().unwrap_or(&dot_git).display().to_string()
}
