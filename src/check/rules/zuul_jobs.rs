//! What Zuul makes of the jobs that run Rally, with what is known of other repositories.
//!
//! An error is what Zuul refuses for certain. A name that the snapshot of other repositories does
//! not have may exist all the same, so it is a warning; but only rally-openstack names jobs
//! `rally-task-*`. In 588 revisions of 13 repositories, all parents elsewhere of jobs that run Rally
//! were such jobs, `devstack` or `grenade`: no ground to call any other unknown name an error, as
//! the snapshot has no `*-tempest-plugin` but neutron's and no `devstack-plugin-*`.

use super::Rule;
use crate::check::Finding;
use crate::rally::jobs::nearest;
use crate::rally::{Jobs, PLAYBOOK_VARIABLES, ROLE_VARIABLES};
use crate::zuul::{Location, Mention, Setting, Use, Wiring};

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

/// So many nearest names are looked for.
const MOST_HINTS: usize = 50;

pub(super) fn unknown_parent(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let unknown = wiring.parents.iter().filter(|p| !jobs.has(&p.name));
    let found = unknown.enumerate().map(|(index, parent)| {
        let hint = hint(near(index, &parent.name, wiring, jobs));
        let what = format!("`{}` has the parent `{}`", parent.job, parent.name);
        not_defined(&UNKNOWN_PARENT, parent, &what, &hint, jobs)
    });
    found.collect()
}

pub(super) fn unknown_job(wiring: &Wiring, jobs: &Jobs) -> Vec<Finding> {
    let listed = wiring.listed_elsewhere.iter();
    let unknown = listed.filter(|entry| !jobs.has(&entry.name));
    let found = unknown.enumerate().filter_map(|(index, entry)| {
        // any other job is no business of Rally's
        let near = near(index, &entry.name, wiring, jobs);
        let is_of_rally = entry.name.contains("rally") || near.is_some();
        let what = format!("a pipeline lists `{}`", entry.name);
        is_of_rally.then(|| not_defined(&UNKNOWN_JOB, entry, &what, &hint(near), jobs))
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
            let place = &variable.location;
            Some(UNKNOWN_VARIABLE.doubtful(&place.path, place, message))
        })
        .collect()
}

fn not_defined(
    rule: &'static Rule,
    mention: &Mention,
    what: &str,
    hint: &str,
    jobs: &Jobs,
) -> Finding {
    let place = &mention.location;
    if jobs.is_refused(&mention.name) {
        let read = jobs.of_rally().unwrap_or_default();
        let message = format!("{what}, which rally-openstack ({read}) does not define{hint}");
        return rule.broken(&place.path, place, message);
    }
    let message = format!("{what}, and no repository that git-rally knows defines that{hint}");
    rule.doubtful(&place.path, place, message)
}

/// Returns the nearest name of a job that runs Rally, if one is near.
fn near<'a>(index: usize, name: &str, wiring: &'a Wiring, jobs: &'a Jobs) -> Option<&'a str> {
    if index >= MOST_HINTS {
        return None;
    }
    let own: Vec<&str> = (wiring.jobs.iter())
        .filter(|job| job.defined)
        .map(|job| job.name.as_str())
        .take(MOST_HINTS)
        .collect();
    nearest(name, &own).or_else(|| jobs.nearest(name))
}

/// Returns the name as the end of a sentence.
fn hint(near: Option<&str>) -> String {
    near.map_or(String::new(), |near| format!("; is `{near}` meant?"))
}

fn at(rule: &'static Rule, place: &Location, message: String) -> Finding {
    rule.broken(&place.path, place, message)
}
