//! The command line: what can be typed, and the request that it becomes. The only room that names
//! `clap`; one file a verb.

mod change;
mod check;
mod demo;
mod detect;
mod examples;
mod judge;
mod patch;
mod review;
mod services;
mod start;
mod typed;

use anstream::ColorChoice;
use clap::{Parser, Subcommand, ValueEnum};

use crate::check::UnknownRule;
use crate::report::Format;
use crate::request::{Commit, Diff, Request};

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
    disable_help_subcommand = true,
    after_help = examples::OF_ALL
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,

    /// Results for people, one JSON object a line, or as other tools read what `check` finds
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "text",
        display_order = 900
    )]
    format: FormatArg,

    /// When to use colour
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        value_name = "WHEN",
        display_order = 901
    )]
    color: ColorArg,

    /// Print help
    #[arg(id = "short_help", short = 'h', global = true, display_order = 902, action = clap::ArgAction::HelpShort)]
    short_help: Option<bool>,

    /// Print help
    #[arg(id = "long_help", long = "help", global = true, hide = true, action = clap::ArgAction::HelpShort)]
    long_help: Option<bool>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FormatArg {
    Text,
    Json,
    /// Of `check`: annotations of GitHub's workflows
    Github,
    /// Of `check`: one SARIF 2.1.0 document
    Sarif,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ColorArg {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print which service a repository is, and the evidence
    #[command(after_help = examples::DETECT)]
    Detect(detect::DetectArgs),
    /// Show the whole change; write nothing
    #[command(after_help = examples::DIFF)]
    Diff(change::ChangeArgs),
    /// Make the change: one commit on a new branch
    #[command(after_help = examples::COMMIT)]
    Commit(change::ChangeArgs),
    /// Write the change as a mail for `git am`; write nothing to the repository
    #[command(after_help = examples::PATCH)]
    Patch(patch::PatchArgs),
    /// Make the change and print the remaining steps to upload it; upload only with --push
    #[command(after_help = examples::REVIEW)]
    Review(review::ReviewArgs),
    /// Check the Rally jobs and the Zuul configuration of a repository; write nothing
    #[command(after_help = examples::CHECK)]
    Check(check::CheckArgs),
    /// Compare two sets of Rally results: what got slower, by how much, and how sure that is
    #[command(after_help = examples::COMPARE)]
    Compare(judge::CompareArgs),
    /// Judge a series of Rally results: where it changed, by how much, since which run
    #[command(after_help = examples::TREND)]
    Trend(judge::TrendArgs),
    /// List the services, or print one of them
    #[command(after_help = examples::SERVICES)]
    Services(services::ServicesArgs),
    /// Create a sample repository in a new folder and commit the change there
    #[command(after_help = examples::DEMO)]
    Demo(demo::DemoArgs),
}

impl Cli {
    /// Returns how to print.
    pub fn format(&self) -> Format {
        match self.format {
            FormatArg::Text => Format::Text,
            FormatArg::Json => Format::Json,
            FormatArg::Github => Format::Github,
            FormatArg::Sarif => Format::Sarif,
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

    /// Returns the request.
    pub fn request(self) -> Result<Request, CliError> {
        let of_check = matches!(self.format, FormatArg::Github | FormatArg::Sarif);
        if of_check && !matches!(self.command, Command::Check(_)) {
            return Err(CliError::FormatOfCheck);
        }
        Ok(match self.command {
            Command::Detect(args) => Request::Detect(args.request()),
            Command::Diff(args) => {
                let (repos, change) = args.request();
                Request::Diff(Diff { repos, change })
            }
            Command::Commit(args) => {
                let (repos, change) = args.request();
                Request::Commit(Commit { repos, change })
            }
            Command::Patch(args) => Request::Patch(args.request()),
            Command::Review(args) => Request::Review(args.request()),
            Command::Check(args) => args.request()?,
            Command::Compare(args) => Request::Compare(args.request()?),
            Command::Trend(args) => Request::Trend(args.request()),
            Command::Services(args) => Request::Services(args.request()),
            Command::Demo(args) => Request::Demo(args.request()),
        })
    }
}

/// Arguments that do not go together, or name nothing.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    #[error("the formats github and sarif are for `git rally check`")]
    FormatOfCheck,
    #[error(transparent)]
    TwoSides(#[from] judge::TwoSides),
    #[error(transparent)]
    UnknownRule(#[from] UnknownRule),
}
