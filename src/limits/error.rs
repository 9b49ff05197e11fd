//! Why there are no limits from results.

use std::collections::BTreeSet;

use super::rule::FEWEST;
use crate::catalogue::Service;
use crate::remedy::{Refusal, Remedy};
use crate::results::{Run, SetAside};

/// Why results give no limits.
#[derive(Debug, thiserror::Error)]
pub enum LimitsError {
    #[error("--limits-from: there are no results that can be used{}", sentences(.0))]
    NoRuns(Vec<SetAside>),
    #[error(
        "--limits-from: the results have no workload of {title}'s task, by scenario and description; they have {}", .theirs.join(", ")
    )]
    NoneOfOurs { title: String, theirs: Vec<String> },
    #[error(
        "--limits-from: a limit needs {FEWEST} runs that measured the action, with the arguments, contexts and load of the newest, and none has them; the results have {}", runs(*.0)
    )]
    TooFew(usize),
    #[error(
        "--limits-from: a limit needs {FEWEST} runs without failed iterations in its workload, and none has them"
    )]
    Failed,
    #[error(
        "--limits-from: `{0}` is a task that people have written, and --extend changes no line of it"
    )]
    Theirs(String),
}

impl LimitsError {
    /// Returns that nothing in the runs is of the service.
    pub(super) fn none_of_ours(found: &[&Run], service: &Service) -> LimitsError {
        let workloads = found.iter().flat_map(|run| &run.workloads);
        let names: BTreeSet<String> = workloads
            .map(|workload| workload.key.scenario.to_string())
            .collect();
        let more = names.len().saturating_sub(SHOWN);
        let mut theirs: Vec<String> = names.into_iter().take(SHOWN).collect();
        if more > 0 {
            theirs.push(format!("{more} more"));
        }
        LimitsError::NoneOfOurs {
            title: service.title.clone(),
            theirs,
        }
    }
}

impl Remedy for LimitsError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            LimitsError::NoRuns(_) => {
                "give the reports of runs, or folders of them: `rally task report --json --out results.json` writes one".to_owned()
            }
            LimitsError::NoneOfOurs { .. } => {
                "give results of the task that this repository gets; see its workloads: git rally diff".to_owned()
            }
            LimitsError::TooFew(_) | LimitsError::Failed => {
                "run the task more often and give all results, or leave --limits-from out, for the catalogue's limits: git rally commit".to_owned()
            }
            LimitsError::Theirs(_) => {
                "set its limits by hand, or leave --limits-from out: git rally commit --extend"
                    .to_owned()
            }
        }
    }
}

/// How many names and files are shown.
const SHOWN: usize = 5;

fn runs(count: usize) -> String {
    match count {
        1 => "1 run".to_owned(),
        count => format!("{count} runs"),
    }
}

fn sentences(aside: &[SetAside]) -> String {
    let shown = aside.iter().take(SHOWN);
    let mut said: Vec<String> = shown
        .map(|aside| format!("{}: {}", aside.path, aside.reason))
        .collect();
    if let Some(more) = aside.len().checked_sub(SHOWN + 1) {
        said.push(format!("and {} more", more + 1));
    }
    match said.is_empty() {
        true => String::new(),
        false => format!("; {}", said.join("; ")),
    }
}
