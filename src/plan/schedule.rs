//! How long the task and its job take, and when Zuul stops the job.

use std::fmt;

use serde::Serialize;

use super::LoadOptions;
use crate::catalogue::{Entry, Job, Time};
use crate::rally::LONGEST_JOB;

/// The job's timeout is a multiple of so many seconds, unless it is the longest.
const STEP: f64 = 300.0;

/// The time of the task and its job.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schedule {
    task: Time,
    /// Seconds until DevStack is up, where they are known.
    devstack: Option<f64>,
    /// Seconds until Zuul stops the job.
    pub(super) timeout: u32,
    /// Whether another concurrency was asked for than the durations are known for.
    is_another_load: bool,
}

/// What the templates see of it, in words: `35 minutes`.
#[derive(Serialize)]
pub(super) struct ScheduleView {
    expected: Option<String>,
    worst: String,
    devstack: Option<String>,
    timeout: String,
    /// Whether Zuul stops a job before its worst case.
    cut_off: bool,
}

/// A number of seconds, for people.
pub(super) struct Length(pub(super) f64);

impl Schedule {
    /// Returns the schedule with the timeout raised as far as the worst case needs and Zuul allows.
    pub(super) fn new(entry: &Entry, job: &Job, load: LoadOptions) -> Schedule {
        let task = entry.time(|workload| load.load(workload));
        let devstack = entry.devstack();
        let needed = devstack.unwrap_or_default() + task.worst;
        let needed = (needed / STEP).ceil() * STEP;
        let timeout = needed.clamp(f64::from(job.timeout), f64::from(LONGEST_JOB));
        Schedule {
            task,
            devstack,
            timeout: timeout as u32,
            is_another_load: load.concurrency.is_some(),
        }
    }

    pub(super) fn view(&self) -> ScheduleView {
        let words = |seconds: f64| Length(seconds).to_string();
        ScheduleView {
            expected: self.task.expected.map(words),
            worst: words(self.task.worst),
            devstack: self.devstack.map(words),
            timeout: words(f64::from(self.timeout)),
            cut_off: self.devstack.unwrap_or_default() + self.task.worst > f64::from(self.timeout),
        }
    }

    /// Returns how long the task takes.
    pub(super) fn of_task(&self) -> String {
        let worst = Length(self.task.worst);
        let caveat = match self.is_another_load {
            true => " if actions take as long as with the catalogue's concurrency",
            false => "",
        };
        match self.task.expected {
            Some(expected) => format!(
                "the task takes about {}{caveat}, and at most {worst} within its limits",
                Length(expected)
            ),
            None => format!(
                "the task takes at most {worst} within its limits; the catalogue has no durations to expect less"
            ),
        }
    }

    /// Returns how long the job takes, with a warning where Zuul may stop it.
    pub(super) fn of_job(&self) -> String {
        let devstack = self.devstack.unwrap_or_default();
        let timeout = f64::from(self.timeout);
        let stops = format!("Zuul stops the job after {}", Length(timeout));
        let expected = self.task.expected.map(|task| devstack + task);
        let task = self.of_task();
        let before = match self.devstack {
            Some(seconds) => format!(", after about {} for DevStack", Length(seconds)),
            None => String::new(),
        };
        match (expected, devstack + self.task.worst) {
            (Some(expected), _) if expected > timeout => format!(
                "the job will not finish: {task}{before}, but {stops}, the longest that it allows; lower --times, or raise --concurrency"
            ),
            (_, worst) if worst > timeout => format!(
                "{task}{before}; {stops}, the longest that it allows, so a very slow run is stopped before its limits fail"
            ),
            _ => format!("{task}{before}; {stops}"),
        }
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            seconds if seconds < 120.0 => write!(f, "{seconds:.0} seconds"),
            seconds => write!(f, "{:.0} minutes", (seconds / 60.0).ceil()),
        }
    }
}
