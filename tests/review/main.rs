//! `review` as a contributor uses it, with real git and a stand-in for Gerrit.

mod message;
mod next_patch_set;
mod push;
mod steps;
#[path = "../support/mod.rs"]
mod support;
mod way;
mod wrong;

use serde_json::Value;
use support::{Clone, Gerrit, Ran};

/// A later moment than the sandbox's own.
const LATER: &str = "1769947200 +0100";

/// Gives the clone a Gerrit that has its master, as the fetched remote `gerrit`.
fn gerrit_for(clone: &Clone<'_>) -> Gerrit {
    let gerrit = Gerrit::with(&clone.path, "master");
    remote(clone, "gerrit", &gerrit);
    clone.git(&["fetch", "-q", "gerrit"]);
    gerrit
}

fn remote(clone: &Clone<'_>, name: &str, gerrit: &Gerrit) {
    clone.git(&["remote", "add", name, &gerrit.path().display().to_string()]);
}

/// Leaves the clone as people have it: another branch, a local commit, changes staged and not.
fn in_use(clone: &Clone<'_>) {
    clone.git(&["switch", "-q", "-c", "work"]);
    clone.write("nova/work.py", "one = 1\n");
    clone.git(&["add", "."]);
    clone.git(&["commit", "-q", "-m", "WIP"]);
    clone.write("setup.py", "# changed, not staged\n");
    clone.write("staged.py", "staged = 1\n");
    clone.git(&["add", "staged.py"]);
    clone.write("untracked", "");
}

fn list(event: &Value, key: &str) -> Vec<String> {
    let values = event[key].as_array().expect("a list").iter();
    values
        .map(|value| value.as_str().expect("text").to_owned())
        .collect()
}

fn text<'e>(event: &'e Value, key: &str) -> &'e str {
    event[key].as_str().expect("text")
}

fn notes(event: &Value) -> String {
    list(event, "notes").join("\n")
}

fn url(event: &Value) -> &str {
    text(&event["pushed"]["changes"][0], "url")
}

/// Returns the message of the branch's commit.
fn message(clone: &Clone<'_>) -> String {
    clone.git(&["log", "-1", "--format=%B", "rally-perfscale"])
}

/// Fails if any branch, or any object, has come.
fn nothing_made(clone: &Clone<'_>, args: &[&str]) -> Ran {
    let ran = clone.untouched(args);
    assert!(
        clone
            .git(&["branch", "--list", "rally-perfscale"])
            .is_empty()
    );
    ran
}
