//! The steps that the verbs share between a repository and its commit: what the change is, what the
//! branch is to it, the commit, and the one place that writes.

mod branch;
mod commit;
mod draft;
mod gerrit;

use std::path::Path;

use crate::catalogue::Catalogue;
use crate::detect;
use crate::disk::DiskFiles;
use crate::embedded;
use crate::files::{FileMap, Files};
use crate::git::{self, Base, LocalClone, NewTree};
use crate::gitreview::{GitReview, ReviewSettings};
use crate::plan::{self, Plan, Stubs};
use crate::render::Renderer;
use crate::request::Start;
use crate::stop::Stop;

pub use branch::{BranchState, BranchTaken, branch_state};
pub use commit::{Done, commit, next_steps};
pub use draft::{Draft, draft};
pub use gerrit::GerritTarget;

/// The change for one repository; nothing is written yet.
pub struct Proposal {
    pub base: Base,
    /// Where git-review would send the change.
    pub review: ReviewSettings,
    pub plan: Plan,
    pub tree: NewTree,
    /// Most important first.
    pub notes: Vec<String>,
}

/// What comes of looking at a repository.
pub enum Proposed {
    Change(Box<Proposal>),
    /// The base has everything; why, for people.
    Nothing(String),
}

/// Returns the change for `clone`: reads the base, detects the service, plans, and works out the tree.
pub fn propose(
    clone: &LocalClone<'_>,
    start: &Start,
    wanted: &plan::Options,
    library: &Library<'_>,
) -> Result<Proposed, Stop> {
    let base = clone.repo.base(start.base.as_deref(), &clone.settings)?;
    let snapshot = clone.repo.snapshot(base.commit)?;
    let gitreview = GitReview::read(&snapshot)?;
    let review = gitreview.settings(&|key| clone.settings.get(key))?;
    let found = detect::which(&snapshot, &library.catalogue, start.service.as_deref())?;
    let project = gitreview.zuul_project();
    let stubs = known_stubs(&snapshot, &library.catalogue)?;
    let (entry, renderer) = (&found.entry, &library.renderer);
    let plan = plan::plan(&snapshot, entry, wanted, &stubs, renderer, project)?;
    if plan.change.is_empty() {
        return Ok(Proposed::Nothing(nothing_to_add(&base.name(), &plan)));
    }
    let tree = clone.repo.tree_with(&snapshot, &plan.change)?;
    let mut notes = plan.notes.clone();
    notes.extend(found.note.map(|note| note.to_string()));
    notes.extend(base.note());
    Ok(Proposed::Change(Box::new(Proposal {
        base,
        review,
        plan,
        tree,
        notes,
    })))
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

/// Returns why there is nothing to add, with the files that a person has written.
fn nothing_to_add(base: &str, plan: &Plan) -> String {
    let kept: Vec<&str> = plan.change.kept().collect();
    if kept.is_empty() {
        return format!("{base} has all of it already");
    }
    let notes = plan.notes.iter().map(|note| format!("; {note}"));
    format!(
        "{base} has a file at every path already; kept: {}{}",
        kept.join(", "),
        notes.collect::<String>()
    )
}

/// What changes are made from: the catalogue, and the templates ready to render.
pub struct Library<'f> {
    pub catalogue: Catalogue<'f>,
    pub renderer: Renderer,
}

/// The files of a [`Library`]: ours, and a user's folder.
pub struct LibraryFiles {
    templates: FileMap,
    user: Option<DiskFiles>,
}

/// A library that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LibraryError {
    #[error("--catalogue: `{0}` is not a folder")]
    NoFolder(String),
    #[error("--catalogue: {0}")]
    Catalogue(#[from] crate::catalogue::CatalogueError),
    #[error(transparent)]
    Render(#[from] crate::render::RenderError),
}

impl LibraryFiles {
    /// Returns the files of the program, and those of the folder `catalogue`.
    pub fn new(catalogue: Option<&Path>) -> Result<LibraryFiles, LibraryError> {
        let user = catalogue.map(DiskFiles::new);
        match &user {
            Some(files) if !files.is_dir() => Err(LibraryError::NoFolder(files.path())),
            _ => Ok(LibraryFiles {
                templates: embedded::templates(),
                user,
            }),
        }
    }

    /// Returns the library.
    pub fn open(&self) -> Result<Library<'_>, LibraryError> {
        let user = self.user.as_ref();
        let user = user.map(|files| (files as &dyn Files, files.path()));
        Ok(Library {
            catalogue: Catalogue::new(&self.templates, user)?,
            renderer: Renderer::new(&self.templates, &["rally-jobs", "zuul", "commit", "extend"])?,
        })
    }
}
