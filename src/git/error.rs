//! What Git, or the state of a repository, does not let us do: the errors of all files here.

use std::io::{self, ErrorKind};

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
        match (self.source.class, self.source.kind()) {
            (git2::ErrorClass::Config, _) => MEND_CONFIGURATION.to_owned(),
            (_, Some(kind)) => for_cause(kind, self.source.path().unwrap_or(".")),
            (_, None) => "git fsck".to_owned(),
        }
    }
}

pub(super) const MEND_CONFIGURATION: &str = "fix that line; list what git reads: git config --list";

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

    /// Returns what to do where it is about the file or folder `path`.
    pub(super) fn remedy_at(&self, path: &str) -> String {
        for_cause(self.kind().unwrap_or(ErrorKind::Other), path)
    }

    /// Returns the operating system's error, whose words libgit2 has at the end of its own; the
    /// number it does not pass on.
    fn kind(&self) -> Option<ErrorKind> {
        if self.class != git2::ErrorClass::Os {
            return None;
        }
        // EPERM, EACCES, ENOSPC, EROFS: the same numbers on every Unix.
        let known = [1, 13, 28, 30].map(io::Error::from_raw_os_error);
        let found = known.into_iter().find(|error| {
            let text = error.to_string();
            let words = text.split(" (os error").next().unwrap_or(&text);
            self.words.ends_with(words)
        });
        found.map(|error| error.kind())
    }

    /// Returns the path that libgit2 has in its words.
    fn path(&self) -> Option<&str> {
        let (_, rest) = self.words.split_once('\'')?;
        Some(rest.rsplit_once('\'')?.0)
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

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A full disk cannot be had in a test; its words can.
    #[test]
    fn every_cause_has_its_own_remedy() {
        let of = |number: i32| {
            let text = io::Error::from_raw_os_error(number).to_string();
            let words = text.split(" (os error").next().unwrap_or_default();
            let words = format!("failed to write out file '/srv/it's/x.lock': {words}");
            Failure {
                action: "create the branch `x`".to_owned(),
                source: Cause {
                    words,
                    class: git2::ErrorClass::Os,
                },
            }
        };
        let path = r"'/srv/it'\''s/x.lock'";
        for (number, wanted) in [
            (28, format!("free space on that disk: df -h {path}")),
            (13, format!("see who may write there: ls -ld {path}")),
            (1, format!("see who may write there: ls -ld {path}")),
            (
                30,
                format!("clone to a disk that you can write to; see this one: findmnt -T {path}"),
            ),
            (5, "git fsck".to_owned()),
        ] {
            assert_eq!(of(number).hint(), wanted, "{number}");
        }
        let full = |kind| for_cause(kind, "/srv/x");
        assert_eq!(
            full(ErrorKind::StorageFull),
            "free space on that disk: df -h /srv/x"
        );
        assert_eq!(
            full(ErrorKind::QuotaExceeded),
            "free space on that disk: df -h /srv/x"
        );
    }
}
