//! `check`: every rule finds its flaw and nothing else, what is right is left alone, and nothing
//! outside the work tree is read.

mod hostile;
mod laws;
mod linters;
mod rules;
#[path = "../support/mod.rs"]
mod support;
mod task;
mod verb;
mod whole;
mod zuul;

use git_rally::check::{Report, Severity, check};
use git_rally::embedded;
use git_rally::files::{EntryKind, FileMap, Files};
use git_rally::rally::Facts;

const TASK: &str = "\
# {% set image_name = image_name or \"cirros\" %}
version: 2
title: Sample
subtasks:
  - title: Networks
    workloads:
      - scenario:
          NeutronNetworks.create_and_list_networks: {}
        runner:
          constant:
            times: 4
            concurrency: 2
        sla:
          failure_rate:
            max: 0
          max_avg_duration_per_atomic:
            neutron.list_networks: 15
";

const ZUUL: &str = "\
- job:
    name: sample-rally
    parent: rally-task-at-devstack
    timeout: 7800
    vars:
      rally_task: rally-jobs/task.yaml

- project:
    check:
      jobs:
        - sample-rally
    gate:
      jobs:
        - sample-rally
";

const HOOKS: &str = "\
repos:
  - repo: https://github.com/pre-commit/pre-commit-hooks
    hooks:
      - id: check-yaml
        files: .*\\.(yaml|yml)$
        exclude: '^rally-jobs/excluded.yaml$'
";

const LICENCE: &str = "#    Licensed under the Apache License, Version 2.0\n";

/// A repository without a flaw.
fn clean() -> FileMap {
    let plugin = format!("{LICENCE}{}", "\n".repeat(12));
    FileMap::of([
        (".zuul.yaml", ZUUL),
        (".pre-commit-config.yaml", HOOKS),
        ("LICENSE", "Apache License\n"),
        ("test-requirements.txt", "hacking>=8.0.0 # Apache-2.0\n"),
        (
            "tox.ini",
            "[testenv:docs]\ncommands =\n  doc8 {posargs}\n[testenv:pep8]\ncommands =\n  flake8 {posargs}\n",
        ),
        ("rally-jobs/task.yaml", TASK),
        ("rally-jobs/README.rst", "Rally\n=====\n\nShort.\n"),
        ("rally-jobs/extra/there.txt", ""),
        ("rally-jobs/plugins/__init__.py", ""),
        (
            "rally-jobs/plugins/sample.py",
            &format!(
                "{plugin}from rally_openstack.task import scenario\n\n\n\
                 @scenario.configure(name=\"Sample.do\", platform=\"openstack\")\n\
                 class Do(scenario.OpenStackScenario):\n    def run(self):\n        pass\n"
            ),
        ),
    ])
}

fn put(files: &mut FileMap, path: &str, text: &str) {
    let file = (EntryKind::File, text.as_bytes().to_vec());
    files.0.insert(path.to_owned(), file);
}

fn judge(files: &dyn Files) -> Report {
    let facts = Facts::read(&embedded::templates()).expect("facts");
    check(files, &facts).expect("a report")
}

/// Returns what was not judged.
fn notes(report: &Report) -> Vec<String> {
    let found = report.findings.iter();
    let notes = found.filter(|found| found.severity == Severity::Note);
    notes
        .map(|note| format!("{}: {}", note.path, note.message))
        .collect()
}

/// Returns `path:line rule` of every finding in the clean repository with other files over it.
fn with(changed: &[(&str, &str)]) -> Vec<String> {
    let mut files = clean();
    for (path, text) in changed {
        put(&mut files, path, text);
    }
    let found = judge(&files).findings.into_iter();
    found
        .filter(|found| found.severity != Severity::Note)
        .map(|f| format!("{}:{} {}", f.path, f.line, f.rule))
        .collect()
}

/// Returns the same for a task in which one text is replaced.
fn task(from: &str, to: &str) -> Vec<String> {
    assert!(TASK.contains(from), "{from}");
    with(&[("rally-jobs/task.yaml", &TASK.replace(from, to))])
}

fn zuul(from: &str, to: &str) -> Vec<String> {
    assert!(ZUUL.contains(from), "{from}");
    with(&[(".zuul.yaml", &ZUUL.replacen(from, to, 1))])
}
