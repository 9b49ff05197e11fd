//! `check`: which repositories, files and rules.

use std::path::PathBuf;

use super::start::ManyArgs;
use crate::check::{Selection, UnknownRule};
use crate::request::{Check, Repairs, Request};

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    /// Pass repositories, or files and folders inside them, to see what is found there [default:
    /// the repository of the current directory]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    many: ManyArgs,

    /// The commit to check [default: the work tree; HEAD in a bare repository]
    #[arg(long, value_name = "REV")]
    base: Option<String>,

    /// Report these rules only, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    select: Vec<String>,

    /// Leave these rules out, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    ignore: Vec<String>,

    /// Print repairs as a diff for `git apply`, where they are certain; write nothing
    #[arg(long)]
    fix: bool,

    /// Print every rule with what it finds
    #[arg(long, conflicts_with_all = ["paths", "from", "jobs", "base", "select", "ignore", "fix"])]
    list_rules: bool,
}

impl CheckArgs {
    pub(super) fn request(self) -> Result<Request, UnknownRule> {
        if self.list_rules {
            return Ok(Request::Rules);
        }
        Ok(Request::Check(Check {
            paths: self.paths,
            many: self.many.request(),
            revision: self.base,
            selection: Selection::of(&self.select, &self.ignore)?,
            repairs: match self.fix {
                true => Repairs::Show,
                false => Repairs::None,
            },
        }))
    }
}
