//! The one reference that makes a commit a branch.

use git2::{ErrorCode, Oid};

use super::{Failure, GitError, Id, NewCommit, Person, Repo, When};
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// What has to be known of the commit that a branch holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchTip {
    pub commit: Id,
    pub tree: Id,
    pub parents: Vec<Id>,
    pub message: String,
    pub author: Person,
}

/// Why a branch cannot be made or moved.
#[derive(Debug, thiserror::Error)]
pub enum BranchError {
    /// `rally` is a branch, so `rally/x` cannot be one.
    #[error("cannot create the branch `{branch}`: the branch `{other}` is in the way")]
    Below { branch: String, other: String },
    /// `rally/x` is a branch, so `rally` cannot be one.
    #[error(
        "cannot create the branch `{branch}`: the branch `{other}` makes it a folder of branches"
    )]
    Above { branch: String, other: String },
    #[error("cannot create the branch `{branch}`: branches exist below that name")]
    Folder { branch: String },
    #[error("cannot update the branch `{branch}`: another process moved it meanwhile")]
    Moved { branch: String },
    #[error("another git process holds the lock of the branch `{branch}`: `{file}`")]
    Locked { branch: String, file: String },
}

impl Remedy for BranchError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            BranchError::Locked { .. } => None,
            _ => Some(Refusal::BranchExists),
        }
    }

    fn hint(&self) -> String {
        match self {
            BranchError::Below { .. } | BranchError::Above { .. } | BranchError::Folder { .. } => {
                "choose another branch: --branch NAME".to_owned()
            }
            BranchError::Moved { .. } => "run the command again".to_owned(),
            BranchError::Locked { file, .. } => format!(
                "run the command again; if no git process is running: {}",
                shell::line(["rm", file])
            ),
        }
    }
}

impl Repo {
    /// Returns what `branch` (without `refs/heads/`) holds; `None` where there is no such branch.
    pub fn branch(&self, branch: &str) -> Result<Option<BranchTip>, GitError> {
        let Some(tip) = self.tip(&full(branch))? else {
            return Ok(None);
        };
        let author = tip.author();
        Ok(Some(BranchTip {
            commit: tip.id(),
            tree: tip.tree_id(),
            parents: tip.parent_ids().collect(),
            message: String::from_utf8_lossy(tip.message_raw_bytes()).into_owned(),
            author: Person {
                name: String::from_utf8_lossy(author.name_bytes()).into_owned(),
                email: String::from_utf8_lossy(author.email_bytes()).into_owned(),
                when: When {
                    seconds: author.when().seconds(),
                    offset: author.when().offset_minutes(),
                },
            },
        }))
    }

    /// Fails where other branches are in the way of the branch's name.
    pub fn branch_can_be_made(&self, branch: &str) -> Result<(), GitError> {
        let parts: Vec<&str> = branch.split('/').collect();
        for end in 1..parts.len() {
            let other = parts[..end].join("/");
            if self.tip(&full(&other))?.is_some() {
                let branch = branch.to_owned();
                return Err(BranchError::Below { branch, other }.into());
            }
        }
        match self.first_below(branch)? {
            None => Ok(()),
            Some(other) => {
                let branch = branch.to_owned();
                Err(BranchError::Above { branch, other }.into())
            }
        }
    }

    fn first_below(&self, branch: &str) -> Result<Option<String>, Failure> {
        let mut below = self
            .inner
            .references_glob(&format!("refs/heads/{branch}/*"))
            .map_err(|e| Failure::during("list branches", e))?;
        let first = below.find_map(Result::ok);
        Ok(
            first
                .and_then(|found| Some(found.name().ok()?.strip_prefix("refs/heads/")?.to_owned())),
        )
    }

    /// Returns whether `commit` is `tip` or one of its ancestors.
    pub fn is_reachable(&self, commit: Id, tip: Id) -> Result<bool, GitError> {
        if commit == tip {
            return Ok(true);
        }
        Ok(self
            .inner
            .graph_descendant_of(tip, commit)
            .map_err(|e| Failure::during("compare the branch with the base", e))?)
    }

    /// Stores the commit and points `branch` at it, if the branch still is what it was: `old`, or
    /// absent. The reference moves last, by compare-and-swap under its lock.
    pub fn update_branch(
        &self,
        commit: &NewCommit,
        branch: &str,
        old: Option<Id>,
    ) -> Result<(), GitError> {
        self.store(commit)?;
        let expected = old.unwrap_or(Oid::ZERO_SHA1);
        let log = match old {
            Some(_) => "git-rally: replace",
            None => "git-rally: create",
        };
        // Not `Repository::branch`: in a linked worktree libgit2 overwrites a loose branch there.
        let mut tries = 0;
        loop {
            let name = full(branch);
            match (self.inner).reference_matching(&name, commit.id, true, expected, log) {
                Ok(_) => return Ok(()),
                Err(e) if e.code() == ErrorCode::Locked && tries < LOCK_TRIES => {
                    tries += 1;
                    std::thread::sleep(LOCK_WAIT);
                }
                Err(e) => return Err(self.not_moved(branch, e)),
            }
        }
    }

    fn not_moved(&self, branch: &str, error: git2::Error) -> GitError {
        let name = branch.to_owned();
        match error.code() {
            ErrorCode::Modified | ErrorCode::Exists => BranchError::Moved { branch: name }.into(),
            ErrorCode::Directory => BranchError::Folder { branch: name }.into(),
            ErrorCode::Locked => {
                let lock = format!("{}.lock", full(branch));
                let file = self.inner.commondir().join(lock).display().to_string();
                BranchError::Locked { branch: name, file }.into()
            }
            _ => Failure::during(format!("create the branch `{branch}`"), error).into(),
        }
    }
}

/// How often, and after how long, a lock is tried again: git holds one for milliseconds.
const LOCK_TRIES: usize = 3;
const LOCK_WAIT: std::time::Duration = std::time::Duration::from_millis(100);

/// Returns whether `name` is a branch name that git itself would make.
pub fn is_branch_name(name: &str) -> bool {
    // `@` is git's short word for HEAD; libgit2 does not know that here.
    name != "@" && fits_a_file_system(name) && git2::Branch::name_is_valid(name).unwrap_or(false)
}

/// Returns whether the files of the branch can be made: its names are those of files, and its lock
/// adds `.lock` to the last one. Found out here, before an object is written.
fn fits_a_file_system(name: &str) -> bool {
    name.len() <= 1024 && name.split('/').all(|part| part.len() <= 250)
}

pub(super) fn full(branch: &str) -> String {
    format!("refs/heads/{branch}")
}
