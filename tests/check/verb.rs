//! The verb: events, work trees, links.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::{Ran, Sandbox, fixtures, says};
use crate::{TASK, ZUUL};

#[test]
fn our_own_changes_are_clean() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit"]).ok("committed");
        let judged = |ran: Ran| {
            assert_eq!(ran.code, 0, "{service}: {ran:?}");
            match ran.event()["type"].as_str() {
                Some("unchanged") => ran.out,
                _ => ran.err,
            }
        };
        let dead = clone.path.join("rally-jobs").exists();
        let old = clone.path.join("rally-scenarios").exists();
        let clean = match (dead, old) {
            (true, _) => "no errors, 1 warning: checked 2 tasks and 1 job",
            (_, true) => "no errors, 1 warning: checked 1 task and 1 job",
            _ => "no problems found: checked 1 task and 1 job",
        };
        let base = clone.untouched(&["check", "--base", "rally-perfscale"]);
        says(&judged(base), &[clean]);
        for options in [&["--no-zuul"][..], &["--job", "other-rally", "--trial"]] {
            let more = ["commit", "--branch", "other", "--replace"];
            clone.rally(&[&more, options].concat()).ok("committed");
            let ran = clone.untouched(&["check", "--base", "other"]);
            assert_eq!(ran.code, 0, "{service}: {ran:?}");
        }
        clone.git(&["switch", "-q", "rally-perfscale"]);
        says(&judged(clone.untouched(&["check"])), &[clean]);
    }
}

#[test]
fn findings_are_events_and_lines() {
    let sandbox = Sandbox::new();
    let task = TASK.replace("max: 0", "max: 101");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", &task)],
    );
    let ran = repo.untouched(&["check"]);
    assert_eq!(ran.code, 1);
    let event = ran.event();
    let message = event["message"].as_str().expect("a message");
    assert_eq!(
        ran.out,
        format!(
            "{{\"type\":\"finding\",\"repo\":\".\",\"severity\":\"error\",\"path\":\"rally-jobs/task.yaml\",\"line\":15,\"column\":13,\"rule\":\"plugin-config\",\"message\":\"{message}\"}}\n"
        )
    );
    says(&ran.err, &["1 error: checked 1 task and 1 job"]);
    let text = repo.rally_text(&["check"]);
    assert_eq!(
        text.out,
        format!("rally-jobs/task.yaml:15:13: error: plugin-config: {message}\n")
    );
    let from_outside = sandbox.rally(sandbox.dir.path(), &["check", "r"]);
    assert!(
        from_outside
            .out
            .starts_with("r/rally-jobs/task.yaml:15:13: "),
        "{from_outside:?}"
    );
}

/// Content that nothing runs, and what somebody chose: said, and nothing fails.
#[test]
fn warnings_do_not_fail() {
    let sandbox = Sandbox::new();
    let old = "NeutronNetworks.create_and_list_networks:\n  - runner: {type: constant, times: 2}\n";
    let chosen = TASK.replace("max: 0", "max: 100");
    let repo = sandbox.repository(
        "r",
        &[
            (".zuul.yaml", ZUUL),
            ("rally-jobs/task.yaml", &chosen),
            ("rally-jobs/old.yaml", old),
        ],
    );
    let ran = repo.untouched(&["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.matches("\"severity\":\"warning\"").count(), 2);
    says(
        &ran.err,
        &["no errors, 2 warnings: checked 2 tasks and 1 job"],
    );
    let text = repo.rally_text(&["check"]);
    says(
        &text.out,
        &[
            "rally-jobs/old.yaml:1:1: warning: task-v1: ",
            "no job in this repository runs it",
            "rally-jobs/task.yaml:15:13: warning: lets-all-fail: ",
        ],
    );
}

#[test]
fn the_work_tree_is_judged_as_it_lies_and_a_commit_where_there_is_none() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repository("r", &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", TASK)]);
    fs::remove_file(repo.path.join("rally-jobs/task.yaml")).expect("removed");
    let found = |ran: Ran| (ran.code, ran.event()["rule"].as_str().map(str::to_owned));
    let missing = (1, Some("task-missing".to_owned()));
    assert_eq!(found(repo.untouched(&["check"])), missing);
    assert_eq!(
        found(sandbox.untouched(&repo.path.join(".git"), &["check", "--base", "HEAD"])),
        (0, None)
    );
    repo.git(&["clone", "-q", "--bare", ".", "../bare"]);
    assert_eq!(
        found(sandbox.untouched(&sandbox.path("bare"), &["check"])),
        (0, None)
    );
    // as git guesses it where the configuration does not say
    fs::remove_file(sandbox.path("bare/config")).expect("removed");
    assert_eq!(
        found(sandbox.untouched(sandbox.dir.path(), &["check", "bare"])),
        (0, None)
    );
    let nothing = sandbox.repository("n", &[("a", "")]);
    let reason = nothing.untouched(&["check"]).ok("unchanged")["reason"].clone();
    assert_eq!(reason, "no rally-jobs and no Rally job");
    // a folder inside it will do, and many repositories
    let many = sandbox.rally(
        sandbox.dir.path(),
        &["check", "n", "r/rally-jobs/..", "bare", "--format", "json"],
    );
    assert_eq!((many.code, many.out.lines().count()), (1, 3), "{many:?}");
}

#[test]
fn no_link_is_followed_and_no_pipe_is_opened() {
    let sandbox = Sandbox::new();
    let outside = sandbox.path("outside");
    fs::create_dir_all(outside.join("plugins")).expect("folder");
    let bad = TASK.replace("max: 0", "max: 100");
    fs::write(outside.join("task.yaml"), &bad).expect("file");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/README.rst", "x\n")],
    );
    let jobs = repo.path.join("rally-jobs");
    symlink(outside.join("task.yaml"), jobs.join("task.yaml")).expect("link");
    symlink(&outside, jobs.join("more")).expect("link");
    symlink(&jobs, jobs.join("plugins")).expect("a loop");
    let pipe = jobs.join("pipe.yaml");
    let made = sandbox
        .command("mkfifo", sandbox.dir.path())
        .arg(&pipe)
        .status();
    assert!(made.expect("mkfifo").success());
    let ran = repo.rally(&["check"]);
    assert_eq!(ran.code, 4);
    says(
        &ran.out,
        &["not-judged", "`rally-jobs/task.yaml` is a symbolic link"],
    );
    // the whole folder elsewhere
    fs::remove_dir_all(&jobs).expect("removed");
    symlink(&outside, &jobs).expect("link");
    let ran = repo.rally(&["check"]);
    assert!(!ran.out.contains("lets-all-fail"), "{ran:?}");
    // an executable file
    fs::remove_file(&jobs).expect("removed");
    repo.write("rally-jobs/task.yaml", TASK);
    repo.write("rally-jobs/run.py", "#!/usr/bin/python3\n");
    for file in ["task.yaml", "run.py"] {
        fs::set_permissions(jobs.join(file), fs::Permissions::from_mode(0o755)).expect("mode");
    }
    let event = repo.rally(&["check"]).event();
    assert_eq!(
        (event["rule"].as_str(), event["path"].as_str()),
        (Some("executable"), Some("rally-jobs/task.yaml"))
    );
}
