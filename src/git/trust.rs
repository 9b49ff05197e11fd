//! What git asks before it trusts a repository: whose it is (`safe.directory`), and whether a bare
//! one may be found by chance (`safe.bareRepository`). The rules are those of git 2.46 and later.
//!
//! Only the protected configuration counts, the repository's own does not. libgit2 knows
//! `safe.directory` in its plainest form alone, so its answer is not taken.

use std::path::{Path, PathBuf};

use git2::Repository;

use super::settings::os_path;
use super::{Environment, OpenError, Settings, SettingsError, own_file};

/// How a repository was looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Search<'a> {
    /// `GIT_DIR` names it; whoever can set that is trusted.
    Named,
    /// In this folder and those above it.
    From(&'a Path),
}

/// Fails where git would not open the repository, for safety.
pub(super) fn check(
    repo: &Repository,
    search: Search<'_>,
    env: &Environment,
) -> Result<(), OpenError> {
    let Search::From(start) = search else {
        return Ok(());
    };
    let git_dir = real(repo.path());
    // Git looks for `.git` in every folder, and then whether the folder itself is a repository.
    let is_found_inside = real(start).starts_with(&git_dir);
    let protected = Settings::read(env, None)?;
    if is_found_inside && !may_be_bare(&protected)? && !belongs_to_a_work_tree(&git_dir) {
        return Err(OpenError::Bare {
            path: git_dir.display().to_string(),
        });
    }
    let work_tree = repo.workdir().filter(|_| !is_found_inside).map(real);
    let gitfile = work_tree.as_ref().map(|top| top.join(".git"));
    let gitfile = gitfile.filter(|file| file.is_file());
    let paths = [gitfile.as_ref(), work_tree.as_ref(), Some(&git_dir)];
    let key = work_tree.as_ref().unwrap_or(&git_dir);
    let is_ours = !assumed_foreign(env) && paths.into_iter().flatten().all(|p| is_own(p, env));
    match is_ours || is_listed(key, start, &protected, env)? {
        true => Ok(()),
        false => Err(OpenError::Owner {
            path: key.display().to_string(),
        }),
    }
}

/// Opens a repository without the question whose it is.
pub(super) fn unchecked(git_dir: &Path) -> Result<Repository, git2::Error> {
    let repo = Repository::open_bare(git_dir)?;
    if let Some(top) = work_tree(&repo) {
        repo.set_workdir(&top, false)?;
    }
    Ok(repo)
}

fn work_tree(repo: &Repository) -> Option<PathBuf> {
    let git_dir = repo.path();
    if let Ok(link) = own_file::text(&git_dir.join("gitdir")) {
        return Some(git_dir.join(link.trim_end()).parent()?.to_owned());
    }
    let config = repo.config().ok()?;
    if let Ok(top) = config.get_string("core.worktree") {
        return Some(git_dir.join(top));
    }
    let is_bare = config.get_bool("core.bare").unwrap_or(false);
    let is_beside = git_dir.ends_with(".git") && !is_bare;
    Some(git_dir.parent()?.to_owned()).filter(|_| is_beside)
}

fn real(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

/// Returns whether the Git directory is one that has a work tree somewhere, by its name.
fn belongs_to_a_work_tree(git_dir: &Path) -> bool {
    let name = git_dir.display().to_string();
    git_dir.ends_with(".git")
        || name.contains("/.git/worktrees/")
        || name.contains("/.git/modules/")
}

fn may_be_bare(protected: &Settings) -> Result<bool, SettingsError> {
    let mut may = true;
    for value in protected.all("safe.bareRepository") {
        may = match value {
            b"explicit" => false,
            b"all" => true,
            other => {
                return Err(SettingsError::Value {
                    key: "safe.bareRepository".to_owned(),
                    value: String::from_utf8_lossy(other).into_owned(),
                });
            }
        };
    }
    Ok(may)
}

/// Returns whether `safe.directory` has the path: as it is, as `*`, or as a folder above it with
/// `/*`. An empty value takes back what comes before it.
fn is_listed(
    path: &Path,
    start: &Path,
    protected: &Settings,
    env: &Environment,
) -> Result<bool, SettingsError> {
    let mut is_safe = false;
    for value in protected.all("safe.directory") {
        match value {
            b"" => is_safe = false,
            b"*" => is_safe = true,
            // The folder that git is installed in is no repository.
            value if value.starts_with(b"%(prefix)/") => {}
            value => {
                let listed = os_path(value, env).ok_or_else(|| SettingsError::Home {
                    key: "safe.directory".to_owned(),
                    value: String::from_utf8_lossy(value).into_owned(),
                })?;
                is_safe |= names(&listed, path, start);
            }
        }
    }
    Ok(is_safe)
}

fn names(listed: &Path, path: &Path, start: &Path) -> bool {
    if listed == Path::new(".") {
        return path == real(start);
    }
    if !listed.is_absolute() {
        return false;
    }
    match listed.file_name().is_some_and(|name| name == "*") {
        true => {
            let above = real(listed.parent().unwrap_or(listed));
            path != above && path.starts_with(above)
        }
        false => path == real(listed),
    }
}

/// Git's own tests set this, to stand for another user.
fn assumed_foreign(env: &Environment) -> bool {
    env.is_true("GIT_TEST_ASSUME_DIFFERENT_OWNER")
}

/// Returns whether the path is the user's; for root, also whether it is of the user who ran `sudo`.
#[cfg(unix)]
fn is_own(path: &Path, env: &Environment) -> bool {
    use std::os::unix::fs::MetadataExt;
    let Ok(owner) = path.symlink_metadata().map(|data| data.uid()) else {
        return false;
    };
    let user = rustix::process::geteuid();
    let by_sudo = || env.get("SUDO_UID").and_then(|id| id.parse().ok()) == Some(owner);
    owner == user.as_raw() || (user.is_root() && by_sudo())
}

/// libgit2 has asked.
#[cfg(not(unix))]
fn is_own(_: &Path, _: &Environment) -> bool {
    true
}
