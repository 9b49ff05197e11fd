//! `demo`: which sample.

use crate::embedded;
use crate::request::Demo;

#[derive(Debug, clap::Args)]
pub(super) struct DemoArgs {
    /// The service of the sample [default: the one that templates/demo.txt names]
    #[arg(value_name = "SERVICE")]
    service: Option<String>,
}

impl DemoArgs {
    pub(super) fn request(self) -> Demo {
        Demo {
            service: self.service.unwrap_or_else(embedded::default_sample),
        }
    }
}
