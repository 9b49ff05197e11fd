//! The command line: what may be typed, and the request that it becomes. The only module that
//! names `clap`.

use std::path::PathBuf;

use anstream::ColorChoice;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::embedded;
use crate::gerrit::{PushOptions, Word};
use crate::message::{ChangeId, Trailer};
use crate::plan::{self, JobName};
use crate::report::Format;
use crate::request::{BranchName, ChangeOptions, Output, Request, Review, TOPIC, Verb};
use crate::zuul::Voting;

/// Give an OpenStack service Rally performance tests, as one commit ready for review.
///
/// In a clone of a service: `git rally diff` shows the change, `git rally commit` makes it, on a
/// new branch. Nothing else in the clone moves.
#[derive(Debug, Parser)]
#[command(
    name = "git-rally",
    bin_name = "git rally",
    version,
    max_term_width = 100,
    // `git rally --help` asks git for a manual page, so every text says -h.
    disable_help_flag = true,
    disable_help_subcommand = true
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Print help
    #[arg(id = "short_help", short = 'h', global = true, action = clap::ArgAction::HelpShort)]
    short_help: Option<bool>,

    /// Print help
    #[arg(id = "long_help", long = "help", global = true, hide = true, action = clap::ArgAction::HelpShort)]
    long_help: Option<bool>,

    /// Results for people, or one JSON object a line
    #[arg(long, global = true, value_enum, default_value = "text")]
    format: FormatArg,

    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN"
    )]
    color: ColorArg,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Say which service a repository is, and what says so
    Detect(Where),
    /// Show the whole change; write nothing
    Diff(Change),
    /// Make the change: one commit on a new branch
    Commit(Change),
    /// Write the change as a mail for `git am`; nothing in the repository
    Patch(Patch),
    /// Make the change and say which steps remain until Gerrit has it; push only with --push
    Review(ReviewArgs),
    /// Judge the rally-jobs and the Zuul jobs that are there; write nothing
    Check(Check),
    /// Print the catalogue, or one service of it
    Services(Services),
    /// Lay out a sample repository in a new folder and run the main job on it
    Demo(Demo),
}

#[derive(Debug, Default, Args)]
struct Where {
    /// Repositories: any folder inside one will do [default: the current directory]
    #[arg(value_name = "REPO")]
    repos: Vec<PathBuf>,

    /// Take it for this service, whatever its files say
    #[arg(long, value_name = "NAME")]
    service: Option<String>,

    /// The commit to start from [default: gerrit's or origin's branch, else HEAD]
    #[arg(long, value_name = "REV")]
    base: Option<String>,

    /// A folder of more services: DIR/NAME/service.yaml
    #[arg(long, value_name = "DIR")]
    catalogue: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Change {
    #[command(flatten)]
    place: Where,

    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Args)]
struct Patch {
    #[command(flatten)]
    change: Change,

    /// The file to write, or a folder [default: -, standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite the file, if it is there
    #[arg(long, requires = "output")]
    force: bool,
}

#[derive(Debug, Args)]
struct ReviewArgs {
    #[command(flatten)]
    change: Change,

    /// The change's topic
    #[arg(long, value_name = "T", default_value = TOPIC)]
    topic: Word,

    /// Push to Gerrit, with your own git, ssh and pre-push hook
    #[arg(long)]
    push: bool,

    /// Work in progress: nobody is asked to review it yet
    #[arg(long)]
    wip: bool,

    /// A reviewer; can be given again
    #[arg(long = "reviewer", value_name = "USER")]
    reviewers: Vec<Word>,

    /// A hashtag; can be given again
    #[arg(long = "hashtag", value_name = "TAG")]
    hashtags: Vec<Word>,
}

#[derive(Debug, Args)]
struct Options {
    /// The branch to make
    #[arg(long, value_name = "NAME", default_value = TOPIC)]
    branch: BranchName,

    /// Let the change on the branch go for the new one, as its next patch set
    #[arg(long)]
    replace: bool,

    /// The Change-Id [default: the branch's, else as Gerrit's hook makes it]
    #[arg(long, value_name = "ID")]
    change_id: Option<ChangeId>,

    /// Iterations of every workload
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    times: Option<u32>,

    /// Iterations at the same time
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    concurrency: Option<u32>,

    /// The Zuul job in check only, not voting
    #[arg(long, conflicts_with = "voting")]
    trial: bool,

    /// The Zuul job in check and gate, voting
    #[arg(long)]
    voting: bool,

    /// Add no Zuul job
    #[arg(long, conflicts_with_all = ["trial", "voting", "job"])]
    no_zuul: bool,

    /// Another name for the job, whose task is then task-NAME.yaml
    #[arg(long, value_name = "NAME")]
    job: Option<JobName>,

    /// Add no Signed-off-by
    #[arg(long)]
    no_signoff: bool,

    /// Do not sign the commit, even if commit.gpgSign is set
    #[arg(long)]
    no_gpg_sign: bool,

    /// A trailer for the commit message; can be given again
    #[arg(long = "trailer", value_name = "K: V")]
    trailers: Vec<Trailer>,
}

#[derive(Debug, Args)]
struct Check {
    /// Repositories: any folder inside one will do [default: the current directory]
    #[arg(value_name = "REPO")]
    repos: Vec<PathBuf>,

    /// A commit to judge [default: the work tree as it lies; HEAD of a bare repository]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
}

#[derive(Debug, Args)]
struct Services {
    /// One service
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print the entry's own text, to start another from
    #[arg(long, requires = "name")]
    yaml: bool,

    /// A folder of more services: DIR/NAME/service.yaml
    #[arg(long, value_name = "DIR")]
    catalogue: Option<PathBuf>,
}

#[derive(Debug, Args)]
struct Demo {
    /// The sample [default: the one that templates/demo.txt names]
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
}

impl Cli {
    /// Returns how to print.
    pub fn format(&self) -> Format {
        match self.format {
            FormatArg::Text => Format::Text,
            FormatArg::Json => Format::Json,
        }
    }

    /// Returns when to use colour.
    pub fn color(&self) -> ColorChoice {
        match self.color {
            ColorArg::Auto => ColorChoice::Auto,
            ColorArg::Always => ColorChoice::Always,
            ColorArg::Never => ColorChoice::Never,
        }
    }

    /// Returns what is asked for.
    pub fn request(self) -> Request {
        match self.command {
            Command::Detect(place) => request(Verb::Detect, place, Options::default()),
            Command::Diff(change) => request(Verb::Diff, change.place, change.options),
            Command::Commit(change) => request(Verb::Commit, change.place, change.options),
            Command::Patch(patch) => {
                let output = Output {
                    path: patch.output.filter(|path| path.as_os_str() != "-"),
                    force: patch.force,
                };
                request(
                    Verb::Patch(output),
                    patch.change.place,
                    patch.change.options,
                )
            }
            Command::Review(review) => {
                let options = PushOptions {
                    topic: Some(review.topic),
                    wip: review.wip,
                    reviewers: review.reviewers,
                    hashtags: review.hashtags,
                };
                let verb = Verb::Review(Review {
                    options,
                    push: review.push,
                });
                request(verb, review.change.place, review.change.options)
            }
            Command::Check(check) => {
                let place = Where {
                    repos: check.repos,
                    base: check.base,
                    ..Where::default()
                };
                request(Verb::Check, place, Options::default())
            }
            Command::Services(services) => {
                let verb = Verb::Services {
                    name: services.name,
                    yaml: services.yaml,
                };
                request(
                    verb,
                    Where {
                        catalogue: services.catalogue,
                        ..Where::default()
                    },
                    Options::default(),
                )
            }
            Command::Demo(demo) => request(
                Verb::Demo {
                    service: demo.service.unwrap_or_else(embedded::default_sample),
                },
                Where::default(),
                Options::default(),
            ),
        }
    }
}

impl Default for Options {
    /// What clap gives where nothing is typed.
    fn default() -> Options {
        #[derive(Parser)]
        struct Nothing {
            #[command(flatten)]
            options: Options,
        }
        Nothing::parse_from(["git-rally"]).options
    }
}

fn request(verb: Verb, place: Where, options: Options) -> Request {
    let voting = match (options.voting, options.trial) {
        (true, _) => Some(Voting::Voting),
        (_, true) => Some(Voting::NonVoting),
        _ => None,
    };
    Request {
        verb,
        repos: place.repos,
        change: ChangeOptions {
            service: place.service,
            base: place.base,
            branch: options.branch,
            replace: options.replace,
            change_id: options.change_id,
            catalogue: place.catalogue,
            sign_off: !options.no_signoff,
            sign: !options.no_gpg_sign,
            trailers: options.trailers,
            plan: plan::Options {
                job: options.job,
                voting,
                without_zuul: options.no_zuul,
                times: options.times,
                concurrency: options.concurrency,
            },
        },
    }
}
