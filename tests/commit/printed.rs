//! What is printed: commands to type, and a pipe that is closed.

use std::fs;

use crate::support::Sandbox;

#[test]
fn what_is_printed_to_type_survives_the_shell() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    sandbox.clone_of("nova");
    let (dir, name) = (sandbox.dir.path(), "it's; a clone");
    fs::rename(dir.join("nova"), dir.join(name)).expect("another name");
    let commit = |more: &[&str]| {
        let args = ["commit", name, "--branch", "a;b$c", "--format", "json"];
        let args: Vec<&str> = args.iter().chain(more).copied().collect();
        sandbox.rally(dir, &args)
    };
    let event = commit(&[]).ok("committed");
    let show = event["next"][0].as_str().expect("a command");
    let shown = sandbox.command("sh", dir).args(["-c", show]).output();
    let shown = shown.expect("a shell");
    assert!(shown.status.success(), "{show}: {shown:?}");
    assert_eq!(
        event["next"][1],
        r"git rally review --branch 'a;b$c' 'it'\''s; a clone'"
    );

    sandbox.git(&dir.join(name), &["checkout", "-q", "a;b$c"]);
    let said = commit(&["--replace", "--times", "3"]).refused("branch-exists");
    let hint = said.rsplit(" / ").next().expect("a hint");
    let done = sandbox.command("sh", dir).args(["-c", hint]).output();
    assert!(done.expect("a shell").status.success(), "{hint}");
    assert!(hint.ends_with("switch 'a;b$c'"), "{hint}");
    let again = commit(&["--times", "3"]);
    again.ok("unchanged");
}

#[test]
fn a_closed_pipe_ends_quietly_and_changes_no_exit_code() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["branch", "taken"]);
    for (args, code) in [
        (["diff", "--branch", "free"], 0),
        (["diff", "--branch", "taken"], 3),
    ] {
        let (read, write) = std::io::pipe().expect("a pipe");
        drop(read);
        let mut command = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), &clone.path);
        let command = command.args(args).args(["--format", "json"]).stdout(write);
        let ran = command.output().expect("git-rally runs");
        assert_eq!((ran.status.code(), ran.stderr), (Some(code), Vec::new()));
    }
}
