//! Why a task stays as it is.

use crate::remedy::{Refusal, Remedy};
use crate::render::RenderError;
use crate::zuul::Location;

/// Why there is no new text.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    #[error("there is no file `{0}` in the base commit")]
    NoFile(String),
    /// The task cannot be extended safely (kind `covered`: Rally runs there already).
    #[error("cannot extend {location}: {obstacle}")]
    Refused {
        /// The place in the way.
        location: Location,
        /// What is in the way.
        obstacle: Obstacle,
    },
    /// A value of the catalogue would be Jinja2 in the task.
    #[error("the new workloads have `{0}`, which is Jinja2 for Rally")]
    Jinja2(String),
    #[error(transparent)]
    Render(#[from] RenderError),
}

/// What is in the way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// What the task says cannot be told.
    #[error("{0}")]
    Unread(String),
    #[error("it is no Rally task")]
    NoTask,
    /// In brackets.
    #[error("the list of subtasks uses flow style")]
    Flow,
    /// `*name`, or what such a name refers to.
    #[error("the list of subtasks is an alias, or an alias refers to it")]
    Alias,
    /// Whoever reads the tag may mean something else.
    #[error("the list of subtasks has a tag")]
    Tag,
    /// Nothing shows how its items are written.
    #[error("the list of subtasks is empty")]
    Empty,
    /// Such as `- - a`.
    #[error("the list of subtasks does not have one item a line")]
    NoDash,
    /// `{% raw %}` with half a block in it.
    #[error("where its blocks of Jinja2 end cannot be told")]
    Block,
    /// Jinja2 takes the last line break of a template away, so that new lines bring it back.
    #[error("the file ends in a block scalar, whose value new lines would change")]
    CutBlock,
    /// The proof failed.
    #[error("Rally would not read the extended text as the old task and the new workloads")]
    OtherMeaning,
    /// The proof failed.
    #[error("Rally could not read the extended text")]
    NotValid,
}

impl Remedy for ExtendError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            ExtendError::NoFile(_) | ExtendError::Refused { .. } => Some(Refusal::Covered),
            ExtendError::Jinja2(_) | ExtendError::Render(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            ExtendError::NoFile(_) | ExtendError::Refused { .. } => {
                "mend the task first: git rally check; or add a second task, with its own job: git rally commit --job NAME"
                    .to_owned()
            }
            ExtendError::Jinja2(_) => {
                "if you use the built-in catalogue, please report this".to_owned()
            }
            ExtendError::Render(error) => error.hint(),
        }
    }
}
