//! The commit, and the one reference that makes it a branch.

use git2::{ErrorCode, ObjectType, Oid};

use super::{GitError, Id, Identity, NewTree, Person, Repo, Signer, When};

/// A commit that may not be stored yet.
#[derive(Clone, Debug)]
pub struct NewCommit {
    /// Its id.
    pub id: Id,
    /// Its tree.
    pub tree: Id,
    /// The commit object.
    bytes: Vec<u8>,
    /// What it needs: trees and blobs.
    below: Vec<(ObjectType, Vec<u8>)>,
}

/// What a branch holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BranchState {
    /// There is no such branch.
    Absent,
    /// A commit, with what has to be known of it.
    Holds {
        /// The commit.
        commit: Id,
        /// Its tree.
        tree: Id,
        /// Its parents.
        parents: Vec<Id>,
        /// Its message.
        message: String,
        /// Its author.
        author: Person,
    },
}

impl NewCommit {
    /// Returns the commit of `tree` on top of `parent`; stores nothing.
    pub fn new(
        tree: NewTree,
        parent: Id,
        who: &Identity,
        message: &str,
    ) -> Result<NewCommit, GitError> {
        let text = format!(
            "tree {}\nparent {parent}\nauthor {}\ncommitter {}\n\n{message}",
            tree.id,
            who.author.ident(),
            who.committer.ident()
        );
        let id = Oid::hash_object(ObjectType::Commit, text.as_bytes())
            .map_err(|e| GitError::during("hash the commit", e))?;
        Ok(NewCommit {
            id,
            tree: tree.id,
            bytes: text.into_bytes(),
            below: tree.objects,
        })
    }

    /// Returns the same commit with the signature of `signer`, and thus another id.
    pub fn signed(self, signer: &Signer) -> Result<NewCommit, GitError> {
        let signature = signer.sign(&self.bytes)?;
        // A header goes on in the next line behind a space, and headers end at the first blank line.
        let header = format!("\ngpgsig {}", signature.trim_end().replace('\n', "\n "));
        let end = self.bytes.windows(2).position(|two| two == b"\n\n");
        let mut bytes = self.bytes;
        let at = end.unwrap_or(bytes.len());
        bytes.splice(at..at, header.into_bytes());
        let id = Oid::hash_object(ObjectType::Commit, &bytes)
            .map_err(|e| GitError::during("hash the commit", e))?;
        Ok(NewCommit { id, bytes, ..self })
    }
}

impl Repo {
    /// Returns what `branch` (without `refs/heads/`) holds.
    pub fn branch(&self, branch: &str) -> Result<BranchState, GitError> {
        let Some(tip) = self.tip(&full(branch))? else {
            return Ok(BranchState::Absent);
        };
        let author = tip.author();
        Ok(BranchState::Holds {
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
        })
    }

    /// Fails where the branch's name is refused by git, or other branches stand in its way.
    pub fn branch_can_be_made(&self, branch: &str) -> Result<(), GitError> {
        let refuse = |problem: String, hint: &str| {
            Err(GitError::Branch {
                branch: branch.to_owned(),
                problem,
                hint: hint.to_owned(),
            })
        };
        let parts: Vec<&str> = branch.split('/').collect();
        for end in 1..parts.len() {
            let above = parts[..end].join("/");
            if self.tip(&full(&above))?.is_some() {
                return refuse(
                    format!("the branch `{above}` is in its way"),
                    "choose another with --branch NAME",
                );
            }
        }
        let below = self
            .inner
            .references_glob(&format!("refs/heads/{branch}/*"))
            .map_err(|e| GitError::during("list branches", e))?;
        let first = below.filter_map(Result::ok).next();
        if let Some(name) = first.and_then(|r| r.name().ok().map(str::to_owned)) {
            let name = name.trim_start_matches("refs/heads/").to_owned();
            return refuse(
                format!("the branch `{name}` makes it a folder of branches"),
                "choose another with --branch NAME",
            );
        }
        Ok(())
    }

    /// Returns whether `commit` is `tip` or one of its ancestors.
    pub fn is_reachable(&self, commit: Id, tip: Id) -> Result<bool, GitError> {
        if commit == tip {
            return Ok(true);
        }
        self.inner
            .graph_descendant_of(tip, commit)
            .map_err(|e| GitError::during("compare the branch with the base", e))
    }

    /// Returns the worktree in which `branch` is checked out, or being rebased or bisected, if it is.
    pub fn checked_out(&self, branch: &str) -> Result<Option<String>, GitError> {
        let wanted = full(branch);
        let common = self.inner.commondir();
        let linked = std::fs::read_dir(common.join("worktrees"))
            .into_iter()
            .flatten()
            .flatten()
            .map(|e| e.path());
        for dir in std::iter::once(common.to_owned()).chain(linked) {
            if uses(&dir, &wanted) && !(dir == common && self.inner.is_bare()) {
                let own = self.inner.workdir().filter(|_| dir == self.inner.path());
                return Ok(Some(own.map_or_else(
                    || worktree_of(&dir),
                    |top| top.display().to_string(),
                )));
            }
        }
        Ok(None)
    }

    /// Stores the commit and points `branch` at it, if the branch still is what it was: `old`, or
    /// absent. The reference moves last, by compare-and-swap under its lock.
    pub fn publish(
        &self,
        commit: &NewCommit,
        branch: &str,
        old: Option<Id>,
    ) -> Result<(), GitError> {
        let odb = self
            .inner
            .odb()
            .map_err(|e| GitError::during("open the object store", e))?;
        let own = [(ObjectType::Commit, commit.bytes.clone())];
        for (kind, bytes) in commit.below.iter().chain(&own) {
            odb.write(*kind, bytes)
                .map_err(|e| GitError::during("store an object", e))?;
        }
        let expected = old.unwrap_or(Oid::ZERO_SHA1);
        let log = if old.is_some() {
            "git-rally: replace"
        } else {
            "git-rally: create"
        };
        // Not `Repository::branch`: in a linked worktree libgit2 overwrites a loose branch there.
        let mut tries = 0;
        loop {
            match self
                .inner
                .reference_matching(&full(branch), commit.id, true, expected, log)
            {
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
        let refuse = |problem: &str, hint: &str| GitError::Branch {
            branch: branch.to_owned(),
            problem: problem.to_owned(),
            hint: hint.to_owned(),
        };
        match error.code() {
            ErrorCode::Modified | ErrorCode::Exists => refuse(
                "another process moved it meanwhile",
                "run the command again",
            ),
            ErrorCode::Locked => GitError::Locked {
                branch: branch.to_owned(),
                file: (self.inner.commondir())
                    .join(format!("{}.lock", full(branch)))
                    .display()
                    .to_string(),
            },
            ErrorCode::Directory => refuse(
                "there are branches below that name",
                "choose another with --branch NAME",
            ),
            _ => GitError::during(format!("create the branch `{branch}`"), error),
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

/// Returns whether HEAD is at the branch `name`, or will be there again when a rebase or a bisection
/// ends.
fn uses(git_dir: &std::path::Path, name: &str) -> bool {
    let says = |file: &str, text: &str| {
        let found = std::fs::read_to_string(git_dir.join(file)).unwrap_or_default();
        found.trim_end() == text
    };
    // `git rebase --update-refs` lists what it will move: the name, and two ids, a line each.
    let moves = std::fs::read_to_string(git_dir.join("rebase-merge/update-refs"));
    let moves = moves.is_ok_and(|list| list.lines().any(|line| line == name));
    let short = name.trim_start_matches("refs/heads/");
    moves
        || says("HEAD", &format!("ref: {name}"))
        || says("rebase-merge/head-name", name)
        || says("rebase-apply/head-name", name)
        || says("BISECT_START", short)
}

/// Returns the work tree that a Git directory, or one below `worktrees/`, belongs to.
fn worktree_of(dir: &std::path::Path) -> String {
    let gitfile = std::fs::read_to_string(dir.join("gitdir")).unwrap_or_default();
    let dot_git = if gitfile.is_empty() {
        dir.to_owned()
    } else {
        gitfile.trim().into()
    };
    dot_git.parent().unwrap_or(&dot_git).display().to_string()
}

fn full(branch: &str) -> String {
    format!("refs/heads/{branch}")
}
