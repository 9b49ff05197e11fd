//! What the schema of a service cannot say by types alone.

use super::{CatalogueError, Durations, Job, Resource, Service, Workload};
use crate::rally::{LONGEST_JOB, is_scenario_name};

/// The key that is wrong, and what is wrong with it.
type Fault = (String, String);

/// Fails unless the service of the folder `name` makes sense as a whole.
pub(super) fn service(
    file: &str,
    name: &str,
    service: &Service,
    durations: &Durations,
) -> Result<(), CatalogueError> {
    let judge = || {
        folder(name, service)?;
        resources(service)?;
        workloads(service, durations)?;
        job(service, durations)
    };
    judge().map_err(|(key, problem)| CatalogueError::key(file, &key, problem))
}

/// Fails unless `name` is a plain file name.
pub(super) fn file_name(file: &str, key: &str, name: &str) -> Result<(), CatalogueError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    if !name.is_empty() && !name.starts_with('.') && name.chars().all(plain) {
        return Ok(());
    }
    let problem = format!("`{name}` is not a plain file name");
    Err(CatalogueError::key(file, key, problem))
}

fn folder(name: &str, service: &Service) -> Result<(), Fault> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(plain);
    require("service", is_name, || {
        format!("the folder `{name}` is not a service name: use a-z, 0-9 and `-`")
    })?;
    require("service", service.service == name, || {
        format!(
            "`{}` is not the name of its folder, `{name}`",
            service.service
        )
    })
}

/// Without workloads the service is known, and no more is promised.
fn resources(service: &Service) -> Result<(), Fault> {
    if service.subtasks.is_empty() {
        return Ok(());
    }
    service
        .resources
        .iter()
        .try_for_each(|r| resource(r, service))
}

fn resource(resource: &Resource, service: &Service) -> Result<(), Fault> {
    let name = &resource.name;
    let has_workload = service.workloads().any(|w| w.resources.contains(name));
    let has_reason = resource.without_workload.is_some();
    require("resources", !(has_workload && has_reason), || {
        format!("`{name}` has a workload and a reason for having none")
    })?;
    require("resources", has_workload || has_reason, || {
        format!("`{name}` needs a workload, or `without_workload` with the reason")
    })
}

fn workloads(service: &Service, durations: &Durations) -> Result<(), Fault> {
    for (s, subtask) in service.subtasks.iter().enumerate() {
        for (w, load) in subtask.workloads.iter().enumerate() {
            let judged = workload(load, service).and_then(|()| times(load, durations));
            judged.map_err(|(key, problem)| {
                (format!("subtasks[{s}].workloads[{w}].{key}"), problem)
            })?;
        }
    }
    Ok(())
}

fn workload(workload: &Workload, service: &Service) -> Result<(), Fault> {
    let Workload {
        scenario,
        load,
        sla,
        resources,
        ..
    } = workload;
    require("scenario", is_scenario_name(scenario), || {
        format!("`{scenario}` is not a scenario name such as `Class.method`")
    })?;
    let (times, concurrency) = (load.times, load.concurrency);
    require("load", concurrency > 0 && times >= concurrency, || {
        format!(
            "`times` ({times}) must be at least `concurrency` ({concurrency}), and both at least 1"
        )
    })?;
    require("sla", !sla.is_empty(), || {
        "name an atomic action and its limit in seconds".to_owned()
    })?;
    for (action, limit) in sla {
        require("sla", limit.is_finite() && *limit > 0.0, || {
            format!("`{action}` has the limit {limit}; it must be above 0")
        })?;
    }
    for name in resources {
        let known = service.resources.iter().any(|r| r.name == *name);
        require("resources", known, || {
            format!("`{name}` is not one of the service's resources")
        })?;
    }
    require("resources", !resources.is_empty(), || {
        "name what the workload exercises".to_owned()
    })?;
    needs(workload, service)
}

/// The service's own job must not turn off what a workload needs.
fn needs(workload: &Workload, service: &Service) -> Result<(), Fault> {
    let off = |name: &&String| {
        let job = service.job.as_ref();
        let is_on = job.and_then(|job| job.devstack_services.get(*name));
        is_on == Some(&false)
    };
    match workload.needs.devstack_services.iter().find(off) {
        None => Ok(()),
        Some(name) => require("needs", false, || {
            format!("`{name}` is what `job.devstack_services` turns off")
        }),
    }
}

/// What is counted must have a limit or a duration, or it would count for nothing.
fn times(workload: &Workload, durations: &Durations) -> Result<(), Fault> {
    for (key, counts) in [
        ("repeats", &workload.repeats),
        ("setup", &workload.setup),
        ("leaves", &workload.leaves),
    ] {
        for (action, count) in counts {
            let known = workload.sla.contains_key(action)
                || workload.durations.contains_key(action)
                || durations.actions.contains_key(action);
            require(key, known, || {
                format!("`{action}` has no limit in `sla` and no duration in `durations`")
            })?;
            require(key, *count > 0, || format!("`{action}` must be at least 1"))?;
        }
    }
    for (action, duration) in &workload.durations {
        let seconds = duration.expected;
        require("durations", seconds.is_finite() && seconds > 0.0, || {
            format!("`{action}` takes {seconds} s; it must be above 0")
        })?;
    }
    failure_rate(workload)
}

/// 100 would pass a workload whose iterations all fail.
fn failure_rate(workload: &Workload) -> Result<(), Fault> {
    let Some(rate) = &workload.failure_rate else {
        return Ok(());
    };
    require("failure_rate", (1..100).contains(&rate.max), || {
        format!("`max` is {}; it must be from 1 to 99", rate.max)
    })?;
    require("failure_rate", !rate.reason.trim().is_empty(), || {
        "`reason` must say what is known of the failures".to_owned()
    })
}

fn job(service: &Service, durations: &Durations) -> Result<(), Fault> {
    match &service.job {
        Some(job) => timeout(job, durations),
        None => require("job", service.subtasks.is_empty(), || {
            "a service with workloads needs a job".to_owned()
        }),
    }
}

fn timeout(job: &Job, durations: &Durations) -> Result<(), Fault> {
    let timeout = job.timeout;
    require("job.timeout", (1..=LONGEST_JOB).contains(&timeout), || {
        format!("{timeout} is not between 1 and {LONGEST_JOB} seconds")
    })?;
    let kinds = &durations.devstack;
    let known = kinds.is_empty() || kinds.contains_key(&job.devstack);
    require("job.devstack", known, || {
        let kinds: Vec<&str> = kinds.keys().map(String::as_str).collect();
        format!("`{}` is none of {}", job.devstack, kinds.join(", "))
    })
}

/// Fails with the problem of `key` unless `holds`.
fn require(key: &str, holds: bool, problem: impl FnOnce() -> String) -> Result<(), Fault> {
    match holds {
        true => Ok(()),
        false => Err((key.to_owned(), problem())),
    }
}
