//! Repositories that are refused.

use std::fs;
use std::path::Path;

use crate::commits;
use crate::support::{Sandbox, says};

fn refused(sandbox: &Sandbox, dir: &Path, reason: &str, hint: &str) {
    for verb in ["commit", "diff", "detect"] {
        let said = sandbox
            .untouched(dir, &[verb])
            .refused("unsupported-repository");
        says(&said, &[reason, hint]);
    }
}

#[test]
fn reftable() {
    let sandbox = Sandbox::new();
    with_reftable(&sandbox, "new");
    refused(
        &sandbox,
        &sandbox.path("new"),
        "reftable",
        "git clone --ref-format=files",
    );
}

/// Makes a repository whose references are a reftable: by git, or, where git is older than 2.45, as
/// that lays out an empty one.
fn with_reftable(sandbox: &Sandbox, name: &str) {
    let init = ["init", "-q", "--ref-format=reftable", name];
    let mut git = sandbox.command("git", sandbox.dir.path());
    if git.args(init).output().expect("git runs").status.success() {
        return;
    }
    sandbox.git(sandbox.dir.path(), &["init", "-q", name]);
    let git_dir = sandbox.path(name).join(".git");
    let set = |key: &str, value: &str| sandbox.git(&git_dir, &["config", key, value]);
    set("core.repositoryFormatVersion", "1");
    set("extensions.refStorage", "reftable");
    fs::create_dir(git_dir.join("reftable")).expect("a folder");
    fs::write(git_dir.join("reftable/tables.list"), "").expect("a list");
    fs::write(git_dir.join("HEAD"), "ref: refs/heads/.invalid\n").expect("HEAD");
}

#[test]
fn sha256() {
    let sandbox = Sandbox::new();
    sandbox.git(
        sandbox.dir.path(),
        &["init", "-q", "--object-format=sha256", "new"],
    );
    sandbox.git(
        &sandbox.path("new"),
        &["commit", "-q", "--allow-empty", "-m", "First"],
    );
    refused(
        &sandbox,
        &sandbox.path("new"),
        "SHA-256",
        "SHA-1 as on opendev.org",
    );
}

#[test]
fn extensions_and_versions_of_the_future() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write(".git/config", "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tfromTheFuture = yes\n");
    refused(&sandbox, &clone.path, "fromthefuture", "git clone");
    clone.write(
        ".git/config",
        "[core]\n\trepositoryformatversion = 2\n\tbare = false\n",
    );
    refused(&sandbox, &clone.path, "version 2", "git clone");
}

#[test]
fn extensions_that_do_not_matter() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "core.repositoryformatversion", "1"]);
    for key in ["preciousObjects", "noop", "worktreeConfig"] {
        clone.git(&["config", &format!("extensions.{key}"), "true"]);
    }
    commits(&sandbox, &clone.path, &[]);
}

/// One that is refused does not stop the others.
#[test]
fn among_others() {
    let sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    with_reftable(&sandbox, "new");
    let ran = sandbox.rally(
        sandbox.dir.path(),
        &["commit", "new", "nova", "--format", "json"],
    );
    assert_eq!(ran.code, 3, "{ran:?}");
    let types: Vec<bool> = ran
        .out
        .lines()
        .map(|l| l.contains("\"type\":\"committed\""))
        .collect();
    assert_eq!(types, [false, true], "{ran:?}");
}
