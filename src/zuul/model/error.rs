//! Why a configuration cannot be read.

use super::location::Location;
use crate::files::{EntryKind, FilesError};
use crate::remedy::{Refusal, Remedy};
use crate::yaml::{FlawKind, libyaml};

/// A configuration that cannot be read, or that Zuul refuses.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file is not what Zuul reads (kind `zuul`).
    #[error("cannot edit {location}: {fault}")]
    Refused { location: Location, fault: Fault },
    /// Zuul's configuration has its place there, and it is not the kind of entry that Zuul reads
    /// (kind `in-the-way`).
    #[error("`{path}` is {}; Zuul reads {} there", is.words(), wants.words())]
    InTheWay {
        path: String,
        /// What is there.
        is: EntryKind,
        /// What Zuul expects.
        wants: EntryKind,
    },
    /// A file could not be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// What is wrong with a file of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes are no text.
    #[error("not UTF-8")]
    NotUtf8,
    /// A character that PyYAML does not take, or breaks lines at.
    #[error("git-rally does not edit a file with the character U+{:04X}", u32::from(*.0))]
    Character(char),
    /// The text is no YAML, or YAML that Zuul's loader refuses, or that nobody means.
    #[error("{0}")]
    Yaml(FlawKind),
    /// Not a list at the top.
    #[error("the file is not a list")]
    NotAList,
    /// Not `- job:` or the like.
    #[error("an item is not a mapping with one key")]
    NotAnItem,
}

impl Fault {
    /// Returns whether Zuul rejects this, too; our parser is stricter.
    pub(super) fn is_zuuls(&self, bytes: &[u8]) -> bool {
        match self {
            Fault::Yaml(FlawKind::Syntax(_)) => {
                std::str::from_utf8(bytes).is_ok_and(libyaml::refuses)
            }
            Fault::Yaml(FlawKind::Deep | FlawKind::Repeated) => false,
            Fault::Character(_) => String::from_utf8_lossy(bytes).chars().any(|c| match c {
                '\t' | '\n' | '\r' | '\u{85}' => false,
                c => c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'),
            }),
            Fault::NotUtf8 | Fault::Yaml(_) | Fault::NotAList | Fault::NotAnItem => true,
        }
    }

    fn hint(&self) -> &'static str {
        match self {
            Fault::NotUtf8 => "write the file in UTF-8",
            Fault::Character(_) => "remove it",
            Fault::NotAList | Fault::NotAnItem => "fix the file; Zuul rejects it",
            Fault::Yaml(kind) => match kind {
                FlawKind::SecondDocument => "keep one document in the file; Zuul reads only one",
                FlawKind::Recursive => "replace the alias by its value",
                FlawKind::Unhashable => "use scalar keys; Zuul rejects others",
                FlawKind::Twice(_) => "remove one of them; Zuul rejects the file",
                FlawKind::Deep | FlawKind::Repeated => "add the job by hand, or use `--no-zuul`",
                FlawKind::Syntax(_) | FlawKind::Character(_) | FlawKind::Data(_) => {
                    "fix the file first"
                }
            },
        }
    }
}

impl Remedy for ConfigError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            ConfigError::Refused { .. } => Some(Refusal::Zuul),
            ConfigError::InTheWay { .. } => Some(Refusal::InTheWay),
            ConfigError::Files(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            ConfigError::Refused { fault, .. } => fault.hint().to_owned(),
            ConfigError::InTheWay { wants, .. } => {
                format!("make it {}, or use `--no-zuul`", wants.words())
            }
            ConfigError::Files(error) => error.remedy.clone(),
        }
    }
}
