//! What the change is: pure, from the files of the base and an entry of the catalogue.

mod job_name;
mod view;

use crate::catalogue::Entry;
use crate::change::{ChangeSet, FileChange};
use crate::files::{EntryKind, Files, FilesError};
use crate::message::{Message, Provenance};
use crate::rally::DIRECTORY;
use crate::render::{RenderError, Renderer, Values};
use crate::yaml;
use crate::zuul::{self, Edit, Voting, Wanted, ZuulError};
use view::{JobView, View};

pub use job_name::{JobName, JobNameError};

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
    let mut templates = Templates {
        renderer,
        values: Values::of(&view)?,
    };
    let mut plan = Plan {
        service: entry.service.service.clone(),
        change: ChangeSet::default(),
        message: Message::default(),
        notes: Vec::new(),
    };
    let task_is_ours = rally_jobs(base, entry, &view, &templates, &mut plan)?;
    match &view.job {
        None => plan.notes.push("no Zuul job is added (--no-zuul)".to_owned()),
        Some(job) => match zuul(base, job, &view, &templates, project) {
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
    plan.notes.extend(view.remarks(&plan.change));
    plan.message = message(entry, &plan, &mut templates)?;
    Ok(plan)
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

/// Adds the files of `rally-jobs/`; returns whether the task file is as rendered.
fn rally_jobs(
    base: &dyn Files,
    entry: &Entry,
    view: &View<'_>,
    templates: &Templates<'_>,
    plan: &mut Plan,
) -> Result<bool, PlanError> {
    for dir in [
        DIRECTORY.to_owned(),
        format!("{DIRECTORY}/plugins"),
        format!("{DIRECTORY}/extra"),
    ] {
        match base.kind(&dir)? {
            None | Some(EntryKind::Directory) => {}
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
        let text = templates.text(&format!("{DIRECTORY}/{name}"))?;
        put(base, plan, format!("{DIRECTORY}/{name}"), text.into_bytes())?;
    }
    for (name, bytes) in &entry.files {
        put(base, plan, format!("{DIRECTORY}/{name}"), bytes.clone())?;
    }
    let text = templates.text(&format!("{DIRECTORY}/task.yaml"))?;
    put(base, plan, task, text.into_bytes())
}

/// Adds one file, unless something is there; returns whether it has the rendered bytes.
fn put(base: &dyn Files, plan: &mut Plan, path: String, bytes: Vec<u8>) -> Result<bool, PlanError> {
    let before = match base.kind(&path)? {
        None => None,
        Some(EntryKind::File) => base.read(&path)?,
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
    templates: &Templates<'_>,
    project: Option<&str>,
) -> Result<Edit, PlanError> {
    let text = templates.text("zuul/job.yaml")?;
    let patterns = templates.text("zuul/irrelevant-files.yaml")?;
    let patterns: Vec<String> =
        yaml::from_str(&patterns).map_err(|error| RenderError::Template {
            template: "zuul/irrelevant-files.yaml".to_owned(),
            problem: error.kind.to_string(),
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

/// Returns the message: it speaks of what the change has, not of what might have been.
fn message(
    entry: &Entry,
    plan: &Plan,
    templates: &mut Templates<'_>,
) -> Result<Message, PlanError> {
    let added: Vec<&str> = plan.change.changed().map(|(path, _)| path).collect();
    let has = |part: &dyn Fn(&str) -> bool| added.iter().any(|path| part(path));
    let plugin = format!("{DIRECTORY}/plugins/");
    let extra = format!("{DIRECTORY}/extra/");
    let mut parts = Vec::new();
    if has(&|path| path.ends_with(".rst")) {
        parts.push("documentation");
    }
    if has(&|path| {
        path.starts_with(&plugin) && path.ends_with(".py") && !path.ends_with("__init__.py")
    }) {
        parts.push("plugins");
    }
    if has(&|path| path.starts_with(&extra) && !path.ends_with(".rst")) {
        parts.push("extra files");
    }
    let values = &mut templates.values;
    values.insert("parts", &enumeration(&parts));
    values.insert(
        "has_task",
        &has(&|path| path.starts_with(&format!("{DIRECTORY}/task-"))),
    );
    values.insert("has_job", &has(&|path| !path.starts_with(DIRECTORY)));
    let body = templates.text("commit/body.txt")?;
    Ok(Message {
        subject: format!("Add Rally performance tests for {}", entry.service.title),
        body: body
            .split("\n\n")
            .map(|paragraph| paragraph.trim().to_owned())
            .collect(),
        trailers: Vec::new(),
    })
}

/// Returns `a, b and c`.
fn enumeration(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
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
