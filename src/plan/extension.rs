//! `--extend`: the task that people have written gets the workloads that it lacks.

use super::message;
use super::schedule::Length;
use super::update::Update;
use super::{CanGrow, PlanError, Situation, Templates};
use crate::change::{FileChange, Reason};
use crate::extend::{Extension, Jobs, extend};
use crate::files::EntryKind;
use crate::message::Message;
use crate::rally::{self, Devstacks};
use crate::zuul::{self, Wiring, ZuulError};

/// Which task to extend, and what would come of it.
pub(super) struct Extended {
    wiring: Wiring,
    /// The jobs that run it.
    own: Vec<String>,
    extension: Extension,
}

/// Returns the extension of the one task that a job of the repository runs, or of the one that was
/// asked for.
pub(super) fn extended(situation: &Situation<'_>) -> Result<Extended, PlanError> {
    let base = situation.base;
    let wiring = zuul::wiring(base);
    let task = match &situation.options.task {
        Some(task) => task.strip_prefix("./").unwrap_or(task).to_owned(),
        None => task_of(situation, &wiring)?,
    };
    let own = wiring.deployed(&task);
    let jobs = Jobs {
        own: &own,
        elsewhere: &Devstacks::read(situation.templates)?,
    };
    let then = situation
        .earlier
        .and_then(|earlier| earlier.tasks.get(&task));
    let then = then.map_or("", String::as_str);
    let (entry, load) = (situation.entry, situation.options.load);
    let extension = extend(base, &task, entry, load, jobs, then, situation.renderer)?;
    let own = own.into_iter().map(|job| job.job).collect();
    Ok(Extended {
        wiring,
        own,
        extension,
    })
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

/// Returns the error with the offer to extend the task that is there, where that would add
/// something.
pub(super) fn with_offer(error: PlanError, situation: &Situation<'_>) -> PlanError {
    let PlanError::Zuul(covered @ ZuulError::Covered(_)) = error else {
        return error;
    };
    // Where it cannot be extended, --extend itself says why.
    let Ok(found) = extended(situation) else {
        return PlanError::Zuul(covered);
    };
    let Extension { path, added, .. } = found.extension;
    match added.len() {
        0 => PlanError::Zuul(covered),
        count => PlanError::CanGrow(Box::new(CanGrow {
            covered,
            task: path,
            count,
        })),
    }
}

impl Extended {
    /// Returns the path of the task.
    pub(super) fn task(&self) -> &str {
        &self.extension.path
    }

    /// Returns whether the task lacks workloads that it does not get.
    pub(super) fn has_left_out(&self) -> bool {
        !self.extension.left_out.is_empty()
    }

    /// Adds the task with its new workloads, and the plugins and extra files that they need; those of
    /// an earlier run are brought up to date. Returns what was rendered of these, and the notes.
    pub(super) fn add(
        self,
        situation: &Situation<'_>,
        update: &mut Update<'_>,
        templates: &mut Templates<'_>,
    ) -> Result<(Vec<Vec<u8>>, Vec<String>), PlanError> {
        let mut notes = self.notes();
        let jobs = self.jobs().unwrap_or_default();
        let extension = self.extension;
        let mut wrote = Vec::new();
        for (name, text) in &situation.entry.files {
            let path = format!("{}/{name}", rally::DIRECTORY);
            let is_needed = extension.plugins.contains(name) || extension.extra.contains(name);
            if !is_needed && !update.earlier.rendered.contains_key(&path) {
                continue;
            }
            update.ours(&path, text.clone(), None)?;
            if update.is_written(&path) {
                wrote.push(text.clone());
            }
        }
        let kept = update.change.kept().map(|path| {
            format!("{path} is kept: it has other content, and the new workloads may need ours")
        });
        notes.extend(kept);
        let added: Vec<String> = (extension.added.iter())
            .map(|added| format!("{}: {}", added.scenario, added.description))
            .collect();
        let files = |is_new: bool| -> Vec<&str> {
            let files = update.change.changed();
            let files = files.filter(|(_, file)| file.before.is_none() == is_new);
            files.map(|(path, _)| path).collect()
        };
        let values = &mut templates.values;
        values.insert("new_files", &message::enumeration(&files(true)));
        values.insert("updated_files", &message::enumeration(&files(false)));
        values.insert("workloads", &added);
        values.insert("path", &extension.path);
        values.insert("jobs", &jobs);
        let expected = extension.time.expected.map(|time| Length(time).to_string());
        values.insert("expected", &expected);
        if !added.is_empty() {
            let file = FileChange {
                mode: situation.base.mode(&extension.path)?,
                reason: Reason::Edited(format!("{} added", workloads(added.len()))),
                before: Some(extension.before),
                after: Some(extension.after),
            };
            update.change.0.insert(extension.path, file);
        }
        Ok((wrote, notes))
    }

    /// Returns the jobs and their verb: `a and b run`.
    fn jobs(&self) -> Option<String> {
        let jobs = message::enumeration(&self.own);
        match self.own.len() {
            0 => None,
            1 => Some(format!("{jobs} runs")),
            _ => Some(format!("{jobs} run")),
        }
    }

    fn notes(&self) -> Vec<String> {
        let Extension {
            path,
            added,
            left_out,
            time,
            ..
        } = &self.extension;
        let mut notes = Vec::new();
        if !added.is_empty() {
            let expected = match time.expected {
                Some(time) => format!(", which take about {}", Length(time)),
                None => String::new(),
            };
            let count = workloads(added.len());
            notes.push(format!("{path} gets {count} that it lacks{expected}"));
        }
        // The timeouts are those of all Rally jobs here.
        let timeouts = self.wiring.timeouts.iter().map(|(seconds, _)| *seconds);
        let timeout = timeouts
            .min()
            .filter(|_| self.own.len() == self.wiring.jobs.len());
        let stops = match timeout {
            Some(seconds) => format!("; Zuul stops a job here after {}", Length(seconds as f64)),
            None => String::new(),
        };
        notes.extend(self.jobs().map(|jobs| format!("{jobs} it{stops}")));
        let left_out = left_out.iter();
        notes.extend(left_out.map(|left| format!("{} is left out: {}", left.scenario, left.why)));
        notes
    }
}

fn workloads(count: usize) -> String {
    match count {
        1 => "1 workload".to_owned(),
        count => format!("{count} workloads"),
    }
}

/// Returns the message of the extension.
pub(super) fn message_of(templates: &Templates<'_>) -> Result<Message, PlanError> {
    message::of_templates(
        "commit/extend-subject.txt",
        "commit/extend-body.txt",
        templates,
    )
}
