//! The change: the options that `diff`, `commit`, `patch` and `review` share.

use std::path::PathBuf;

use super::start::{Repos, StartArgs};
use crate::message::{ChangeId, Trailer};
use crate::plan::{self, JobName, LoadOptions};
use crate::request::{BranchName, ChangeOptions, DEFAULT_BRANCH, MessageOptions};
use crate::zuul::Voting;

#[derive(Debug, clap::Args)]
pub(super) struct ChangeArgs {
    #[command(flatten)]
    repos: Repos,

    #[command(flatten)]
    start: StartArgs,

    /// The branch to create
    #[arg(long, value_name = "NAME", default_value = DEFAULT_BRANCH)]
    branch: BranchName,

    /// Replace the change on the branch as its next patch set
    #[arg(long)]
    replace: bool,

    /// The Change-Id [default: that of the branch, else by the formula of Gerrit's hook]
    #[arg(long, value_name = "ID")]
    change_id: Option<ChangeId>,

    /// Iterations of every workload
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    times: Option<u32>,

    /// Iterations that run at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: Option<u32>,

    /// Add the Zuul job to check only, non-voting
    #[arg(long, conflicts_with = "voting")]
    trial: bool,

    /// Add the Zuul job to check and gate, voting
    #[arg(long)]
    voting: bool,

    /// Add no Zuul job
    #[arg(long, conflicts_with_all = ["trial", "voting", "job"])]
    no_zuul: bool,

    /// Use another name for the job; its task is then task-NAME.yaml
    #[arg(long, value_name = "NAME")]
    job: Option<JobName>,

    /// Add no Signed-off-by
    #[arg(long)]
    no_signoff: bool,

    /// Do not sign the commit, even if commit.gpgSign is set
    #[arg(long)]
    no_gpg_sign: bool,

    /// Add a trailer to the commit message; you can repeat this option
    #[arg(long = "trailer", value_name = "K: V")]
    trailers: Vec<Trailer>,
}

impl ChangeArgs {
    /// Returns the repositories and the change.
    pub(super) fn request(self) -> (Vec<PathBuf>, ChangeOptions) {
        let voting = match (self.voting, self.trial) {
            (true, _) => Some(Voting::Voting),
            (_, true) => Some(Voting::NonVoting),
            _ => None,
        };
        let change = ChangeOptions {
            start: self.start.request(),
            plan: plan::Options {
                job: self.job,
                voting,
                without_zuul: self.no_zuul,
                load: LoadOptions {
                    times: self.times,
                    concurrency: self.concurrency,
                },
            },
            message: MessageOptions {
                sign_off: !self.no_signoff,
                change_id: self.change_id,
                trailers: self.trailers,
            },
            branch: self.branch,
            replace: self.replace,
            sign: !self.no_gpg_sign,
        };
        (self.repos.repos, change)
    }
}
