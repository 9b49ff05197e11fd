//! The Zuul configuration of a repository: what it says, and the edit that adds a job.
//!
//! ```text
//! edit    one job, and its name in `check` and `gate`: whole lines are inserted, or nothing
//!   |
//! model   what Zuul makes of the configuration: its files, jobs, pipelines; what runs Rally
//!   |
//! yaml
//! ```
//!
//! Pure: bytes in, bytes out. The rules are those of Zuul 14.

mod edit;
mod model;

pub use edit::{
    Edit, FileEdit, Found, Hindrance, IfCovered, NameUse, Note, Obstacle, OwnJob, Voting, Wanted,
    ZuulError, is_gated, list_periodic, own_job, plan, replace_job, vote, with_irrelevant_files,
};
pub(crate) use model::Config;
pub use model::{
    Broken, ConfigError, CoveredJob, Deployed, Fault, Location, Mention, RallyJob, Run, Setting,
    Unread, Use, Wiring, compiled, matches, wiring,
};
