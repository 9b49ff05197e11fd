//! The Zuul job: what was decided about it, and the edit that adds it.

use serde::Serialize;

use super::{Options, PlanError, Templates};
use crate::catalogue::{Entry, Job, LocalConf};
use crate::files::Files;
use crate::rally;
use crate::render::RenderError;
use crate::yaml;
use crate::zuul::{self, Edit, IfCovered, Voting, Wanted};

/// The job, as the templates see it.
#[derive(Serialize)]
pub(super) struct JobView {
    pub(super) name: String,
    #[serde(flatten)]
    job: Job,
    /// What a local DevStack needs, beside its own defaults.
    local: LocalConf,
    /// Where it runs, and whether it votes: `in check, not voting`.
    runs: &'static str,
    #[serde(skip)]
    voting: Voting,
    #[serde(skip)]
    if_covered: IfCovered,
    /// Which form the job has and why, for people.
    #[serde(skip)]
    pub(super) choice: String,
}

impl JobView {
    /// Returns the job with `timeout`, in seconds.
    pub(super) fn new(entry: &Entry, job: &Job, options: &Options, timeout: u32) -> JobView {
        let voting = options.voting.unwrap_or(match job.proven {
            true => Voting::Voting,
            false => Voting::NonVoting,
        });
        let (name, if_covered) = match &options.job {
            Some(name) => (name.to_string(), IfCovered::AddBeside),
            None => (rally::job_name(&entry.service.service), IfCovered::Refuse),
        };
        JobView {
            choice: choice(&name, job, voting, options.voting),
            name,
            local: job.local_conf.clone().unwrap_or_else(|| LocalConf {
                devstack_services: job.devstack_services.clone(),
                devstack_localrc: job.devstack_localrc.clone(),
            }),
            job: Job {
                timeout,
                ..job.clone()
            },
            runs: match voting {
                Voting::Voting => "in check and gate, voting",
                Voting::NonVoting => "in check, not voting",
            },
            voting,
            if_covered,
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
        (Voting::Voting, None) => format!(
            "{name} is voting, in check and gate: its parent {parent} {runs}. {custom}; use --trial for that"
        ),
        (Voting::Voting, Some(_)) => format!(
            "{name} is voting, in check and gate (--voting); its parent {parent} {runs}. {custom}"
        ),
        (Voting::NonVoting, None) => format!(
            "{name} is non-voting, in check only: its parent {parent} {runs} ({evidence}). {custom}; use --voting for check and gate, voting"
        ),
        (Voting::NonVoting, Some(_)) => format!(
            "{name} is non-voting, in check only (--trial); its parent {parent} {runs}. {custom}"
        ),
    }
}

/// Returns the edit that adds the job to the Zuul configuration.
pub(super) fn edit(
    base: &dyn Files,
    job: &JobView,
    task: &str,
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
        task,
        voting: job.voting,
        irrelevant_files: &patterns,
        if_covered: job.if_covered,
    };
    Ok(zuul::plan(base, &wanted)?)
}
