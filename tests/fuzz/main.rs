//! Foreign text, damaged: every parser of it ends soon, without a panic, and what it says is about
//! the text.
//!
//! `PROPTEST_CASES=1000000 cargo test --release --test fuzz` looks as hard as
//! `tests/reliability/README.md` says. Seeds are `corpus/PARSER/*` and the fixtures; what once broke
//! a parser is kept there.

mod damage;
mod parsers;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use damage::{damaged, seeds};
use proptest::prelude::*;

/// A text of some kilobytes that takes longer is a way to stop a run over many clones.
const SOON: Duration = Duration::from_secs(5);

/// Returns the time of a processor that this thread has had, whatever else the machine does.
fn spent() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").expect("Linux");
    let nanoseconds = text.split(' ').next().and_then(|first| first.parse().ok());
    Duration::from_nanos(nanoseconds.expect("a number"))
}

/// Returns the configuration: `PROPTEST_CASES`, else few enough for every run of the tests.
fn config() -> ProptestConfig {
    let few = std::env::var_os("PROPTEST_CASES").is_none();
    let config = ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    match few {
        true => ProptestConfig {
            cases: 100,
            ..config
        },
        false => config,
    }
}

/// Gives `parser` texts that come of the seeds of its name and of the files that it names.
fn survives(name: &str, fixtures: &[&str], parser: impl Fn(&[u8])) {
    let seeds = seeds(name, fixtures);
    for seed in &seeds {
        parser(seed);
    }
    proptest!(config(), |(text in damaged(seeds))| {
        let start = spent();
        parser(&text.0);
        let took = spent() - start;
        prop_assert!(took < SOON, "{took:?}");
    });
}

#[test]
fn yaml() {
    survives("yaml", &[".zuul.yaml"], parsers::yaml);
}

#[test]
fn zuul() {
    survives("yaml", &[".zuul.yaml"], parsers::zuul);
}

#[test]
fn ini() {
    survives("ini", &["setup.cfg", ".gitreview"], parsers::ini);
}

#[test]
fn setup_cfg() {
    survives("ini", &["setup.cfg"], parsers::setup_cfg);
}

#[test]
fn toml() {
    survives("toml", &["pyproject.toml"], parsers::pyproject);
}

#[test]
fn setup_py() {
    survives("setup_py", &["setup.py"], parsers::setup_py);
}

#[test]
fn gitreview() {
    survives("gitreview", &[".gitreview"], parsers::gitreview);
}

#[test]
fn jinja() {
    survives("jinja", &[], parsers::task);
}

#[test]
fn plugin() {
    survives("plugin", &[], parsers::plugin);
}

#[test]
fn message() {
    survives("message", &["../out/COMMIT_MESSAGE"], parsers::message);
}

#[test]
fn results() {
    survives("results", &[], parsers::results);
}
