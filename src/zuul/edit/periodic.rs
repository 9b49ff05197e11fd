//! The edit that adds the job of an earlier run to `periodic`, or takes it out again.

use super::super::model::{Config, Run, covered};
use super::changes::FileEdit;
use super::error::{Hindrance, ZuulError};
use super::relist::{Attributes, Changed, listed, refused, wanted_at};
use super::wanted::{PERIODIC, Voting, Wanted};
use crate::files::Files;

/// Returns the edits that list the job in `periodic`, or no longer do so, as wanted, on top of
/// `edits`; what people made of its other entries stays.
pub fn list_periodic(
    files: &dyn Files,
    edits: Vec<FileEdit>,
    wanted: &Wanted<'_>,
) -> Result<Vec<FileEdit>, ZuulError> {
    let Some(is_listed) = wanted.periodic else {
        return Ok(edits);
    };
    let what = match is_listed {
        true => "listed",
        false => "no longer listed",
    };
    let why = format!("`{}` {what} in {PERIODIC}", wanted.job);
    let mut changed = Changed::new(files, edits, why);
    let before = changed.config()?;
    match is_listed {
        true => {
            let votes = Attributes {
                is_non_voting: is_non_voting(&before, wanted)?,
                irrelevant_files: None,
            };
            changed.relist(PERIODIC, wanted, &votes)?;
        }
        false => changed.unlist(PERIODIC, wanted)?,
    }
    let after = changed.config()?;
    let (old, _) = runs(&before, wanted);
    let (new, periodic) = runs(&after, wanted);
    match old == new && periodic == usize::from(is_listed) {
        true => Ok(changed.edits.into_values().collect()),
        false => Err(refused(wanted_at(&after, wanted), Hindrance::OtherMeaning)),
    }
}

/// Returns whether the job is non-voting in check, whoever made it so.
fn is_non_voting(config: &Config, wanted: &Wanted<'_>) -> Result<bool, ZuulError> {
    let in_check = listed(config, wanted, "check")?;
    let theirs = in_check.and_then(|(_, entry)| Attributes::of(entry));
    Ok(theirs.map_or(wanted.voting == Voting::NonVoting, |it| it.is_non_voting))
}

/// Returns in which other pipelines the job runs and whether it votes there, and how often
/// `periodic` lists it.
fn runs(config: &Config, wanted: &Wanted<'_>) -> (Vec<(String, bool)>, usize) {
    let covered = covered(config);
    let runs = covered
        .into_iter()
        .filter(|job| job.name == wanted.job)
        .flat_map(|job| job.runs);
    let (periodic, others): (Vec<Run>, Vec<Run>) = runs.partition(|run| run.pipeline == PERIODIC);
    let others = others.into_iter().map(|run| (run.pipeline, run.voting));
    (others.collect(), periodic.len())
}
