//! Files that want to take all the time and memory that there is.

use std::fs;
use std::path::Path;

use git_rally::check::{LARGEST, check};
use git_rally::disk::WorkTree;
use git_rally::embedded;
use git_rally::rally::Facts;

use crate::support::{Sandbox, says, within};
use crate::{TASK, clean, judge, notes, put, task, with};

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
        let workload = "      - scenario: {Un.known: {}}\n".repeat(1_000);
        let shared = |times: usize| {
            let others = "  - workloads: *all\n".repeat(times);
            let text = format!("subtasks:\n  - workloads: &all\n{workload}{others}");
            with(&[("rally-jobs/task.yaml", &text)])
        };
        // and each of the 31 subtasks lacks its title
        assert_eq!(shared(30).len(), 1_031);
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
