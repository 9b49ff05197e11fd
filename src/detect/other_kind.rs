//! Repositories that are no service, each by an exact sign.

use super::error::DetectError;
use super::evidence::{Evidence, normalise};
use super::signals::Signals;
use crate::catalogue::{Catalogue, Retired, Sign};
use crate::files::{Files, FilesError};
use crate::glob;

/// Fails where the repository has the sign of a client, a library, a dashboard, ...
pub(super) fn no_other_kind(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<(), DetectError> {
    for kind in &catalogue.not_services()?.kinds {
        if let Some(evidence) = sign(files, kind, signals)? {
            return Err(DetectError::OtherKind {
                what: kind.what.clone(),
                why: kind.why.clone(),
                evidence,
            });
        }
    }
    Ok(())
}

fn sign(files: &dyn Files, kind: &Sign, signals: &Signals) -> Result<Option<Evidence>, FilesError> {
    let is_of_kind = |name: &str| kind.names.iter().any(|p| glob::matches(p, name));
    let mut names = signals.names();
    if let Some((_, evidence)) = names.find(|(name, _)| is_of_kind(&normalise(name))) {
        return Ok(Some(evidence.clone()));
    }
    for path in &kind.paths {
        if files.kind(path)?.is_some() {
            return Ok(Some(Evidence::new(path, 0, "exists")));
        }
    }
    Ok(None)
}

/// Fails where the repository was emptied but for a notice.
pub(super) fn not_retired(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<(), DetectError> {
    let rule = &catalogue.not_services()?.retired;
    let top = files.list("")?;
    if signals.distribution.is_some() || top.iter().any(|(name, _)| !rule.only.contains(name)) {
        return Ok(());
    }
    match notice(files, rule)? {
        Some(evidence) => Err(DetectError::Retired(evidence)),
        None => Ok(()),
    }
}

fn notice(files: &dyn Files, rule: &Retired) -> Result<Option<Evidence>, FilesError> {
    let bytes = files.read(&rule.file)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let says_so = |line: &str| {
        let line = line.to_lowercase();
        rule.words.iter().any(|word| line.contains(word))
    };
    let found = text.lines().enumerate().find(|(_, line)| says_so(line));
    Ok(found.map(|(index, line)| Evidence::new(&rule.file, index + 1, line.trim())))
}
