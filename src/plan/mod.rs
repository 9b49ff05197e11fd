//! What the change is: pure, from the files of the base and an entry of the catalogue.

mod differences;
mod earlier;
mod extension;
mod files;
mod job;
mod job_name;
mod left;
mod message;
mod schedule;
mod single;
mod sources;
mod update;
mod view;

use std::collections::BTreeMap;

use crate::catalogue::Entry;
use crate::change::{ChangeSet, Reason};
use crate::extend::ExtendError;
use crate::files::{EntryKind, Files, FilesError};
use crate::merge::MergeLines;
use crate::message::Message;
use crate::rally;
use crate::remedy::{Refusal, Remedy};
use crate::render::{RenderError, Renderer, Values};
use crate::shell;
use crate::visible::visible;
use crate::zuul::{CoveredJob, Voting, ZuulError};
use update::Update;
use view::View;

pub use crate::workload::LoadOptions;
pub use earlier::{Earlier, EarlierJob, files_of_rally_jobs, place_in};
pub use files::Others;
pub use job_name::{JobName, JobNameError};
pub use update::FileConflict;

/// What was asked for, beside the service.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--job`: another name for the job, beside one that may exist.
    pub job: Option<JobName>,
    /// `--trial` or `--voting`; else what the catalogue says of the parent decides.
    pub voting: Option<Voting>,
    /// `--no-zuul` turns this on.
    pub without_zuul: bool,
    /// `--extend`: the task that people have written gets the workloads that it lacks.
    pub extend: bool,
    /// `--task`: which one.
    pub task: Option<String>,
    /// What was asked for otherwise than in the last run, for people: `--times 5 (was 3)`.
    pub changed: Vec<String>,
    /// `--keep`: files that stay as they are, whatever changes in ours.
    pub keep: Vec<String>,
    /// `--replace-docs`: READMEs that exist give way to ours.
    pub replace_docs: bool,
    pub load: LoadOptions,
}

/// Documents of the base that are known to be stubs: their paths, and what each is.
pub type Stubs = BTreeMap<String, String>;

/// The planned change.
#[derive(Clone, Debug)]
pub struct Plan {
    pub service: String,
    /// Files that change, and files that stay as they are and why.
    pub change: ChangeSet,
    /// The commit message without provenance, sign-off and Change-Id.
    pub message: Message,
    /// What people should know, most important first.
    pub notes: Vec<String>,
    pub wrote: Wrote,
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("the catalogue entry of `{0}` has no workloads")]
    NoWorkloads(String),
    #[error("`{path}` is {} in the base commit, but git-rally needs {} there", is.words(), wanted.words())]
    InTheWay {
        path: String,
        is: EntryKind,
        wanted: EntryKind,
    },
    #[error("somebody and git-rally changed the same lines{}", sentences(.0))]
    Conflict(Vec<FileConflict>),
    #[error(transparent)]
    Zuul(#[from] ZuulError),
    /// Rally runs here already, and the task that it runs could have more workloads.
    #[error(transparent)]
    CanGrow(Box<CanGrow>),
    #[error("{}", which_task(.0))]
    NoOneTask(Vec<String>),
    #[error(transparent)]
    Extend(#[from] ExtendError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A refusal, and the task that lacks workloads.
#[derive(Debug, thiserror::Error)]
#[error("{covered}")]
pub struct CanGrow {
    pub covered: ZuulError,
    pub task: String,
    /// How many workloads it would get.
    pub count: usize,
}

fn which_task(tasks: &[String]) -> String {
    match tasks {
        [] => "no job in this repository names a task that is here".to_owned(),
        tasks => format!(
            "the jobs in this repository run several tasks: {}",
            tasks.join(", ")
        ),
    }
}

impl Remedy for PlanError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            PlanError::NoWorkloads(_) => Some(Refusal::NotAService),
            PlanError::InTheWay { .. } => Some(Refusal::InTheWay),
            PlanError::Conflict(_) => Some(Refusal::Conflict),
            PlanError::Zuul(error) => error.refusal(),
            PlanError::CanGrow(error) => error.covered.refusal(),
            PlanError::NoOneTask(_) => Some(Refusal::Undecided),
            PlanError::Extend(error) => error.refusal(),
            PlanError::Files(error) => error.refusal(),
            PlanError::Render(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            PlanError::NoWorkloads(_) => {
                "write an entry with workloads: git rally commit --catalogue DIR".to_owned()
            }
            PlanError::InTheWay { .. } => "move it in a change of your own first".to_owned(),
            PlanError::Conflict(found) => {
                let first = found.first().map_or("PATH", |found| &found.path);
                let keep = shell::line(["--keep", first]);
                format!(
                    "write one of the two texts there in a change of your own, and run the command again; or leave the file as it is: {keep}"
                )
            }
            PlanError::Render(error) => error.hint(),
            PlanError::Zuul(error) => error.hint(),
            PlanError::CanGrow(error) => format!(
                "add the {} workloads that {} lacks: git rally commit --extend; {}",
                error.count,
                error.task,
                error.covered.hint()
            ),
            PlanError::NoOneTask(tasks) => match tasks.is_empty() {
                true => "add a task and its job: git rally commit".to_owned(),
                false => "say which one: --extend --task PATH".to_owned(),
            },
            PlanError::Extend(error) => error.hint(),
            PlanError::Files(error) => error.hint(),
        }
    }
}

/// What the change is made for.
pub struct Situation<'a> {
    pub base: &'a dyn Files,
    pub entry: &'a Entry,
    pub options: &'a Options,
    /// Documents of the base that are known to be stubs.
    pub stubs: &'a Stubs,
    pub renderer: &'a Renderer,
    /// The repository's name for Zuul, `openstack/nova`.
    pub project: Option<&'a str>,
    /// The run whose files the base has.
    pub earlier: Option<&'a Earlier>,
    /// The commit that removed `rally-jobs` from the base's history, for people.
    pub removed: Option<&'a str>,
    pub lines: MergeLines<'a>,
    /// The program's own data.
    pub templates: &'a dyn Files,
}

/// Returns the change that gives the service its Rally job on top of the base, or that brings what
/// an earlier run has added up to date.
pub fn plan(situation: &Situation<'_>) -> Result<Plan, PlanError> {
    let Situation {
        base,
        entry,
        options,
        stubs,
        ..
    } = *situation;
    files::directories(base)?;
    let job = situation.earlier.and_then(|earlier| earlier.job.as_ref());
    // A parent that is proven by now does not bring the job into the gate.
    let options = &Options {
        voting: options.voting.or(job.map(|job| job.voting)),
        ..options.clone()
    };
    let view = View::new(entry, options)?;
    let mut templates = Templates {
        renderer: situation.renderer,
        values: Values::of(&view)?,
    };
    let none = Earlier::default();
    let mut update = Update {
        base,
        earlier: situation.earlier.unwrap_or(&none),
        lines: situation.lines,
        options,
        change: ChangeSet::default(),
        notes: Vec::new(),
        conflicts: Vec::new(),
    };
    // A task of ours grows by an update.
    let is_ours = update.earlier.rendered.contains_key(&view.task_path());
    if options.extend && !is_ours {
        return extend(situation, update, templates);
    }
    let others = match situation.earlier {
        Some(earlier) => earlier.others.of_earlier(entry, &view),
        None => Others::beside(base, entry, &view)?,
    };
    let rendered = files::rendered(entry, &view, &others, &mut templates)?;
    let mut wrote = Wrote::default();
    for (path, text) in &rendered {
        let replaced = match stubs.get(path) {
            Some(what) => Some(Reason::Stub(what.clone())),
            None => options.replace_docs.then_some(Reason::Asked),
        };
        update.ours(path, text.clone(), replaced)?;
        if !update.change.is_kept(path) {
            wrote.files.push(text.clone());
        }
    }
    for (path, was) in &update.earlier.rendered {
        if !rendered.iter().any(|(new, _)| new == path) {
            update.dropped(path, was)?;
        }
    }
    templates.values.insert("spares_others", &0);
    let wiring = job::wire(situation, &view, &templates, &mut update);
    let wiring = wiring.map_err(|error| error.with_offer(situation))?;
    templates
        .values
        .insert("spares_others", &wiring.spares_others);
    wrote.job = wiring.rendered;
    let mut notes = wiring.notes;
    if let Some(removed) = situation.removed {
        notes.push(format!(
            "this repository had {} until {removed}, which removed it",
            rally::DIRECTORY
        ));
    }
    templates.values.insert("removal", &situation.removed);
    let change = update.end(&mut notes)?;
    notes.extend(view.remarks(&change));
    let left = left::paths(base, &change)?;
    notes.extend(left.iter().map(|path| left::note(base, path)));
    templates
        .values
        .insert("left", &message::enumeration(&left));
    let message = match situation.earlier {
        None => message::message(&change, templates)?,
        Some(earlier) => message::of_update(earlier, options, &change, templates)?,
    };
    Ok(Plan::new(entry, change, message, notes, wrote))
}

/// Returns the plan of an extension.
fn extend(
    situation: &Situation<'_>,
    mut update: Update<'_>,
    mut templates: Templates<'_>,
) -> Result<Plan, PlanError> {
    let extended = extension::extended(situation)?;
    let (files, mut notes) = extended.add(situation, &mut update, &mut templates)?;
    let change = update.end(&mut notes)?;
    let left = left::paths(situation.base, &change)?;
    notes.extend(left.iter().map(|path| left::note(situation.base, path)));
    templates
        .values
        .insert("left", &message::enumeration(&left));
    let message = extension::message_of(&templates)?;
    let wrote = Wrote {
        files,
        ..Wrote::default()
    };
    Ok(Plan::new(situation.entry, change, message, notes, wrote))
}

impl Plan {
    fn new(
        entry: &Entry,
        change: ChangeSet,
        message: Message,
        notes: Vec<String>,
        wrote: Wrote,
    ) -> Plan {
        Plan {
            service: entry.service.service.clone(),
            wrote: Wrote {
                message: message.prose(),
                ..wrote
            },
            change,
            message,
            notes,
        }
    }
}

/// Returns the task that git-rally may have written and that a plan has left for a person's, or has
/// been refused for: history alone tells.
pub fn unclear_task(
    plan: &Result<Plan, PlanError>,
    service: &str,
    options: &Options,
) -> Option<String> {
    let (job, task) = match &options.job {
        Some(name) => (name.to_string(), rally::task_name(&name.to_string())),
        None => (rally::job_name(service), rally::task_name(service)),
    };
    let task = format!("{}/{task}", rally::DIRECTORY);
    let is_unclear = match plan {
        Ok(plan) => plan.change.is_kept(&task),
        Err(error) => error.covering().iter().any(|own| own.name == job),
    };
    is_unclear.then_some(task)
}

/// What was rendered, whatever of it is in the change.
#[derive(Clone, Debug, Default)]
pub struct Wrote {
    /// The files, those that are kept as a person wrote them left out.
    pub files: Vec<Vec<u8>>,
    /// The item of the job.
    pub job: Option<String>,
    /// Subject and body.
    pub message: String,
}

/// The templates and what they are filled with.
struct Templates<'a> {
    renderer: &'a Renderer,
    values: Values,
}

impl Templates<'_> {
    fn text(&self, name: &str) -> Result<String, RenderError> {
        self.renderer.render(name, &self.values)
    }
}

impl PlanError {
    /// Returns whether Rally runs there already.
    fn is_covered(&self) -> bool {
        matches!(self, PlanError::Zuul(ZuulError::Covered(_)))
    }

    /// Returns the jobs that run Rally already, where they are in the way.
    fn covering(&self) -> &[CoveredJob] {
        let covered = match self {
            PlanError::Zuul(error) => error,
            PlanError::CanGrow(error) => &error.covered,
            _ => return &[],
        };
        match covered {
            ZuulError::Covered(jobs) => jobs,
            _ => &[],
        }
    }

    /// Returns the error with the offer to extend the task that is there, where that would add
    /// something.
    fn with_offer(self, situation: &Situation<'_>) -> PlanError {
        let PlanError::Zuul(covered @ ZuulError::Covered(_)) = self else {
            return self;
        };
        let found = extension::extended(situation).ok();
        match found.as_ref().map(extension::Extended::offer) {
            Some((task, count)) if count > 0 => PlanError::CanGrow(Box::new(CanGrow {
                covered,
                task: task.to_owned(),
                count,
            })),
            _ => PlanError::Zuul(covered),
        }
    }
}

/// How many conflicts are shown, and how many lines of each text.
const SHOWN: usize = 10;

/// Returns a paragraph for each conflict: the place, and both texts.
fn sentences(conflicts: &[FileConflict]) -> String {
    let mut said = String::new();
    for FileConflict { path, at } in conflicts.iter().take(SHOWN) {
        let lines = match at.line == at.last {
            true => at.line.to_string(),
            false => format!("{}-{}", at.line, at.last),
        };
        said += &format!(
            "\n    {}:{lines} has\n{}",
            visible(path),
            quoted(&at.theirs)
        );
        said += &format!("\n    and git-rally has\n{}", quoted(&at.ours));
    }
    match conflicts.len().checked_sub(SHOWN + 1) {
        Some(more) => format!("{said}\n    and {} more", more + 1),
        None => said,
    }
}

fn quoted(text: &str) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    let mut lines: Vec<String> = (all.iter().take(SHOWN))
        .map(|line| format!("        {}", visible(line)))
        .collect();
    match all.len().checked_sub(SHOWN + 1) {
        _ if all.is_empty() => lines.push("        (nothing)".to_owned()),
        Some(more) => lines.push(format!("        ({} more lines)", more + 1)),
        None => {}
    }
    lines.join("\n")
}
