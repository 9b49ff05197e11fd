//! The signals as they stand in the files.

use super::distribution::Distribution;
use super::{DetectError, Evidence};
use crate::files::Files;
use crate::gitreview::{self, GitReview};
use crate::ini;

/// A name, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Where it stands, as it is written there.
    pub evidence: Evidence,
}

/// What `.gitreview`, `pyproject.toml`, `setup.cfg` and `setup.py` say.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    /// The project of `.gitreview`, without namespace and `.git`.
    pub project: Option<Named>,
    /// The distribution.
    pub distribution: Option<Distribution>,
}

impl Signals {
    /// Returns the signals of the files.
    pub fn read(files: &dyn Files) -> Result<Signals, DetectError> {
        Ok(Signals {
            project: project(files)?,
            distribution: Distribution::read(files)?,
        })
    }

    /// Returns the names that a sign is looked for in, each with its evidence.
    pub fn names(&self) -> impl Iterator<Item = (&str, &Evidence)> {
        let project = self.project.iter().map(|p| (p.name.as_str(), &p.evidence));
        let distribution = self
            .distribution
            .iter()
            .map(|d| (d.name.as_str(), &d.evidence));
        project.chain(distribution)
    }

    /// Returns the evidence of all signals, and the description's.
    pub fn evidence(&self) -> Vec<Evidence> {
        let mut found: Vec<Evidence> = self.names().map(|(_, evidence)| evidence.clone()).collect();
        if let Some(distribution) = &self.distribution {
            found.extend(distribution.contradiction.clone());
            found.extend(distribution.description.clone());
        }
        found
    }

    /// Returns the evidence of those of `wanted` that are entry points.
    pub fn entry_points(&self, wanted: &[String]) -> Vec<Evidence> {
        let Some(distribution) = &self.distribution else {
            return Vec::new();
        };
        (distribution.entry_points.iter())
            .filter(|found| wanted.contains(&found.name))
            .map(|found| found.evidence.clone())
            .collect()
    }

    pub(super) fn distribution_words(&self) -> String {
        match &self.distribution {
            None => "no distribution name in pyproject.toml, setup.cfg or setup.py".to_owned(),
            Some(d) => match &d.contradiction {
                None => format!(
                    "distribution `{}` ({})",
                    super::cut(&d.name),
                    super::place(&d.evidence)
                ),
                Some(other) => format!(
                    "`{}` ({}) against `{}` ({})",
                    d.evidence.says,
                    super::place(&d.evidence),
                    other.says,
                    super::place(other)
                ),
            },
        }
    }

    pub(super) fn project_words(&self) -> String {
        match &self.project {
            None => "no project in .gitreview".to_owned(),
            Some(p) => format!(
                "project `{}` ({})",
                super::cut(&p.name),
                super::place(&p.evidence)
            ),
        }
    }
}

/// Returns a distribution name in the form that names are compared in (PEP 503).
pub fn normalise(name: &str) -> String {
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

fn project(files: &dyn Files) -> Result<Option<Named>, DetectError> {
    let read = GitReview::read(files)?;
    Ok(read.project().map(|project| {
        let value = project.text.as_str();
        let base = value.rsplit('/').next().unwrap_or(value);
        Named {
            name: base.strip_suffix(".git").unwrap_or(base).to_owned(),
            evidence: Evidence::new(gitreview::PATH, project.line, &format!("project={value}")),
        }
    }))
}

/// Returns the file as text; an error names the line of the first byte that is not UTF-8.
pub(super) fn text(files: &dyn Files, path: &str) -> Result<Option<String>, DetectError> {
    let Some(bytes) = files.read(path)? else {
        return Ok(None);
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let before = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..before]
            .iter()
            .filter(|b| **b == b'\n')
            .count();
        DetectError::Malformed {
            path: path.to_owned(),
            line,
            problem: "not UTF-8".to_owned(),
        }
    })
}

pub(super) fn malformed(path: &str, error: &ini::IniError) -> DetectError {
    DetectError::Malformed {
        path: path.to_owned(),
        line: error.line,
        problem: error.problem.to_string(),
    }
}
