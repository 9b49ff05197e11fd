//! The signals in the files.

use super::evidence::{Evidence, Named};
use crate::excerpt::excerpt;

/// What `.gitreview`, `pyproject.toml`, `setup.cfg` and `setup.py` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signals {
    /// The project of `.gitreview`, without namespace and `.git`.
    pub project: Option<Named>,
    pub distribution: Option<Distribution>,
}

/// The distribution that a repository builds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Normalised.
    pub name: String,
    pub evidence: Evidence,
    /// Another file that names another distribution.
    pub contradiction: Option<Evidence>,
    /// The description, evidence for people.
    pub description: Option<Evidence>,
    pub entry_points: Vec<Named>,
}

impl Signals {
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
                    excerpt(&d.name),
                    d.evidence.place()
                ),
                Some(other) => format!(
                    "`{}` ({}) against `{}` ({})",
                    d.evidence.says,
                    d.evidence.place(),
                    other.says,
                    other.place()
                ),
            },
        }
    }

    pub(super) fn project_words(&self) -> String {
        match &self.project {
            None => "no project in .gitreview".to_owned(),
            Some(p) => format!("project `{}` ({})", excerpt(&p.name), p.evidence.place()),
        }
    }
}
