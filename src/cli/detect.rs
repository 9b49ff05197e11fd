//! `detect`: which repositories, and how to read them.

use super::start::{Repos, StartArgs};
use crate::request::Detect;

#[derive(Debug, clap::Args)]
pub(super) struct DetectArgs {
    #[command(flatten)]
    repos: Repos,

    #[command(flatten)]
    start: StartArgs,
}

impl DetectArgs {
    pub(super) fn request(self) -> Detect {
        Detect {
            repos: self.repos.request(),
            start: self.start.request(),
        }
    }
}
