//! What is right, what is not Rally, and what is hostile.

use std::collections::BTreeSet;

use git_rally::check::{LARGEST, RULES};
use git_rally::files::FileMap;

use crate::support::says;
use crate::{TASK, clean, judge, put, with};

#[test]
fn what_is_right_is_left_alone() {
    let report = judge(&clean());
    assert_eq!(report.findings, []);
    assert_eq!(report.notes, [] as [String; 0]);
    assert_eq!(
        (report.tasks, report.jobs, report.is_of_rally),
        (1, 1, true)
    );
}

#[test]
fn rules_have_names_of_their_own() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
    assert!(RULES.iter().all(|rule| !rule.source.is_empty()));
    let kebab = |name: &&str| {
        name.chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
    };
    assert!(names.iter().all(kebab), "{names:?}");
}

#[test]
fn a_repository_without_rally_is_not_judged() {
    for files in [
        FileMap::default(),
        FileMap::of([(".zuul.yaml", "- project:\n    check: {jobs: [tox]}\n")]),
        FileMap::of([(".zuul.yaml", "no: list\n"), ("zuul.yml", "- job: {}\n")]),
        FileMap::of([(".zuul.yaml", "# rally_task\nno: list\n")]),
    ] {
        let report = judge(&files);
        assert!(!report.is_of_rally, "{report:?}");
        assert_eq!(report.findings, []);
    }
}

#[test]
fn hostile_files_neither_hang_nor_fail() {
    let deep = "[".repeat(LARGEST as usize / 2);
    let flow = "{a: ".repeat(200_000);
    let block = "- ".repeat(400_000);
    let hidden = format!("{TASK}# {{# {deep} #}}\n");
    let bomb = format!(
        "subtasks: &a [x]\n{}",
        (0..60)
            .map(|n| format!("k{n}: &b{n} [*a, *a]\n"))
            .collect::<String>()
    );
    let cycle = "subtasks: &a\n  - *a\n  - workloads: *a\n";
    let quotes = format!("subtasks: 1\n{}", "{{ '".repeat(100_000));
    let outputs = format!("subtasks: 1\nx: \"{}\"\n", "{{ a }}".repeat(20_000));
    for text in [
        &deep, &flow, &block, &hidden, &bomb, cycle, &quotes, &outputs,
    ] {
        let started = std::time::Instant::now();
        with(&[
            ("rally-jobs/task.yaml", text),
            (".zuul.yaml", text),
            (".pre-commit-config.yaml", text),
            ("rally-jobs/plugins/a.py", text),
        ]);
        assert!(started.elapsed().as_secs() < 20, "{}", &text[..20]);
    }
    let large = "x: 1\n".repeat(LARGEST as usize / 4);
    let mut files = clean();
    put(&mut files, "rally-jobs/task.yaml", &large);
    says(
        &judge(&files).notes.join("\n"),
        &["not checked: it is too large"],
    );
}
