//! Large input: time grows with the size and no faster, and a walk that is cut short is reported.

use std::fs;
use std::path::Path;
use std::time::Instant;

use git_rally::check::{LARGEST, check};
use git_rally::disk::WorkTree;
use git_rally::embedded;
use git_rally::rally::Facts;

use super::support::Sandbox;
use super::{TASK, clean, judge, put, task, with};

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
            format!("did not check some files: {more}"),
            format!("did not check scenario names: {more}"),
        ]
    );
}
