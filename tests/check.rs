//! `check`: every rule finds its flaw and nothing else, what is right is left alone, and nothing
//! outside the work tree is read.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Instant;

use git_rally::check::{LARGEST, RULES, Report, check};
use git_rally::disk::WorkTree;
use git_rally::embedded;
use git_rally::files::{EntryKind, FileMap};
use git_rally::rally::Facts;
use support::{Sandbox, fixtures, says};

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
        ("tox.ini", "[testenv:docs]\ncommands =\n  doc8 {posargs}\n"),
        ("rally-jobs/task.yaml", TASK),
        ("rally-jobs/README.rst", "Rally\n=====\n\nShort.\n"),
        ("rally-jobs/extra/there.txt", ""),
        ("rally-jobs/plugins/__init__.py", ""),
        (
            "rally-jobs/plugins/sample.py",
            &format!(
                "{plugin}@scenario.configure(name=\"Sample.do\", platform=\"openstack\")\nclass Do: pass\n"
            ),
        ),
    ])
}

fn put(files: &mut FileMap, path: &str, text: &str) {
    let file = (EntryKind::File, text.as_bytes().to_vec());
    files.0.insert(path.to_owned(), file);
}

fn judge(files: &FileMap) -> Report {
    let facts = Facts::read(&embedded::templates()).expect("facts");
    check(files, &facts).expect("a report")
}

/// Returns `path:line rule` of every finding in the clean repository with other files over it.
fn with(changed: &[(&str, &str)]) -> Vec<String> {
    let mut files = clean();
    for (path, text) in changed {
        put(&mut files, path, text);
    }
    let found = judge(&files).findings.into_iter();
    found
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
    assert_eq!(report.findings, []);
    says(
        &report.notes.join("\n"),
        &["the Zuul configuration is not judged"],
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
    assert_eq!(judge(&files).findings, []);
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

#[test]
fn not_yaml_unrendered() {
    let bare = TASK.replace("times: 4", "times: {{ times | default(4) }}");
    let statement = format!("{{% set a = 1 %}}\n{TASK}");
    let found = ["rally-jobs/task.yaml:11 not-yaml-unrendered"];
    assert_eq!(with(&[("rally-jobs/task.yaml", &bare)]), found);
    assert_eq!(
        with(&[("rally-jobs/task.yaml", &statement)]),
        ["rally-jobs/task.yaml:1 not-yaml-unrendered"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("times: 4", "times: +{{ times | default(4) }}"), none);
    // no hook, or one that does not read the file, or only its form
    let hooks = |text: &str| {
        with(&[
            ("rally-jobs/task.yaml", &bare),
            (".pre-commit-config.yaml", text),
        ])
    };
    assert_eq!(hooks("repos: []\n"), none);
    assert_eq!(hooks(&HOOKS.replace("excluded", "task")), none);
    assert_eq!(hooks(&format!("exclude: rally-jobs\n{HOOKS}")), none);
    assert_eq!(
        hooks(&HOOKS.replace("        files", "        args: [--unsafe]\n        files")),
        none
    );
}

#[test]
fn task_v1() {
    let text = "---\nNeutronNetworks.create_and_list_networks:\n  -\n    runner:\n      type: constant\n      times: 1\n      concurrency: 2\n    sla:\n      max_avg_duration: 3\n";
    let found = [
        "rally-jobs/task.yaml:2 task-v1",
        "rally-jobs/task.yaml:7 concurrency-over-times",
        "rally-jobs/task.yaml:8 lets-all-fail",
    ];
    assert_eq!(with(&[("rally-jobs/task.yaml", text)]), found);
    // data that only looks like a task
    assert_eq!(
        with(&[("rally-jobs/other.yaml", "a.b: 1\n")]),
        [] as [&str; 0]
    );
}

#[test]
fn unknown_scenario() {
    let name = "NeutronNetworks.create_and_list_networks";
    let found = ["rally-jobs/task.yaml:8 unknown-scenario"];
    assert_eq!(task(name, "NeutronNetworks.create_and_list_network"), found);
    let none: [&str; 0] = [];
    assert_eq!(task(name, "Sample.do"), none);
    // names that cannot be told
    let own = ("rally-jobs/task.yaml", TASK.replace(name, "Own.scenario"));
    let with_file = |path, text| with(&[(own.0, &own.1), (path, text)]);
    assert_eq!(
        with_file(
            "rally-jobs/plugins/b.py",
            "NAME = 'Own.scenario'\n@scenario.configure(name=NAME)\n"
        ),
        none
    );
    assert_eq!(
        with_file(
            "pyproject.toml",
            "[project.entry-points.rally_plugins]\npath = 'x'\n"
        ),
        none
    );
    let mut files = clean();
    put(
        &mut files,
        "rally-jobs/task.yaml",
        &TASK.replace(name, "CinderVolumes.create_and_list_volumes"),
    );
    says(
        &judge(&files).findings[0].message,
        &["Rally has `CinderVolumes.create_and_list_volume`"],
    );
}

#[test]
fn lets_all_fail() {
    let rate = "          failure_rate:\n            max: 0\n";
    assert_eq!(task(rate, ""), ["rally-jobs/task.yaml:13 lets-all-fail"]);
    assert_eq!(
        task("max: 0", "max: 100"),
        ["rally-jobs/task.yaml:15 lets-all-fail"]
    );
    assert_eq!(
        task("max: 0", "min: 0"),
        ["rally-jobs/task.yaml:14 lets-all-fail"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("max: 0", "max: 99.5"), none);
    assert_eq!(task("max: 0", "max: +{{ rate | default(0) }}"), none);
    // without any `sla`, Rally's own holds
    let without = TASK.split("        sla:").next().expect("a task");
    assert_eq!(with(&[("rally-jobs/task.yaml", without)]), none);
}

#[test]
fn unknown_action() {
    let found = ["rally-jobs/task.yaml:17 unknown-action"];
    assert_eq!(task("neutron.list_networks", "neutron.list_network"), found);
    let scenario = "NeutronNetworks.create_and_list_networks: {}";
    let of = |name: &str, action: &str| {
        let text = TASK.replace(scenario, &format!("{name}: {{}}"));
        with(&[(
            "rally-jobs/task.yaml",
            &text.replace("neutron.list_networks", action),
        )])
    };
    let none: [&str; 0] = [];
    assert_eq!(
        of("KeystoneBasic.create_user", "keystone.create_user"),
        found
    );
    assert_eq!(
        of("KeystoneBasic.create_user", "keystone_v3.create_user"),
        none
    );
    assert_eq!(
        of(
            "NovaServers.boot_and_delete_server",
            "nova.force_delete_server"
        ),
        none
    );
    assert_eq!(
        of(
            "CinderVolumes.modify_volume_metadata",
            "cinder_v3.set_3_metadatas_10_times"
        ),
        none
    );
    assert_eq!(
        of(
            "ZaqarBasic.producer_consumer",
            "zaqar.post_between_1_and_2_messages"
        ),
        none
    );
    // a plugin's actions are not known
    assert_eq!(of("Sample.do", "what.ever"), none);
    assert_eq!(of("Dummy.openstack", "what.ever"), none);
}

#[test]
fn concurrency_over_times() {
    assert_eq!(
        task("concurrency: 2", "concurrency: 5"),
        ["rally-jobs/task.yaml:12 concurrency-over-times"]
    );
    assert_eq!(
        task("            times: 4\n", ""),
        ["rally-jobs/task.yaml:11 concurrency-over-times"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("concurrency: 2", "concurrency: 4"), none);
    assert_eq!(task("times: 4", "times: +{{ times | default(1) }}"), none);
    assert_eq!(
        task(
            "constant:\n            times: 4",
            "constant_for_duration:\n            duration: 1"
        ),
        none
    );
}

#[test]
fn undeclared_variable() {
    assert_eq!(
        task("title: Sample", "title: \"{{ name }}\""),
        ["rally-jobs/task.yaml:3 undeclared-variable"]
    );
    assert_eq!(
        task("title: Sample", "title: \"{{ name | d('x') }}\""),
        ["rally-jobs/task.yaml:3 undeclared-variable"]
    );
    let none: [&str; 0] = [];
    assert_eq!(task("title: Sample", "title: \"{{ image_name }}\""), none);
    assert_eq!(
        task("title: Sample", "title: \"{{ name | default('x') }}\""),
        none
    );
}

#[test]
fn extra_missing() {
    let with_argument = |value: &str| task("networks: {}", &format!("networks: {{path: {value}}}"));
    let found = ["rally-jobs/task.yaml:8 extra-missing"];
    assert_eq!(with_argument("'~/.rally/extra/gone.txt'"), found);
    assert_eq!(with_argument("'{{ \"~/.rally/extra/gone.txt\" }}'"), found);
    let none: [&str; 0] = [];
    assert_eq!(with_argument("'~/.rally/extra/there.txt'"), none);
    assert_eq!(with_argument("'~/.rally/extra/dummy_image.qcow2'"), none);
    assert_eq!(with_argument("'~/.rally/extra/{{ image_name }}.txt'"), none);
    assert_eq!(with_argument("'~/.rally/extra/../../x'"), none);
    assert_eq!(
        task("title: Sample", "title: Sample  # ~/.rally/extra/gone.txt"),
        none
    );
}

#[test]
fn what_a_condition_hides_is_not_judged() {
    let text = TASK.replace("    workloads:\n", "    workloads:\n# {% if a %}\n");
    let text = format!(
        "# {{% set a = a or 1 %}}\n{}# {{% endif %}}\n",
        text.replace("max: 0", "max: 100")
    );
    assert_eq!(with(&[("rally-jobs/task.yaml", &text)]), [] as [&str; 0]);
}

#[test]
fn what_only_jinja2_can_tell_is_said_to_be_not_judged() {
    for (text, why) in [
        (format!("{{% include 'x' %}}\n{TASK}"), "`include`"),
        (format!("{TASK}{{{{ x"), "not closed"),
        (TASK.replace("title: Sample", "version: 2"), "twice"),
    ] {
        let mut files = clean();
        put(&mut files, "rally-jobs/task.yaml", &text);
        let report = judge(&files);
        let notes = report.notes.join("\n");
        says(&notes, &["`rally-jobs/task.yaml`: not judged", why]);
        assert_eq!((report.findings, report.tasks), (Vec::new(), 0));
    }
}

#[test]
fn linters_of_the_repository() {
    let init = "rally-jobs/plugins/__init__.py";
    assert_eq!(
        with(&[(init, LICENCE)]),
        ["rally-jobs/plugins/__init__.py:1 comments-only"]
    );
    let plugin = format!("\"\"\"A plugin.\"\"\"\n{}", "x = 1\n".repeat(12));
    let bare = ("rally-jobs/plugins/a.py", plugin.as_str());
    assert_eq!(with(&[bare]), ["rally-jobs/plugins/a.py:1 no-licence"]);
    let long = format!(
        "Rally\n=====\n\n{}end\n\n::\n\n  {}\n\nhttps://a.b {}\n",
        "word ".repeat(16),
        "word ".repeat(20),
        "word ".repeat(20)
    );
    let readme = ("rally-jobs/README.rst", long.as_str());
    assert_eq!(with(&[readme]), ["rally-jobs/README.rst:4 long-line"]);
    let none: [&str; 0] = [];
    // where a repository does not use the linter, or turns the rule off
    let off = (
        "tox.ini",
        "[flake8]\nignore = H102,H104\n[doc8]\nignore = D001\n[x]\n  doc8 doc\n",
    );
    assert_eq!(with(&[(init, LICENCE), bare, readme, off]), none);
    let unused = [("tox.ini", ""), ("test-requirements.txt", "")];
    assert_eq!(
        with(&[(init, LICENCE), bare, readme, unused[0], unused[1]]),
        none
    );
    let wider = (
        "tox.ini",
        "[x]\n  doc8 doc\n[doc8]\nmax-line-length = 100\n",
    );
    assert_eq!(with(&[readme, wider]), none);
    assert_eq!(with(&[("rally-jobs/plugins/short.py", "x = 1\n")]), none);
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
        let started = Instant::now();
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
        &["not judged: it is too large"],
    );
}

/// Each of these took minutes when the time grew with the square of the size.
#[test]
fn time_grows_with_the_size_and_no_faster() {
    let variables: String = (0..5_000)
        .map(|n| format!("  - title: \"{{{{ v{n} }}}}\"\n"))
        .collect();
    assert_eq!(
        task("subtasks:\n", &format!("subtasks:\n{variables}")).len(),
        5_000
    );
    let defaults: String = (0..5_000)
        .map(|n| format!("# {{% set v{n} = v{n} or 1 %}}{{{{ v{n} + w{n} | default(1) }}}}\n"))
        .collect();
    assert_eq!(
        task("version: 2\n", &format!("version: 2\n{defaults}")),
        [] as [&str; 0]
    );
    let conditions =
        "# {% if a is defined %}\n# {{ a | default(1) }}~/.rally/extra/gone\n# {% endif %}\n";
    assert_eq!(
        task(
            "version: 2\n",
            &format!("version: 2\n{}", conditions.repeat(4_000))
        ),
        [] as [&str; 0]
    );
    // one list of workloads, as often as there are subtasks
    let workload = "      - scenario: {Un.known: {}}\n".repeat(3_000);
    let shared = format!(
        "subtasks:\n  - workloads: &all\n{workload}{}",
        "  - workloads: *all\n".repeat(30_000)
    );
    assert_eq!(with(&[("rally-jobs/task.yaml", &shared)]).len(), 3_000);
}

#[test]
fn a_deep_folder_takes_no_time() {
    let sandbox = Sandbox::new();
    let deepest = Path::new("rally-jobs").join("d/".repeat(1500));
    fs::create_dir_all(sandbox.dir.path().join(deepest)).expect("folders");
    let files = WorkTree::new(sandbox.dir.path(), LARGEST);
    let facts = Facts::read(&embedded::templates()).expect("facts");
    let started = Instant::now();
    assert!(check(&files, &facts).expect("a report").is_of_rally);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

#[test]
fn what_is_in_too_many_files_is_not_judged() {
    let unknown = TASK.replace("NeutronNetworks.create_and_list_networks", "Own.scenario");
    let mut files = clean();
    put(&mut files, "rally-jobs/task.yaml", &unknown);
    for n in 0..1990 {
        put(&mut files, &format!("rally-jobs/extra/{n}.txt"), "");
    }
    assert_eq!(judge(&files).findings.len(), 1);
    for n in 1990..2010 {
        put(&mut files, &format!("rally-jobs/extra/{n}.txt"), "");
    }
    let report = judge(&files);
    assert_eq!(report.findings, []);
    let more = "`rally-jobs` has more than 2000 files";
    assert_eq!(
        report.notes,
        [
            format!("some files are not judged: {more}"),
            format!("scenario names are not judged: {more}"),
        ]
    );
}

#[test]
fn our_own_changes_are_clean() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit"]).ok("committed");
        let reason = |ran: &support::Ran| {
            ran.ok("unchanged")["reason"]
                .as_str()
                .expect("reason")
                .to_owned()
        };
        let clean = "nothing wrong: 1 task and 1 job judged";
        assert_eq!(
            reason(&clone.untouched(&["check", "--base", "rally-perfscale"])),
            clean,
            "{service}"
        );
        clone.git(&["switch", "-q", "rally-perfscale"]);
        assert_eq!(reason(&clone.untouched(&["check"])), clean, "{service}");
    }
}

#[test]
fn findings_are_events_and_lines() {
    let sandbox = Sandbox::new();
    let task = TASK.replace("max: 0", "max: 100");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", &task)],
    );
    let ran = repo.untouched(&["check"]);
    assert_eq!(ran.code, 1);
    let event = ran.event();
    let message = event["message"].as_str().expect("a message");
    assert_eq!(
        ran.out,
        format!(
            "{{\"type\":\"finding\",\"repo\":\".\",\"path\":\"rally-jobs/task.yaml\",\"line\":15,\"rule\":\"lets-all-fail\",\"message\":\"{message}\"}}\n"
        )
    );
    says(&ran.err, &["1 finding: 1 task and 1 job judged"]);
    let text = repo.rally_text(&["check"]);
    assert_eq!(
        text.out,
        format!("rally-jobs/task.yaml:15: lets-all-fail: {message}\n")
    );
    let from_outside = sandbox.rally(sandbox.dir.path(), &["check", "r"]);
    assert!(
        from_outside.out.starts_with("r/rally-jobs/task.yaml:15: "),
        "{from_outside:?}"
    );
}

#[test]
fn the_work_tree_is_judged_as_it_lies_and_a_commit_where_there_is_none() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repository("r", &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", TASK)]);
    fs::remove_file(repo.path.join("rally-jobs/task.yaml")).expect("removed");
    let found = |ran: support::Ran| (ran.code, ran.event()["rule"].as_str().map(str::to_owned));
    let missing = (1, Some("task-missing".to_owned()));
    assert_eq!(found(repo.untouched(&["check"])), missing);
    assert_eq!(
        found(sandbox.untouched(&repo.path.join(".git"), &["check", "--base", "HEAD"])),
        (0, None)
    );
    repo.git(&["clone", "-q", "--bare", ".", "../bare"]);
    assert_eq!(
        found(sandbox.untouched(&sandbox.path("bare"), &["check"])),
        (0, None)
    );
    // as git guesses it where the configuration does not say
    fs::remove_file(sandbox.path("bare/config")).expect("removed");
    assert_eq!(
        found(sandbox.untouched(sandbox.dir.path(), &["check", "bare"])),
        (0, None)
    );
    let nothing = sandbox.repository("n", &[("a", "")]);
    let reason = nothing.untouched(&["check"]).ok("unchanged")["reason"].clone();
    assert_eq!(reason, "no rally-jobs and no Rally job");
    // a folder inside it will do, and many repositories
    let many = sandbox.rally(
        sandbox.dir.path(),
        &["check", "n", "r/rally-jobs/..", "bare", "--format", "json"],
    );
    assert_eq!((many.code, many.out.lines().count()), (1, 3), "{many:?}");
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_and_no_pipe_is_opened() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let sandbox = Sandbox::new();
    let outside = sandbox.path("outside");
    fs::create_dir_all(outside.join("plugins")).expect("folder");
    let bad = TASK.replace("max: 0", "max: 100");
    fs::write(outside.join("task.yaml"), &bad).expect("file");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/README.rst", "x\n")],
    );
    let jobs = repo.path.join("rally-jobs");
    symlink(outside.join("task.yaml"), jobs.join("task.yaml")).expect("link");
    symlink(&outside, jobs.join("more")).expect("link");
    symlink(&jobs, jobs.join("plugins")).expect("a loop");
    let pipe = jobs.join("pipe.yaml");
    let made = sandbox
        .command("mkfifo", sandbox.dir.path())
        .arg(&pipe)
        .status();
    assert!(made.expect("mkfifo").success());
    let ran = repo.rally(&["check"]);
    assert_eq!(ran.ok("unchanged")["type"], "unchanged");
    says(
        &ran.err,
        &["`rally-jobs/task.yaml`: not judged: a symbolic link"],
    );
    // the whole folder elsewhere
    fs::remove_dir_all(&jobs).expect("removed");
    symlink(&outside, &jobs).expect("link");
    let ran = repo.rally(&["check"]);
    assert!(!ran.out.contains("lets-all-fail"), "{ran:?}");
    // an executable file
    fs::remove_file(&jobs).expect("removed");
    repo.write("rally-jobs/task.yaml", TASK);
    repo.write("rally-jobs/run.py", "#!/usr/bin/python3\n");
    for file in ["task.yaml", "run.py"] {
        fs::set_permissions(jobs.join(file), fs::Permissions::from_mode(0o755)).expect("mode");
    }
    let event = repo.rally(&["check"]).event();
    assert_eq!(
        (event["rule"].as_str(), event["path"].as_str()),
        (Some("executable"), Some("rally-jobs/task.yaml"))
    );
}
