//! The Zuul wiring of the jobs that run Rally.

use super::Rule;
use crate::check::Finding;
use crate::check::named::{NamedTask, Target};
use crate::rally::{JOBS_OF_RALLY, LONGEST_JOB};
use crate::zuul::{Location, Wiring};

/// Zuul refuses the file: not YAML, a key twice, not a list of items.
pub(super) const NOT_USABLE: Rule = Rule {
    name: "zuul-not-usable",
};

/// There are two configuration roots, and Zuul reads the first of `zuul.yaml`, `zuul.d`,
/// `.zuul.yaml`, `.zuul.d` only: it warns and goes on (`MultipleProjectConfigurations`).
pub(super) const TWO_ROOTS: Rule = Rule {
    name: "zuul-two-roots",
};

/// A file that would be configuration, but Zuul reads only `*.yaml`.
pub(super) const NOT_READ: Rule = Rule {
    name: "zuul-not-read",
};

/// The task file that a job names is not there, so the role fails the job.
pub(super) const TASK_MISSING: Rule = Rule {
    name: "task-missing",
};

/// A job that no pipeline lists: it never runs.
pub(super) const JOB_IN_NO_PIPELINE: Rule = Rule {
    name: "job-in-no-pipeline",
};

/// A non-voting job in gate, where its failure holds nothing back.
pub(super) const NON_VOTING_IN_GATE: Rule = Rule {
    name: "non-voting-in-gate",
};

/// A timeout above Zuul's default `max-job-timeout`, which OpenDev's tenant leaves as it is.
pub(super) const TIMEOUT_OVER_LIMIT: Rule = Rule {
    name: "timeout-over-limit",
};

pub(super) fn not_usable(wiring: &Wiring) -> Vec<Finding> {
    let broken = wiring.broken.iter().map(|broken| {
        let message = format!("Zuul rejects the file: {}", broken.reason);
        at(&NOT_USABLE, &broken.location, message)
    });
    broken.collect()
}

pub(super) fn two_roots(wiring: &Wiring) -> Vec<Finding> {
    let unread = wiring.unread.iter().filter_map(|unread| {
        let message = format!("Zuul reads `{}` and ignores this", unread.instead.as_ref()?);
        Some(TWO_ROOTS.doubtful(&unread.path, 1, message))
    });
    unread.collect()
}

pub(super) fn not_read(wiring: &Wiring) -> Vec<Finding> {
    let unread = wiring
        .unread
        .iter()
        .filter(|unread| unread.instead.is_none());
    let message = "Zuul reads only names that end in `.yaml`";
    unread
        .map(|unread| NOT_READ.doubtful(&unread.path, 1, message.to_owned()))
        .collect()
}

pub(super) fn task_missing(task: &NamedTask) -> Option<Finding> {
    if !task.counts {
        return None;
    }
    let what = match task.target {
        Target::Nothing => "does not exist",
        Target::Directory => "is a directory",
        Target::File | Target::Unknown(_) => return None,
    };
    let by = task.by.as_ref();
    let by = by.map_or(String::new(), |by| format!(" as `{by}` says"));
    let message = format!("`{}` runs `{}`{by}, which {what} here", task.job, task.path);
    Some(at(&TASK_MISSING, &task.place, message))
}

pub(super) fn job_in_no_pipeline(wiring: &Wiring) -> Vec<Finding> {
    // what could not be read may list the job
    if !wiring.broken.is_empty() || !wiring.unsure.is_empty() {
        return Vec::new();
    }
    let never_run = wiring.jobs.iter().filter(|job| {
        // rally-openstack's own jobs are there for other repositories
        let for_others = job.used || job.name.starts_with(JOBS_OF_RALLY);
        job.defined && job.runs.is_empty() && !for_others
    });
    let found = never_run.map(|job| {
        let message = format!("no pipeline lists `{}`, so it never runs", job.name);
        JOB_IN_NO_PIPELINE.doubtful(&job.location.path, &job.location, message)
    });
    found.collect()
}

pub(super) fn non_voting_in_gate(wiring: &Wiring) -> Vec<Finding> {
    let runs = wiring.jobs.iter().flat_map(|job| {
        let runs = job.runs.iter().map(move |run| (job, run));
        runs.filter(|(_, run)| run.pipeline == "gate" && !run.voting)
    });
    let found = runs.map(|(job, run)| {
        let message = format!("`{}` is non-voting, and gate is for voting jobs", job.name);
        NON_VOTING_IN_GATE.doubtful(&run.location.path, &run.location, message)
    });
    found.collect()
}

pub(super) fn timeout_over_limit(wiring: &Wiring) -> Vec<Finding> {
    let timeouts = wiring.timeouts.iter();
    timeouts
        .filter(|(seconds, _)| *seconds > u64::from(LONGEST_JOB))
        .map(|(seconds, place)| {
            let message = format!("{seconds} seconds exceed Zuul's limit of {LONGEST_JOB}");
            at(&TIMEOUT_OVER_LIMIT, place, message)
        })
        .collect()
}

fn at(rule: &'static Rule, place: &Location, message: String) -> Finding {
    rule.broken(&place.path, place, message)
}
