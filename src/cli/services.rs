//! `services`: the catalogue, or one entry of it.

use std::path::PathBuf;

use crate::request::{Listing, Services};

#[derive(Debug, clap::Args)]
pub(super) struct ServicesArgs {
    /// Print this service only, in full
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Print the text of its entry, to start another from
    #[arg(long, requires = "name")]
    yaml: bool,

    /// A folder of more services: DIR/NAME/service.yaml
    #[arg(long, value_name = "DIR")]
    catalogue: Option<PathBuf>,
}

impl ServicesArgs {
    pub(super) fn request(self) -> Services {
        Services {
            listing: match self.name {
                None => Listing::All,
                Some(name) if self.yaml => Listing::Yaml(name),
                Some(name) => Listing::One(name),
            },
            catalogue: self.catalogue,
        }
    }
}
