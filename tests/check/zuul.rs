//! Rules for the Zuul configuration.

use git_rally::check::Severity;
use git_rally::files::EntryKind;

use crate::support::says;
use crate::{TASK, ZUUL, clean, judge, notes, put, with, zuul};

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
    // a slash behind the name of a file
    assert_eq!(zuul("jobs/task.yaml", "jobs/task.yaml/"), missing);
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

/// Nothing fails of what is never read, never runs, or holds nothing back.
#[test]
fn what_nothing_fails_of_is_a_warning() {
    let job = ZUUL.split("\n- project").next().expect("a job");
    let gate = "    gate:\n      jobs:\n        - sample-rally";
    let non_voting = ZUUL.replace(gate, &format!("{gate}:\n            voting: false"));
    for (path, text, rule) in [
        (".zuul.d/more.yaml", ZUUL, "zuul-two-roots"),
        (".zuul.yml", ZUUL, "zuul-not-read"),
        (".zuul.yaml", job, "job-in-no-pipeline"),
        (".zuul.yaml", &non_voting, "non-voting-in-gate"),
    ] {
        let mut files = clean();
        put(&mut files, path, text);
        let found = judge(&files).findings;
        assert_eq!(found[0].rule.name, rule);
        assert_eq!(found[0].severity, Severity::Warning, "{rule}");
    }
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

/// Returns what is found where the job has other attributes.
fn job(attributes: &str) -> Vec<String> {
    zuul("    timeout: 7800\n", attributes)
}

const NONE: [&str; 0] = [];

#[test]
fn unknown_parent() {
    let found = [".zuul.yaml:3 unknown-parent"];
    assert_eq!(zuul("-at-devstack", "-at-devstak"), found);
    assert_eq!(zuul("rally-task-at-devstack", "no-such-job"), found);
    for known in ["rally-task-cinder", "devstack-tempest", "base"] {
        assert_eq!(zuul("rally-task-at-devstack", known), NONE, "{known}");
    }
    let of = |parent: &str| {
        let mut files = clean();
        put(
            &mut files,
            ".zuul.yaml",
            &ZUUL.replace("rally-task-at-devstack", parent),
        );
        judge(&files).findings.remove(0)
    };
    // only rally-openstack has names like this
    let certain = of("rally-task-cindr");
    assert_eq!(certain.severity, Severity::Error);
    assert!(certain.message.contains("is `rally-task-cinder` meant?"));
    assert_eq!(of("cinder-something").severity, Severity::Warning);
}

#[test]
fn unknown_job() {
    let list = |name: &str| {
        zuul(
            "        - sample-rally\n",
            &format!("        - sample-rally\n        - {name}\n"),
        )
    };
    assert_eq!(list("sample-tempest"), NONE);
    // near to a job that runs Rally
    assert_eq!(list("sample-raly"), [".zuul.yaml:12 unknown-job"]);
    assert_eq!(list("raly-task-at-devstack"), [".zuul.yaml:12 unknown-job"]);
    assert_eq!(list("sample-rally-2"), [".zuul.yaml:12 unknown-job"]);
    assert_eq!(list("rally-task-keystone"), [".zuul.yaml:12 unknown-job"]);
    // a job of rally-openstack runs its own task, which is not here
    assert_eq!(list("rally-task-nova"), [".zuul.yaml:12 task-missing"]);
}

#[test]
fn abstract_and_final_jobs() {
    assert_eq!(
        job("    abstract: true\n"),
        [".zuul.yaml:11 abstract-job", ".zuul.yaml:14 abstract-job"]
    );
    assert_eq!(job("    abstract: false\n"), NONE);
    assert_eq!(job("    final: true\n"), NONE);
    let child = "- job:\n    name: child\n    parent: sample-rally\n\n- project:";
    let listed = ZUUL
        .replace("- project:", child)
        .replace("- sample-rally", "- child");
    let text = listed.replace("timeout: 7800", "final: true");
    assert_eq!(with(&[(".zuul.yaml", &text)]), [".zuul.yaml:10 final-job"]);
    let text = listed.replace("timeout: 7800", "abstract: true");
    assert_eq!(with(&[(".zuul.yaml", &text)]), NONE);
}

#[test]
fn what_overrides_a_task_that_is_not_there() {
    let base = ZUUL.replace("rally-jobs/task.yaml", "rally-jobs/none.yaml");
    let entry =
        "- sample-rally:\n            vars:\n              rally_task: rally-jobs/task.yaml";
    let all = base.replace("- sample-rally", entry);
    assert_eq!(with(&[(".zuul.yaml", &all)]), NONE);
    let one = base.replacen("- sample-rally", entry, 1);
    assert_eq!(with(&[(".zuul.yaml", &one)]), [".zuul.yaml:6 task-missing"]);
    let variant = "- job:\n    name: sample-rally\n    branches: ^stable/.*$\n    vars:\n      rally_task: rally-jobs/none.yaml\n\n- project:";
    assert_eq!(zuul("- project:", variant), NONE);
}

#[test]
fn task_not_set() {
    let vars = "    vars:\n      rally_task: rally-jobs/task.yaml\n";
    assert_eq!(
        zuul(vars, ""),
        [".zuul.yaml:9 task-not-set", ".zuul.yaml:12 task-not-set"]
    );
    let misspelled = vars.replace("rally_task", "rally_tasks");
    assert_eq!(
        zuul(vars, &misspelled),
        [
            ".zuul.yaml:6 unknown-variable",
            ".zuul.yaml:11 task-not-set",
            ".zuul.yaml:14 task-not-set"
        ]
    );
    let project = ZUUL
        .replace(vars, "")
        .replace("- project:\n", &format!("- project:\n{vars}"));
    assert_eq!(with(&[(".zuul.yaml", &project)]), NONE);
}

#[test]
fn task_hidden() {
    let list = |key: &str, pattern: &str| {
        job(&format!(
            "    {key}:\n      - ^doc/.*$\n      - {pattern}\n"
        ))
    };
    let hidden = [".zuul.yaml:5 task-hidden"];
    assert_eq!(list("irrelevant-files", "^rally-jobs/.*$"), hidden);
    assert_eq!(list("irrelevant-files", "rally-jobs"), hidden);
    assert_eq!(list("irrelevant-files", "jobs"), NONE);
    assert_eq!(list("files", "^sample/.*$"), hidden);
    assert_eq!(list("files", "^rally-jobs/.*$"), NONE);
    // an entry's own list counts
    let text = ZUUL
        .replace(
            "    timeout",
            "    irrelevant-files: [rally-jobs]\n    timeout",
        )
        .replace(
            "- sample-rally",
            "- sample-rally:\n            irrelevant-files: [doc]",
        );
    assert_eq!(with(&[(".zuul.yaml", &text)]), NONE);
}

/// A timer starts it, and no list holds it back: neither is its list a fault, nor does it make up for
/// that of check.
#[test]
fn no_change_starts_what_is_periodic() {
    let listed = |check: &str, periodic: &str| {
        let text = ZUUL.replace("- sample-rally\n", &format!("- sample-rally{check}\n"));
        let periodic = format!("    periodic:\n      jobs:\n        - sample-rally{periodic}\n");
        with(&[(".zuul.yaml", &format!("{}\n{periodic}", text.trim_end()))])
    };
    let task = ":\n            irrelevant-files: [rally-jobs]";
    let plugins = ":\n            irrelevant-files: [rally-jobs/plugins]";
    assert_eq!(listed("", ""), NONE);
    assert_eq!(listed("", task), NONE);
    assert_eq!(listed(plugins, "").len(), 1);
}

#[test]
fn a_task_that_some_other_job_may_run() {
    let never = ["rally-jobs/other.yaml:1 task-never-run"];
    let of = |text: &str| with(&[(".zuul.yaml", text), ("rally-jobs/other.yaml", crate::TASK)]);
    assert_eq!(of(ZUUL), never);
    // its playbook may do anything
    let legacy = "- job:\n    name: legacy-rally\n    run: playbooks/rally.yaml\n\n- project:";
    assert_eq!(of(&ZUUL.replace("- project:", legacy)), NONE);
    let docs = legacy
        .replace("-rally", "-docs")
        .replace("rally.yaml", "docs.yaml");
    assert_eq!(of(&ZUUL.replace("- project:", &docs)), never);
    let listed = "- sample-rally\n        - rally-install-base\n";
    assert_eq!(of(&ZUUL.replacen("- sample-rally\n", listed, 1)), NONE);
}

#[test]
fn plugins_and_extra_files_are_hidden_where_no_job_starts() {
    let other = "    files: [rally-jobs/task.yaml]\n";
    let hidden = [".zuul.yaml:5 task-hidden"];
    let text = ZUUL.replace("    vars", &format!("{other}    vars"));
    assert_eq!(with(&[(".zuul.yaml", &text)]), hidden);
    // another job takes them
    let two =
        "- job:\n    name: two\n    parent: sample-rally\n    files: [rally-jobs]\n\n- project:";
    let text = text.replace("- project:", two).replacen(
        "- sample-rally\n",
        "- sample-rally\n        - two\n",
        1,
    );
    assert_eq!(with(&[(".zuul.yaml", &text)]), NONE);
    // where the task is not there, that is all there is to say
    let text = ZUUL.replace("    vars", "    files: [^sample/.*$]\n    vars");
    let text = text.replace("rally-jobs/task", "jobs/task");
    let mut files = clean();
    put(&mut files, ".zuul.yaml", &text);
    let found = judge(&files)
        .findings
        .into_iter()
        .map(|found| found.message);
    let found: Vec<String> = found
        .filter(|m| m.contains("`jobs/task.yaml` alone"))
        .collect();
    assert_eq!(found, NONE);
}

#[test]
fn timeout_too_short() {
    assert_eq!(zuul("7800", "899"), [".zuul.yaml:4 timeout-too-short"]);
    assert_eq!(zuul("7800", "1000"), NONE);
}

#[test]
fn a_task_that_is_longer_than_its_job() {
    let long = TASK
        .replace("times: 4", "times: 20000")
        .replace("concurrency: 2", "concurrency: 1");
    let found = |text: &str| with(&[("rally-jobs/task.yaml", text)]);
    assert_eq!(found(&long), [".zuul.yaml:4 timeout-too-short"]);
    let none: [&str; 0] = [];
    // as many at the same time, or a scenario of which nothing is known
    let fast = long.replace("concurrency: 1", "concurrency: 1000");
    assert_eq!(found(&fast), none);
    let unknown = long
        .replace("NeutronNetworks.create_and_list_networks", "Sample.do")
        .replace("neutron.list_networks: 15", "sample.do: 15");
    assert_eq!(found(&unknown), none);
}
