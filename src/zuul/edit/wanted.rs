//! What is asked for.

use super::super::model::Relevant;

/// Where the job runs, and whether its result counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voting {
    /// In check and gate, voting.
    Voting,
    /// In check only, `voting: false`.
    NonVoting,
}

/// What happens where a job runs Rally already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfCovered {
    /// There is no edit.
    Refuse,
    /// The wanted job is added beside it.
    AddBeside,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The repository's name for Zuul, `openstack/nova`; needed where a project stanza has one.
    pub project: Option<&'a str>,
    /// The job's name: `nova-rally`.
    pub job: &'a str,
    /// The `- job:` item: line feeds, dash at column 0.
    pub job_text: &'a str,
    /// The task file: `rally-jobs/task-nova.yaml`.
    pub task: &'a str,
    /// Pipelines of changes, and voting.
    pub voting: Voting,
    /// Whether `periodic` lists the job; `None`: as it is.
    pub periodic: Option<bool>,
    /// Patterns for the job, where no DevStack job has a list; those of paths that are not there
    /// are left out.
    pub irrelevant_files: &'a [String],
    /// What happens where another job runs Rally.
    pub if_covered: IfCovered,
}

impl Wanted<'_> {
    /// Returns what must stay relevant for the job, beside files of `paths`.
    pub(super) fn relevant<'p>(&'p self, paths: &'p [&'p str]) -> Relevant<'p> {
        Relevant {
            task: self.task,
            paths,
            package: self.project.and_then(|name| name.rsplit('/').next()),
        }
    }

    /// Returns the pipelines that list the job.
    pub(super) fn pipelines(&self) -> impl Iterator<Item = &'static str> {
        let periodic = (self.periodic == Some(true)).then_some(PERIODIC);
        self.voting.pipelines().iter().copied().chain(periodic)
    }
}

/// The pipeline that a timer starts: in OpenDev once a day, on each branch that has the entry.
pub(super) const PERIODIC: &str = "periodic";

impl Voting {
    /// Returns the pipelines of changes that list the job.
    pub(super) fn pipelines(self) -> &'static [&'static str] {
        match self {
            Voting::Voting => &["check", "gate"],
            Voting::NonVoting => &["check"],
        }
    }
}
