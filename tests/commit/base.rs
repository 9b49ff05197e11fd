//! The commit that the change is made on: upstream's branch on the remotes that git-review knows.

use serde_json::Value;

use crate::support::{Clone, Sandbox};

/// 2026-01-31 12:00:00 UTC, a minute later, and a minute before.
const NOON: &str = "1769860800 +0000";
const LATER: &str = "1769860860 +0000";
const BEFORE: &str = "1769860740 +0000";

/// Makes a commit at `date` that is the tip of `REMOTE/master` and of no other branch.
fn tip(clone: &Clone<'_>, remote: &str, date: &str) -> String {
    let (path, message) = (&clone.path, format!("{remote} {date}"));
    let args = ["commit", "-q", "--allow-empty", "-m", &message];
    clone.sandbox.git_at(path, date, &args);
    let made = clone.git(&["rev-parse", "HEAD"]);
    clone.git(&[
        "update-ref",
        &format!("refs/remotes/{remote}/master"),
        &made,
    ]);
    clone.git(&["reset", "-q", "--hard", "HEAD~1"]);
    made
}

fn base(clone: &Clone<'_>) -> Value {
    clone.git(&["update-ref", "-d", "refs/heads/rally-perfscale"]);
    clone.rally(&["commit"]).ok("committed")["base"].clone()
}

#[test]
fn of_several_remotes_the_newest_and_of_equals_gerrits() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for remote in ["gerrit", "mine"] {
        clone.git(&["remote", "add", remote, "/nowhere"]);
    }
    let origin = tip(&clone, "origin", NOON);
    assert_eq!(base(&clone), origin);
    let gerrit = tip(&clone, "gerrit", NOON);
    assert_eq!(base(&clone), gerrit);
    let newer = tip(&clone, "origin", LATER);
    assert_eq!(base(&clone), newer);
    tip(&clone, "origin", BEFORE);
    assert_eq!(base(&clone), gerrit);

    // The remote that git-review is told to use comes first, and only of equals.
    let mine = tip(&clone, "mine", NOON);
    assert_eq!(base(&clone), gerrit);
    clone.git(&["config", "gitreview.remote", "mine"]);
    assert_eq!(base(&clone), mine);
    let newer = tip(&clone, "gerrit", LATER);
    assert_eq!(base(&clone), newer);
}
