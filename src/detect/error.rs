//! Why a repository is not taken for a service.

use super::disagreement::Disagreement;
use super::evidence::Evidence;
use super::signals::Signals;
use crate::catalogue::{Catalogue, CatalogueError};
use crate::files::FilesError;
use crate::gitreview::GitReviewError;
use crate::remedy::{Refusal, Remedy};

/// Why there is no service, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum DetectError {
    /// A client, a library, a dashboard, ...
    #[error("it is {what}: {why} ({}: `{}`)", .evidence.place(), .evidence.says)]
    OtherKind {
        /// With its article.
        what: String,
        why: String,
        evidence: Evidence,
    },
    #[error("the repository is retired ({}: `{}`)", .0.place(), .0.says)]
    Retired(Evidence),
    /// A service, and what Rally has for it.
    #[error("`{service}` is a service that the catalogue has no entry for; {}", rally(.scenarios))]
    WithoutEntry {
        service: String,
        /// Scenario classes of rally-openstack.
        scenarios: Vec<String>,
    },
    #[error("it does not look like an OpenStack service: {}", nothing(.0))]
    NoSignal(Box<Signals>),
    #[error("its signals disagree: {0}")]
    Undecided(Disagreement),
    /// A file that the signals come from cannot be parsed.
    #[error("{path}:{line}: {problem}")]
    Malformed {
        path: String,
        /// Counted from 1.
        line: usize,
        /// In the parser's words.
        problem: String,
    },
    #[error(transparent)]
    GitReview(#[from] GitReviewError),
    #[error(transparent)]
    Files(#[from] FilesError),
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
}

impl DetectError {
    /// Returns the refusal of a service that the catalogue has no entry for.
    pub fn without_entry(
        catalogue: &Catalogue<'_>,
        service: &str,
    ) -> Result<DetectError, CatalogueError> {
        let mut known = catalogue.not_services()?.services.iter();
        let known = known.find(|known| known.service == service);
        Ok(DetectError::WithoutEntry {
            service: service.to_owned(),
            scenarios: known.map_or_else(Vec::new, |known| known.scenarios.clone()),
        })
    }
}

impl Remedy for DetectError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            DetectError::OtherKind { .. }
            | DetectError::Retired(_)
            | DetectError::WithoutEntry { .. }
            | DetectError::NoSignal(_) => Some(Refusal::NotAService),
            DetectError::Undecided(_) | DetectError::Malformed { .. } => Some(Refusal::Undecided),
            DetectError::GitReview(error) => error.refusal(),
            DetectError::Files(error) => error.refusal(),
            DetectError::Catalogue(error) => error.refusal(),
        }
    }

    fn hint(&self) -> String {
        match self {
            DetectError::OtherKind { .. } => {
                "if it is a service, name it: --service NAME".to_owned()
            }
            DetectError::Retired(_) => {
                "to use a commit from before that: --base REV".to_owned()
            }
            DetectError::WithoutEntry { service, .. } => entry_to_write(service),
            DetectError::NoSignal(_) => {
                "if it is a service, name it: --service NAME; to list the services: git rally services".to_owned()
            }
            DetectError::Undecided(_) => "name the service: --service NAME".to_owned(),
            DetectError::Malformed { .. } => {
                "fix that line, or name the service: --service NAME".to_owned()
            }
            DetectError::GitReview(error) => error.hint(),
            DetectError::Files(error) => error.hint(),
            DetectError::Catalogue(error) => error.hint(),
        }
    }
}

fn entry_to_write(service: &str) -> String {
    format!(
        "write DIR/{service}/service.yaml (keys: service, title, kind, summary, recognised, resources, subtasks, job; \
         `git rally services NAME --yaml` prints a complete one), then: git rally commit --catalogue DIR"
    )
}

fn rally(scenarios: &[String]) -> String {
    match scenarios {
        [] => "Rally has no scenarios for it, so you need plugins".to_owned(),
        some => format!("Rally has scenarios for it: {}", some.join(", ")),
    }
}

fn nothing(signals: &Signals) -> String {
    format!(
        "{}; no package directory of a known service; {}",
        signals.distribution_words(),
        signals.project_words()
    )
}
