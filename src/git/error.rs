//! What Git, or the state of a repository, does not let us do: the errors of all files here.

use std::io::ErrorKind;

use super::{
    BranchError, IdentityError, ObjectError, OpenError, RevisionError, SettingsError, SignError,
};
use crate::gitreview::GitReviewError;
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// Whatever fails here, typed by what it was about.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Revision(#[from] RevisionError),
    #[error(transparent)]
    Object(#[from] ObjectError),
    #[error(transparent)]
    Branch(#[from] BranchError),
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The `.gitreview` of HEAD, or the configuration over it.
    #[error(transparent)]
    GitReview(#[from] GitReviewError),
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl GitError {
    fn of(&self) -> &dyn Remedy {
        match self {
            GitError::Open(error) => error,
            GitError::Settings(error) => error,
            GitError::Identity(error) => error,
            GitError::Revision(error) => error,
            GitError::Object(error) => error,
            GitError::Branch(error) => error,
            GitError::Sign(error) => error,
            GitError::GitReview(error) => error,
            GitError::Failed(error) => error,
        }
    }
}

impl Remedy for GitError {
    fn refusal(&self) -> Option<Refusal> {
        self.of().refusal()
    }

    fn hint(&self) -> String {
        self.of().hint()
    }
}

/// libgit2 fails at something that should work.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action}")]
pub struct Failure {
    /// What was tried, with its nouns.
    action: String,
    source: Cause,
}

impl Failure {
    pub(super) fn during(action: impl Into<String>, source: git2::Error) -> Failure {
        Failure {
            action: action.into(),
            source: source.into(),
        }
    }
}

impl Remedy for Failure {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self.source.class {
            git2::ErrorClass::Config => MEND_CONFIGURATION.to_owned(),
            _ => "git fsck".to_owned(),
        }
    }
}

/// Returns what to do where the operating system does not let us write at `path`.
pub(super) fn for_cause(kind: ErrorKind, path: &str) -> String {
    let path = shell::quoted(path);
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!("free space on that disk: df -h {path}")
        }
        ErrorKind::ReadOnlyFilesystem => {
            format!("clone to a disk that you can write to; see this one: findmnt -T {path}")
        }
        ErrorKind::PermissionDenied => format!("see who may write there: ls -ld {path}"),
        _ => format!("see what it is: ls -ld {path}"),
    }
}

pub(super) const MEND_CONFIGURATION: &str = "fix that line; list what git reads: git config --list";

/// What libgit2 says of a failure, without its classes and codes.
#[derive(Debug, thiserror::Error)]
#[error("{words}")]
pub struct Cause {
    words: String,
    class: git2::ErrorClass,
}

impl Cause {
    pub(super) fn of_words(words: String) -> Cause {
        Cause {
            words,
            class: git2::ErrorClass::None,
        }
    }
}

impl From<git2::Error> for Cause {
    fn from(error: git2::Error) -> Cause {
        Cause {
            words: error.message().to_owned(),
            class: error.class(),
        }
    }
}
