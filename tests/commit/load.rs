//! `--times` and `--concurrency`: a load that the job would cut off is not committed.

use crate::support::{Sandbox, says, write};

/// 10 iterations, 5 at a time, of at most 30 seconds: 60 seconds of 120.
const ENTRY: &str = "\
service: mine
title: Mine
kind: Test
summary: nothing
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
job:
  parent: rally-task-at-devstack
  proven: false
  evidence: nobody runs it.
  timeout: 120
  devstack_plugins: {}
  devstack_services: {}
  required_projects: []
";

fn with<'a>(load: &[&'a str]) -> Vec<&'a str> {
    let args = ["commit", "--service", "mine", "--catalogue", "../catalogue"];
    [&args, load].concat()
}

#[test]
fn the_task_ends_before_the_job_is_stopped() {
    let sandbox = Sandbox::new();
    write(&sandbox.path("catalogue/mine/service.yaml"), ENTRY);
    let files = [
        ("setup.cfg", "[metadata]\nname = mine\n"),
        ("mine/x.py", ""),
    ];
    let clone = sandbox.repository("mine", &files);
    for load in [
        &["--times", "16"][..],
        &["--times", "20"],
        &["--times", "1000"],
        &["--concurrency", "2"],
        &["--times", "4", "--concurrency", "1"],
    ] {
        let said = clone.untouched(&with(load)).failed();
        says(&said, &["the job stops after 120 s", "--times"]);
    }
    let said = clone.untouched(&with(&["--times", "16"])).failed();
    says(&said, &["can take 120 s within its limits"]);
    for (branch, load) in [
        ("a", &[][..]),
        ("b", &["--times", "15"]),
        ("c", &["--times", "20", "--concurrency", "10"]),
        ("d", &["--times", "3", "--concurrency", "1"]),
    ] {
        let args = [&with(load)[..], &["--branch", branch]].concat();
        clone.rally(&args).ok("committed");
    }
}
