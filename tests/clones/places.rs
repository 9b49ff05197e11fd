//! Where the repository is, and how it is found.

use std::path::{Path, PathBuf};

use crate::support::{Sandbox, says};
use crate::{commits, fsck, text};

#[test]
fn bare() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let bare = sandbox.path("bare.git");
    sandbox.git(
        sandbox.dir.path(),
        &["clone", "-q", "--bare", &text(&clone.path), "bare.git"],
    );
    let event = commits(&sandbox, &bare, &[]);
    assert_eq!(event["base"], clone.git(&["rev-parse", "HEAD"]));
    fsck(&sandbox, &bare);
    let refs = bare.join("refs");
    sandbox.git(&bare, &["branch", "-D", "rally-perfscale"]);
    commits(&sandbox, &refs, &[]);
}

#[test]
fn detached_head() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["switch", "-q", "--detach"]);
    clone.git(&["commit", "-q", "--allow-empty", "-m", "Local"]);
    let event = commits(&sandbox, &clone.path, &[]);
    assert_eq!(event["base"], clone.git(&["rev-parse", "origin/master"]));
}

#[test]
fn an_unborn_head_with_a_remote_branch() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["switch", "-q", "--orphan", "fresh"]);
    let event = commits(&sandbox, &clone.path, &[]);
    assert_eq!(event["base"], clone.git(&["rev-parse", "origin/master"]));
}

#[test]
fn a_folder_of_the_work_tree() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    commits(&sandbox, &clone.path.join("nova"), &[]);
    let top = sandbox.dir.path().to_owned();
    commits_at(&sandbox, &top, "nova/nova", "second");
    let hidden = sandbox.untouched(&clone.path.join(".git"), &["commit"]);
    hidden.ok("unchanged");
}

fn commits_at(sandbox: &Sandbox, dir: &Path, repo: &str, branch: &str) {
    let ran = sandbox.rally(
        dir,
        &["commit", repo, "--branch", branch, "--format", "json"],
    );
    assert_eq!(ran.ok("committed")["repo"], repo);
}

#[test]
fn git_dir_without_a_repo_argument() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    drop(sandbox.clone_of("ironic"));
    sandbox.set("GIT_DIR", &text(&sandbox.path("nova/.git")));
    let elsewhere = sandbox.path("home");
    let ran = sandbox.rally(&elsewhere, &["commit", "--format", "json"]);
    assert_eq!(ran.ok("committed")["service"], "nova");
    // A path that is given counts more.
    let ran = sandbox.rally(&elsewhere, &["commit", "../ironic", "--format", "json"]);
    assert_eq!(ran.ok("committed")["service"], "ironic");
    // A work tree set beside it changes nothing.
    sandbox.set("GIT_WORK_TREE", &text(&sandbox.path("home")));
    sandbox.untouched(&elsewhere, &["commit"]).ok("unchanged");
}

#[test]
fn as_a_subcommand_of_git() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    let bin = PathBuf::from(env!("CARGO_BIN_EXE_git-rally"));
    let path = format!(
        "{}:{}",
        text(bin.parent().expect("a folder")),
        sandbox.env["PATH"]
    );
    sandbox.set("PATH", &path);
    let top = sandbox.dir.path().to_owned();
    let out = sandbox.git(&top, &["-C", "nova", "rally", "commit", "--format", "json"]);
    says(&out, &["\"type\":\"committed\"", "\"repo\":\".\""]);
    let out = sandbox.git(
        &sandbox.path("nova/nova"),
        &["rally", "commit", "--format", "json"],
    );
    says(&out, &["\"type\":\"unchanged\""]);
    let out = sandbox.git(
        &top,
        &[
            "--git-dir",
            "nova/.git",
            "rally",
            "commit",
            "--format",
            "json",
        ],
    );
    says(&out, &["\"type\":\"unchanged\""]);
}

#[test]
fn inside_a_submodule_and_above_one() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let ironic = sandbox.clone_of("ironic");
    clone.git(&["submodule", "--quiet", "add", &text(&ironic.path), "below"]);
    clone.commit_upstream("A submodule");
    let event = commits(&sandbox, &clone.path, &[]);
    assert_eq!(event["service"], "nova");
    says(
        &clone.git(&["ls-tree", "rally-perfscale", "below"]),
        &["160000 commit"],
    );
    fsck(&sandbox, &clone.path);
    let below = clone.path.join("below");
    let before = clone.git(&["rev-parse", "rally-perfscale"]);
    let ran = sandbox.rally(&below, &["commit", "--format", "json"]);
    assert_eq!(ran.ok("committed")["service"], "ironic");
    assert_eq!(clone.git(&["rev-parse", "rally-perfscale"]), before);
    assert_eq!(
        sandbox.git(&below, &["rev-parse", "rally-perfscale^"]),
        ran.event()["base"]
    );
}
