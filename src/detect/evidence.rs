//! What says something about a repository, and where.

use serde::Serialize;

use crate::excerpt::excerpt;

/// A place in the repository that says something about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    pub path: String,
    /// Counted from 1; 0 for a file as such.
    pub line: usize,
    /// The repository's own words, shortened.
    pub says: String,
}

/// A name, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub evidence: Evidence,
}

impl Evidence {
    pub(super) fn new(path: &str, line: usize, says: &str) -> Evidence {
        Evidence {
            path: path.to_owned(),
            line,
            says: excerpt(says),
        }
    }

    /// Returns `file:line`, or the file alone.
    pub fn place(&self) -> String {
        match self.line {
            0 => self.path.clone(),
            line => format!("{}:{line}", self.path),
        }
    }
}

/// Returns a distribution name in the form that names are compared in (PEP 503).
pub(super) fn normalise(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        match c {
            '-' | '_' | '.' if out.ends_with('-') => {}
            '-' | '_' | '.' => out.push('-'),
            c => out.extend(c.to_lowercase()),
        }
    }
    out
}
