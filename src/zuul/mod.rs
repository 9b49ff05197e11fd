//! The edit of a repository's Zuul configuration: one job, and its name in `check` and `gate`.
//!
//! Pure: bytes in, bytes out. The edit inserts whole lines into the root that Zuul reads and
//! changes no byte that is there; what cannot be proven to mean exactly one job more is refused,
//! with file and line. The rules are those of Zuul 14.

mod compose;
mod config;
mod covered;
mod edit;
mod entry;
mod error;
mod fresh;
mod insert;
mod irrelevant;
mod lines;
mod root;
mod spans;
mod target;
mod tree;
mod wiring;

use config::{Config, Source};

use crate::files::Files;

pub use covered::{CoveredJob, Run};
pub use error::ZuulError;
pub use wiring::{Broken, Place, RallyJob, Unread, Wiring, wiring};

/// Where the job runs, and whether its result counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voting {
    /// In `check` and `gate`, voting.
    Gate,
    /// In `check` only, `voting: false`.
    Trial,
}

/// What is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The repository's name for Zuul, `openstack/nova`; needed where a project stanza has one.
    pub project: Option<&'a str>,
    /// The job's name: `nova-rally`.
    pub job: &'a str,
    /// The `- job:` item: line feeds, dash at column 0.
    pub job_text: &'a str,
    /// The task file: `rally-jobs/task-nova.yaml`.
    pub task: &'a str,
    /// Pipelines and voting.
    pub voting: Voting,
    /// Patterns for the list entries, where the file has no list that DevStack jobs share.
    pub irrelevant_files: &'a [String],
    /// Whether the job may stand beside others that run Rally.
    pub beside: bool,
}

/// The edit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    /// The files that change; none where the configuration has the job already.
    pub files: Vec<FileEdit>,
    /// What people should know: one sentence each.
    pub notes: Vec<String>,
}

/// One file of the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEdit {
    /// The path.
    pub path: String,
    /// The bytes that are there; `None` for a new file.
    pub before: Option<Vec<u8>>,
    /// The bytes to be.
    pub after: Vec<u8>,
    /// What is added, for people.
    pub why: String,
}

/// Returns the edit that adds the wanted job to the configuration in `files`.
///
/// No files in the result: the job is there already, as wanted. Every refusal leaves everything
/// as it is.
pub fn plan(files: &dyn Files, wanted: &Wanted<'_>) -> Result<Edit, ZuulError> {
    let job = rendered(wanted)?;
    let root = root::find(files)?;
    let config = Config::read(&root)?;
    if let Some(edit) = present(&config, wanted, &job)? {
        return Ok(edit);
    }
    let covered = covered::covered(&config);
    if !covered.is_empty() && !wanted.beside {
        return Err(ZuulError::Covered(covered));
    }
    name_is_free(&config, wanted)?;
    compose::edit(files, &root, config, wanted)
}

/// Returns the rendered job as a source of one item.
fn rendered(wanted: &Wanted<'_>) -> Result<Source, ZuulError> {
    let fail = |reason: String| ZuulError::Rendered {
        job: wanted.job.into(),
        reason,
    };
    if wanted.job.starts_with("rally-task-") {
        return Err(ZuulError::Foreign {
            job: wanted.job.into(),
        });
    }
    let source = Source::parse("job.yaml", wanted.job_text).map_err(|e| fail(e.to_string()))?;
    let items = source.list().map(|list| source.tree.items(list).len());
    let name = source.items("job").next();
    let name = name.and_then(|item| item.body.get("name")?.text());
    if items != Some(1) || name != Some(wanted.job) {
        return Err(fail("it is not one job of that name".into()));
    }
    let patterns: Vec<&str> = wanted.irrelevant_files.iter().map(String::as_str).collect();
    if !irrelevant::keeps(&patterns, wanted.task) {
        return Err(fail("its irrelevant files match its task file".into()));
    }
    Ok(source)
}

/// Returns the empty edit if the configuration has exactly what is wanted.
fn present(config: &Config, wanted: &Wanted<'_>, job: &Source) -> Result<Option<Edit>, ZuulError> {
    let jobs = config.jobs();
    let Some([there]) = jobs.get(wanted.job).map(Vec::as_slice) else {
        return Ok(None);
    };
    let same_job = job.items("job").all(|item| {
        let theirs = &there.source.tree;
        job.tree.same_node(item.body.id, theirs, there.id)
    });
    let covered = covered::covered(config);
    let ours = covered.iter().find(|job| job.name == wanted.job);
    let runs_as_wanted = ours.is_some_and(|job| {
        let runs = |pipeline: &str| -> Vec<bool> {
            let there = job.runs.iter().filter(|run| run.pipeline == pipeline);
            there.map(|run| run.voting).collect()
        };
        match wanted.voting {
            Voting::Gate => runs("check") == [true] && runs("gate") == [true],
            Voting::Trial => runs("check") == [false] && runs("gate").is_empty(),
        }
    });
    let note = format!(
        "job `{}` is there already: `{}`, line {}",
        wanted.job,
        there.source.path,
        there.get("name").unwrap_or(*there).line()
    );
    Ok((same_job && runs_as_wanted).then(|| Edit {
        files: Vec::new(),
        notes: vec![note],
    }))
}

/// Refuses a job name that is defined or listed.
fn name_is_free(config: &Config, wanted: &Wanted<'_>) -> Result<(), ZuulError> {
    let taken = |at: config::At<'_>, reason: &str| {
        Err(ZuulError::Taken {
            job: wanted.job.into(),
            path: at.source.path.clone(),
            line: at.get("name").unwrap_or(at).line(),
            reason: reason.into(),
        })
    };
    if let Some(at) = config.jobs().get(wanted.job).and_then(|d| d.first()) {
        return taken(*at, "defines it");
    }
    for (_, body) in config.pipelines() {
        let mut entries = body.entries().into_iter();
        if let Some(entry) = entries.find(|entry| entry.name == wanted.job) {
            return taken(entry.at, "lists it, and another repository defines it");
        }
    }
    Ok(())
}
