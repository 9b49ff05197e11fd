//! Files that want to take all the time and memory that there is.

use std::fs;
use std::path::Path;

use git_rally::check::{LARGEST, check};
use git_rally::disk::WorkTree;
use git_rally::embedded;
use git_rally::rally::Facts;

use crate::support::{Sandbox, says, within};
use crate::{TASK, ZUUL, clean, judge, notes, put, task, with};

/// Findings of one file that are told.
const MOST_FINDINGS: usize = 1000;

/// Returns the notes on the clean repository with other files over it.
fn notes_with(what: &str, changed: Vec<(String, String)>) -> Vec<String> {
    within(what, move || {
        let mut files = clean();
        for (path, text) in changed {
            put(&mut files, &path, &text);
        }
        notes(&judge(&files))
    })
}

fn notes_of_task(text: String) -> Vec<String> {
    let what: String = text.chars().take(30).collect();
    notes_with(&what, vec![("rally-jobs/task.yaml".to_owned(), text)])
}

/// Each of these overflowed the stack, or took all memory.
#[test]
fn a_template_that_is_too_much_is_not_judged() {
    for (tag, why) in [
        (
            format!("{{{{ 1{} }}}}", "|string".repeat(100_000)),
            "operators",
        ),
        (
            format!("{{{{ {}1 }}}}", "not ".repeat(200_000)),
            "operators",
        ),
        (
            format!("{{{{ {}1 }}}}", "1 ~ ".repeat(200_000)),
            "operators",
        ),
        (format!("{{{{ {}", "not ".repeat(200_000)), "operators"),
        (format!("{{{{ a{} }}}}", ".b".repeat(200_000)), "operators"),
        (
            format!(
                "{{% set a = [1] %}}{}{{{{ a|length }}}}",
                "{% set a = a + a %}".repeat(60)
            ),
            "adds too much",
        ),
        (
            "{% set n = namespace(a=[1]) %}{% for i in range(60) %}{% set n.a = n.a + n.a %}\
             {% endfor %}{{ n.a|length }}"
                .to_owned(),
            "adds too much",
        ),
        (
            format!(
                "{{% set a = 'xxxxxxxx' %}}{}",
                "{% set a = a ~ a %}".repeat(60)
            ),
            "takes too long",
        ),
        (
            "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}"
                .to_owned(),
            "takes too long",
        ),
    ] {
        let found = notes_of_task(format!("# {tag}\n{TASK}"));
        says(&found.join("\n"), &["rally-jobs/task.yaml: ", why]);
    }
}

/// What is over the time for one repository is said to be not judged: 100 of these took a minute.
#[test]
fn what_all_tasks_take_together_is_bounded() {
    let bomb = "{% for a in range(100000) %}{% endfor %}{{ x.y.z }}\n";
    let large = format!(
        "subtasks: 1\n# a comment of so much\n# {}\n",
        "x".repeat(400_000)
    );
    for text in [format!("{{% set x = x or 1 %}}{bomb}{TASK}"), large] {
        let name = |n: usize| format!("rally-jobs/many-{n:03}.yaml");
        let files = (0..12).map(|n| (name(n), text.clone())).collect();
        let found = notes_with(&text[..30], files);
        says(
            &found.join("\n"),
            &["many-011.yaml: the tasks before it took all the time"],
        );
    }
}

/// Zuul's patterns are compiled once for all tasks, and not without end.
#[test]
fn a_list_of_patterns_for_many_tasks() {
    let pattern = "    - ^nothing-of-this/.*$\n";
    let jobs: String = (0..200)
        .map(|n| {
            format!(
                "- job: {{name: many-{n}, parent: sample-rally, \
                 vars: {{rally_task: rally-jobs/t{n}.yaml}}}}\n"
            )
        })
        .collect();
    let listed: String = (0..200).map(|n| format!("        - many-{n}\n")).collect();
    let text = |patterns: usize| {
        let list = format!("    irrelevant-files:\n{}", pattern.repeat(patterns));
        let job = ZUUL.replacen("    timeout: 7800\n", &list, 1);
        let tasks = (0..200).map(|n| (format!("rally-jobs/t{n}.yaml"), TASK.to_owned()));
        let zuul = (".zuul.yaml".to_owned(), format!("{job}{listed}{jobs}"));
        tasks.chain([zuul]).collect()
    };
    assert_eq!(notes_with("few patterns", text(10)), [] as [&str; 0]);
    let found = notes_with("many patterns", text(10_000));
    says(
        &found.join("\n"),
        &[".zuul.yaml: the patterns are too many"],
    );
}

#[test]
fn findings_without_end_are_counted() {
    let near = "      - scenario: {NeutronNetworks.create_and_list_networkz: {}}\n".repeat(5_000);
    let text = format!("version: 2\ntitle: T\nsubtasks:\n- title: N\n  workloads:\n{near}");
    let found = notes_of_task(text);
    assert_eq!(
        found,
        ["rally-jobs/task.yaml: it has more than 1000 findings; mend these first"]
    );
    let distinct: String = (0..3_000)
        .map(|n| format!("      - scenario: {{NeutronNetworks.create_and_list_{n}: {{}}}}\n"))
        .collect();
    let text = format!("version: 2\ntitle: T\nsubtasks:\n- title: N\n  workloads:\n{distinct}");
    assert_eq!(
        notes_of_task(text),
        ["rally-jobs/task.yaml: it has more than 1000 findings; mend these first"]
    );
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
        let files = [
            ("rally-jobs/task.yaml", text),
            (".zuul.yaml", text),
            (".pre-commit-config.yaml", text),
            ("rally-jobs/plugins/a.py", text),
        ]
        .map(|(path, text)| (path, text.to_owned()));
        within(&text[..20], move || {
            with(&files.each_ref().map(|(path, text)| (*path, text.as_str())))
        });
    }
    let large = "x: 1\n".repeat(LARGEST as usize / 4);
    let mut files = clean();
    put(&mut files, "rally-jobs/task.yaml", &large);
    says(
        &notes(&judge(&files)).join("\n"),
        &["rally-jobs/task.yaml: it is too large"],
    );
}

/// Each of these took minutes when the time grew with the square of the size.
#[test]
fn time_grows_with_the_size_and_no_faster() {
    within("the check", || {
        let variables: String = (0..5_000)
            .map(|n| format!("  - title: \"{{{{ v{n} }}}}\"\n"))
            .collect();
        assert_eq!(
            task("subtasks:\n", &format!("subtasks:\n{variables}")).len(),
            MOST_FINDINGS
        );
        let defaults: String = (0..5_000)
            .map(|n| format!("# {{% set v{n} = v{n} or 1 %}}{{{{ v{n} ~ w{n} | default(1) }}}}\n"))
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
        let workload = "      - scenario: {Un.known: {}}\n".repeat(1_000);
        let shared = |times: usize| {
            let others = "  - workloads: *all\n".repeat(times);
            let text = format!("subtasks:\n  - workloads: &all\n{workload}{others}");
            with(&[("rally-jobs/task.yaml", &text)])
        };
        assert_eq!(shared(30).len(), MOST_FINDINGS);
        assert_eq!(shared(30_000), [] as [&str; 0]);
    });
}

#[test]
fn a_deep_folder_takes_no_time() {
    let sandbox = Sandbox::new();
    let deepest = Path::new("rally-jobs").join("d/".repeat(1500));
    fs::create_dir_all(sandbox.dir.path().join(deepest)).expect("folders");
    let files = WorkTree::new(sandbox.dir.path(), LARGEST);
    let facts = Facts::read(&embedded::templates()).expect("facts");
    let report = within("the check", move || check(&files, &facts));
    assert!(report.expect("a report").is_of_rally);
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
    // the plugins are all known, however many other files there are
    let report = judge(&files);
    let more = "`rally-jobs` has more than 2000 files";
    assert_eq!(notes(&report), [format!("rally-jobs: {more}")]);
    assert_eq!(report.findings.len(), 2);
}
