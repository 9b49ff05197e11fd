//! Work trees and indexes in every state.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::commits;
use crate::support::{Sandbox, says};

#[test]
fn sparse_split_and_odd_indexes() {
    let kinds: [&[&[&str]]; 5] = [
        &[&["sparse-checkout", "set", "nova"]],
        &[&["sparse-checkout", "set", "--cone", "--sparse-index", "nova"]],
        &[&["update-index", "--split-index"]],
        &[&["update-index", "--index-version", "4"]],
        &[
            &["config", "index.skipHash", "true"],
            &["update-index", "--force-write-index"],
        ],
    ];
    for kind in kinds {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for command in kind {
            clone.git(command);
        }
        assert_eq!(clone.untouched(&["diff"]).code, 0, "{kind:?}");
        commits(&sandbox, &clone.path, &[]);
        assert_eq!(clone.git(&["status", "--porcelain"]), "", "{kind:?}");
    }
}

#[test]
fn a_damaged_index_does_not_matter() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.write(".git/index", "garbage");
    clone.rally(&["commit"]).ok("committed");
    assert_eq!(clone.everything()[".git/index"], b"garbage");
}

#[test]
fn a_rebase_in_progress() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for (branch, words) in [("one", "1\n"), ("two", "2\n")] {
        clone.git(&["switch", "-q", "-c", branch, "origin/master"]);
        clone.write("README.rst", words);
        clone.git(&["commit", "-q", "-a", "-m", branch]);
    }
    let rebase = sandbox
        .command("git", &clone.path)
        .args(["rebase", "-q", "one"])
        .output();
    assert!(!rebase.expect("git runs").status.success(), "a conflict");
    commits(&sandbox, &clone.path, &[]);
    says(&clone.git(&["status"]), &["rebase in progress"]);
    clone.git(&["rebase", "--abort"]);
}

/// Line ends and filters are the work tree's affair: what is committed has LF.
#[test]
fn line_ends_and_attributes() {
    for (config, attributes) in [
        ("core.autocrlf", ""),
        ("core.x", "* text=auto eol=crlf\n"),
        (
            "core.x",
            "*.yaml -diff filter=nothing\n*.rst working-tree-encoding=UTF-16\n",
        ),
    ] {
        let sandbox = Sandbox::new();
        let plain = sandbox.clone_of("nova");
        let expected = plain.rally(&["commit"]).ok("committed")["tree"].clone();
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["config", config, "true"]);
        // Not committed, and not to be obeyed.
        clone.write(".gitattributes", attributes);
        let event = commits(&sandbox, &clone.path, &[]);
        assert_eq!(event["tree"], expected);
    }
}

/// A Zuul file that is committed with CRLF keeps its line ends.
#[test]
fn a_committed_file_keeps_its_line_ends() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let file = clone.path.join(".zuul.yaml");
    let crlf = fs::read_to_string(&file)
        .expect("file")
        .replace('\n', "\r\n");
    fs::write(&file, crlf).expect("file");
    clone.commit_upstream("CRLF");
    let ran = clone.rally(&["commit"]);
    if ran.code == 3 {
        says(&ran.refused("zuul"), &[".zuul.yaml"]);
        return;
    }
    ran.ok("committed");
    let out = sandbox
        .command("git", &clone.path)
        .args(["cat-file", "blob", "rally-perfscale:.zuul.yaml"])
        .output();
    let after = String::from_utf8(out.expect("git runs").stdout).expect("UTF-8");
    assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
}

#[test]
fn hooks_do_not_run() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for hook in [
        "pre-commit",
        "prepare-commit-msg",
        "post-commit",
        "reference-transaction",
        "post-checkout",
    ] {
        let path = clone.path.join(".git/hooks").join(hook);
        clone.write(
            &format!(".git/hooks/{hook}"),
            "#!/bin/sh\ntouch \"$GIT_DIR/ran\" ran\nexit 1\n",
        );
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
    }
    clone.rally(&["commit"]).ok("committed");
    assert!(!clone.path.join("ran").exists() && !clone.path.join(".git/ran").exists());
}
