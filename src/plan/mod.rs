//! What the change is: pure, from the files of the base and an entry of the catalogue.

mod job_name;
mod view;

use serde::Serialize;

use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange};
use crate::files::{Files, FilesError, Kind};
use crate::message::{Message, Provenance};
use crate::render::{RenderError, Renderer};
use crate::zuul::{self, Edit, Voting, Wanted, ZuulError};
use view::{JobView, View};

pub use job_name::{JobName, JobNameError};

/// The directory of the change in a service's repository.
const DIRECTORY: &str = "rally-jobs";

/// What is said of a file that is there with other contents than ours.
pub const KEPT: &str = "is there already, kept as it is";

/// What was asked for, beside the service.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--job`: another name for the job, beside one that may be there.
    pub job: Option<JobName>,
    /// `--trial` or `--voting`; else what the catalogue says of the parent decides.
    pub voting: Option<Voting>,
    /// `--no-zuul` turns this on.
    pub without_zuul: bool,
    /// `--times`: iterations of every workload.
    pub times: Option<u32>,
    /// `--concurrency`: iterations at the same time, at most as many as there are.
    pub concurrency: Option<u32>,
}

/// The planned change.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The service.
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
    /// The service is recognised, but has no workloads.
    #[error("`{0}` is known, but its catalogue entry has no workloads yet")]
    NoWorkloads(String),
    /// Something stands where a directory or file of ours belongs.
    #[error("`{path}` is {is} in the base, where {wanted} belongs")]
    InTheWay {
        /// The path.
        path: String,
        /// What it is.
        is: &'static str,
        /// What belongs there.
        wanted: &'static str,
    },
    /// The load takes longer than the job may.
    #[error(
        "with this load the task may take {bound:.0} s within its limits, longer than the job's {timeout} s"
    )]
    TooLong {
        /// Seconds.
        bound: f64,
        /// Seconds.
        timeout: u32,
    },
    /// The Zuul configuration cannot be edited.
    #[error(transparent)]
    Zuul(#[from] ZuulError),
    /// A template is wrong.
    #[error(transparent)]
    Render(#[from] RenderError),
    /// A file of the base cannot be read.
    #[error(transparent)]
    Files(#[from] FilesError),
}

/// Returns the change that gives the service of `entry` its Rally job, on top of `base`.
///
/// `project` is the repository's name for Zuul, `openstack/nova`.
pub fn plan(
    base: &dyn Files,
    entry: &Entry,
    options: &Options,
    renderer: &Renderer,
    project: Option<&str>,
) -> Result<Plan, PlanError> {
    let view = View::new(entry, options)?;
    let mut plan = Plan {
        service: entry.service.service.clone(),
        change: ChangeSet::default(),
        message: Message::default(),
        notes: Vec::new(),
    };
    let task_is_ours = rally_jobs(base, entry, &view, renderer, &mut plan)?;
    match &view.job {
        None => plan.notes.push("no Zuul job is added (--no-zuul)".to_owned()),
        Some(job) => match zuul(base, job, &view, renderer, project) {
            Ok(edit) if task_is_ours => add(base, job, edit, &mut plan)?,
            Ok(edit) if edit.files.is_empty() => plan.notes.push(format!("the job {} is there already", job.name)),
            // A task that is not ours is run by a job more often than not: that is told first.
            Err(error) if task_is_ours || matches!(error, PlanError::Zuul(ZuulError::Covered(_))) => return Err(error),
            _ => plan.notes.push(format!(
                "no Zuul job is added: {DIRECTORY}/{} is there already with other contents, and a job would run those",
                view.task
            )),
        },
    }
    plan.message = message(&view, entry, &plan, renderer)?;
    Ok(plan)
}

/// Adds the files of `rally-jobs/`; returns whether the task file is as rendered.
fn rally_jobs(
    base: &dyn Files,
    entry: &Entry,
    view: &View<'_>,
    renderer: &Renderer,
    plan: &mut Plan,
) -> Result<bool, PlanError> {
    for dir in [
        DIRECTORY.to_owned(),
        format!("{DIRECTORY}/plugins"),
        format!("{DIRECTORY}/extra"),
    ] {
        match base.kind(&dir)? {
            None | Some(Kind::Directory) => {}
            Some(other) => {
                return Err(PlanError::InTheWay {
                    path: dir,
                    is: other.words(),
                    wanted: "a directory",
                });
            }
        }
    }
    let task = format!("{DIRECTORY}/{}", view.task);
    let rendered = [
        "README.rst",
        "plugins/__init__.py",
        "plugins/README.rst",
        "extra/README.rst",
    ];
    for name in rendered {
        let text = renderer.render(&format!("{DIRECTORY}/{name}"), view)?;
        put(base, plan, format!("{DIRECTORY}/{name}"), text.into_bytes())?;
    }
    for (name, bytes) in &entry.files {
        put(base, plan, format!("{DIRECTORY}/{name}"), bytes.clone())?;
    }
    let text = renderer.render(&format!("{DIRECTORY}/task.yaml"), view)?;
    put(base, plan, task, text.into_bytes())
}

/// Adds one file, unless something is there; returns whether it has the rendered bytes.
fn put(base: &dyn Files, plan: &mut Plan, path: String, bytes: Vec<u8>) -> Result<bool, PlanError> {
    let before = match base.kind(&path)? {
        None => None,
        Some(Kind::File) => base.read(&path)?,
        Some(other) => {
            return Err(PlanError::InTheWay {
                path,
                is: other.words(),
                wanted: "a file",
            });
        }
    };
    let same = before.as_ref().is_none_or(|there| *there == bytes);
    let (after, why) = match &before {
        None => (bytes, "new".to_owned()),
        Some(there) if same => (there.clone(), "is there already, just so".to_owned()),
        Some(there) => (there.clone(), KEPT.to_owned()),
    };
    plan.change.0.insert(
        path,
        FileChange {
            before,
            after: Some(after),
            mode: 0o100_644,
            why,
        },
    );
    Ok(same)
}

/// Returns the edit that puts the job into the Zuul configuration.
fn zuul(
    base: &dyn Files,
    job: &JobView,
    view: &View<'_>,
    renderer: &Renderer,
    project: Option<&str>,
) -> Result<Edit, PlanError> {
    let text = renderer.render("zuul/job.yaml", view)?;
    let patterns = renderer.render("zuul/irrelevant-files.yaml", view)?;
    let patterns: Vec<String> =
        serde_yaml::from_str(&patterns).map_err(|error| RenderError::Template {
            template: "zuul/irrelevant-files.yaml".to_owned(),
            problem: error.to_string(),
        })?;
    let wanted = Wanted {
        project,
        job: &job.name,
        job_text: &text,
        task: &format!("{DIRECTORY}/{}", view.task),
        voting: job.voting,
        irrelevant_files: &patterns,
        beside: job.beside,
    };
    Ok(zuul::plan(base, &wanted)?)
}

/// Adds the edited files and what is to be said about the job.
fn add(base: &dyn Files, job: &JobView, edit: Edit, plan: &mut Plan) -> Result<(), PlanError> {
    for file in edit.files {
        let change = FileChange {
            before: file.before,
            after: Some(file.after),
            mode: base.mode(&file.path)?,
            why: file.why,
        };
        plan.change.0.insert(file.path, change);
    }
    plan.notes.push(job.choice.clone());
    plan.notes.extend(edit.notes);
    Ok(())
}

fn message(
    view: &View<'_>,
    entry: &Entry,
    plan: &Plan,
    renderer: &Renderer,
) -> Result<Message, PlanError> {
    #[derive(Serialize)]
    struct Body<'a> {
        #[serde(flatten)]
        view: &'a View<'a>,
        has_job: bool,
    }
    let has_job = plan
        .change
        .changed()
        .any(|(path, _)| !path.starts_with(DIRECTORY));
    let body = renderer.render("commit/body.txt", &Body { view, has_job })?;
    Ok(Message {
        subject: format!("Add Rally performance tests for {}", entry.service.title),
        body: body
            .split("\n\n")
            .map(|paragraph| paragraph.trim().to_owned())
            .collect(),
        trailers: Vec::new(),
    })
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
