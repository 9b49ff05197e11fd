//! All that touches a Git repository; the only module that names `git2`.

mod base;
mod hunks;
mod identity;
mod object;
mod open;
mod sample;
mod settings;
mod sign;
mod snapshot;
mod tree;
mod write;

pub use base::Base;
pub use hunks::diff;
pub use identity::{Identity, Person, When};
pub use open::Repo;
pub use settings::{Environment, Settings};
pub use sign::Signer;
pub use snapshot::Snapshot;
pub use tree::NewTree;
pub use write::{BranchState, NewCommit, is_branch_name};

use crate::gitreview::GitReviewError;

/// An object's id, as 40 hexadecimal digits when printed.
pub type Id = git2::Oid;

/// Returns the id that the bytes would have as a blob; nothing is stored.
pub fn blob_id(bytes: &[u8]) -> Result<Id, GitError> {
    git2::Oid::hash_object(git2::ObjectType::Blob, bytes)
        .map_err(|source| GitError::during("hash a blob", source))
}

/// What libgit2 says of a failure, without its classes and codes.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Cause(String);

impl From<git2::Error> for Cause {
    fn from(error: git2::Error) -> Cause {
        Cause(error.message().to_owned())
    }
}

/// What Git, or the state of a repository, does not let us do.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// libgit2 failed at something that should work.
    #[error("cannot {action}")]
    Failed {
        /// What was tried, with its nouns.
        action: String,
        /// What libgit2 says.
        source: Cause,
    },
    /// A path that is no folder.
    #[error("there is no folder `{path}`")]
    NoFolder {
        /// What was given.
        path: String,
    },
    /// A configuration file that cannot be parsed.
    #[error("cannot read Git's configuration: {problem}")]
    Configuration {
        /// What libgit2 says, with file and line.
        problem: String,
    },
    /// There is no repository.
    #[error("`{path}` is not in a Git repository")]
    NotARepository {
        /// The folder that was given.
        path: String,
    },
    /// The repository belongs to another user.
    #[error("`{path}` belongs to another user, so Git does not trust it")]
    Owner {
        /// The repository.
        path: String,
    },
    /// libgit2 cannot open this kind of repository.
    #[error("the repository `{path}` is of a kind that is not supported: {reason}")]
    Unsupported {
        /// The repository.
        path: String,
        /// Which kind.
        reason: String,
        /// What to type.
        hint: &'static str,
    },
    /// The repository has no commit.
    #[error("there is no commit yet")]
    NoCommit,
    /// A revision that does not exist.
    #[error("`{rev}` is not a commit of this repository")]
    NoSuchRevision {
        /// What was given.
        rev: String,
    },
    /// Something in the way of a path of the change.
    #[error("`{path}` is {is} in the base commit, where {wanted} belongs")]
    InTheWay {
        /// The path.
        path: String,
        /// What stands there.
        is: &'static str,
        /// What belongs there.
        wanted: &'static str,
    },
    /// An object that is missing or damaged.
    #[error("cannot read {what}")]
    Object {
        /// What it is, for people.
        what: String,
        /// What to type.
        hint: String,
        /// What libgit2 says.
        source: Cause,
    },
    /// No usable name or mail address.
    #[error("{problem}")]
    Identity {
        /// What is missing or wrong.
        problem: String,
        /// What to type.
        hint: String,
    },
    /// Another process holds the branch's lock.
    #[error("the branch `{branch}` is locked by another git process: `{file}` is there")]
    Locked {
        /// The branch.
        branch: String,
        /// The lock.
        file: String,
    },
    /// The user's own program makes no signature.
    #[error("cannot sign the commit: `{program}`: {why}")]
    Sign {
        /// The program.
        program: String,
        /// What it says.
        why: String,
    },
    /// The `.gitreview` of HEAD, or the configuration over it.
    #[error(transparent)]
    GitReview(#[from] GitReviewError),
    /// The branch cannot be made.
    #[error("the branch `{branch}` cannot be made: {problem}")]
    Branch {
        /// The branch.
        branch: String,
        /// Why.
        problem: String,
        /// What to type.
        hint: String,
    },
}

impl GitError {
    /// Returns an error about `action` that libgit2 failed at.
    pub(crate) fn during(action: impl Into<String>, source: git2::Error) -> GitError {
        match source.class() {
            git2::ErrorClass::Config => GitError::Configuration {
                problem: source.message().to_owned(),
            },
            _ => GitError::Failed {
                action: action.into(),
                source: source.into(),
            },
        }
    }
}
