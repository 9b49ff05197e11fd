//! `demo`: a small sample repository in a new folder, and the main job on it.

use std::path::Path;

use super::{UsageError, commit, known_service};
use crate::embedded;
use crate::event::Event;
use crate::git::{Environment, LocalClone, Repo};
use crate::propose::LibraryFiles;
use crate::remedy::{Refusal, Remedy};
use crate::request::{ChangeOptions, Commit, Demo, Repos};
use crate::shell;
use crate::stop::Stop;

/// Why there is no sample repository.
#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error("no sample of `{service}` exists")]
    NoSample { service: String },
    #[error("`{folder}` exists already, and git-rally overwrites nothing")]
    Exists { folder: String, service: String },
}

impl Remedy for DemoError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            DemoError::NoSample { .. } => {
                let known = embedded::samples().join(", ");
                format!("git rally demo SERVICE, one of {known}")
            }
            DemoError::Exists { service, .. } => {
                let again = shell::line(["git", "rally", "demo", service]);
                format!("remove it, or in another folder: {again}")
            }
        }
    }
}

/// Lays out `git-rally-demo-SERVICE` in the current directory, and makes the commit there.
pub(super) fn demo(
    wanted: &Demo,
    env: &Environment,
    tell: &mut dyn FnMut(Event),
) -> Result<(), UsageError> {
    let files = LibraryFiles::new(None)?;
    let library = files.open()?;
    known_service(&wanted.service, &library)?;
    let folder = format!("git-rally-demo-{}", wanted.service);
    let main_job = Commit {
        repos: Repos::default(),
        change: ChangeOptions::default(),
    };
    let event = sample(&wanted.service, &folder, env)
        .and_then(|clone| commit::commit(&main_job, &clone, &library));
    tell(event.unwrap_or_else(|stop| stop.event(folder)));
    Ok(())
}

/// Returns the clone of a new repository with the sample of `service`.
fn sample<'e>(service: &str, folder: &str, env: &'e Environment) -> Result<LocalClone<'e>, Stop> {
    let Some(files) = embedded::sample(service) else {
        let service = service.to_owned();
        return Err(DemoError::NoSample { service }.into());
    };
    let path = Path::new(folder);
    if path.symlink_metadata().is_ok() {
        let (folder, service) = (folder.to_owned(), service.to_owned());
        return Err(DemoError::Exists { folder, service }.into());
    }
    let repo = Repo::sample(path, &files, env)?;
    Ok(LocalClone::of(repo, folder.to_owned(), env))
}
