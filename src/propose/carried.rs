//! What the next patch set takes over from the message of the one before.

use super::Proposal;
use super::untouched::has_our_message;
use crate::git::{BranchTip, GitError};
use crate::message::{self, ChangeId, Provenance, Trailer};
use crate::request::ChangeOptions;

/// What stays of a message; nothing where there is none.
#[derive(Clone, Debug, Default)]
pub struct Carried {
    pub change_id: Option<ChangeId>,
    /// Subject and body, where somebody edited them.
    pub prose: Option<String>,
    /// Trailers that git-rally did not write.
    pub trailers: Vec<Trailer>,
    /// What the earlier patch set says of its making, where only the base is another one: Gerrit then
    /// sees a rebase with the same message, and votes stay.
    pub(super) provenance: Option<Provenance>,
    /// What does not stay, for people.
    pub notes: Vec<String>,
}

impl Carried {
    /// Returns what stays of the message of `tip`, which has the tree of the change or is replaced by
    /// it. Without the author's `email` nobody's Signed-off-by is known from another's.
    pub(super) fn of(
        tip: &BranchTip,
        made: &Provenance,
        proposal: &Proposal,
        wanted: &ChangeOptions,
        email: Option<&str>,
    ) -> Result<Carried, GitError> {
        let new = &proposal.provenance;
        let here = Provenance {
            tree: new.tree.clone(),
            ..made.clone()
        };
        let mut carried = Carried {
            change_id: message::change_id(&tip.message),
            provenance: (new.wrote.is_some() && here == *new).then(|| made.clone()),
            ..Carried::default()
        };
        let show = ["git", "show", "-s", &tip.commit.to_string()].join(" ");
        if !has_our_message(tip, made)? {
            match wanted.new_message {
                false => carried.prose = Some(message::prose(&tip.message)),
                true => carried.notes.push(format!(
                    "the message replaces one that somebody edited (--new-message); see it: {show}"
                )),
            }
        }
        for trailer in message::trailers(&tip.message) {
            if is_made_again(&trailer, carried.change_id.as_ref(), email) {
                continue;
            }
            // Whoever signed off the earlier files has not seen these.
            let is_sign_off = trailer.key.eq_ignore_ascii_case("Signed-off-by");
            match is_sign_off && tip.tree != proposal.tree.id {
                true => carried.notes.push(format!(
                    "the earlier patch set had `{trailer}`, and this one has not; --trailer adds it again"
                )),
                false => carried.trailers.push(trailer),
            }
        }
        Ok(carried)
    }

    /// Returns what people should know of the message.
    pub(super) fn said(&self) -> Vec<String> {
        let kept = "the message is as somebody edited it; --new-message writes it anew".to_owned();
        let kept = self.prose.is_some().then_some(kept);
        kept.into_iter().chain(self.notes.iter().cloned()).collect()
    }
}

/// Returns whether the trailer says the Change-Id, in either of Gerrit's forms.
pub(super) fn is_change_id(trailer: &Trailer, id: Option<&ChangeId>) -> bool {
    match trailer.key.to_ascii_lowercase().as_str() {
        "change-id" => true,
        "link" => id.is_some_and(|id| trailer.value.ends_with(&format!("/id/{id}"))),
        _ => false,
    }
}

/// Returns whether every patch set gets such a trailer: provenance, Change-Id, own Signed-off-by.
fn is_made_again(trailer: &Trailer, id: Option<&ChangeId>, email: Option<&str>) -> bool {
    if Provenance::has_key(&trailer.key) || is_change_id(trailer, id) {
        return true;
    }
    match trailer.key.to_ascii_lowercase().as_str() {
        "signed-off-by" => email.is_none_or(|email| trailer.value.ends_with(&format!("<{email}>"))),
        _ => false,
    }
}
