//! `review`: the change, ready for Gerrit, and exactly the steps that remain; with `--push`, the
//! one push.

use super::Session;
use super::prepare::Prepared;
use super::stop::Stop;
use crate::event::{Event, PushAnswer};
use crate::files::Files;
use crate::gerrit::{self, Answer, CloneFacts, CommitMsgHook, Missing, ReviewSettings, Steps};
use crate::git::Repo;
use crate::request::Review;

/// What is Gerrit's about a repository: where the change goes, and what remains to be done.
pub(super) struct Way {
    pub(super) settings: ReviewSettings,
    pub(super) facts: CloneFacts,
    pub(super) steps: Result<Steps, gerrit::StepsError>,
}

impl Prepared {
    /// Makes the commit unless it is there, says what remains, and pushes if that is asked for.
    pub(super) fn review(
        self,
        session: &Session<'_>,
        name: &str,
        review: &Review,
    ) -> Result<Event, Stop> {
        // What is wrong with .gitreview is wrong before anything is written.
        let way = self.way(session, review, Repo::is_dirty)?;
        if review.push && !way.facts.remotes.contains(&way.settings.remote) {
            return Err(no_remote(&way));
        }
        let mut event = self.made(session, name)?;
        event.push = way.steps.as_ref().ok().and_then(Steps::push_line);
        event.notes.extend(notes(&way));
        event.next = match &way.steps {
            Ok(steps) => steps
                .commands
                .iter()
                .map(|step| step.at(name).line())
                .collect(),
            Err(error) => {
                return Err(Stop::failed(
                    format!("the commit {} is made, but {error}", event.commit),
                    "git remote add gerrit URL",
                ));
            }
        };
        if !review.push {
            return Ok(Event::Committed(Box::new(event)));
        }
        let answer = push(&self.repo, &way, &event.branch, review, &event.commit)?;
        match answer {
            None => Ok(Event::Unchanged {
                repo: name.to_owned(),
                reason: format!("Gerrit has this very commit: {}", event.commit),
            }),
            Some(answer) => {
                event.next = answer
                    .changes
                    .iter()
                    .map(|change| change.url.clone())
                    .collect();
                event.pushed = Some(answer);
                Ok(Event::Committed(Box::new(event)))
            }
        }
    }

    /// Returns where the change goes and what remains to be done; `dirty` tells whether the work
    /// tree is, which is a scan.
    pub(super) fn way(
        &self,
        session: &Session<'_>,
        review: &Review,
        dirty: fn(&Repo) -> bool,
    ) -> Result<Way, Stop> {
        let snapshot = self.repo.snapshot(self.base.commit)?;
        let gitreview = snapshot.read(".gitreview")?;
        let settings = gerrit::settings(gitreview.as_deref(), &|key| self.settings.get(key))
            .map_err(|e| {
                Stop::failed(
                    super::stop::chain(&e),
                    "mend .gitreview, or git config gitreview.KEY VALUE",
                )
            })?;
        let remotes = self.repo.remotes()?;
        let ready = remotes.contains(&settings.remote);
        let facts = CloneFacts {
            bare: self.repo.is_bare(),
            head: self.repo.head_branch(),
            // A scan of the work tree, so only where the answer depends on it.
            dirty: !ready && dirty(&self.repo),
            fetched: self.repo.has_reference(&format!(
                "refs/remotes/{}/{}",
                settings.remote, settings.branch
            )),
            hook: hook(&self.repo, self.settings.get("core.hooksPath").as_deref()),
            remotes,
        };
        let user = session
            .env
            .get("USER")
            .or(session.env.get("LOGNAME"))
            .unwrap_or("USERNAME");
        let branch = session.request.change.branch.as_ref();
        let steps = gerrit::steps(&settings, &facts, branch, &review.options, user);
        Ok(Way {
            settings,
            facts,
            steps,
        })
    }
}

impl Steps {
    /// Returns the push among the commands, as it is typed.
    pub(super) fn push_line(&self) -> Option<String> {
        let push = self
            .commands
            .iter()
            .find(|step| step.words.get(1).is_some_and(|word| word == "push"));
        push.map(gerrit::Step::line)
    }
}

/// Returns what `git review` would make, and what was left to others.
fn notes(way: &Way) -> Vec<String> {
    let mut notes = Vec::new();
    for missing in way.steps.iter().flat_map(|steps| &steps.missing) {
        notes.push(match missing {
            Missing::Remote { name, url } => format!("there is no remote `{name}` yet; `git review` adds it: {url}"),
            Missing::Target(target) => format!("`{target}` is not fetched yet; `git review` does that"),
            Missing::Hook => "there is no commit-msg hook; `git review` adds Gerrit's and amends the commit, which keeps its Change-Id".to_owned(),
        });
    }
    if way.facts.hook == CommitMsgHook::Other {
        notes.push("the clone's commit-msg hook is not Gerrit's: it was not run".to_owned());
    }
    notes
}

fn no_remote(way: &Way) -> Stop {
    let hint = match &way.steps {
        Ok(steps) => steps
            .commands
            .iter()
            .map(|step| step.line())
            .collect::<Vec<_>>()
            .join("; "),
        Err(_) => format!("git remote add {} URL", way.settings.remote),
    };
    Stop::failed(
        format!("there is no remote `{}` to push to", way.settings.remote),
        hint,
    )
}

/// Returns the hook that git-review would find in this clone.
fn hook(repo: &Repo, hooks_path: Option<&str>) -> CommitMsgHook {
    let dir = match hooks_path {
        Some(path) => repo.path().join(path),
        None => repo.git_dir().join("hooks"),
    };
    let file = dir.join("commit-msg");
    if !is_executable(&file) {
        return CommitMsgHook::Absent;
    }
    match std::fs::read(&file) {
        Ok(text) if String::from_utf8_lossy(&text).contains("Part of Gerrit Code Review") => {
            CommitMsgHook::Gerrits
        }
        _ => CommitMsgHook::Other,
    }
}

#[cfg(unix)]
fn is_executable(file: &std::path::Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata()
        .is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(file: &std::path::Path) -> bool {
    file.is_file()
}

/// Pushes, and returns what Gerrit made of it; `None` if it has this very commit.
fn push(
    repo: &Repo,
    way: &Way,
    branch: &str,
    review: &Review,
    commit: &str,
) -> Result<Option<PushAnswer>, Stop> {
    let source = format!("refs/heads/{branch}");
    let refspec = gerrit::refspec(&source, &way.settings.branch, &review.options);
    let wanted = gerrit::Push {
        git: "git",
        dir: repo.path(),
        remote: &way.settings.remote,
        refspec: &refspec,
    };
    let pushed = gerrit::push(&wanted, &mut |_| {})
        .map_err(|e| Stop::failed(super::stop::chain(&e), "is git installed?"))?;
    let made = format!("the commit {commit} is on the branch `{branch}`");
    let again = way
        .steps
        .as_ref()
        .ok()
        .and_then(Steps::push_line)
        .unwrap_or_default();
    match pushed.answer {
        Answer::Done(changes) => Ok(Some(PushAnswer {
            changes,
            lines: pushed.lines,
        })),
        Answer::NoNewChanges => Ok(None),
        Answer::Rejected(why) => Err(Stop::failed(
            format!("{made}, but Gerrit rejected it: {why}"),
            again,
        )),
        Answer::NotSent(why) => Err(Stop::failed(
            format!("{made}, but it was not sent: {why}"),
            again,
        )),
        Answer::Unreachable(why) => Err(Stop::failed(
            format!("{made}, but Gerrit was not reached: {why}"),
            again,
        )),
    }
}
