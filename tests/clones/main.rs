//! Clones of every kind, made by the real git: what works, and what is refused with its reason.

mod attributes;
mod endless;
mod gc;
mod hints;
mod places;
mod races;
mod references;
mod safe;
mod stores;
#[path = "../support/mod.rs"]
mod support;
mod unsupported;
mod work_trees;
mod worktrees;
mod write;

use std::path::Path;

use support::Sandbox;
use support::files::{Tree, moved};

/// Runs `commit` in `dir` and checks the result by git: the branch holds the commit, on top of the
/// base, with the base's tree and nothing but additions; and no other file of the sandbox moved.
fn commits(sandbox: &Sandbox, dir: &Path, args: &[&str]) -> serde_json::Value {
    let before = quiet(sandbox);
    let args = [&["commit"], args].concat();
    let event = sandbox.rally_json(dir, &args).ok("committed");
    let after = quiet(sandbox);
    let moved = moved(&before, &after);
    let branch = event["branch"].as_str().expect("branch");
    let new = [
        format!("refs/heads/{branch}"),
        format!("logs/refs/heads/{branch}"),
    ];
    assert!(
        moved
            .iter()
            .all(|path| new.iter().any(|name| path.ends_with(name))),
        "moved: {moved:?}"
    );
    let git = |args: &[&str]| sandbox.git(dir, args);
    assert_eq!(
        git(&["rev-parse", &format!("refs/heads/{branch}")]),
        event["commit"]
    );
    assert_eq!(git(&["rev-parse", &format!("{branch}^")]), event["base"]);
    let changes = git(&[
        "diff-tree",
        "-r",
        "--name-status",
        &format!("{branch}^"),
        branch,
    ]);
    assert!(
        changes
            .lines()
            .all(|l| l.starts_with("A\trally-jobs/") || l == "M\t.zuul.yaml"),
        "{changes}"
    );
    assert!(
        changes.contains("A\trally-jobs/task-nova.yaml"),
        "{changes}"
    );
    event
}

/// Returns every file of the sandbox that is not an object.
fn quiet(sandbox: &Sandbox) -> Tree {
    let mut files = sandbox.files();
    files.retain(|path, _| !path.contains("objects/") || path.contains("objects/info/"));
    files
}

fn fsck(sandbox: &Sandbox, dir: &Path) {
    sandbox.git(dir, &["fsck", "--strict", "--no-dangling"]);
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
