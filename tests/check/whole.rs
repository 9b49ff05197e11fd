//! What is right, and what is not Rally.

use std::collections::BTreeSet;

use git_rally::check::RULES;
use git_rally::files::FileMap;

use crate::{clean, judge};

#[test]
fn what_is_right_is_left_alone() {
    let report = judge(&clean());
    assert_eq!(report.findings, []);
    assert_eq!(
        (report.tasks, report.jobs, report.is_of_rally),
        (1, 1, true)
    );
}

#[test]
fn rules_have_names_of_their_own() {
    let names: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(names.len(), RULES.len());
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

/// As heat has it today: Rally's folder of 2014, and nothing that runs it.
#[test]
fn a_folder_that_no_role_reads_is_named() {
    let files = FileMap::of([("rally-scenarios/plugins/a.py", ""), ("zuul.yaml", "[]\n")]);
    let report = judge(&files);
    let rules: Vec<&str> = report.findings.iter().map(|f| f.rule.name).collect();
    assert_eq!(rules, ["never-read"]);
}
