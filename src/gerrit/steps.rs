//! Which steps remain in this clone until the change is on Gerrit.

use super::command::Command;
use super::options::{PushOptions, refspec};
use crate::git::CommitMsgHook;
use crate::gitreview::ReviewSettings;
use crate::remedy::{Refusal, Remedy};
use crate::shell;

/// What is true of the clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloneFacts {
    /// Whether there is no work tree.
    pub bare: bool,
    /// The branch that HEAD is on; `None` when it is detached.
    pub head: Option<String>,
    /// Whether tracked files differ from HEAD, in the index or the work tree.
    pub dirty: bool,
    /// The names of the remotes.
    pub remotes: Vec<String>,
    /// Whether Gerrit's remote has a push URL of its own (`remote.NAME.pushurl`).
    pub push_url: bool,
    /// Whether `refs/remotes/REMOTE/TARGET` is there.
    pub fetched: bool,
    /// The commit-msg hook that git-review would find: it does not look into the common directory
    /// of a linked worktree.
    pub hook: CommitMsgHook,
    /// The user's name on Gerrit, unless the configuration has one.
    pub user: String,
}

impl CloneFacts {
    /// Returns whether the clone knows where Gerrit is, so that a push can go there.
    pub fn reaches(&self, review: &ReviewSettings) -> bool {
        let there = self.remotes.contains(&review.remote);
        there && (self.push_url || !review.use_push_url)
    }
}

/// What remains to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps {
    /// What comes first, in this order.
    pub setup: Vec<Command>,
    /// What brings the change to Gerrit, last.
    pub upload: Upload,
    /// What is missing, which the commands bring.
    pub missing: Vec<Missing>,
}

/// The command that brings the change to Gerrit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    Push(Command),
    GitReview(Command),
}

/// Something that `git review` needs and would make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Gerrit's remote.
    Remote {
        /// Its name.
        name: String,
        /// Where it will point to.
        url: String,
    },
    /// The push URL of a remote that is there.
    PushUrl {
        /// The remote's name.
        name: String,
        /// Where it will push to.
        url: String,
    },
    /// The fetched target branch.
    Target(String),
    /// The hook; when git-review puts it there, it amends the commit, which gets another id.
    Hook,
}

/// Why there is no way to Gerrit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StepsError {
    /// No remote, and nothing says where it would point to.
    #[error("the remote `{remote}` does not exist, and no `.gitreview` names a Gerrit")]
    NoGerrit {
        /// The remote's name.
        remote: String,
    },
}

impl Remedy for StepsError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        let StepsError::NoGerrit { remote } = self;
        format!("git remote add {} URL", shell::quoted(remote))
    }
}

/// Returns the steps that remain for `branch`, which holds the change.
///
/// With Gerrit's remote there, one push is all: it needs no checkout, no clean tree, no hook.
/// Without it, `git review` makes what is missing; in a dirty tree it only sets up the clone.
pub fn steps(
    review: &ReviewSettings,
    clone: &CloneFacts,
    branch: &str,
    options: &PushOptions,
) -> Result<Steps, StepsError> {
    let push = Upload::Push(push_command(review, branch, options));
    if clone.reaches(review) {
        return Ok(Steps {
            setup: Vec::new(),
            upload: push,
            missing: Vec::new(),
        });
    }
    let (name, known) = (review.remote.clone(), review.url(&clone.user));
    let Some(url) = known else {
        return Err(StepsError::NoGerrit { remote: name });
    };
    if review.use_push_url && clone.remotes.contains(&name) {
        return Ok(Steps {
            setup: vec![Command::of(&["remote", "set-url", "--push", &name, &url])],
            upload: push,
            missing: vec![Missing::PushUrl { name, url }],
        });
    }
    if clone.bare {
        return Ok(Steps {
            setup: vec![Command::of(&["remote", "add", &name, &url])],
            upload: push,
            missing: vec![Missing::Remote { name, url }],
        });
    }
    let missing = missing(review, clone, url);
    if clone.dirty {
        // `git review` refuses a dirty tree, but not to set up the clone.
        return Ok(Steps {
            setup: vec![Command::of(&["review", "-s"])],
            upload: push,
            missing,
        });
    }
    let is_elsewhere = clone.head.as_deref() != Some(branch);
    Ok(Steps {
        setup: Vec::from_iter(is_elsewhere.then(|| Command::of(&["switch", branch]))),
        upload: Upload::GitReview(git_review(&review.branch, options)),
        missing,
    })
}

/// Returns the push of `branch` to Gerrit's remote.
pub fn push_command(review: &ReviewSettings, branch: &str, options: &PushOptions) -> Command {
    let refspec = refspec(branch, &review.branch, options);
    Command::of(&["push", &review.remote, &refspec])
}

/// Returns what `git review` would make.
fn missing(review: &ReviewSettings, clone: &CloneFacts, url: String) -> Vec<Missing> {
    let name = review.remote.clone();
    let mut missing = vec![Missing::Remote { name, url }];
    if !clone.fetched {
        let target = format!("{}/{}", review.remote, review.branch);
        missing.push(Missing::Target(target));
    }
    if clone.hook == CommitMsgHook::Absent {
        missing.push(Missing::Hook);
    }
    missing
}

fn git_review(target: &str, options: &PushOptions) -> Command {
    let mut words = vec!["review"];
    if let Some(topic) = options.topic.iter().find(|topic| topic.as_str() != target) {
        words.extend(["-t", topic.as_str()]);
    }
    if options.wip {
        words.push("-w");
    }
    for (flag, values) in [
        ("--hashtags", &options.hashtags),
        ("--reviewers", &options.reviewers),
    ] {
        if !values.is_empty() {
            words.push(flag);
            words.extend(values.iter().map(|value| value.as_str()));
        }
    }
    Command::of(&words)
}

impl Steps {
    /// Returns the commands as they are typed, for the repository at `path`.
    pub fn lines(&self, path: &str) -> Vec<String> {
        let (Upload::Push(last) | Upload::GitReview(last)) = &self.upload;
        let steps = self.setup.iter().chain([last]);
        steps.map(|step| step.line(path)).collect()
    }

    /// Returns the push among the commands, as it is typed for the repository at `path`.
    pub fn push_line(&self, path: &str) -> Option<String> {
        match &self.upload {
            Upload::Push(push) => Some(push.line(path)),
            Upload::GitReview(_) => None,
        }
    }
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Missing::Remote { name, url } => {
                write!(f, "the remote `{name}` does not exist yet; the steps add it: {url}")
            }
            Missing::PushUrl { name, url } => write!(
                f,
                "the remote `{name}` does not push to Gerrit yet; the steps set that: {url}"
            ),
            Missing::Target(target) => {
                write!(f, "`{target}` is not fetched yet; `git review` does that")
            }
            Missing::Hook => f.write_str(
                "the clone has no commit-msg hook; `git review` adds Gerrit's and amends the commit, which keeps its Change-Id",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileMap;
    use crate::gitreview::GitReview;

    const NOVA: &str =
        "[gerrit]\nhost=review.opendev.org\nport=29418\nproject=openstack/nova.git\n";

    fn settings(gitreview: &str) -> ReviewSettings {
        let files = FileMap::of([(crate::gitreview::PATH, gitreview)]);
        let read = GitReview::read(&files).expect("a file");
        read.settings(&|_| None).expect("settings")
    }

    fn clone() -> CloneFacts {
        CloneFacts {
            bare: false,
            head: Some("work".to_owned()),
            dirty: false,
            remotes: vec!["origin".to_owned()],
            push_url: false,
            fetched: false,
            hook: CommitMsgHook::Absent,
            user: "me".to_owned(),
        }
    }

    fn options() -> PushOptions {
        PushOptions {
            topic: Some("rally-perfscale".parse().expect("a topic")),
            ..PushOptions::default()
        }
    }

    fn lines(clone: &CloneFacts, options: &PushOptions) -> Vec<String> {
        let review = settings(NOVA);
        let steps = steps(&review, clone, "rally-perfscale", options).expect("steps");
        steps.lines(".")
    }

    #[test]
    fn with_the_remote_one_push_is_all() {
        let push = "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale";
        let mut clone = CloneFacts {
            remotes: vec!["gerrit".to_owned()],
            ..clone()
        };
        assert_eq!(lines(&clone, &options()), [push]);
        (clone.dirty, clone.head) = (true, None);
        assert_eq!(lines(&clone, &options()), [push]);
        clone.bare = true;
        assert_eq!(lines(&clone, &options()), [push]);
    }

    #[test]
    fn without_the_remote_git_review_makes_it() {
        let mut clone = clone();
        let review = "git review -t rally-perfscale";
        assert_eq!(
            lines(&clone, &options()),
            ["git switch rally-perfscale", review]
        );
        clone.head = Some("rally-perfscale".to_owned());
        assert_eq!(lines(&clone, &options()), [review]);
        let all = PushOptions {
            wip: true,
            reviewers: vec![
                "a@x".parse().expect("a reviewer"),
                "b".parse().expect("a reviewer"),
            ],
            hashtags: vec!["perf".parse().expect("a hashtag")],
            ..options()
        };
        assert_eq!(
            lines(&clone, &all),
            ["git review -t rally-perfscale -w --hashtags perf --reviewers a@x b"]
        );
    }

    #[test]
    fn a_dirty_or_bare_clone_needs_no_checkout() {
        let push = "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale";
        let dirty = CloneFacts {
            dirty: true,
            ..clone()
        };
        assert_eq!(lines(&dirty, &options()), ["git review -s", push]);
        let bare = CloneFacts {
            bare: true,
            ..clone()
        };
        let add = "git remote add gerrit ssh://me@review.opendev.org:29418/openstack/nova.git";
        assert_eq!(lines(&bare, &options()), [add, push]);
    }

    #[test]
    fn a_push_url_is_set_where_it_is_what_is_used() {
        let text = format!("{NOVA}usepushurl = 1\n");
        let review = settings(&text);
        let lines = |clone: &CloneFacts| {
            steps(&review, clone, "b", &PushOptions::default())
                .expect("steps")
                .lines(".")
        };
        let url = "ssh://me@review.opendev.org:29418/openstack/nova.git";
        let set = format!("git remote set-url --push origin {url}");
        let push = "git push origin b:refs/for/master";
        assert_eq!(lines(&clone()), [set.as_str(), push]);
        let ready = CloneFacts {
            push_url: true,
            ..clone()
        };
        assert_eq!(lines(&ready), [push]);
    }

    #[test]
    fn what_is_missing_is_told() {
        let review = settings(NOVA);
        let missing = |clone: &CloneFacts| {
            steps(&review, clone, "b", &options())
                .expect("steps")
                .missing
        };
        let url = "ssh://me@review.opendev.org:29418/openstack/nova.git".to_owned();
        let remote = Missing::Remote {
            name: "gerrit".to_owned(),
            url,
        };
        let target = Missing::Target("gerrit/master".to_owned());
        assert_eq!(missing(&clone()), [remote.clone(), target, Missing::Hook]);
        let other = CloneFacts {
            hook: CommitMsgHook::Other,
            fetched: true,
            ..clone()
        };
        assert_eq!(missing(&other), [remote]);
        let ready = CloneFacts {
            remotes: vec!["gerrit".to_owned()],
            ..clone()
        };
        assert_eq!(missing(&ready), []);
    }

    #[test]
    fn without_any_gerrit_there_is_no_step() {
        let review = settings("");
        let error = StepsError::NoGerrit {
            remote: "gerrit".to_owned(),
        };
        assert_eq!(steps(&review, &clone(), "b", &options()), Err(error));
    }
}
