//! Which steps remain in this clone until the change is on Gerrit.

use super::options::{PushOptions, refspec};
use crate::git::CommitMsgHook;
use crate::gitreview::ReviewSettings;
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
    /// The commit-msg hook that git-review would find.
    pub hook: CommitMsgHook,
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
    /// The commands, in their order.
    pub commands: Vec<Step>,
    /// What is missing, which the commands bring.
    pub missing: Vec<Missing>,
}

/// A command to type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The program and its arguments.
    pub words: Vec<String>,
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
    #[error("there is no remote `{remote}`, and no `.gitreview` that says where Gerrit is")]
    NoGerrit {
        /// The remote's name.
        remote: String,
    },
}

/// Returns the steps that remain for `branch`, which holds the change; `user` is the name on
/// Gerrit unless the configuration has one.
///
/// With Gerrit's remote there, one push is all: it needs no checkout, no clean tree, no hook.
/// Without it, `git review` makes what is missing; a dirty tree it only sets up.
pub fn steps(
    review: &ReviewSettings,
    clone: &CloneFacts,
    branch: &str,
    options: &PushOptions,
    user: &str,
) -> Result<Steps, StepsError> {
    let push = Step::of(&[
        "git",
        "push",
        &review.remote,
        &refspec(branch, &review.branch, options),
    ]);
    if clone.reaches(review) {
        return Ok(Steps {
            commands: vec![push],
            missing: Vec::new(),
        });
    }
    let no_gerrit = || StepsError::NoGerrit {
        remote: review.remote.clone(),
    };
    let url = review.url(user).ok_or_else(no_gerrit)?;
    let remote = Missing::Remote {
        name: review.remote.clone(),
        url: url.clone(),
    };
    if review.use_push_url && clone.remotes.contains(&review.remote) {
        let set = ["git", "remote", "set-url", "--push", &review.remote, &url];
        let name = review.remote.clone();
        return Ok(Steps {
            commands: vec![Step::of(&set), push],
            missing: vec![Missing::PushUrl { name, url }],
        });
    }
    if clone.bare {
        let add = Step::of(&["git", "remote", "add", &review.remote, &url]);
        return Ok(Steps {
            commands: vec![add, push],
            missing: vec![remote],
        });
    }
    let mut missing = vec![remote];
    if !clone.fetched {
        missing.push(Missing::Target(format!(
            "{}/{}",
            review.remote, review.branch
        )));
    }
    if clone.hook == CommitMsgHook::Absent {
        missing.push(Missing::Hook);
    }
    let commands = match clone.dirty {
        // `git review` refuses a dirty tree, but not to set up the clone.
        true => vec![Step::of(&["git", "review", "-s"]), push],
        false => with_git_review(clone, branch, &review.branch, options),
    };
    Ok(Steps { commands, missing })
}

impl Step {
    /// Returns the command as it is typed in a shell.
    pub fn line(&self) -> String {
        shell::line(&self.words)
    }

    /// Returns the command for the repository at `path`, typed elsewhere.
    pub fn at(&self, path: &str) -> Step {
        let mut words = self.words.clone();
        if path != "." {
            words.splice(1..1, ["-C".to_owned(), path.to_owned()]);
        }
        Step { words }
    }

    fn of(words: &[&str]) -> Step {
        Step {
            words: words.iter().map(|&word| word.to_owned()).collect(),
        }
    }
}

fn with_git_review(
    clone: &CloneFacts,
    branch: &str,
    target: &str,
    options: &PushOptions,
) -> Vec<Step> {
    let mut steps = Vec::new();
    if clone.head.as_deref() != Some(branch) {
        steps.push(Step::of(&["git", "switch", branch]));
    }
    let mut review = Step::of(&["git", "review"]);
    let mut add = |words: &[&str]| {
        review
            .words
            .extend(words.iter().map(|&word| word.to_owned()))
    };
    if let Some(topic) = options.topic.iter().find(|topic| topic.as_str() != target) {
        add(&["-t", topic.as_str()]);
    }
    if options.wip {
        add(&["-w"]);
    }
    for (flag, values) in [
        ("--hashtags", &options.hashtags),
        ("--reviewers", &options.reviewers),
    ] {
        if !values.is_empty() {
            add(&[flag]);
            values.iter().for_each(|value| add(&[value.as_str()]));
        }
    }
    steps.push(review);
    steps
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;
    use crate::files::FileMap;
    use crate::gitreview::GitReview;

    const NOVA: &str =
        "[gerrit]\nhost=review.opendev.org\nport=29418\nproject=openstack/nova.git\n";

    fn settings(gitreview: &str) -> ReviewSettings {
        let files = FileMap::of([(crate::gitreview::PATH, gitreview)]);
        let read = GitReview::read(&files).unwrap();
        read.settings(&|_| None).unwrap()
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
        }
    }

    fn options() -> PushOptions {
        PushOptions {
            topic: Some("rally-perfscale".parse().unwrap()),
            ..PushOptions::default()
        }
    }

    fn lines(clone: &CloneFacts, options: &PushOptions) -> Vec<String> {
        let review = settings(NOVA);
        let steps = steps(&review, clone, "rally-perfscale", options, "me").unwrap();
        steps.commands.iter().map(Step::line).collect()
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
            reviewers: vec!["a@x".parse().unwrap(), "b".parse().unwrap()],
            hashtags: vec!["perf".parse().unwrap()],
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
            let steps = steps(&review, clone, "b", &PushOptions::default(), "me").unwrap();
            let lines = steps.commands.iter().map(Step::line);
            lines.collect::<Vec<_>>()
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
            steps(&review, clone, "b", &options(), "me")
                .unwrap()
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
        assert_eq!(steps(&review, &clone(), "b", &options(), "me"), Err(error));
    }
}
