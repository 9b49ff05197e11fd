//! What a trailer of the user's does to the commit, and what it must not do.

use serde_json::Value;

use crate::support::{Clone, Sandbox, says};

const OTHER: &str = "I0123456789abcdef0123456789abcdef01234567";

fn message(clone: &Clone<'_>) -> String {
    clone.git(&["log", "-1", "--format=%B", "rally-perfscale"])
}

/// The Change-Id in the commit, which is what Gerrit takes.
fn in_commit(clone: &Clone<'_>) -> String {
    let message = message(clone);
    let mut lines = message.lines();
    let id = lines.find_map(|line| line.strip_prefix("Change-Id: "));
    id.expect("a Change-Id").to_owned()
}

fn id(event: &Value) -> &str {
    event["change_id"].as_str().expect("a Change-Id")
}

/// A link to another change is a link. Without a sign-off it comes before the Change-Id.
#[test]
fn a_link_to_another_change_is_not_the_change_id() {
    let link = format!("Link: https://review.opendev.org/id/{OTHER}");
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let args = ["--no-signoff", "--trailer", &link];
    let commit = |more: &[&str]| {
        let args = [&["commit"], &args[..], more].concat();
        clone.rally(&args)
    };
    let first = commit(&[]).ok("committed");
    assert_eq!(id(&first), in_commit(&clone));
    assert_ne!(id(&first), OTHER);
    says(&message(&clone), &[&link]);

    // The same again is the same, and the next patch set is one of the same change.
    commit(&[]).ok("unchanged");
    let next = commit(&["--replace", "--times", "3"]).ok("committed");
    assert_eq!(id(&next), id(&first));
    assert_eq!(in_commit(&clone), id(&first));

    // Another link makes another message.
    let other = link.replace("I0", "I9");
    let args = ["commit", "--no-signoff", "--times", "3"];
    let args = [&args[..], &["--trailer", &other]].concat();
    let said = clone.untouched(&args).refused("branch-exists");
    says(&said, &["other options"]);
}

/// Where the configuration asks for a link instead of the Change-Id, it counts.
#[test]
fn a_link_is_the_change_id_where_there_is_no_other() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "gerrit.reviewUrl", "https://r.example.org"]);
    let first = clone.rally(&["commit"]).ok("committed");
    let link = format!("Link: https://r.example.org/id/{}\n", id(&first));
    says(&message(&clone), &[&link]);
    clone.rally(&["commit"]).ok("unchanged");
    let next = clone.rally(&["commit", "--replace", "--times", "3"]);
    assert_eq!(id(&next.ok("committed")), id(&first));
}

/// What is wrong is named, and what to type is about that.
#[test]
fn a_control_character_in_a_name_is_no_trailers_fault() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["config", "user.name", "Ja\u{1}ne"]);
    let said = clone.untouched(&["commit"]).refused("identity");
    says(
        &said,
        &[
            "a control character",
            "`user.name`",
            "git config --global user.name",
        ],
    );
    assert!(!said.contains("--trailer"), "{said}");
}
