//! The one reference that makes a commit a branch.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use super::{Cause, Failure, GitError, Id, Person, Repo, When, object, own_file};
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
    #[error("`{branch}` is not a branch but a symbolic reference to `{target}`")]
    Symbolic { branch: String, target: String },
    #[error("git-rally did not move the branch `{branch}`: it is now checked out in `{place}`")]
    CheckedOut { branch: String, place: String },
    #[error(
        "git-rally did not move the branch `{branch}`: another process created, moved or deleted it meanwhile"
    )]
    Moved { branch: String },
    #[error("another git process holds the lock of the branch `{branch}`: `{file}`")]
    Locked { branch: String, file: String },
    #[error("cannot write the branch `{branch}`")]
    Unwritable {
        branch: String,
        /// The folder that it belongs in.
        folder: String,
        source: Cause,
    },
}

impl Remedy for BranchError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            BranchError::Locked { .. } | BranchError::Unwritable { .. } => None,
            _ => Some(Refusal::BranchExists),
        }
    }

    fn hint(&self) -> String {
        match self {
            BranchError::Below { .. } | BranchError::Above { .. } | BranchError::Folder { .. } => {
                "choose another branch: --branch NAME".to_owned()
            }
            BranchError::Symbolic { target, .. } => match target.strip_prefix("refs/heads/") {
                Some(target) => format!("--branch {}", shell::quoted(target)),
                None => "--branch NAME".to_owned(),
            },
            BranchError::CheckedOut { place, .. } => format!(
                "--branch NAME; or {}, and run the command again",
                shell::line(["git", "-C", place, "switch", "--detach"])
            ),
            BranchError::Moved { .. } => "run the command again".to_owned(),
            BranchError::Locked { file, .. } => format!(
                "run the command again; if no git process is running: {}",
                shell::line(["rm", file])
            ),
            BranchError::Unwritable { folder, source, .. } => source.remedy_at(folder),
        }
    }
}

impl Repo {
    /// Returns what `branch` (without `refs/heads/`) holds; `None` where there is no such branch.
    pub fn branch(&self, branch: &str) -> Result<Option<BranchTip>, GitError> {
        self.is_direct(branch)?;
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

    /// Fails where the branch is another name for a reference: `--replace` would move that one.
    fn is_direct(&self, branch: &str) -> Result<(), BranchError> {
        let found = self.inner.find_reference(&full(branch)).ok();
        let target = found.and_then(|found| {
            let target = found.symbolic_target_bytes()?;
            Some(String::from_utf8_lossy(target).into_owned())
        });
        match target {
            None => Ok(()),
            Some(target) => {
                let branch = branch.to_owned();
                Err(BranchError::Symbolic { branch, target })
            }
        }
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
        match self.first_below(branch) {
            None => Ok(()),
            Some(other) => {
                let branch = branch.to_owned();
                Err(BranchError::Above { branch, other }.into())
            }
        }
    }

    /// Returns a branch below the name, if there is one. What cannot be read is no branch: the branch
    /// cannot be made, and that says why.
    ///
    /// libgit2 would read all references for it, which takes longer than all else where there are many.
    fn first_below(&self, branch: &str) -> Option<String> {
        let common = self.inner.commondir();
        let prefix = format!("refs/heads/{branch}/");
        let packed = own_file::bytes(&common.join("packed-refs")).unwrap_or_default();
        // An id, a space, and the name.
        let names = packed.split(|byte| *byte == b'\n');
        let mut names = names.filter_map(|line| line.get(41..)?.strip_prefix(prefix.as_bytes()));
        let below = match names.next() {
            Some(below) => String::from_utf8_lossy(below).into_owned(),
            None => first_file(&common.join(prefix))?,
        };
        Some(format!("{branch}/{below}"))
    }

    /// Returns the branch as a command can name it: in full, where git would take the short name for
    /// a tag, another reference or an object.
    pub fn typed_branch(&self, branch: &str) -> String {
        let others = ["refs/", "refs/tags/", "refs/remotes/"];
        let is_taken = |prefix: &&str| self.has_reference(&format!("{prefix}{branch}"));
        let is_id =
            (4..=40).contains(&branch.len()) && branch.bytes().all(|b| b.is_ascii_hexdigit());
        match is_id || others.iter().any(is_taken) {
            true => full(branch),
            false => branch.to_owned(),
        }
    }

    /// Returns whether `commit` is `tip` or one of its ancestors.
    pub fn is_reachable(&self, commit: Id, tip: Id) -> Result<bool, GitError> {
        if commit == tip {
            return Ok(true);
        }
        let found = object::strictly(|| self.inner.graph_descendant_of(tip, commit));
        Ok(found.map_err(|e| Failure::during("compare the branch with the base", e))?)
    }
}

/// Returns whether `name` is a branch name that git itself would make, and can name afterwards.
pub fn is_branch_name(name: &str) -> bool {
    // git makes a branch `@`, and takes the name for HEAD in every later command.
    name != "@" && fits_a_file_system(name) && git2::Branch::name_is_valid(name).unwrap_or(false)
}

/// Returns whether the files of the branch can be made: its names are those of files, and its lock
/// adds `.lock` to the last one. Found out here, before an object is written.
fn fits_a_file_system(name: &str) -> bool {
    name.len() <= 1024 && name.split('/').all(|part| part.len() <= 250)
}

/// Returns the first file below a folder, by its path from there. Git leaves empty folders behind.
fn first_file(folder: &Path) -> Option<String> {
    let entries = fs::read_dir(folder).ok()?.flatten();
    let names = entries.map(|entry| entry.file_name());
    // A lock is no branch.
    let is_lock = |name: &OsString| name.as_encoded_bytes().ends_with(b".lock");
    let mut names: Vec<OsString> = names.filter(|name| !is_lock(name)).collect();
    names.sort();
    names.into_iter().find_map(|name| {
        let path = folder.join(&name);
        let name = name.to_string_lossy();
        match path.is_dir() && !path.is_symlink() {
            true => first_file(&path).map(|below| format!("{name}/{below}")),
            false => Some(name.into_owned()),
        }
    })
}

pub(super) fn full(branch: &str) -> String {
    format!("refs/heads/{branch}")
}
