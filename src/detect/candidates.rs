//! The services that could be meant, and the one that all signals agree on.

use std::sync::Arc;

use super::error::DetectError;
use super::evidence::Evidence;
use super::found::Found;
use super::signals::Signals;
use crate::catalogue::{Catalogue, CatalogueError, Entry, KnownService};
use crate::files::{EntryKind, Files, FilesError};

/// A service that could be meant.
pub(super) struct Candidate {
    pub(super) service: String,
    pub(super) package: String,
    pub(super) distributions: Vec<String>,
    /// `None` where the service is only known by name.
    entry: Option<Arc<Entry>>,
}

impl Candidate {
    fn of_entry(
        catalogue: &Catalogue<'_>,
        name: &str,
    ) -> Result<Option<Candidate>, CatalogueError> {
        let entry = catalogue.entry(name)?;
        Ok(entry.map(|entry| Candidate {
            service: name.to_owned(),
            package: entry.service.recognised.package.clone(),
            distributions: entry.service.recognised.distributions.clone(),
            entry: Some(entry),
        }))
    }

    fn of_known(known: &KnownService) -> Candidate {
        Candidate {
            service: known.service.clone(),
            package: known.package().to_owned(),
            distributions: known.distributions(),
            entry: None,
        }
    }

    pub(super) fn is_distribution(&self, signals: &Signals) -> bool {
        let distribution = signals.distribution.as_ref();
        distribution.is_some_and(|d| self.distributions.contains(&d.name))
    }

    pub(super) fn is_project(&self, signals: &Signals) -> bool {
        let project = signals.project.as_ref();
        project.is_some_and(|p| p.name == self.service)
    }

    fn found(
        &self,
        catalogue: &Catalogue<'_>,
        signals: &Signals,
        package: Evidence,
    ) -> Result<Found, DetectError> {
        let Some(entry) = &self.entry else {
            return Err(DetectError::without_entry(catalogue, &self.service)?);
        };
        let mut evidence = signals.evidence();
        evidence.push(package);
        evidence.extend(signals.entry_points(&entry.service.recognised.entry_points));
        Ok(Found {
            entry: entry.clone(),
            evidence,
            note: None,
        })
    }
}

/// Returns the service where all signals that exist agree on one.
pub(super) fn agreed(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Option<Found>, DetectError> {
    let Some(distribution) = &signals.distribution else {
        return Ok(None);
    };
    if distribution.contradiction.is_some() {
        return Ok(None);
    }
    let nearest = nearest(files, catalogue, signals)?;
    match first_agreed(files, catalogue, signals, nearest)? {
        Some(found) => Ok(Some(found)),
        None => first_agreed(files, catalogue, signals, candidates(catalogue)?),
    }
}

fn first_agreed(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
    candidates: Vec<Candidate>,
) -> Result<Option<Found>, DetectError> {
    for candidate in candidates {
        let no_other_project = signals.project.is_none() || candidate.is_project(signals);
        if !no_other_project || !candidate.is_distribution(signals) {
            continue;
        }
        if let Some(package) = package(files, &candidate.package)? {
            return candidate.found(catalogue, signals, package).map(Some);
        }
    }
    Ok(None)
}

/// Returns every service that could be meant.
///
/// A user's entry that cannot be read is an error only where its own name is a signal: a broken
/// folder does not stop work on other services.
pub(super) fn candidates(catalogue: &Catalogue<'_>) -> Result<Vec<Candidate>, CatalogueError> {
    let mut found: Vec<Candidate> = (catalogue.names())
        .filter_map(|name| Candidate::of_entry(catalogue, name).ok().flatten())
        .collect();
    let known = catalogue.not_services()?.services.iter();
    let without_entry = known.filter(|known| catalogue.names().all(|name| name != known.service));
    found.extend(without_entry.map(Candidate::of_known));
    Ok(found)
}

/// Returns the services whose own name is among the signals: they are looked at first, because
/// reading one entry is cheaper than reading all.
fn nearest(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Vec<Candidate>, DetectError> {
    let mut found = Vec::new();
    for name in catalogue.names() {
        let named = signals.names().any(|(signal, _)| signal == name);
        if named || files.kind(name)?.is_some() {
            found.extend(Candidate::of_entry(catalogue, name)?);
        }
    }
    Ok(found)
}

/// Returns the evidence of the Python package; `None` where it does not exist.
pub(super) fn package(files: &dyn Files, package: &str) -> Result<Option<Evidence>, FilesError> {
    let path = format!("{package}/__init__.py");
    let is_file = files.kind(&path)? == Some(EntryKind::File);
    Ok(is_file.then(|| Evidence::new(&path, 0, &format!("package `{package}`"))))
}
