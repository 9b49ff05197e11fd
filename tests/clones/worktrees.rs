//! Linked work trees.

use std::path::PathBuf;

use crate::support::{Clone, Sandbox, says};
use crate::{commits, fsck, text};

fn linked(clone: &Clone<'_>) -> PathBuf {
    let path = clone.sandbox.path("linked");
    clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
    path
}

#[test]
fn a_linked_one_makes_the_branch_in_the_common_repository() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let path = linked(&clone);
    commits(&sandbox, &path, &[]);
    assert!(clone.path.join(".git/refs/heads/rally-perfscale").is_file());
    fsck(&sandbox, &path);
    // From the other side, it is the same change.
    clone.untouched(&["commit"]).ok("unchanged");
    assert_eq!(
        sandbox.untouched(&path, &["commit"]).ok("unchanged")["repo"],
        "."
    );
}

/// libgit2's plain call overwrites a loose branch of the main repository from here.
#[test]
fn a_branch_of_the_main_repository_is_not_overwritten() {
    for pack in [false, true] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let path = linked(&clone);
        clone.git(&["commit", "-q", "--allow-empty", "-m", "Precious"]);
        clone.git(&["branch", "rally-perfscale"]);
        if pack {
            clone.git(&["pack-refs", "--all"]);
        }
        for args in [&["commit"][..], &["commit", "--replace"], &["diff"]] {
            let said = sandbox.untouched(&path, args).refused("branch-exists");
            says(
                &said,
                &["`rally-perfscale` exists already", "--branch NAME"],
            );
        }
    }
}

#[test]
fn a_checked_out_branch_is_never_moved() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    let other = sandbox.path("other place");
    clone.git(&["worktree", "add", "-q", &text(&other), "rally-perfscale"]);
    let said = clone
        .untouched(&["commit", "--times", "2", "--replace"])
        .refused("branch-exists");
    says(
        &said,
        &[
            "is checked out in",
            "other place",
            "never moves",
            "switch --detach",
        ],
    );
    let there = sandbox
        .untouched(&other, &["commit", "--times", "2", "--replace"])
        .refused("branch-exists");
    says(&there, &["is checked out in"]);
    clone.git(&["worktree", "remove", &text(&other)]);
    clone.git(&["switch", "-q", "rally-perfscale"]);
    let said = clone
        .untouched(&["commit", "--times", "2", "--replace"])
        .refused("branch-exists");
    says(&said, &["is checked out in"]);
    clone.git(&["switch", "-q", "master"]);
    clone
        .rally(&["commit", "--times", "2", "--replace"])
        .ok("committed");
}

#[test]
fn relative_paths_and_a_configuration_of_its_own() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "extensions.worktreeConfig", "true"]);
    let path = sandbox.path("linked");
    clone.git(&[
        "-c",
        "worktree.useRelativePaths=true",
        "worktree",
        "add",
        "-q",
        &text(&path),
    ]);
    sandbox.git(
        &path,
        &["config", "--worktree", "user.name", "Of The Worktree"],
    );
    commits(&sandbox, &path, &[]);
    assert_eq!(
        clone.git(&["log", "-1", "--format=%an", "rally-perfscale"]),
        "Of The Worktree"
    );
}
