//! A change from its first commit to its patch sets and its mail.

use std::fs;

use serde_json::Value;

use crate::support::{Clone, Gerrit, Sandbox, says, write};
use crate::{LATER, gerrit_for, in_use, text, url};

#[test]
fn pushed_replaced_and_mailed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    in_use(&clone);
    let (before, status) = (clone.everything(), clone.git(&["status", "--porcelain"]));

    let first = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(url(&first), "https://review.example.org/c/project/+/1");
    let commit = text(&first, "commit").to_owned();
    assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {commit}")]);
    assert_eq!(
        gerrit.pushes(),
        [format!("master topic=rally-perfscale {commit}")]
    );
    let mut after = clone.everything();
    after.retain(|path, _| !path.ends_with("refs/heads/rally-perfscale"));
    assert_eq!(before, after);
    assert_eq!(status, clone.git(&["status", "--porcelain"]));

    let second = clone
        .rally(&["review", "--push", "--replace", "--trial"])
        .ok("committed");
    assert_eq!(second["change_id"], first["change_id"]);
    assert_ne!(second["tree"], first["tree"]);
    let commit = text(&second, "commit").to_owned();
    assert_eq!(gerrit.patch_sets()[1], format!("01/1/2 {commit}"));
    assert_eq!(gerrit.patch_sets().len(), 2);

    let again = clone.rally(&["review", "--push", "--replace", "--trial"]);
    let again = again.ok("unchanged");
    says(text(&again, "reason"), &["no new changes", &commit]);
    assert_eq!(gerrit.patch_sets().len(), 2);

    let mail = clone.untouched(&["patch", "--trial"]).ok("patch");
    let mail = text(&mail, "text");
    assert!(mail.starts_with(&format!("From {commit} ")), "{mail}");
    let theirs = [
        "format-patch",
        "-1",
        "--stdout",
        "--full-index",
        "--no-signature",
        "rally-perfscale",
    ];
    assert_eq!(mail.trim_end(), clone.git(&theirs));
    assert_eq!(applied(&clone, mail), described(&clone, "rally-perfscale"));
}

/// The mail of a change that was not made gives the commit that is made afterwards.
#[test]
fn mailed_before_it_is_made() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let mail = clone.untouched(&["patch"]).ok("patch");
    let got = applied(&clone, text(&mail, "text"));
    let event = clone.rally(&["commit"]).ok("committed");
    assert_eq!(got, described(&clone, "rally-perfscale"));
    let commit = text(&event, "commit");
    assert!(text(&mail, "text").starts_with(&format!("From {commit} ")));
}

/// Another day, the same change: nothing is to do, and the commit that is there is meant.
#[test]
fn a_later_run_means_the_same_commit() {
    let mut sandbox = Sandbox::new();
    let path = sandbox.clone_of("nova").path;
    let first = sandbox.rally(&path, &["commit", "--format", "json"]);
    let commit = text(&first.ok("committed"), "commit").to_owned();
    for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
        sandbox.set(variable, LATER);
    }
    let clone = Clone {
        sandbox: &sandbox,
        path,
    };
    let gerrit = gerrit_for(&clone);
    let said = clone.untouched(&["commit"]).ok("unchanged");
    says(text(&said, "reason"), &[&commit]);
    let said = clone.untouched(&["commit", "--replace"]).ok("unchanged");
    says(text(&said, "reason"), &[&commit]);
    let mail = clone.untouched(&["patch"]).ok("patch");
    assert!(text(&mail, "text").starts_with(&format!("From {commit} ")));
    let event = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(text(&event, "commit"), commit);
    assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {commit}")]);
    assert_eq!(
        clone.git(&["log", "-g", "--format=%gs", "rally-perfscale"]),
        "git-rally: create"
    );
}

#[test]
fn several_repositories_in_one_call() {
    let sandbox = Sandbox::new();
    let gerrits: Vec<Gerrit> = ["nova", "glance"]
        .map(|name| gerrit_for(&sandbox.clone_of(name)))
        .into();
    sandbox.clone_of("swift").git(&["remote", "rm", "origin"]);
    let args = [
        "review", "--push", "nova", "swift", "glance", "--format", "json",
    ];
    let ran = sandbox.rally(sandbox.dir.path(), &args);
    assert_eq!(ran.code, 1, "{ran:?}");
    let events: Vec<Value> = (ran.out.lines())
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let kinds: Vec<&str> = events.iter().map(|event| text(event, "type")).collect();
    assert_eq!(kinds, ["committed", "failed", "committed"]);
    assert_eq!(
        text(&events[0], "push"),
        "git -C nova push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale"
    );
    for gerrit in gerrits {
        assert_eq!(gerrit.patch_sets().len(), 1);
    }
}

#[test]
fn the_push_has_all_its_options() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    let event = clone.rally(&[
        "review",
        "--push",
        "--topic",
        "bp/x",
        "--wip",
        "--reviewer",
        "r@example.org",
        "--reviewer",
        "s",
        "--hashtag",
        "perf",
        "--branch",
        "other/name",
    ]);
    let event = event.ok("committed");
    let commit = text(&event, "commit");
    assert_eq!(
        gerrit.pushes(),
        [format!(
            "master topic=bp/x,t=perf,r=r@example.org,r=s,wip {commit}"
        )]
    );
    assert_eq!(commit, clone.git(&["rev-parse", "other/name"]));
    assert_eq!(
        text(&event["pushed"]["changes"][0], "title"),
        "Add Rally performance tests for Nova [WIP] [NEW]"
    );
}

/// What git says comes on standard error while it comes; the results stay as they are.
#[test]
fn gits_own_words_are_shown() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    let ran = clone.rally(&["review", "--push"]);
    let event = ran.ok("committed");
    let lines = event["pushed"]["lines"].as_array().expect("lines");
    let shown: Vec<&str> = ran.err.lines().collect();
    assert_eq!(shown, *lines);
    assert!(ran.err.contains("remote: SUCCESS"), "{}", ran.err);

    let ran = clone.rally_text(&["review", "--push", "--replace", "--times", "3"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.err.contains("remote: SUCCESS"), "{}", ran.err);
    let expected = "\
Gerrit has it:
  https://review.example.org/c/project/+/1
";
    assert!(ran.out.ends_with(expected), "{}", ran.out);
    assert!(!ran.out.contains("SUCCESS"), "{}", ran.out);
    let tip = clone.git(&["rev-parse", "rally-perfscale"]);
    let first = format!(".: committed {} on the branch rally-perfscale", &tip[..12]);
    assert_eq!(ran.out.lines().next(), Some(first.as_str()));
    says(
        &ran.out,
        &[
            "  added Signed-off-by (DCO): Jane Doe <jane@example.org>\n",
            "  HEAD, index, work tree, configuration and other branches are unchanged\n",
        ],
    );
    assert_eq!(gerrit.patch_sets().len(), 2);
}

/// A line comes before the push ends: the stand-in's hook waits until it was read.
#[test]
fn the_lines_come_as_they_are_said() {
    use std::io::{BufRead, BufReader};
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let _gerrit = gerrit_for(&clone);
    let read = clone.path.join("read");
    clone.hook(
        "pre-push",
        "#!/bin/sh\necho first >&2\nn=0\nwhile [ ! -e read ]; do\n  n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.05\ndone\n",
    );
    let mut child = sandbox
        .command(env!("CARGO_BIN_EXE_git-rally"), &clone.path)
        .args(["review", "--push"])
        .stderr(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("git-rally");
    let mut lines = BufReader::new(child.stderr.take().expect("its talk")).lines();
    assert_eq!(lines.next().expect("a line").expect("UTF-8"), "first");
    fs::write(read, "").expect("the sign");
    lines.for_each(drop);
    assert!(child.wait().expect("an end").success());
}

/// What `git am` has to keep.
const KEPT: &str = "--format=%T%n%an <%ae>%n%ad%n%B";

fn described(clone: &Clone<'_>, rev: &str) -> String {
    clone.git(&["log", "-1", "--date=raw", KEPT, rev])
}

/// Applies the mail in a fresh clone of the upstream and returns what came of it.
fn applied(clone: &Clone<'_>, mail: &str) -> String {
    let fresh = clone.sandbox.path("fresh");
    let upstream = clone.git(&["remote", "get-url", "origin"]);
    let dir = clone.sandbox.dir.path();
    clone.sandbox.git(dir, &["clone", "-q", &upstream, "fresh"]);
    write(&dir.join("change.mbox"), mail);
    clone.sandbox.git(&fresh, &["am", "-q", "../change.mbox"]);
    let args = ["log", "-1", "--date=raw", KEPT];
    clone.sandbox.git(&fresh, &args)
}
