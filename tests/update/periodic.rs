//! `--periodic` and `--no-periodic`: of a new job, and of one that an earlier run has added.

use std::fs;

use crate::story::{Story, fate, notes};
use crate::support::{Sandbox, says};

const LISTED: &str = "    periodic:\n      jobs:\n        - swift-rally\n";

fn zuul(story: &Story) -> String {
    fs::read_to_string(story.clone().path.join(".zuul.yaml")).expect("a file")
}

#[test]
fn a_new_job_runs_once_a_day_if_asked_for() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let event = clone.rally(&["commit", "--periodic"]).ok("committed");
    says(
        &notes(&event),
        &["swift-rally also runs once a day in the project's periodic pipeline (--periodic)"],
    );
    let (_, why) = fate(&event, ".zuul.yaml").expect("the file");
    says(why, &["listed in check, gate and periodic, voting"]);
    let file = |path| clone.git(&["show", &format!("rally-perfscale:{path}")]);
    says(&file(".zuul.yaml"), &[LISTED.trim_end()]);
    says(
        &file("rally-jobs/README.rst").replace('\n', " "),
        &["check and gate, voting, and once a day in periodic."],
    );
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message.replace('\n', " "),
        &[
            "runs it in check and gate, voting, and once a day in periodic.",
            "Git-Rally-Options: --periodic",
        ],
    );
    clone.untouched(&["commit"]).ok("unchanged");
    let event = clone
        .rally(&["commit", "--forget", "--replace"])
        .ok("committed");
    assert!(!notes(&event).contains("periodic"), "{event}");
    assert!(!file(".zuul.yaml").contains("periodic:"));
}

#[test]
fn a_job_that_is_there_is_added_and_taken_back() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let before = zuul(&story);
    let readme = clone.git(&["show", "HEAD:rally-jobs/README.rst"]);
    let event = clone.rally(&["commit", "--periodic"]).ok("committed");
    says(
        &notes(&event),
        &[
            "swift-rally also runs once a day",
            "otherwise than in the last run: --periodic",
        ],
    );
    let (_, why) = fate(&event, ".zuul.yaml").expect("the file");
    assert_eq!(why, "`swift-rally` listed in periodic");
    says(&story.updated(".zuul.yaml"), &[LISTED]);
    says(
        &story.message().replace('\n', " "),
        &["The Zuul job swift-rally also runs once a day in periodic from now on."],
    );
    clone.merge_upstream("rally-perfscale");
    // It holds, and so does what the documents say, even where the options are forgotten.
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--forget"]).ok("unchanged");

    let event = clone.rally(&["commit", "--no-periodic"]).ok("committed");
    says(
        &notes(&event),
        &[
            "swift-rally no longer runs in the project's periodic pipeline (--no-periodic)",
            "--no-periodic (it was --periodic)",
        ],
    );
    assert_eq!(story.updated(".zuul.yaml"), before);
    assert_eq!(story.updated("rally-jobs/README.rst").trim_end(), readme);
    let message = story.message();
    says(
        &message,
        &["The Zuul job swift-rally no longer runs in periodic."],
    );
    assert!(!message.contains("Git-Rally-Options"), "{message}");
    clone.merge_upstream("rally-perfscale");
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--no-periodic"]).ok("unchanged");
}

#[test]
fn the_form_of_an_update_holds_after_its_options_are_forgotten() {
    let story = Story::merged("swift", &["--periodic"]);
    let clone = story.clone();
    let args = ["commit", "--forget", "--times", "4"];
    clone.rally(&args).ok("committed");
    says(&story.message(), &["periodic=yes"]);
    clone.merge_upstream("rally-perfscale");
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--times", "5"]).ok("committed");
    says(
        &story.updated("rally-jobs/README.rst").replace('\n', " "),
        &["and once a day in periodic."],
    );
}

#[test]
fn it_votes_as_in_check() {
    let story = Story::merged("swift", &["--trial", "--periodic"]);
    let clone = story.clone();
    let trial = zuul(&story);
    says(
        &trial,
        &["    periodic:\n      jobs:\n        - swift-rally:\n            voting: false\n"],
    );
    clone.rally(&["commit", "--voting"]).ok("committed");
    says(&story.updated(".zuul.yaml"), &[LISTED]);
    says(
        &story.message().replace('\n', " "),
        &["runs in check and gate, voting, and once a day in periodic from now on."],
    );
    clone.merge_upstream("rally-perfscale");
    clone.rally(&["commit", "--trial"]).ok("committed");
    assert_eq!(story.updated(".zuul.yaml"), trial);
}

/// The entry of check is theirs: only `periodic` changes.
#[test]
fn what_people_made_of_other_entries_stays() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let theirs = "        - swift-rally:\n            voting: false\n            irrelevant-files: *functional-files\n";
    let text = story.edit(".zuul.yaml", &[("        - swift-rally\n", theirs)]);
    clone.rally(&["commit", "--periodic"]).ok("committed");
    let voting = LISTED.replace("rally\n", "rally:\n            voting: false\n");
    assert_eq!(story.updated(".zuul.yaml"), format!("{text}{voting}"));
}

#[test]
fn an_entry_that_people_took_out_stays_away() {
    let story = Story::merged("swift", &["--periodic"]);
    let clone = story.clone();
    story.edit(".zuul.yaml", &[(LISTED, "")]);
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--trial"]).ok("committed");
    assert!(!story.updated(".zuul.yaml").contains("periodic:"));
}

#[test]
fn an_entry_of_people_is_taken_out_if_asked_for() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let before = zuul(&story);
    clone.write(".zuul.yaml", format!("{before}\n- project:\n{LISTED}"));
    clone.commit_upstream("Run it once a day");
    clone.rally(&["commit"]).ok("unchanged");
    clone.rally(&["commit", "--no-periodic"]).ok("committed");
    assert_eq!(story.updated(".zuul.yaml"), before);
}

#[test]
fn what_people_wrote_of_an_entry_is_not_lost() {
    for theirs in [
        "        # ask me first\n        - swift-rally\n",
        "        - swift-rally  # ask me first\n",
        "        - swift-rally\n        # ask me first\n        - grenade  # them, too\n",
    ] {
        let story = Story::merged("swift", &["--periodic"]);
        let clone = story.clone();
        let listed = LISTED.replace("        - swift-rally\n", theirs);
        story.edit(".zuul.yaml", &[(LISTED, &listed)]);
        let ran = clone.rally(&["commit", "--no-periodic"]);
        if theirs.contains("grenade") {
            ran.ok("committed");
            let left = "      jobs:\n        # ask me first\n        - grenade  # them, too\n";
            says(&story.updated(".zuul.yaml"), &[left]);
            continue;
        }
        says(
            &ran.refused("zuul"),
            &["the entry has a comment", "--no-periodic"],
        );
    }
}

#[test]
fn no_zuul_and_periodic_exclude_each_other() {
    let story = Story::merged("swift", &["--periodic"]);
    let clone = story.clone();
    for option in ["--periodic", "--no-periodic"] {
        let ran = clone.untouched(&["commit", "--no-zuul", option]);
        says(ran.usage(), &["--no-zuul", option, "cannot be used with"]);
    }
    let event = clone.rally(&["commit", "--no-zuul"]).ok("committed");
    assert!(!notes(&event).contains("as in the last run"), "{event}");
}
