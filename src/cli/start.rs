//! Which repositories, and where the change starts: arguments that many verbs share.

use std::path::PathBuf;

use crate::request::Start;

/// The repositories of every verb that reads some.
#[derive(Debug, clap::Args)]
pub(super) struct Repos {
    /// Pass one or more repositories: any folder inside one [default: the current directory]
    #[arg(value_name = "REPO")]
    pub(super) repos: Vec<PathBuf>,
}

/// Where the change starts: of `detect` and of every verb that makes the change.
#[derive(Debug, clap::Args)]
pub(super) struct StartArgs {
    /// Treat it as this service, whatever its files say
    #[arg(long, value_name = "NAME")]
    service: Option<String>,

    /// The commit to start from [default: the branch of gerrit or origin, else HEAD]
    #[arg(long, value_name = "REV")]
    base: Option<String>,

    /// A folder of more services: DIR/NAME/service.yaml
    #[arg(long, value_name = "DIR")]
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
