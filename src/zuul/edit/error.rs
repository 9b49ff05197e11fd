//! Why there is no edit.

use super::super::model::{ConfigError, CoveredJob, Location};
use crate::files::FilesError;
use crate::remedy::{Refusal, Remedy};

/// Why the Zuul configuration stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum ZuulError {
    /// Rally runs here already (kind `covered`).
    #[error("Rally runs here already: {}", sentences(.0))]
    Covered(Vec<CoveredJob>),
    /// The configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration cannot be edited safely (kind `zuul`).
    #[error("cannot edit {location}: {obstacle}")]
    Refused {
        /// The place in the way.
        location: Location,
        /// What is in the way.
        obstacle: Obstacle,
    },
    /// The job's name means something else already (kind `conflict`).
    #[error("the job name `{job}` is taken: {location}, {by}")]
    Taken {
        job: String,
        /// Where it is.
        location: Location,
        /// What it is there.
        by: NameUse,
    },
    /// The job's name belongs to another repository (kind `conflict`).
    #[error("the job name `{job}` belongs to openstack/rally-openstack")]
    Foreign { job: String },
    /// What was rendered is not the job that was asked for: a fault of the templates.
    #[error("the rendered job `{job}` is not usable: {reason}")]
    Rendered {
        job: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file could not be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// What a name is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameUse {
    /// A job here has it.
    #[error("defines it")]
    Defined,
    /// A pipeline lists it.
    #[error("lists it, and another repository defines it")]
    Listed,
}

/// What is in the way of an edit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Whether the stanza is the repository's own cannot be told.
    #[error("the project stanza has a `name`, and what this repository is called is not known")]
    UnknownProject,
    /// Of this name; not Zuul's form of a pipeline.
    #[error("`{0}` is not a mapping; Zuul refuses the stanza")]
    PipelineIsNoMapping(String),
    /// Of the pipeline of this name; not Zuul's form of a job list.
    #[error("`jobs` of `{0}` is not a list; Zuul refuses the stanza")]
    JobsAreNoList(String),
    /// All names that a new file would have are used.
    #[error("no file name is left for the job")]
    NoFileName,
    /// A person can do it, this tool cannot.
    #[error("{0}")]
    Hindrance(Hindrance),
}

/// An edit that could not be made, or not be proven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unsafe {
    /// The line in the way, from 1.
    pub(super) line: usize,
    pub(super) why: Hindrance,
}

/// Why lines cannot go in at a place, or must not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Hindrance {
    /// `*name`: what it refers to is for others as well.
    #[error("an alias stands in its place")]
    Alias,
    /// In brackets.
    #[error("it is written in flow style")]
    Flow,
    /// Whoever reads the tag may mean something else by the list.
    #[error("it has a tag")]
    Tag,
    /// New lines would count for others as well.
    #[error("it has an anchor that is used elsewhere")]
    Shared,
    /// By `<<`.
    #[error("the stanza is merged from elsewhere")]
    StanzaMerged,
    /// By `<<`.
    #[error("the pipeline is merged from elsewhere")]
    PipelineMerged,
    /// By `<<`.
    #[error("the list is merged from elsewhere")]
    ListMerged,
    /// It has `branches`.
    #[error("the stanza is for some branches only")]
    Branches,
    /// Nothing shows how its items are indented.
    #[error("the list is empty")]
    EmptyList,
    /// Nothing shows how its keys are indented.
    #[error("the pipeline is empty")]
    EmptyPipeline,
    /// Nothing shows how its keys are indented.
    #[error("the mapping is empty")]
    EmptyMapping,
    /// Such as `- - a`.
    #[error("the list is not written as one item a line")]
    NoDash,
    /// Such as `}` of an enclosing collection.
    #[error("something follows on the line where new lines would go in")]
    LineGoesOn,
    /// A line break behind it would change its value.
    #[error("the file ends in a block of text without a line break")]
    CutBlock,
    /// The proof failed.
    #[error("the edited text would not say what it should")]
    OtherMeaning,
    /// The proof failed.
    #[error("the edited text would not be valid")]
    NotValid,
    /// The proof failed.
    #[error("libyaml, which Zuul reads with, does not take it")]
    NotForLibyaml,
}

impl Obstacle {
    fn hint(&self) -> &'static str {
        match self {
            Obstacle::UnknownProject => {
                "remove the name, or add a `.gitreview` file that names the project"
            }
            Obstacle::PipelineIsNoMapping(_) | Obstacle::JobsAreNoList(_) => {
                "correct the stanza first"
            }
            Obstacle::NoFileName => "choose another name with `--job NAME`",
            Obstacle::Hindrance(_) => "add the job by hand, or leave Zuul out with `--no-zuul`",
        }
    }
}

impl Remedy for ZuulError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            ZuulError::Covered(_) => Some(Refusal::Covered),
            ZuulError::Config(error) => error.refusal(),
            ZuulError::Refused { .. } => Some(Refusal::Zuul),
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => Some(Refusal::Conflict),
            ZuulError::Rendered { .. } | ZuulError::Files(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            ZuulError::Covered(_) => "`git rally check` judges what is there; `--job NAME` puts \
                                      a job of ours beside it, with its own `task-NAME.yaml`"
                .to_owned(),
            ZuulError::Config(error) => error.hint(),
            ZuulError::Refused { obstacle, .. } => obstacle.hint().to_owned(),
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => {
                "choose another name with `--job NAME`".to_owned()
            }
            ZuulError::Rendered { .. } => {
                "report it, if the catalogue is the built-in one".to_owned()
            }
            ZuulError::Files(error) => error.remedy.clone(),
        }
    }
}

fn sentences(jobs: &[CoveredJob]) -> String {
    let said: Vec<String> = jobs.iter().map(ToString::to_string).collect();
    said.join("; ")
}
