//! One commit on a new branch, and nothing else has moved.

use std::fs;

use crate::support::{Clone, DATE, Sandbox, copy, fixture_dir, fixtures};

/// Makes the clone dirty in every way there is, and leaves it on another branch.
fn dirty(clone: &Clone<'_>) {
    clone.git(&["switch", "-q", "-c", "work-in-progress"]);
    clone.write("local.txt", "committed here only\n");
    clone.git(&["add", "local.txt"]);
    clone.git(&["commit", "-q", "-m", "Not for review"]);
    clone.write("README.rst", "changed\n");
    clone.write("staged.txt", "staged\n");
    clone.git(&["add", "staged.txt"]);
    clone.write("untracked.txt", "untracked\n");
    clone.write(
        "rally-jobs/mine.yaml",
        "untracked, where the change puts its files\n",
    );
}

/// Returns the change's branch after a successful commit, checked in every respect.
fn committed(clone: &Clone<'_>, args: &[&str]) -> serde_json::Value {
    let before = clone.everything();
    let ran = clone.rally(&[&["commit"], args].concat());
    let event = ran.ok("committed");
    let mut after = clone.everything();
    let branch = event["branch"].as_str().expect("branch");
    assert_eq!(
        after
            .remove(&format!(".git/refs/heads/{branch}"))
            .as_deref(),
        Some(format!("{}\n", event["commit"].as_str().expect("commit")).as_bytes())
    );
    assert!(
        after
            .remove(&format!(".git/logs/refs/heads/{branch}"))
            .is_some(),
        "a reflog"
    );
    assert_eq!(before, after, "something else moved");
    clone.git(&["fsck", "--strict", "--no-dangling"]);
    assert_eq!(
        clone.git(&["rev-parse", &format!("{branch}^")]),
        event["base"]
    );
    assert_eq!(
        clone.git(&["rev-parse", &format!("{branch}^{{tree}}")]),
        event["tree"]
    );
    event
}

#[test]
fn every_service_gets_one_commit_and_nothing_else_moves() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        dirty(&clone);
        let event = committed(&clone, &[]);
        assert_eq!(event["service"], service.as_str());
        assert_eq!(
            event["base"],
            clone.git(&["rev-parse", "origin/master"]),
            "the base is upstream's branch, not HEAD"
        );
        let numbers = clone.git(&["diff", "--numstat", "origin/master", "rally-perfscale"]);
        let files = event["files"].as_array().expect("files");
        let is_stub = |path: &str| {
            let why = files.iter().find(|file| file["path"] == path);
            let why = why.and_then(|file| file["why"].as_str());
            why.is_some_and(|why| why.starts_with("replaces the known stub"))
        };
        let kept = |line: &&str| !line.rsplit('\t').next().is_some_and(is_stub);
        for line in numbers.lines().filter(kept) {
            assert_eq!(
                line.split('\t').nth(1),
                Some("0"),
                "{service}: a line was deleted: {line}"
            );
        }
        for file in [
            "README.rst",
            "plugins/__init__.py",
            "plugins/README.rst",
            "extra/README.rst",
        ] {
            assert!(
                numbers.contains(&format!("rally-jobs/{file}")),
                "{service}: {numbers}"
            );
        }
        assert!(
            numbers.contains(&format!("rally-jobs/task-{service}.yaml")),
            "{numbers}"
        );
        let modes = clone.git(&["ls-tree", "-r", "rally-perfscale", "rally-jobs"]);
        assert!(
            modes.lines().all(|line| line.starts_with("100644 ")),
            "{modes}"
        );
        let again = clone.rally(&["commit"]);
        assert_eq!(again.ok("unchanged")["repo"], ".");
    }
}

#[test]
fn the_message_is_what_gerrit_and_openstack_ask_for() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let event = committed(&clone, &["--trailer", "Related-Bug: #1"]);
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    let tree = event["tree"].as_str().expect("tree");
    let trailers = clone.git(&["log", "-1", "--format=%(trailers)", "rally-perfscale"]);
    let (wrote, trailers): (Vec<&str>, Vec<&str>) = trailers
        .lines()
        .partition(|line| line.starts_with("Git-Rally-Wrote: "));
    assert_eq!(wrote.len(), 2);
    let change_id = event["change_id"].as_str().expect("Change-Id");
    assert_eq!(
        trailers.join("\n").trim_end(),
        format!(
            "Git-Rally: {} nova {tree}\nChange-Id: {change_id}\nSigned-off-by: Jane Doe <jane@example.org>\nRelated-Bug: #1",
            env!("CARGO_PKG_VERSION")
        )
    );
    assert!(message.lines().next().expect("subject").len() <= 50);
    assert!(
        message
            .lines()
            .all(|line| line.len() <= 72 || line.contains("://")),
        "{message}"
    );
    assert!(
        message.contains("\nhttps://github.com/4383/perfscale\n"),
        "{message}"
    );
}

#[test]
fn the_same_input_gives_the_same_commit() {
    let commit = |variable: &str, value: &str| {
        let mut sandbox = Sandbox::new();
        sandbox.env.remove("GIT_AUTHOR_DATE");
        sandbox.env.remove("GIT_COMMITTER_DATE");
        let upstream = sandbox.path("u");
        copy(&fixture_dir("nova").join("in"), &upstream);
        sandbox.set("GIT_AUTHOR_DATE", DATE);
        sandbox.set("GIT_COMMITTER_DATE", DATE);
        sandbox.git(&upstream, &["init", "-q"]);
        sandbox.git(&upstream, &["add", "-A"]);
        sandbox.git(&upstream, &["commit", "-q", "-m", "x"]);
        sandbox.env.remove("GIT_AUTHOR_DATE");
        sandbox.env.remove("GIT_COMMITTER_DATE");
        sandbox.set(variable, value);
        sandbox.set("GIT_COMMITTER_DATE", "2026-02-01T00:00:00+0100");
        let clone = Clone {
            sandbox: &sandbox,
            path: upstream,
        };
        let event = clone.rally(&["commit"]).ok("committed");
        let dates = clone.git(&[
            "log",
            "-1",
            "--format=%ad %cd",
            "--date=raw",
            "rally-perfscale",
        ]);
        (event["commit"].as_str().expect("commit").to_owned(), dates)
    };
    let first = commit("SOURCE_DATE_EPOCH", "1769860800");
    assert_eq!(first.1, "1769860800 +0000 1769900400 +0100");
    assert_eq!(first, commit("SOURCE_DATE_EPOCH", "1769860800"));
    assert_eq!(first, commit("GIT_AUTHOR_DATE", "@1769860800 +0000"));
}

#[test]
fn git_am_of_the_commit_gives_its_tree() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        let event = committed(&clone, &[]);
        clone.git(&["format-patch", "-q", "-1", "rally-perfscale", "-o", ".."]);
        clone.git(&["am", "-q", &patch_file(&sandbox)]);
        assert_eq!(clone.git(&["rev-parse", "HEAD^{tree}"]), event["tree"]);
    }
}

fn patch_file(sandbox: &Sandbox) -> String {
    let mut found = fs::read_dir(sandbox.dir.path())
        .expect("folder")
        .map(|e| e.expect("entry").path());
    found
        .find(|p| p.extension().is_some_and(|e| e == "patch"))
        .expect("a patch")
        .display()
        .to_string()
}

#[test]
fn a_repository_that_runs_rally_is_told_so_before_anything_else() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone
        .rally(&["commit", "--job", "nova-perf"])
        .ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    clone.write("rally-jobs/task-nova.yaml", "version: 2\n");
    clone.commit_upstream("Another job, and a task that is not ours");
    // The job of the last run holds: it is there.
    clone.rally(&["commit", "--branch", "x"]).ok("unchanged");
    let why = clone
        .rally(&["commit", "--branch", "x", "--forget"])
        .refused("covered");
    assert!(
        why.contains("`nova-perf`") && why.contains("rally-jobs/task-nova-perf.yaml"),
        "{why}"
    );
    assert!(why.contains("--job NAME"), "{why}");
    let same = ["commit", "--branch", "x", "--job", "nova-perf"];
    clone.rally(&same).ok("unchanged");
    let beside = ["commit", "--branch", "x", "--job", "nova-more"];
    clone.rally(&beside).ok("committed");
    let files = clone.git(&["diff", "--name-only", "origin/master", "x"]);
    assert_eq!(files, ".zuul.yaml\nrally-jobs/task-nova-more.yaml");
}

#[test]
fn files_that_are_there_are_kept_and_no_job_runs_them() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write("rally-jobs/task-nova.yaml", "version: 2\n");
    clone.write("rally-jobs/README.rst", "Ours\n");
    clone.commit_upstream("A task that nothing runs");
    let event = clone.rally(&["commit"]).ok("committed");
    let kept: Vec<&str> = (event["files"].as_array().expect("files").iter())
        .filter(|file| file["change"] == "keep")
        .map(|file| file["path"].as_str().expect("path"))
        .collect();
    assert_eq!(kept, ["rally-jobs/README.rst", "rally-jobs/task-nova.yaml"]);
    assert!(
        event["notes"].to_string().contains("added no Zuul job"),
        "{event}"
    );
    let files = clone.git(&["diff", "--name-only", "origin/master", "rally-perfscale"]);
    assert!(
        !files.contains("zuul") && !files.contains("task-nova"),
        "{files}"
    );
}
