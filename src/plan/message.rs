//! The commit message: it speaks of what the change has, not of what might have been.

use super::{PlanError, Templates};
use crate::change::{ChangeSet, Reason};
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
    let body = templates.text("commit/body.txt")?;
    let paragraphs = body
        .split("\n\n")
        .map(|paragraph| paragraph.trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty());
    Ok(Message {
        subject: templates.text("commit/subject.txt")?.trim().to_owned(),
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
