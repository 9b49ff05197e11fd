//! What is asked for, valid by construction.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use crate::gerrit::PushOptions;
use crate::git;
use crate::message::{ChangeId, Trailer};
use crate::plan;

/// A branch name that git itself would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BranchName(String);

/// A name that is no branch's.
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

/// What to do, and with what.
#[derive(Clone, Debug)]
pub struct Request {
    /// What to do.
    pub verb: Verb,
    /// The repositories; empty: the one of the current directory.
    pub repos: Vec<PathBuf>,
    /// What the change is like.
    pub change: ChangeOptions,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verb {
    /// Say which service it is.
    Detect,
    /// Show the change.
    Diff,
    /// Make the commit.
    Commit,
    /// Write the change as a mail.
    Patch(Output),
    /// Prepare the change for Gerrit.
    Review(Review),
    /// Judge what is there.
    Check,
    /// Print the catalogue, or one entry of it; as YAML, if so wished.
    Services {
        /// One service.
        name: Option<String>,
        /// The entry's own text.
        yaml: bool,
    },
    /// Lay out a sample repository and run the main job on it.
    Demo {
        /// Which sample.
        service: String,
    },
}

impl Verb {
    /// Returns the verb as it is typed.
    pub fn name(&self) -> &'static str {
        match self {
            Verb::Detect => "detect",
            Verb::Diff => "diff",
            Verb::Commit => "commit",
            Verb::Patch(_) => "patch",
            Verb::Review(_) => "review",
            Verb::Check => "check",
            Verb::Services { .. } => "services",
            Verb::Demo { .. } => "demo",
        }
    }
}

/// The topic, and the branch, unless others are given.
pub const TOPIC: &str = "rally-perfscale";

/// How a change goes to Gerrit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Topic, reviewers, hashtags, work in progress.
    pub options: PushOptions,
    /// Whether to push.
    pub push: bool,
}

impl Default for Review {
    fn default() -> Review {
        let options = PushOptions {
            topic: TOPIC.parse().ok(),
            ..PushOptions::default()
        };
        Review {
            options,
            push: false,
        }
    }
}

/// Where a patch goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Output {
    /// A file, or a folder for a file named as `git format-patch` names it; else standard output.
    pub path: Option<PathBuf>,
    /// Whether a file that is there may be overwritten.
    pub force: bool,
}

/// What the change is like.
#[derive(Clone, Debug)]
pub struct ChangeOptions {
    /// `--service`: instead of detection.
    pub service: Option<String>,
    /// `--base`: instead of the remote-tracking branch.
    pub base: Option<String>,
    /// `--branch`.
    pub branch: BranchName,
    /// `--replace`: make the next patch set of the change that the branch holds.
    pub replace: bool,
    /// `--change-id`.
    pub change_id: Option<ChangeId>,
    /// `--catalogue`: a folder of more services.
    pub catalogue: Option<PathBuf>,
    /// `--no-signoff` turns it off.
    pub sign_off: bool,
    /// `--no-gpg-sign` turns it off; else `commit.gpgSign` decides.
    pub sign: bool,
    /// `--trailer`, in their order.
    pub trailers: Vec<Trailer>,
    /// What the plan is made from.
    pub plan: plan::Options,
}
