//! What paths name: repositories, and files and folders in them.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};

use crate::cores::on_every_core;
use crate::files::Files;
use crate::git::{Environment, OpenError, Repo};
use crate::remedy::{Refusal, Remedy};
use crate::stop::Stop;

/// A repository, and what of it somebody has named.
pub(super) struct Target {
    /// A folder that is in it; `None` is the current directory.
    folder: Option<PathBuf>,
    /// The top of the work tree, or the bare repository.
    path: PathBuf,
    /// The repository's name in events: as it was given, or where it is from here.
    pub(super) name: String,
    /// Paths in the repository, files or folders; none: all of it.
    pub(super) parts: Vec<String>,
    /// The top of the work tree, for paths that are shown.
    top: Top,
}

enum Top {
    /// As it was given.
    Given(PathBuf),
    /// Without links.
    Real(PathBuf),
}

/// Why there is no repository for a path.
pub(super) struct NoTarget {
    /// The path as it was given.
    pub(super) name: String,
    pub(super) stop: Stop,
}

/// A path that was given leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("there is no `{path}`")]
struct NoFile {
    path: String,
}

impl Remedy for NoFile {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        "git rally check".to_owned()
    }
}

/// Returns the repositories that the paths are in, in the order of the first path of each; without
/// paths, that of the current directory.
pub(super) fn targets(paths: &[PathBuf], env: &Environment) -> Vec<Result<Target, NoTarget>> {
    if paths.is_empty() {
        return vec![here(env)];
    }
    let mut found: Vec<Result<Target, NoTarget>> = Vec::new();
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for new in on_every_core(paths, |path| target(path, env)) {
        let known = (new.as_ref().ok()).and_then(|new| places.get(&new.path).copied());
        match (known.map(|at| &mut found[at]), new) {
            (Some(Ok(known)), Ok(new)) => known.add(new.parts),
            (_, new) => {
                if let Ok(new) = &new {
                    places.insert(new.path.clone(), found.len());
                }
                found.push(new);
            }
        }
    }
    found
}

fn here(env: &Environment) -> Result<Target, NoTarget> {
    let name = ".".to_owned();
    let repo = Repo::open(None, env).map_err(|error| NoTarget {
        name: name.clone(),
        stop: Stop::from(error),
    })?;
    let top = real(repo.path());
    Ok(Target {
        folder: None,
        path: repo.path().to_owned(),
        name: from_here(&top),
        top: Top::Real(top),
        parts: Vec::new(),
    })
}

fn target(path: &Path, env: &Environment) -> Result<Target, NoTarget> {
    let name = path.display().to_string();
    // a file that a revision has need not be in the work tree
    let is_folder = path.is_dir();
    let folder = match is_folder {
        true => path,
        false => path
            .ancestors()
            .skip(1)
            .find(|dir| is_dir(dir))
            .unwrap_or(path),
    };
    let folder = match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    };
    let repo = Repo::open(Some(folder), env).map_err(|error| NoTarget {
        name: name.clone(),
        stop: match path.symlink_metadata() {
            Ok(_) => Stop::from(error),
            Err(_) => Stop::from(NoFile { path: name.clone() }),
        },
    })?;
    let part = match repo.is_bare() {
        true => String::new(),
        false => part(&repo, path, folder),
    };
    let (name, top) = match part.is_empty() {
        true => (name, Top::Given(path.to_owned())),
        false => {
            let top = real(repo.path());
            (from_here(&top), Top::Real(top))
        }
    };
    let parts = Some(part).filter(|part| !part.is_empty());
    Ok(Target {
        folder: Some(folder.to_owned()),
        path: repo.path().to_owned(),
        name,
        parts: parts.into_iter().collect(),
        top,
    })
}

fn is_dir(dir: &Path) -> bool {
    dir.as_os_str().is_empty() || dir.is_dir()
}

/// Returns the path within the work tree, no link at its end followed; nothing for all of it.
fn part(repo: &Repo, path: &Path, folder: &Path) -> String {
    let rest = match folder == Path::new(".") {
        true => path.strip_prefix(".").unwrap_or(path),
        false => path.strip_prefix(folder).unwrap_or(Path::new("")),
    };
    let whole = real(folder).join(rest);
    let within = whole.strip_prefix(real(repo.path()));
    within.map_or(String::new(), |part| {
        let names = part.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_string_lossy()),
            _ => None,
        });
        names.collect::<Vec<_>>().join("/")
    })
}

impl Target {
    /// Opens the repository.
    pub(super) fn open(&self, env: &Environment) -> Result<Repo, OpenError> {
        Repo::open(self.folder.as_deref(), env)
    }

    /// Returns a path of the repository as it is from here.
    pub(super) fn shown(&self, path: &str) -> String {
        match &self.top {
            Top::Given(top) if top == Path::new(".") => path.to_owned(),
            Top::Given(top) => top.join(path).display().to_string(),
            Top::Real(top) => from_here(&top.join(path)),
        }
    }

    /// Returns whether the path is one that somebody has named, or below one.
    pub(super) fn has(&self, path: &str) -> bool {
        let is_in = |part: &String| {
            path.strip_prefix(part.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.parts.is_empty() || self.parts.iter().any(is_in)
    }

    /// Refuses what somebody has named and is not there.
    pub(super) fn exists_in(&self, files: &dyn Files) -> Result<(), Stop> {
        for part in &self.parts {
            if files.kind(part)?.is_none() {
                let path = self.shown(part);
                return Err(Stop::from(NoFile { path }));
            }
        }
        Ok(())
    }

    /// Whoever names the repository itself has named all that is in it.
    fn add(&mut self, parts: Vec<String>) {
        match parts.is_empty() || self.parts.is_empty() {
            true => self.parts.clear(),
            false => self.parts.extend(parts),
        }
    }
}

/// Returns the path without links; as it is where it does not exist.
fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or(path.to_owned())
}

/// Returns a path without links as it is from the current directory.
fn from_here(path: &Path) -> String {
    let here = std::env::current_dir().map(|here| real(&here));
    let relative = here.map_or(path.to_owned(), |here| relative(path, &here));
    relative.display().to_string()
}

/// Returns a path as it is from a folder, both without links.
fn relative(path: &Path, folder: &Path) -> PathBuf {
    let same = path.components().zip(folder.components());
    let same = same.take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(same).map(|_| Component::ParentDir);
    let found: PathBuf = up.chain(path.components().skip(same)).collect();
    match found.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_a_folder() {
        for (path, folder, expected) in [
            ("/a/b", "/a/b", "."),
            ("/a/b/c", "/a/b", "c"),
            ("/a", "/a/b", ".."),
            ("/a/c/d", "/a/b", "../c/d"),
            ("/c", "/a/b", "../../c"),
        ] {
            let found = relative(Path::new(path), Path::new(folder));
            assert_eq!(found, Path::new(expected), "{path} from {folder}");
        }
    }
}
