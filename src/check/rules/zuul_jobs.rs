//! What Zuul makes of the jobs that run Rally, with what is known of other repositories.
//!
//! An error is what Zuul refuses for certain. A name that the snapshot of other repositories does
//! not have may exist all the same, so it is a warning; but only rally-openstack names jobs
//! `rally-task-*`.

use std::collections::BTreeMap;

use super::{NOT_JUDGED, Rule};
use crate::check::Finding;
use crate::check::named::plain;
use crate::rally::jobs::nearest;
use crate::rally::{Jobs, PLAYBOOK_VARIABLES, ROLE_VARIABLES, SHORTEST_DEVSTACK};
use crate::zuul::{Location, Mention, Setting, Use, Wiring, compiled};

/// A parent that no repository defines.
pub(super) const UNKNOWN_PARENT: Rule = Rule {
    name: "unknown-parent",
};

/// A job in a pipeline that no repository defines.
pub(super) const UNKNOWN_JOB: Rule = Rule {
    name: "unknown-job",
};

/// An abstract job in a pipeline.
pub(super) const ABSTRACT_JOB: Rule = Rule {
    name: "abstract-job",
};

/// A final job that is a parent, or that an entry changes.
pub(super) const FINAL_JOB: Rule = Rule { name: "final-job" };

/// A job for which nobody sets `rally_task`.
pub(super) const TASK_NOT_SET: Rule = Rule {
    name: "task-not-set",
};

/// A variable that the roles do not read.
pub(super) const UNKNOWN_VARIABLE: Rule = Rule {
    name: "unknown-variable",
};

/// A change of the task alone does not start the job.
pub(super) const TASK_HIDDEN: Rule = Rule {
    name: "task-hidden",
};

/// A timeout in which DevStack cannot come up.
pub(super) const TIMEOUT_TOO_SHORT: Rule = Rule {
    name: "timeout-too-short",
};

/// So many nearest names are looked for.
const MOST_HINTS: usize = 50;

pub(super) fn unknown_parent(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let unknown = wiring.parents.iter().filter(|p| !jobs.has(&p.name));
    let found = unknown.enumerate().map(|(index, parent)| {
        let hint = hint(index, &parent.name, wiring, jobs);
        let what = format!("`{}` has the parent `{}`", parent.job, parent.name);
        not_defined(&UNKNOWN_PARENT, parent, &what, &hint, jobs)
    });
    found.collect()
}

pub(super) fn unknown_job(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let listed = wiring.listed_elsewhere.iter();
    let unknown = listed.filter(|entry| !jobs.has(&entry.name));
    let found = unknown.enumerate().map(|(index, entry)| {
        let hint = hint(index, &entry.name, wiring, jobs);
        let what = format!("a pipeline lists `{}`", entry.name);
        not_defined(&UNKNOWN_JOB, entry, &what, &hint, jobs)
    });
    found.collect()
}

pub(super) fn abstract_job(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let is_abstract = |one: &&Use| {
        let elsewhere = one.elsewhere.as_ref().filter(|(name, _)| *name == one.job);
        let known = elsewhere.and_then(|(name, _)| jobs.get(name));
        one.is_abstract || known.is_some_and(|job| job.r#abstract)
    };
    let listed = wiring.uses.iter().filter(is_abstract);
    let found = listed.map(|one| {
        let message = format!(
            "`{}` is abstract, so Zuul refuses to run it; list a job that has it as its parent",
            one.job
        );
        at(&ABSTRACT_JOB, &one.place, message)
    });
    found.collect()
}

pub(super) fn final_job(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let known = wiring.parents.iter().filter(|parent| {
        let job = jobs.get(&parent.name);
        job.is_some_and(|job| job.r#final)
    });
    let parents = known.map(|parent| (&parent.job, "parent", &parent.location));
    let own = wiring.of_final.iter();
    let own = own.map(|change| (&change.job, change.name.as_str(), &change.location));
    let found = own.chain(parents).map(|(job, key, place)| {
        let message = match key {
            "parent" => format!("the parent of `{job}` is final, so no job can have it as parent"),
            _ => format!("`{job}` is final, so Zuul lets no entry set `{key}`"),
        };
        at(&FINAL_JOB, place, message)
    });
    found.collect()
}

pub(super) fn task_not_set(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let without = wiring.uses.iter().filter_map(|one| {
        let (top, _) = one.elsewhere.as_ref()?;
        let is_absent = one.task == Setting::Absent && !one.is_abstract;
        let is_known = jobs.get(top).is_some() && jobs.task(top).is_none();
        let message = format!(
            "nobody sets `rally_task` for `{}`, neither here nor in `{top}`; set it to a file of `rally-jobs`",
            one.job
        );
        (is_absent && is_known).then(|| at(&TASK_NOT_SET, &one.place, message))
    });
    without.collect()
}

pub(super) fn unknown_variable(wiring: &Wiring, _: &Jobs) -> Vec<Finding> {
    let variables = wiring.variables.iter();
    variables
        .filter_map(|variable| {
            let name = variable.name.as_str();
            let message = if PLAYBOOK_VARIABLES.contains(&name) {
                format!("`{name}` has no effect: the playbook run-rally-task.yaml sets it itself")
            } else if ROLE_VARIABLES.contains(&name) {
                return None;
            } else {
                let meant = nearest(name, &ROLE_VARIABLES)?;
                format!("no role reads `{name}`; is `{meant}` meant?")
            };
            let Location { path, line } = &variable.location;
            Some(UNKNOWN_VARIABLE.doubtful(path, *line, message))
        })
        .collect()
}

pub(super) fn task_hidden(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    // a list that many jobs share is judged once
    let mut lists: BTreeMap<(&Location, *const String), List<'_>> = BTreeMap::new();
    for one in &wiring.uses {
        let Some(task) = task_of(one, jobs).and_then(plain) else {
            continue;
        };
        for (is_irrelevant, list) in [(true, &one.irrelevant), (false, &one.files)] {
            if let Some((patterns, place)) = list.known() {
                let list = lists.entry((place, patterns.as_ptr())).or_insert(List {
                    is_irrelevant,
                    patterns,
                    place,
                    tasks: BTreeMap::new(),
                });
                list.tasks.entry(task.clone()).or_insert(&one.job);
            }
        }
    }
    let mut left = MOST_PATTERNS;
    lists
        .values()
        .flat_map(|list| list.judge(&mut left))
        .collect()
}

/// Patterns that are compiled, and pairs of pattern and task that are compared.
const MOST_PATTERNS: usize = 100_000;

/// What compiling a pattern costs, in comparisons.
const COMPILING: usize = 10;

/// A list of patterns, and the tasks of the jobs that it counts for.
struct List<'w> {
    is_irrelevant: bool,
    patterns: &'w [String],
    place: &'w Location,
    /// By path; the first job that runs each.
    tasks: BTreeMap<String, &'w str>,
}

impl List<'_> {
    fn judge(&self, left: &mut usize) -> Vec<Finding> {
        let Location { path, line } = self.place;
        let mut open: Vec<&String> = self.tasks.keys().collect();
        let mut found = Vec::new();
        for pattern in self.patterns {
            let Some(rest) = left.checked_sub(COMPILING + open.len()) else {
                let why = "the patterns are too many to be compared with all tasks".to_owned();
                return vec![NOT_JUDGED.noted(path, *line, why)];
            };
            *left = rest;
            let regex = compiled(pattern);
            let matches = |task: &str| regex.as_ref().map(|regex| regex.is_match(task));
            match self.is_irrelevant {
                true => open.retain(|task| {
                    let is_hidden = matches(task) == Some(true);
                    if is_hidden {
                        let why = format!("`{pattern}` of `irrelevant-files` matches it");
                        found.push(self.finding(task, &why));
                    }
                    !is_hidden
                }),
                false => open.retain(|task| matches(task) == Some(false)),
            }
        }
        if !self.is_irrelevant {
            let why = "no pattern of `files` matches it";
            found.extend(open.iter().map(|task| self.finding(task, why)));
        }
        found
    }

    fn finding(&self, task: &String, why: &str) -> Finding {
        let job = self.tasks.get(task).copied().unwrap_or_default();
        let message = format!("a change of `{task}` alone does not start `{job}`: {why}");
        TASK_HIDDEN.doubtful(&self.place.path, self.place.line, message)
    }
}

pub(super) fn timeout_too_short(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let short = wiring.uses.iter().filter_map(|one| {
        let (top, _) = one.elsewhere.as_ref()?;
        let (seconds, place) = one.timeout.known()?;
        // what has a timeout in the snapshot deploys with DevStack
        let is_short = *seconds < SHORTEST_DEVSTACK && jobs.timeout(top).is_some();
        let message = format!(
            "Zuul stops the job after {seconds} seconds, and DevStack alone takes {SHORTEST_DEVSTACK} or more"
        );
        is_short.then(|| TIMEOUT_TOO_SHORT.doubtful(&place.path, place.line, message))
    });
    short.collect()
}

/// Returns the task that a job runs in a pipeline, wherever it is named.
fn task_of<'a>(one: &'a Use, jobs: &'a Jobs) -> Option<&'a str> {
    match &one.task {
        Setting::Is(task, _) => Some(task),
        Setting::Absent => Some(jobs.task(&one.elsewhere.as_ref()?.0)?.1),
        Setting::Unsure => None,
    }
}

fn not_defined(
    rule: &'static Rule,
    mention: &Mention,
    what: &str,
    hint: &str,
    jobs: &Jobs,
) -> Finding {
    let Location { path, line } = &mention.location;
    if jobs.is_refused(&mention.name) {
        let read = jobs.of_rally().unwrap_or_default();
        let message = format!("{what}, which rally-openstack ({read}) does not define{hint}");
        return rule.broken(path, *line, message);
    }
    let message = format!("{what}, and no repository that git-rally knows defines that{hint}");
    rule.doubtful(path, *line, message)
}

/// Returns the nearest name, as the end of a sentence.
fn hint(index: usize, name: &str, wiring: &Wiring, jobs: &Jobs) -> String {
    if index >= MOST_HINTS {
        return String::new();
    }
    let own: Vec<&str> = (wiring.jobs.iter())
        .filter(|job| job.defined)
        .map(|job| job.name.as_str())
        .take(MOST_HINTS)
        .collect();
    let near = nearest(name, &own).or_else(|| jobs.nearest(name));
    near.map_or(String::new(), |near| format!("; is `{near}` meant?"))
}

fn at(rule: &'static Rule, place: &Location, message: String) -> Finding {
    rule.broken(&place.path, place.line, message)
}
