//! Everything that git-rally says about a repository: text and JSON are two views of an [`Event`].

mod summary;

use serde::Serialize;

use crate::change::{FileAction, Reason};
use crate::check::{RuleText, Severity};
use crate::detect::Evidence;
use crate::judge::{Comparison, Trend, Verdict};
use crate::remedy::Refusal;

pub use summary::{Progress, Summary, SummaryLine, What};

/// A result, or what is said meanwhile. JSON has the variant's name as `type`.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Event {
    /// The repository is a service.
    Detected {
        repo: String,
        service: String,
        evidence: Vec<Evidence>,
        /// What the service manages.
        resources: Vec<String>,
        notes: Vec<String>,
    },
    Committed(Box<Committed>),
    /// There is nothing to do.
    Unchanged {
        repo: String,
        reason: String,
    },
    /// Understood, and declined.
    Refused {
        repo: String,
        kind: Refusal,
        reason: String,
        /// What to type, or to do.
        hint: String,
    },
    /// It went wrong.
    Failed {
        repo: String,
        reason: String,
        /// What to type, or to do.
        hint: String,
    },
    /// The change as text.
    Patch(Patch),
    /// An entry of the catalogue.
    Service(Box<Service>),
    /// Something that `check` found.
    Finding(Box<Found>),
    /// A rule of `check`.
    Rule(Box<RuleText>),
    /// What two sets of results say.
    Compared(Box<Compared>),
    /// What a series of results says.
    Trend(Box<Trended>),
    /// Not done, since the run was interrupted.
    Skipped {
        repo: String,
        reason: String,
    },
    /// What git or Gerrit says while it works: for people, no result.
    #[serde(skip)]
    Talk(String),
    /// How far a run over many repositories is: for people.
    #[serde(skip)]
    Progress(Progress),
    /// What came of many repositories: for people; programs have it from the results.
    #[serde(skip)]
    Summary(Summary),
}

/// Something that `check` found.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub repo: String,
    pub severity: Severity,
    /// In the repository.
    pub path: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// The rule's name.
    pub rule: &'static str,
    pub message: String,
    /// The path from where the person stands.
    #[serde(skip)]
    pub shown: String,
    /// Where a person reads it.
    #[serde(skip)]
    pub stream: Stream,
}

/// What two sets of results say.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    #[serde(flatten)]
    pub comparison: Comparison,
    /// The file with the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// What a series of results says.
#[derive(Clone, Debug, Serialize)]
pub struct Trended {
    #[serde(flatten)]
    pub trend: Trend,
    /// The file with the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

/// A stream of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Output,
    /// The output is a diff for `git apply`.
    Error,
}

/// A commit, and what to know about it.
#[derive(Clone, Debug, Serialize)]
pub struct Committed {
    pub repo: String,
    pub service: String,
    /// The base commit.
    pub base: String,
    pub branch: String,
    pub commit: String,
    pub tree: String,
    /// `None` where the configuration turns it off.
    pub change_id: Option<String>,
    /// The files of the change, those that were kept included.
    pub files: Vec<FileLine>,
    /// The push that brings it to Gerrit.
    pub push: Option<String>,
    /// What Gerrit made of the push, where you asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed: Option<PushAnswer>,
    /// Most important first.
    pub notes: Vec<String>,
    /// What names the base, and its date.
    #[serde(skip)]
    pub base_name: String,
    /// Whose Signed-off-by was added.
    #[serde(skip)]
    pub signed_off_by: Option<String>,
    /// What to type next; after a push, where the change is.
    pub next: Vec<String>,
    #[serde(skip)]
    pub made: Made,
}

/// When the commit was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Made {
    Now,
    /// The branch held it already; so many of its objects were lost, and are stored again.
    Before {
        restored: usize,
    },
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
    pub path: String,
    pub change: FileAction,
    pub why: Reason,
}

/// The change as text.
#[derive(Clone, Debug, Serialize)]
pub struct Patch {
    pub repo: String,
    /// A unified diff or a mail.
    pub text: String,
    /// The same in colour, for a terminal.
    #[serde(skip)]
    pub coloured: Option<String>,
    /// Most important first.
    pub notes: Vec<String>,
    /// The file that it was written to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// One service of the catalogue, and how much of it people see; JSON has all of it.
#[derive(Clone, Debug, Serialize)]
pub struct Service {
    #[serde(flatten)]
    pub entry: ServiceEntry,
    #[serde(flatten)]
    pub form: ServiceForm,
}

/// How people see a service.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum ServiceForm {
    /// One line.
    Line {},
    /// Everything.
    Full {},
    /// The text of `service.yaml`.
    Yaml { yaml: String },
}

/// What the catalogue has of a service.
#[derive(Clone, Debug, Serialize)]
pub struct ServiceEntry {
    pub service: String,
    /// `Compute`.
    pub kind: String,
    /// `built in`, or the folder.
    pub origin: String,
    pub resources: Vec<crate::catalogue::Resource>,
    pub workloads: Vec<WorkloadLine>,
    pub plugins: Vec<crate::catalogue::Plugin>,
    pub job: Option<JobLine>,
    /// How long DevStack takes to come up before the task, in seconds; `None` where unknown.
    pub devstack: Option<u64>,
    /// How long the whole task takes, in seconds; `None` where durations are unknown.
    pub expected: Option<u64>,
    /// The longest time of the whole task within its limits, in seconds.
    pub bound: u64,
    /// Where the entry differs from the perfscale specification.
    pub differences: Vec<String>,
}

/// One workload of the catalogue.
#[derive(Clone, Debug, Serialize)]
pub struct WorkloadLine {
    pub scenario: String,
    pub description: String,
    /// Iterations.
    pub times: u32,
    /// Iterations at the same time.
    pub concurrency: u32,
    /// How long it takes, in seconds; `None` where a duration is unknown.
    pub expected: Option<u64>,
    /// Longest time within its limits, in seconds.
    pub bound: u64,
}

/// The job of a service.
#[derive(Clone, Debug, Serialize)]
pub struct JobLine {
    pub name: String,
    pub parent: String,
    /// Whether the parent runs upstream.
    pub proven: bool,
    /// What is known of the parent.
    pub evidence: String,
    /// Seconds.
    pub timeout: u32,
}

impl Event {
    /// Returns that there is nothing to do for `repo`.
    pub fn unchanged(repo: &str, reason: String) -> Event {
        Event::Unchanged {
            repo: repo.to_owned(),
            reason,
        }
    }

    /// Returns what was done, for people who cannot be shown the event.
    pub fn deed(&self) -> Option<String> {
        match self {
            Event::Committed(done) => Some(format!(
                "the branch `{}` of {} holds the commit {}",
                done.branch, done.repo, done.commit
            )),
            Event::Patch(Patch {
                file: Some(file), ..
            }) => Some(format!("the patch is in `{file}`")),
            _ => None,
        }
    }

    /// Returns the exit code that the event asks for: 0, 1 for failed or an error found, 3 for
    /// refused, 4 for something that could not be judged.
    pub fn exit_code(&self) -> u8 {
        match self {
            Event::Failed { .. } => 1,
            Event::Finding(found) => match found.severity {
                Severity::Error => 1,
                Severity::Warning => 0,
                Severity::Note => NOT_JUDGED,
            },
            Event::Refused { .. } => 3,
            Event::Compared(said) => judged(said.comparison.verdict, said.comparison.is_whole()),
            Event::Trend(said) => judged(said.trend.verdict, said.trend.is_whole()),
            _ => 0,
        }
    }
}

/// Returns the exit code of a verdict on results: 1 for worse, 4 where nothing is worse and not all
/// could be judged.
fn judged(verdict: Verdict, is_whole: bool) -> u8 {
    match verdict {
        Verdict::Worse => 1,
        Verdict::NotJudged => NOT_JUDGED,
        _ if is_whole => 0,
        _ => NOT_JUDGED,
    }
}

/// The exit code where `check` found nothing and could not judge something.
pub const NOT_JUDGED: u8 = 4;

/// Returns the exit code of many: 1 if any failed, else 3 if any was refused, else 4 if anything
/// could not be judged, else 0.
pub fn exit_code(codes: impl IntoIterator<Item = u8>) -> u8 {
    let codes: Vec<u8> = codes.into_iter().collect();
    let by_weight = [1, 3, NOT_JUDGED];
    let worst = by_weight.into_iter().find(|code| codes.contains(code));
    worst.unwrap_or(0)
}
