//! Opens the repository that a path is in.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use git2::{ErrorClass, ErrorCode, Repository, RepositoryOpenFlags};

use super::error::MEND_CONFIGURATION;
use super::history::Step;
use super::object::{self, Folder};
use super::shared::Shared;
use super::store::{Store, Sync};
use super::trust::{self, Search};
use super::{Environment, Failure, Id, Settings, SettingsError, attributes};
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// Why a repository cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder `{path}` does not exist")]
    NoFolder { path: String },
    #[error("`{path}` is not in a Git repository")]
    NotARepository { path: String },
    #[error("`{path}` belongs to another user, so git does not trust it")]
    Owner { path: String },
    #[error(
        "git does not open the bare repository `{path}` with `safe.bareRepository`, unless you name it"
    )]
    Bare { path: String },
    #[error("git-rally does not support this kind of repository, `{path}`: {kind}")]
    Unsupported { path: String, kind: Unsupported },
    #[error("cannot read Git's configuration: {problem}")]
    Configuration {
        /// What libgit2 says, with file and line.
        problem: String,
    },
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error(transparent)]
    Failed(#[from] Failure),
}

/// What libgit2 does not know.
#[derive(Debug, thiserror::Error)]
pub enum Unsupported {
    #[error("it stores references as a reftable")]
    Reftable,
    #[error("it uses SHA-256")]
    Sha256,
    #[error("{0}")]
    Other(String),
}

impl Remedy for OpenError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            OpenError::Unsupported { .. } => Some(Refusal::UnsupportedRepository),
            OpenError::Settings(error) => error.refusal(),
            _ => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            OpenError::NoFolder { .. } => "pass the folder of a clone".to_owned(),
            OpenError::NotARepository { .. } => {
                "git clone https://opendev.org/openstack/PROJECT".to_owned()
            }
            OpenError::Owner { path } => {
                let add = ["git", "config", "--global", "--add", "safe.directory", path];
                shell::line(add)
            }
            OpenError::Bare { path } => {
                let named = format!("--git-dir={path}");
                shell::line(["git", &named, "rally", "detect"])
            }
            OpenError::Unsupported { kind, .. } => kind.hint().to_owned(),
            OpenError::Configuration { .. } => MEND_CONFIGURATION.to_owned(),
            OpenError::Settings(error) => error.hint(),
            OpenError::Failed(failure) => failure.hint(),
        }
    }
}

impl Unsupported {
    /// Returns the kind that libgit2's message names, if it names one.
    fn named_in(message: &str) -> Option<Unsupported> {
        let kinds = [
            "unsupported extension",
            "unknown object format",
            "unsupported repository version",
            "unsupported mandatory",
        ];
        if !kinds.iter().any(|words| message.contains(words)) {
            return None;
        }
        Some(if message.contains("refstorage") {
            Unsupported::Reftable
        } else if message.contains("sha256") {
            Unsupported::Sha256
        } else {
            Unsupported::Other(message.to_owned())
        })
    }

    fn hint(&self) -> &'static str {
        match self {
            Unsupported::Reftable => {
                "clone the project again, with references as files: git clone --ref-format=files URL"
            }
            Unsupported::Sha256 => {
                "clone the project again, with SHA-1 as on opendev.org: git clone URL"
            }
            Unsupported::Other(_) => {
                "clone the project again, in git's default format: git clone URL"
            }
        }
    }
}

/// An open repository.
pub struct Repo {
    pub(super) inner: Repository,
    pub(super) path: PathBuf,
    pub(super) reached: Reached,
    configuration: Settings,
    pub(super) store: Store,
    /// The user's own file of attributes.
    pub(super) attributes: Option<PathBuf>,
    /// The folders of objects, its own and those it borrows from, once they were looked for.
    pub(super) stores: OnceCell<Vec<Folder>>,
    /// Commits that a search in the history has read: the next one goes the same way.
    pub(super) steps: RefCell<HashMap<Id, Rc<Step>>>,
}

/// How a repository was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reached {
    /// From the current directory, or by `GIT_DIR`.
    FromHere,
    /// By a path that was given.
    ByPath,
}

impl Repo {
    /// Opens the repository that `path` is in: a work tree or a folder of it, a linked worktree,
    /// or a bare repository. Without a path, the current directory, and `GIT_DIR` is honoured.
    pub fn open(path: Option<&Path>, env: &Environment) -> Result<Repo, OpenError> {
        let start = path.unwrap_or(Path::new("."));
        if !start.is_dir() {
            return Err(OpenError::NoFolder {
                path: start.display().to_string(),
            });
        }
        let search = match (path, env.os("GIT_DIR")) {
            (None, Some(_)) => Search::Named,
            _ => Search::From(start),
        };
        let opened = match path {
            // libgit2 looks at GIT_DIR only where it is given no path at all.
            None => Repository::open_from_env(),
            Some(path) => open_given(path, env),
        };
        let opened = match opened {
            Err(error) if error.code() == ErrorCode::Owner => {
                git_dir(search, env).and_then(|dir| trust::unchecked(&dir))
            }
            opened => opened,
        };
        let inner = opened.map_err(|error| refusal(&start.display().to_string(), error))?;
        trust::check(&inner, search, env)?;
        let reached = match path {
            None => Reached::FromHere,
            Some(_) => Reached::ByPath,
        };
        Repo::of(inner, reached, env)
    }

    pub(super) fn of(
        inner: Repository,
        reached: Reached,
        env: &Environment,
    ) -> Result<Repo, OpenError> {
        object::compare_ids();
        let other = env
            .os("GIT_OBJECT_DIRECTORY")
            .filter(|_| reached == Reached::FromHere);
        let mut repo = Repo {
            path: inner.workdir().unwrap_or(inner.path()).to_owned(),
            store: Store {
                dir: other.map_or_else(|| inner.commondir().join("objects"), PathBuf::from),
                shared: Shared::No,
                sync: Sync::Never,
            },
            inner,
            reached,
            attributes: None,
            stores: OnceCell::new(),
            steps: RefCell::default(),
            configuration: Settings::default(),
        };
        let settings = repo.settings(env)?;
        repo.store.shared = Shared::of(&settings);
        repo.store.sync = Sync::of(&settings);
        repo.attributes = attributes::of_user(&settings, env);
        repo.configuration = settings;
        Ok(repo)
    }

    /// Returns the configuration as it was when the repository was opened.
    pub fn configuration(&self) -> &Settings {
        &self.configuration
    }
}

/// Opens the repository of a path that was given: variables that belong to the repository of
/// `GIT_DIR`, as a hook has them, do not hold for it.
fn open_given(path: &Path, env: &Environment) -> Result<Repository, git2::Error> {
    let others = ["GIT_OBJECT_DIRECTORY", "GIT_WORK_TREE"];
    // With this flag libgit2 honours GIT_CONFIG_GLOBAL and the like.
    let flags = match others.iter().any(|name| env.get(name).is_some()) {
        true => RepositoryOpenFlags::empty(),
        false => RepositoryOpenFlags::FROM_ENV,
    };
    let ceilings = env.get("GIT_CEILING_DIRECTORIES").unwrap_or_default();
    Repository::open_ext(path, flags, std::env::split_paths(ceilings))
}

/// Returns the Git directory that the search finds.
fn git_dir(search: Search<'_>, env: &Environment) -> Result<PathBuf, git2::Error> {
    match search {
        Search::Named => Ok(PathBuf::from(env.os("GIT_DIR").unwrap_or_default())),
        Search::From(start) => {
            let ceilings = env.get("GIT_CEILING_DIRECTORIES").unwrap_or_default();
            Repository::discover_path(start, std::env::split_paths(ceilings))
        }
    }
}

fn refusal(path: &str, error: git2::Error) -> OpenError {
    let path = path.to_owned();
    let message = error.message();
    if let Some(kind) = Unsupported::named_in(message) {
        return OpenError::Unsupported { path, kind };
    }
    match (error.code(), error.class()) {
        (ErrorCode::NotFound, _) => OpenError::NotARepository { path },
        (_, ErrorClass::Config) => OpenError::Configuration {
            problem: message.to_owned(),
        },
        _ => Failure::during(format!("open the repository `{path}`"), error).into(),
    }
}
