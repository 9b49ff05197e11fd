//! What a repository is taken for when it is no service of the catalogue, and by which sign.

use super::candidates::candidates;
use super::{DetectError, Evidence, Signals, Verdict, normalise, package_evidence, place};
use crate::catalogue::Catalogue;
use crate::files::{Files, FilesError};
use crate::glob;

pub(super) fn known_sign(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Option<Verdict>, DetectError> {
    for kind in &catalogue.not_services()?.kinds {
        let by_name = signals.names().find(|(name, _)| {
            kind.names
                .iter()
                .any(|p| glob::matches(p, &normalise(name)))
        });
        let evidence = match by_name {
            Some((_, evidence)) => evidence.clone(),
            None => match first_path(files, &kind.paths)? {
                Some(path) => Evidence::new(&path, 0, "is there"),
                None => continue,
            },
        };
        let place = place(&evidence);
        return Ok(Some(Verdict::NotAService {
            reason: format!(
                "it is {}: {} ({place} says `{}`)",
                kind.what, kind.why, evidence.says
            ),
            hint: "git rally detect --service NAME, if it is a service all the same".to_owned(),
            evidence: vec![evidence],
        }));
    }
    Ok(None)
}

fn first_path(files: &dyn Files, paths: &[String]) -> Result<Option<String>, FilesError> {
    for path in paths {
        if files.kind(path)?.is_some() {
            return Ok(Some(path.clone()));
        }
    }
    Ok(None)
}

pub(super) fn retired(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Option<Verdict>, DetectError> {
    let rule = &catalogue.not_services()?.retired;
    let top = files.list("")?;
    if signals.distribution.is_some() || top.iter().any(|(name, _)| !rule.only.contains(name)) {
        return Ok(None);
    }
    let text = files.read(&rule.file)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text).into_owned();
    let line = text.lines().position(|line| {
        rule.words
            .iter()
            .any(|word| line.to_lowercase().contains(word))
    });
    let Some(line) = line else { return Ok(None) };
    let says = text.lines().nth(line).unwrap_or_default().trim();
    let evidence = Evidence::new(&rule.file, line + 1, says);
    Ok(Some(Verdict::NotAService {
        reason: format!(
            "the repository is retired ({} says `{}`)",
            place(&evidence),
            evidence.says
        ),
        hint: "give --base REV for a revision from before, or leave it".to_owned(),
        evidence: vec![evidence],
    }))
}

/// Returns `undecided` where some signal names a service, else that nothing does.
pub(super) fn contradiction(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Verdict, DetectError> {
    let mut evidence = signals.evidence();
    let mut packages = Vec::new();
    let mut hit = false;
    for candidate in candidates(catalogue)? {
        let found = package_evidence(files, &candidate.package)?;
        let named = candidate.is_distribution(signals);
        let project = signals
            .project
            .as_ref()
            .is_some_and(|p| p.name == candidate.service);
        hit |= named || project || !found.is_empty();
        if !found.is_empty() {
            packages.push(candidate.package.clone());
            evidence.extend(found);
        }
    }
    let package = match packages.is_empty() {
        true => "no package directory of a known service".to_owned(),
        false => format!(
            "package {}",
            packages
                .iter()
                .map(|p| format!("`{p}/`"))
                .collect::<Vec<_>>()
                .join(", ")
        ),
    };
    let said = format!(
        "{}; {package}; {}",
        signals.distribution_words(),
        signals.project_words()
    );
    if hit {
        return Ok(Verdict::Undecided {
            reason: format!("its signals disagree: {said}"),
            evidence,
        });
    }
    Ok(Verdict::NotAService {
        reason: format!("nothing says that it is an OpenStack service: {said}"),
        hint: "git rally services lists what is known; --service NAME overrides".to_owned(),
        evidence,
    })
}
