//! Repositories that are refused.

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
    drop(sandbox.clone_of("nova"));
    sandbox.git(
        sandbox.dir.path(),
        &["clone", "-q", "--ref-format=reftable", "nova", "new"],
    );
    refused(
        &sandbox,
        &sandbox.path("new"),
        "reftable",
        "git clone --ref-format=files",
    );
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
    sandbox.git(
        sandbox.dir.path(),
        &["init", "-q", "--ref-format=reftable", "new"],
    );
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
