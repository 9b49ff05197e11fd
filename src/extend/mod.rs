//! Growing: a task that people have written gets the workloads that it lacks.
//!
//! ```text
//! wanted   which workloads: not one that the task has, none that its jobs cannot run
//! style    how the task is written: columns, dashes, steps
//! lines    the new lines, in that style
//! meant    what Rally is to read of them
//! place    behind which line of the template they go
//! prove    the new text says the old task and these workloads, and keeps every byte
//! ```
//!
//! Pure: files and an entry of the catalogue in, the new text out. Whole lines are inserted, or
//! nothing is.

mod error;
mod lines;
mod meant;
mod place;
mod prove;
mod style;
mod wanted;

use std::collections::BTreeSet;

use crate::catalogue::{Entry, Time};
use crate::check::{Budget, NoTask, Task, Text, read_text};
use crate::files::Files;
use crate::rally::Devstacks;
use crate::render::Renderer;
use crate::workload::LoadOptions;
use crate::zuul::{Deployed, Location};

pub use error::{ExtendError, Obstacle};
use style::Style;
use wanted::{Group, Wanted};
pub use wanted::{LeftOut, Why};

/// A task and what it gets.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The task's.
    pub path: String,
    pub before: Vec<u8>,
    /// The same as `before` where nothing is added.
    pub after: Vec<u8>,
    /// In the order of the text.
    pub added: Vec<Added>,
    /// What the task lacks and does not get; in the catalogue's order.
    pub left_out: Vec<LeftOut>,
    /// The files of the entry that the workloads need: `plugins/NAME`.
    pub plugins: Vec<String>,
    /// The same: `extra/NAME`.
    pub extra: Vec<String>,
    /// How much longer the task takes, in seconds.
    pub time: Time,
}

/// A workload that the task gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    pub scenario: String,
    /// One sentence.
    pub description: String,
    /// The title of its subtask in the catalogue; a task of version 1 has no titles.
    pub subtask: String,
}

/// The jobs that run the task, for what its workloads need.
#[derive(Clone, Copy, Debug)]
pub struct Jobs<'a> {
    /// Those of the repository; without any, no need is in the way.
    pub own: &'a [Deployed],
    /// What is known of their parents elsewhere.
    pub elsewhere: &'a Devstacks,
}

/// Returns the task at `task_path` of `base` with the workloads of the entry that it lacks. `then` is
/// the text of the task after an earlier run, empty without one: what people deleted since stays so.
pub fn extend(
    base: &dyn Files,
    task_path: &str,
    entry: &Entry,
    load: LoadOptions,
    jobs: Jobs<'_>,
    then: &str,
    renderer: &Renderer,
) -> Result<Extension, ExtendError> {
    let text = match read_text(base, task_path) {
        Text::Read(text) => text,
        Text::Absent => return Err(ExtendError::NoFile(task_path.to_owned())),
        Text::NotJudged(why) => return Err(refused(task_path, 1, Obstacle::Unread(why))),
    };
    let task = Task::read(base, task_path, &text, &Budget::default())
        .map_err(|why| unreadable(task_path, why))?;
    let wanted = Wanted::of(&task, &text, entry, jobs, then);
    let mut extension = Extension {
        path: task_path.to_owned(),
        before: text.clone().into_bytes(),
        after: text.clone().into_bytes(),
        added: added(&wanted.groups),
        plugins: plugins(&wanted, entry),
        extra: extra(&wanted, entry),
        time: wanted.time(entry, load),
        left_out: wanted.left_out,
    };
    let refused = |(line, obstacle)| refused(task_path, task.line(line), obstacle);
    let style = Style::of(&task, &text).map_err(refused)?;
    if wanted.groups.is_empty() {
        return Ok(extension);
    }
    let views = lines::views(&wanted.groups, entry, load);
    let at = place::behind(&task, &text, &style).map_err(refused)?;
    let lines = lines::lines(&views, &style, renderer)?;
    if let Some(sign) = ["{{", "{%", "{#"].iter().find(|sign| lines.contains(*sign)) {
        return Err(ExtendError::Jinja2((*sign).to_owned()));
    }
    let (after, inserted) = place::insert(&text, at, &lines);
    prove::prove(base, &task, &text, &after, inserted, &views, &style.form)
        .map_err(|obstacle| refused((style.line, obstacle)))?;
    extension.after = after.into_bytes();
    Ok(extension)
}

fn added(groups: &[Group<'_>]) -> Vec<Added> {
    let of_group = |group: &Group<'_>| {
        let workloads = group.workloads.iter();
        let added = workloads.map(|workload| Added {
            scenario: workload.scenario.clone(),
            description: workload.description.clone(),
            subtask: group.title.to_owned(),
        });
        added.collect::<Vec<_>>()
    };
    groups.iter().flat_map(of_group).collect()
}

/// Returns the plugin files that the workloads need. One without scenarios, of cleanup or contexts,
/// may serve any workload.
fn plugins(wanted: &Wanted<'_>, entry: &Entry) -> Vec<String> {
    let scenarios: BTreeSet<&str> = wanted.workloads().map(|w| w.scenario.as_str()).collect();
    let needed = entry.service.plugins.iter().filter(|plugin| {
        let mut own = plugin.scenarios.iter();
        let has_one = own.any(|scenario| scenarios.contains(scenario.name.as_str()));
        has_one || plugin.scenarios.is_empty() && !scenarios.is_empty()
    });
    needed
        .map(|plugin| format!("plugins/{}", plugin.file))
        .collect()
}

/// Returns the extra files that the workloads name, and those that such files name.
fn extra(wanted: &Wanted<'_>, entry: &Entry) -> Vec<String> {
    let values = wanted.workloads().map(|workload| {
        let arguments = serde_json::to_string(&workload.arguments);
        let contexts = serde_json::to_string(&workload.contexts);
        arguments.unwrap_or_default() + &contexts.unwrap_or_default()
    });
    let mut texts: Vec<String> = values.collect();
    let mut needed = BTreeSet::new();
    while let Some(text) = texts.pop() {
        for extra in &entry.service.extra {
            let path = format!("extra/{}", extra.file);
            if text.contains(&extra.file) && needed.insert(path.clone()) {
                let bytes = entry.files.get(&path).map(Vec::as_slice);
                texts.push(String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned());
            }
        }
    }
    needed.into_iter().collect()
}

fn unreadable(path: &str, why: NoTask) -> ExtendError {
    let (line, why) = match why {
        NoTask::Variables(names) => {
            let line = names.values().min().copied().unwrap_or(1);
            let names: Vec<String> = names.into_keys().map(|name| format!("`{name}`")).collect();
            (line, format!("no value is known of {}", names.join(", ")))
        }
        NoTask::Template { line, why } => (line, format!("Jinja2 cannot render it: {why}")),
        NoTask::Yaml { line, why } => (line, format!("Rally cannot read it: {why}")),
        NoTask::NotJudged(why) => (1, why),
    };
    refused(path, line, Obstacle::Unread(why))
}

fn refused(path: &str, line: usize, obstacle: Obstacle) -> ExtendError {
    let location = Location {
        path: path.to_owned(),
        line,
        column: 0,
    };
    ExtendError::Refused { location, obstacle }
}

#[cfg(test)]
mod tests;
