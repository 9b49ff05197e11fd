//! The catalogue: what is known of each service, as data.
//!
//! A service is a folder with a `service.yaml`, and beside it, if needed, `plugins/` and `extra/`.
//! The built-in folders are embedded in the program; a user's own folders come on top.
mod check;
mod durations;
mod known_stubs;
mod load;
mod not_services;
mod service;
mod time;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use durations::{Duration, Durations, Overhead};
pub use known_stubs::KnownStub;
pub use load::{Catalogue, CatalogueError};
pub use not_services::{KnownService, NotServices, Retired, Sign};
pub use service::*;
pub use time::{SLOWEST, Time};

/// Where an entry is from that is not a user's, for people.
pub const BUILT_IN: &str = "built in";

/// One folder of the catalogue.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What `service.yaml` says.
    pub service: Service,
    /// The files beside it: `plugins/NAME` or `extra/NAME` to their bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The text of `service.yaml`.
    pub text: String,
    /// Where the entry is from, for people: [`BUILT_IN`], or the folder.
    pub origin: String,
    /// How long things take, for every service.
    pub durations: Arc<Durations>,
}

impl Entry {
    /// Returns whether there is anything to commit for the service.
    pub fn has_workloads(&self) -> bool {
        !self.service.subtasks.is_empty()
    }

    /// Returns the time of the whole task, each workload under its load.
    pub fn time(&self, load: impl Fn(&Workload) -> Load) -> Time {
        let workloads = self.service.workloads();
        let times = workloads.map(|workload| workload.time(load(workload), &self.durations));
        Time::unlimited(self.durations.overhead.task.expected) + times.sum()
    }

    /// Returns how long the job's DevStack takes to come up, in seconds.
    pub fn devstack(&self) -> Option<f64> {
        let kind = &self.service.job.as_ref()?.devstack;
        let known = self.durations.devstack.get(kind)?;
        Some(known.expected)
    }
}

impl Service {
    /// Returns all workloads, in the order they run.
    pub fn workloads(&self) -> impl Iterator<Item = &Workload> {
        self.subtasks.iter().flat_map(|subtask| &subtask.workloads)
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
