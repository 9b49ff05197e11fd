//! The one sandbox of all tests: folders that are thrown away, the real git and git-rally in them, and nothing of the
//! machine's configuration.
#![allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    clippy::unwrap_used,
    reason = "each test binary uses its own part, and a failed test may panic"
)]

pub mod clone;
pub mod files;
pub mod gerrit;
pub mod golden;
pub mod limit;
pub mod messages;
pub mod ran;
pub mod repo;
pub mod sandbox;
pub mod venv;
pub mod zuulcases;

pub use clone::Clone;
pub use files::{copy, fixture_dir, fixtures, manifest, write};
pub use gerrit::Gerrit;
pub use limit::{Child, Command, LIMIT, within};
pub use ran::{Ran, says};
pub use repo::Repo;
pub use sandbox::{DATE, JANE, Sandbox};
