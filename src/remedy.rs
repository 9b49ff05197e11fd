//! What an error means for a person: whether the work is declined or went wrong, and what to type.
//!
//! Every module's error answers for itself, beside its text, so that the text of a refusal and its
//! remedy stand together.

use serde::Serialize;

/// An error that knows what to do about it.
pub trait Remedy: std::error::Error {
    /// Returns the kind of refusal; `None` where something went wrong.
    fn refusal(&self) -> Option<Refusal>;

    /// Returns what to do, in words that end in a command to type; empty where nothing helps.
    fn hint(&self) -> String;
}

/// The kinds of refusal: understood, and declined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Refusal {
    /// Not a service of the catalogue.
    NotAService,
    /// Signals that contradict each other, or that cannot be read.
    Undecided,
    /// Rally runs there already.
    Covered,
    /// The branch holds something else.
    BranchExists,
    /// Something is at a path where a file of ours belongs.
    InTheWay,
    /// The Zuul configuration cannot be edited safely.
    Zuul,
    /// A name is taken.
    Conflict,
    /// No usable name or mail address.
    Identity,
    /// Gerrit or git would not accept the commit message.
    Message,
    /// libgit2 cannot open this kind of repository.
    UnsupportedRepository,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Refusal::NotAService => "not-a-service",
            Refusal::Undecided => "undecided",
            Refusal::Covered => "covered",
            Refusal::BranchExists => "branch-exists",
            Refusal::InTheWay => "in-the-way",
            Refusal::Zuul => "zuul",
            Refusal::Conflict => "conflict",
            Refusal::Identity => "identity",
            Refusal::Message => "message",
            Refusal::UnsupportedRepository => "unsupported-repository",
        })
    }
}

/// Returns the error and all its causes in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}
