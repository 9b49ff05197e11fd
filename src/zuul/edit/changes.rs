//! What comes of it.

use std::fmt;

use super::super::model::Location;
use super::error::Hindrance;

/// The edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The files that change; none where the configuration has the job already.
    pub files: Vec<FileEdit>,
    /// What people should know.
    pub notes: Vec<Note>,
}

/// One file of the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The path.
    pub path: String,
    /// The bytes that are there; `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// The bytes to be.
    pub after: Vec<u8>,
    /// What is added, for people.
    pub why: String,
}

/// What people should know of an edit; its text is one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// Nothing changes: the job is there as wanted.
    Present {
        /// The job.
        job: String,
        /// Its definition.
        location: Location,
    },
    /// A root that Zuul does not read.
    Unread {
        /// The root.
        path: String,
    },
    /// A pipeline's entry is in a project stanza of its own.
    OwnStanza {
        /// The pipeline.
        pipeline: &'static str,
        /// The place where an entry could not be added.
        location: Location,
        /// Why not.
        why: Hindrance,
    },
    /// The entries use a list of irrelevant files that is there.
    SharedList {
        /// The list's anchor.
        anchor: String,
        /// The file.
        path: String,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::Present { job, location } => {
                write!(f, "the job `{job}` exists already: {location}")
            }
            Note::Unread { path } => {
                write!(f, "Zuul does not read `{path}`: another root comes first")
            }
            Note::OwnStanza {
                pipeline,
                location,
                why,
            } => write!(
                f,
                "the job is listed for {pipeline} in a project stanza of its own, which Zuul \
                 merges with the other: {location}: {why}"
            ),
            Note::SharedList { anchor, path } => write!(
                f,
                "the job shares `{anchor}` of `{path}` with other DevStack jobs"
            ),
        }
    }
}
