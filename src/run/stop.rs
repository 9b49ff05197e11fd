//! Why a repository's turn ends early, from the errors of all modules.

use crate::catalogue::CatalogueError;
use crate::detect::DetectError;
use crate::event::{Event, Refusal};
use crate::files::FilesError;
use crate::git::GitError;
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

impl From<GitError> for Stop {
    fn from(error: GitError) -> Stop {
        let reason = chain(&error);
        match error {
            GitError::Identity { hint, .. } => Stop::refused(Refusal::Identity, reason, hint),
            GitError::Sign { .. } => Stop::failed(
                reason,
                "git commit --allow-empty -S shows whether git can sign; --no-gpg-sign does without",
            ),
            GitError::InTheWay { .. } => Stop::refused(
                Refusal::InTheWay,
                reason,
                "move it out of the way in a change of its own",
            ),
            GitError::Branch { hint, .. } => Stop::refused(Refusal::BranchExists, reason, hint),
            GitError::Unsupported { hint, .. } => {
                Stop::refused(Refusal::UnsupportedRepository, reason, hint)
            }
            GitError::Owner { path } => Stop::failed(
                reason,
                format!("git config --global --add safe.directory '{path}'"),
            ),
            GitError::Configuration { .. } => Stop::failed(
                reason,
                "mend that line; git config --list shows what git reads",
            ),
            GitError::NoFolder { .. } => Stop::failed(reason, "give the folder of a clone"),
            GitError::NotARepository { .. } => {
                Stop::failed(reason, "git clone https://opendev.org/openstack/PROJECT")
            }
            GitError::NoCommit => Stop::failed(reason, "git commit, or give --base REV"),
            GitError::NoSuchRevision { .. } => {
                Stop::failed(reason, "git log --oneline --all shows what there is")
            }
            GitError::Object { hint, .. } => Stop::failed(reason, hint),
            GitError::Locked { file, .. } => Stop::failed(
                reason,
                format!("run it again; where no git process runs any more: rm '{file}'"),
            ),
            GitError::Failed { .. } => Stop::failed(reason, "git fsck"),
        }
    }
}

impl From<FilesError> for Stop {
    fn from(error: FilesError) -> Stop {
        Stop::failed(chain(&error), error.remedy)
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
        stop_of(&error)
    }
}

/// Returns the end that the error itself names.
fn stop_of(error: &impl Remedy) -> Stop {
    match error.refusal() {
        Some(kind) => Stop::refused(kind, chain(error), error.hint()),
        None => Stop::failed(chain(error), error.hint()),
    }
}
