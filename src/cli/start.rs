//! Which repositories, and where the change starts: arguments that many verbs share.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use crate::request::{self, Many, Start};

// The groups of options in the help.
const MANY: &str = "Many repositories";
const START: &str = "Service and base";

/// The repositories of every verb that reads some.
#[derive(Debug, clap::Args)]
pub(super) struct Repos {
    /// Pass one or more repositories: any folder inside one [default: the current directory]
    #[arg(value_name = "REPO")]
    repos: Vec<PathBuf>,

    #[command(flatten)]
    many: ManyArgs,
}

impl Repos {
    pub(super) fn request(self) -> request::Repos {
        request::Repos {
            paths: self.repos,
            many: self.many.request(),
        }
    }
}

/// Where many repositories are done in one run.
#[derive(Debug, clap::Args)]
pub(super) struct ManyArgs {
    /// Read more repositories from this file, one a line; - is the standard input
    #[arg(long, value_name = "FILE", help_heading = MANY)]
    from: Option<PathBuf>,

    /// Repositories that are done at the same time [default: one for each core]
    #[arg(short, long, value_name = "N", value_parser = number, help_heading = MANY)]
    jobs: Option<NonZeroUsize>,
}

impl ManyArgs {
    pub(super) fn request(self) -> Many {
        Many {
            from: self.from,
            jobs: self.jobs,
        }
    }
}

fn number(text: &str) -> Result<NonZeroUsize, String> {
    (text.parse()).map_err(|_| "write a number of repositories, from 1 on".to_owned())
}

/// Where the change starts: of `detect` and of every verb that makes the change.
#[derive(Debug, clap::Args)]
pub(super) struct StartArgs {
    /// Treat it as this service, whatever its files say
    #[arg(long, value_name = "NAME", help_heading = START)]
    service: Option<String>,

    /// The commit to start from [default: the branch of gerrit or origin, else HEAD]
    #[arg(long, value_name = "REV", help_heading = START)]
    base: Option<String>,

    /// A folder of more services: DIR/NAME/service.yaml
    #[arg(long, value_name = "DIR", help_heading = START)]
    catalogue: Option<PathBuf>,
}

impl StartArgs {
    pub(super) fn request(self) -> Start {
        Start {
            service: self.service,
            base: self.base,
            catalogue: self.catalogue,
        }
    }
}
