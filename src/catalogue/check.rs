//! What the schema of a service cannot say by types alone.

use super::{CatalogueError, Service, Workload};
use crate::rally::{LONGEST_JOB, is_scenario_name};

/// Fails unless the service of the folder `name` makes sense as a whole.
pub(super) fn service(file: &str, name: &str, service: &Service) -> Result<(), CatalogueError> {
    let bad = |key: &str, problem: String| Err(CatalogueError::key(file, key, problem));
    if !is_service_name(name) {
        return bad(
            "service",
            format!("the folder `{name}` is not a service name: use a-z, 0-9 and `-`"),
        );
    }
    if service.service != name {
        return bad(
            "service",
            format!(
                "`{}` is not the name of its folder, `{name}`",
                service.service
            ),
        );
    }
    for resource in service
        .resources
        .iter()
        .filter(|_| !service.subtasks.is_empty())
    {
        let covered = service
            .workloads()
            .any(|w| w.resources.contains(&resource.name));
        match (covered, &resource.without_workload) {
            (true, Some(_)) => {
                return bad(
                    "resources",
                    format!(
                        "`{}` has a workload and a reason for having none",
                        resource.name
                    ),
                );
            }
            (false, None) => {
                return bad(
                    "resources",
                    format!(
                        "`{}` needs a workload, or `without_workload` with the reason",
                        resource.name
                    ),
                );
            }
            _ => {}
        }
    }
    for (s, subtask) in service.subtasks.iter().enumerate() {
        for (w, load) in subtask.workloads.iter().enumerate() {
            workload(
                file,
                &format!("subtasks[{s}].workloads[{w}]"),
                service,
                load,
            )?;
        }
    }
    job(file, service)
}

/// Fails unless `name` is a plain file name.
pub(super) fn file_name(file: &str, key: &str, name: &str) -> Result<(), CatalogueError> {
    let plain = !name.is_empty()
        && !name.starts_with('.')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    if plain {
        return Ok(());
    }
    Err(CatalogueError::key(
        file,
        key,
        format!("`{name}` is not a plain file name"),
    ))
}

fn is_service_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn workload(file: &str, key: &str, service: &Service, w: &Workload) -> Result<(), CatalogueError> {
    let bad = |sub: &str, problem: String| {
        Err(CatalogueError::key(file, &format!("{key}.{sub}"), problem))
    };
    if !is_scenario_name(&w.scenario) {
        return bad(
            "scenario",
            format!(
                "`{}` is not a scenario name such as `Class.method`",
                w.scenario
            ),
        );
    }
    if w.load.concurrency == 0 || w.load.times < w.load.concurrency {
        return bad(
            "load",
            format!(
                "`times` ({}) must be at least `concurrency` ({}), and both at least 1",
                w.load.times, w.load.concurrency
            ),
        );
    }
    if w.sla.is_empty() {
        return bad(
            "sla",
            "name an atomic action and its limit in seconds".to_owned(),
        );
    }
    if let Some((action, limit)) = w
        .sla
        .iter()
        .find(|(_, limit)| !(limit.is_finite() && **limit > 0.0))
    {
        return bad(
            "sla",
            format!("`{action}` has the limit {limit}; it must be above 0"),
        );
    }
    let known = |name: &String| service.resources.iter().any(|r| r.name == *name);
    if let Some(name) = w.resources.iter().find(|name| !known(name)) {
        return bad(
            "resources",
            format!("`{name}` is not one of the service's resources"),
        );
    }
    if w.resources.is_empty() {
        return bad("resources", "name what the workload exercises".to_owned());
    }
    Ok(())
}

fn job(file: &str, service: &Service) -> Result<(), CatalogueError> {
    let bad = |key: &str, problem: String| Err(CatalogueError::key(file, key, problem));
    let Some(job) = &service.job else {
        if service.subtasks.is_empty() {
            return Ok(());
        }
        return bad("job", "a service with workloads needs a job".to_owned());
    };
    if job.timeout == 0 || job.timeout > LONGEST_JOB {
        return bad(
            "job.timeout",
            format!("{} is not between 1 and {LONGEST_JOB} seconds", job.timeout),
        );
    }
    let bound: f64 = service.workloads().map(|w| w.bound(None, None)).sum();
    if bound >= f64::from(job.timeout) {
        return bad(
            "job.timeout",
            format!(
                "the task may take {bound:.0} s, longer than the job's {} s",
                job.timeout
            ),
        );
    }
    Ok(())
}
