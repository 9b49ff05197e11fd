//! Everything that git-rally says about a repository: text and JSON are two views of an [`Event`].

use serde::Serialize;

use crate::change::Verb;
use crate::detect::Evidence;
pub use crate::remedy::Refusal;

/// A result.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// The repository is a service.
    Detected {
        /// The repository.
        repo: String,
        /// The service.
        service: String,
        /// What says so.
        evidence: Vec<Evidence>,
        /// What the service manages.
        resources: Vec<String>,
        /// What should be known about it.
        notes: Vec<String>,
    },
    /// A commit was made.
    Committed(Box<Committed>),
    /// There is nothing to do.
    Unchanged {
        /// The repository.
        repo: String,
        /// Why.
        reason: String,
    },
    /// Understood, and declined.
    Refused {
        /// The repository.
        repo: String,
        /// Which kind of refusal.
        kind: Refusal,
        /// Why.
        reason: String,
        /// What to type, or to do.
        hint: String,
    },
    /// It went wrong.
    Failed {
        /// The repository.
        repo: String,
        /// What.
        reason: String,
        /// What to type, or to do.
        hint: String,
    },
    /// The change as text.
    Patch {
        /// The repository.
        repo: String,
        /// A unified diff or a mail.
        text: String,
        /// The same in colour, for a terminal.
        #[serde(skip)]
        coloured: Option<String>,
        /// What should be known about it, most important first.
        notes: Vec<String>,
        /// The file that it was written to, if it was.
        #[serde(skip_serializing_if = "Option::is_none")]
        file: Option<String>,
    },
    /// What git says while it works, for people: talk, no result.
    #[serde(skip)]
    Talk(String),
    /// An entry of the catalogue.
    Service(Box<ServiceEntry>),
    /// Something that `check` found.
    Finding {
        /// The repository.
        repo: String,
        /// The file.
        path: String,
        /// The line, from 1.
        line: usize,
        /// The rule's name.
        rule: &'static str,
        /// What is wrong.
        message: String,
    },
}

/// A commit, and what to know about it.
#[derive(Clone, Debug, Serialize)]
pub struct Committed {
    /// The repository.
    pub repo: String,
    /// The service.
    pub service: String,
    /// The base commit.
    pub base: String,
    /// The branch.
    pub branch: String,
    /// The commit.
    pub commit: String,
    /// Its tree.
    pub tree: String,
    /// Its Change-Id, unless the configuration turns that off.
    pub change_id: Option<String>,
    /// The files of the change, those that were kept included.
    pub files: Vec<FileLine>,
    /// The push that hands it to Gerrit.
    pub push: Option<String>,
    /// What Gerrit made of the push, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed: Option<PushAnswer>,
    /// What should be known about it, most important first.
    pub notes: Vec<String>,
    /// What names the base, and its date.
    #[serde(skip)]
    pub base_name: String,
    /// Whose Signed-off-by was added.
    #[serde(skip)]
    pub signed_off_by: Option<String>,
    /// What to type next; after a push, where the change is.
    pub next: Vec<String>,
    /// Whether the branch held the commit before.
    #[serde(skip)]
    pub was_there: bool,
    /// How many of its objects were lost and are stored again.
    #[serde(skip)]
    pub restored: usize,
}

/// What Gerrit made of a push.
#[derive(Clone, Debug, Serialize)]
pub struct PushAnswer {
    /// The changes that it names.
    pub changes: Vec<crate::gerrit::Change>,
    /// What git printed, Gerrit's words included.
    pub lines: Vec<String>,
}

/// One file of a change.
#[derive(Clone, Debug, Serialize)]
pub struct FileLine {
    /// The path.
    pub path: String,
    /// What happens to it.
    pub change: Verb,
    /// Why.
    pub why: String,
}

/// One service of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceEntry {
    /// The service.
    pub service: String,
    /// What it is.
    pub kind: String,
    /// Where the entry is from.
    pub origin: String,
    /// Resources, and why no workload covers one.
    pub resources: Vec<crate::catalogue::Resource>,
    /// Scenario, number of iterations, concurrency, longest time in seconds.
    pub workloads: Vec<WorkloadLine>,
    /// Plugin files and their scenarios.
    pub plugins: Vec<crate::catalogue::Plugin>,
    /// The job.
    pub job: Option<JobLine>,
    /// The longest time of the whole task within its limits, in seconds.
    pub bound: u64,
    /// Where the entry differs from the perfscale specification.
    pub differences: Vec<String>,
    /// The entry's own text, if it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub yaml: Option<String>,
    /// Whether to show it in one line.
    #[serde(skip)]
    pub brief: bool,
}

/// One workload of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct WorkloadLine {
    /// The scenario.
    pub scenario: String,
    /// What it checks.
    pub description: String,
    /// Iterations.
    pub times: u32,
    /// At the same time.
    pub concurrency: u32,
    /// Longest time within its limits, in seconds.
    pub bound: u64,
}

/// The job of a service.
#[derive(Clone, Debug, Serialize)]
pub struct JobLine {
    /// Its name.
    pub name: String,
    /// Its parent.
    pub parent: String,
    /// Whether the parent is alive upstream.
    pub proven: bool,
    /// What is known of the parent.
    pub evidence: String,
    /// Seconds.
    pub timeout: u32,
}

impl Event {
    /// Returns the exit code that the event asks for: 0, 1 for failed or found, 3 for refused.
    pub fn exit_code(&self) -> u8 {
        match self {
            Event::Failed { .. } | Event::Finding { .. } => 1,
            Event::Refused { .. } => 3,
            _ => 0,
        }
    }
}

/// Returns the exit code of many: 1 if any failed, else 3 if any was refused, else 0.
pub fn exit_code(codes: impl IntoIterator<Item = u8>) -> u8 {
    codes
        .into_iter()
        .fold(0, |so_far, code| match (so_far, code) {
            (1, _) | (_, 1) => 1,
            (3, _) | (_, 3) => 3,
            (other, _) => other,
        })
}
