//! Limits of runs that are made up.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::catalogue::Service;
use crate::results::{self, Key, Run};
use crate::workload::LoadOptions;
use crate::yaml;

const SERVICE: &str = "\
service: mine
title: Mine
kind: Test
summary: nothing
iteration_limit: another release has other names.
recognised: {distributions: [mine], package: mine}
resources:
  - name: things
arguments: {size: 3}
subtasks:
  - title: Things
    workloads:
      - scenario: Things.make
        description: Make
          a thing.
        resources: [things]
        arguments: {size: '+{{ size }}'}
        load: {times: 10, concurrency: 5}
        sla: {mine.make: 30, mine.drop: 20}
      - scenario: Things.make
        description: Make a thing.
        resources: [things]
        arguments: {size: 7}
        load: {times: 10, concurrency: 5}
        sla: {mine.make: 30}
";

fn entry() -> Entry {
    let service: Service = yaml::from_str(SERVICE).expect("an entry");
    Entry {
        service,
        files: BTreeMap::new(),
        text: String::new(),
        origin: String::new(),
        durations: Default::default(),
    }
}

/// Returns a run with one workload: arguments, how long `mine.make` and the iteration took, and
/// whether an iteration failed.
fn run(name: &str, arguments: &str, seconds: [f64; 2], failed: u64) -> Run {
    let duration = |action: Option<&str>, mean| results::Duration {
        action: action.map(Arc::from),
        count: 4,
        median: mean,
        mean,
        spread: 0.0,
    };
    let setting = format!(
        "{{\"args\":{arguments},\"runner\":{{\"constant\":{{\"concurrency\":5,\"times\":10}}}}}}"
    );
    let workload = results::Workload {
        key: Key {
            scenario: "Things.make".into(),
            setting: setting.into(),
            nth: 0,
        },
        description: "Make a thing.".into(),
        iterations: 4,
        failed,
        timeouts: 0,
        impossible: 0,
        errors: BTreeMap::new(),
        durations: vec![
            duration(None, seconds[1]),
            duration(Some("mine.make"), seconds[0]),
        ],
        limits: BTreeMap::new(),
        missed: Vec::new(),
    };
    Run {
        name: name.to_owned(),
        identity: name.to_owned(),
        content: String::new(),
        title: String::new(),
        rally: None,
        started: None,
        hardware: None,
        is_cut_short: false,
        workloads: vec![workload],
    }
}

fn limits(runs: &[Run]) -> Result<Limits, LimitsError> {
    let runs: Vec<&Run> = runs.iter().collect();
    of_runs(&runs, &entry().service, LoadOptions::default())
}

fn notes(limits: &Limits) -> String {
    match &limits.source {
        LimitSource::Runs(evidence) => evidence.notes().join("\n"),
        LimitSource::Task(_) => String::new(),
    }
}

fn three(arguments: &str, seconds: [f64; 2]) -> Vec<Run> {
    let names = ["a", "b", "c"];
    names.map(|name| run(name, arguments, seconds, 0)).to_vec()
}

#[test]
fn of_several_alike_that_with_the_arguments_is_meant() {
    let found = limits(&three("{\"size\":3}", [2.0, 4.0])).expect("limits");
    let entry = found.applied(&entry());
    let workloads: Vec<_> = entry.service.workloads().collect();
    assert_eq!(workloads[0].sla["mine.make"], 6.0);
    assert_eq!(workloads[0].longest_iteration(), 12.0);
    // What was not measured stays, and so does what an iteration may take by the catalogue.
    assert_eq!(workloads[0].sla["mine.drop"], 20.0);
    assert_eq!(workloads[1].sla["mine.make"], 30.0);
    assert_eq!(workloads[1].longest_iteration(), 30.0);

    let mut runs = three("{\"size\":7}", [2.0, 4.0]);
    runs.extend(three("{\"size\":8}", [9.0, 9.0]));
    let found = limits(&runs).expect("limits");
    let other = found.applied(&self::entry());
    let workloads: Vec<_> = other.service.workloads().collect();
    assert_eq!(workloads[0].sla["mine.make"], 30.0);
    assert_eq!(workloads[1].sla["mine.make"], 6.0);
    assert!(notes(&found).contains("nothing says which of them was measured: Things.make"));
}

#[test]
fn runs_with_failures_and_too_few_runs_set_nothing() {
    let mut runs = three("{\"size\":3}", [2.0, 4.0]);
    runs.push(run("d", "{\"size\":3}", [50.0, 50.0], 1));
    let found = limits(&runs).expect("limits");
    assert_eq!(found.workloads[0].actions["mine.make"], 6.0);
    assert!(notes(&found).contains("once a run does not count"));
    assert!(matches!(limits(&runs[..2]), Err(LimitsError::TooFew(2))));
    assert!(matches!(limits(&runs[2..]), Err(LimitsError::Failed)));
    assert!(matches!(limits(&[]), Err(LimitsError::NoneOfOurs { .. })));
    let nan = three("{\"size\":3}", [f64::NAN, f64::INFINITY]);
    assert!(matches!(limits(&nan), Err(LimitsError::TooFew(3))));
}

#[test]
fn a_task_gives_the_limits_that_it_was_rendered_with() {
    let task = "\
subtasks:
  - title: Things
    workloads:
      - description: >-
          Make a
          thing.
        scenario:
          Things.make: {}
        sla:
          failure_rate: {max: 0}
          max_avg_duration: 7.5
          max_avg_duration_per_atomic:
            mine.make: 0.5
            mine.other: 3
      - description: Make a thing.
        scenario: {Things.make: {}}
        sla: {max_avg_duration_per_atomic: {mine.make: 12}}
";
    let entry = entry();
    let found = of_task(task, &entry.service, None).expect("limits");
    let then = found.applied(&entry);
    let workloads: Vec<_> = then.service.workloads().collect();
    assert_eq!(workloads[0].sla["mine.make"], 0.5);
    assert_eq!(workloads[0].longest_iteration(), 7.5);
    assert_eq!(workloads[0].sla["mine.drop"], 20.0);
    assert!(!workloads[0].sla.contains_key("mine.other"));
    assert_eq!(workloads[1].sla["mine.make"], 12.0);
    for other in ["", "[", "subtasks: []", "subtasks: [{workloads: [3]}]"] {
        assert_eq!(of_task(other, &entry.service, None), None, "{other}");
    }
}

#[test]
fn what_is_expected_is_no_longer_than_its_limit() {
    let mut entry = entry();
    let subtasks = entry.service.subtasks.iter_mut();
    for workload in subtasks.flat_map(|subtask| &mut subtask.workloads) {
        let expected = Duration {
            expected: 8.0,
            source: "measured".to_owned(),
        };
        workload.durations.insert("mine.make".to_owned(), expected);
    }
    let found = limits(&three("{\"size\":3}", [2.0, 4.0])).expect("limits");
    let applied = found.applied(&entry);
    let workloads: Vec<_> = applied.service.workloads().collect();
    assert_eq!(workloads[0].durations["mine.make"].expected, 6.0);
    assert_eq!(workloads[1].durations["mine.make"].expected, 8.0);
}

#[test]
fn what_a_message_says_of_limits_is_found_again() {
    let message =
        "Subject\n\nFirst.\n\nLimits from results: 3 limits\nof 2.\n\n* 3 a\n  b\n* 4\n\nLast.\n";
    let found = said(message).expect("a paragraph");
    assert_eq!(
        found,
        "Limits from results: 3 limits\nof 2.\n\n* 3 a\n  b\n* 4"
    );
    assert_eq!(said("Subject\n\nLimits\n"), None);
}
