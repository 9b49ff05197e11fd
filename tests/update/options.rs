//! Options of the last run hold, unless they are given anew.

use crate::story::{Story, notes};
use crate::support::{Sandbox, says};

#[test]
fn every_verb_goes_by_the_last_run() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let args = [
        "commit",
        "--times",
        "3",
        "--concurrency",
        "2",
        "--trial",
        "--job",
        "nova-perf",
    ];
    clone.rally(&args).ok("committed");
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message,
        &["Git-Rally-Options: --times 3 --concurrency 2 --job nova-perf --trial"],
    );
    clone.untouched(&["commit"]).ok("unchanged");
    let diff = clone.untouched(&["diff"]).ok("patch");
    says(
        diff["text"].as_str().expect("a diff"),
        &["default(3)", "task-nova-perf.yaml", "voting: false"],
    );
    let mail = clone.untouched(&["patch"]).ok("patch");
    let commit = clone.git(&["rev-parse", "rally-perfscale"]);
    says(
        mail["text"].as_str().expect("a mail"),
        &[&format!("From {commit}")],
    );
    assert_eq!(
        clone.untouched(&["review"]).ok("committed")["commit"],
        commit.as_str()
    );

    // Given anew: said, and only with --replace.
    let said = clone
        .untouched(&["commit", "--times", "4"])
        .refused("branch-exists");
    says(&said, &["git rally commit --times 4 --replace"]);
    let event = clone
        .rally(&["commit", "--times", "4", "--replace"])
        .ok("committed");
    says(
        &notes(&event),
        &[
            "as in the last run: --concurrency 2 --job nova-perf --trial",
            "otherwise than in the last run: --times 4 (it was --times 3)",
        ],
    );
    let event = clone
        .rally(&["commit", "--forget", "--replace"])
        .ok("committed");
    assert!(!notes(&event).contains("last run"), "{event}");
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    assert!(!message.contains("Git-Rally-Options"), "{message}");
}

#[test]
fn a_merged_change_is_the_last_run() {
    let story = Story::merged("nova", &["--times", "3", "--job", "nova-perf"]);
    let clone = story.clone();
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    clone.untouched(&["commit"]).ok("unchanged");
    let event = clone.rally(&["commit", "--times", "4"]).ok("committed");
    // The same again, given or held, is the same change.
    clone.untouched(&["commit", "--times", "4"]).ok("unchanged");
    clone.untouched(&["commit"]).ok("unchanged");
    let task = story.updated("rally-jobs/task-nova-perf.yaml");
    says(&task, &["default(4)"]);
    assert!(!task.contains("default(3)"), "{task}");
    says(
        &notes(&event),
        &["--job nova-perf", "--times 4 (it was --times 3)"],
    );
    says(
        &story.message().replace('\n', " "),
        &[
            "git-rally ran with --times 4 (it was --times 3).",
            "All 32 workloads change.",
        ],
    );
}

#[test]
fn the_base_of_the_last_run_holds_for_its_branch() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["update-ref", "refs/remotes/origin/stable/2026.1", "HEAD"]);
    clone.write("README.rst", "Newer\n");
    clone.commit_upstream("Newer");
    let base = ["commit", "--base", "origin/stable/2026.1"];
    clone.rally(&base).ok("committed");
    clone.untouched(&["commit"]).ok("unchanged");
    let event = clone.untouched(&["review"]).ok("committed");
    says(
        &notes(&event),
        &["the base is origin/stable/2026.1, as in the last run"],
    );
    // Once it is merged there, master has no part in it.
    let event = clone.rally(&["commit", "--branch", "b"]).ok("committed");
    assert_eq!(
        event["base"],
        clone.git(&["rev-parse", "origin/master"]).as_str()
    );
    clone.git(&["update-ref", "-d", "refs/remotes/origin/stable/2026.1"]);
    let said = clone.untouched(&["commit"]);
    says(&said.refused("branch-exists"), &["rally-perfscale"]);
}

#[test]
fn a_job_that_was_not_wanted_is_added_when_it_is() {
    let story = Story::merged("swift", &["--no-zuul"]);
    let clone = story.clone();
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    clone.untouched(&["commit"]).ok("unchanged");
    let event = clone.rally(&["commit", "--trial"]).ok("committed");
    says(&notes(&event), &["--trial (it was --no-zuul)"]);
    says(
        &story.updated(".zuul.yaml"),
        &["name: swift-rally", "voting: false"],
    );
}

/// A message is input: whoever writes one cannot make a run do more than its options can.
#[test]
fn foreign_options_are_passed_over() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit", "--times", "3"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let message = clone.git(&["log", "-1", "--format=%B"]);
    for options in [
        "--catalogue /etc --times 0",
        "--times x --job ../../x --new 3",
        "--times",
        "--base $(id)",
    ] {
        let text = message.replace("--times 3", options);
        clone.git(&["commit", "-q", "--amend", "-m", &text]);
        clone.git(&["checkout", "-q", "--detach"]);
        let said = clone.untouched(&["commit"]);
        says(&said.refused("branch-exists"), &["rally-perfscale"]);
        clone.git(&["checkout", "-q", "rally-perfscale"]);
    }
}
