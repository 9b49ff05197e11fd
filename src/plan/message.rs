//! The commit message: it speaks of what the change has, not of what might have been.

use super::differences::Differences;
use super::earlier::Earlier;
use super::{PlanError, Situation, Templates};
use crate::change::{ChangeSet, FileChange, Reason};
use crate::limits::{LimitSource, Limits};
use crate::message::Message;
use crate::rally;

/// Returns the message for the change.
pub(super) fn message(change: &ChangeSet, templates: Templates<'_>) -> Result<Message, PlanError> {
    let mut templates = templates;
    let added: Vec<&str> = change.changed().map(|(path, _)| path).collect();
    let has = |part: fn(&str) -> bool| added.iter().any(|path| part(path));
    type Part = (&'static str, fn(&str) -> bool);
    let kinds: [Part; 3] = [
        ("documentation", |path| path.ends_with(".rst")),
        ("plugins", |path| {
            rally::is_plugin(path) && !path.ends_with("/__init__.py")
        }),
        ("extra files", |path| {
            path.starts_with(rally::EXTRA) && !path.ends_with(".rst")
        }),
    ];
    let parts = kinds.into_iter().filter(|(_, part)| has(*part));
    let parts: Vec<&str> = parts.map(|(name, _)| name).collect();
    templates.values.insert("parts", &enumeration(&parts));
    templates
        .values
        .insert("has_task", &has(rally::may_be_task));
    templates
        .values
        .insert("has_job", &has(|path| !path.starts_with(rally::DIRECTORY)));
    templates
        .values
        .insert("rewritten", &enumeration(&rewritten(change)));
    of_templates("commit/subject.txt", "commit/body.txt", &templates)
}

/// Where the job of an earlier run runs from now on, if that changes.
#[derive(Clone, Copy)]
pub(super) struct Moves {
    pub(super) revotes: bool,
    /// Whether `periodic` lists it from now on.
    pub(super) periodic: Option<bool>,
}

/// Returns the message for an update of what `earlier` had added.
pub(super) fn of_update(
    situation: &Situation<'_>,
    earlier: &Earlier,
    change: &ChangeSet,
    moves: Moves,
    templates: Templates<'_>,
) -> Result<Message, PlanError> {
    let mut templates = templates;
    let reasons = |wanted: Reason| -> Vec<&str> {
        let files = change.changed();
        let files = files.filter(|(_, file)| file.reason == wanted);
        files.map(|(path, _)| path).collect()
    };
    let task = change.changed().find(|(path, _)| rally::may_be_task(path));
    let differences = task.map_or_else(Differences::default, |(_, file)| {
        Differences::of(file.before.as_deref(), file.after.as_deref())
    });
    let edited = |file: &FileChange| matches!(file.reason, Reason::Edited(_));
    let says_enough = !differences.is_empty();
    let files = |is_new: bool| -> Vec<&str> {
        let files = change.changed().filter(|(path, file)| {
            let is_told = rally::may_be_task(path) && says_enough && !is_new;
            file.after.is_some() && file.before.is_none() == is_new && !edited(file) && !is_told
        });
        files.map(|(path, _)| path).collect()
    };
    let mut insert = |name: &'static str, text: &str| templates.values.insert(name, &text);
    insert("earlier", &earlier.commit);
    insert("added", &shortened(&differences.added));
    insert("dropped", &shortened(&differences.dropped));
    let changed = match differences.all_changed {
        0 => shortened(&differences.changed),
        _ => String::new(),
    };
    insert("changed", &changed);
    insert("new_files", &enumeration(&files(true)));
    insert("updated_files", &enumeration(&files(false)));
    insert("removed", &enumeration(&reasons(Reason::Dropped)));
    insert("merged", &enumeration(&reasons(Reason::Merged)));
    // Of limits, a paragraph of its own speaks.
    let options = situation.changed.iter();
    let options: Vec<&String> = options
        .filter(|option| *option != "--limits-from")
        .collect();
    insert("options", &enumeration(&options));
    let updates_job = change.changed().any(|(_, file)| edited(file));
    templates.values.insert("updates_job", &updates_job);
    templates.values.insert("revotes", &moves.revotes);
    let starts = moves.periodic == Some(true);
    templates.values.insert("starts_periodic", &starts);
    let stops = moves.periodic == Some(false);
    templates.values.insert("stops_periodic", &stops);
    templates
        .values
        .insert("all_changed", &differences.all_changed);
    of_templates(
        "commit/update-subject.txt",
        "commit/update-body.txt",
        &templates,
    )
}

/// Returns what the message says of limits that were measured; empty where there are none, or an
/// earlier commit says it.
pub(super) fn limits(
    limits: Option<&Limits>,
    templates: &Templates<'_>,
) -> Result<String, PlanError> {
    match limits.map(|limits| &limits.source) {
        Some(LimitSource::Runs(evidence)) => {
            let mut templates = Templates {
                renderer: templates.renderer,
                values: templates.values.clone(),
            };
            templates.values.insert("limits", &evidence.view());
            Ok(templates.text("commit/limits.txt")?)
        }
        Some(LimitSource::Task(said)) => Ok(said.clone().unwrap_or_default()),
        None => Ok(String::new()),
    }
}

/// The most names of a list in a message.
const MOST_NAMED: usize = 8;

fn shortened(names: &[String]) -> String {
    match names.len().checked_sub(MOST_NAMED) {
        None | Some(0 | 1) => enumeration(names),
        Some(more) => format!("{} and {more} more", names[..MOST_NAMED].join(", ")),
    }
}

/// Returns the message of two templates.
pub(super) fn of_templates(
    subject: &str,
    body: &str,
    templates: &Templates<'_>,
) -> Result<Message, PlanError> {
    let body = templates.text(body)?;
    let paragraphs = body
        .split("\n\n")
        .map(|paragraph| paragraph.trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty());
    Ok(Message {
        subject: templates.text(subject)?.trim().to_owned(),
        body: paragraphs.collect(),
        trailers: Vec::new(),
    })
}

/// Returns the documents that ours replace, each with what it was.
fn rewritten(change: &ChangeSet) -> Vec<String> {
    let files = change.changed();
    let documents = files.filter_map(|(path, file)| match &file.reason {
        Reason::Stub(what) => Some(format!("{path} ({what})")),
        Reason::Asked => Some(path.to_owned()),
        _ => None,
    });
    documents.collect()
}

/// Returns `a, b and c`.
pub(super) fn enumeration<W: AsRef<str>>(words: &[W]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
