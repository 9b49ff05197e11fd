//! The steps that remain, and the base that they start from.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::support::{Gerrit, Sandbox, says};
use crate::{gerrit_for, in_use, list, notes, nothing_made, remote, text, url};

#[test]
fn one_push_where_the_remote_is() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    in_use(&clone);
    let push = "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale";
    let ran = clone.rally_text(&["review"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
    assert!(
        ran.out.ends_with(&format!("Next:\n  {push}\n")),
        "{}",
        ran.out
    );
    let event = clone.untouched(&["review"]).ok("committed");
    assert_eq!(list(&event, "next"), [push]);
    assert_eq!(text(&event, "push"), push);
    assert_eq!(gerrit.pushes(), Vec::<String>::new());
    // It is what may be typed.
    let words: Vec<&str> = push.split(' ').skip(1).collect();
    clone.git(&words);
    assert_eq!(gerrit.patch_sets().len(), 1);
}

#[test]
fn git_review_where_it_is_not() {
    let mut sandbox = Sandbox::new();
    sandbox.set("USER", "me");
    let clone = sandbox.clone_of("nova");
    let event = clone.rally(&["review", "--topic", "t"]).ok("committed");
    assert_eq!(
        list(&event, "next"),
        ["git switch rally-perfscale", "git review -t t"]
    );
    assert_eq!(event["push"], Value::Null);
    says(
        &notes(&event),
        &[
            "the remote `gerrit` does not exist yet; the steps add it: ssh://me@review.opendev.org:29418/openstack/nova.git",
            "`gerrit/master` is not fetched yet",
            "no commit-msg hook; `git review` adds Gerrit's and amends the commit",
        ],
    );
    clone.write("setup.py", "# changed\n");
    let event = clone.untouched(&["review"]).ok("committed");
    assert_eq!(
        list(&event, "next"),
        [
            "git review -s",
            "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale"
        ]
    );
}

#[test]
fn the_settings_of_git_review_are_honoured() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = Gerrit::with(&clone.path, "master");
    gerrit.git(&["branch", "feature/x", "master"]);
    remote(&clone, "review", &gerrit);
    clone.git(&["fetch", "-q", "review"]);
    clone.git(&["config", "gitreview.remote", "review"]);
    clone.git(&["config", "gitreview.branch", "feature/x"]);
    let ran = clone.rally_text(&["review"]);
    says(
        &ran.out,
        &[
            "(review/feature/x, ",
            "git push review rally-perfscale:refs/for/feature/x%topic=rally-perfscale\n",
        ],
    );
    let event = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
    assert!(gerrit.pushes()[0].starts_with("feature/x "));

    // For one command, and with Gerrit behind origin's push URL.
    let use_it = [
        "-c",
        "gitreview.usepushurl=1",
        "-c",
        "gitreview.branch=master",
    ];
    let by_git = |more: &[&str]| {
        let bin = Path::new(env!("CARGO_BIN_EXE_git-rally"));
        let path = format!(
            "{}:{}",
            bin.parent().expect("a folder").display(),
            sandbox.env["PATH"]
        );
        let mut git = sandbox.command("git", &clone.path);
        git.env("PATH", path).args(use_it).args(["rally", "review"]);
        let output = git
            .args(["--format", "json", "--branch", "b", "--trial"])
            .args(more)
            .output();
        let output = output.expect("git runs");
        serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
    };
    assert_eq!(
        list(&by_git(&[]), "next")[0],
        "git remote set-url --push origin ssh://USERNAME@review.opendev.org:29418/openstack/nova.git"
    );
    let path = gerrit.path().display().to_string();
    clone.git(&["remote", "set-url", "--push", "origin", &path]);
    let event = by_git(&["--push"]);
    assert_eq!(url(&event), "https://review.example.org/c/project/+/2");
}

/// `origin` is a fork that is ahead of Gerrit: its own commit is not for review.
#[test]
fn a_forks_own_commits_are_not_pushed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.git(&["fetch", "-q", "gerrit"]);
    clone.write("fork.txt", "ours alone\n");
    clone.git(&["add", "fork.txt"]);
    clone.sandbox.git_at(
        &clone.path,
        "1769870000 +0000",
        &["commit", "-q", "-m", "Fork"],
    );
    clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    let said = clone.untouched(&["review", "--push"]).failed();
    says(&said, &["one commit below the change", "git fetch gerrit"]);
    assert!(gerrit.pushes().is_empty());
    let event = clone.rally(&["review"]).ok("committed");
    says(
        &event["notes"].to_string(),
        &["one commit below the change"],
    );
}

/// HEAD says which branch is meant, and the base's own file says where it goes.
#[test]
fn a_stable_branch_goes_to_its_own_target() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.git(&["switch", "-q", "-c", "stable/2026.1"]);
    let file = fs::read_to_string(clone.path.join(".gitreview")).expect(".gitreview");
    clone.write(".gitreview", format!("{file}defaultbranch=stable/2026.1\n"));
    clone.git(&["commit", "-q", "-am", "Update .gitreview for stable/2026.1"]);
    gerrit.git(&[
        "fetch",
        "-q",
        &clone.path.display().to_string(),
        "stable/2026.1:stable/2026.1",
    ]);
    clone.git(&["fetch", "-q", "gerrit"]);
    let event = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(text(&event, "base"), clone.git(&["rev-parse", "HEAD"]));
    assert!(gerrit.pushes()[0].starts_with("stable/2026.1 topic="));

    // The same from master, by name.
    clone.git(&["switch", "-q", "master"]);
    let args = ["review", "--base", "gerrit/stable/2026.1"];
    let event = clone.untouched(&args).ok("committed");
    says(text(&event, "push"), &[":refs/for/stable/2026.1%topic="]);
    let said = clone.untouched(&["review"]).refused("branch-exists");
    says(&said, &["more commits than the change", "--base REV"]);
}

#[test]
fn commits_below_the_change_are_counted() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    let event = clone.rally(&["review", "--base", "HEAD"]).ok("committed");
    assert!(!notes(&event).contains("below the change"), "{event}");
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);

    in_use(&clone);
    let one = "one commit below the change is not yet in Gerrit (remote `gerrit`)";
    let event = clone.rally(&["review", "--base", "work"]).ok("committed");
    says(&notes(&event), &[one]);
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);

    // No remote has the branch that .gitreview names: then the base is HEAD, and not pushed.
    clone.git(&["config", "gitreview.branch", "feature/x"]);
    let said = nothing_made(&clone, &["review", "--push"]).failed();
    says(
        &said,
        &[
            one,
            "git-rally pushed nothing and made nothing",
            "git fetch gerrit",
            "--base HEAD",
        ],
    );
    assert_eq!(gerrit.pushes(), Vec::<String>::new());
    let event = clone.rally(&["review"]).ok("committed");
    says(
        &notes(&event),
        &[
            one,
            "no remote branch gerrit/feature/x or origin/feature/x exists: the base is HEAD",
        ],
    );
    let said = clone
        .rally(&["review", "--push", "--base", "HEAD"])
        .failed();
    says(&said, &["Gerrit rejected it: branch feature/x not found"]);
}

/// Below a commit that cannot be read there could be any number.
#[test]
fn commits_below_the_change_that_cannot_be_read() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    for subject in ["One", "Two", "Three"] {
        clone.git(&["commit", "-q", "--allow-empty", "-m", subject]);
    }
    let lost = clone.git(&["rev-parse", "HEAD~1"]);
    let (folder, name) = lost.split_at(2);
    let object = format!(".git/objects/{folder}/{name}");
    fs::remove_file(clone.path.join(object)).expect("a loose object");
    for args in [
        &["review", "--base", "HEAD"][..],
        &["review", "--base", "HEAD", "--push"],
    ] {
        let said = nothing_made(&clone, args).failed();
        says(
            &said,
            &["cannot read the commits below the change", "git fsck"],
        );
    }
    assert_eq!(gerrit.pushes(), Vec::<String>::new());
}

/// Where nothing of Gerrit is here, what `origin` has is all that is known of it.
#[test]
fn commits_below_the_change_are_counted_without_a_remote_gerrit() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    in_use(&clone);
    for (base, count) in [
        (
            "work",
            Some("one commit below the change is not yet in Gerrit"),
        ),
        ("origin/master", None),
        ("HEAD~1", None),
    ] {
        let event = clone.rally(&["review", "--base", base]).ok("committed");
        let said = notes(&event);
        assert_eq!(said.contains("below the change"), count.is_some(), "{said}");
        says(&said, count.as_slice());
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    }
    clone.git(&["commit", "-q", "--allow-empty", "-m", "Another"]);
    let event = clone.rally(&["review", "--base", "HEAD"]).ok("committed");
    says(
        &notes(&event),
        &["2 commits below the change are not yet in Gerrit"],
    );
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);

    // No remote has the branch that .gitreview names: the base is HEAD, with its own commits.
    clone.git(&["config", "gitreview.branch", "feature/x"]);
    let event = clone.rally(&["review"]).ok("committed");
    says(
        &notes(&event),
        &["2 commits below the change are not yet in Gerrit"],
    );
}
