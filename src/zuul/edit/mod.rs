//! The edit of the configuration: one job, its name in `check` and `gate` and, if asked for, in
//! `periodic`, and `rally-jobs` among the irrelevant files of the other DevStack jobs.
//!
//! The edit inserts whole lines into the root that Zuul reads and changes no byte that is there;
//! what cannot be proven to mean exactly that is refused, with file and line.
//!
//! ```text
//! plan -> compose -> home, target           which file, which list
//!            |   \-> place -> order         where in it
//!            |   \-> irrelevant -> entry    which files do not start the job, and others
//!            \-> prove -> op -> insert      the lines, the tree, and whether both say the same
//!                           \-> fresh
//! vote, periodic -> relist -> compose, same   the entries of a job that is there
//! ```

mod changes;
mod compose;
mod entry;
mod error;
mod fresh;
mod home;
mod insert;
mod irrelevant;
mod op;
mod order;
mod own;
mod periodic;
mod place;
mod plan;
mod prove;
mod relist;
mod same;
mod target;
mod vote;
mod wanted;

pub use changes::{Edit, FileEdit, Note};
pub use error::{Hindrance, NameUse, Obstacle, ZuulError};
pub use own::{Found, OwnJob, is_gated, own_job, replace_job, with_irrelevant_files};
pub use periodic::list_periodic;
pub use plan::plan;
pub use vote::vote;
pub use wanted::{IfCovered, Voting, Wanted};
