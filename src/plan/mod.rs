//! What the change is: pure, from the files of the base and an entry of the catalogue.

mod differences;
mod earlier;
mod error;
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
mod wrote;

use std::collections::BTreeMap;

use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange, Reason};
use crate::files::Files;
use crate::limits::{LimitSource, Limits, LimitsError};
use crate::merge::MergeLines;
use crate::message::Message;
use crate::rally;
use crate::render::{RenderError, Renderer, Values};
use crate::zuul::Voting;
use update::Update;
use view::View;

pub use crate::workload::LoadOptions;
pub use earlier::{Earlier, EarlierJob, files_of_rally_jobs, place_in};
pub use error::{CanGrow, PlanError};
pub use files::{Others, has_rendered_name};
pub use job_name::{JobName, JobNameError};
pub use update::FileConflict;
pub use wrote::Wrote;

/// What was asked for, beside the service.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--job`: another name for the job, beside one that may exist.
    pub job: Option<JobName>,
    /// `--trial` or `--voting`; else what the catalogue says of the parent decides.
    pub voting: Option<Voting>,
    /// `--periodic` or `--no-periodic`; else the job's entry there, or none, stays as it is.
    pub periodic: Option<bool>,
    /// `--no-zuul` turns this on.
    pub without_zuul: bool,
    /// `--extend`: the task that people have written gets the workloads that it lacks.
    pub extend: bool,
    /// `--task`: which one.
    pub task: Option<String>,
    /// `--keep`: files that stay as they are, whatever changes in ours.
    pub keep: Vec<String>,
    /// `--replace-docs`: READMEs that exist give way to ours.
    pub replace_docs: bool,
    pub load: LoadOptions,
    /// `--limits-from`, now or in an earlier run: limits that take the place of the catalogue's.
    pub limits: Option<Limits>,
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
    /// Whether `--extend` leaves workloads out, as the notes say.
    pub has_left_out: bool,
    /// Those of the notes that say what people changed and so stays as it is.
    pub stays: Vec<String>,
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
    /// What was asked for otherwise than in the run whose files the base has, for people:
    /// `--times 5 (it was --times 3)`.
    pub changed: &'a [String],
    pub lines: MergeLines<'a>,
    /// Returns the digest of a rendered file, as a run writes it down.
    pub digest: &'a dyn Fn(&[u8]) -> String,
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
        periodic: options.periodic.or(job.map(|job| job.periodic)),
        ..options.clone()
    };
    let measured = options.limits.as_ref().map(|limits| limits.applied(entry));
    let entry = measured.as_ref().unwrap_or(entry);
    let view = View::new(entry, options)?;
    let mut templates = Templates {
        renderer: situation.renderer,
        values: Values::of(&view)?,
    };
    let none = Earlier::default();
    let earlier = situation.earlier.unwrap_or(&none);
    let mut update = Update::new(situation, earlier, options);
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
    update.paths = rendered.iter().map(|(path, _)| path.clone()).collect();
    let mut wrote = Wrote::default();
    for (path, text) in &rendered {
        let replaced = match stubs.get(path) {
            Some(what) => Some(Reason::Stub(what.clone())),
            None => options.replace_docs.then_some(Reason::Asked),
        };
        update.ours(path, text.clone(), replaced)?;
        if update.is_written(path) {
            wrote.files.push(text.clone());
        }
    }
    for (path, was) in &update.earlier.rendered {
        if !update.paths.contains(path) {
            update.dropped(path, was)?;
        }
    }
    if situation.earlier.is_some() {
        let is_ours = |path: &str| files::is_ours(path, entry, &view);
        let there = Others::of(base, &|path| {
            is_ours(path) || update.change.0.contains_key(path)
        })?;
        wrote.others = (there.names() != others.names()).then(|| others.names());
        wrote.of_update(&update, &rendered, situation.options);
    }
    templates.values.insert("spares_others", &0);
    let wiring = job::wire(situation, &view, &templates, &mut update);
    let wiring = wiring.map_err(|error| extension::with_offer(error, situation))?;
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
    let mut stays = wiring.stays;
    stays.extend(update.notes.iter().cloned());
    let change = update.end(&mut notes)?;
    notes.extend(view.remarks(&change));
    let left = left::paths(base, &change)?;
    notes.extend(left.iter().map(|path| left::note(base, path)));
    templates
        .values
        .insert("left", &message::enumeration(&left));
    let limits = message::limits(options.limits.as_ref(), &templates)?;
    templates.values.insert("limits", &limits);
    let message = match situation.earlier {
        None => message::message(&change, templates)?,
        Some(earlier) => {
            let moves = message::Moves {
                revotes: wiring.revotes,
                periodic: wiring.periodic,
            };
            message::of_update(situation, earlier, &change, moves, templates)?
        }
    };
    Ok(Plan {
        stays,
        ..Plan::new(entry, change, message, notes, wrote)
    })
}

/// Returns the plan of an extension.
fn extend(
    situation: &Situation<'_>,
    mut update: Update<'_>,
    mut templates: Templates<'_>,
) -> Result<Plan, PlanError> {
    let extended = extension::extended(situation)?;
    let limits = situation.options.limits.as_ref();
    if let Some(LimitSource::Runs(_)) = limits.map(|limits| &limits.source) {
        return Err(LimitsError::Theirs(extended.task().to_owned()).into());
    }
    let has_left_out = extended.has_left_out();
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
    Ok(Plan {
        has_left_out,
        ..Plan::new(situation.entry, change, message, notes, wrote)
    })
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
            has_left_out: false,
            stays: Vec::new(),
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
        Ok(plan) if plan.change.is_kept(&task) => true,
        // The task is as it is rendered: a plugin is an earlier one, or a person's.
        Ok(plan) => {
            let mut kept = plan.change.kept();
            let is_there = |file: &FileChange| file.reason == Reason::Same;
            let is_same = plan.change.0.get(&task).is_some_and(is_there);
            is_same && kept.any(|path| !path.ends_with(".rst"))
        }
        Err(error) => error.covering().iter().any(|own| own.name == job),
    };
    is_unclear.then_some(task)
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
