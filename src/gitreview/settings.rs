//! What holds for a clone: `.gitreview`, and `gitreview.*` of the git configuration over it.

use super::key::{BRANCH, HOST, Key, PORT, PROJECT, REBASE, REMOTE, SCHEME, TRACK, USE_PUSH_URL};
use super::{GitReview, GitReviewError};
use crate::excerpt::excerpt;

/// Where changes go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewSettings {
    /// `ssh`, `https`, ...
    pub scheme: String,
    /// `None` where nothing says it.
    pub host: Option<String>,
    /// `None` for the scheme's own; empty for none in the URL.
    pub port: Option<String>,
    /// The project as Gerrit knows it: `openstack/nova.git`.
    pub project: Option<String>,
    /// The target branch.
    pub branch: String,
    /// The name of Gerrit's remote.
    pub remote: String,
    /// Whether Gerrit is where that remote pushes to, and not a remote of its own.
    pub use_push_url: bool,
    /// Whether `git review` tries a rebase first.
    pub rebase: bool,
    /// Whether `git review` takes the target from the branch that HEAD follows.
    pub track: bool,
    /// The user's name on Gerrit (`gitreview.username`).
    pub username: Option<String>,
}

impl GitReview {
    /// Returns the settings after the git configuration, which `config` looks up: it wins even
    /// where its value is empty.
    ///
    /// The file is to be that of the base commit: a stable branch has its own target there.
    pub fn settings(
        &self,
        config: &dyn Fn(&str) -> Option<String>,
    ) -> Result<ReviewSettings, GitReviewError> {
        let get = |key: &'static Key| match config(key.config) {
            Some(value) => usable(key, value).map(Some),
            None => Ok(self.get(key).map(|value| value.text.clone())),
        };
        let flag = |key, default| get(key).map(|value| value.map_or(default, |v| is_on(&v)));
        let use_push_url = flag(&USE_PUSH_URL, false)?;
        let remote = get(&REMOTE)?.unwrap_or_else(|| "gerrit".to_owned());
        Ok(ReviewSettings {
            scheme: get(&SCHEME)?.unwrap_or_else(|| "ssh".to_owned()),
            host: get(&HOST)?,
            port: get(&PORT)?,
            project: get(&PROJECT)?,
            branch: get(&BRANCH)?.unwrap_or_else(|| "master".to_owned()),
            remote: match use_push_url {
                true => "origin".to_owned(),
                false => remote,
            },
            use_push_url,
            rebase: flag(&REBASE, true)?,
            track: flag(&TRACK, false)?,
            username: config("gitreview.username").filter(|name| !name.is_empty()),
        })
    }
}

impl ReviewSettings {
    /// Returns the URL that git-review gives Gerrit's remote; `user` where no configuration
    /// names one. `None` if the host or the project is not known.
    pub fn url(&self, user: &str) -> Option<String> {
        let (host, project) = (self.host.as_ref()?, self.project.as_ref()?);
        let user = self.username.as_deref().unwrap_or(user);
        let port = match (self.port.as_deref(), self.scheme.as_str()) {
            (Some(""), _) => String::new(),
            (Some(port), _) => format!(":{port}"),
            (None, "ssh") => ":29418".to_owned(),
            (None, _) => String::new(),
        };
        Some(format!("{}://{user}@{host}{port}/{project}", self.scheme))
    }
}

fn usable(key: &'static Key, value: String) -> Result<String, GitReviewError> {
    match (key.check)(&value) {
        Ok(()) => Ok(value),
        Err(misfit) => Err(GitReviewError::Setting {
            key: key.config,
            value: excerpt(&value),
            misfit,
        }),
    }
}

/// What git-review takes for true.
fn is_on(value: &str) -> bool {
    matches!(value, "1" | "true" | "True")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::files::FileMap;

    fn of(text: &str, config: &[(&str, &str)]) -> Result<ReviewSettings, GitReviewError> {
        let lookup = |key: &str| {
            let found = config.iter().find(|(k, _)| *k == key);
            found.map(|(_, value)| (*value).to_owned())
        };
        GitReview::read(&FileMap::of([(super::super::PATH, text)]))?.settings(&lookup)
    }

    const NOVA: &str =
        "[gerrit]\nhost=review.opendev.org\nport=29418\nproject=openstack/nova.git\n";

    #[test]
    fn the_file_is_read_and_completed() {
        let nova = of(NOVA, &[]).expect("valid");
        assert_eq!(
            (nova.branch.as_str(), nova.remote.as_str()),
            ("master", "gerrit")
        );
        assert!(nova.rebase && !nova.track);
        assert_eq!(
            nova.url("me").expect("valid"),
            "ssh://me@review.opendev.org:29418/openstack/nova.git"
        );
        let stable = of(&format!("{NOVA}DefaultBranch = stable/2026.1\n"), &[]).expect("valid");
        assert_eq!(stable.branch, "stable/2026.1");
    }

    #[test]
    fn an_empty_port_is_left_out_as_by_git_review() {
        let got = of("[gerrit]\nhost=h\nproject=p\nport=\n", &[]).expect("valid");
        assert_eq!(got.url("me").expect("valid"), "ssh://me@h/p");
    }

    #[test]
    fn the_configuration_wins() {
        let config = [
            ("gitreview.hostname", "g"),
            ("gitreview.scheme", "https"),
            ("gitreview.branch", "b"),
            ("gitreview.remote", "r"),
            ("gitreview.rebase", "0"),
            ("gitreview.username", "u"),
        ];
        let got = of("[gerrit]\nhost=h\nproject=p\n", &config).expect("valid");
        assert_eq!(got.url("me").expect("valid"), "https://u@g/p");
        assert_eq!((got.branch.as_str(), got.remote.as_str()), ("b", "r"));
        assert!(!got.rebase);
        assert_eq!(
            of(NOVA, &[("gitreview.usepushurl", "1")])
                .expect("valid")
                .remote,
            "origin"
        );
    }

    #[test]
    fn without_a_file_there_are_defaults() {
        let got = GitReview::default().settings(&|_| None).expect("valid");
        assert_eq!((got.branch.as_str(), got.host.as_deref()), ("master", None));
        assert_eq!(got.url("me"), None);
    }

    #[test]
    fn a_setting_that_is_of_no_use_is_named() {
        let error = of(NOVA, &[("gitreview.branch", "")]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the git configuration has `gitreview.branch` as ``, which is empty"
        );
    }
}
