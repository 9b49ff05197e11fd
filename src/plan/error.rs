//! Why there is no plan, and what to do about it.

use std::collections::BTreeSet;

use super::FileConflict;
use crate::extend::ExtendError;
use crate::files::{EntryKind, FilesError};
use crate::limits::LimitsError;
use crate::remedy::{Refusal, Remedy};
use crate::render::RenderError;
use crate::shell;
use crate::visible::visible;
use crate::zuul::{CoveredJob, ZuulError};

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("the catalogue entry of `{0}` has no workloads")]
    NoWorkloads(String),
    #[error("`{path}` is {} in the base commit, but git-rally needs {} there", is.words(), wanted.words())]
    InTheWay {
        path: String,
        is: EntryKind,
        wanted: EntryKind,
    },
    #[error("somebody edited `{0}`, which is not UTF-8, so git-rally cannot merge it")]
    NotText(String),
    #[error("somebody and git-rally changed the same lines{}", sentences(.0))]
    Conflict(Vec<FileConflict>),
    #[error(transparent)]
    Zuul(#[from] ZuulError),
    /// Rally runs here already, and the task that it runs could have more workloads.
    #[error(transparent)]
    CanGrow(Box<CanGrow>),
    #[error("{}", which_task(.0))]
    NoOneTask(Vec<String>),
    #[error(transparent)]
    Extend(#[from] ExtendError),
    #[error(transparent)]
    Limits(#[from] LimitsError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// A refusal, and the task that lacks workloads.
#[derive(Debug, thiserror::Error)]
#[error("{covered}")]
pub struct CanGrow {
    pub covered: ZuulError,
    pub task: String,
    /// How many workloads it would get.
    pub count: usize,
}

fn which_task(tasks: &[String]) -> String {
    match tasks {
        [] => "no job here runs a task of this repository".to_owned(),
        tasks => format!(
            "the jobs in this repository run several tasks: {}",
            tasks.join(", ")
        ),
    }
}

impl Remedy for PlanError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            PlanError::NoWorkloads(_) => Some(Refusal::NotAService),
            PlanError::InTheWay { .. } => Some(Refusal::InTheWay),
            PlanError::Conflict(_) | PlanError::NotText(_) => Some(Refusal::Conflict),
            PlanError::Zuul(error) => error.refusal(),
            PlanError::CanGrow(error) => error.covered.refusal(),
            PlanError::NoOneTask(_) => Some(Refusal::Undecided),
            PlanError::Extend(error) => error.refusal(),
            PlanError::Limits(error) => error.refusal(),
            PlanError::Files(error) => error.refusal(),
            PlanError::Render(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            PlanError::NoWorkloads(_) => {
                "write an entry with workloads: git rally commit --catalogue DIR".to_owned()
            }
            PlanError::InTheWay { .. } => "move it in a change of your own first".to_owned(),
            PlanError::Conflict(found) => {
                let paths: BTreeSet<&str> = found.iter().map(|found| found.path.as_str()).collect();
                let keep = paths.into_iter().flat_map(|path| ["--keep", path]);
                format!(
                    "write one of the two texts in a change of your own, and run the command again; or leave what is there: run it again with {}",
                    shell::line(keep)
                )
            }
            PlanError::NotText(path) => format!(
                "leave it as it is: run the command again with {}",
                shell::line(["--keep", path])
            ),
            PlanError::Render(error) => error.hint(),
            PlanError::Zuul(error) => error.hint(),
            PlanError::CanGrow(error) => format!(
                "add the {} workloads that {} lacks: git rally commit --extend; {}",
                error.count,
                error.task,
                error.covered.hint()
            ),
            PlanError::NoOneTask(tasks) => match tasks.first() {
                None => "add a task and its job: git rally commit".to_owned(),
                Some(task) => {
                    let words = ["git", "rally", "commit", "--extend", "--task", task];
                    format!("say which one: {}", shell::line(words))
                }
            },
            PlanError::Extend(error) => error.hint(),
            PlanError::Limits(error) => error.hint(),
            PlanError::Files(error) => error.hint(),
        }
    }
}

impl PlanError {
    /// Returns whether Rally runs there already.
    pub(super) fn is_covered(&self) -> bool {
        matches!(self, PlanError::Zuul(ZuulError::Covered(_)))
    }

    /// Returns the jobs that run Rally already, where they are in the way.
    pub(super) fn covering(&self) -> &[CoveredJob] {
        let covered = match self {
            PlanError::Zuul(error) => error,
            PlanError::CanGrow(error) => &error.covered,
            _ => return &[],
        };
        match covered {
            ZuulError::Covered(jobs) => jobs,
            _ => &[],
        }
    }
}

/// How many conflicts are shown, and how many lines of each text.
const SHOWN: usize = 10;

/// Returns a paragraph for each conflict: the place, and both texts.
fn sentences(conflicts: &[FileConflict]) -> String {
    let mut said = String::new();
    for FileConflict { path, at } in conflicts.iter().take(SHOWN) {
        let lines = match at.line >= at.last {
            true => at.line.to_string(),
            false => format!("{}-{}", at.line, at.last),
        };
        let place = format!("\n    {}:{lines}", visible(path));
        said += &match at.theirs.trim().is_empty() {
            true => format!("{place}: somebody removed what git-rally changes"),
            false => format!("{place} has\n{}", quoted(&at.theirs)),
        };
        said += &match at.ours.trim().is_empty() {
            true => "\n    and git-rally no longer has it".to_owned(),
            false => format!("\n    and git-rally has\n{}", quoted(&at.ours)),
        };
    }
    match conflicts.len().checked_sub(SHOWN + 1) {
        Some(more) => format!("{said}\n    and {} more", more + 1),
        None => said,
    }
}

fn quoted(text: &str) -> String {
    let all: Vec<&str> = text.trim_end().lines().collect();
    let mut lines: Vec<String> = (all.iter().take(SHOWN))
        .map(|line| format!("        {}", visible(line)))
        .collect();
    match all.len().checked_sub(SHOWN + 1) {
        _ if all.is_empty() => lines.push("        (nothing)".to_owned()),
        Some(more) => lines.push(format!("        ({} more lines)", more + 1)),
        None => {}
    }
    lines.join("\n")
}
