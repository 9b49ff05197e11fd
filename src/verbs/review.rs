//! `review`: the commit, and exactly the steps that remain to upload it; with `--push`, the one push.

use crate::event::{Committed, Event, PushAnswer};
use crate::gerrit::{self, Again, Answer, PushError};
use crate::git::{BaseFrom, LocalClone};
use crate::propose::{self, GerritTarget, Library, Proposal, Proposed, propose};
use crate::remedy::{Refusal, Remedy, chain};
use crate::request::{DEFAULT_BRANCH, Review, Upload};
use crate::shell;
use crate::stop::Stop;

/// Makes the commit unless the branch holds it, and prints what remains or pushes; `talk` gets what
/// git prints meanwhile. What is wrong with `.gitreview` or the remote stops it before anything is
/// written.
pub(super) fn review(
    wanted: &Review,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
    talk: &mut dyn FnMut(&str),
) -> Result<Event, Stop> {
    let change = &wanted.change;
    let proposal = match propose(clone, change, library)? {
        Proposed::Change(proposal) => proposal,
        Proposed::Nothing(reason) => return Ok(Event::unchanged(&clone.name, reason)),
    };
    let target = GerritTarget::read(clone, proposal.review.clone())?;
    let branch = clone.repo.typed_branch(change.branch.as_ref());
    let steps = target.steps(clone, &branch, &wanted.options)?;
    let below = unpublished(clone, &proposal, &target)?;
    if wanted.upload == Upload::Push {
        may_be_pushed(wanted, &target, steps.lines(&clone.name), below.as_ref())?;
    }
    let done = propose::commit(clone, &proposal, change)?;
    let mut event = done.event(clone, &proposal, change, steps.lines(&clone.name));
    event.push = steps.push_line(&clone.name);
    event.notes.extend(below.iter().map(Unpublished::to_string));
    event
        .notes
        .extend(steps.missing.iter().map(ToString::to_string));
    if event.change_id.is_none() {
        event.notes.push(
            "the commit has no Change-Id, because gerrit.createChangeId is false; OpenStack's Gerrit rejects that"
                .to_owned(),
        );
    }
    match wanted.upload {
        Upload::PrintSteps => Ok(Event::Committed(Box::new(event))),
        Upload::Push => push(wanted, clone, event, &target, talk),
    }
}

/// Ancestors that Gerrit lacks; each would become a change.
#[derive(Debug)]
struct Unpublished {
    count: usize,
    remote: String,
}

impl std::fmt::Display for Unpublished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Unpublished { count, remote } = self;
        match count {
            1 => write!(
                f,
                "one commit below the change is not yet in Gerrit (remote `{remote}`): Gerrit would make it another change"
            ),
            _ => write!(
                f,
                "{count} commits below the change are not yet in Gerrit (remote `{remote}`): Gerrit would make each another change"
            ),
        }
    }
}

/// Returns the ancestors of the change that Gerrit lacks, if there are any.
fn unpublished(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    target: &GerritTarget,
) -> Result<Option<Unpublished>, Stop> {
    let remote = target.settings.remote.as_str();
    let base = &proposal.base;
    if matches!(&base.from, BaseFrom::Remote { remote: from, .. } if from == remote) {
        return Ok(None);
    }
    let some = |count: usize| {
        (count > 0).then(|| Unpublished {
            count,
            remote: remote.to_owned(),
        })
    };
    // Where Gerrit's own branches are here, they alone count: `origin` may be a fork that has
    // commits of its own.
    if let Some(count) = clone.repo.unpublished(base.commit, &[remote])? {
        return Ok(some(count));
    }
    match base.from {
        // The tip of another remote's branch, or of a mirror's: all that is known of Gerrit here.
        BaseFrom::Remote { .. } | BaseFrom::Head { bare: true, .. } => Ok(None),
        BaseFrom::Given { .. } | BaseFrom::Head { .. } => {
            let count = clone.repo.unpublished(base.commit, &[remote, "origin"])?;
            Ok(count.and_then(some))
        }
    }
}

/// Why nothing is pushed, or what came of the push.
#[derive(Debug, thiserror::Error)]
enum ReviewError {
    #[error("the remote `{remote}` does not exist, so there is nowhere to push to")]
    NoRemote { remote: String, steps: Vec<String> },
    #[error("{0}, so git-rally pushed nothing and made nothing")]
    Unpublished(Unpublished),
    #[error("{made}, but {}", chain(.error))]
    Git {
        made: String,
        again: String,
        error: PushError,
    },
    #[error("{made}, but {what}: {why}")]
    NotTaken {
        made: String,
        what: &'static str,
        why: String,
        again: String,
    },
    #[error(
        "{made}, and `{remote}` took the push, but named no change: it is not a Gerrit, and holds a plain reference `{reference}` now"
    )]
    NotGerrit {
        made: String,
        remote: String,
        reference: String,
    },
}

impl Remedy for ReviewError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            ReviewError::NoRemote { steps, .. } => format!(
                "repeat the command without --push, which makes the commit; then {}",
                steps.join("; ")
            ),
            ReviewError::Unpublished(Unpublished { remote, .. }) => format!(
                "{}; or keep these commits: --base HEAD",
                shell::line(["git", "fetch", remote])
            ),
            ReviewError::Git { again, .. } | ReviewError::NotTaken { again, .. } => again.clone(),
            ReviewError::NotGerrit {
                remote, reference, ..
            } => format!(
                "take it back: {}; then {} URL",
                shell::line(["git", "push", remote, "--delete", reference]),
                shell::line(["git", "remote", "set-url", remote]),
            ),
        }
    }
}

/// Refuses a push that has nowhere to go, or that would make changes of other people's commits.
fn may_be_pushed(
    wanted: &Review,
    target: &GerritTarget,
    steps: Vec<String>,
    below: Option<&Unpublished>,
) -> Result<(), ReviewError> {
    let remote = target.settings.remote.clone();
    if !target.is_reached() {
        return Err(ReviewError::NoRemote { remote, steps });
    }
    match below {
        Some(below) if wanted.change.start.base.is_none() => {
            let count = below.count;
            Err(ReviewError::Unpublished(Unpublished { count, remote }))
        }
        _ => Ok(()),
    }
}

/// Pushes the commit of `event`, and returns what Gerrit made of it.
fn push(
    wanted: &Review,
    clone: &LocalClone<'_>,
    mut event: Committed,
    target: &GerritTarget,
    talk: &mut dyn FnMut(&str),
) -> Result<Event, Stop> {
    let source = format!("refs/heads/{}", event.branch);
    let refspec = gerrit::refspec(&source, &target.settings.branch, &wanted.options);
    let remote = target.settings.remote.as_str();
    let made = format!(
        "the branch `{}` holds the commit {}",
        event.branch, event.commit
    );
    let again = event.push.clone().unwrap_or_default();
    let wanted = gerrit::Push {
        git: "git",
        dir: clone.repo.path(),
        remote,
        refspec: &refspec,
    };
    let pushed = match gerrit::push(&wanted, talk) {
        Ok(pushed) => pushed,
        Err(error) => return Err(ReviewError::Git { made, again, error }.into()),
    };
    let (branch, push) = (event.branch.clone(), again.clone());
    let after = Again {
        branch: &branch,
        names_branch: branch != DEFAULT_BRANCH,
        push: &push,
    };
    let not_taken = |made, what, why, again| {
        Err(Stop::from(ReviewError::NotTaken {
            made,
            what,
            why,
            again,
        }))
    };
    match pushed.answer {
        Answer::Done(changes) if changes.is_empty() => Err(ReviewError::NotGerrit {
            made,
            remote: remote.to_owned(),
            reference: refspec.split_once(':').map_or("", |(_, to)| to).to_owned(),
        }
        .into()),
        Answer::Done(changes) => {
            event.next = changes.iter().map(|change| change.url.clone()).collect();
            event.pushed = Some(PushAnswer {
                changes,
                lines: pushed.lines,
            });
            Ok(Event::Committed(Box::new(event)))
        }
        Answer::NoNewChanges => {
            let reason = format!("no new changes: {made}, and Gerrit has it");
            Ok(Event::unchanged(&clone.name, reason))
        }
        Answer::Rejected(why) => {
            let remedy = gerrit::of_rejection(&why, after);
            not_taken(made, "Gerrit rejected it", why, remedy)
        }
        Answer::NotSent(why) => not_taken(made, "git did not send it", why, again),
        Answer::Unreachable(why) => {
            let remedy = gerrit::of_no_answer(&why, after);
            not_taken(made, "git did not reach Gerrit", why, remedy)
        }
    }
}
