//! Reads the signals.

use super::distribution::distribution;
use super::error::DetectError;
use super::evidence::{Evidence, Named};
use super::signals::Signals;
use crate::files::Files;
use crate::gitreview::{self, GitReview};

/// Returns the signals of the files.
pub(super) fn signals(files: &dyn Files) -> Result<Signals, DetectError> {
    Ok(Signals {
        project: project(files)?,
        distribution: distribution(files)?,
    })
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
