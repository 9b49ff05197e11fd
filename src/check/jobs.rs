//! The Zuul wiring: findings from its facts.

use super::Finding;
use super::rule::Rule;
use crate::files::{EntryKind, Files, FilesError};
use crate::zuul::{Location, RallyJob, Wiring};

/// OpenDev's tenant leaves Zuul's `max-job-timeout` at its default.
const LONGEST_JOB: u64 = 10_800;

/// Returns what is wrong with the wiring.
pub(super) fn findings(wiring: &Wiring) -> Vec<Finding> {
    let mut found = Vec::new();
    for broken in &wiring.broken {
        let message = format!("Zuul refuses the file: {}", broken.reason);
        found.push(finding(&broken.location, Rule::ZuulNotUsable, message));
    }
    for unread in &wiring.unread {
        let place = Location {
            path: unread.path.clone(),
            line: 1,
        };
        found.push(match &unread.instead {
            Some(used) => finding(
                &place,
                Rule::ZuulTwoRoots,
                format!("Zuul reads `{used}` and ignores this"),
            ),
            None => finding(
                &place,
                Rule::ZuulNotRead,
                "Zuul reads only names that end in `.yaml`".to_owned(),
            ),
        });
    }
    for (seconds, location) in wiring.timeouts.iter().filter(|(s, _)| *s > LONGEST_JOB) {
        let message = format!("{seconds} seconds are above Zuul's limit of {LONGEST_JOB}");
        found.push(finding(location, Rule::TimeoutOverLimit, message));
    }
    let complete = wiring.broken.is_empty() && wiring.unsure.is_empty();
    for job in &wiring.jobs {
        one_job(job, complete, &mut found);
    }
    found
}

fn one_job(job: &RallyJob, complete: bool, found: &mut Vec<Finding>) {
    let name = &job.name;
    // rally-openstack's own jobs are there for other repositories
    let for_others = job.used || name.starts_with("rally-task-");
    if complete && job.defined && job.runs.is_empty() && !for_others {
        let message = format!("no pipeline lists `{name}`, so it never runs");
        found.push(finding(&job.location, Rule::JobInNoPipeline, message));
    }
    for run in job
        .runs
        .iter()
        .filter(|r| r.pipeline == "gate" && !r.voting)
    {
        let message = format!("`{name}` does not vote, and gate is for jobs that do");
        found.push(finding(&run.location, Rule::NonVotingInGate, message));
    }
}

/// What a job's `rally_task` names.
pub(super) enum Named {
    /// A file that is there.
    There(String),
    /// Nothing.
    Missing(Finding),
    /// It cannot be told.
    Unknown(String),
}

/// Returns what each job names, in the order of the jobs.
pub(super) fn named(files: &dyn Files, wiring: &Wiring) -> Result<Vec<Named>, FilesError> {
    let mut found = Vec::new();
    for job in &wiring.jobs {
        for (task, place) in &job.tasks {
            found.push(one_task(files, &job.name, task, place)?);
        }
    }
    Ok(found)
}

fn one_task(
    files: &dyn Files,
    job: &str,
    task: &str,
    place: &Location,
) -> Result<Named, FilesError> {
    let task = task.strip_prefix("./").unwrap_or(task);
    let plain = task
        .split('/')
        .all(|part| !matches!(part, "" | "." | "..") && !part.contains(['{', '\\']));
    if !plain {
        return Ok(Named::Unknown(format!(
            "`{}`, line {}: not judged: `{task}` is no plain path",
            place.path, place.line
        )));
    }
    Ok(match files.kind(task)? {
        Some(EntryKind::File) => Named::There(task.to_owned()),
        None if !has_link(files, task)? => {
            let message = format!("`{job}` runs `{task}`, which is not there");
            Named::Missing(finding(place, Rule::TaskMissing, message))
        }
        Some(EntryKind::Directory) => {
            let message = format!("`{job}` runs `{task}`, which is a directory");
            Named::Missing(finding(place, Rule::TaskMissing, message))
        }
        _ => Named::Unknown(format!("`{task}`: not judged: a symbolic link")),
    })
}

/// Returns whether a folder on the way is no folder, but could lead to one.
fn has_link(files: &dyn Files, path: &str) -> Result<bool, FilesError> {
    for (at, _) in path.match_indices('/') {
        if matches!(
            files.kind(&path[..at])?,
            Some(EntryKind::Symlink | EntryKind::Submodule)
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn finding(place: &Location, rule: Rule, message: String) -> Finding {
    Finding {
        path: place.path.clone(),
        line: place.line,
        rule,
        message,
    }
}
