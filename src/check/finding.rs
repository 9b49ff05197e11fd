//! What is wrong, and where.

use std::fmt;

use serde::Serialize;

use super::repair::Repair;
use super::rules::Rule;
use crate::yaml::Node;
use crate::zuul::Location;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Rally, Zuul or a role of the CI jobs rejects it.
    Error,
    /// Nothing fails of it: it never runs, it can never fail, it is deprecated.
    Warning,
    /// What could not be judged.
    Note,
}

/// Something that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub severity: Severity,
    /// The file.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1; 0 until the report is complete, where only the line is known.
    pub column: usize,
    /// The rule.
    pub rule: &'static Rule,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What mends it, where that is certain.
    pub repair: Option<Repair>,
}

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// From 1.
    pub(super) line: usize,
    /// From 1; 0 where only the line is known.
    pub(super) column: usize,
}

impl From<usize> for Place {
    fn from(line: usize) -> Place {
        Place { line, column: 0 }
    }
}

impl From<&Location> for Place {
    fn from(location: &Location) -> Place {
        Place {
            line: location.line,
            column: location.column,
        }
    }
}

impl From<Node<'_>> for Place {
    fn from(node: Node<'_>) -> Place {
        Place {
            line: node.line(),
            column: node.column(),
        }
    }
}

impl Finding {
    pub(super) fn place(&self) -> Place {
        Place {
            line: self.line,
            column: self.column,
        }
    }

    /// Returns the finding at another place.
    pub(super) fn moved(self, place: Place) -> Finding {
        Finding {
            line: place.line,
            column: place.column,
            ..self
        }
    }

    /// Returns the finding with what mends it.
    pub(super) fn mended_by(self, repair: Option<Repair>) -> Finding {
        Finding { repair, ..self }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        })
    }
}
