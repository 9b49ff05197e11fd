//! `--extend`: the task that people have written gets the workloads that it lacks.

use super::message;
use super::schedule::Length;
use super::update::Update;
use super::{PlanError, Situation, Templates};
use crate::change::{FileChange, Reason};
use crate::extend::{Extension, Jobs, extend};
use crate::files::EntryKind;
use crate::message::Message;
use crate::rally::{self, Devstacks};
use crate::zuul::{self, Wiring};

/// Which task to extend, and what would come of it.
pub(super) struct Extended {
    wiring: Wiring,
    extension: Extension,
}

/// Returns the extension of the one task that a job of the repository runs, or of the one that was
/// asked for.
pub(super) fn extended(situation: &Situation<'_>) -> Result<Extended, PlanError> {
    let base = situation.base;
    let wiring = zuul::wiring(base);
    let task = match &situation.options.task {
        Some(task) => task.clone(),
        None => task_of(situation, &wiring)?,
    };
    let own = wiring.deployed(&task);
    let jobs = Jobs {
        own: &own,
        elsewhere: &Devstacks::read(situation.templates)?,
    };
    let options = situation.options;
    let extension = extend(
        base,
        &task,
        situation.entry,
        options.load,
        jobs,
        situation.renderer,
    )?;
    Ok(Extended { wiring, extension })
}

fn task_of(situation: &Situation<'_>, wiring: &Wiring) -> Result<String, PlanError> {
    let named = wiring.jobs.iter().flat_map(|job| &job.tasks);
    let mut tasks: Vec<String> = Vec::new();
    for (task, _) in named {
        let task = task.strip_prefix("./").unwrap_or(task);
        let is_there = situation.base.kind(task)? == Some(EntryKind::File);
        if is_there && !tasks.iter().any(|other| other == task) {
            tasks.push(task.to_owned());
        }
    }
    match tasks.len() {
        1 => Ok(tasks.remove(0)),
        _ => Err(PlanError::NoOneTask(tasks)),
    }
}

impl Extended {
    /// Returns the task and how many workloads it would get.
    pub(super) fn offer(&self) -> (&str, usize) {
        (&self.extension.path, self.extension.added.len())
    }

    /// Adds the task with its new workloads, and the plugins and extra files that they need; returns
    /// what was rendered of these, and the notes.
    pub(super) fn add(
        self,
        situation: &Situation<'_>,
        update: &mut Update<'_>,
        templates: &mut Templates<'_>,
    ) -> Result<(Vec<Vec<u8>>, Vec<String>), PlanError> {
        let base = situation.base;
        let Extended { wiring, extension } = self;
        let mut wrote = Vec::new();
        let mut needed: Vec<&String> = extension.plugins.iter().collect();
        needed.extend(&extension.extra);
        for name in needed {
            let path = format!("{}/{name}", rally::DIRECTORY);
            let text = situation.entry.files.get(name).cloned().unwrap_or_default();
            update.ours(&path, text.clone(), None)?;
            if !update.change.is_kept(&path) {
                wrote.push(text);
            }
        }
        let mut notes = self::notes(situation, &wiring, &extension);
        let kept = update.change.kept().map(|path| {
            format!("{path} exists already with other content and is kept: the new workloads may need ours")
        });
        notes.extend(kept);
        let added: Vec<String> = (extension.added.iter())
            .map(|added| format!("{}: {}", added.scenario, added.description))
            .collect();
        templates.values.insert("workloads", &added);
        templates.values.insert("path", &extension.path);
        let expected = extension.time.expected.map(|time| Length(time).to_string());
        templates.values.insert("expected", &expected);
        let plugins: Vec<String> = (extension.plugins.iter().chain(&extension.extra))
            .map(|name| format!("{}/{name}", rally::DIRECTORY))
            .filter(|path| update.change.changed().any(|(other, _)| other == path))
            .collect();
        templates
            .values
            .insert("plugins_added", &message::enumeration(&plugins));
        let count = extension.added.len();
        let file = FileChange {
            mode: base.mode(&extension.path)?,
            reason: Reason::Edited(format!("{count} workloads added")),
            before: Some(extension.before),
            after: Some(extension.after),
        };
        update.change.0.insert(extension.path, file);
        Ok((wrote, notes))
    }
}

fn notes(situation: &Situation<'_>, wiring: &Wiring, extension: &Extension) -> Vec<String> {
    let mut notes = Vec::new();
    let path = &extension.path;
    if !extension.added.is_empty() {
        let expected = match extension.time.expected {
            Some(time) => format!(", which take about {}", Length(time)),
            None => String::new(),
        };
        let count = extension.added.len();
        notes.push(format!(
            "{path} gets {count} workloads that it lacks{expected}"
        ));
        let own: Vec<&str> = (wiring.jobs.iter())
            .filter(|job| job.tasks.iter().any(|(task, _)| task == path))
            .map(|job| job.name.as_str())
            .collect();
        let timeouts = wiring.timeouts.iter().map(|(seconds, _)| *seconds).min();
        let stops = match timeouts {
            Some(seconds) => format!("; Zuul stops a job here after {}", Length(seconds as f64)),
            None => String::new(),
        };
        if !own.is_empty() {
            let jobs = message::enumeration(&own);
            notes.push(format!(
                "{jobs} run{} it{stops}",
                if own.len() == 1 { "s" } else { "" }
            ));
        }
    }
    let left_out = extension.left_out.iter();
    notes.extend(left_out.map(|left| format!("{} is left out: {}", left.scenario, left.why)));
    if situation.options.without_zuul {
        notes.push("no job changes with --extend".to_owned());
    }
    notes
}

/// Returns the message of the extension.
pub(super) fn message_of(templates: &Templates<'_>) -> Result<Message, PlanError> {
    message::of_templates(
        "commit/extend-subject.txt",
        "commit/extend-body.txt",
        templates,
    )
}
