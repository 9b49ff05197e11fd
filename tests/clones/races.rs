//! Several processes at once: one wins, and nothing is lost.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use crate::support::{Clone, Sandbox, says};
use crate::{fsck, text};

/// Runs `commit` in `dir` while the branch is locked; once all objects of the commit are
/// stored, which is right before git-rally asks for the lock, does `then` and lets go of it.
fn while_locked(clone: &Clone<'_>, dir: &Path, then: impl Fn()) -> serde_json::Value {
    let lock = clone.path.join(".git/refs/heads/rally-perfscale.lock");
    let stored = objects_of_a_commit();
    // On a busy machine the lock may be held longer than git-rally waits for it.
    for _ in 0..20 {
        fs::write(&lock, "").expect("lock");
        clone.git(&["prune"]);
        let objects = loose(clone);
        let mut command = clone.sandbox.command(env!("CARGO_BIN_EXE_git-rally"), dir);
        command
            .args(["commit", "--format", "json"])
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("git-rally runs");
        while loose(clone) < objects + stored && child.try_wait().expect("wait").is_none() {
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
        then();
        fs::remove_file(&lock).expect("lock");
        let output = child.wait_with_output().expect("output");
        let event: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        if event["type"] != "failed" {
            return event;
        }
        says(&event.to_string(), &["another git process holds the lock"]);
        clone.git(&["update-ref", "-d", "refs/heads/rally-perfscale"]);
    }
    panic!("the lock was never let go of in time");
}

fn objects_of_a_commit() -> usize {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let before = loose(&clone);
    clone.rally(&["commit"]).ok("committed");
    loose(&clone) - before
}

/// Returns how many loose objects there are, those that are just being written left out.
fn loose(clone: &Clone<'_>) -> usize {
    let folders = fs::read_dir(clone.path.join(".git/objects")).expect("objects");
    // What is no folder, or is not there any more, is an object that is being written.
    let below = folders
        .flatten()
        .flat_map(|folder| fs::read_dir(folder.path()));
    let names = below.flatten().flatten().map(|file| file.file_name());
    names.filter(|name| name.len() == 38).count()
}

#[test]
fn a_lock_that_goes_is_waited_for() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let event = while_locked(&clone, &clone.path, || {});
    assert_eq!(event["type"], "committed", "{event}");
    clone.untouched(&["commit"]).ok("unchanged");
}

/// The compare-and-swap under the lock: libgit2's plain calls lose this branch.
#[test]
fn a_branch_that_appears_in_the_last_moment_is_kept() {
    for linked in [false, true] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let path = sandbox.path("linked");
        clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
        let precious = clone.git(&["rev-parse", "HEAD"]);
        let dir = if linked { &path } else { &clone.path };
        let event = while_locked(&clone, dir, || {
            clone.write(".git/refs/heads/rally-perfscale", format!("{precious}\n"));
        });
        assert_eq!(event["kind"], "branch-exists", "{event}");
        says(
            &event.to_string(),
            &["another process", "run the command again"],
        );
        assert_eq!(clone.git(&["rev-parse", "rally-perfscale"]), precious);
    }
}

#[test]
fn eight_at_once_have_one_winner() {
    for linked in [false, true] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let path = sandbox.path("linked");
        clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
        for round in 0..3 {
            let branch = format!("round-{round}");
            let runs: Vec<_> = (1..=8)
                .map(|run| {
                    let dir = if linked && run % 2 == 0 {
                        &path
                    } else {
                        &clone.path
                    };
                    // Each wants another change, so that only one can have the branch.
                    let mut command = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), dir);
                    command.args([
                        "commit",
                        "--format",
                        "json",
                        "--branch",
                        &branch,
                        "--trailer",
                        &format!("Related-Bug: #{run}"),
                    ]);
                    command.stdout(Stdio::piped()).stderr(Stdio::piped());
                    command.spawn().expect("git-rally runs")
                })
                .collect();
            let mut winners = Vec::new();
            for run in runs {
                let output = run.wait_with_output().expect("output");
                let event: serde_json::Value =
                    serde_json::from_slice(&output.stdout).expect("JSON");
                match event["type"].as_str() {
                    Some("committed") => {
                        winners.push(event["commit"].as_str().expect("commit").to_owned())
                    }
                    Some("refused") => assert_eq!(event["kind"], "branch-exists", "{event}"),
                    Some("failed") => {
                        says(&event.to_string(), &["another git process holds the lock"])
                    }
                    _ => panic!("{event}"),
                }
            }
            assert_eq!(winners.len(), 1, "{winners:?}");
            assert_eq!(clone.git(&["rev-parse", &branch]), winners[0]);
            assert_eq!(
                clone.git(&["reflog", "show", "--format=%H", &branch]),
                winners[0]
            );
        }
        fsck(&sandbox, &clone.path);
    }
}

#[test]
fn eight_at_once_with_the_same_change_agree() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let mut command = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), &clone.path);
            command
                .args(["commit", "--format", "json"])
                .stdout(Stdio::piped());
            command.spawn().expect("git-rally runs")
        })
        .collect();
    let mut committed = 0;
    for run in runs {
        let output = run.wait_with_output().expect("output");
        let event: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        committed += usize::from(event["type"] == "committed");
        let kind = event["type"].as_str().expect("type");
        assert!(
            ["committed", "unchanged", "refused"].contains(&kind),
            "{event}"
        );
    }
    assert_eq!(committed, 1);
    clone.untouched(&["commit"]).ok("unchanged");
    fsck(&sandbox, &clone.path);
}
