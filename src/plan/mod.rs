//! What the change is: pure, from the files of the base and an entry of the catalogue.

mod files;
mod job;
mod job_name;
mod left;
mod message;
mod schedule;
mod single;
mod sources;
mod view;

use std::collections::BTreeMap;

use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange, Reason};
use crate::files::{EntryKind, Files, FilesError};
use crate::message::{Message, Provenance};
use crate::remedy::{Refusal, Remedy};
use crate::render::{RenderError, Renderer, Values};
use crate::zuul::{Edit, Voting, ZuulError};
use view::View;

pub use crate::workload::LoadOptions;
pub use job_name::{JobName, JobNameError};

/// What was asked for, beside the service.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--job`: another name for the job, beside one that may exist.
    pub job: Option<JobName>,
    /// `--trial` or `--voting`; else what the catalogue says of the parent decides.
    pub voting: Option<Voting>,
    /// `--no-zuul` turns this on.
    pub without_zuul: bool,
    /// `--replace-docs`: READMEs that exist give way to ours.
    pub replace_docs: bool,
    pub load: LoadOptions,
}

/// Documents of the base that are known to be stubs: their paths, and what each is.
pub type Stubs = BTreeMap<String, String>;

/// The planned change.
#[derive(Clone, Debug)]
pub struct Plan {
    pub service: String,
    /// Files that change, and files that stay as they are and why.
    pub change: ChangeSet,
    /// The commit message without provenance, sign-off and Change-Id.
    pub message: Message,
    /// What people should know, most important first.
    pub notes: Vec<String>,
}

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
    #[error(transparent)]
    Zuul(#[from] ZuulError),
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Files(#[from] FilesError),
}

impl Remedy for PlanError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            PlanError::NoWorkloads(_) => Some(Refusal::NotAService),
            PlanError::InTheWay { .. } => Some(Refusal::InTheWay),
            PlanError::Zuul(error) => error.refusal(),
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
            PlanError::Render(error) => error.hint(),
            PlanError::Zuul(error) => error.hint(),
            PlanError::Files(error) => error.hint(),
        }
    }
}

/// Returns the change that gives the service of `entry` its Rally job, on top of `base`.
///
/// `stubs` are documents of the base that are known to be stubs, `project` is the repository's name
/// for Zuul, `openstack/nova`.
pub fn plan(
    base: &dyn Files,
    entry: &Entry,
    options: &Options,
    stubs: &Stubs,
    renderer: &Renderer,
    project: Option<&str>,
) -> Result<Plan, PlanError> {
    let view = View::new(entry, options)?;
    let mut templates = Templates {
        renderer,
        values: Values::of(&view)?,
    };
    let mut change = files::rally_jobs(base, entry, &view, &mut templates, |path| {
        match stubs.get(path) {
            Some(what) => Some(Reason::Stub(what.clone())),
            None => options.replace_docs.then_some(Reason::Asked),
        }
    })?;
    templates.values.insert("spares_others", &0);
    let mut notes = Vec::new();
    match &view.job {
        None => notes.push("added no Zuul job (--no-zuul)".to_owned()),
        Some(job) => {
            let task = view.task_path();
            let is_kept = change.is_kept(&task);
            match job::edit(base, job, &task, &templates, project) {
                Ok(edit) if !is_kept => {
                    notes.push(job.choice.clone());
                    templates.values.insert("spares_others", &edit.spares_others());
                    notes.extend(add(base, edit, &mut change)?);
                }
                Ok(edit) if edit.files.is_empty() => {
                    notes.push(format!("the job {} exists already", job.name));
                }
                // A job most often runs the task that a person has written: that comes first.
                Err(error) if !is_kept || error.is_covered() => return Err(error),
                _ => notes.push(format!(
                    "added no Zuul job: {task} exists already with other content, and the job would run that"
                )),
            }
        }
    }
    notes.extend(view.remarks(&change));
    let left = left::paths(base, &change)?;
    notes.extend(left.iter().map(|path| left::note(path)));
    templates
        .values
        .insert("left", &message::enumeration(&left));
    Ok(Plan {
        service: entry.service.service.clone(),
        message: message::message(&change, templates)?,
        change,
        notes,
    })
}

/// Adds the edited files to the change; returns what people should know of the edit.
fn add(base: &dyn Files, edit: Edit, change: &mut ChangeSet) -> Result<Vec<String>, PlanError> {
    for file in edit.files {
        let edited = FileChange {
            before: file.before,
            after: Some(file.after),
            mode: base.mode(&file.path)?,
            reason: Reason::Edited(file.why),
        };
        change.0.insert(file.path, edited);
    }
    Ok(edit.notes.iter().map(ToString::to_string).collect())
}

/// The templates and what they are filled with.
struct Templates<'a> {
    renderer: &'a Renderer,
    values: Values,
}

impl Templates<'_> {
    fn text(&self, name: &str) -> Result<String, RenderError> {
        self.renderer.render(name, &self.values)
    }
}

impl PlanError {
    /// Returns whether Rally runs there already.
    fn is_covered(&self) -> bool {
        matches!(self, PlanError::Zuul(ZuulError::Covered(_)))
    }
}

impl Plan {
    /// Returns the provenance of the tree that was rendered.
    pub fn provenance(&self, tree: &str) -> Provenance {
        Provenance {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            service: self.service.clone(),
            tree: tree.to_owned(),
        }
    }
}
