//! The message: Change-Id, trailers, sign-off, hooks.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::support::{Sandbox, says, write};
use crate::{gerrit_for, message, notes, text};

#[test]
fn the_settings_of_the_hook_are_honoured() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.git(&["config", "gerrit.createChangeId", "false"]);
    let event = clone.rally(&["review"]).ok("committed");
    assert_eq!(event["change_id"], Value::Null);
    assert!(!message(&clone).contains("Change-Id"));
    says(
        &notes(&event),
        &["has no Change-Id", "gerrit.createChangeId is false"],
    );
    let said = clone.untouched(&["review", "--push"]).failed();
    says(
        &said,
        &["Gerrit rejected it", "missing Change-Id in message footer"],
    );
    assert_eq!(gerrit.patch_sets(), Vec::<String>::new());

    // An id that is asked for is there, and so is one as soon as the setting is gone.
    let id = "I0123456789abcdef0123456789abcdef01234567";
    let args = ["review", "--replace", "--change-id", id];
    assert_eq!(text(&clone.rally(&args).ok("committed"), "change_id"), id);
    clone
        .untouched(&["commit", "--change-id", id])
        .ok("unchanged");
    clone.git(&["branch", "-D", "-q", "rally-perfscale"]);
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["config", "--unset", "gerrit.createChangeId"]);
    clone.untouched(&["commit"]).refused("branch-exists");
    let event = clone
        .rally(&["review", "--push", "--replace"])
        .ok("committed");
    says(text(&event, "change_id"), &["I"]);

    clone.git(&["branch", "-D", "-q", "rally-perfscale"]);
    clone.git(&["config", "gerrit.reviewUrl", "https://review.example.org/"]);
    let event = clone.rally(&["commit"]).ok("committed");
    let id = text(&event, "change_id");
    let link = format!("Link: https://review.example.org/id/{id}\nSigned-off-by: ");
    says(&message(&clone), &[&link]);
    assert!(!message(&clone).contains("Change-Id"));
    clone.untouched(&["commit"]).ok("unchanged");
}

#[test]
fn trailers_and_sign_off_as_asked_for() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    let id = "I0123456789abcdef0123456789abcdef01234567";
    let args = [
        "review",
        "--push",
        "--change-id",
        id,
        "--trailer",
        "Closes-Bug: #1",
        "--trailer",
        "Depends-On: https://review.example.org/c/1",
    ];
    let event = clone.rally(&args).ok("committed");
    assert_eq!(text(&event, "change_id"), id);
    assert_eq!(gerrit.patch_sets().len(), 1);
    let all = clone.git(&[
        "log",
        "-1",
        "--format=%(trailers:only,unfold)",
        "rally-perfscale",
    ]);
    let lines: Vec<&str> = all.lines().collect();
    assert_eq!(
        lines[3..],
        [
            &format!("Change-Id: {id}"),
            "Signed-off-by: Jane Doe <jane@example.org>",
            "Closes-Bug: #1",
            "Depends-On: https://review.example.org/c/1",
        ]
    );
    assert!(lines[0].starts_with("Git-Rally: "), "{all}");
    assert!(
        lines[1..3]
            .iter()
            .all(|l| l.starts_with("Git-Rally-Wrote: ")),
        "{all}"
    );

    // What the earlier patch set had, and nobody asked for again, stays.
    let args = [
        "review",
        "--replace",
        "--no-signoff",
        "--trailer",
        "Depends-On: https://review.example.org/c/1",
    ];
    let event = clone.rally(&args).ok("committed");
    says(&message(&clone), &["Closes-Bug: #1"]);
    assert!(!notes(&event).contains("earlier patch set"), "{event}");
    assert_eq!(text(&event, "change_id"), id);
    assert!(!message(&clone).contains("Signed-off-by"));
    let said = clone.rally(&[
        "review",
        "--push",
        "--no-signoff",
        "--trailer",
        "Depends-On: https://review.example.org/c/1",
    ]);
    says(
        &said.failed(),
        &["not Signed-off-by author/committer/uploader"],
    );
}

#[test]
fn no_hook_is_run_and_another_ones_is_said() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let marks = clone.path.join(".git/ran");
    let mark = format!("#!/bin/sh\necho \"$0\" >> '{}'\n", marks.display());
    let gerrits =
        format!("{mark}# Part of Gerrit Code Review (https://www.gerritcodereview.com/)\n");
    for name in [
        "pre-commit",
        "prepare-commit-msg",
        "post-commit",
        "reference-transaction",
        "pre-push",
    ] {
        clone.hook(name, &mark);
    }
    let said = "the clone has a commit-msg hook that is not Gerrit's; git-rally did not run it";
    for (text, is_said) in [(&gerrits, false), (&mark, true)] {
        clone.hook("commit-msg", text);
        for verb in ["commit", "review"] {
            let event = clone.rally(&[verb]).ok("committed");
            assert_eq!(notes(&event).contains(said), is_said, "{event}");
            clone.sandbox.git(
                &clone.path,
                &["update-ref", "-d", "refs/heads/rally-perfscale"],
            );
            // That was git, which runs one of them.
            drop(fs::remove_file(&marks));
        }
    }
    clone.rally(&["commit"]).ok("committed");
    assert!(!marks.exists());
    // A folder of hooks that the user has for all clones.
    fs::remove_file(clone.path.join(".git/hooks/commit-msg")).expect("the hook");
    let file = sandbox.path("home/hooks/commit-msg");
    write(&file, &mark);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("mode");
    clone.git(&["config", "core.hooksPath", "~/hooks"]);
    let event = clone.rally(&["commit", "--branch", "b"]).ok("committed");
    says(&notes(&event), &[said]);
}
