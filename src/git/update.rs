//! The last step: the reference moves.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use git2::{ErrorCode, Oid};

use super::branch::full;
use super::{BranchError, Failure, GitError, Id, NewCommit, Repo, own_file};

/// How often, and after how long, a lock is tried again: git holds one for milliseconds.
const LOCK_TRIES: usize = 3;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(100);

impl Repo {
    /// Stores the commit and points `branch` at it, if the branch still is what it was: `old`, or
    /// absent. The reference moves last, by compare-and-swap under its lock; a branch that somebody
    /// checked out in the meantime does not.
    pub fn update_branch(
        &self,
        commit: &NewCommit,
        branch: &str,
        old: Option<Id>,
    ) -> Result<(), GitError> {
        let files = self.store(commit)?;
        if let Some(place) = self.checked_out(branch) {
            let branch = branch.to_owned();
            return Err(BranchError::CheckedOut { branch, place }.into());
        }
        let expected = old.unwrap_or(Oid::ZERO_SHA1);
        let message = match old {
            Some(_) => "git-rally: replace",
            None => "git-rally: create",
        };
        // Not `Repository::branch`: in a linked worktree libgit2 overwrites a loose branch there.
        let name = full(branch);
        let mut tries = 0;
        loop {
            match (self.inner).reference_matching(&name, commit.id, true, expected, message) {
                Ok(_) => break,
                Err(e) if e.code() == ErrorCode::Locked && tries < LOCK_TRIES => {
                    tries += 1;
                    std::thread::sleep(LOCK_WAIT);
                }
                Err(e) => return Err(self.not_moved(branch, e)),
            }
        }
        // The branch is made; whatever fails from here on takes nothing of it back.
        drop(self.sign_log(&name, commit, expected));
        drop(self.share(&name));
        // A `git prune --expire=now` that looked before may have taken some. One that is still at it
        // may take more, as from git.
        if files.iter().any(|file| !file.exists()) {
            self.store(commit)?;
        }
        Ok(())
    }

    fn not_moved(&self, branch: &str, error: git2::Error) -> GitError {
        let (name, file) = (branch.to_owned(), self.inner.commondir().join(full(branch)));
        match error.code() {
            // Not found is what was to be replaced.
            ErrorCode::Modified | ErrorCode::Exists | ErrorCode::NotFound => {
                BranchError::Moved { branch: name }.into()
            }
            ErrorCode::Directory => BranchError::Folder { branch: name }.into(),
            ErrorCode::Locked => {
                let file = format!("{}.lock", file.display());
                BranchError::Locked { branch: name, file }.into()
            }
            _ if error.class() == git2::ErrorClass::Os => {
                let folder = existing(file.parent().unwrap_or(&file));
                BranchError::Unwritable {
                    branch: name,
                    folder: folder.display().to_string(),
                    source: error.into(),
                }
                .into()
            }
            _ => Failure::during(format!("create the branch `{branch}`"), error).into(),
        }
    }

    /// Puts the committer and his date into the entry that the move left in the reflog, as git has
    /// them there. libgit2 takes `user.name` and this moment, and can be told nothing else.
    fn sign_log(&self, name: &str, commit: &NewCommit, old: Id) -> io::Result<()> {
        let mut held = self.inner.transaction().map_err(io::Error::other)?;
        held.lock_ref(name).map_err(io::Error::other)?;
        let file = self.inner.commondir().join("logs").join(name);
        let log = own_file::bytes(&file)?;
        let start = log.trim_ascii_end().iter().rposition(|b| *b == b'\n');
        let (before, last) = log.split_at(start.map_or(0, |at| at + 1));
        let ids = format!("{old} {} ", commit.id);
        let message = last.iter().position(|b| *b == b'\t');
        let (true, Some(message)) = (last.starts_with(ids.as_bytes()), message) else {
            return Ok(());
        };
        let entry = [
            ids.as_bytes(),
            commit.committer.as_bytes(),
            &last[message..],
        ];
        // The lock that git takes for the same, so that nothing unknown stays if this is killed.
        let lock = format!("{}.lock", name.rsplit('/').next().unwrap_or(name));
        let folder = file.parent().unwrap_or(&file);
        let draft = tempfile::Builder::new()
            .prefix(&lock)
            .rand_bytes(0)
            .tempfile_in(folder)?;
        fs::write(draft.path(), [before, &entry.concat()].concat())?;
        draft
            .as_file()
            .set_permissions(file.metadata()?.permissions())?;
        draft.persist(&file)?;
        Ok(())
    }

    /// Gives the branch, its log and their folders the permissions of a shared repository.
    fn share(&self, name: &str) -> io::Result<()> {
        for top in [
            self.inner.commondir().to_owned(),
            self.inner.commondir().join("logs"),
        ] {
            let heads = top.join("refs/heads");
            let file = top.join(name);
            for path in file.ancestors().take_while(|path| **path != heads) {
                if path.exists() {
                    self.store.shared.adjust(path)?;
                }
            }
        }
        Ok(())
    }
}

/// Returns the folder, or the one above it that is there.
fn existing(folder: &Path) -> PathBuf {
    let found = folder.ancestors().find(|dir| dir.is_dir());
    found.unwrap_or(folder).to_owned()
}
