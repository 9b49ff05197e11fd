//! Texts of which a person has read every byte: `GIT_RALLY_BLESS=1` writes them anew, and the difference is read
//! before it is committed.

mod changes;
mod readme;
#[path = "../support/mod.rs"]
mod support;
