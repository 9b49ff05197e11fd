//! Time limits: what hangs is killed, and the test that started it fails.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::files::{manifest, tree};
use crate::support::limit::within_time;
use crate::support::{Command, says};

const SHORT: Duration = Duration::from_millis(200);

/// Returns the words with which `work` fails; it must not take long.
fn failure(work: impl FnOnce()) -> String {
    let start = Instant::now();
    let panic = catch_unwind(AssertUnwindSafe(work)).expect_err("a failure");
    assert!(start.elapsed() < Duration::from_secs(20));
    match panic.downcast::<String>() {
        Ok(text) => *text,
        Err(panic) => (*panic.downcast::<&str>().expect("a text")).to_owned(),
    }
}

#[test]
fn a_process_that_hangs_is_killed_with_its_children() {
    let said = failure(|| {
        let mut shell = Command::new("sh");
        // The child has the same pipe: it is read to the end only if both are gone.
        shell.args(["-c", "sleep 100 & sleep 100"]).limit(SHORT);
        drop(shell.output());
    });
    says(&said, &["sleep 100", "no end after 200ms"]);
    let said = failure(|| {
        let mut cat = Command::new("cat");
        cat.stdin(Stdio::piped()).limit(SHORT);
        let mut child = cat.spawn().expect("cat");
        let _open = child.stdin.take();
        drop(child.wait());
    });
    says(&said, &["cat", "no end after 200ms"]);
}

#[test]
fn a_call_that_hangs_fails() {
    let long = Duration::from_secs(100);
    let said = failure(|| within_time(SHORT, "the call", move || std::thread::sleep(long)));
    says(&said, &["the call: no end after 200ms"]);
    let said = failure(|| within_time(SHORT, "the call", || panic!("as {} as it is", "it")));
    assert_eq!(said, "as it as it is");
    assert_eq!(within_time(SHORT, "the call", || 7), 7);
}

/// A process of the standard library has no limit.
#[test]
fn every_process_of_the_tests_has_a_limit() {
    for (path, bytes) in tree(&manifest("tests")) {
        let text = String::from_utf8_lossy(&bytes);
        let is_theirs = |line: &str| line.contains("std::process") && line.contains("Command");
        let own = ["support/limit.rs", "house/limits.rs"].contains(&path.as_str());
        let found = path.ends_with(".rs") && !own && text.lines().any(is_theirs);
        assert!(!found, "{path}: use support::Command");
    }
}
