//! The Zuul job: what was decided about it, and the edit that adds it.

use serde::Serialize;

use super::view::View;
use super::{Options, PlanError, Templates};
use crate::catalogue::{Entry, Job};
use crate::files::Files;
use crate::rally;
use crate::render::RenderError;
use crate::yaml;
use crate::zuul::{self, Edit, Voting, Wanted};

/// The job, as the templates see it.
#[derive(Serialize)]
pub(super) struct JobView {
    pub(super) name: String,
    #[serde(flatten)]
    job: Job,
    /// Where it runs, and whether it votes: `in check, not voting`.
    runs: &'static str,
    #[serde(skip)]
    voting: Voting,
    #[serde(skip)]
    beside: bool,
    /// Which form the job has and why, for people.
    #[serde(skip)]
    pub(super) choice: String,
}

impl JobView {
    pub(super) fn new(entry: &Entry, job: &Job, options: &Options) -> JobView {
        let voting = options.voting.unwrap_or(match job.proven {
            true => Voting::Gate,
            false => Voting::Trial,
        });
        let (name, beside) = match &options.job {
            Some(name) => (name.to_string(), true),
            None => (rally::job_name(&entry.service.service), false),
        };
        JobView {
            choice: choice(&name, job, voting, options.voting),
            name,
            job: job.clone(),
            runs: match voting {
                Voting::Gate => "in check and gate, voting",
                Voting::Trial => "in check, not voting",
            },
            voting,
            beside,
        }
    }
}

/// Returns which form the job has and why.
fn choice(name: &str, job: &Job, voting: Voting, asked: Option<Voting>) -> String {
    let custom = "OpenStack services run such jobs non-voting in check first";
    let runs = match job.proven {
        true => "runs upstream",
        false => "is unproven upstream",
    };
    let evidence = job.evidence.trim_end_matches('.');
    let parent = &job.parent;
    match (voting, asked) {
        (Voting::Gate, None) => format!(
            "{name} is voting, in check and gate: its parent {parent} {runs}. {custom}; use --trial for that"
        ),
        (Voting::Gate, Some(_)) => format!(
            "{name} is voting, in check and gate (--voting); its parent {parent} {runs}. {custom}"
        ),
        (Voting::Trial, None) => format!(
            "{name} is non-voting, in check only: its parent {parent} {runs} ({evidence}). {custom}; use --voting for check and gate, voting"
        ),
        (Voting::Trial, Some(_)) => format!(
            "{name} is non-voting, in check only (--trial); its parent {parent} {runs}. {custom}"
        ),
    }
}

/// Returns the edit that adds the job to the Zuul configuration.
pub(super) fn edit(
    base: &dyn Files,
    job: &JobView,
    view: &View<'_>,
    templates: &Templates<'_>,
    project: Option<&str>,
) -> Result<Edit, PlanError> {
    const PATTERNS: &str = "zuul/irrelevant-files.yaml";
    let text = templates.text("zuul/job.yaml")?;
    let patterns = templates.text(PATTERNS)?;
    let patterns: Vec<String> =
        yaml::from_str(&patterns).map_err(|error| RenderError::Template {
            template: PATTERNS.to_owned(),
            problem: error.to_string(),
        })?;
    let wanted = Wanted {
        project,
        job: &job.name,
        job_text: &text,
        task: &view.task_path(),
        voting: job.voting,
        irrelevant_files: &patterns,
        beside: job.beside,
    };
    Ok(zuul::plan(base, &wanted)?)
}
