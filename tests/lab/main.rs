//! The real OpenStack: the tasks of the ten services run there, and every workload passes (`run.py`).
//!
//! `GIT_RALLY_LAB=1` turns these tests on; without it they are reported as ignored.

#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use support::{Command, manifest};

/// More than the lab needs to come up for the first time, and the longest task after that.
const LIMIT: Duration = Duration::from_secs(90 * 60);

fn main() {
    let is_on = std::env::var_os("GIT_RALLY_LAB").is_some_and(|value| !value.is_empty());
    let trial = |service: String| {
        let task = service.clone();
        Trial::test(service, move || passes(&task)).with_ignored_flag(!is_on)
    };
    let mut arguments = Arguments::from_args();
    // Of two tasks at once, nobody knows what is left behind by which.
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, services().into_iter().map(trial).collect()).exit();
}

fn services() -> Vec<String> {
    let folders = fs::read_dir(manifest("fixtures")).expect("the fixtures");
    let names = folders.map(|folder| folder.expect("a folder").file_name());
    let mut names: Vec<String> = names
        .map(|name| name.into_string().expect("a name"))
        .collect();
    names.sort();
    names
}

/// Runs the task of a service; what it says goes to the terminal, because it takes minutes.
fn passes(service: &str) -> Result<(), Failed> {
    let mut run = Command::new(manifest("tests/lab/run.py"));
    run.args([env!("CARGO_BIN_EXE_git-rally"), service]);
    let status = run.limit(LIMIT).spawn()?.wait()?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("tests/lab/run.py: {status}").into()),
    }
}
