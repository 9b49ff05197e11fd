//! What does not end, in the place of one of git's own files.

use crate::support::{Command, Sandbox, says};

/// `/dev/null`, which people set for a configuration, is an empty one.
#[test]
fn a_configuration_that_includes_a_device() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("cinder");
    clone.git(&["config", "include.path", "/dev/null"]);
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["config", "include.path", "/dev/zero"]);
    let said = clone.untouched(&["commit", "--branch", "other"]).failed();
    says(&said, &["`/dev/zero`", "a device and not a file"]);
}

#[test]
fn attributes_that_are_a_pipe() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("cinder");
    let path = clone.path.join(".git/info/attributes");
    drop(std::fs::create_dir(clone.path.join(".git/info")));
    let made = Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo").success());
    // Git waits for ever: nothing may reach it.
    for verb in ["commit", "review"] {
        let said = clone.rally(&[verb]).failed();
        let pipe = "info/attributes`: it is a pipe and not a file";
        says(&said, &[pipe, "remove it"]);
    }
    std::fs::remove_file(&path).expect("a pipe");
    // A file of the user's that is not there is none.
    clone.git(&["config", "core.attributesFile", "/nowhere/attributes"]);
    clone.rally(&["commit"]).ok("committed");
}
