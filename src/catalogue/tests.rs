//! A user's entry, each time with one thing wrong: the key and what is wrong with it are named.

use super::{Catalogue, CatalogueError};
use crate::files::FileMap;

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
            "timeout: 600",
            "timeout: 60",
            "`job.timeout`: the task may take 60 s, longer than the job's 60 s",
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

/// The task may take as long as the job, but not longer.
#[test]
fn a_load_that_just_fits() {
    read("mine", &GOOD.replace("timeout: 600", "timeout: 61")).expect("a good entry");
}
