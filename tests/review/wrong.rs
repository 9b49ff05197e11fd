//! What makes a push fail, and what is said then.

use std::fs;

use crate::support::{Gerrit, Sandbox, says};
use crate::{gerrit_for, nothing_made, remote, text, url};

#[test]
fn without_gitreview_there_may_be_a_remote() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["rm", "-q", ".gitreview"]);
    clone.commit_upstream("No Gerrit");
    for args in [&["review"][..], &["review", "--push"]] {
        let args = [args, &["--service", "nova"]].concat();
        let said = nothing_made(&clone, &args).failed();
        says(
            &said,
            &[
                "the remote `gerrit` does not exist",
                "no `.gitreview`",
                "git remote add gerrit URL",
            ],
        );
    }
    let gerrit = Gerrit::with(&clone.path, "master");
    remote(&clone, "gerrit", &gerrit);
    let event = clone.rally(&["review", "--push", "--service", "nova"]);
    let event = event.ok("committed");
    assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
}

#[test]
fn a_remote_that_is_not_there_or_leads_nowhere() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let said = nothing_made(&clone, &["review", "--push"]).failed();
    says(
        &said,
        &[
            "the remote `gerrit` does not exist",
            "git review -t rally-perfscale",
        ],
    );
    clone.git(&["config", "gitreview.remote", "elsewhere"]);
    let said = nothing_made(&clone, &["review", "--push"]).failed();
    says(&said, &["the remote `elsewhere` does not exist"]);
    clone.git(&["config", "--unset", "gitreview.remote"]);
    clone.git(&["remote", "add", "gerrit", "/nonexistent/service.git"]);
    let said = clone.rally(&["review", "--push"]).failed();
    let tip = clone.git(&["rev-parse", "rally-perfscale"]);
    says(
        &said,
        &[
            &format!(
                "the branch `rally-perfscale` holds the commit {tip}, but git did not reach Gerrit"
            ),
            "/nonexistent/service.git",
            " / look at the address, and at your account there: git remote -v; then: git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale",
        ],
    );
    // Nothing is lost: when the remote is mended, the same call goes on.
    let gerrit = Gerrit::with(&clone.path, "master");
    clone.git(&[
        "remote",
        "set-url",
        "gerrit",
        &gerrit.path().display().to_string(),
    ]);
    let event = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(text(&event, "commit"), tip);
    assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {tip}")]);
}

#[test]
fn words_that_a_push_cannot_carry() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let _gerrit = gerrit_for(&clone);
    for (option, value) in [
        ("--topic", "a,b"),
        ("--topic", "a b"),
        ("--topic", ""),
        ("--topic", "a%b"),
        ("--reviewer", "a,b"),
        ("--hashtag", "a b"),
    ] {
        let arg = format!("{option}={value}");
        let ran = nothing_made(&clone, &["review", "--push", &arg]);
        says(ran.usage(), &[option]);
    }
    for id in [
        "I123",
        "0123456789abcdef0123456789abcdef01234567",
        "I0000000000000000000000000000000000000000",
    ] {
        let ran = nothing_made(&clone, &["review", "--change-id", id]);
        says(ran.usage(), &["--change-id"]);
    }
}

#[test]
fn a_push_that_is_not_taken() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    clone.hook("pre-push", "#!/bin/sh\necho not today >&2\nexit 1\n");
    let ran = clone.rally(&["review", "--push"]);
    says(&ran.failed(), &["but git did not send it: ", "not today"]);
    says(&ran.err, &["not today\n"]);
    fs::remove_file(clone.path.join(".git/hooks/pre-push")).expect("the hook");

    // A commit that the stand-in refuses: two changes at once.
    clone.write("more", "");
    clone.git(&["add", "more"]);
    clone.git(&["commit", "-q", "-m", "More"]);
    let args = ["review", "--push", "--base", "HEAD", "--branch", "b"];
    let ran = clone.rally(&args);
    let said = ran.failed();
    says(
        &said,
        &[
            ", but Gerrit rejected it: 2 commits where one is expected",
            " / git push gerrit b:refs/for/master",
        ],
    );
    says(&ran.err, &["error: failed to push some refs"]);
    assert_eq!(gerrit.patch_sets(), Vec::<String>::new());
    let ran = clone.rally_text(&args);
    assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
    says(&ran.err, &[".: failed: the branch `b` holds the commit "]);
}

/// A push to `refs/for/` makes a plain reference where no Gerrit listens.
#[test]
fn a_plain_repository_is_not_called_a_gerrit() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let plain = sandbox.path("plain.git");
    let place = plain.display().to_string();
    sandbox.git(sandbox.dir.path(), &["init", "-q", "--bare", &place]);
    clone.git(&["push", "-q", &place, "master"]);
    clone.git(&["remote", "add", "gerrit", &place]);
    clone.git(&["fetch", "-q", "gerrit"]);
    let said = clone.rally(&["review", "--push"]).failed();
    let reference = "refs/for/master%topic=rally-perfscale";
    says(
        &said,
        &[
            "`gerrit`",
            "not a Gerrit",
            reference,
            "git push gerrit --delete",
        ],
    );
    // The hint takes it back.
    clone.git(&["push", "-q", "gerrit", "--delete", reference]);
    assert_eq!(sandbox.git(&plain, &["for-each-ref", "refs/for"]), "");
}
