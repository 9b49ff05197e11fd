//! The main job: one commit on a new branch, signed where that is asked for. The oracle is git.

mod main_job;
mod printed;
mod signing;
#[path = "../support/mod.rs"]
mod support;
mod trailers;
