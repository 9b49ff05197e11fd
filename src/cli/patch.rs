//! `patch`: the change, and the file to write.

use std::path::PathBuf;

use super::change;
use crate::request::{Output, Patch};

#[derive(Debug, clap::Args)]
pub(super) struct PatchArgs {
    #[command(flatten)]
    change: change::ChangeArgs,

    /// Write to this file, or into this folder [default: -, standard output]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite the file if it exists
    #[arg(long, requires = "output")]
    force: bool,
}

impl PatchArgs {
    pub(super) fn request(self) -> Patch {
        let (repos, change) = self.change.request();
        let output = match self.output.filter(|path| path.as_os_str() != "-") {
            None => Output::Standard,
            Some(path) if self.force => Output::Overwrite(path),
            Some(path) => Output::Create(path),
        };
        Patch {
            repos,
            change,
            output,
        }
    }
}
