//! Updates of files that people have edited: Rally reads the merged task, and Zuul the merged job.

use std::fs;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};

use crate::support::{Clone, Sandbox, copy, fixtures, manifest};
use crate::zuul::{Trees, ask_zuul, zuul_files};
use crate::{rally_check, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![trial("rally_and_zuul_accept_every_update", accept)]
}

fn accept() -> Result<(), Failed> {
    let sandbox = Sandbox::new();
    let top = tempfile::TempDir::new()?;
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut trees: Trees = Vec::new();
    for service in fixtures() {
        let clone = updated(&sandbox, &service)?;
        trees.push((service.clone(), zuul_files(&clone.path)));
        paths.push(clone.path);
    }
    let said = rally_check(&paths)?;
    assert_eq!(said.matches("accepted: ").count(), paths.len(), "{said}");
    let zuul = ask_zuul(top.path(), &trees)?;
    for service in fixtures() {
        let found = &zuul[&service];
        assert_eq!(found["errors"], serde_json::json!([]), "{service}");
        assert!(
            found["jobs"][format!("{service}-rally")].is_string(),
            "{service}: {found}"
        );
    }
    Ok(())
}

/// Returns a clone on the branch of an update: an older catalogue, edits of people, and today's.
fn updated<'s>(sandbox: &'s Sandbox, service: &str) -> Result<Clone<'s>, Failed> {
    let clone = sandbox.clone_of(service);
    let older = sandbox.path(&format!("older-{service}"));
    copy(
        &manifest("templates/services").join(service),
        &older.join(service),
    );
    edit(
        &older.join(service).join("service.yaml"),
        |line| match line.trim_start() {
            // fewer iterations, another limit, a shorter job
            text if text.starts_with("load: {times:") => {
                "        load: {times: 7, concurrency: 1}".to_owned()
            }
            text if text.starts_with("timeout: ") => "  timeout: 7000".to_owned(),
            _ => line.to_owned(),
        },
    )?;
    let catalogue = older.display().to_string();
    clone
        .rally(&["commit", "--catalogue", &catalogue])
        .ok("committed");
    clone.git(&["merge", "-q", "--no-ff", "-m", "Merge", "rally-perfscale"]);
    let mut first = true;
    edit(
        &clone.path.join(format!("rally-jobs/task-{service}.yaml")),
        |line| match line.trim_start() {
            "version: 2" => format!("{line}\n# Somebody's comment."),
            "- title:" => line.to_owned(),
            text if text.starts_with("times:") && std::mem::take(&mut first) => {
                format!("{line}  # few\n            # as the nodes are slow")
            }
            "max_avg_duration_per_atomic:" => format!("{line}\n            # seconds"),
            _ => line.to_owned(),
        },
    )?;
    for path in zuul_files(&clone.path)
        .keys()
        .filter(|path| !path.starts_with("rally-jobs"))
    {
        edit(&clone.path.join(path), |line| match line.trim() {
            text if text == format!("name: {service}-rally") => {
                format!("{line}  # ours\n    attempts: 2")
            }
            _ => line.to_owned(),
        })?;
    }
    clone.commit_upstream("Edits of people");
    clone.rally(&["commit"]).ok("committed");
    clone.git(&["switch", "-q", "rally-perfscale"]);
    let task = fs::read_to_string(clone.path.join(format!("rally-jobs/task-{service}.yaml")))?;
    assert!(
        task.contains("# Somebody's comment.") && task.contains("# few"),
        "{task}"
    );
    assert!(!task.contains("default(7)"), "{task}");
    Ok(clone)
}

/// Lets people edit the lines of a file.
fn edit(path: &Path, mut line: impl FnMut(&str) -> String) -> Result<(), Failed> {
    let text = fs::read_to_string(path)?;
    let edited: String = text.lines().map(|old| line(old) + "\n").collect();
    fs::write(path, edited)?;
    Ok(())
}
