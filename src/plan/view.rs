//! What the templates see of a service, and what was decided about its job.

use serde::Serialize;
use serde_json::{Map, Value};

use super::{KEPT, Options, PlanError};
use crate::catalogue::{Entry, Extra, Job, Link, Load, Notes, Plugin, Resource, Workload};
use crate::change::ChangeSet;
use crate::rally;
use crate::zuul::Voting;

/// What the templates see.
#[derive(Serialize)]
pub(super) struct View<'a> {
    name: &'a str,
    title: &'a str,
    kind: &'a str,
    summary: &'a str,
    pub(super) task: String,
    arguments: Vec<Argument>,
    subtasks: Vec<SubtaskView<'a>>,
    pub(super) job: Option<JobView>,
    plugins: &'a [Plugin],
    extra: &'a [Extra],
    notes: &'a Notes,
    links: &'a [Link],
    unmeasured: Vec<&'a Resource>,
    bound: u64,
    count: usize,
    scenarios: usize,
    example: &'a str,
    dummy_image: bool,
    quotas: bool,
    /// `--concurrency`, where it is more than some workload has iterations.
    #[serde(skip)]
    capped: Option<u32>,
}

/// A task argument.
#[derive(Serialize)]
struct Argument {
    name: String,
    /// The default as a Jinja2 literal.
    default: String,
    /// The default for people.
    plain: String,
}

#[derive(Serialize)]
struct SubtaskView<'a> {
    title: &'a str,
    workloads: Vec<WorkloadView<'a>>,
}

#[derive(Serialize)]
struct WorkloadView<'a> {
    scenario: &'a str,
    description: &'a str,
    arguments: &'a Map<String, Value>,
    contexts: Map<String, Value>,
    load: Load,
    sla: Map<String, Value>,
}

/// The job, with what was decided about it.
#[derive(Serialize)]
pub(super) struct JobView {
    pub(super) name: String,
    #[serde(flatten)]
    job: Job,
    /// Where it runs, and whether it votes: `in check, not voting`.
    runs: String,
    #[serde(skip)]
    pub(super) voting: Voting,
    #[serde(skip)]
    pub(super) beside: bool,
    #[serde(skip)]
    pub(super) choice: String,
}

impl<'a> View<'a> {
    pub(super) fn new(entry: &'a Entry, options: &Options) -> Result<View<'a>, PlanError> {
        let service = &entry.service;
        let Some(job) = service.job.as_ref().filter(|_| entry.has_workloads()) else {
            return Err(PlanError::NoWorkloads(service.service.clone()));
        };
        let bound: f64 = service
            .workloads()
            .map(|w| w.bound(options.times, options.concurrency))
            .sum();
        if bound >= f64::from(job.timeout) {
            return Err(PlanError::TooLong {
                bound,
                timeout: job.timeout,
            });
        }
        let mut names: Vec<&str> = service.workloads().map(|w| w.scenario.as_str()).collect();
        let count = names.len();
        let own = service
            .plugins
            .iter()
            .flat_map(|p| &p.scenarios)
            .map(|s| s.name.as_str());
        let example = own.chain(names.iter().copied()).next().unwrap_or_default();
        names.sort_unstable();
        names.dedup();
        let task = match &options.job {
            Some(name) => rally::task_name(&name.to_string()),
            None => rally::task_name(&service.service),
        };
        Ok(View {
            name: &service.service,
            title: &service.title,
            kind: &service.kind,
            summary: &service.summary,
            task,
            arguments: service.arguments.iter().map(argument).collect(),
            subtasks: subtasks(entry, options),
            job: (!options.without_zuul).then(|| job_view(entry, job, options)),
            plugins: &service.plugins,
            extra: &service.extra,
            notes: &service.notes,
            links: &service.links,
            unmeasured: service
                .resources
                .iter()
                .filter(|r| r.without_workload.is_some())
                .collect(),
            bound: bound.ceil() as u64,
            count,
            scenarios: names.len(),
            example,
            dummy_image: rally::uses_image_of_the_role(&entry.text),
            quotas: service
                .workloads()
                .any(|w| w.contexts.contains_key("quotas")),
            capped: options.concurrency.filter(|wanted| {
                let mut loads = service
                    .workloads()
                    .map(|w| w.load.with(options.times, options.concurrency));
                loads.any(|load| load.concurrency < *wanted)
            }),
        })
    }

    /// Returns what should be known about the change as a whole.
    pub(super) fn remarks(&self, change: &ChangeSet) -> Vec<String> {
        let mut remarks = Vec::new();
        if let Some(concurrency) = self.capped {
            remarks.push(format!(
                "a workload with fewer than {concurrency} iterations runs all of them at the same time"
            ));
        }
        let kept = |path: &str| change.0.get(path).is_some_and(|file| file.why == KEPT);
        if kept("rally-jobs/README.rst") {
            remarks.push(format!(
                "rally-jobs/README.rst is kept: it may not describe {}",
                self.task
            ));
        }
        remarks
    }
}

fn argument((name, value): (&String, &Value)) -> Argument {
    // JSON's strings and numbers are Jinja2's.
    let default = serde_json::to_string(value).unwrap_or_default();
    let plain = value
        .as_str()
        .map_or_else(|| default.clone(), str::to_owned);
    Argument {
        name: name.clone(),
        default,
        plain,
    }
}

fn subtasks<'a>(entry: &'a Entry, options: &Options) -> Vec<SubtaskView<'a>> {
    let workload = |w: &'a Workload| WorkloadView {
        scenario: &w.scenario,
        description: &w.description,
        arguments: &w.arguments,
        contexts: contexts(w),
        load: w.load.with(options.times, options.concurrency),
        sla: w
            .sla
            .iter()
            .map(|(action, limit)| (action.clone(), seconds(*limit)))
            .collect(),
    };
    (entry.service.subtasks.iter())
        .map(|s| SubtaskView {
            title: &s.title,
            workloads: s.workloads.iter().map(workload).collect(),
        })
        .collect()
}

/// Returns the workload's contexts, `users` first.
fn contexts(workload: &Workload) -> Map<String, Value> {
    let one = |key: &str| (key.to_owned(), Value::from(1));
    let users: Map<String, Value> = [one("tenants"), one("users_per_tenant")]
        .into_iter()
        .collect();
    let mut all = Map::new();
    all.insert("users".into(), users.into());
    all.extend(workload.contexts.clone());
    all
}

/// Returns whole seconds without a fraction.
fn seconds(limit: f64) -> Value {
    if limit.fract() == 0.0 {
        Value::from(limit as u64)
    } else {
        Value::from(limit)
    }
}

fn job_view(entry: &Entry, job: &Job, options: &Options) -> JobView {
    let default = if job.proven {
        Voting::Gate
    } else {
        Voting::Trial
    };
    let voting = options.voting.unwrap_or(default);
    let runs = match voting {
        Voting::Gate => "in check and gate, voting",
        Voting::Trial => "in check, not voting",
    };
    let name = match &options.job {
        Some(name) => name.to_string(),
        None => rally::job_name(&entry.service.service),
    };
    JobView {
        choice: choice(&name, job, voting, options.voting.is_some()),
        name,
        job: job.clone(),
        runs: runs.to_owned(),
        voting,
        beside: options.job.is_some(),
    }
}

/// Returns which form the job has and why, for people.
fn choice(name: &str, job: &Job, voting: Voting, asked: bool) -> String {
    let custom = "OpenStack services run such jobs non-voting in check first";
    let alive = if job.proven { "alive" } else { "unproven" };
    let evidence = job.evidence.trim_end_matches('.');
    let parent = &job.parent;
    match (voting, asked) {
        (Voting::Gate, false) => format!(
            "{name} is voting, in check and gate: its parent {parent} is alive upstream. {custom}: --trial does that"
        ),
        (Voting::Gate, true) => format!(
            "{name} is voting, in check and gate, as asked with --voting; its parent {parent} is {alive} upstream. {custom}"
        ),
        (Voting::Trial, false) => format!(
            "{name} is not voting, in check only: its parent {parent} is unproven upstream ({evidence}). {custom}; --voting gives check and gate, voting"
        ),
        (Voting::Trial, true) => format!(
            "{name} is not voting, in check only, as asked with --trial, as {custom}; its parent {parent} is {alive} upstream"
        ),
    }
}
