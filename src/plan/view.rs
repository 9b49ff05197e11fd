//! What the templates see of a service.

use serde::Serialize;
use serde_json::Value;

use super::job::JobView;
use super::schedule::{Schedule, ScheduleView};
use super::sources::{self, LimitSource};
use super::{Options, PlanError};
use crate::catalogue::{Entry, Extra, Link, Notes, Plugin, Resource, Service, Workload};
use crate::change::ChangeSet;
use crate::limits::FACTOR;
use crate::rally;
use crate::workload::{LoadOptions, WorkloadView};

/// What the templates see.
#[derive(Serialize)]
pub(super) struct View<'a> {
    name: &'a str,
    title: &'a str,
    kind: &'a str,
    summary: &'a str,
    /// The file name of the task.
    task: String,
    arguments: Vec<Argument>,
    subtasks: Vec<SubtaskView<'a>>,
    pub(super) job: Option<JobView>,
    plugins: &'a [Plugin],
    extra: &'a [Extra],
    notes: &'a Notes,
    list_commands: &'a [String],
    leak_note: &'a str,
    /// Where the limits are from.
    limit_sources: Vec<LimitSource>,
    /// Where runs of the task set limits: so many times what they measured.
    measured_limits: Option<String>,
    /// What these speak of.
    sources_about: &'a str,
    /// Why every workload limits its whole iterations, too.
    iteration_limit: &'a str,
    links: &'a [Link],
    unmeasured: Vec<&'a Resource>,
    /// Why the project should have the job.
    why: &'a str,
    /// How long the task and the job take.
    time: ScheduleView,
    #[serde(skip)]
    schedule: Schedule,
    /// How many workloads there are.
    count: usize,
    /// How many scenarios they have.
    scenarios: usize,
    /// A scenario to show, one of ours where there is one.
    example: &'a str,
    /// Whether a workload uploads an image that only the job makes.
    dummy_image: bool,
    /// Whether a workload lifts quotas.
    quotas: bool,
    /// Whether a workload needs networks.
    network: bool,
    /// Whether a workload allows failures.
    tolerant: bool,
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

impl<'a> View<'a> {
    pub(super) fn new(entry: &'a Entry, options: &Options) -> Result<View<'a>, PlanError> {
        let service = &entry.service;
        let Some(job) = service.job.as_ref().filter(|_| entry.has_workloads()) else {
            return Err(PlanError::NoWorkloads(service.service.clone()));
        };
        let schedule = Schedule::new(entry, job, options.load);
        let task = match &options.job {
            Some(name) => rally::task_name(&name.to_string()),
            None => rally::task_name(&service.service),
        };
        let unmeasured = service.resources.iter();
        let unmeasured = unmeasured.filter(|resource| resource.without_workload.is_some());
        let mut capped = service.workloads().filter_map(|w| options.load.over(w));
        Ok(View {
            name: &service.service,
            title: &service.title,
            kind: &service.kind,
            summary: &service.summary,
            task,
            arguments: service.arguments.iter().map(argument).collect(),
            subtasks: subtasks(service, options.load),
            job: (!options.without_zuul)
                .then(|| JobView::new(entry, job, options, schedule.timeout)),
            plugins: &service.plugins,
            extra: &service.extra,
            notes: &service.notes,
            list_commands: &service.list_commands,
            leak_note: service.leak_note.trim(),
            limit_sources: sources::of(entry),
            measured_limits: options.limits.as_ref().map(|_| FACTOR.to_string()),
            sources_about: entry.durations.about.trim(),
            iteration_limit: service.iteration_limit.trim(),
            links: &service.links,
            unmeasured: unmeasured.collect(),
            why: service.why.trim(),
            time: schedule.view(),
            schedule,
            count: service.workloads().count(),
            scenarios: scenarios(service),
            example: example(service),
            dummy_image: needs_image_of_the_role(service),
            quotas: has_context(service, "quotas"),
            network: has_context(service, "network"),
            tolerant: service.workloads().any(|w| w.failure_rate.is_some()),
            capped: capped.next(),
        })
    }

    /// Returns the path of the task in the repository.
    pub(super) fn task_path(&self) -> String {
        format!("{}/{}", rally::DIRECTORY, self.task)
    }

    /// Returns what people should know about the change as a whole.
    pub(super) fn remarks(&self, change: &ChangeSet) -> Vec<String> {
        let mut remarks = vec![match self.job {
            Some(_) => self.schedule.of_job(),
            None => self.schedule.of_task(),
        }];
        if let Some(concurrency) = self.capped {
            remarks.push(format!(
                "a workload with fewer than {concurrency} iterations runs all of them at the same time"
            ));
        }
        let readme = format!("{}/README.rst", rally::DIRECTORY);
        if change.is_kept(&readme) {
            remarks.push(format!(
                "{readme} is kept: it may not describe {}; --replace-docs replaces it",
                self.task
            ));
        }
        remarks
    }
}

fn has_context(service: &Service, name: &str) -> bool {
    service
        .workloads()
        .any(|workload| workload.contexts.contains_key(name))
}

fn argument((name, value): (&String, &Value)) -> Argument {
    // JSON's strings and numbers are Jinja2's.
    let default = value.to_string();
    let plain = value.as_str().unwrap_or(&default).to_owned();
    Argument {
        name: name.clone(),
        default,
        plain,
    }
}

fn scenarios(service: &Service) -> usize {
    let mut names: Vec<&str> = service.workloads().map(|w| w.scenario.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}

fn example(service: &Service) -> &str {
    let own = service.plugins.iter().flat_map(|plugin| &plugin.scenarios);
    let own = own.map(|scenario| scenario.name.as_str());
    let all = service.workloads().map(|w| w.scenario.as_str());
    own.chain(all).next().unwrap_or_default()
}

fn needs_image_of_the_role(service: &Service) -> bool {
    service.arguments.values().any(names_image) || service.workloads().any(uses_image_of_the_role)
}

fn uses_image_of_the_role(workload: &Workload) -> bool {
    let values = workload
        .arguments
        .values()
        .chain(workload.contexts.values());
    values.into_iter().any(names_image)
}

fn names_image(value: &Value) -> bool {
    match value {
        Value::String(text) => rally::uses_image_of_the_role(text),
        Value::Array(items) => items.iter().any(names_image),
        Value::Object(map) => map.values().any(names_image),
        _ => false,
    }
}

fn subtasks(service: &Service, load: LoadOptions) -> Vec<SubtaskView<'_>> {
    let subtasks = service.subtasks.iter().map(|subtask| SubtaskView {
        title: &subtask.title,
        workloads: (subtask.workloads.iter())
            .map(|workload| WorkloadView::new(workload, load))
            .collect(),
    });
    subtasks.collect()
}
