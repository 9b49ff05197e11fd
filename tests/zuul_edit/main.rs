//! The edit of the Zuul configuration: case folders, and laws for any bytes.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod cases;
mod judge;
mod laws;
mod mutated;
mod styles;
#[path = "../support/mod.rs"]
mod support;
