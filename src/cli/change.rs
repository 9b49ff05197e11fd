//! The change: the options that `diff`, `commit`, `patch` and `review` share.

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches};

use super::start::{self, StartArgs};
use super::typed::typed;
use crate::message::{ChangeId, Trailer};
use crate::plan::{self, JobName, LoadOptions};
use crate::request::{BranchName, ChangeOptions, DEFAULT_BRANCH, MessageOptions, Repos};
use crate::zuul::Voting;

// The groups of options in the help.
const BRANCH: &str = "Branch";
const FILES: &str = "Files";
const JOB: &str = "Zuul job";
const MESSAGE: &str = "Commit message";
const TASK: &str = "Task";

/// The options, and how to type them again.
#[derive(Debug)]
pub(super) struct ChangeArgs {
    options: OptionArgs,
    typed: Vec<String>,
}

#[derive(Debug, Args)]
struct OptionArgs {
    #[command(flatten)]
    repos: start::Repos,

    #[command(flatten)]
    start: StartArgs,

    /// The branch to create
    #[arg(help_heading = BRANCH, long, value_name = "NAME", default_value = DEFAULT_BRANCH)]
    branch: BranchName,

    /// Replace the change on the branch as its next patch set
    #[arg(help_heading = BRANCH, long)]
    replace: bool,

    /// With --replace, write the message anew even if somebody edited it
    #[arg(help_heading = BRANCH, long)]
    new_message: bool,

    /// Ignore the options of the last run
    #[arg(help_heading = BRANCH, long)]
    forget: bool,

    /// The Change-Id [default: that of the branch, else by the formula of Gerrit's hook]
    #[arg(help_heading = MESSAGE, long, value_name = "ID")]
    change_id: Option<ChangeId>,

    /// Iterations of every workload
    #[arg(help_heading = TASK, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    times: Option<u32>,

    /// Iterations that run at the same time
    #[arg(help_heading = TASK, long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: Option<u32>,

    /// Set the limits by what these results of earlier runs measured: a file or a folder; you can
    /// repeat this option
    #[arg(help_heading = TASK, long, value_name = "RESULTS")]
    limits_from: Vec<PathBuf>,

    /// Add the Zuul job to check only, non-voting
    #[arg(help_heading = JOB, long, conflicts_with = "voting")]
    trial: bool,

    /// Add the Zuul job to check and gate, voting
    #[arg(help_heading = JOB, long)]
    voting: bool,

    /// Run the Zuul job once a day, too: add it to the project's periodic pipeline
    #[arg(help_heading = JOB, long, conflicts_with = "no_periodic")]
    periodic: bool,

    /// Take the Zuul job out of the periodic pipeline again
    #[arg(help_heading = JOB, long)]
    no_periodic: bool,

    /// Add no Zuul job
    #[arg(help_heading = JOB, long, conflicts_with_all = ["trial", "voting", "periodic", "no_periodic", "job"])]
    no_zuul: bool,

    /// Replace READMEs that exist in rally-jobs; tasks and plugins are always kept
    #[arg(help_heading = FILES, long)]
    replace_docs: bool,

    /// Add the workloads that are missing to a task that people have written
    #[arg(help_heading = TASK, long, conflicts_with_all = ["trial", "voting", "periodic", "no_periodic", "no_zuul", "job", "replace_docs"])]
    extend: bool,

    /// The task that --extend adds to [default: the one that a job here runs]
    #[arg(help_heading = TASK, long, value_name = "PATH", requires = "extend")]
    task: Option<String>,

    /// In an update, leave this file as it is; you can repeat this option
    #[arg(help_heading = FILES, long, value_name = "PATH")]
    keep: Vec<String>,

    /// Use another name for the job; its task is then task-NAME.yaml
    #[arg(help_heading = JOB, long, value_name = "NAME")]
    job: Option<JobName>,

    /// Add no Signed-off-by
    #[arg(help_heading = MESSAGE, long)]
    no_signoff: bool,

    /// Do not sign the commit, even if commit.gpgSign is set
    #[arg(help_heading = MESSAGE, long)]
    no_gpg_sign: bool,

    /// Add a trailer to the commit message; you can repeat this option
    #[arg(help_heading = MESSAGE, long = "trailer", value_name = "K: V")]
    trailers: Vec<Trailer>,
}

impl ChangeArgs {
    /// Returns the repositories and the change.
    pub(super) fn request(self) -> (Repos, ChangeOptions) {
        let (repos, change) = self.options.request();
        let typed = self.typed;
        (repos, ChangeOptions { typed, ..change })
    }
}

impl FromArgMatches for ChangeArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<ChangeArgs, clap::Error> {
        Ok(ChangeArgs {
            options: OptionArgs::from_arg_matches(matches)?,
            typed: typed(&OptionArgs::augment_args(Command::new("change")), matches),
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = ChangeArgs::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Args for ChangeArgs {
    fn augment_args(command: Command) -> Command {
        OptionArgs::augment_args(command)
    }

    fn augment_args_for_update(command: Command) -> Command {
        OptionArgs::augment_args_for_update(command)
    }
}

impl OptionArgs {
    fn request(self) -> (Repos, ChangeOptions) {
        let voting = match (self.voting, self.trial) {
            (true, _) => Some(Voting::Voting),
            (_, true) => Some(Voting::NonVoting),
            _ => None,
        };
        let periodic = match (self.periodic, self.no_periodic) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        };
        let change = ChangeOptions {
            start: self.start.request(),
            plan: plan::Options {
                job: self.job,
                voting,
                periodic,
                without_zuul: self.no_zuul,
                extend: self.extend,
                task: self.task,
                keep: self.keep,
                replace_docs: self.replace_docs,
                load: LoadOptions {
                    times: self.times,
                    concurrency: self.concurrency,
                },
                limits: None,
            },
            message: MessageOptions {
                sign_off: !self.no_signoff,
                change_id: self.change_id,
                trailers: self.trailers,
            },
            limits_from: self.limits_from,
            branch: self.branch,
            replace: self.replace,
            forget: self.forget,
            new_message: self.new_message,
            sign: !self.no_gpg_sign,
            typed: Vec::new(),
        };
        (self.repos.request(), change)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::request::Request;
    use clap::Parser;

    /// Options that stand in no printed command.
    const LEFT_OUT: [&str; 3] = ["replace", "from", "jobs"];

    fn parsed(words: &[String]) -> ChangeOptions {
        let words = ["git-rally", "commit"]
            .into_iter()
            .chain(words.iter().map(String::as_str));
        match Cli::try_parse_from(words)
            .expect("a command line")
            .request()
        {
            Ok(Request::Commit(commit)) => commit.change,
            other => panic!("{other:?}"),
        }
    }

    /// Returns values of the kind that help calls `name`; a new kind needs a line here.
    fn values(name: &str) -> &'static [&'static str] {
        match name {
            "NAME" => &["some-name"],
            "ID" => &["I0123456789012345678901234567890123456789"],
            "N" => &["3"],
            "FILE" => &["list"],
            "REV" => &["HEAD~1", "-odd"],
            "DIR" => &["a folder/with 'quotes'"],
            "PATH" => &["rally-jobs/README.rst"],
            "RESULTS" => &["results.json", "a folder"],
            "K: V" => &["Bug: 1", "Related: $2"],
            other => panic!("no value for {other}"),
        }
    }

    fn forms(arg: &clap::Arg) -> Vec<Vec<String>> {
        let name = arg.get_long().expect("an option");
        if !arg.get_action().takes_values() {
            return vec![vec![format!("--{name}")]];
        }
        let kind = arg.get_value_names().expect("a name for help")[0].as_str();
        let given = values(kind).iter().map(|value| format!("--{name}={value}"));
        // what another option is needed for
        if name == "task" {
            return given
                .map(|word| vec!["--extend".to_owned(), word])
                .collect();
        }
        match arg.get_action() {
            clap::ArgAction::Append => vec![given.collect()],
            _ => given.map(|word| vec![word]).collect(),
        }
    }

    #[test]
    fn every_option_of_the_change_is_typed_again() {
        let command = OptionArgs::augment_args(Command::new("change"));
        let options: Vec<&clap::Arg> = command
            .get_arguments()
            .filter(|arg| !arg.is_positional())
            .collect();
        assert!(options.len() >= 15, "{} options", options.len());
        for arg in options {
            for words in forms(arg) {
                let first = parsed(&words);
                if LEFT_OUT.contains(&arg.get_id().as_str()) {
                    assert!(first.typed.is_empty(), "{words:?}");
                    continue;
                }
                assert!(!first.typed.is_empty(), "{words:?} is forgotten");
                let again = parsed(&first.typed);
                assert_eq!(format!("{first:?}"), format!("{again:?}"));
                let untyped = ChangeOptions {
                    typed: Vec::new(),
                    ..first
                };
                assert_ne!(
                    format!("{untyped:?}"),
                    format!("{:?}", ChangeOptions::default()),
                    "{words:?} has no effect"
                );
            }
        }
    }
}
