//! Why a repository's turn ends early, from the errors of all modules.

use crate::catalogue::CatalogueError;
use crate::detect::DetectError;
use crate::event::{Event, Refusal};
use crate::files::FilesError;
use crate::git::{GitError, IdentityError, OpenError, SettingsError, SignError};
use crate::gitreview::GitReviewError;
use crate::plan::PlanError;
use crate::remedy::Remedy;
pub(super) use crate::remedy::chain;
use crate::zuul::ZuulError;

/// The end of a repository's turn.
#[derive(Debug)]
pub(super) enum Stop {
    /// Nothing to do.
    Unchanged(String),
    /// Understood, and declined.
    Refused {
        kind: Refusal,
        reason: String,
        hint: String,
    },
    /// It went wrong.
    Failed { reason: String, hint: String },
}

impl Stop {
    pub(super) fn refused(
        kind: Refusal,
        reason: impl Into<String>,
        hint: impl Into<String>,
    ) -> Stop {
        Stop::Refused {
            kind,
            reason: reason.into(),
            hint: hint.into(),
        }
    }

    pub(super) fn failed(reason: impl Into<String>, hint: impl Into<String>) -> Stop {
        Stop::Failed {
            reason: reason.into(),
            hint: hint.into(),
        }
    }

    /// Returns the event for the repository `repo`.
    pub(super) fn event(self, repo: String) -> Event {
        match self {
            Stop::Unchanged(reason) => Event::Unchanged { repo, reason },
            Stop::Refused { kind, reason, hint } => Event::Refused {
                repo,
                kind,
                reason,
                hint,
            },
            Stop::Failed { reason, hint } => Event::Failed { repo, reason, hint },
        }
    }
}

/// An error that answers for itself.
fn stop_of(error: impl Remedy) -> Stop {
    match error.refusal() {
        Some(kind) => Stop::refused(kind, chain(&error), error.hint()),
        None => Stop::failed(chain(&error), error.hint()),
    }
}

impl From<GitError> for Stop {
    fn from(error: GitError) -> Stop {
        stop_of(error)
    }
}

impl From<OpenError> for Stop {
    fn from(error: OpenError) -> Stop {
        stop_of(error)
    }
}

impl From<SettingsError> for Stop {
    fn from(error: SettingsError) -> Stop {
        stop_of(error)
    }
}

impl From<IdentityError> for Stop {
    fn from(error: IdentityError) -> Stop {
        stop_of(error)
    }
}

impl From<SignError> for Stop {
    fn from(error: SignError) -> Stop {
        stop_of(error)
    }
}

impl From<FilesError> for Stop {
    fn from(error: FilesError) -> Stop {
        stop_of(error)
    }
}

impl From<GitReviewError> for Stop {
    fn from(error: GitReviewError) -> Stop {
        stop_of(error)
    }
}

impl From<CatalogueError> for Stop {
    fn from(error: CatalogueError) -> Stop {
        Stop::failed(
            chain(&error),
            "mend that file; git rally services NAME --yaml shows a complete entry",
        )
    }
}

impl From<DetectError> for Stop {
    fn from(error: DetectError) -> Stop {
        match error {
            DetectError::Malformed { .. } => Stop::refused(
                Refusal::Undecided,
                chain(&error),
                "mend that line, or say which service it is: --service NAME",
            ),
            DetectError::GitReview(error) => error.into(),
            DetectError::Files(error) => error.into(),
            DetectError::Catalogue(error) => error.into(),
        }
    }
}

impl From<PlanError> for Stop {
    fn from(error: PlanError) -> Stop {
        let reason = chain(&error);
        match error {
            PlanError::NoWorkloads(_) => Stop::refused(
                Refusal::NotAService,
                reason,
                "write its workloads: git rally commit --catalogue DIR",
            ),
            PlanError::InTheWay { .. } => Stop::refused(
                Refusal::InTheWay,
                reason,
                "move it out of the way in a change of its own",
            ),
            PlanError::TooLong { .. } => Stop::failed(
                reason,
                "lower --times; a higher --concurrency does it, too, where the cloud can take it",
            ),
            PlanError::Zuul(error) => error.into(),
            PlanError::Render(_) => {
                Stop::failed(reason, "this is a fault of the templates: please report it")
            }
            PlanError::Files(error) => error.into(),
        }
    }
}

impl From<ZuulError> for Stop {
    fn from(error: ZuulError) -> Stop {
        let kind = match &error {
            ZuulError::Covered(_) => Refusal::Covered,
            ZuulError::Refused { .. } => Refusal::Zuul,
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => Refusal::Conflict,
            ZuulError::InTheWay { .. } => Refusal::InTheWay,
            ZuulError::Rendered { .. } => {
                return Stop::failed(
                    chain(&error),
                    "report it, if the catalogue is the built-in one",
                );
            }
            ZuulError::Files(unreadable) => {
                return Stop::failed(chain(&error), unreadable.remedy.clone());
            }
        };
        let hint = error.remedy().unwrap_or_default();
        Stop::refused(kind, chain(&error), hint)
    }
}
