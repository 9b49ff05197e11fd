//! The main job: one commit on a new branch, signed where that is asked for. The oracle is git.

mod base;
mod documents;
mod load;
mod main_job;
mod many;
mod next;
mod printed;
mod settings;
mod signing;
#[path = "../support/mod.rs"]
mod support;
mod trailers;
