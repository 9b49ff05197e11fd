//! The catalogue: what is known of each service, as data.
//!
//! A service is a folder with a `service.yaml`, and beside it, if needed, `plugins/` and `extra/`.
//! The built-in folders are embedded in the program; a user's own folders come on top.
mod check;
mod load;
mod not_services;
mod service;

use std::collections::BTreeMap;

pub use load::{Catalogue, CatalogueError};
pub use not_services::{KnownService, NotServices, Retired, Sign};
pub use service::*;

/// One folder of the catalogue.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What `service.yaml` says.
    pub service: Service,
    /// The files beside it: `plugins/NAME` or `extra/NAME` to their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The text of `service.yaml`.
    pub text: String,
    /// Where the entry is from, for people: `built in`, or the folder.
    pub origin: String,
}

impl Entry {
    /// Returns whether there is anything to commit for the service.
    pub fn has_workloads(&self) -> bool {
        !self.service.subtasks.is_empty()
    }
}

impl Service {
    /// Returns all workloads, in the order they run.
    pub fn workloads(&self) -> impl Iterator<Item = &Workload> {
        self.subtasks.iter().flat_map(|subtask| &subtask.workloads)
    }
}

impl Workload {
    /// Returns the longest time in seconds that the workload can take without breaking its SLA:
    /// rounds of `concurrency` iterations, each as long as all its limits together.
    pub fn bound(&self, times: Option<u32>, concurrency: Option<u32>) -> f64 {
        let load = self.load.with(times, concurrency);
        f64::from(load.times.div_ceil(load.concurrency)) * self.sla.values().sum::<f64>()
    }
}

impl Load {
    /// Returns the load with what was asked for instead; never more at the same time than in all,
    /// which Rally's constant runner refuses.
    pub fn with(self, times: Option<u32>, concurrency: Option<u32>) -> Load {
        let times = times.unwrap_or(self.times);
        Load {
            times,
            concurrency: concurrency.unwrap_or(self.concurrency).min(times).max(1),
        }
    }
}

#[cfg(test)]
mod tests;
