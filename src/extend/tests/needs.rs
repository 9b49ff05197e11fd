//! What jobs turn on, and what a task has already.

use super::*;

const TASK: &str = "\
version: 2
title: Theirs
subtasks:
- title: Theirs
  scenario: {Things.make: {}}
";

fn with_job(vars: &str, parent: &str) -> FileMap {
    let zuul = format!(
        "- job:\n    name: mine-rally\n    parent: {parent}\n    vars:\n      rally_task: {PATH}\n{vars}\
         - project:\n    check:\n      jobs: [mine-rally]\n"
    );
    FileMap::of([(PATH, TASK), (".zuul.yaml", &zuul)])
}

#[test]
fn what_a_job_does_not_turn_on_is_left_out() {
    let on = "      devstack_services: {t-list: true}\n";
    let off = "      devstack_services: {t-list: false}\n";
    let enabled = "      devstack_plugins: {lists: url}\n";
    let parent = "rally-task-at-devstack";
    let service = "does not turn on t-list: add `t-list: true` to its `devstack_services`";
    let plugin = "does not enable the DevStack plugin lists: add it to its `devstack_plugins`";
    for (vars, why) in [
        (format!("{on}{enabled}"), None),
        (on.to_owned(), Some(plugin)),
        (format!("{off}{enabled}"), Some(service)),
        (enabled.to_owned(), Some(service)),
    ] {
        let files = with_job(&vars, parent);
        let extension = extended_of(&files, SERVICE, LoadOptions::default()).expect(&vars);
        let left: Vec<String> = (extension.left_out.iter())
            .map(|left| format!("{}: {}", left.scenario, left.why))
            .collect();
        let expected = why.map(|why| format!("Things.list: the job mine-rally {why}"));
        assert_eq!(left, Vec::from_iter(expected), "{vars}");
        assert_eq!(extension.added.is_empty(), why.is_some(), "{vars}");
    }
}

#[test]
fn what_a_parent_elsewhere_turns_on_counts() {
    let service = SERVICE.replace("[t-list], devstack_plugins: [lists]", "[c-bak, q-l3]");
    for (parent, is_added) in [
        ("rally-task-at-devstack", false),
        ("rally-task-neutron", true),
        ("somebody-elses", false),
    ] {
        let files = with_job("", parent);
        let extension = extended_of(&files, &service, LoadOptions::default()).expect(parent);
        assert_eq!(!extension.added.is_empty(), is_added, "{parent}");
    }
}

#[test]
fn a_scenario_of_theirs_is_never_added() {
    for theirs in ["Things.make: {}", "Things.make@openstack: {size: 1}"] {
        let extension = extended(&TASK.replace("Things.make: {}", theirs)).expect(theirs);
        assert_eq!(scenarios(&extension), ["Things.list"], "{theirs}");
        assert!(extension.left_out.is_empty(), "{theirs}");
    }
    let longer = TASK.replace("Things.make", "Things.make_more");
    let extension = extended(&longer).expect("an extension");
    assert_eq!(
        scenarios(&extension),
        ["Things.make", "Things.make", "Things.list"]
    );
}

#[test]
fn a_scenario_that_somebody_has_turned_off_is_left_out() {
    for text in [
        format!("{TASK}# - title: too slow, Things.list\n"),
        format!("{TASK}{{% if 1 == 2 %}}\n# Things.list\n{{% endif %}}\n"),
    ] {
        let extension = extended(&text).expect("an extension");
        let line = text.lines().position(|l| l.contains("Things.list"));
        let line = line.expect("the line") + 1;
        let left = LeftOut {
            scenario: "Things.list".to_owned(),
            why: Why::Named { line },
        };
        assert_eq!(extension.left_out, [left]);
        assert_eq!(extension.after, text.as_bytes());
        let why = extension.left_out[0].why.to_string();
        assert_eq!(
            why,
            format!("line {line} names it, but Rally does not run it")
        );
    }
}

#[test]
fn the_files_that_are_needed() {
    let extension = extended(TASK).expect("an extension");
    assert_eq!(
        extension.plugins,
        ["plugins/cleanup.py", "plugins/lists.py"]
    );
    assert_eq!(extension.extra, ["extra/one.yaml", "extra/two.yaml"]);
    let without = TASK.replace("Things.make", "Things.list");
    let extension = extended(&without).expect("an extension");
    assert_eq!(extension.plugins, ["plugins/cleanup.py"]);
    assert!(extension.extra.is_empty());
}

#[test]
fn the_load_that_was_asked_for() {
    let load = LoadOptions {
        times: Some(3),
        concurrency: Some(7),
    };
    let files = FileMap::of([(PATH, TASK)]);
    let extension = extended_of(&files, SERVICE, load).expect("an extension");
    let text = String::from_utf8(extension.after).expect("UTF-8");
    assert!(
        text.contains("      times: 3\n      concurrency: 3\n"),
        "{text}"
    );
}
