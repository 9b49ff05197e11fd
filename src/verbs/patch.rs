//! `patch`: the change as a mail for `git am`. Nothing is written to the repository, not an object.

use std::path::{Path, PathBuf};

use super::written::{create, overwrite};
use crate::event::{Event, Patch};
use crate::git::{self, Id, Identity, LocalClone, Person};
use crate::patch::{self, Mail};
use crate::propose::{
    BranchState, Carried, Library, Proposal, Proposed, branch_state, draft, propose,
};
use crate::request::{self, ChangeOptions, Output};
use crate::stop::Stop;

pub(super) fn patch(
    wanted: &request::Patch,
    clone: &LocalClone<'_>,
    library: &Library<'_>,
) -> Result<Event, Stop> {
    let change = &wanted.change;
    let proposal = match propose(clone, change, library)? {
        Proposed::Change(proposal) => proposal,
        Proposed::Nothing(reason) => return Ok(Event::unchanged(&clone.name, reason)),
    };
    let who = Identity::resolve(&clone.settings, clone.env)?;
    let (commit, message, author) = mailed(clone, &proposal, change, &who)?;
    let diff = git::diff(&proposal.plan.change)?;
    let mail = Mail {
        commit: &commit.to_string(),
        name: &author.name,
        email: &author.email,
        seconds: author.when.seconds,
        offset: author.when.offset,
        message: &message,
    };
    let text = patch::utf8(patch::mail(&mail, &diff)?)?;
    let mut notes = proposal.notes;
    if diff.has_carriage_returns() {
        notes.push(
            "some lines of the change end in CR LF: apply it with `git am --keep-cr`".to_owned(),
        );
    }
    let name = patch::file_name(&message);
    let file = match &wanted.output {
        Output::Standard => None,
        Output::Create(path) => {
            let file = below(path, &name);
            let shown = file.display().to_string();
            let again = change.command("patch", &["-o", &shown, "--force"], &clone.name);
            Some(create(&file, &text, again)?)
        }
        Output::Overwrite(path) => Some(overwrite(&below(path, &name), &text)?),
    };
    Ok(Event::Patch(Patch {
        repo: clone.name.clone(),
        text,
        coloured: None,
        notes,
        file,
    }))
}

/// Returns the commit that the branch holds, else the one that `commit` would make now; unsigned
/// then, so that no key is asked for, which shows in the id of the first line only.
fn mailed(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    change: &ChangeOptions,
    who: &Identity,
) -> Result<(Id, String, Person), Stop> {
    let earlier = match branch_state(clone, proposal, change, Some(who))? {
        BranchState::Current(tip) => return Ok((tip.commit, tip.message, tip.author)),
        BranchState::Absent | BranchState::Merged(_) => Carried::default(),
        BranchState::Earlier(_, carried) => *carried,
    };
    let draft = draft(clone, proposal, who, &change.message, &earlier)?;
    Ok((draft.commit.id, draft.message, who.author.clone()))
}

/// Returns the file itself, or the file `name` in it where it is a folder.
fn below(path: &Path, name: &str) -> PathBuf {
    match path.is_dir() || path.to_string_lossy().ends_with('/') {
        true => path.join(name),
        false => path.to_owned(),
    }
}
