//! The way from what is wanted to the edit.

use std::collections::HashSet;

use super::super::model::{Config, ConfigFile, CoveredJob, Location, Root, covered, keeps};
use super::changes::{Edit, Note};
use super::compose;
use super::error::{NameUse, ZuulError};
use super::wanted::{IfCovered, PERIODIC, Voting, Wanted};
use crate::files::Files;
use crate::rally::JOBS_OF_RALLY;
use crate::yaml::Node;

/// Returns the edit that adds the wanted job to the configuration in `files`.
///
/// No files in the result: the job is there already, as wanted. Every refusal leaves everything
/// as it is.
pub fn plan(files: &dyn Files, wanted: &Wanted<'_>) -> Result<Edit, ZuulError> {
    let job = rendered(wanted)?;
    let root = Root::find(files)?;
    let config = Config::read(&root)?;
    let covered = covered(&config);
    if runs_as_wanted(&covered, wanted)
        && let Some(location) = defined_as_wanted(&config, wanted, &job)
    {
        let job = wanted.job.into();
        return Ok(Edit {
            files: Vec::new(),
            notes: vec![Note::Present { job, location }],
            job_text: None,
        });
    }
    if !covered.is_empty() && wanted.if_covered == IfCovered::Refuse {
        return Err(ZuulError::Covered(covered));
    }
    name_is_free(&config, wanted)?;
    let kin: HashSet<&str> = covered.iter().map(|job| job.name.as_str()).collect();
    compose::edit(files, &root, config, wanted, &kin)
}

/// Returns the rendered job as a file of one item.
fn rendered(wanted: &Wanted<'_>) -> Result<ConfigFile, ZuulError> {
    let job = wanted.job.to_owned();
    if wanted.job.starts_with(JOBS_OF_RALLY) {
        return Err(ZuulError::Foreign { job });
    }
    let fail = |reason: String| ZuulError::Rendered {
        job: wanted.job.into(),
        reason,
    };
    let file = ConfigFile::parse("job.yaml", wanted.job_text).map_err(|e| fail(e.to_string()))?;
    let items = file.list().map(|list| list.items().len());
    let name = file.items("job").next();
    let name = name.and_then(|item| item.body.get("name")?.text());
    if items != Some(1) || name != Some(wanted.job) {
        return Err(fail("it is not one job of that name".into()));
    }
    let patterns: Vec<&str> = wanted.irrelevant_files.iter().map(String::as_str).collect();
    if !keeps(&patterns, wanted.task) {
        return Err(fail("its irrelevant files match its task file".into()));
    }
    Ok(file)
}

/// Returns where the job is defined, if it is so once and just as wanted.
fn defined_as_wanted(config: &Config, wanted: &Wanted<'_>, job: &ConfigFile) -> Option<Location> {
    let mut definitions = config.definitions(wanted.job);
    let theirs = definitions.next()?;
    let ours = job.items("job").next()?.body;
    let same = same_but_files(ours.node, theirs.node);
    (same && definitions.next().is_none()).then(|| theirs.named_at())
}

/// Returns whether two jobs say the same; irrelevant files are the edit's own choice.
fn same_but_files(ours: Node<'_>, theirs: Node<'_>) -> bool {
    let pairs = |job: Node<'_>| -> Vec<_> {
        let pairs = job.pairs();
        let pairs = pairs.filter(|(key, _)| key.text() != Some("irrelevant-files"));
        pairs.flat_map(|(key, value)| [key.id, value.id]).collect()
    };
    let same = |(a, b): (&usize, &usize)| {
        let theirs = theirs.document.tree();
        ours.document.tree().same_node(*a, theirs, *b)
    };
    let (a, b) = (pairs(ours), pairs(theirs));
    theirs.is_mapping() && a.len() == b.len() && a.iter().zip(&b).all(same)
}

/// Returns whether the job is in the wanted pipelines, once each, and votes as wanted.
pub(super) fn runs_as_wanted(covered: &[CoveredJob], wanted: &Wanted<'_>) -> bool {
    let Some(job) = covered.iter().find(|job| job.name == wanted.job) else {
        return false;
    };
    let runs = |pipeline: &str| -> Vec<bool> {
        let there = job.runs.iter().filter(|run| run.pipeline == pipeline);
        there.map(|run| run.voting).collect()
    };
    let as_wanted = match wanted.voting {
        Voting::Voting => runs("check") == [true] && runs("gate") == [true],
        Voting::NonVoting => runs("check") == [false] && runs("gate").is_empty(),
    };
    as_wanted
        && match wanted.periodic {
            Some(true) => runs(PERIODIC) == [wanted.voting == Voting::Voting],
            Some(false) => runs(PERIODIC).is_empty(),
            None => true,
        }
}

/// Refuses a job name that is defined or listed.
fn name_is_free(config: &Config, wanted: &Wanted<'_>) -> Result<(), ZuulError> {
    let taken = |location: Location, by: NameUse| ZuulError::Taken {
        job: wanted.job.into(),
        location,
        by,
    };
    if let Some(job) = config.definitions(wanted.job).next() {
        return Err(taken(job.named_at(), NameUse::Defined));
    }
    let entries = config.entries();
    let listed = entries.iter().find(|(_, entry)| entry.name == wanted.job);
    match listed {
        Some((_, entry)) => Err(taken(entry.at.location(), NameUse::Listed)),
        None => Ok(()),
    }
}
