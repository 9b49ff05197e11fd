//! `--voting` and `--trial` of a job that an earlier run has added.

use std::fs;

use crate::story::{Story, notes};
use crate::support::says;

fn zuul(story: &Story) -> String {
    fs::read_to_string(story.clone().path.join(".zuul.yaml")).expect("a file")
}

#[test]
fn a_trial_becomes_a_gate_and_a_trial_again() {
    let story = Story::merged("swift", &["--trial"]);
    let clone = story.clone();
    let trial = zuul(&story);
    // Without a word nothing moves, whatever the catalogue thinks of the parent.
    clone.rally(&["commit"]).ok("unchanged");
    let event = clone.rally(&["commit", "--voting"]).ok("committed");
    says(&notes(&event), &["--voting (it was --trial)"]);
    let voting = story.updated(".zuul.yaml");
    assert_eq!(voting.matches("- swift-rally\n").count(), 2, "{voting}");
    assert!(!voting.contains("voting: false"), "{voting}");
    clone.merge_upstream("rally-perfscale");
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--trial"]).ok("committed");
    assert_eq!(story.updated(".zuul.yaml"), trial);
}

#[test]
fn what_people_made_of_the_entry_is_theirs() {
    let story = Story::merged("swift", &["--trial"]);
    let clone = story.clone();
    story.edit(
        ".zuul.yaml",
        &[(
            "            voting: false\n",
            "            voting: false\n            files: [rally-jobs/.*]\n",
        )],
    );
    clone.rally(&["commit"]).ok("unchanged");
    let said = clone.untouched(&["commit", "--voting"]).refused("zuul");
    says(
        &said,
        &[
            ".zuul.yaml",
            "attributes that git-rally does not give it",
            "change by hand where the job runs",
        ],
    );
}

/// What people wrote of an entry would be lost with it.
#[test]
fn a_comment_on_the_entry_is_not_lost() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    story.edit(
        ".zuul.yaml",
        &[("- swift-rally\n", "- swift-rally  # keep me\n")],
    );
    let said = clone.untouched(&["commit", "--trial"]).refused("zuul");
    says(&said, &[".zuul.yaml", "the entry has a comment"]);
}

#[test]
fn a_gate_of_the_job_alone_goes_with_it() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let own = "- project:\n    gate:\n      jobs:\n        - swift-rally\n    check:\n      jobs:\n        - swift-rally\n";
    let text = zuul(&story).replace("        - swift-rally\n", "");
    clone.write(".zuul.yaml", format!("{text}\n{own}"));
    clone.commit_upstream("A stanza of its own");
    clone.rally(&["commit", "--trial"]).ok("committed");
    let trial =
        "- project:\n    check:\n      jobs:\n        - swift-rally:\n            voting: false\n";
    assert_eq!(story.updated(".zuul.yaml"), format!("{text}\n{trial}"));
}
