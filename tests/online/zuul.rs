//! The edit of the Zuul configuration, judged by the real Zuul.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use libtest_mimic::{Failed, Trial};

use crate::support::files::{Tree, tree, write_bytes};
use crate::support::zuulcases::{Request, cases, job_text, request};
use crate::support::{Command, Sandbox, fixtures, manifest, venv};
use crate::{LIMIT, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("zuul_finds_one_job_more_in_every_case", cases_hold),
        trial("zuul_runs_the_job_of_every_service", samples_hold),
    ]
}

/// Cases that the real Zuul refuses as they are. One of them is edited all the same: its tag is
/// nothing that this tool needs to know.
const ZUUL_REFUSES: [&str; 17] = [
    "alias-of-itself",
    "complex-key",
    "duplicate-key",
    "duplicate-key-deep",
    "item-with-two-keys",
    "jobs-is-a-mapping",
    "line-separator",
    "name-is-listed-not-defined",
    "not-a-list",
    "not-utf8",
    "not-yaml",
    "periodic-jobs-are-a-mapping",
    "pipeline-is-null",
    "tab",
    "tag-that-zuul-does-not-know",
    "two-documents",
    "unknown-alias",
];

/// Every case, before and after: exactly one job more, and nothing lost.
fn cases_hold() -> Result<(), Failed> {
    let top = tempfile::TempDir::new().unwrap();
    let mut trees = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap().to_owned();
        let before = tree(&case.join("in"));
        let mut after = before.clone();
        after.extend(tree(&case.join("out")));
        trees.push((format!("{name}.before"), before));
        trees.push((format!("{name}.after"), after));
    }
    trees.extend(broken_jobs());
    let zuul = ask_zuul(top.path(), &trees)?;
    let mut wrong = Vec::new();
    for case in cases() {
        let name = case.file_name().unwrap().to_str().unwrap();
        let [before, after] = ["before", "after"].map(|when| &zuul[&format!("{name}.{when}")]);
        let refuses = ZUUL_REFUSES.contains(&name);
        for tree in [before, after] {
            let is_refused = tree["errors"] != serde_json::json!([]);
            if is_refused != refuses {
                wrong.push(format!("{name}: {}", tree["errors"]));
            }
        }
        if case.join("out").is_dir() && !refuses && wrong.is_empty() {
            one_job_more(&request(&case), before, after);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for (name, _) in broken_jobs() {
        assert_ne!(zuul[&name]["errors"], serde_json::json!([]), "{name}");
    }
    Ok(())
}

/// The samples, before and after `git rally commit`: the job of each service, from its template.
fn samples_hold() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let top = tempfile::TempDir::new()?;
    let mut trees = Vec::new();
    for service in fixtures() {
        let clone = sandbox.clone_of(&service);
        trees.push((format!("{service}.before"), zuul_files(&clone.path)));
        clone
            .rally(&["commit", "--trial", "--periodic"])
            .ok("committed");
        clone.git(&["switch", "-q", "rally-perfscale"]);
        trees.push((format!("{service}.after"), zuul_files(&clone.path)));
    }
    let zuul = ask_zuul(top.path(), &trees)?;
    for service in fixtures() {
        let [before, after] = ["before", "after"].map(|when| &zuul[&format!("{service}.{when}")]);
        assert_eq!(after["errors"], serde_json::json!([]), "{service}: {after}");
        let job = format!("{service}-rally");
        let mut jobs = after["jobs"].clone();
        assert!(
            jobs.as_object_mut()
                .is_some_and(|jobs| jobs.remove(&job).is_some()),
            "{service}: {after}"
        );
        assert_eq!(before["jobs"], jobs, "{service}");
        for pipeline in ["check", "periodic"] {
            let ours = &after[pipeline][&job];
            assert_eq!(ours["voting"], false, "{service}: {after}");
            assert_eq!(ours["skipped"], false, "{service}: {after}");
        }
        assert_eq!(
            before["gate"].as_object().map(|g| g.len()),
            after["gate"].as_object().map(|g| g.len()),
            "{service}"
        );
    }
    Ok(())
}

/// Returns the files of a tree that are Zuul's, or that its jobs run.
pub(crate) fn zuul_files(path: &Path) -> Tree {
    let mut files = tree(path);
    files.retain(|name, _| {
        name.contains("zuul") && !name.starts_with(".git/") || name.starts_with("rally-jobs/")
    });
    files
}

pub(crate) type Trees = Vec<(String, Tree)>;

/// What Zuul must find, or it would be no judge: an attribute, parent or type that is wrong.
fn broken_jobs() -> Trees {
    let good = format!(
        "{}- project:\n    check:\n      jobs:\n        - a\n",
        job_text("a")
    );
    let broken = [
        ("attribute", "required-projects", "requiredprojects"),
        ("parent", "rally-task-at-devstack", "rally-task-nowhere"),
        ("type", "7800", "'2h'"),
        (
            "repository",
            "openstack/rally-openstack",
            "openstack/nowhere",
        ),
        ("entry", "        - a", "        - b"),
    ];
    let tree = |from: &str, to: &str| {
        let text = good.replace(from, to).into_bytes();
        BTreeMap::from([(".zuul.yaml".to_owned(), text)])
    };
    let trees = broken.map(|(what, from, to)| (format!("broken {what}"), tree(from, to)));
    trees.into()
}

/// Returns what `tests/online/zuul_check.py` says of each tree.
pub(crate) fn ask_zuul(
    top: &Path,
    trees: &Trees,
) -> Result<BTreeMap<String, serde_json::Value>, Failed> {
    for (name, files) in trees {
        fs::create_dir(top.join(name)).unwrap();
        for (path, bytes) in files {
            write_bytes(&top.join(name).join(path), bytes);
        }
    }
    let online = manifest("tests/online");
    let output = Command::new(venv::bin()?.join("python"))
        .arg(online.join("zuul_check.py"))
        .arg("openstack/sample")
        .arg(online.join("zuul-parents.yaml"))
        .args(trees.iter().map(|(name, _)| name))
        .current_dir(top)
        .limit(LIMIT)
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let lines = String::from_utf8(output.stdout).unwrap();
    let said = lines.lines().map(|line| {
        let said: serde_json::Value = serde_json::from_str(line).unwrap();
        (said["tree"].as_str().unwrap().to_owned(), said)
    });
    Ok(said.collect())
}

fn one_job_more(request: &Request, before: &serde_json::Value, after: &serde_json::Value) {
    let job = request.job.as_str();
    let mut jobs = before["jobs"].clone();
    jobs[job] = "rally-task-at-devstack".into();
    assert_eq!(jobs, after["jobs"], "{after}");
    for pipeline in ["check", "gate", "periodic"] {
        let (mut old, mut new) = (before[pipeline].clone(), after[pipeline].clone());
        let ours = new.as_object_mut().unwrap().remove(job);
        for list in [&mut old, &mut new] {
            // which files the change has is not the same in both
            let entries = list.as_object_mut().unwrap().values_mut();
            entries.for_each(|entry| drop(entry.as_object_mut().unwrap().remove("skipped")));
        }
        assert_eq!(old, new, "{pipeline}: {after}");
        let gate = request.voting == "gate";
        let is_wanted = match pipeline {
            "gate" => gate,
            "periodic" => request.periodic,
            _ => true,
        };
        assert_eq!(ours.is_some(), is_wanted, "{pipeline}: {after}");
        let Some(ours) = ours else { continue };
        assert_eq!(ours["voting"], gate, "{after}");
        assert_eq!(ours["skipped"], false, "{after}");
        assert_eq!(ours["vars"]["rally_task"], "rally-jobs/task-sample.yaml");
    }
}
