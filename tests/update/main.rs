//! Later runs: what git-rally changes goes into files that are its own, what people changed stays.
//! The oracle is git, and the bytes that people wrote.

mod chains;
mod dead;
mod extend;
mod histories;
mod laws;
mod limits;
mod options;
mod periodic;
mod story;
#[path = "../support/mod.rs"]
mod support;
mod voting;
mod walk;
