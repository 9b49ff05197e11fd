//! Where the change goes on Gerrit, and what remains: read from the clone, decided in `gerrit`.

use crate::gerrit::{self, CloneFacts, Command, PushOptions, Steps, StepsError};
use crate::git::{GitError, HookFolder, LocalClone};
use crate::gitreview::ReviewSettings;

/// The Gerrit that the base's `.gitreview` names, as far as the clone knows it.
pub struct GerritTarget {
    pub settings: ReviewSettings,
    facts: CloneFacts,
}

impl GerritTarget {
    /// Reads it; no scan of the work tree.
    pub fn read(
        clone: &LocalClone<'_>,
        settings: ReviewSettings,
    ) -> Result<GerritTarget, GitError> {
        let repo = &clone.repo;
        let push_url = format!("remote.{}.pushurl", settings.remote);
        let target = format!("refs/remotes/{}/{}", settings.remote, settings.branch);
        let facts = CloneFacts {
            bare: repo.is_bare(),
            head: repo.head_branch(),
            dirty: false,
            fetched: repo.has_reference(&target),
            hook: clone.commit_msg_hook(HookFolder::OfWorktree),
            remotes: repo.remotes()?,
            push_url: clone.settings.get(&push_url).is_some(),
            user: user(clone),
        };
        Ok(GerritTarget { settings, facts })
    }

    /// Returns whether a push can go there now.
    pub fn is_reached(&self) -> bool {
        self.facts.reaches(&self.settings)
    }

    /// Returns the push of `branch`; `None` where nothing says where Gerrit is.
    pub fn push(&self, branch: &str, options: &PushOptions) -> Option<Command> {
        let known = self.is_reached() || self.settings.url(&self.facts.user).is_some();
        known.then(|| gerrit::push_command(&self.settings, branch, options))
    }

    /// Returns the steps that remain for `branch`; scans the work tree where they depend on it.
    pub fn steps(
        &self,
        clone: &LocalClone<'_>,
        branch: &str,
        options: &PushOptions,
    ) -> Result<Steps, StepsError> {
        let facts = CloneFacts {
            dirty: !self.is_reached() && clone.repo.is_dirty(),
            ..self.facts.clone()
        };
        gerrit::steps(&self.settings, &facts, branch, options)
    }
}

/// Returns the name that git-review would take for the user's on Gerrit.
fn user(clone: &LocalClone<'_>) -> String {
    let name = clone.env.get("USER").or(clone.env.get("LOGNAME"));
    name.unwrap_or("USERNAME").to_owned()
}
