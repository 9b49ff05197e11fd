//! The Zuul job: what was decided about it, and the edit that adds it.

use serde::Serialize;

use super::earlier::EarlierJob;
use super::update::Update;
use super::view::View;
use super::{Options, PlanError, Situation, Templates};
use crate::catalogue::{Entry, Job, LocalConf};
use crate::change::{ChangeSet, FileChange, Reason};
use crate::files::Files;
use crate::rally;
use crate::render::RenderError;
use crate::yaml;
use crate::zuul::{self, Edit, FileEdit, Found, IfCovered, Voting, Wanted};

/// The job, as the templates see it.
#[derive(Serialize)]
pub(super) struct JobView {
    pub(super) name: String,
    #[serde(flatten)]
    job: Job,
    /// What a local DevStack needs, beside its own defaults.
    local: LocalConf,
    /// Where it runs, and whether it votes: `in check, not voting`.
    runs: String,
    /// Whether it runs in `periodic` as well.
    periodic: bool,
    /// The pipeline whose builds are most like a series.
    pipeline: &'static str,
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
        let periodic = options.periodic == Some(true);
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
            runs: runs(voting, periodic),
            periodic,
            pipeline: match voting {
                _ if periodic => "periodic",
                Voting::Voting => "gate",
                Voting::NonVoting => "check",
            },
            voting,
            if_covered,
        }
    }
}

fn runs(voting: Voting, periodic: bool) -> String {
    let for_changes = match voting {
        Voting::Voting => "in check and gate, voting",
        Voting::NonVoting => "in check, not voting",
    };
    match periodic {
        true => format!("{for_changes}, and once a day in periodic"),
        false => for_changes.to_owned(),
    }
}

/// Returns what `periodic` means for the job, for people.
fn of_periodic(name: &str, is_listed: bool) -> String {
    match is_listed {
        true => format!(
            "{name} also runs once a day in the project's periodic pipeline (--periodic), on each branch that has the entry, whatever has changed: its builds are a series for `git rally trend`. Zuul reports a failure there to nobody"
        ),
        false => {
            format!("{name} no longer runs in the project's periodic pipeline (--no-periodic)")
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

/// What was done about the job.
#[derive(Default)]
pub(super) struct Wiring {
    /// The item as it is rendered, where it is ours.
    pub(super) rendered: Option<String>,
    /// How many other jobs do not run for a change of `rally-jobs` alone any more.
    pub(super) spares_others: usize,
    /// Whether the job of an earlier run runs in other pipelines from now on.
    pub(super) revotes: bool,
    /// Whether `periodic` lists it from now on, if that changes.
    pub(super) periodic: Option<bool>,
    pub(super) notes: Vec<String>,
    /// Those of the notes that say what people changed and so stays as it is.
    pub(super) stays: Vec<String>,
}

impl Wiring {
    fn staying(note: String) -> Wiring {
        Wiring {
            stays: vec![note.clone()],
            ..Wiring::of_note(note)
        }
    }

    fn of_note(note: String) -> Wiring {
        Wiring {
            notes: vec![note],
            ..Wiring::default()
        }
    }
}

/// Adds the job to the change, or brings that of an earlier run up to date.
pub(super) fn wire(
    situation: &Situation<'_>,
    view: &View<'_>,
    templates: &Templates<'_>,
    update: &mut Update<'_>,
) -> Result<Wiring, PlanError> {
    let Some(job) = &view.job else {
        return Ok(Wiring::of_note("added no Zuul job (--no-zuul)".to_owned()));
    };
    match &update.earlier.job {
        Some(earlier) => job_of_earlier(situation, job, earlier, view, templates, update),
        None => new_job(situation, job, view, templates, update),
    }
}

fn new_job(
    situation: &Situation<'_>,
    job: &JobView,
    view: &View<'_>,
    templates: &Templates<'_>,
    update: &mut Update<'_>,
) -> Result<Wiring, PlanError> {
    let base = situation.base;
    let task = view.task_path();
    let is_kept = update.change.is_kept(&task);
    match edit(base, job, &task, templates, situation.project) {
        Ok(edit) if !is_kept => {
            let mut notes = vec![job.choice.clone()];
            notes.extend(job.periodic.then(|| of_periodic(&job.name, true)));
            notes.extend(edit.notes.iter().map(ToString::to_string));
            let spares_others = edit.spares_others();
            for file in edit.files {
                add(base, file, &mut update.change)?;
            }
            Ok(Wiring {
                rendered: edit.job_text,
                spares_others,
                notes,
                ..Wiring::default()
            })
        }
        Ok(edit) if edit.files.is_empty() => Ok(Wiring::of_note(format!(
            "the job {} exists already",
            job.name
        ))),
        // A job most often runs the task that a person has written: that comes first.
        Err(error) if !is_kept || error.is_covered() => Err(error),
        _ => Ok(Wiring::of_note(format!(
            "added no Zuul job: {task} exists already with other content, and the job would run that"
        ))),
    }
}

/// Brings the job of an earlier run up to date, wherever it is now; nothing else in the
/// configuration changes.
fn job_of_earlier(
    situation: &Situation<'_>,
    job: &JobView,
    earlier: &EarlierJob,
    view: &View<'_>,
    templates: &Templates<'_>,
    update: &mut Update<'_>,
) -> Result<Wiring, PlanError> {
    let base = situation.base;
    let task = view.task_path();
    let was = update.earlier.rendered.get(&task);
    let task = match was {
        Some(was) => update.earlier.place_in(base, &task, was)?.unwrap_or(task),
        None => task,
    };
    let mut notes = Vec::new();
    let own = match zuul::own_job(base, &earlier.name, &task)? {
        Found::One(own) => own,
        Found::Several(places) => {
            let places: Vec<String> = places.iter().map(ToString::to_string).collect();
            return Ok(Wiring::staying(format!(
                "the job {} is left as it is: it is defined several times: {}",
                earlier.name,
                places.join(" and ")
            )));
        }
        Found::None => {
            return Ok(Wiring::staying(format!(
                "the job {} stays away: somebody removed it after git-rally added it; --job NAME adds another",
                earlier.name
            )));
        }
    };
    let location = &own.location;
    if own.name != earlier.name {
        notes.push(format!(
            "the job {} is called {} now: {location}",
            earlier.name, own.name
        ));
    }
    let template = templates.text("zuul/job.yaml")?;
    let ours = (earlier.text.as_ref())
        .and_then(|was| Some((was, zuul::with_irrelevant_files(&template, was)?)));
    let Some((was, ours)) = ours else {
        return Ok(Wiring::staying(format!(
            "the job {} is left as it is: what git-rally had written of it cannot be told: {location}",
            own.name
        )));
    };
    let mut edits = Vec::new();
    let mut revotes = false;
    if let Some(text) = update.item(&own, was, &ours) {
        edits.push(zuul::replace_job(base, &own, &text)?);
    }
    // What runs where stays people's, unless somebody asks for another.
    let asked = situation.options;
    let is_kept = update.is_kept(&own.location.path);
    let mut wanted = Wanted {
        project: situation.project,
        job: &own.name,
        job_text: "",
        task: &task,
        voting: asked.voting.unwrap_or(earlier.voting),
        periodic: Some(earlier.periodic),
        irrelevant_files: &[],
        if_covered: IfCovered::AddBeside,
    };
    if wanted.voting != earlier.voting && !is_kept {
        notes.push(job.choice.clone());
        edits = zuul::vote(base, edits, &wanted)?;
        revotes = true;
    }
    wanted.periodic = asked.periodic.filter(|is_listed| {
        // Only a person says that it shall not be there, and may speak of an entry of their own.
        !is_kept && (!is_listed || !earlier.periodic)
    });
    let edited = edits.clone();
    edits = zuul::list_periodic(base, edits, &wanted)?;
    let periodic = wanted.periodic.filter(|_| edits != edited);
    notes.extend(periodic.map(|is_listed| of_periodic(&own.name, is_listed)));
    for edit in edits {
        add(base, edit, &mut update.change)?;
    }
    Ok(Wiring {
        rendered: Some(ours),
        revotes,
        periodic,
        notes,
        ..Wiring::default()
    })
}

/// Adds an edited file to the change.
fn add(base: &dyn Files, file: FileEdit, change: &mut ChangeSet) -> Result<(), PlanError> {
    let edited = FileChange {
        before: file.before,
        after: Some(file.after),
        mode: base.mode(&file.path)?,
        reason: Reason::Edited(file.why),
    };
    change.0.insert(file.path, edited);
    Ok(())
}

/// Returns the edit that adds the job to the Zuul configuration.
fn edit(
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
        periodic: job.periodic.then_some(true),
        irrelevant_files: &patterns,
        if_covered: job.if_covered,
    };
    Ok(zuul::plan(base, &wanted)?)
}
