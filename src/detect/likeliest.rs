//! The service that most signals name where they do not agree on one.

use super::candidates::{Candidate, candidates, package};
use super::disagreement::Disagreement;
use super::error::DetectError;
use super::signals::Signals;
use crate::catalogue::Catalogue;
use crate::excerpt::excerpt;
use crate::files::Files;

/// Returns what the signals say about the service that most of them name; `None` where none
/// names a service.
pub(super) fn likeliest(
    files: &dyn Files,
    catalogue: &Catalogue<'_>,
    signals: &Signals,
) -> Result<Option<Disagreement>, DetectError> {
    let mut likeliest: Option<Disagreement> = None;
    for candidate in candidates(catalogue)? {
        let package = match package(files, &candidate.package)? {
            Some(_) => Package::Found,
            None => Package::Absent,
        };
        let found = about(&candidate, signals, package);
        if found.agree.len() > likeliest.as_ref().map_or(0, |l| l.agree.len()) {
            likeliest = Some(found);
        }
    }
    Ok(likeliest)
}

/// Whether a candidate's package directory exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Package {
    Found,
    Absent,
}

/// One signal, in words for people.
enum Signal {
    Agrees(String),
    Disagrees(String),
}

fn about(candidate: &Candidate, signals: &Signals, package: Package) -> Disagreement {
    let all = [
        Some(distribution(candidate, signals)),
        Some(package_directory(candidate, package)),
        project(candidate, signals),
    ];
    let mut found = Disagreement {
        service: candidate.service.clone(),
        agree: Vec::new(),
        disagree: Vec::new(),
    };
    for signal in all.into_iter().flatten() {
        match signal {
            Signal::Agrees(words) => found.agree.push(words),
            Signal::Disagrees(words) => found.disagree.push(words),
        }
    }
    found
}

fn distribution(candidate: &Candidate, signals: &Signals) -> Signal {
    let Some(found) = &signals.distribution else {
        return Signal::Disagrees("no file names a distribution".to_owned());
    };
    let place = found.evidence.place();
    if let Some(other) = &found.contradiction {
        return Signal::Disagrees(format!(
            "`{}` ({}) contradicts `{}` ({place})",
            other.says,
            other.place(),
            found.evidence.says
        ));
    }
    let name = excerpt(&found.name);
    match candidate.is_distribution(signals) {
        true => Signal::Agrees(format!("the distribution `{name}` ({place})")),
        false => Signal::Disagrees(format!(
            "the distribution is `{name}` ({place}), not `{}`",
            candidate.distributions.join("` or `")
        )),
    }
}

fn package_directory(candidate: &Candidate, package: Package) -> Signal {
    let dir = &candidate.package;
    match package {
        Package::Found => Signal::Agrees(format!("the package `{dir}/`")),
        Package::Absent => {
            Signal::Disagrees(format!("the package directory `{dir}/` does not exist"))
        }
    }
}

/// A repository need not have a `.gitreview`.
fn project(candidate: &Candidate, signals: &Signals) -> Option<Signal> {
    let found = signals.project.as_ref()?;
    let (name, place) = (excerpt(&found.name), found.evidence.place());
    Some(match candidate.is_project(signals) {
        true => Signal::Agrees(format!("the project `{name}` ({place})")),
        false => Signal::Disagrees(format!(
            "the project is `{name}` ({place}), not `{}`",
            candidate.service
        )),
    })
}
