//! What is wrong with a `.gitreview`, or with the git configuration over it.

use std::fmt;

use super::key::Misfit;
use crate::files::FilesError;
use crate::ini::Problem;
use crate::remedy::{Refusal, Remedy};

/// A `.gitreview`, or a setting over it, that git-review could not read or use.
#[derive(Debug, thiserror::Error)]
pub enum GitReviewError {
    #[error("{place}: not UTF-8")]
    NotUtf8 { place: Place },
    /// Python's `configparser` does not read it.
    #[error("{place}: {problem}")]
    Malformed { place: Place, problem: Problem },
    #[error("{place}: `{key}` is `{value}`, which {misfit}")]
    Value {
        place: Place,
        key: &'static str,
        value: String,
        misfit: Misfit,
    },
    /// A value of the git configuration.
    #[error("the git configuration has `{key}` as `{value}`, which {misfit}")]
    Setting {
        key: &'static str,
        value: String,
        misfit: Misfit,
    },
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A line of `.gitreview`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 1.
    pub line: usize,
    pub revision: Revision,
}

/// Which commit's file is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revision {
    /// The commit that the change is made on top of: its file says where the change goes.
    Base,
    /// Its file says which branch the base is on.
    Head,
}

impl GitReviewError {
    /// Returns the error, about the file of HEAD.
    pub fn of_head(mut self) -> GitReviewError {
        if let GitReviewError::NotUtf8 { place }
        | GitReviewError::Malformed { place, .. }
        | GitReviewError::Value { place, .. } = &mut self
        {
            place.revision = Revision::Head;
        }
        self
    }

    fn revision(&self) -> Option<Revision> {
        match self {
            GitReviewError::NotUtf8 { place }
            | GitReviewError::Malformed { place, .. }
            | GitReviewError::Value { place, .. } => Some(place.revision),
            GitReviewError::Setting { .. } | GitReviewError::Files(_) => None,
        }
    }
}

impl Remedy for GitReviewError {
    fn refusal(&self) -> Option<Refusal> {
        self.revision().map(|_| Refusal::Undecided)
    }

    fn hint(&self) -> String {
        match (self, self.revision()) {
            (GitReviewError::Setting { key, .. }, _) => format!("git config {key} VALUE"),
            (GitReviewError::Files(error), _) => error.hint(),
            (_, Some(Revision::Head)) => {
                "fix that line and commit it, or pass the base: --base REV".to_owned()
            }
            (_, _) => {
                "fix that line and commit it, then start from that commit: --base HEAD".to_owned()
            }
        }
    }
}

impl Place {
    pub(super) fn of_base(line: usize) -> Place {
        Place {
            line,
            revision: Revision::Base,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As `git grep` names a line of another revision.
        let revision = match self.revision {
            Revision::Base => "",
            Revision::Head => "HEAD:",
        };
        write!(f, "{revision}{}:{}", super::PATH, self.line)
    }
}
