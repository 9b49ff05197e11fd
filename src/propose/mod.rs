//! The steps that the verbs share between a repository and its commit: what the change is, what the
//! branch is to it, the commit, and the one place that writes.

mod branch;
mod carried;
mod commit;
mod draft;
mod earlier;
mod gerrit;
mod library;
mod limits;
mod remembered;
mod removal;
mod rendered;
mod untouched;

use crate::catalogue::{BUILT_IN, Catalogue};
use crate::detect;
use crate::files::Files;
use crate::git::{self, Base, GitError, Id, LocalClone, NewTree};
use crate::gitreview::{GitReview, ReviewSettings};
use crate::message::{ChangeId, Provenance, Wrote};
use crate::plan::{self, JobName, Options, Plan, Situation, Stubs};
use crate::rally;
use crate::request::{ChangeOptions, Start};
use crate::stop::Stop;
use crate::zuul::Voting;
use earlier::{Before, Run, no_history};
use limits::LastLimits;
use remembered::Remembered;
use removal::removal;
use untouched::{digest, edit_digest};

pub use branch::{BranchState, BranchTaken, branch_state};
pub use carried::Carried;
pub use commit::{Done, commit, next_steps};
pub use draft::{Draft, draft};
pub use gerrit::GerritTarget;
pub use library::{Library, LibraryError, LibraryFiles};

/// The change for one repository; nothing is written yet.
pub struct Proposal {
    pub base: Base,
    /// Where git-review would send the change.
    pub review: ReviewSettings,
    pub plan: Plan,
    pub tree: NewTree,
    pub provenance: Provenance,
    /// The Change-Id of the last change of ours that the base has: it is closed.
    pub merged: Option<ChangeId>,
    /// Most important first.
    pub notes: Vec<String>,
}

/// What comes of looking at a repository.
pub enum Proposed {
    Change(Box<Proposal>),
    /// The base has everything; why, for people.
    Nothing(String),
}

/// Returns the change for `clone`: reads the base, detects the service, looks for an earlier run,
/// plans, and works out the tree.
pub fn propose(
    clone: &LocalClone<'_>,
    wanted: &ChangeOptions,
    library: &Library<'_>,
) -> Result<Proposed, Stop> {
    let (start, given) = (&wanted.start, &wanted.plan);
    let base = clone.repo.base(start.base.as_deref(), &clone.settings)?;
    let on_branch = match wanted.forget {
        true => None,
        false => Remembered::on_branch(clone, wanted, base.commit)?,
    };
    let remembered = on_branch.as_ref().map(|branch| &branch.options);
    let (base, mut notes) = base_of(clone, start, base, remembered)?;
    let snapshot = clone.repo.snapshot(base.commit)?;
    let gitreview = GitReview::read(&snapshot)?;
    let review = gitreview.settings(&|key| clone.settings.get(key))?;
    let service = start.service.as_deref();
    let service = service.or_else(|| remembered?.service.as_deref());
    let found = detect::which(&snapshot, &library.catalogue, service)?;
    let project = gitreview.zuul_project();
    let stubs = known_stubs(&snapshot, &library.catalogue)?;
    let before = before(
        clone,
        &snapshot,
        base.commit,
        &found.entry.service.service,
        |job| {
            let asked = given.job.as_ref();
            let asked = asked.or_else(|| remembered?.job.as_ref());
            // Where nothing says which job, that of the last run holds.
            let is_any = asked.is_none() && on_branch.is_none() && !wanted.forget;
            is_any || asked == job
        },
    )?;
    let run = match &before {
        Before::Run(run) => Some(run),
        _ => None,
    };
    let earlier = run
        .map(|run| run.earlier(clone, &git::merge_lines))
        .transpose()?;
    let removed = match before {
        Before::NoDirectory => removal(clone, base.commit),
        _ => None,
    };
    // Gerrit may have rebased or picked the change: what the branch holds is merged then.
    let merged = run.and_then(|run| run.change_id());
    let is_merged = on_branch
        .as_ref()
        .is_some_and(|branch| branch.change_id.is_some() && branch.change_id == merged);
    let last = match (on_branch.as_ref().filter(|_| !is_merged), run) {
        _ if wanted.forget => None,
        (Some(branch), _) => Some(branch.options.clone()),
        (None, Some(run)) => Some(run.remembered()),
        (None, None) => None,
    };
    let remembered = last.clone().unwrap_or_default();
    let mut options = remembered.fill(given);
    let not_merged = on_branch.as_ref().filter(|_| !is_merged);
    let last_limits = match (not_merged, run) {
        _ if !remembered.limits => LastLimits::None,
        (Some(branch), _) => LastLimits::OnBranch(branch),
        (None, Some(run)) => LastLimits::Merged(run, earlier.as_ref()),
        (None, None) => LastLimits::None,
    };
    let (limits, limits_notes) = match wanted.limits_from.as_slice() {
        [] => last_limits.read(clone, &found.entry.service)?,
        paths => limits::of_results(paths, &found.entry.service, options.load)?,
    };
    options.limits = limits;
    let given = &Options {
        limits: (options.limits.clone()).filter(|_| !wanted.limits_from.is_empty()),
        ..given.clone()
    };
    let changed = last.as_ref().map(|last| last.changed_by(&options));
    let changed = changed.unwrap_or_default();
    notes.extend(last.and_then(|last| last.note(given, &changed)));
    // The message speaks of the change, whatever patch set the branch holds.
    let since_merged = run.map(|run| run.remembered().changed_by(&options));
    let since_merged = since_merged.unwrap_or_default();
    if remembered.catalogue && start.catalogue.is_none() {
        notes.push(
            "the last run used --catalogue, and this one does not: it goes by the built-in entry"
                .to_owned(),
        );
    }
    notes.extend(run.and_then(|run| run.note()));
    let situation = Situation {
        base: &snapshot,
        entry: &found.entry,
        options: &options,
        stubs: &stubs,
        renderer: &library.renderer,
        project,
        earlier: earlier.as_ref(),
        removed: removed.as_deref(),
        changed: &since_merged,
        lines: &git::merge_lines,
        // Of no digest, nothing is known.
        digest: &|bytes| digest(bytes).unwrap_or_default(),
        templates: library.templates,
    };
    let plan = plan::plan(&situation);
    if let (Before::CutOff, Some(task)) = (
        &before,
        plan::unclear_task(&plan, &found.entry.service.service, &options),
    ) {
        return Err(no_history(clone, &review.remote, task)?.into());
    }
    let plan = plan?;
    if plan.change.is_empty() {
        return Ok(Proposed::Nothing(nothing_to_add(&base.name(), &plan)));
    }
    let tree = clone.repo.tree_with(&snapshot, &plan.change)?;
    notes.splice(0..0, limits_notes);
    notes.splice(0..0, plan.notes.iter().cloned());
    notes.extend(found.note.map(|note| note.to_string()));
    notes.extend(base.note());
    let asked = Start {
        service: service.map(str::to_owned),
        base: base.given().map(str::to_owned),
        catalogue: start
            .catalogue
            .clone()
            .filter(|_| found.entry.origin != BUILT_IN),
    };
    let provenance = Provenance {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        service: plan.service.clone(),
        tree: tree.id.to_string(),
        options: Remembered::of(&asked, &options).words(),
        wrote: Some(wrote(&plan)?),
    };
    Ok(Proposed::Change(Box::new(Proposal {
        base,
        review,
        plan,
        tree,
        provenance,
        merged,
        notes,
    })))
}

/// Returns the base: what was found, unless the last run on the branch was given another, and none is
/// given now; with what people should know of it.
fn base_of(
    clone: &LocalClone<'_>,
    start: &Start,
    found: Base,
    on_branch: Option<&Remembered>,
) -> Result<(Base, Vec<String>), Stop> {
    let remembered = on_branch.and_then(|last| last.base.as_deref());
    let (None, Some(rev)) = (&start.base, remembered) else {
        return Ok((found, Vec::new()));
    };
    match clone.repo.base(Some(rev), &clone.settings) {
        Ok(base) => {
            let note = format!("the base is {rev}, as in the last run; --base REV takes another");
            Ok((base, vec![note]))
        }
        Err(_) => {
            let note = format!("the base of the last run, {rev}, is gone");
            Ok((found, vec![note]))
        }
    }
}

/// Returns what the history says of earlier runs; it is read only where there is something that
/// could be ours.
fn before(
    clone: &LocalClone<'_>,
    base: &dyn Files,
    tip: Id,
    service: &str,
    is_asked: impl Fn(Option<&JobName>) -> bool,
) -> Result<Before, Stop> {
    match base.kind(rally::DIRECTORY)? {
        None => Ok(Before::NoDirectory),
        Some(_) => Ok(Run::find(clone, tip, service, &is_asked)?),
    }
}

/// Returns the digests of what was rendered.
fn wrote(plan: &Plan) -> Result<Wrote, GitError> {
    let named = plan.wrote.moved.iter();
    let named = named.map(|(name, text)| Ok((digest(text)?, name.clone())));
    let files = plan.wrote.files.iter().map(|file| digest(file));
    let mut wrote = Wrote {
        files: files.collect::<Result<_, _>>()?,
        job: plan
            .wrote
            .job
            .as_ref()
            .map(|job| digest(job.as_bytes()))
            .transpose()?,
        edit: None,
        message: Some(digest(plan.wrote.message.as_bytes())?),
        named: named.collect::<Result<_, GitError>>()?,
        gone: plan.wrote.gone.clone(),
        others: plan.wrote.others.clone(),
        votes: plan.wrote.voting.map(|voting| voting == Voting::Voting),
        periodic: plan.wrote.periodic,
    };
    wrote.edit = Some(edit_digest(&plan.change, &wrote)?);
    Ok(wrote)
}

/// Returns the documents of the base whose content is that of a known stub.
fn known_stubs(base: &dyn Files, catalogue: &Catalogue<'_>) -> Result<Stubs, Stop> {
    let mut found = Stubs::new();
    for stub in catalogue.known_stubs()? {
        let Some(bytes) = base.read(&stub.path)? else {
            continue;
        };
        let id = git::blob_id(&bytes)?.to_string();
        if stub.blobs.contains(&id) {
            found.insert(stub.path.clone(), stub.what.clone());
        }
    }
    Ok(found)
}

/// Returns why there is nothing to add, with the files that a person has written or edited.
fn nothing_to_add(base: &str, plan: &Plan) -> String {
    let stays: Vec<String> = plan.stays.iter().map(|note| format!("; {note}")).collect();
    let stays = stays.concat();
    let kept: Vec<&str> = plan.change.kept().collect();
    if kept.is_empty() {
        let edited: Vec<&str> = plan.change.edited().collect();
        return match edited.is_empty() {
            true if plan.has_left_out => {
                format!("{base} has nothing to add to; {}", plan.notes.join("; "))
            }
            true => format!("{base} has all of it already{stays}"),
            false => format!(
                "{base} has all of it already; people edited {}, and git-rally has nothing new for these{stays}",
                edited.join(", ")
            ),
        };
    }
    let notes = plan.notes.iter().map(|note| format!("; {note}"));
    format!(
        "{base} has a file at every path already; kept: {}{}",
        kept.join(", "),
        notes.collect::<String>()
    )
}
