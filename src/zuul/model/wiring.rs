//! The wiring of the jobs that run Rally, as it lies: facts for whoever judges them.
//!
//! What one file does to another is known only where every file can be read, so the facts say
//! which could not.

use std::collections::BTreeSet;

use super::config::Config;
use super::config_file::ConfigFile;
use super::error::ConfigError;
use super::location::Location;
use super::rally_jobs::{self, RallyJob};
use super::root::Root;
use super::unread::{self, Unread, speaks_of_rally};
use super::uses::{self, Mention, Use};
use crate::files::{Files, FilesError};

#[derive(Clone, Debug, Default)]
pub struct Wiring {
    /// The jobs that run Rally, by name.
    pub jobs: Vec<RallyJob>,
    /// The timeouts in seconds that count for them, those of their ancestors included.
    pub timeouts: Vec<(u64, Location)>,
    /// What counts where the jobs run; nothing where not all files can be read.
    pub uses: Vec<Use>,
    /// Whatever any job here names as its task, even where it runs nowhere.
    pub task_names: BTreeSet<String>,
    /// Parents that are not defined here.
    pub parents: Vec<Mention>,
    /// Jobs that are listed, and not defined here.
    pub listed_elsewhere: Vec<Mention>,
    /// What is made of a final job here.
    pub of_final: Vec<Mention>,
    /// Variables with Rally in their name.
    pub variables: Vec<Mention>,
    /// What Zuul refuses.
    pub broken: Vec<Broken>,
    /// Configuration that Zuul does not read.
    pub unread: Vec<Unread>,
    /// What could not be told, and why, one sentence each.
    pub unsure: Vec<(Location, String)>,
    /// The files that Zuul reads, save for those that are broken.
    pub(crate) config: Config,
}

/// What Zuul refuses.
#[derive(Clone, Debug)]
pub struct Broken {
    pub location: Location,
    pub reason: String,
    /// Whether the file speaks of Rally.
    pub of_rally: bool,
}

/// Larger configurations are read in part; that of openstack/project-config has 230 kB.
const MOST_BYTES: usize = 2 << 20;

/// Returns the facts; what cannot be read is a fact as well.
pub fn wiring(files: &dyn Files) -> Wiring {
    let mut found = Wiring::default();
    let root = match Root::find(files) {
        Ok(root) => root,
        Err(error) => {
            found.refused(&error, &[]);
            return found;
        }
    };
    let mut config = Config::default();
    let mut left = MOST_BYTES;
    for (path, bytes) in &root.files {
        let Some(rest) = left.checked_sub(bytes.len()) else {
            let path = path.clone();
            let why = format!("the files of Zuul have more than {MOST_BYTES} bytes in all");
            found.unsure.push((Location::of_line(path, 1), why));
            break;
        };
        left = rest;
        match ConfigFile::read(path, bytes) {
            Ok(file) => config.files.push(file),
            Err(error) => found.refused(&error, bytes),
        }
    }
    found.jobs = rally_jobs::rally_jobs(&config);
    found.timeouts = rally_jobs::timeouts(&config, &found.jobs);
    if found.is_whole() {
        found.task_names = uses::task_names(&config);
        found.uses = uses::uses(&config, &found.jobs);
        found.parents = uses::parents(&config, &found.jobs);
        found.listed_elsewhere = uses::listed_elsewhere(&config);
        found.of_final = uses::of_final(&config, &found.jobs);
        found.variables = uses::variables(&config, &found.jobs);
    }
    match unread::unread(files, &root) {
        Ok(unread) => found.unread = unread,
        Err(FilesError { path, reason, .. }) => {
            found.unsure.push((Location::of_line(path, 1), reason));
        }
    }
    found.config = config;
    found
}

impl Wiring {
    /// Returns whether anything here speaks of Rally.
    pub fn is_of_rally(&self) -> bool {
        !self.jobs.is_empty()
            || self.broken.iter().any(|b| b.of_rally)
            || self.unread.iter().any(|u| u.of_rally)
    }

    /// Returns whether every file could be read.
    pub fn is_whole(&self) -> bool {
        self.broken.is_empty() && self.unsure.is_empty()
    }

    /// Returns whether a job here runs the task at `path`; `None` where that cannot be told, as
    /// where a parent in another repository names the task.
    pub fn runs(&self, path: &str) -> Option<bool> {
        let mut tasks = self.jobs.iter().flat_map(|job| &job.tasks);
        if tasks.any(|(task, _)| task.strip_prefix("./").unwrap_or(task) == path) {
            return Some(true);
        }
        let is_told = |job: &RallyJob| {
            !job.tasks.is_empty() && job.tasks.iter().all(|(task, _)| !task.contains('{'))
        };
        (self.is_whole() && self.jobs.iter().all(is_told)).then_some(false)
    }

    /// Notes an error: as something broken only where Zuul itself would refuse it.
    fn refused(&mut self, error: &ConfigError, bytes: &[u8]) {
        let (location, reason) = match error {
            ConfigError::Refused { location, fault } if fault.is_zuuls(bytes) => {
                (location.clone(), fault.to_string())
            }
            ConfigError::InTheWay { path, .. } => {
                let path = path.clone();
                (Location::of_line(path, 1), error.to_string())
            }
            ConfigError::Refused { location, fault } => {
                self.unsure.push((location.clone(), fault.to_string()));
                return;
            }
            ConfigError::Files(FilesError { path, reason, .. }) => {
                let path = path.clone();
                self.unsure
                    .push((Location::of_line(path, 1), reason.clone()));
                return;
            }
        };
        self.broken.push(Broken {
            location,
            reason,
            of_rally: speaks_of_rally(bytes),
        });
    }
}
