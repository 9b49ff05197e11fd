//! `--extend`: a task that people have written gets the workloads that it lacks.

use crate::story::{Story, fate, notes};
use crate::support::{Clone, Sandbox, says};

const TASK: &str = "\
---
  version: 2
  title: Theirs
  subtasks:
    -
      title: A list
      scenario:
        SwiftObjects.list_objects_in_containers: {}
      runner:
        constant: {times: 3, concurrency: 1}
";

const ZUUL: &str = "\
- job:
    name: swift-theirs
    parent: rally-task-at-devstack
    timeout: 7800
    vars:
      rally_task: rally-jobs/swift.yaml
- project:
    check:
      jobs:
        - swift-theirs
";

/// Returns a clone of swift that has a task and a job of its own.
fn theirs(sandbox: &Sandbox) -> Clone<'_> {
    let clone = sandbox.clone_of("swift");
    clone.write("rally-jobs/swift.yaml", TASK);
    clone.write(".zuul.yaml", ZUUL);
    clone.commit_upstream("A task of their own");
    clone
}

#[test]
fn what_a_task_lacks_is_offered_and_added() {
    let sandbox = Sandbox::new();
    let clone = theirs(&sandbox);
    let said = clone.untouched(&["commit"]).refused("covered");
    says(
        &said,
        &["add the 4 workloads that rally-jobs/swift.yaml lacks: git rally commit --extend"],
    );
    let event = clone.rally(&["commit", "--extend"]).ok("committed");
    assert_eq!(event["files"].as_array().map(Vec::len), Some(1), "{event}");
    assert_eq!(
        fate(&event, "rally-jobs/swift.yaml"),
        Some(("modify", "4 workloads added"))
    );
    says(
        &notes(&event),
        &[
            "gets 4 workloads that it lacks",
            "swift-theirs runs it; Zuul stops a job here after 130 minutes",
        ],
    );
    let task = sandbox.git_text(
        &clone.path,
        &["show", "rally-perfscale:rally-jobs/swift.yaml"],
    );
    let added = task
        .strip_prefix(TASK)
        .expect("every byte of theirs, first");
    assert_eq!(added.matches("SwiftObjects.").count(), 4, "{added}");
    assert_eq!(added.matches("description: ").count(), 4, "{added}");
    assert!(!added.contains("list_objects_in_containers"), "{added}");
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message.replace('\n', " "),
        &[
            "Add Rally workloads for Swift",
            "rally-jobs/swift.yaml lacks these scenarios:",
            "* SwiftObjects.create_container_and_object_then_delete_all: Check   creation and deletion of containers and objects.",
            "Git-Rally-Options: --extend",
        ],
    );

    // Once it is merged, a plain run knows what it was.
    clone.untouched(&["commit"]).ok("unchanged");
    clone.merge_upstream("rally-perfscale");
    clone.untouched(&["commit"]).ok("unchanged");
}

#[test]
fn a_task_of_ours_grows_by_an_update() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    clone.untouched(&["commit", "--extend"]).ok("unchanged");
}

#[test]
fn which_task_is_said_where_there_are_several() {
    let sandbox = Sandbox::new();
    let clone = theirs(&sandbox);
    let another = ZUUL
        .replace("swift-theirs", "swift-more")
        .replace("swift.yaml", "more.yaml");
    clone.write(
        "rally-jobs/more.yaml",
        TASK.replace("list_objects_in_containers", "x"),
    );
    clone.write(".zuul.yaml", format!("{ZUUL}{another}"));
    clone.commit_upstream("Two tasks");
    let said = clone
        .untouched(&["commit", "--extend"])
        .refused("undecided");
    says(
        &said,
        &[
            "rally-jobs/more.yaml, rally-jobs/swift.yaml",
            "git rally commit --extend --task rally-jobs/more.yaml",
        ],
    );
    let args = ["commit", "--extend", "--task", "rally-jobs/more.yaml"];
    let event = clone.rally(&args).ok("committed");
    assert!(fate(&event, "rally-jobs/more.yaml").is_some(), "{event}");
    let args = ["commit", "--extend", "--task", "rally-jobs/none.yaml"];
    clone.untouched(&args).refused("covered");
}

#[test]
fn a_task_that_cannot_be_extended_stays() {
    let sandbox = Sandbox::new();
    let clone = theirs(&sandbox);
    for text in [
        "version: 2\nsubtasks: []\n",
        "{% for x in [1] %}\n- a\n",
        "a: [\n",
        "",
    ] {
        clone.write("rally-jobs/swift.yaml", text);
        clone.commit_upstream("Another task");
        let said = clone.untouched(&["commit", "--extend"]).refused("covered");
        says(&said, &["rally-jobs/swift.yaml"]);
    }
    let plain = sandbox.clone_of("nova");
    let said = plain
        .untouched(&["commit", "--extend"])
        .refused("undecided");
    says(
        &said,
        &[
            "no job here runs a task of this repository",
            "git rally commit",
        ],
    );
}

#[test]
fn what_people_deleted_of_it_stays_so_and_plugins_are_updated() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("zaqar");
    let (task, zuul) = (
        TASK.replace("SwiftObjects.list_objects_in_containers", "Dummy.dummy"),
        ZUUL.replace("swift", "zaqar"),
    );
    clone.write("rally-jobs/zaqar.yaml", &task);
    clone.write(".zuul.yaml", zuul);
    clone.commit_upstream("A task of their own");
    clone.rally(&["commit", "--extend"]).ok("committed");
    clone.merge_upstream("rally-perfscale");
    let path = clone.path.join("rally-jobs/zaqar.yaml");
    let grown = std::fs::read_to_string(&path).expect("a task");
    let last = grown.rfind("    -\n      title:").expect("a subtask");
    clone.write("rally-jobs/zaqar.yaml", &grown[..last]);
    clone.commit_upstream("One less");
    let said = clone.untouched(&["commit"]).ok("unchanged");
    let said = said["reason"].as_str().expect("a reason");
    says(
        said,
        &["is left out: somebody deleted it after git-rally added it"],
    );

    let story = Story {
        sandbox,
        service: "zaqar".to_owned(),
    };
    let catalogue = story.catalogue(&[]);
    let plugin = story
        .sandbox
        .path("catalogue/zaqar/plugins/zaqar_messaging.py");
    let text = std::fs::read_to_string(&plugin).expect("a plugin");
    std::fs::write(&plugin, format!("{text}\n\n# More.\n")).expect("a plugin");
    let event = story.update(&catalogue, &[]);
    assert_eq!(event["files"].as_array().map(Vec::len), Some(2), "{event}");
    says(
        &story.message().replace('\n', " "),
        &[
            "Update Rally plugins for Zaqar",
            "Update rally-jobs/plugins/zaqar_messaging.py, which git-rally added.",
        ],
    );
}
