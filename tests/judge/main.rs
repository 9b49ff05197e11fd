//! What results say: `compare` and `trend`, with results that are known to be good, bad, or broken.

mod bad_input;
mod compare;
mod lab;
mod page;
mod results;
mod simulated;
#[path = "../support/mod.rs"]
mod support;
mod trend;

use std::path::PathBuf;

use results::Series;
use serde_json::Value;
use support::{Ran, Sandbox};

/// A folder of results.
struct Desk {
    sandbox: Sandbox,
}

impl Desk {
    fn new() -> Desk {
        Desk {
            sandbox: Sandbox::new(),
        }
    }

    /// Writes one file for each run of the series, from the first to the last.
    fn write(&self, folder: &str, series: &Series, runs: std::ops::Range<usize>) {
        for run in runs {
            self.text(
                &format!("{folder}/{run:03}.json"),
                &series.report(run).to_string(),
            );
        }
    }

    fn text(&self, file: &str, text: &str) {
        support::write(&self.path(file), text);
    }

    fn path(&self, name: &str) -> PathBuf {
        self.sandbox.path(name)
    }

    fn text_of(&self, args: &[&str]) -> Ran {
        self.sandbox.rally(self.sandbox.dir.path(), args)
    }

    /// Returns the one event, and the exit code.
    fn said(&self, args: &[&str]) -> (Value, i32) {
        let args = [args, &["--format", "json"]].concat();
        let ran = self.text_of(&args);
        (ran.event(), ran.code)
    }
}

/// Returns `SCENARIO: ACTION` of those with the verdict.
fn named(event: &Value, list: &str, verdict: &str) -> Vec<String> {
    let all = event[list].as_array().expect("a list").iter();
    let mut names: Vec<String> = all
        .filter(|one| one["verdict"] == verdict)
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap_or("whole").to_owned();
            format!("{}: {}", text("scenario"), text("action"))
        })
        .collect();
    names.sort();
    names
}
