//! The real Gerrit: what a change is after `git rally review --push`, by Gerrit's own view of it (REST), and what
//! each of its refusals becomes. The server comes from Maven Central, pinned in `pom.xml`.
//!
//! `GIT_RALLY_GERRIT=1` turns these tests on; without it they are reported as ignored.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

mod refused;
mod server;
#[path = "../support/mod.rs"]
mod support;
mod taken;
mod world;

use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use server::Shared;
use world::World;

type Test = fn(&World<'_>) -> Result<(), Failed>;

fn main() {
    let is_on = std::env::var_os("GIT_RALLY_GERRIT").is_some_and(|value| !value.is_empty());
    let shared = Arc::new(Shared::default());
    let trial = |(name, test): (&'static str, Test)| {
        let shared = shared.clone();
        let run = move || shared.with(|server| test(&World::new(server, name)?));
        Trial::test(name, run).with_ignored_flag(!is_on)
    };
    let trials = taken::TESTS.into_iter().chain(refused::TESTS);
    let conclusion = libtest_mimic::run(&Arguments::from_args(), trials.map(trial).collect());
    // The server ends with its last owner.
    drop(shared);
    conclusion.exit();
}
