//! `--replace`: never over the work of others.

use crate::support::{Clone, Sandbox, says};
use crate::{gerrit_for, message, notes, url};

/// Runs `--replace` with another option; it has to be refused, and nothing has to move.
fn kept(clone: &Clone<'_>) -> String {
    let args = ["review", "--push", "--replace", "--trial"];
    let said = clone.untouched(&args).refused("branch-exists");
    let said_again = clone.untouched(&["commit", "--replace", "--trial"]);
    says(&said_again.refused("branch-exists"), &["rally-perfscale"]);
    said
}

#[test]
fn never_over_anothers_work() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.rally(&["commit"]).ok("committed");
    let ours = clone.git(&["rev-parse", "rally-perfscale"]);
    let reset = || clone.git(&["update-ref", "refs/heads/rally-perfscale", &ours]);
    let work = sandbox.path("work");
    clone.git(&[
        "worktree",
        "add",
        "-q",
        "--detach",
        &work.display().to_string(),
    ]);
    let on_branch = |args: &[&[&str]]| {
        sandbox.git(&work, &["switch", "-q", "rally-perfscale"]);
        for args in args {
            sandbox.git(&work, args);
        }
        sandbox.git(&work, &["switch", "-q", "--detach"]);
    };

    on_branch(&[&[
        "commit",
        "-q",
        "--amend",
        "--no-edit",
        "--author",
        "Joe <joe@example.org>",
    ]]);
    says(&kept(&clone), &["Joe <joe@example.org>", "--branch NAME"]);
    reset();

    on_branch(&[
        &["rm", "-q", "rally-jobs/README.rst"],
        &["commit", "-q", "--amend", "--no-edit"],
    ]);
    says(
        &kept(&clone),
        &["somebody edited its commit after git-rally made it"],
    );
    reset();

    on_branch(&[&["commit", "-q", "--allow-empty", "-m", "More"]]);
    says(&kept(&clone), &["git-rally did not make the commit"]);
    reset();

    // Two of ours: the second on top of the first.
    on_branch(&[
        &["commit", "-q", "--allow-empty", "-m", "More"],
        &["commit", "-q", "--allow-empty", "-C", &ours],
    ]);
    says(&kept(&clone), &["more commits than the change"]);
    reset();

    // Somebody else's branch of that name.
    clone.git(&["update-ref", "refs/heads/rally-perfscale", "HEAD"]);
    says(&kept(&clone), &["git-rally did not make the commit"]);
    let said = clone.untouched(&["review"]).refused("branch-exists");
    says(&said, &["--branch NAME"]);
    assert_eq!(gerrit.pushes(), Vec::<String>::new());
}

#[test]
fn never_under_a_checkout() {
    let mut sandbox = Sandbox::new();
    sandbox.install();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["switch", "-q", "rally-perfscale"]);
    let said = kept(&clone);
    says(
        &said,
        &["is checked out in `", "git rally commit --trial --replace"],
    );

    // The commands that are printed do it.
    let (_, commands) = said.split_once(" / ").expect("a hint");
    for command in commands.split("; ") {
        let done = sandbox
            .command("sh", &clone.path)
            .args(["-c", command])
            .output()
            .expect("sh");
        assert!(done.status.success(), "{command}: {done:?}");
    }
    assert_eq!(clone.git(&["branch", "--show-current"]), "rally-perfscale");
    assert_eq!(clone.git(&["status", "--porcelain"]), "");
    clone.untouched(&["commit", "--trial"]).ok("unchanged");
    assert_eq!(
        clone.git(&["rev-list", "--count", "origin/master..HEAD"]),
        "1"
    );

    // The same change again does not need the branch to move.
    let event = clone
        .rally(&["review", "--push", "--replace", "--trial"])
        .ok("committed");
    assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
    assert_eq!(gerrit.patch_sets().len(), 1);

    // In another work tree, and in the middle of a rebase or a bisection.
    clone.git(&["switch", "-q", "master"]);
    let work = sandbox.path("work");
    let place = work.display().to_string();
    clone.git(&["worktree", "add", "-q", &place, "rally-perfscale"]);
    let refused = |args: &[&str]| {
        let said = clone.untouched(args).refused("branch-exists");
        says(&said, &[&format!("is checked out in `{place}`")]);
    };
    refused(&["commit", "--replace", "--voting"]);
    sandbox.git(&work, &["bisect", "start"]);
    sandbox.git(&work, &["switch", "-q", "--detach"]);
    refused(&["commit", "--replace", "--voting"]);
    sandbox.git(&work, &["bisect", "reset"]);
    let rebase = sandbox
        .command("git", &work)
        .args(["rebase", "-q", "-x", "false", "HEAD~1"])
        .output();
    assert!(!rebase.expect("git").status.success());
    refused(&["commit", "--replace", "--voting"]);
    sandbox.git(&work, &["rebase", "--abort"]);
    sandbox.git(&work, &["switch", "-q", "--detach"]);
    clone
        .rally(&["commit", "--replace", "--voting"])
        .ok("committed");
}

#[test]
fn a_branch_that_head_waits_for_is_not_made() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["switch", "-q", "--orphan", "rally-perfscale"]);
    let said = clone.untouched(&["commit"]).refused("branch-exists");
    says(
        &said,
        &["has no commit yet, but is checked out", "--branch NAME"],
    );
    clone.rally(&["commit", "--branch", "b"]).ok("committed");
}

#[test]
fn anothers_sign_off_is_not_lost_unsaid() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let signed = "Signed-off-by: Eve <eve@example.org>";
    clone.git(&["commit", "-q", "--amend", "--no-edit", "--trailer", signed]);
    clone.git(&["checkout", "-q", "master"]);
    clone.rally(&["commit"]).ok("unchanged");
    let event = clone
        .rally(&["commit", "--replace", "--times", "3"])
        .ok("committed");
    let wanted = format!("the earlier patch set had `{signed}`");
    says(&notes(&event), &[&wanted, "--trailer"]);
    assert!(!notes(&event).contains("jane@example.org"), "{event}");
}

#[test]
fn ones_own_sign_off_is_not_called_lost() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    // The same person, in another spelling, and then without.
    clone.git(&["config", "user.name", "J. Doe"]);
    for more in [&["--times", "3"][..], &["--no-signoff"]] {
        let args = [&["commit", "--replace"], more].concat();
        let event = clone.rally(&args).ok("committed");
        assert!(!notes(&event).contains("earlier patch set"), "{event}");
        assert!(!message(&clone).contains("Jane Doe"));
    }
}

#[test]
fn never_under_a_rebase_that_will_move_it() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "-b", "above", "rally-perfscale"]);
    clone.git(&["commit", "-q", "--allow-empty", "-m", "Above"]);
    let rebase = ["rebase", "-q", "--update-refs", "-x", "false", "HEAD~2"];
    let stopped = sandbox.command("git", &clone.path).args(rebase).output();
    assert!(!stopped.expect("git runs").status.success());
    let args = ["commit", "--replace", "--times", "3"];
    let said = clone.rally(&args).refused("branch-exists");
    says(&said, &["never moves a branch"]);
    clone.git(&["rebase", "--abort"]);
    clone.rally(&args).ok("committed");
}

#[test]
fn a_plain_rebase_leaves_it_ours() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let id = clone.rally(&["commit"]).ok("committed")["change_id"].clone();
    clone.write("README.rst", "Other words\n");
    clone.commit_upstream("Something else");
    clone.git(&["rebase", "-q", "origin/master", "rally-perfscale"]);
    clone.git(&["switch", "-q", "master"]);
    clone.untouched(&["commit"]).ok("unchanged");
    let event = clone
        .rally(&["commit", "--replace", "--times", "3"])
        .ok("committed");
    assert_eq!(event["change_id"], id);
    assert!(!notes(&event).contains("earlier"), "{event}");

    // What somebody edited on the way is not.
    clone.write("nova/__init__.py", "x = 1\n");
    clone.commit_upstream("And again");
    clone.git(&["rebase", "-q", "origin/master", "rally-perfscale"]);
    clone.write("rally-jobs/extra/README.rst", "By hand\n");
    clone.git(&["commit", "-q", "-a", "--amend", "--no-edit"]);
    clone.git(&["switch", "-q", "master"]);
    let said = clone.untouched(&["commit", "--replace", "--times", "4"]);
    says(
        &said.refused("branch-exists"),
        &["somebody edited its commit"],
    );
}

#[test]
fn a_message_that_somebody_edited_stays() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    let mine = message(&clone).replacen("\n\n", "\n\nBecause we must know.\n\n", 1);
    let mine = format!("{}\nRelated-Bug: #1", mine.trim_end());
    clone.git(&["commit", "-q", "--amend", "-m", &mine]);
    clone.git(&["checkout", "-q", "master"]);
    clone.untouched(&["commit"]).ok("unchanged");

    let event = clone
        .rally(&["commit", "--replace", "--times", "3"])
        .ok("committed");
    says(&notes(&event), &["as somebody edited it", "--new-message"]);
    let edited = clone.git(&["rev-parse", "rally-perfscale"]);
    let text = message(&clone);
    says(
        &text,
        &[
            "Because we must know.",
            "Related-Bug: #1",
            "Git-Rally-Options: --times 3",
        ],
    );

    // A bug that was named by hand stays with a new message, too.
    let args = ["commit", "--replace", "--new-message"];
    let event = clone.rally(&args).ok("committed");
    says(&notes(&event), &[&format!("git show -s {edited}")]);
    let text = message(&clone);
    assert!(!text.contains("Because"), "{text}");
    says(&text, &["Related-Bug: #1", "Git-Rally-Options: --times 3"]);

    // Minutes that are others with another load are ours, and not worth a word.
    let args = ["commit", "--replace", "--times", "50"];
    let event = clone.rally(&args).ok("committed");
    assert!(!notes(&event).contains("message"), "{event}");
}
