//! `services`: the catalogue as results.

use super::Session;
use crate::catalogue::Entry;
use crate::event::{Event, JobLine, ServiceEntry, WorkloadLine};
use crate::rally;

impl Session<'_> {
    /// Tells the entry of `name`, else all; an entry that cannot be read fails and hides no other.
    pub(super) fn services(&self, name: Option<&str>, yaml: bool, tell: &mut dyn FnMut(Event)) {
        let names: Vec<&str> = match name {
            Some(name) => vec![name],
            None => self.catalogue.names().collect(),
        };
        for service in names {
            tell(match self.catalogue.entry(service) {
                Ok(Some(entry)) => Event::Service(Box::new(line(&entry, name.is_none(), yaml))),
                Ok(None) => Event::Refused {
                    repo: String::new(),
                    kind: crate::event::Refusal::NotAService,
                    reason: crate::detect::without_entry(self.catalogue, service)
                        .unwrap_or_else(|error| error.to_string()),
                    hint: crate::detect::entry_hint(service),
                },
                Err(error) => Event::Failed {
                    repo: String::new(),
                    reason: error.to_string(),
                    hint: "mend that file; the other services are not affected".to_owned(),
                },
            });
        }
    }
}

fn line(entry: &Entry, brief: bool, yaml: bool) -> ServiceEntry {
    let service = &entry.service;
    let workloads = service.workloads().map(|w| WorkloadLine {
        scenario: w.scenario.clone(),
        description: w.description.clone(),
        times: w.load.times,
        concurrency: w.load.concurrency,
        bound: w.bound(None, None).ceil() as u64,
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
        bound: service
            .workloads()
            .map(|w| w.bound(None, None))
            .sum::<f64>()
            .ceil() as u64,
        differences: service.differences.clone(),
        yaml: yaml.then(|| entry.text.clone()),
        brief,
    }
}
