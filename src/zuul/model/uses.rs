//! What counts for each job that runs Rally, in each pipeline of this project that lists it.
//!
//! An entry's own setting counts, else that of its job, else that of the nearest ancestor (Zuul 14,
//! `Job.applyVariant`). What `branches` says, tags, or several parents leave open is unsure.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::config::Config;
use super::config_node::{ConfigNode, JobEntry};
use super::jobs::{Inherited, Jobs, last};
use super::location::Location;
use super::patterns::Patterns;
use super::rally_jobs::RallyJob;

/// Variables other than `vars`, of which some count more.
const OTHER_VARIABLES: [&str; 4] = ["extra-vars", "host-vars", "group-vars", "include-vars"];

/// Attributes that say how a job runs, which nobody may change of a final job (Zuul 14,
/// `Job.execution_attributes`).
const OF_EXECUTION: [&str; 12] = [
    "vars",
    "extra-vars",
    "host-vars",
    "group-vars",
    "timeout",
    "post-timeout",
    "nodeset",
    "required-projects",
    "roles",
    "attempts",
    "override-checkout",
    "semaphores",
];

/// A job that runs Rally, in one pipeline.
#[derive(Clone, Debug)]
pub struct Use {
    pub job: String,
    /// The pipeline: `check`.
    pub pipeline: String,
    /// The first entry.
    pub place: Location,
    /// The nearest of the job and its ancestors that is not defined here, and where it is named;
    /// `None` where that cannot be told, or where Zuul's own base job is the parent.
    pub elsewhere: Option<(String, Location)>,
    /// Its `rally_task`.
    pub task: Setting<String>,
    /// Seconds.
    pub timeout: Setting<u64>,
    /// The patterns of `irrelevant-files`.
    pub irrelevant: Setting<Arc<[String]>>,
    /// The patterns of `files`.
    pub files: Setting<Arc<[String]>>,
    /// Whether the job is abstract for certain.
    pub is_abstract: bool,
}

impl Use {
    /// Returns whether a change may start it, so that lists of files count: `periodic` and its like
    /// start by a timer, and Zuul runs a job there whatever the lists say.
    pub fn is_of_changes(&self) -> bool {
        !self.pipeline.starts_with("periodic")
    }
}

/// What counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Setting<T> {
    /// Nobody here says anything.
    Absent,
    Is(T, Location),
    Unsure,
}

impl<T> Setting<T> {
    /// Returns the value and where it is, if it is certain.
    pub fn known(&self) -> Option<(&T, &Location)> {
        match self {
            Setting::Is(value, place) => Some((value, place)),
            Setting::Absent | Setting::Unsure => None,
        }
    }
}

/// Something named at a place, by a job.
#[derive(Clone, Debug)]
pub struct Mention {
    /// The job that names it; for an entry the entry's own.
    pub job: String,
    pub name: String,
    pub location: Location,
}

/// Returns the uses, by job and pipeline.
pub(super) fn uses(config: &Config, rally: &[RallyJob]) -> Vec<Use> {
    let jobs = Jobs::of(config);
    let names: HashSet<&str> = rally.iter().map(|job| job.name.as_str()).collect();
    let mut groups: BTreeMap<(&str, &str), Vec<JobEntry<'_>>> = BTreeMap::new();
    for (pipeline, entry) in config.entries() {
        if names.contains(entry.name) {
            let group = groups.entry((entry.name, pipeline)).or_default();
            group.push(entry);
        }
    }
    let unclear = jobs.inherited(|_, variants| is_unclear(variants).then_some(()));
    let top = jobs.inherited(last(|at| {
        let parent = at.get("parent")?;
        let is_here = !jobs.definitions(parent.text()?).is_empty();
        (!is_here).then_some(parent)
    }));
    let moved = jobs.inherited(|_, v| v.iter().any(|at| moves_task(*at)).then_some(()));
    let tasks = jobs.inherited(last(|at| found(at, rally_task)));
    let timeouts = jobs.inherited(last(|at| found(at, |at| at.get("timeout"))));
    let irrelevant = jobs.inherited(last(|at| found(at, |at| at.get("irrelevant-files"))));
    let files = jobs.inherited(last(|at| found(at, |at| at.get("files"))));
    let by_project = project_sets_task(config);
    let mut lists = Patterns::default();
    let mut found = Vec::new();
    for ((job, pipeline), entries) in groups {
        let of = Of {
            job,
            entries: &entries,
            is_unclear: unclear.of(job).is_some(),
        };
        let moves = |e: &JobEntry<'_>| e.attributes.is_some_and(moves_task);
        let mut task = of.setting(rally_task, &tasks, |node| Some(node.text()?.to_owned()));
        let is_moved = moved.of(job).is_some() || entries.iter().any(moves);
        if is_moved || by_project && task == Setting::Absent {
            task = Setting::Unsure;
        }
        let Some(first) = entries.first() else {
            continue;
        };
        let parent = top.of(job).filter(|_| !of.is_unclear);
        let parent = parent.and_then(|at| Some((at.text()?.to_owned(), at.location())));
        let own = jobs.definitions(job);
        found.push(Use {
            job: job.to_owned(),
            pipeline: pipeline.to_owned(),
            place: first.at.location(),
            elsewhere: match own {
                [] => Some((job.to_owned(), first.at.location())),
                _ => parent,
            },
            task,
            timeout: of.setting(
                |at| at.get("timeout"),
                &timeouts,
                |node| node.text()?.parse().ok(),
            ),
            irrelevant: of.setting(
                |at| at.get("irrelevant-files"),
                &irrelevant,
                |at| lists.of(at),
            ),
            files: of.setting(|at| at.get("files"), &files, |at| lists.of(at)),
            is_abstract: is_abstract(own) && of.is_unconditional(),
        });
    }
    found
}

/// Returns the parents that are not defined here: those of the jobs that run Rally and of their
/// ancestors, and whatever else has Rally in its name.
pub(super) fn parents(config: &Config, rally: &[RallyJob]) -> Vec<Mention> {
    let jobs = Jobs::of(config);
    let family = family(&jobs, rally);
    let mut found = Vec::new();
    for (job, definitions) in jobs.iter() {
        for parent in definitions.iter().filter_map(|at| at.get("parent")) {
            let Some(name) = parent.text() else { continue };
            let is_of_rally = family.contains(job) || name.contains("rally");
            if is_of_rally && !parent.node.is_null() && jobs.definitions(name).is_empty() {
                found.push(mention(job, name, parent));
            }
        }
    }
    found
}

/// Returns the entries whose job is not defined here.
pub(super) fn listed_elsewhere(config: &Config) -> Vec<Mention> {
    let jobs = Jobs::of(config);
    let entries = config.entries().into_iter().map(|(_, entry)| entry);
    entries
        .filter(|entry| jobs.definitions(entry.name).is_empty())
        .map(|entry| mention(entry.name, entry.name, entry.at))
        .collect()
}

/// Returns where something is made of a final job of this repository that Zuul does not allow: a
/// child, or an entry that changes how it runs. The name is that of the attribute.
pub(super) fn of_final(config: &Config, rally: &[RallyJob]) -> Vec<Mention> {
    let jobs = Jobs::of(config);
    let family = family(&jobs, rally);
    let is_final = |name: &str| {
        let own = jobs.definitions(name);
        !own.is_empty() && own.iter().all(is("final")) && !is_unclear(own)
    };
    let mut found = Vec::new();
    for (job, definitions) in jobs.iter().filter(|(job, _)| family.contains(job)) {
        let parents = definitions.iter().filter_map(|at| at.get("parent"));
        let refused = parents.filter(|parent| parent.text().is_some_and(is_final));
        found.extend(refused.map(|parent| mention(job, "parent", parent)));
    }
    for (_, entry) in config.entries() {
        if !family.contains(entry.name) || !is_final(entry.name) {
            continue;
        }
        let attributes = entry.attributes.into_iter();
        let mut changed = attributes.flat_map(|at| {
            let keys = OF_EXECUTION.iter();
            keys.filter_map(move |key| Some((*key, at.get(key)?)))
        });
        found.extend(changed.next().map(|(key, at)| mention(entry.name, key, at)));
    }
    found
}

/// Returns whatever any job or entry here names as its `rally_task`.
pub(super) fn task_names(config: &Config) -> BTreeSet<String> {
    let bodies = config.items("project");
    let bodies = bodies.chain(config.items("project-template"));
    let pipelines = bodies.flat_map(|item| item.body.pipelines());
    let entries = pipelines.flat_map(|(_, body)| body.entries());
    let jobs = config.items("job").map(|item| item.body);
    let all = jobs.chain(entries.filter_map(|entry| entry.attributes));
    all.filter_map(|at| Some(rally_task(at)?.text()?.to_owned()))
        .collect()
}

/// Returns the variables of the jobs that run Rally, and of their entries, that have Rally in their
/// name.
pub(super) fn variables(config: &Config, rally: &[RallyJob]) -> Vec<Mention> {
    let jobs = Jobs::of(config);
    let family = family(&jobs, rally);
    let bodies = jobs
        .iter()
        .flat_map(|(job, at)| at.iter().map(move |at| (job, *at)));
    let entries = config.entries().into_iter();
    let entries = entries.filter_map(|(_, entry)| Some((entry.name, entry.attributes?)));
    let bodies = bodies
        .chain(entries)
        .filter(|(job, _)| family.contains(job));
    let mut found = Vec::new();
    for (job, at) in bodies {
        let Some(vars) = at.get("vars") else { continue };
        for (key, _) in vars.node.resolved().pairs() {
            let name = key
                .text()
                .filter(|name| name.to_ascii_lowercase().starts_with("rally"));
            found.extend(name.map(|name| mention(job, name, vars.with(key))));
        }
    }
    found
}

/// The entries of one job in one pipeline.
struct Of<'a, 'c> {
    job: &'a str,
    entries: &'a [JobEntry<'c>],
    is_unclear: bool,
}

impl<'c> Of<'_, 'c> {
    /// Returns whether an entry counts on every branch.
    fn is_unconditional(&self) -> bool {
        let is_bound = |at: ConfigNode<'_>| at.get("branches").is_some();
        let mut entries = self.entries.iter();
        entries.any(|entry| !entry.attributes.is_some_and(is_bound))
    }

    /// Returns what counts: of the last entry that says it, else what the job has.
    fn setting<T, F>(
        &self,
        look: impl Fn(ConfigNode<'c>) -> Option<ConfigNode<'c>>,
        inherited: &Inherited<'c, Found<'c>, F>,
        mut read: impl FnMut(ConfigNode<'c>) -> Option<T>,
    ) -> Setting<T>
    where
        F: Fn(&str, &[ConfigNode<'c>]) -> Option<Found<'c>>,
    {
        let attributes = self.entries.iter().rev().filter_map(|e| e.attributes);
        let own = attributes.filter_map(|at| found(at, &look)).next();
        let of_job = || {
            let found = inherited.of(self.job)?;
            Some(Found {
                is_sure: found.is_sure && !self.is_unclear,
                ..found
            })
        };
        match own.or_else(of_job) {
            None if self.is_unclear => Setting::Unsure,
            None => Setting::Absent,
            Some(Found { at, is_sure: true }) => match read(at) {
                Some(value) => Setting::Is(value, at.location()),
                None => Setting::Unsure,
            },
            Some(_) => Setting::Unsure,
        }
    }
}

/// A value, and whether it counts for certain.
#[derive(Clone, Copy)]
struct Found<'a> {
    at: ConfigNode<'a>,
    is_sure: bool,
}

fn found<'a>(
    at: ConfigNode<'a>,
    look: impl Fn(ConfigNode<'a>) -> Option<ConfigNode<'a>>,
) -> Option<Found<'a>> {
    let value = look(at)?;
    let is_plain = value.node.resolved().data().tag.is_none();
    Some(Found {
        at: value,
        is_sure: is_plain && at.get("branches").is_none(),
    })
}

/// Returns whether the variants of a job leave open which of them count, or have several parents.
fn is_unclear(variants: &[ConfigNode<'_>]) -> bool {
    let parents: BTreeSet<&str> = variants
        .iter()
        .filter_map(|at| at.get("parent")?.text())
        .collect();
    let is_elsewhere = |at: &ConfigNode<'_>| at.get("branches").is_some();
    parents.len() > 1 || !variants.is_empty() && variants.iter().all(is_elsewhere)
}

/// Returns the jobs that run Rally and their ancestors here.
fn family<'a>(jobs: &Jobs<'a>, rally: &'a [RallyJob]) -> HashSet<&'a str> {
    let mut family = HashSet::new();
    for job in rally {
        let mut next = Some(job.name.as_str());
        while let Some(name) = next.filter(|name| family.insert(*name)) {
            next = jobs.parent(name);
        }
    }
    family
}

fn rally_task(at: ConfigNode<'_>) -> Option<ConfigNode<'_>> {
    at.get("vars")?.get("rally_task")
}

/// Returns whether the task may be another than `vars` says, or in another repository.
fn moves_task(at: ConfigNode<'_>) -> bool {
    let vars = at.get("vars");
    let is_moved = |vars: ConfigNode<'_>| {
        vars.get("rally_task_src_dir").is_some() || vars.node.resolved().data().tag.is_some()
    };
    vars.is_some_and(is_moved) || OTHER_VARIABLES.iter().any(|key| at.get(key).is_some())
}

/// Returns whether variables of a project or a template name the task.
fn project_sets_task(config: &Config) -> bool {
    let bodies = config
        .items("project")
        .chain(config.items("project-template"));
    bodies
        .into_iter()
        .any(|item| rally_task(item.body).is_some())
}

fn is<'a>(key: &'static str) -> impl Fn(&ConfigNode<'a>) -> bool {
    move |at| at.get(key).and_then(ConfigNode::boolean) == Some(true)
}

/// A variant cannot take `abstract` back.
fn is_abstract(variants: &[ConfigNode<'_>]) -> bool {
    let mut always = variants.iter().filter(|at| at.get("branches").is_none());
    always.any(is("abstract")) && !is_unclear(variants)
}

fn mention(job: &str, name: &str, at: ConfigNode<'_>) -> Mention {
    Mention {
        job: job.to_owned(),
        name: name.to_owned(),
        location: at.location(),
    }
}
