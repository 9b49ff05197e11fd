//! `diff`: the change as a unified diff. Nothing is written, not an object.

use crate::event::{Event, Patch};
use crate::git::{self, Identity, LocalClone};
use crate::patch;
use crate::propose::{Library, Proposed, branch_state, propose};
use crate::request::Diff;
use crate::stop::Stop;

pub(super) fn diff(
    wanted: &Diff,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
) -> Result<Event, Stop> {
    let change = &wanted.change;
    let proposal = match propose(clone, change, library)? {
        Proposed::Change(proposal) => proposal,
        Proposed::Nothing(reason) => return Ok(Event::unchanged(&clone.name, reason)),
    };
    // Without an identity there is no message to compare; the tree is enough to show.
    let who = Identity::resolve(&clone.settings, clone.env).ok();
    branch_state(clone, &proposal, change, who.as_ref())?;
    let diff = git::diff(&proposal.plan.change)?;
    Ok(Event::Patch(Patch {
        repo: clone.name.clone(),
        text: patch::utf8(patch::unified(&diff))?,
        coloured: Some(patch::coloured(&diff)),
        notes: proposal.notes,
        file: None,
    }))
}
