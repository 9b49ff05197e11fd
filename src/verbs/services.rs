//! `services`: the catalogue as results.

use super::{UsageError, known_service};
use crate::catalogue::{Catalogue, Entry};
use crate::detect::DetectError;
use crate::event::{Event, JobLine, Service, ServiceEntry, ServiceForm, WorkloadLine};
use crate::propose::LibraryFiles;
use crate::rally;
use crate::request::{Listing, Services};
use crate::stop::Stop;

/// Tells one entry, or all; an entry that cannot be read fails and hides no other.
pub(super) fn services(wanted: &Services, tell: &mut dyn FnMut(Event)) -> Result<(), UsageError> {
    let files = LibraryFiles::new(wanted.catalogue.as_deref())?;
    let library = files.open()?;
    let names: Vec<&str> = match &wanted.listing {
        Listing::All => library.catalogue.names().collect(),
        Listing::One(name) | Listing::Yaml(name) => {
            known_service(name, &library)?;
            vec![name]
        }
    };
    for name in names {
        let event = service(name, &wanted.listing, &library.catalogue);
        tell(event.unwrap_or_else(|stop| stop.event(String::new())));
    }
    Ok(())
}

fn service(name: &str, listing: &Listing, catalogue: &Catalogue<'_>) -> Result<Event, Stop> {
    let Some(entry) = catalogue.entry(name)? else {
        return Err(DetectError::without_entry(catalogue, name)?.into());
    };
    Ok(Event::Service(Box::new(Service {
        entry: line(&entry),
        form: match listing {
            Listing::All => ServiceForm::Line {},
            Listing::One(_) => ServiceForm::Full {},
            Listing::Yaml(_) => ServiceForm::Yaml {
                yaml: entry.text.clone(),
            },
        },
    })))
}

fn line(entry: &Entry) -> ServiceEntry {
    let service = &entry.service;
    let seconds = |time: f64| time.ceil() as u64;
    let task = entry.time(|workload| workload.load);
    let workloads = service.workloads().map(|w| {
        let time = w.time(w.load, &entry.durations);
        WorkloadLine {
            scenario: w.scenario.clone(),
            description: w.description.clone(),
            times: w.load.times,
            concurrency: w.load.concurrency,
            expected: time.expected.map(seconds),
            bound: seconds(time.worst),
        }
    });
    ServiceEntry {
        service: service.service.clone(),
        kind: service.kind.clone(),
        origin: entry.origin.clone(),
        resources: service.resources.clone(),
        workloads: workloads.collect(),
        plugins: service.plugins.clone(),
        job: service.job.as_ref().map(|job| JobLine {
            name: rally::job_name(&service.service),
            parent: job.parent.clone(),
            proven: job.proven,
            evidence: job.evidence.clone(),
            timeout: job.timeout,
        }),
        devstack: entry.devstack().map(seconds),
        expected: task.expected.map(seconds),
        bound: seconds(task.worst),
        differences: service.differences.clone(),
    }
}
