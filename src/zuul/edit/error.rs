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
    #[error("the job name `{job}` is taken: {location} {by}")]
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
    #[error("cannot use the rendered job `{job}`: {reason}")]
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
    #[error("the project stanza has a `name`, and no `.gitreview` names this repository")]
    UnknownProject,
    /// Of this name; not Zuul's form of a pipeline.
    #[error("`{0}` is not a mapping; Zuul rejects the stanza")]
    PipelineIsNoMapping(String),
    /// Of the pipeline of this name; not Zuul's form of a job list.
    #[error("`jobs` of `{0}` is not a list; Zuul rejects the stanza")]
    JobsAreNoList(String),
    /// All names that a new file would have are used.
    #[error("the file names for the job are taken")]
    NoFileName,
    /// A person can do it, this tool cannot.
    #[error("{0}")]
    Hindrance(Hindrance),
    /// The same, of an entry of a job that is there already.
    #[error("{0}")]
    Entry(Hindrance),
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
    #[error("it is an alias")]
    Alias,
    /// In brackets.
    #[error("it uses flow style")]
    Flow,
    /// Whoever reads the tag may mean something else by the list.
    #[error("it has a tag")]
    Tag,
    /// New lines would count for others as well.
    #[error("an alias elsewhere refers to it")]
    Shared,
    /// By `<<`.
    #[error("the stanza merges keys from elsewhere")]
    StanzaMerged,
    /// By `<<`.
    #[error("the pipeline merges keys from elsewhere")]
    PipelineMerged,
    /// By `<<`.
    #[error("the list comes from a merged mapping")]
    ListMerged,
    /// It has `branches`.
    #[error("the stanza applies to some branches only")]
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
    #[error("the list does not have one item a line")]
    NoDash,
    /// Such as `}` of an enclosing collection.
    #[error("more text follows on the line where the new lines go")]
    LineGoesOn,
    /// It would be lost.
    #[error("the entry has a comment")]
    Comment,
    /// What git-rally does not write.
    #[error("the entry has attributes that git-rally does not give it")]
    OtherAttributes,
    /// A line break behind it would change its value.
    #[error("the file ends in a block scalar without a line break")]
    CutBlock,
    /// The proof failed.
    #[error("the edited text would not mean what it should")]
    OtherMeaning,
    /// The proof failed.
    #[error("the edited text would not be valid")]
    NotValid,
    /// The proof failed.
    #[error("libyaml, which Zuul uses, rejects it")]
    NotForLibyaml,
}

impl Obstacle {
    fn hint(&self) -> &'static str {
        match self {
            Obstacle::UnknownProject => {
                "remove the name, or add a `.gitreview` file that names the project"
            }
            Obstacle::PipelineIsNoMapping(_) | Obstacle::JobsAreNoList(_) => "fix the stanza first",
            Obstacle::NoFileName => "choose another name: --job NAME",
            Obstacle::Entry(_) => {
                "change by hand where the job runs, and run the command without `--trial`, `--voting`, `--periodic` or `--no-periodic`"
            }
            Obstacle::Hindrance(_) => "add the job by hand, or use `--no-zuul`",
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
            ZuulError::Covered(_) => "to check that job: git rally check; to add another job, with its own `task-NAME.yaml`: --job NAME"
                .to_owned(),
            ZuulError::Config(error) => error.hint(),
            ZuulError::Refused { obstacle, .. } => obstacle.hint().to_owned(),
            ZuulError::Taken { .. } | ZuulError::Foreign { .. } => {
                "choose another name: --job NAME".to_owned()
            }
            ZuulError::Rendered { .. } => {
                "if you use the built-in catalogue, please report this".to_owned()
            }
            ZuulError::Files(error) => error.remedy.clone(),
        }
    }
}

fn sentences(jobs: &[CoveredJob]) -> String {
    let said: Vec<String> = jobs.iter().map(ToString::to_string).collect();
    said.join("; ")
}
