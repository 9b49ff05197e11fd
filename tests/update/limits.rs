//! `--limits-from`: limits by what runs measured, in a fresh task and as an update.

use std::fs;

use serde_json::{Value, json};

use crate::story::{MORE_TENANTS, Story, notes};
use crate::support::{Clone, Sandbox, says, write};

const SCENARIO: &str = "SwiftObjects.create_container_and_object_then_delete_all";
const DESCRIPTION: &str = "Check creation and deletion of containers and objects.";

/// Two of the four actions of the workload, in seconds.
const ACTIONS: [&str; 2] = ["swift.create_container", "swift.upload_object"];

/// Returns the report of a run on a day of March, in which every iteration was as `seconds` says.
fn report(day: u32, seconds: [f64; 2]) -> Value {
    let actions = ACTIONS.iter().zip(seconds);
    let actions: Vec<Value> = actions
        .map(|(name, seconds)| json!({"name": name, "started_at": 0.0, "finished_at": seconds}))
        .collect();
    let iteration = json!({
        "timestamp": 1_772_355_600.0 + 86_400.0 * f64::from(day - 1),
        "duration": seconds[0] + seconds[1],
        "error": [],
        "atomic_actions": actions,
    });
    let workload = json!({
        "scenario": {SCENARIO: {"objects_per_container": 5}},
        "description": DESCRIPTION,
        "runner": {"constant": {"times": 50, "concurrency": 5}},
        "contexts": {},
        "hooks": [],
        "data": [iteration, iteration],
        "sla": {},
        "sla_results": {"sla": []},
    });
    json!({
        "info": {"rally_version": "5.1.1", "format_version": "1.2"},
        "tasks": [{
            "uuid": format!("uuid-{day}"),
            "title": "A task",
            "status": "finished",
            "subtasks": [{"workloads": [workload]}],
        }],
    })
}

/// Writes the reports of three runs into a folder of the sandbox, each with an edit, and returns the
/// folder from a clone.
fn results(sandbox: &Sandbox, name: &str, edit: impl Fn(u32, &mut Value)) -> String {
    for (day, container) in [(1, 1.0), (2, 2.0), (3, 1.5)] {
        let mut report = report(day, [container, 0.1]);
        edit(day, &mut report);
        let file = sandbox.path(&format!("{name}/{day}.json"));
        write(&file, &report.to_string());
    }
    format!("../{name}")
}

/// Returns the task with the limits of the first workload: three times the longest, and the least.
fn with_limits(task: &str, container: &str) -> String {
    let (before, rest) = task.split_once(SCENARIO).expect("the workload");
    let rest = rest.replacen("swift.create_container: 5", container, 1);
    let rest = rest.replacen("swift.upload_object: 2", "swift.upload_object: 0.5", 1);
    format!("{before}{SCENARIO}{rest}")
}

fn task(clone: &Clone<'_>) -> String {
    let blob = "rally-perfscale:rally-jobs/task-swift.yaml";
    clone.sandbox.git_text(&clone.path, &["show", blob])
}

#[test]
fn a_fresh_task_has_the_limits_that_runs_measured() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    clone
        .rally(&["commit", "--branch", "plain"])
        .ok("committed");
    let blob = "plain:rally-jobs/task-swift.yaml";
    let plain = sandbox.git_text(&clone.path, &["show", blob]);

    let from = results(&sandbox, "series", |_, _| {});
    let event = clone
        .rally(&["commit", "--limits-from", &from])
        .ok("committed");
    assert_eq!(
        task(&clone),
        with_limits(&plain, "swift.create_container: 6")
    );
    says(
        &notes(&event),
        &[
            "2 limits of 1 workload come from 3 runs from 2026-03-01 to 2026-03-03: 3 times the longest average that a run measured, and at least 0.5 seconds; 13 limits of the catalogue stay",
        ],
    );
    says(
        &event["next"].to_string(),
        &["git rally review --limits-from ../series"],
    );
    let message = clone.git(&["log", "-1", "--format=%B", "rally-perfscale"]);
    says(
        &message,
        &["Git-Rally-Options: --limits-from\n", "\n* 6 (measured 2.00"],
    );
    assert!(
        message.is_ascii()
            && message
                .lines()
                .all(|line| line.len() <= 72 || line.contains("Git-Rally"))
    );
    says(
        &message.replace("\n  ", " ").replace('\n', " "),
        &[
            "Limits from results: 2 limits of 1 workload come from 3 runs of Rally (2026-03-01 to 2026-03-03). A limit is 3 times the longest average that a run measured, rounded up to two digits, and at least 0.5 seconds, as 1 of them is. The catalogue's limit stays where fewer than 3 runs measured the action: 13 times. In seconds:",
            &format!(
                "* 6 (measured 2.00, catalogue 5) for swift.create_container in {SCENARIO} * 0.5 (measured 0.10, catalogue 2) for swift.upload_object in {SCENARIO}"
            ),
        ],
    );
    let readme = clone.git(&["show", "rally-perfscale:rally-jobs/README.rst"]);
    says(
        &readme,
        &[
            "Runs of the task measured how long",
            "a limit is 3 times the",
        ],
    );

    // The branch has them: with or without the results, it is the same change.
    clone
        .untouched(&["commit", "--limits-from", &from])
        .ok("unchanged");
    clone.untouched(&["commit"]).ok("unchanged");
    let more = ["commit", "--times", "7", "--replace"];
    clone.rally(&more).ok("committed");
    says(
        &task(&clone),
        &["swift.create_container: 6\n", "default(7)"],
    );
    let forgotten = clone.rally(&["commit", "--forget", "--replace"]);
    assert!(!notes(&forgotten.ok("committed")).contains("--limits-from"));
    assert_eq!(task(&clone), plain);
}

#[test]
fn an_update_changes_the_numbers_alone_and_later_runs_keep_them() {
    let story = Story::merged("swift", &[]);
    let (clone, path) = (story.clone(), story.task());
    let theirs = story.edit(
        &path,
        &[
            (
                "            swift.create_container: 5\n",
                "            # Ask before you raise this.\n            swift.create_container: 5  # seconds\n",
            ),
            ("title: Rally Task", "title: Our Rally task"),
        ],
    );
    let from = results(&story.sandbox, "series", |_, _| {});
    let event = clone
        .rally(&["commit", "--limits-from", &from])
        .ok("committed");
    let updated = with_limits(&theirs, "swift.create_container: 6");
    assert_eq!(story.updated(&path), updated);
    says(&notes(&event), &["come from 3 runs"]);
    says(
        &story.message().replace('\n', " "),
        &[
            "their edits stay.",
            &format!("Changed workloads: {SCENARIO}."),
            "Limits from results: 2 limits",
        ],
    );
    assert!(!story.message().contains("ran with"));
    clone.untouched(&["commit"]).ok("unchanged");
    clone.merge_upstream("rally-perfscale");
    clone.untouched(&["commit"]).ok("unchanged");

    // A newer catalogue does not take them back, and the commit that set them says why.
    let newer = story.catalogue(&[MORE_TENANTS]);
    story.update(&newer, &[]);
    let tenants = updated.replace("tenants: 2\n", "tenants: 3\n");
    assert_eq!(story.updated(&path), tenants);
    assert!(!story.message().contains("Limits from results"));
    let newest = results(&story.sandbox, "newest", |day, report| {
        if day == 1 {
            *report = self::report(day, [8.0, 0.1]);
        }
    });
    clone.git(&["branch", "-q", "-D", "rally-perfscale"]);
    clone
        .rally(&["commit", "--limits-from", &newest])
        .ok("committed");
    let higher = with_limits(&theirs, "swift.create_container: 24");
    assert_eq!(story.updated(&path), higher);
    clone
        .rally(&["commit", "--forget", "--replace"])
        .ok("committed");
    assert_eq!(story.updated(&path), theirs);
}

#[test]
fn a_limit_that_people_changed_is_a_conflict() {
    let story = Story::merged("swift", &[]);
    let from = results(&story.sandbox, "series", |_, _| {});
    let task = story.task();
    story.edit(
        &task,
        &[("swift.create_container: 5", "swift.create_container: 4")],
    );
    let said = story
        .clone()
        .untouched(&["commit", "--limits-from", &from])
        .refused("conflict");
    says(
        &said,
        &["swift.create_container: 4", "swift.create_container: 6"],
    );
    story.edit(
        &task,
        &[("swift.create_container: 4", "swift.create_container: 6")],
    );
    let args = ["commit", "--limits-from", &from];
    story.clone().rally(&args).ok("committed");
    says(&story.updated(&task), &["swift.upload_object: 0.5"]);
}

#[test]
fn runs_of_another_kind_are_not_mixed() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let workload = "/tasks/0/subtasks/0/workloads/0";
    // Five runs: the newest three have another load than those before, and than the task.
    let from = results(&sandbox, "series", |_, report| {
        let runner = report.pointer_mut(&format!("{workload}/runner"));
        *runner.expect("a runner") = json!({"constant": {"times": 6, "concurrency": 2}});
    });
    for (day, uuid) in [(1, "a"), (2, "b")] {
        let mut report = report(day, [4.0, 4.0]);
        report["tasks"][0]["uuid"] = uuid.into();
        write(
            &sandbox.path(&format!("series/old-{uuid}.json")),
            &report.to_string(),
        );
    }
    // A failed one, a copy, one that was stopped, and something else.
    let mut failed = report(4, [9.0, 9.0]);
    let data = failed.pointer_mut(&format!("{workload}/data/0/error"));
    *data.expect("an error") = json!(["Error", "it failed", "trace"]);
    write(&sandbox.path("series/failed.json"), &failed.to_string());
    let copy = fs::read(sandbox.path("series/1.json")).expect("a report");
    fs::write(sandbox.path("series/copy.json"), copy).expect("a copy");
    let mut stopped = report(5, [9.0, 9.0]);
    stopped["tasks"][0]["status"] = "aborted".into();
    write(&sandbox.path("series/stopped.json"), &stopped.to_string());
    write(&sandbox.path("series/other.json"), "{}");

    let event = clone
        .rally(&["commit", "--limits-from", &from])
        .ok("committed");
    says(
        &task(&clone),
        &["swift.create_container: 6\n", "swift.upload_object: 0.5\n"],
    );
    says(
        &notes(&event),
        &[
            "come from 3 runs from 2026-03-01",
            "the runs had another load than the task in 1 workload, such as 6 iterations, 2 at a time",
            "once a run does not count for a workload: iterations failed there",
            "2 times a run does not count for a workload: its arguments, contexts or load",
            "copy.json is left out: the same run is there already",
            "stopped.json is left out: the task was stopped before its end",
            "1 other files are left out",
        ],
    );
}

#[test]
fn results_that_say_nothing_are_refused() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let failed = |from: &str| {
        let said = clone.untouched(&["commit", "--limits-from", from]).failed();
        clone.untouched(&["diff", "--limits-from", from]).failed();
        clone.untouched(&["patch", "--limits-from", from]).failed();
        clone.untouched(&["review", "--limits-from", from]).failed();
        said
    };
    let missing = clone.untouched(&["commit", "--limits-from", "../none"]);
    says(missing.usage(), &["`../none` does not exist"]);
    fs::create_dir(sandbox.path("empty")).expect("a folder");
    says(
        &failed("../empty"),
        &["no results that can be used", "rally task report --json"],
    );
    write(&sandbox.path("x.json"), "{\"duration\": NaN}");
    says(&failed("../x.json"), &["../x.json: ", "`NaN` is no number"]);

    let other = results(&sandbox, "other", |_, report| {
        let scenario = report.pointer_mut("/tasks/0/subtasks/0/workloads/0/scenario");
        *scenario.expect("a scenario") = json!({"NovaServers.boot_server": {}});
    });
    says(
        &failed(&other),
        &[
            "no workload of Swift's task",
            "NovaServers.boot_server",
            "git rally diff",
        ],
    );
    let one = results(&sandbox, "one", |_, _| {}) + "/1.json";
    says(
        &failed(&one),
        &[
            "needs 3 runs",
            "the results have 1 run /",
            "git rally commit",
        ],
    );
    let broken = results(&sandbox, "broken", |_, report| {
        let error = report.pointer_mut("/tasks/0/subtasks/0/workloads/0/data/0/error");
        *error.expect("an error") = json!(["Error", "it failed", "trace"]);
    });
    says(
        &failed(&broken),
        &["needs 3 runs without failed iterations"],
    );
}

/// Files may be given one by one, and a folder that was given is not changed.
#[test]
fn files_are_repeated_in_the_next_command() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let from = results(&sandbox, "a series", |_, _| {});
    let files = ["1", "2", "3"].map(|day| format!("{from}/{day}.json"));
    let mut args = vec!["commit"];
    for file in &files {
        args.extend(["--limits-from", file]);
    }
    let event = clone.rally(&args).ok("committed");
    let next = "git rally review --limits-from '../a series/1.json' --limits-from '../a series/2.json' --limits-from '../a series/3.json'";
    says(&event["next"].to_string(), &[next]);
}

#[test]
fn a_task_of_people_keeps_its_limits() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("swift");
    let from = results(&sandbox, "series", |_, _| {});
    let task = "version: 2\ntitle: Ours\nsubtasks:\n  - title: One\n    scenario:\n      Dummy.dummy: {}\n";
    clone.write("rally-jobs/ours.yaml", task);
    let job = "- job:\n    name: ours\n    parent: rally-task-at-devstack\n    vars:\n      rally_task: rally-jobs/ours.yaml\n- project:\n    check:\n      jobs: [ours]\n";
    clone.write("zuul.d/ours.yaml", job);
    fs::remove_file(clone.path.join(".zuul.yaml")).expect("a file");
    clone.commit_upstream("A task of our own");
    let args = ["commit", "--extend", "--limits-from", &from];
    let said = clone.untouched(&args).failed();
    says(
        &said,
        &[
            "rally-jobs/ours.yaml",
            "people have written",
            "git rally commit --extend",
        ],
    );
}

/// The job's timeout and what is said of it follow the limits.
#[test]
fn the_timeout_follows_the_limits() {
    let story = Story::merged("swift", &[]);
    let clone = story.clone();
    let timeout = |zuul: &str| -> u32 {
        let line = zuul
            .lines()
            .find_map(|line| line.trim().strip_prefix("timeout: "));
        line.expect("a timeout").parse().expect("seconds")
    };
    let before = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("a file");
    let from = results(&story.sandbox, "slow", |day, report| {
        *report = self::report(day, [900.0, 0.1]);
    });
    let event = clone
        .rally(&["commit", "--limits-from", &from])
        .ok("committed");
    says(
        &story.updated(&story.task()),
        &["swift.create_container: 2700\n"],
    );
    let after = story.updated(".zuul.yaml");
    assert_eq!((timeout(&before) < 10800, timeout(&after)), (true, 10800));
    says(
        &notes(&event),
        &["so a very slow run is stopped before its limits fail"],
    );
}
