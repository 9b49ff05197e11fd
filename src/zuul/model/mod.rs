//! What Zuul makes of the configuration.

mod config;
mod config_file;
mod config_node;
mod covered;
mod deployed;
mod devstack;
mod error;
mod irrelevant;
mod jobs;
mod lists;
mod location;
mod patterns;
mod rally_jobs;
mod root;
mod unread;
mod uses;
mod wiring;

pub use covered::{CoveredJob, Run};
pub use deployed::Deployed;
pub use error::{ConfigError, Fault};
pub use irrelevant::{compiled, matches};
pub use location::Location;
pub use rally_jobs::RallyJob;
pub use unread::Unread;
pub use uses::{Mention, Setting, Use};
pub use wiring::{Broken, Wiring, wiring};

pub(crate) use config::Config;
pub(super) use config_file::ConfigFile;
pub(super) use config_node::{ConfigNode, Item, JobEntry};
pub(super) use covered::covered;
pub(super) use devstack::Devstack;
pub(super) use irrelevant::{RALLY_JOBS, Relevant, keeps, shared};
pub(super) use lists::{FileList, Lists};
pub(super) use root::{Root, Shape};
