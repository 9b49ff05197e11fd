//! A message that ends a run: what is wrong with it, and whose words those are.

use std::collections::BTreeSet;

use super::change_id::ChangeIdError;
use super::check::{Flaw, Rules, check};
use super::footer::Footer;
use crate::remedy::{Refusal, Remedy};

/// A message that Gerrit or git would not take.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("Gerrit or git would reject the commit message: {}", sentences(.flaws))]
    Flaws {
        flaws: Vec<Flaw>,
        sources: BTreeSet<Source>,
    },
    #[error(transparent)]
    ChangeId(#[from] ChangeIdError),
}

/// Where words of a message come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// `user.name`.
    Name,
    /// `user.email`.
    Mail,
    /// `--trailer`.
    Trailer,
    /// The subject and the body: our templates and an entry of the catalogue.
    Catalogue,
}

/// Fails where anything is wrong with `text`.
pub fn validate(text: &str, rules: &Rules<'_>) -> Result<(), MessageError> {
    let flaws = check(text, rules);
    if flaws.is_empty() {
        return Ok(());
    }
    let sources = flaws.iter().map(|flaw| source(flaw, text)).collect();
    Err(MessageError::Flaws { flaws, sources })
}

fn source(flaw: &Flaw, text: &str) -> Source {
    match *flaw {
        Flaw::NoSubject
        | Flaw::LongSubject(_)
        | Flaw::SubjectChanged(_)
        | Flaw::NoBlankLine
        | Flaw::LongLine { .. }
        | Flaw::MailHeader(_) => Source::Catalogue,
        Flaw::ChangeIds(_) | Flaw::Links(_) | Flaw::OutsideFooter(_) => Source::Trailer,
        Flaw::NotSignedOff(_) => Source::Mail,
        Flaw::NotAscii(line)
        | Flaw::Control { line, .. }
        | Flaw::Untidy(line)
        | Flaw::Comment(line)
        | Flaw::EndsMessage(line) => source_of_line(text, line),
    }
}

fn source_of_line(text: &str, line: usize) -> Source {
    if line <= Footer::of(text).lines_before() {
        return Source::Catalogue;
    }
    let line = text.split('\n').nth(line - 1).unwrap_or_default();
    match line.to_ascii_lowercase().starts_with("signed-off-by:") {
        true => Source::Name,
        false => Source::Trailer,
    }
}

impl Remedy for MessageError {
    fn refusal(&self) -> Option<Refusal> {
        Some(Refusal::Message)
    }

    fn hint(&self) -> String {
        match self {
            MessageError::ChangeId(error) => error.hint(),
            MessageError::Flaws { sources, .. } => {
                let hints: Vec<&str> = sources.iter().map(|source| source.hint()).collect();
                hints.join("; ")
            }
        }
    }
}

impl Source {
    fn hint(self) -> &'static str {
        match self {
            Source::Name => "git config user.name NAME",
            Source::Mail => "git config user.email MAIL",
            Source::Trailer => "change the --trailer that is named",
            Source::Catalogue => {
                "fix the service's entry; print it: git rally services NAME --yaml"
            }
        }
    }
}

fn sentences(flaws: &[Flaw]) -> String {
    let all: Vec<String> = flaws.iter().map(ToString::to_string).collect();
    all.join("; ")
}
