//! What lies below `rally-jobs` and nothing runs or reads.

use std::collections::{BTreeMap, BTreeSet};

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::folder::Folder;
use crate::check::named::{NamedTask, Target, plain};
use crate::check::task::Task;
use crate::files::{EntryKind, Files, FilesError};
use crate::rally::{DIRECTORY, EXTRA, JOBS_OF_RALLY, Jobs, OLD_DIRECTORY, PLUGINS};
use crate::zuul::{RallyJob, Setting, Use, Wiring};

/// A task that no job of the repository runs.
pub(super) const TASK_NEVER_RUN: Rule = Rule {
    name: "task-never-run",
};

/// A folder that the roles never look into.
pub(super) const NEVER_READ: Rule = Rule { name: "never-read" };

pub(super) fn task_never_run(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    // of a task of version 1, `task-v1` says so
    if !known.runs.never(task.path) || task.version_1().is_some() {
        return Vec::new();
    }
    let message = "no job in this repository runs this task".to_owned();
    vec![TASK_NEVER_RUN.doubtful(task.path, 1, message)]
}

pub(in crate::check) fn never_read(
    folder: &Folder,
    named: &[NamedTask],
    files: &dyn Files,
) -> Result<Vec<Finding>, FilesError> {
    let is_run = |below: &str| named.iter().any(|task| task.path.starts_with(below));
    let mut unread: BTreeMap<String, &str> = BTreeMap::new();
    for path in &folder.paths {
        let below = path
            .strip_prefix(DIRECTORY)
            .and_then(|p| p.strip_prefix('/'));
        let Some((name, _)) = below.and_then(|below| below.split_once('/')) else {
            continue;
        };
        let at = format!("{DIRECTORY}/{name}");
        if at != PLUGINS && at != EXTRA {
            unread.entry(at).or_insert(path);
        }
    }
    unread.retain(|at, _| !is_run(&format!("{at}/")));
    let mut found: Vec<Finding> = unread
        .into_iter()
        .map(|(at, first)| finding(&at, first))
        .collect();
    let is_old = files.kind(OLD_DIRECTORY)? == Some(EntryKind::Directory);
    if is_old && !is_run(&format!("{OLD_DIRECTORY}/")) {
        let (paths, _) = crate::files::walk(files, OLD_DIRECTORY, 1, &mut |_| Ok(true))?;
        found.extend(paths.first().map(|(path, _)| finding(OLD_DIRECTORY, path)));
    }
    Ok(found)
}

fn finding(at: &str, first: &str) -> Finding {
    let message = format!(
        "the roles never look into `{at}`: they take the job's task, `{PLUGINS}` and `{EXTRA}`"
    );
    NEVER_READ.doubtful(first, 1, message)
}

/// Returns whether a job with Rally in its name runs something else than the roles, which may run
/// any task: as neutron's `neutron-rally-neutron` of 2018, whose playbook runs rally-gate.sh.
fn has_other_jobs(wiring: &Wiring, jobs: &Jobs) -> bool {
    let of_roles: BTreeSet<&str> = wiring.jobs.iter().map(|job| job.name.as_str()).collect();
    let is_other = |name: &str| name.contains("rally") && !of_roles.contains(name);
    let mut listed = wiring.listed_elsewhere.iter();
    let mut defined = wiring.config.items("job").map(|item| item.body);
    listed.any(|entry| is_other(&entry.name) && !jobs.run_rally(&entry.name))
        || defined.any(|at| {
            let name = at.get("name").and_then(|name| name.text());
            at.get("run").is_some() && name.is_some_and(is_other)
        })
}

/// Which tasks the jobs run.
pub(in crate::check) struct Runs {
    paths: BTreeSet<String>,
    /// Whether these are all.
    is_all: bool,
}

impl Runs {
    /// Returns whether no job runs the task, for certain.
    pub(super) fn never(&self, path: &str) -> bool {
        self.is_all && !self.paths.contains(path)
    }

    /// Returns whether a job here runs the task.
    pub(super) fn is_run(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    pub(in crate::check) fn of(wiring: &Wiring, jobs: &Jobs, named: &[NamedTask]) -> Runs {
        // what is not there may be meant to be a task that is
        let is_lost = |task: &NamedTask| !matches!(task.target, Target::File);
        // rally-openstack has tasks for the jobs of others
        let is_for_others = |job: &RallyJob| job.defined && job.name.starts_with(JOBS_OF_RALLY);
        let is_open = |one: &Use| match (&one.task, &one.elsewhere) {
            (Setting::Is(..), _) => false,
            (Setting::Absent, Some((top, _))) => jobs.task(top).is_none(),
            (Setting::Absent, None) | (Setting::Unsure, _) => true,
        };
        let is_all = wiring.is_whole()
            && !has_other_jobs(wiring, jobs)
            && !named.iter().any(is_lost)
            && !wiring.uses.iter().any(is_open)
            && !wiring.jobs.iter().any(is_for_others);
        let named_paths = named.iter().map(|task| task.path.clone());
        let elsewhere = wiring.task_names.iter().filter_map(|task| plain(task));
        Runs {
            paths: named_paths.chain(elsewhere).collect(),
            is_all,
        }
    }
}
