//! What comes of it.

use std::fmt;

use super::super::model::Location;
use super::error::Hindrance;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The files that change; none where the configuration has the job already.
    pub files: Vec<FileEdit>,
    /// What people should know.
    pub notes: Vec<Note>,
    /// The item of the job as it goes in; `None` where it is there already.
    pub job_text: Option<String>,
}

impl Edit {
    /// Returns how many other jobs no longer run for a change of `rally-jobs` alone.
    pub fn spares_others(&self) -> usize {
        let spared = |note: &Note| match note {
            Note::RallyJobsIrrelevant { jobs, .. } => *jobs,
            _ => 0,
        };
        self.notes.iter().map(spared).sum()
    }
}

/// One file of the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
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
        job: String,
        /// Its definition.
        location: Location,
    },
    /// A root that Zuul does not read.
    Unread { path: String },
    /// A pipeline's entry is in a project stanza of its own.
    OwnStanza {
        pipeline: &'static str,
        /// The place where an entry could not be added.
        location: Location,
        why: Hindrance,
    },
    /// The entries use a list of irrelevant files that is there.
    SharedList {
        /// The list's anchor.
        anchor: String,
        path: String,
    },
    /// The job has irrelevant files of its own, taken from another job's.
    OwnList {
        /// The list's anchor, or the other job.
        of: String,
        /// The list.
        location: Location,
    },
    /// The job has irrelevant files that are not the service's own.
    GeneralList,
    /// Lists name `rally-jobs` from now on.
    RallyJobsIrrelevant {
        lists: Vec<Location>,
        /// How many jobs of check and gate use them.
        jobs: usize,
    },
    /// DevStack jobs that a change of `rally-jobs` alone starts.
    StillStarted {
        jobs: Vec<String>,
        /// How many are not named.
        more: usize,
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
            Note::OwnList { of, location } => write!(
                f,
                "the job has a list of irrelevant files of its own, made from `{of}`: {location}"
            ),
            Note::GeneralList => write!(
                f,
                "the job has a general list of irrelevant files: no DevStack job here has one that \
                 it could use"
            ),
            Note::RallyJobsIrrelevant { lists, jobs } => {
                let lists: Vec<String> = lists.iter().map(ToString::to_string).collect();
                let lists = lists.join("; ");
                write!(
                    f,
                    "added rally-jobs to the irrelevant files of {jobs} other DevStack jobs, which \
                     need not run for it: {lists}"
                )
            }
            Note::StillStarted { jobs, more } => {
                let jobs = jobs.join(", ");
                write!(
                    f,
                    "other DevStack jobs run for a change of rally-jobs alone, too: {jobs}"
                )?;
                match more {
                    0 => Ok(()),
                    more => write!(f, " and {more} more"),
                }
            }
        }
    }
}
