//! A user's entry, each time with one thing wrong: the key and what is wrong with it are named.

use super::{Catalogue, CatalogueError, Durations, SLOWEST, Service, Workload};
use crate::files::{FileMap, Files};

const GOOD: &str = r#"service: mine
title: Mine
kind: Test
summary: nothing
recognised: {distributions: [mine], package: mine}
resources:
  - name: things
  - {name: others, without_workload: nobody makes them}
subtasks:
  - title: Things
    workloads:
      - scenario: Things.make
        description: Make a thing.
        resources: [things]
        needs: {devstack_services: [t-make]}
        load: {times: 10, concurrency: 5}
        sla: {mine.make: 30}
plugins:
  - {file: mine.py, purpose: makes things}
job:
  parent: rally-task-at-devstack
  proven: false
  evidence: nobody runs it.
  timeout: 600
  devstack_plugins: {}
  devstack_services: {}
  required_projects: []
"#;

fn read(name: &str, text: &str) -> Result<(), CatalogueError> {
    let templates = FileMap::default();
    let (entry, plugin) = (
        format!("{name}/service.yaml"),
        format!("{name}/plugins/mine.py"),
    );
    let user = FileMap::of([(entry.as_str(), text), (plugin.as_str(), "")]);
    let catalogue = Catalogue::new(&templates, Some((&user, "dir".to_owned())))?;
    let found = catalogue.entry(name)?;
    assert!(found.is_some(), "{name}");
    Ok(())
}

#[test]
fn every_rule_of_the_schema() {
    read("mine", GOOD).expect("a good entry");
    for (from, to, said) in [
        (
            "service: mine",
            "service: other",
            "`service`: `other` is not the name of its folder, `mine`",
        ),
        (
            "name: things",
            "name: thing",
            "`resources`: `thing` needs a workload, or `without_workload`",
        ),
        (
            "resources: [things]",
            "resources: [things, others]",
            "`resources`: `others` has a workload and a reason",
        ),
        (
            "resources: [things]",
            "resources: [things, nothing]",
            "`subtasks[0].workloads[0].resources`: `nothing` is not one of",
        ),
        (
            "  - name: things\n  - {name: others, without_workload: nobody makes them}",
            "  - {name: things, without_workload: they are few}",
            "`resources`: `things` has a workload and a reason",
        ),
        (
            "Things.make",
            "make",
            "`subtasks[0].workloads[0].scenario`: `make` is not a scenario",
        ),
        (
            "devstack_services: {}",
            "devstack_services: {t-make: false}",
            "`subtasks[0].workloads[0].needs`: `t-make` is what `job.devstack_services` turns off",
        ),
        (
            "concurrency: 5",
            "concurrency: 0",
            "`subtasks[0].workloads[0].load`: `times` (10)",
        ),
        (
            "concurrency: 5",
            "concurrency: 11",
            "`subtasks[0].workloads[0].load`: `times` (10)",
        ),
        (
            "{mine.make: 30}",
            "{}",
            "`subtasks[0].workloads[0].sla`: name an atomic action",
        ),
        (
            "mine.make: 30",
            "mine.make: 0",
            "`mine.make` has the limit 0; it must be above 0",
        ),
        (
            "mine.make: 30",
            "mine.make: .inf",
            "`mine.make` has the limit inf",
        ),
        (
            "timeout: 600",
            "timeout: 0",
            "`job.timeout`: 0 is not between 1 and 10800",
        ),
        (
            "timeout: 600",
            "timeout: 10801",
            "`job.timeout`: 10801 is not between",
        ),
        (
            "sla: {mine.make: 30}",
            "sla: {mine.make: 30}\n        repeats: {mine.take: 2}",
            "`subtasks[0].workloads[0].repeats`: `mine.take` has no limit in `sla` and no duration",
        ),
        (
            "sla: {mine.make: 30}",
            "sla: {mine.make: 30}\n        setup: {mine.make: 0}",
            "setup`: `mine.make` must be at least 1",
        ),
        (
            "sla: {mine.make: 30}",
            "sla: {mine.make: 30}\n        durations: {mine.make: {expected: -1, source: x}}",
            "durations`: `mine.make` takes -1 s; it must be above 0",
        ),
        (
            "sla: {mine.make: 30}",
            "sla: {mine.make: 30}\n        failure_rate: {max: 100, reason: it fails}",
            "failure_rate`: `max` is 100; it must be from 1 to 99",
        ),
        (
            "sla: {mine.make: 30}",
            "sla: {mine.make: 30}\n        failure_rate: {max: 10, reason: ''}",
            "failure_rate`: `reason` must say what is known",
        ),
        (
            "file: mine.py",
            "file: ../mine.py",
            "`plugins`: `../mine.py` is not a plain file name",
        ),
        (
            "file: mine.py",
            "file: other.py",
            "`plugins`: the file `plugins/other.py` does not exist",
        ),
        ("title: Mine", "titel: Mine", "titel"),
    ] {
        let text = GOOD.replace(from, to);
        assert_ne!(text, GOOD, "{from}");
        let error = read("mine", &text).expect_err(to).to_string();
        assert!(error.contains("`dir/mine/service.yaml`"), "{error}");
        assert!(error.contains(said), "{error}");
    }
    let (head, _) = GOOD.split_once("job:").expect("a job");
    let error = read("mine", head).expect_err("no job").to_string();
    assert!(
        error.contains("`job`: a service with workloads needs a job"),
        "{error}"
    );
    let error = read("Mine", &GOOD.replace("service: mine", "service: Mine"));
    let error = error.expect_err("no name").to_string();
    assert!(error.contains("`Mine` is not a service name"), "{error}");
}

/// Ten iterations, five at a time: two rounds.
#[test]
fn every_action_counts_as_often_as_it_is_performed() {
    let more = "sla: {mine.make: 30, mine.take: 10}
        repeats: {mine.take: 4}
        durations:
          mine.make: {expected: 3, source: it was measured}
          mine.take: {expected: 1, source: it was measured}
          mine.drop: {expected: 2, source: it was measured}
        setup: {mine.make: 2}
        leaves: {mine.drop: 3}
        contexts: {users: {tenants: 2, users_per_tenant: 3}}";
    let user = FileMap::of([
        (
            "mine/service.yaml",
            GOOD.replace("sla: {mine.make: 30}", more).as_str(),
        ),
        ("mine/plugins/mine.py", ""),
    ]);
    let durations = "about: nothing
sources: {}
actions: {mine.make: {expected: 999, source: another workload}}
overhead:
  task: {expected: 5, source: x}
  workload: {expected: 7, source: x}
  tenant: {expected: 11, source: x}
  user: {expected: 13, source: x}
  iteration: {expected: 17, source: x}
  batch: {expected: 19, source: x}
devstack: {full: {expected: 100, source: x}}
";
    let templates = FileMap::of([("rally/durations.yaml", durations)]);
    let catalogue = Catalogue::new(&templates, Some((&user, "dir".to_owned()))).expect("it");
    let entry = catalogue.entry("mine").expect("readable").expect("there");
    let workload = entry.service.workloads().next().expect("a workload");
    assert_eq!(workload.longest_iteration(), 30.0 + 4.0 * 10.0);
    let time = workload.time(workload.load, &entry.durations);
    let contexts = 7.0 + 2.0 * 11.0 + 6.0 * 13.0;
    // 30 are left, deleted 20 at a time.
    let round = 17.0 + 3.0 + 4.0 * 1.0;
    let expected = contexts + 2.0 * (2.0 * 3.0) + 2.0 * round + 2.0 * (2.0 + 19.0);
    assert_eq!(time.expected, Some(expected));
    let round = 170.0 + 30.0 + 4.0 * 10.0;
    let worst = 10.0 * contexts + 2.0 * (2.0 * 30.0) + 2.0 * round + 2.0 * (20.0 + 190.0);
    assert_eq!(time.worst, worst);
    let task = entry.time(|workload| workload.load);
    assert_eq!(
        (task.expected, task.worst),
        (Some(expected + 5.0), worst + 50.0)
    );
}

/// What no duration is known of has a worst case, and nothing is expected of it.
#[test]
fn an_unknown_duration_is_not_made_up() {
    let (templates, plugin) = (FileMap::default(), ("mine/plugins/mine.py", ""));
    let user = FileMap::of([("mine/service.yaml", GOOD), plugin]);
    let catalogue = Catalogue::new(&templates, Some((&user, "dir".to_owned()))).expect("it");
    let entry = catalogue.entry("mine").expect("readable").expect("there");
    let time = entry.time(|workload| workload.load);
    assert_eq!((time.expected, time.worst), (None, 60.0));
}

/// Every limit of a built-in service can fail, and every figure has a source.
#[test]
fn the_built_in_durations() {
    let templates = crate::embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("the catalogue");
    let names: Vec<String> = catalogue.names().map(str::to_owned).collect();
    assert_eq!(names.len(), 10);
    let mut faults = Vec::new();
    for name in &names {
        let entry = catalogue.entry(name).expect("readable").expect("there");
        let all = &entry.durations;
        for duration in all.actions.values().chain(all.devstack.values()) {
            let known = all.sources.contains_key(&duration.source);
            assert!(known && duration.expected > 0.0, "{duration:?}");
        }
        for workload in entry.service.workloads() {
            faults.extend(loose(name, workload, all));
        }
        let (task, devstack) = (entry.time(|w| w.load), entry.devstack());
        let together = task
            .expected
            .zip(devstack)
            .map(|(task, devstack)| task + devstack);
        if together.is_none_or(|seconds| seconds > 9000.0) {
            faults.push(format!("{name}: {task:?} after {devstack:?} s"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Returns the limits of a workload that are too far from what is expected, or that nothing is
/// expected of.
fn loose(name: &str, workload: &Workload, all: &Durations) -> Vec<String> {
    let judge = |(action, limit): (&String, &f64)| {
        let own = workload.durations.get(action);
        let fault = match own.or_else(|| all.actions.get(action)) {
            None => "nothing is known of it".to_owned(),
            Some(known) if !all.sources.contains_key(&known.source) => "no source".to_owned(),
            Some(known) if *limit > SLOWEST * known.expected || *limit < known.expected => {
                format!("{limit} s, expected {} s", known.expected)
            }
            Some(_) => return None,
        };
        Some(format!("{name}: {}: {action}: {fault}", workload.scenario))
    };
    workload.sla.iter().filter_map(judge).collect()
}

/// What the program reads instead of the YAML of its own catalogue says the same.
#[test]
fn the_parsed_entries_are_those_of_the_yaml() {
    let templates = crate::embedded::templates();
    let catalogue = Catalogue::new(&templates, None).expect("the catalogue");
    let value = |service: &Service| serde_json::to_value(service).expect("JSON");
    for name in catalogue.names() {
        let path = format!("services/{name}/service.yaml");
        let bytes = templates.read(&path).expect("readable").expect("there");
        let by_yaml: Service = crate::yaml::from_slice(&bytes).expect("an entry");
        let json = crate::embedded::parsed(&path, &bytes).expect("parsed");
        let by_json: Service = serde_json::from_slice(json).expect("an entry");
        assert_eq!(value(&by_json), value(&by_yaml), "{name}");
        let edited = [&bytes[..], b"\n"].concat();
        assert!(crate::embedded::parsed(&path, &edited).is_none());
    }
    let path = "rally/durations.yaml";
    let bytes = templates.read(path).expect("readable").expect("there");
    assert!(crate::embedded::parsed(path, &bytes).is_some());
}
