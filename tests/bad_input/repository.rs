//! What is given as a repository, and is none.

use std::fs;

use crate::support::{Sandbox, says, write};

#[test]
fn no_repository() {
    let mut sandbox = Sandbox::new();
    let top = sandbox.dir.path().display().to_string();
    sandbox.set("GIT_CEILING_DIRECTORIES", &top);
    let folder = sandbox.path("folder");
    write(&folder.join("file"), "");
    for verb in ["detect", "diff", "commit"] {
        let said = sandbox.untouched(&folder, &[verb]).failed();
        says(&said, &["`.` is not in a Git repository", "git clone"]);
    }
    let said = sandbox.untouched(&folder, &["commit", "nowhere"]).failed();
    says(&said, &["the folder `nowhere` does not exist"]);
    let said = sandbox.untouched(&folder, &["commit", "file"]).failed();
    says(&said, &["the folder `file` does not exist"]);
}

#[test]
fn no_commit() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("empty");
    sandbox.git(sandbox.dir.path(), &["init", "-q", "empty"]);
    for verb in ["detect", "diff", "commit"] {
        let said = sandbox.untouched(&path, &[verb]).failed();
        says(&said, &["the repository has no commit yet", "--base"]);
    }
}

#[test]
fn a_base_that_is_none() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["tag", "a-blob", "HEAD:setup.py"]);
    for rev in [
        "nope",
        "a-blob",
        "HEAD:nova",
        "",
        "--all",
        "deadbeef",
        "HEAD~9",
    ] {
        let arg = format!("--base={rev}");
        let said = clone.untouched(&["commit", &arg]).failed();
        says(&said, &[&format!("`{rev}` is not a commit"), "git log"]);
    }
}

#[test]
fn a_broken_configuration_is_named_with_its_line() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let config = clone.path.join(".git/config");
    let text = fs::read_to_string(&config).expect("config");
    fs::write(&config, format!("[broken\n{text}")).expect("config");
    let said = clone.untouched(&["commit"]).failed();
    says(&said, &["nova/.git/config:1", "fix that line"]);
}

#[test]
fn someone_elses() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let mine = fs::metadata(&clone.path).expect("metadata");
    let uid = std::os::unix::fs::MetadataExt::uid(&mine);
    if uid == 0 {
        let chown = sandbox
            .command("chown", &clone.path)
            .args(["-R", "12345", "."])
            .status();
        assert!(chown.expect("chown runs").success());
    } else {
        // Nobody but root can give files away; a work tree that is root's is just as foreign.
        clone.git(&["config", "core.worktree", "/"]);
    }
    let ran = clone.untouched(&["commit"]);
    let said = ran.failed();
    says(
        &said,
        &[
            "belongs to another user",
            "git config --global --add safe.directory",
        ],
    );
    if uid == 0 {
        // The hint is a command that works as it is printed.
        let hint = said.split(" / ").nth(1).expect("a hint").to_owned();
        let shell = sandbox
            .command("sh", &clone.path)
            .args(["-c", &hint])
            .status();
        assert!(shell.expect("sh runs").success());
        clone.rally(&["commit"]).ok("committed");
    }
}
