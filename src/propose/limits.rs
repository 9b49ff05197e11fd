//! The limits that take the place of the catalogue's: of results, or of the last run.

use std::collections::HashSet;
use std::path::PathBuf;

use super::earlier::{Before, MOST_RUNS, Run};
use super::remembered::OnBranch;
use crate::catalogue::Service;
use crate::files::Files;
use crate::git::{self, LocalClone};
use crate::judge;
use crate::limits::{self, LimitSource, Limits, LimitsError};
use crate::plan::{Earlier, JobName, LoadOptions};
use crate::results::{Collected, Names, collect};
use crate::stop::Stop;

/// Where the limits of the last run are.
pub(super) enum LastLimits<'a> {
    /// In the change that the branch holds.
    OnBranch(&'a OnBranch),
    /// In a merged change.
    Merged(&'a Run, Option<&'a Earlier>),
    /// It had those of the catalogue.
    None,
}

/// Limits, and what people should know of them.
type Found = (Option<Limits>, Vec<String>);

/// How many of the results that are left out people are told.
const MOST_TOLD: usize = 3;

/// Returns the limits by the results at the paths, and what people should know of them.
pub(super) fn of_results(
    paths: &[PathBuf],
    service: &Service,
    load: LoadOptions,
) -> Result<Found, Stop> {
    let read = collect(paths, &Names::default(), &mut |_| {});
    let Collected {
        runs,
        mut aside,
        other_files,
    } = read;
    let usable = judge::sift(&runs, &mut HashSet::new(), &mut aside);
    if usable.is_empty() {
        return Err(LimitsError::NoRuns(aside).into());
    }
    let limits = limits::of_runs(&usable, service, load)?;
    let mut notes = match &limits.source {
        LimitSource::Runs(evidence) => evidence.notes(),
        LimitSource::Task(_) => Vec::new(),
    };
    let told = aside.iter().take(MOST_TOLD);
    notes.extend(told.map(|aside| format!("{} is left out: {}", aside.path, aside.reason)));
    let more = aside.len().saturating_sub(MOST_TOLD) + other_files;
    if more > 0 {
        notes.push(format!("{more} other files are left out"));
    }
    Ok((Some(limits), notes))
}

impl LastLimits<'_> {
    /// Returns the limits of the task as the last run rendered it.
    pub(super) fn read(self, clone: &LocalClone<'_>, service: &Service) -> Result<Found, Stop> {
        let found = match self {
            LastLimits::None => return Ok((None, Vec::new())),
            LastLimits::OnBranch(branch) => of_branch(clone, branch, service)?,
            LastLimits::Merged(run, earlier) => {
                let task = earlier.and_then(|earlier| earlier.rendered.get(&run.task()));
                of_task(clone, run, task.cloned(), service, None)?
            }
        };
        let lost = "the limits of the last run are not to be found, so the catalogue's hold; --limits-from RESULTS sets them anew";
        let notes = match &found {
            Some(_) => Vec::new(),
            None => vec![lost.to_owned()],
        };
        Ok((found, notes))
    }
}

/// Returns the limits of the change that the branch holds, with what its message says of them.
fn of_branch(
    clone: &LocalClone<'_>,
    branch: &OnBranch,
    service: &Service,
) -> Result<Option<Limits>, Stop> {
    let job = branch.options.job.as_ref();
    let is_same = |other: Option<&JobName>| other == job;
    let run = Run::find(clone, branch.commit, &service.service, &is_same)?;
    let Before::Run(run) = run else {
        return Ok(None);
    };
    let mut rendered = run.rendered(clone, &git::merge_lines, MOST_RUNS)?;
    let task = rendered.files.remove(&run.task());
    of_task(
        clone,
        &run,
        task,
        service,
        limits::said(&run.commit.message),
    )
}

/// Returns the limits of the task as it was rendered; where the history does not show that, as the
/// commit has it.
fn of_task(
    clone: &LocalClone<'_>,
    run: &Run,
    rendered: Option<Vec<u8>>,
    service: &Service,
    said: Option<String>,
) -> Result<Option<Limits>, Stop> {
    let text = match rendered {
        Some(text) => Some(text),
        None => clone.repo.snapshot(run.commit.id)?.read(&run.task())?,
    };
    let text = text.map(|text| String::from_utf8_lossy(&text).into_owned());
    Ok(text.and_then(|text| limits::of_task(&text, service, said)))
}
