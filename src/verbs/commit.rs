//! `commit`: one commit on a new branch.

use crate::event::{Event, Made};
use crate::gerrit::PushOptions;
use crate::git::LocalClone;
use crate::propose::{self, GerritTarget, Library, Proposed, propose};
use crate::request::{Commit, DEFAULT_TOPIC};
use crate::stop::Stop;

pub(super) fn commit(
    wanted: &Commit,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
) -> Result<Event, Stop> {
    let change = &wanted.change;
    let proposal = match propose(clone, change, library)? {
        Proposed::Change(proposal) => proposal,
        Proposed::Nothing(reason) => return Ok(Event::unchanged(&clone.name, reason)),
    };
    let done = propose::commit(clone, &proposal, change)?;
    if let Made::Before { .. } = done.made {
        let (branch, commit) = (&change.branch, done.commit);
        let holds = format!("the branch `{branch}` holds this very change: {commit}");
        let said: Vec<String> = [holds].into_iter().chain(done.notes).collect();
        return Ok(Event::unchanged(&clone.name, said.join("; ")));
    }
    let branch = clone.repo.typed_branch(change.branch.as_ref());
    let next = propose::next_steps(&clone.name, &branch, change);
    let mut event = done.event(clone, &proposal, change, next);
    let options = PushOptions {
        topic: DEFAULT_TOPIC.parse().ok(),
        ..PushOptions::default()
    };
    let target = GerritTarget::read(clone, proposal.review.clone())?;
    let push = target.push(&branch, &options);
    event.push = push.map(|push| push.line(&clone.name));
    Ok(Event::Committed(Box::new(event)))
}
