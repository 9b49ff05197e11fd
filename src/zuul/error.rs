//! Why there is no edit.

use super::covered::CoveredJob;
use crate::files::FilesError;
use crate::remedy::{Refusal, Remedy};

/// Why the Zuul configuration stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ZuulError {
    /// Rally runs here already (kind `covered`).
    #[error("Rally runs here already: {}", sentences(.0))]
    Covered(Vec<CoveredJob>),
    /// The configuration cannot be edited safely (kind `zuul`).
    #[error("cannot edit `{path}`, line {line}: {reason}")]
    Refused {
        /// The file in the way.
        path: String,
        /// The line in the way, from 1.
        line: usize,
        /// What is in the way.
        reason: String,
        /// What to do about it, a sentence.
        remedy: String,
    },
    /// The job's name means something else already (kind `conflict`).
    #[error("the job name `{job}` is taken: `{path}`, line {line}, {reason}")]
    Taken {
        /// The name that was wanted.
        job: String,
        /// Where it stands.
        path: String,
        /// The line, from 1.
        line: usize,
        /// What it is there.
        reason: String,
    },
    /// The job's name belongs to another repository (kind `conflict`).
    #[error("the job name `{job}` belongs to openstack/rally-openstack")]
    Foreign {
        /// The name that was wanted.
        job: String,
    },
    /// Something that is not a file or directory stands where Zuul's configuration is read
    /// (kind `in-the-way`).
    #[error("`{path}` is {is}; Zuul reads {wants} there")]
    InTheWay {
        /// The path.
        path: String,
        /// What stands there: `a symbolic link`.
        is: &'static str,
        /// What Zuul expects: `a directory`.
        wants: &'static str,
    },
    /// What was rendered is not the job that was asked for: a fault of the templates.
    #[error("the rendered job `{job}` is not usable: {reason}")]
    Rendered {
        /// The name that was wanted.
        job: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file could not be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl ZuulError {
    /// Returns what to do about it, where there is something.
    pub fn remedy(&self) -> Option<String> {
        match self {
            ZuulError::Covered(_) => Some(
                "`git rally check` judges what is there; `--job NAME` puts a job of ours \
                 beside it, with its own `task-NAME.yaml`"
                    .into(),
            ),
            ZuulError::Refused { remedy, .. } => Some(remedy.clone()),
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => {
                Some("choose another name with `--job NAME`".into())
            }
            ZuulError::InTheWay { wants, .. } => {
                Some(format!("make it {wants}, or use `--no-zuul`"))
            }
            ZuulError::Rendered { .. } | ZuulError::Files(_) => None,
        }
    }
}

fn sentences(jobs: &[CoveredJob]) -> String {
    let said: Vec<String> = jobs.iter().map(ToString::to_string).collect();
    said.join("; ")
}

impl Remedy for ZuulError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            ZuulError::Covered(_) => Some(Refusal::Covered),
            ZuulError::Refused { .. } => Some(Refusal::Zuul),
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => Some(Refusal::Conflict),
            ZuulError::InTheWay { .. } => Some(Refusal::InTheWay),
            ZuulError::Rendered { .. } | ZuulError::Files(_) => None,
        }
    }

    fn hint(&self) -> String {
        self.remedy().unwrap_or_default()
    }
}
