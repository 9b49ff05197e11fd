//! Rules for the Zuul configuration.

use git_rally::files::EntryKind;

use crate::support::says;
use crate::{ZUUL, clean, judge, notes, put, with, zuul};

#[test]
fn zuul_not_usable() {
    let found = [".zuul.yaml:3 zuul-not-usable"];
    assert_eq!(
        zuul("    parent: rally", "    name: twice\n    parent: rally"),
        found
    );
    assert_eq!(
        zuul("    parent: ", "    parent: [\n"),
        [".zuul.yaml:5 zuul-not-usable"]
    );
    assert_eq!(
        with(&[(".zuul.yaml", "job:\n  vars:\n    rally_task: x\n")]),
        [".zuul.yaml:1 zuul-not-usable"]
    );
    // U+0085 is a line break for PyYAML and nothing that Zuul refuses
    let report = {
        let mut files = clean();
        put(&mut files, ".zuul.yaml", &format!("{ZUUL}# \u{85}\n"));
        judge(&files)
    };
    assert_eq!(report.findings.len(), 1);
    says(
        &notes(&report).join("\n"),
        &[".zuul.yaml: git-rally does not edit a file with the character U+0085"],
    );
    // what Zuul ignores is no file of Zuul's
    let mut files = clean();
    files
        .0
        .insert(".zuul.yaml".to_owned(), (EntryKind::Symlink, b"x".to_vec()));
    assert_eq!(judge(&files).findings[0].rule.name, "zuul-not-usable");
}

#[test]
fn zuul_two_roots() {
    assert_eq!(
        with(&[(".zuul.d/more.yaml", ZUUL)]),
        [".zuul.d:1 zuul-two-roots"]
    );
    assert_eq!(
        with(&[("zuul.d/all.yaml", ZUUL)]),
        [".zuul.yaml:1 zuul-two-roots"]
    );
    assert_eq!(
        with(&[(".zuul.d/README.rst", "Nothing for Zuul\n")]),
        [] as [&str; 0]
    );
}

#[test]
fn zuul_not_read() {
    assert_eq!(with(&[(".zuul.yml", ZUUL)]), [".zuul.yml:1 zuul-not-read"]);
    let mut files = clean();
    files.0.remove(".zuul.yaml");
    put(&mut files, "zuul.d/project.yaml", ZUUL);
    put(&mut files, "zuul.d/rally.yml", ZUUL);
    put(&mut files, "zuul.d/playbook.yml", "- hosts: all\n");
    put(&mut files, "zuul.d/off/.zuul.ignore", "");
    put(&mut files, "zuul.d/off/rally.yml", ZUUL);
    let found = judge(&files).findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(
        (found[0].path.as_str(), found[0].rule.name),
        ("zuul.d/rally.yml", "zuul-not-read")
    );
}

#[test]
fn task_missing() {
    let missing = [".zuul.yaml:6 task-missing"];
    assert_eq!(zuul("jobs/task.yaml", "jobs/tusk.yaml"), missing);
    assert_eq!(zuul("rally-jobs/task.yaml", "rally-jobs"), missing);
    assert_eq!(
        zuul("rally-jobs/task", "./rally-jobs/task"),
        [] as [&str; 0]
    );
    let none: [&str; 0] = [];
    // a parent's own variable counts, and an entry's
    let entry = "        - sample-rally:\n            vars:\n              rally_task: no.yaml\n";
    assert_eq!(
        zuul("        - sample-rally\n", entry),
        [".zuul.yaml:13 task-missing"]
    );
    // not a path, not in this repository, a link
    assert_eq!(zuul("rally-jobs/task.yaml", "'{{ x }}.yaml'"), none);
    assert_eq!(zuul("rally-jobs/task.yaml", "../elsewhere.yaml"), none);
    assert_eq!(
        zuul(
            "rally_task: rally-jobs/task.yaml",
            "rally_task: no.yaml\n      rally_task_src_dir: /src"
        ),
        none
    );
    let mut files = clean();
    files.0.insert(
        "rally-jobs/task.yaml".to_owned(),
        (EntryKind::Symlink, b"x".to_vec()),
    );
    assert_eq!(
        notes(&judge(&files)),
        [".zuul.yaml: `rally-jobs/task.yaml` is a symbolic link"]
    );
}

#[test]
fn job_in_no_pipeline() {
    let none: [&str; 0] = [];
    let job = ZUUL.split("\n- project").next().expect("a job");
    assert_eq!(
        with(&[(".zuul.yaml", job)]),
        [".zuul.yaml:2 job-in-no-pipeline"]
    );
    let of = |more: &str| with(&[(".zuul.yaml", &format!("{job}{more}"))]);
    assert_eq!(of("    abstract: true\n"), none);
    assert_eq!(
        of("- project-template:\n    name: t\n    check:\n      jobs:\n        - sample-rally\n"),
        none
    );
    assert_eq!(
        of(
            "- job:\n    name: child\n    parent: sample-rally\n- project:\n    check:\n      jobs:\n        - child\n"
        ),
        none
    );
    // what another file says is not known
    let mut files = clean();
    files.0.remove(".zuul.yaml");
    put(&mut files, "zuul.d/a.yaml", job);
    put(&mut files, "zuul.d/b.yaml", "- project: [\n");
    let findings = judge(&files).findings;
    let rules: Vec<&str> = findings.iter().map(|f| f.rule.name).collect();
    assert_eq!(rules, ["zuul-not-usable"]);
}

#[test]
fn non_voting_in_gate() {
    let gate = "    gate:\n      jobs:\n        - sample-rally";
    let entry = format!("{gate}:\n            voting: false");
    assert_eq!(zuul(gate, &entry), [".zuul.yaml:14 non-voting-in-gate"]);
    assert_eq!(
        zuul("    timeout", "    voting: false\n    timeout"),
        [".zuul.yaml:15 non-voting-in-gate"]
    );
    let check = "    check:\n      jobs:\n        - sample-rally";
    assert_eq!(
        zuul(check, &format!("{check}:\n            voting: false")),
        [] as [&str; 0]
    );
}

#[test]
fn timeout_over_limit() {
    assert_eq!(zuul("7800", "10801"), [".zuul.yaml:4 timeout-over-limit"]);
    assert_eq!(zuul("7800", "10800"), [] as [&str; 0]);
    let entry = "        - sample-rally:\n            timeout: 99999\n";
    assert_eq!(
        zuul("        - sample-rally\n", entry),
        [".zuul.yaml:12 timeout-over-limit"]
    );
    // another job's timeout is not ours to judge
    assert_eq!(
        zuul(
            "- project:",
            "- job:\n    name: other\n    timeout: 99999\n\n- project:"
        ),
        [] as [&str; 0]
    );
}
