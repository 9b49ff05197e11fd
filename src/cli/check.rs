//! `check`: which repositories, and which revision.

use super::start::Repos;
use crate::request::Check;

#[derive(Debug, clap::Args)]
pub(super) struct CheckArgs {
    #[command(flatten)]
    repos: Repos,

    /// The commit to check [default: the work tree; HEAD in a bare repository]
    #[arg(long, value_name = "REV")]
    base: Option<String>,
}

impl CheckArgs {
    pub(super) fn request(self) -> Check {
        Check {
            repos: self.repos.repos,
            revision: self.base,
        }
    }
}
