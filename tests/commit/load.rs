//! `--times` and `--concurrency` are never refused: the job's timeout follows them, and what it
//! cannot follow is reported.

use crate::support::{Sandbox, says, write};

/// Two iterations of at most 30 seconds after another, each expected to take 4: 8 of at most 60.
const ENTRY: &str = "\
service: mine
title: Mine
kind: Test
summary: nothing
iteration_limit: another release has other names.
recognised: {distributions: [mine], package: mine}
resources:
  - name: things
subtasks:
  - title: Things
    workloads:
      - scenario: Things.make
        description: Make a thing.
        resources: [things]
        load: {times: 10, concurrency: 5}
        sla: {mine.make: 30}
        durations:
          mine.make: {expected: 4, source: it was measured.}
job:
  parent: rally-task-at-devstack
  proven: false
  evidence: nobody runs it.
  timeout: 120
  devstack_plugins: {}
  devstack_services: {}
  required_projects: []
";

/// Returns the notes of `commit` with that load, and the job that it adds.
fn commit(load: &[&str]) -> (String, String) {
    let sandbox = Sandbox::new();
    write(&sandbox.path("catalogue/mine/service.yaml"), ENTRY);
    let files = [
        ("setup.cfg", "[metadata]\nname = mine\n"),
        ("mine/x.py", ""),
    ];
    let clone = sandbox.repository("mine", &files);
    let args = ["commit", "--service", "mine", "--catalogue", "../catalogue"];
    let event = clone.rally(&[&args, load].concat()).ok("committed");
    let job = clone.git(&["show", "rally-perfscale:.zuul.yaml"]);
    let task = clone.git(&["show", "rally-perfscale:rally-jobs/task-mine.yaml"]);
    // The whole iteration has a limit, too, because the entry asks for it, and says why.
    let limit = "\n          max_avg_duration: 30\n";
    let reason = "# max_avg_duration: another release has other names.\n";
    says(&task, &[limit, reason]);
    (event["notes"].to_string(), job)
}

#[test]
fn the_timeout_is_raised_to_what_the_worst_case_needs() {
    // Devstack 1800 s, and Rally's own time, beside the iterations.
    for (load, least) in [
        (&["--times", "10"][..], 1800 + 60),
        (&["--times", "100"], 1800 + 600),
        (&["--times", "100", "--concurrency", "1"], 1800 + 3000),
        (&["--times", "200", "--concurrency", "1"], 1800 + 6000),
    ] {
        let (notes, job) = commit(load);
        let timeout = timeout(&job);
        assert!(
            (least..least + least / 5 + 900).contains(&timeout),
            "{load:?}: {timeout}"
        );
        assert!(!notes.contains("will not finish"), "{load:?}: {notes}");
        let caveat = "as with the catalogue's concurrency";
        let is_another = load.contains(&"--concurrency");
        assert_eq!(notes.contains(caveat), is_another, "{load:?}: {notes}");
        assert!(!notes.contains("very slow run"), "{load:?}: {notes}");
    }
}

#[test]
fn a_task_that_is_longer_than_any_job_is_committed_with_a_warning() {
    let (notes, job) = commit(&["--times", "400", "--concurrency", "1"]);
    assert_eq!(timeout(&job), 10_800);
    says(
        &notes,
        &["the task takes about", "a very slow run is stopped"],
    );
    let (notes, job) = commit(&["--times", "5000", "--concurrency", "1"]);
    assert_eq!(timeout(&job), 10_800);
    says(
        &notes,
        &[
            "will not finish",
            "Zuul stops the job after 180 minutes",
            "lower --times",
        ],
    );
}

fn timeout(job: &str) -> u32 {
    let line = job
        .lines()
        .find_map(|line| line.trim().strip_prefix("timeout: "));
    line.and_then(|number| number.parse().ok())
        .expect("a timeout")
}
