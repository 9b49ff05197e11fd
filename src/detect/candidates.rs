//! The services that could be meant, and the one that all signals agree on.

use super::{DetectError, Evidence, Signals, Verdict, entry_hint, package_evidence, without_entry};
use crate::catalogue::{Catalogue, CatalogueError};
use crate::files::Files;

/// A service that could be meant: of the catalogue, or only known.
pub(super) struct Candidate {
    pub(super) service: String,
    pub(super) package: String,
    pub(super) distributions: Vec<String>,
    /// The entry points that support the finding; `None` where the catalogue has no entry.
    pub(super) entry_points: Option<Vec<String>>,
}

impl Candidate {
    fn of_entry(
        catalogue: &Catalogue<'_>,
        name: &str,
    ) -> Result<Option<Candidate>, CatalogueError> {
        Ok(catalogue.entry(name)?.map(|entry| {
            let recognised = entry.service.recognised.clone();
            Candidate {
                service: name.to_owned(),
                package: recognised.package,
                distributions: recognised.distributions,
                entry_points: Some(recognised.entry_points),
            }
        }))
    }

    pub(super) fn is_distribution(&self, signals: &Signals) -> bool {
        signals
            .distribution
            .as_ref()
            .is_some_and(|d| self.distributions.contains(&d.name))
    }
}

/// Returns every service that could be meant.
///
/// A user's entry that cannot be read is an error only where its own name is a signal: a broken
/// folder does not stop work on other services.
pub(super) fn candidates(catalogue: &Catalogue<'_>) -> Result<Vec<Candidate>, CatalogueError> {
    let mut found: Vec<Candidate> = (catalogue.names())
        .filter_map(|name| Candidate::of_entry(catalogue, name).ok().flatten())
        .collect();
    for known in &catalogue.not_services()?.services {
        if catalogue.names().all(|name| name != known.service) {
            found.push(Candidate {
                service: known.service.clone(),
                package: known.package().to_owned(),
                distributions: known.distributions(),
                entry_points: None,
            });
        }
    }
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

/// Returns the verdict where all signals that are there agree on one service.
pub(super) fn agreed(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Option<Verdict>, DetectError> {
    if signals.distribution.is_none() {
        return Ok(None);
    }
    if let Some(found) = first_agreed(
        files,
        catalogue,
        signals,
        nearest(files, catalogue, signals)?,
    )? {
        return Ok(Some(found));
    }
    first_agreed(files, catalogue, signals, candidates(catalogue)?)
}

fn first_agreed(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
    candidates: Vec<Candidate>,
) -> Result<Option<Verdict>, DetectError> {
    let contradicted = signals
        .distribution
        .as_ref()
        .is_some_and(|d| d.contradiction.is_some());
    for candidate in candidates {
        let project = signals
            .project
            .as_ref()
            .is_none_or(|p| p.name == candidate.service);
        if contradicted || !candidate.is_distribution(signals) || !project {
            continue;
        }
        let package = package_evidence(files, &candidate.package)?;
        if !package.is_empty() {
            let mut evidence = signals.evidence();
            evidence.extend(package);
            return found(catalogue, &candidate, signals, evidence).map(Some);
        }
    }
    Ok(None)
}

fn found(
    catalogue: &Catalogue<'_>,
    candidate: &Candidate,
    signals: &Signals,
    mut evidence: Vec<Evidence>,
) -> Result<Verdict, DetectError> {
    let service = candidate.service.clone();
    if let Some(wanted) = &candidate.entry_points {
        evidence.extend(signals.entry_points(wanted));
        return Ok(Verdict::Service { service, evidence });
    }
    Ok(Verdict::NotAService {
        reason: format!("it is {}", without_entry(catalogue, &service)?),
        hint: entry_hint(&service),
        evidence,
    })
}
