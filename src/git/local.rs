//! A clone as its user has it.

use std::path::Path;

use super::{CommitMsgHook, Environment, GitError, HookFolder, Repo, Settings};

/// A repository with its configuration and the environment that they hold in.
pub struct LocalClone<'e> {
    pub repo: Repo,
    pub settings: Settings,
    pub env: &'e Environment,
    /// As the user named it; `.` for the current directory.
    pub name: String,
}

impl<'e> LocalClone<'e> {
    /// Opens the repository that `path` is in, see [`Repo::open`].
    pub fn open(path: Option<&Path>, env: &'e Environment) -> Result<LocalClone<'e>, GitError> {
        let name = path.unwrap_or(Path::new(".")).display().to_string();
        Ok(LocalClone::of(Repo::open(path, env)?, name, env))
    }

    /// Returns the clone of an open repository, under the name `name`.
    pub fn of(repo: Repo, name: String, env: &'e Environment) -> LocalClone<'e> {
        LocalClone {
            settings: repo.configuration().clone(),
            repo,
            env,
            name,
        }
    }

    /// Returns the commit-msg hook that the configuration names, else that of `folder`.
    pub fn commit_msg_hook(&self, folder: HookFolder) -> CommitMsgHook {
        let path = self.settings.path("core.hooksPath", self.env);
        self.repo.commit_msg_hook(folder, path)
    }
}
