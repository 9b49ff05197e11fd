//! What a person asks for: one variant a verb, with what it needs and no more, valid by construction.

use std::fmt;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::str::FromStr;

use crate::check::Selection;
use crate::gerrit::PushOptions;
use crate::git;
use crate::judge::Smallest;
use crate::message::{ChangeId, Trailer};
use crate::plan;
use crate::shell;

/// A verb and its arguments.
#[derive(Clone, Debug)]
pub enum Request {
    Detect(Detect),
    Diff(Diff),
    Commit(Commit),
    Patch(Patch),
    Review(Review),
    Check(Check),
    /// List the rules of `check`.
    Rules,
    Compare(Compare),
    Trend(Trend),
    Services(Services),
    Demo(Demo),
}

impl Request {
    /// Returns what the change is like, where the verb makes one.
    pub fn change(&self) -> Option<&ChangeOptions> {
        match self {
            Request::Diff(Diff { change, .. })
            | Request::Commit(Commit { change, .. })
            | Request::Patch(Patch { change, .. })
            | Request::Review(Review { change, .. }) => Some(change),
            _ => None,
        }
    }
}

/// Repositories as they were given; none, and no list: that of the current directory.
#[derive(Clone, Debug, Default)]
pub struct Repos {
    pub paths: Vec<PathBuf>,
    pub many: Many,
}

/// How many repositories are done.
#[derive(Clone, Debug, Default)]
pub struct Many {
    /// `--from`: a file with more of them, one a line; `-` is the standard input.
    pub from: Option<PathBuf>,
    /// `--jobs`: so many at the same time; as there are cores, unless it is given.
    pub jobs: Option<NonZeroUsize>,
}

impl Repos {
    /// Returns whether there may be more than one.
    pub fn may_be_many(&self) -> bool {
        self.paths.len() > 1 || self.many.from.is_some()
    }
}

/// Print which service a repository is.
#[derive(Clone, Debug)]
pub struct Detect {
    pub repos: Repos,
    pub start: Start,
}

/// Show the change.
#[derive(Clone, Debug)]
pub struct Diff {
    pub repos: Repos,
    pub change: ChangeOptions,
}

/// Make the commit.
#[derive(Clone, Debug)]
pub struct Commit {
    pub repos: Repos,
    pub change: ChangeOptions,
}

/// Write the change as a mail.
#[derive(Clone, Debug)]
pub struct Patch {
    pub repos: Repos,
    pub change: ChangeOptions,
    pub output: Output,
}

/// Make the commit and bring it to Gerrit.
#[derive(Clone, Debug)]
pub struct Review {
    pub repos: Repos,
    pub change: ChangeOptions,
    /// Topic, reviewers, hashtags, work in progress.
    pub options: PushOptions,
    pub upload: Upload,
}

/// Check what the repository has.
#[derive(Clone, Debug)]
pub struct Check {
    /// Repositories, files and folders; none: the repository of the current directory.
    pub paths: Vec<PathBuf>,
    pub many: Many,
    /// A commit instead of the work tree.
    pub revision: Option<String>,
    /// Which rules count.
    pub selection: Selection,
    pub repairs: Repairs,
}

/// Whether repairs are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repairs {
    /// As a diff.
    Show,
    None,
}

/// Judge two sets of results.
#[derive(Clone, Debug)]
pub struct Compare {
    /// Files and folders.
    pub before: Vec<PathBuf>,
    pub after: Vec<PathBuf>,
    pub options: JudgeOptions,
}

/// Judge a series of results.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Files and folders.
    pub results: Vec<PathBuf>,
    /// Whether they are in order; else the runs' starts say it.
    pub in_order: bool,
    pub options: JudgeOptions,
}

/// What matters, and what is written.
#[derive(Clone, Debug)]
pub struct JudgeOptions {
    pub smallest: Smallest,
    /// `--html`: a file.
    pub page: Option<Output>,
    /// The command that overwrites the file.
    pub again: String,
}

/// Print the catalogue.
#[derive(Clone, Debug)]
pub struct Services {
    pub listing: Listing,
    /// `--catalogue`: a folder of more services.
    pub catalogue: Option<PathBuf>,
}

/// Create a sample repository and commit there.
#[derive(Clone, Debug)]
pub struct Demo {
    /// A name of `fixtures/`.
    pub service: String,
}

/// Where the change starts.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// `--service`: instead of detection.
    pub service: Option<String>,
    /// `--base`: instead of the remote-tracking branch.
    pub base: Option<String>,
    /// `--catalogue`: a folder of more services.
    pub catalogue: Option<PathBuf>,
}

/// What the change is like.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    pub start: Start,
    pub plan: plan::Options,
    pub message: MessageOptions,
    /// `--limits-from`: results that the limits are set by, files and folders.
    pub limits_from: Vec<PathBuf>,
    /// `--branch`.
    pub branch: BranchName,
    /// `--replace`: make the next patch set of the change that the branch holds.
    pub replace: bool,
    /// `--forget`: options of the last run do not hold.
    pub forget: bool,
    /// `--new-message`: a message that somebody edited is written anew.
    pub new_message: bool,
    /// `--no-gpg-sign` turns it off; else `commit.gpgSign` decides.
    pub sign: bool,
    /// The words that ask for this change again; `--replace` is not among them.
    pub typed: Vec<String>,
}

impl ChangeOptions {
    /// Returns the command that asks for this change again, as a person types it: `verb`, the
    /// options, `more` of them, and the repository.
    pub fn command(&self, verb: &str, more: &[&str], repo: &str) -> String {
        let mut words = vec!["git", "rally", verb];
        words.extend(self.typed.iter().map(String::as_str));
        words.extend(more);
        // A folder may be called `-x`.
        words.extend(repo.starts_with('-').then_some("--"));
        words.extend((repo != ".").then_some(repo));
        shell::line(words)
    }
}

/// What the commit message gets beside what the plan says.
#[derive(Clone, Debug)]
pub struct MessageOptions {
    /// `--no-signoff` turns it off.
    pub sign_off: bool,
    /// `--change-id`.
    pub change_id: Option<ChangeId>,
    /// `--trailer`, in their order.
    pub trailers: Vec<Trailer>,
}

/// Where a patch goes. A folder gets a file named as `git format-patch` names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Standard output.
    Standard,
    /// A file that must not exist yet, or a folder.
    Create(PathBuf),
    /// A file, whatever it holds, or a folder.
    Overwrite(PathBuf),
}

/// What `review` does once the commit exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Upload {
    PrintSteps,
    Push,
}

/// Which part of the catalogue, and how.
#[derive(Clone, Debug)]
pub enum Listing {
    /// A line for each service.
    All,
    /// One service in full.
    One(String),
    /// The text of one service's entry.
    Yaml(String),
}

/// The branch, unless another is given.
pub const DEFAULT_BRANCH: &str = "rally-perfscale";

/// The topic, unless another is given.
pub const DEFAULT_TOPIC: &str = DEFAULT_BRANCH;

impl Default for ChangeOptions {
    /// What the command line gives where nothing is typed.
    fn default() -> ChangeOptions {
        ChangeOptions {
            start: Start::default(),
            plan: plan::Options::default(),
            message: MessageOptions {
                sign_off: true,
                change_id: None,
                trailers: Vec::new(),
            },
            limits_from: Vec::new(),
            branch: BranchName(DEFAULT_BRANCH.to_owned()),
            replace: false,
            forget: false,
            new_message: false,
            sign: true,
            typed: Vec::new(),
        }
    }
}

/// A branch name that git itself would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchName(String);

/// A text that is no branch name.
#[derive(Debug, thiserror::Error)]
pub enum BranchNameError {
    #[error("`{0}` is not a branch name; see `git check-ref-format --help`")]
    Bad(String),
    #[error("`@` is what git calls HEAD, so no command could name a branch that is called so")]
    Head,
}

impl FromStr for BranchName {
    type Err = BranchNameError;

    fn from_str(name: &str) -> Result<BranchName, BranchNameError> {
        let bare = name.strip_prefix("refs/heads/").unwrap_or(name);
        if bare.starts_with("refs/") || !git::is_branch_name(bare) {
            return Err(match bare {
                "@" => BranchNameError::Head,
                _ => BranchNameError::Bad(name.to_owned()),
            });
        }
        Ok(BranchName(bare.to_owned()))
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for BranchName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
