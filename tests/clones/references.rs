//! Locks, and references of others.

use std::fs;

use crate::support::{Sandbox, says};
use crate::{commits, text};

#[test]
fn a_lock_that_stays() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let lock = clone.path.join(".git/refs/heads/rally-perfscale.lock");
    fs::write(&lock, "").expect("lock");
    let before = clone.everything();
    let said = clone.rally(&["commit"]).failed();
    says(
        &said,
        &[
            "another git process holds the lock",
            &text(&lock),
            "runs any more: rm ",
        ],
    );
    assert_eq!(before, clone.everything());
    fs::remove_file(&lock).expect("lock");
    commits(&sandbox, &clone.path, &[]);
}

#[test]
fn locks_of_others_do_not_matter() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for name in [
        "index.lock",
        "HEAD.lock",
        "config.lock",
        "packed-refs.lock",
        "refs/heads/master.lock",
    ] {
        clone.write(&format!(".git/{name}"), "");
    }
    commits(&sandbox, &clone.path, &[]);
}

#[test]
fn replaced_objects_are_read_as_they_were() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write("more", "history\n");
    clone.commit_upstream("More");
    let tip = clone.git(&["rev-parse", "origin/master"]);
    clone.git(&["replace", "--graft", &tip]);
    let event = commits(&sandbox, &clone.path, &[]);
    assert_eq!(event["base"], tip.as_str());
}
