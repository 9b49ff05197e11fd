//! `review`: the change, ready for Gerrit, and exactly the steps that remain; with `--push`, the
//! one push.

use super::Session;
use super::prepare::Prepared;
use super::stop::{Stop, chain};
use crate::event::{Committed, Event, PushAnswer};
use crate::gerrit::{self, Answer, CloneFacts, Missing, Steps, StepsError};
use crate::git::{BaseFrom, HookFolder, Repo};
use crate::gitreview::ReviewSettings;
use crate::request::Review;

/// What is Gerrit's about a repository: where the change goes, and what remains to be done.
pub(super) struct Way {
    pub(super) settings: ReviewSettings,
    pub(super) facts: CloneFacts,
    pub(super) steps: Result<Steps, StepsError>,
}

impl Prepared {
    /// Makes the commit unless it is there, says what remains, and pushes if that is asked for;
    /// `talk` is told what git says meanwhile.
    pub(super) fn review(
        self,
        session: &Session<'_>,
        name: &str,
        review: &Review,
        talk: &mut dyn FnMut(&str),
    ) -> Result<Event, Stop> {
        // What is wrong with the remote is wrong before anything is written.
        let way = self.way(session, review, Repo::is_dirty)?;
        let steps = match &way.steps {
            Ok(steps) => steps,
            Err(error) => return Err(no_gerrit(error)),
        };
        if review.push && !way.facts.reaches(&way.settings) {
            return Err(no_remote(&way, steps, name));
        }
        let below = self.unpublished(&way)?;
        if let (true, true, Some(count)) =
            (review.push, session.request.change.base.is_none(), below)
        {
            return Err(Stop::failed(
                format!(
                    "{}, so nothing was pushed and nothing made",
                    many(count, &way)
                ),
                format!(
                    "git fetch {}, or say that this is meant: --base HEAD",
                    way.settings.remote
                ),
            ));
        }
        let mut event = self.made(session, name)?;
        event.push = steps.push_line(name);
        event.notes.extend(below.map(|count| many(count, &way)));
        event.notes.extend(notes(steps));
        if event.change_id.is_none() {
            event.notes.push(
                "the commit has no Change-Id, since gerrit.createChangeId is false; OpenStack's Gerrit refuses that"
                    .to_owned(),
            );
        }
        event.next = steps.lines(name);
        if !review.push {
            return Ok(Event::Committed(Box::new(event)));
        }
        self.pushed(event, &way, review, talk)
    }

    /// Returns where the change goes and what remains to be done; `dirty` tells whether the work
    /// tree is, which is a scan.
    pub(super) fn way(
        &self,
        session: &Session<'_>,
        review: &Review,
        dirty: fn(&Repo) -> bool,
    ) -> Result<Way, Stop> {
        let settings = self.review.clone();
        let push_url = format!("remote.{}.pushurl", settings.remote);
        let hooks = self.settings.path("core.hooksPath", session.env);
        let mut facts = CloneFacts {
            bare: self.repo.is_bare(),
            head: self.repo.head_branch(),
            dirty: false,
            fetched: self.repo.has_reference(&format!(
                "refs/remotes/{}/{}",
                settings.remote, settings.branch
            )),
            hook: self.repo.commit_msg_hook(HookFolder::OfWorktree, hooks),
            remotes: self.repo.remotes()?,
            push_url: self.settings.get(&push_url).is_some(),
        };
        // A scan of the work tree, so only where the answer depends on it.
        facts.dirty = !facts.reaches(&settings) && dirty(&self.repo);
        let user = session
            .env
            .get("USER")
            .or(session.env.get("LOGNAME"))
            .unwrap_or("USERNAME");
        let branch = self
            .repo
            .typed_branch(session.request.change.branch.as_ref());
        let steps = gerrit::steps(&settings, &facts, &branch, &review.options, user);
        Ok(Way {
            settings,
            facts,
            steps,
        })
    }

    /// Returns how many commits lie below the change that Gerrit does not have, if any: of each, a
    /// push makes a change.
    fn unpublished(&self, way: &Way) -> Result<Option<usize>, Stop> {
        let remote = way.settings.remote.as_str();
        let from = &self.base.from;
        if matches!(from, BaseFrom::Remote { remote: of, .. } if of == remote) {
            return Ok(None);
        }
        // Where Gerrit's own branches are here, they alone count: `origin` may be a fork that has
        // commits of its own.
        if let Some(count) = self.repo.unpublished(self.base.commit, &[remote])? {
            return Ok(Some(count).filter(|&count| count > 0));
        }
        if let BaseFrom::Remote { .. } | BaseFrom::Head { bare: true, .. } = from {
            // The base is the tip of a branch as a remote has it.
            return Ok(None);
        }
        let remotes = [remote, "origin"];
        let count = self.repo.unpublished(self.base.commit, &remotes)?;
        Ok(count.filter(|&count| count > 0))
    }

    fn pushed(
        &self,
        mut event: Committed,
        way: &Way,
        review: &Review,
        talk: &mut dyn FnMut(&str),
    ) -> Result<Event, Stop> {
        let source = format!("refs/heads/{}", event.branch);
        let refspec = gerrit::refspec(&source, &way.settings.branch, &review.options);
        let wanted = gerrit::Push {
            git: "git",
            dir: self.repo.path(),
            remote: &way.settings.remote,
            refspec: &refspec,
        };
        let made = format!(
            "the commit {} is on the branch `{}`",
            event.commit, event.branch
        );
        let again = event.push.clone().unwrap_or_default();
        let pushed = gerrit::push(&wanted, talk)
            .map_err(|e| Stop::failed(format!("{made}, but {}", chain(&e)), again.clone()))?;
        let not = |how: &str, why: &str| Stop::failed(format!("{made}, but {how}: {why}"), again);
        match pushed.answer {
            Answer::Done(changes) => {
                event.next = changes.iter().map(|change| change.url.clone()).collect();
                event.pushed = Some(PushAnswer {
                    changes,
                    lines: pushed.lines,
                });
                Ok(Event::Committed(Box::new(event)))
            }
            Answer::NoNewChanges => Err(Stop::Unchanged(format!(
                "no new changes: {made}, and Gerrit has it"
            ))),
            Answer::Rejected(why) => Err(not("Gerrit rejected it", &why)),
            Answer::NotSent(why) => Err(not("it was not sent", &why)),
            Answer::Unreachable(why) => Err(not("Gerrit was not reached", &why)),
        }
    }
}

impl Steps {
    /// Returns the commands as they are typed, for the repository at `path`.
    pub(super) fn lines(&self, path: &str) -> Vec<String> {
        let steps = self.commands.iter();
        steps.map(|step| step.at(path).line()).collect()
    }

    /// Returns the push among the commands, as it is typed for the repository at `path`.
    pub(super) fn push_line(&self, path: &str) -> Option<String> {
        let push = self
            .commands
            .iter()
            .find(|step| step.words.get(1).is_some_and(|word| word == "push"));
        push.map(|step| step.at(path).line())
    }
}

/// Returns what is missing and who makes it.
fn notes(steps: &Steps) -> impl Iterator<Item = String> {
    steps.missing.iter().map(|missing| match missing {
        Missing::Remote { name, url } => {
            format!("there is no remote `{name}` yet; the steps add it: {url}")
        }
        Missing::PushUrl { name, url } => {
            format!("the remote `{name}` does not push to Gerrit yet; the steps set that: {url}")
        }
        Missing::Target(target) => {
            format!("`{target}` is not fetched yet; `git review` does that")
        }
        Missing::Hook => {
            "there is no commit-msg hook; `git review` adds Gerrit's and amends the commit, which keeps its Change-Id".to_owned()
        }
    })
}

fn many(count: usize, way: &Way) -> String {
    let remote = &way.settings.remote;
    match count {
        1 => format!(
            "one commit below the change is on no branch that Gerrit (`{remote}`) is known to have: Gerrit would get it as another change"
        ),
        _ => format!(
            "{count} commits below the change are on no branch that Gerrit (`{remote}`) is known to have: Gerrit would get each as another change"
        ),
    }
}

fn no_gerrit(error: &StepsError) -> Stop {
    let StepsError::NoGerrit { remote } = error;
    Stop::failed(error.to_string(), format!("git remote add {remote} URL"))
}

fn no_remote(way: &Way, steps: &Steps, name: &str) -> Stop {
    Stop::failed(
        format!("there is no remote `{}` to push to", way.settings.remote),
        format!(
            "git rally review, without --push; then {}",
            steps.lines(name).join("; ")
        ),
    )
}
