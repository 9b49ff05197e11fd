//! The real git-review, on what `git rally review` has made, against the stand-in for Gerrit.

use std::fs;

use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::support::{Clone, Gerrit, Sandbox, says, venv};
use crate::trial;

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("git_review_follows_the_steps", || follows(false)),
        trial("git_review_sets_a_dirty_clone_up", || follows(true)),
        trial("git_review_sends_the_same_options", same_options),
        trial("git_review_knows_the_same_target", same_target),
    ]
}

/// Where `.gitreview` says that Gerrit is.
const URL: &str = "ssh://me@review.opendev.org:29418/openstack/nova.git";

/// Puts a Gerrit where git-review will look for it.
fn gerrit_for(clone: &Clone<'_>) -> Gerrit {
    let gerrit = Gerrit::with(&clone.path, "master");
    let instead = format!("url.{}.insteadOf", gerrit.path().display());
    clone.git(&["config", &instead, URL]);
    gerrit
}

fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.set("USER", "me");
    sandbox.set("LOGNAME", "me");
    sandbox
}

/// Types the steps into a shell that finds git-review.
fn follow(clone: &Clone<'_>, event: &Value) -> Result<(), Failed> {
    let path = format!("{}:{}", venv::bin()?.display(), clone.sandbox.env["PATH"]);
    for step in event["next"].as_array().ok_or("no steps")? {
        let step = step.as_str().ok_or("no text")?;
        let mut shell = clone.sandbox.command("sh", &clone.path);
        shell.env("PATH", &path).args(["-c", step]);
        // A commit that git-review amends is not the same one.
        shell.env("GIT_COMMITTER_DATE", "1769947200 +0000");
        let output = shell.output()?;
        if !output.status.success() {
            return Err(format!("{step}: {output:?}").into());
        }
    }
    Ok(())
}

fn steps(event: &Value) -> usize {
    event["next"].as_array().map_or(0, Vec::len)
}

/// From a clone that knows no Gerrit to a second patch set.
fn follows(dirty: bool) -> Result<(), Failed> {
    let sandbox = sandbox();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    if dirty {
        clone.write("setup.py", "# changed\n");
    }
    let event = clone.rally(&["review"]).ok("committed");
    assert_eq!(steps(&event), 2);
    follow(&clone, &event)?;
    let pushes = gerrit.pushes();
    assert!(
        pushes[0].starts_with("master topic=rally-perfscale "),
        "{pushes:?}"
    );
    let sets = gerrit.patch_sets();
    let (name, commit) = sets[0].split_once(' ').ok_or("no patch set")?;
    assert_eq!((name, sets.len()), ("01/1/1", 1));
    // In a clean clone git-review has put its hook there and amended the commit.
    assert_eq!(commit == event["commit"], dirty);
    let message = gerrit.git(&["log", "-1", "--format=%B", commit]);
    let id = event["change_id"].as_str().ok_or("no Change-Id")?;
    says(&message, &[&format!("Change-Id: {id}\n")]);
    assert_eq!(message.matches("Change-Id").count(), 1);

    // What it has amended is still this very change, and can be replaced.
    clone.git(&["switch", "-q", "master"]);
    let again = clone.untouched(&["review"]).ok("committed");
    assert_eq!((again["commit"].as_str(), steps(&again)), (Some(commit), 1));
    let next = clone
        .rally(&["review", "--replace", "--trial"])
        .ok("committed");
    assert_eq!(next["change_id"], event["change_id"]);
    follow(&clone, &next)?;
    assert!(gerrit.patch_sets()[1].starts_with("01/1/2 "));
    Ok(())
}

/// What git-review itself sends, for the refspec: the same options in the same order.
fn same_options() -> Result<(), Failed> {
    let sandbox = sandbox();
    let clone = sandbox.clone_of("nova");
    let gerrit = gerrit_for(&clone);
    let options = [
        "review",
        "--wip",
        "--reviewer",
        "r@example.org",
        "--reviewer",
        "s",
        "--hashtag",
        "perf",
        "--hashtag",
        "ci",
        "--topic",
        "bp/x",
    ];
    follow(&clone, &clone.rally(&options).ok("committed"))?;
    clone.git(&["switch", "-q", "master"]);
    clone
        .rally(&[&options[..], &["--push", "--replace", "--trial"]].concat())
        .ok("committed");
    let sent = gerrit.pushes();
    let sent: Vec<&str> = sent
        .iter()
        .filter_map(|line| Some(line.rsplit_once(' ')?.0))
        .collect();
    assert_eq!(sent[0], sent[1]);
    Ok(())
}

/// `.gitreview` of the branch, and the configuration over it, mean the same to both.
fn same_target() -> Result<(), Failed> {
    for (lines, config, target) in [
        ("defaultbranch=stable/2026.1\n", None, "stable/2026.1"),
        ("DefaultBranch = stable/2026.1\n", Some("master"), "master"),
        ("track=1\n", Some("stable/2026.1"), "stable/2026.1"),
    ] {
        let sandbox = sandbox();
        let clone = sandbox.clone_of("nova");
        let file = fs::read_to_string(clone.path.join(".gitreview"))?;
        clone.write(".gitreview", format!("{file}{lines}"));
        clone.commit_upstream("Another target");
        let gerrit = gerrit_for(&clone);
        gerrit.git(&["branch", "stable/2026.1", "master"]);
        clone.git(&["update-ref", "refs/remotes/origin/stable/2026.1", "HEAD"]);
        if let Some(branch) = config {
            clone.git(&["config", "gitreview.branch", branch]);
        }
        follow(&clone, &clone.rally(&["review"]).ok("committed"))?;
        clone.git(&["switch", "-q", "master"]);
        let ours = clone.rally(&["review", "--push", "--replace", "--trial"]);
        ours.ok("committed");
        for push in gerrit.pushes() {
            assert!(
                push.starts_with(&format!("{target} topic=")),
                "{lines}: {push}"
            );
        }
        assert_eq!(gerrit.patch_sets().len(), 2, "{lines}");
    }
    Ok(())
}
