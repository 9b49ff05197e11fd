//! The commit of the change with its message, Change-Id and trailers: an object that is not stored.

use super::Proposal;
use super::carried::Carried;
use crate::git::{self, Identity, LocalClone, NewCommit};
use crate::message::{self, ChangeId, ChangeIdTrailer, Rules, Trailer};
use crate::request::MessageOptions;
use crate::stop::Stop;

/// A commit and its message.
pub struct Draft {
    pub commit: NewCommit,
    pub message: String,
}

/// Returns the commit of the change by `who`, with what stays of the `earlier` patch set. Its
/// Change-Id is the one asked for, else that of the earlier patch set, else by the formula of
/// Gerrit's hook.
pub fn draft(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    who: &Identity,
    wanted: &MessageOptions,
    earlier: &Carried,
) -> Result<Draft, Stop> {
    let text = without_change_id(proposal, who, wanted, earlier);
    let id = match wanted.change_id.clone().or(earlier.change_id.clone()) {
        Some(id) => id,
        None => by_formula(&text, proposal, who)?,
    };
    let trailer = change_id_trailer(clone, wanted);
    let message = message::insert_change_id(&text, &id, &trailer);
    let rules = Rules {
        author_email: &who.author.email,
        sign_off: wanted.sign_off,
        change_id: &trailer,
    };
    message::validate(&message, &rules)?;
    let tree = proposal.tree.clone();
    Ok(Draft {
        commit: NewCommit::new(tree, proposal.base.commit, who, &message)?,
        message,
    })
}

/// Returns the Change-Id that Gerrit's commit-msg hook would make.
fn by_formula(text: &str, proposal: &Proposal, who: &Identity) -> Result<ChangeId, Stop> {
    let base = proposal.base.commit.to_string();
    let input = message::hook_input(&who.committer.ident(), &base, text);
    let hash = git::blob_id(&input)?.to_string();
    Ok(ChangeId::from_object_id(&hash)?)
}

/// Returns the message up to its Change-Id.
pub(super) fn without_change_id(
    proposal: &Proposal,
    who: &Identity,
    wanted: &MessageOptions,
    earlier: &Carried,
) -> String {
    let provenance = earlier.provenance.as_ref();
    let mut trailers = provenance.unwrap_or(&proposal.provenance).trailers();
    if wanted.sign_off {
        let author = &who.author;
        trailers.push(Trailer::signed_off_by(&author.name, &author.email));
    }
    let text = match &earlier.prose {
        Some(prose) => {
            message::add_trailers(&format!("{prose}\n\n{}\n", trailers[0]), &trailers[1..])
        }
        None => {
            let mut message = proposal.plan.message.clone();
            message.trailers = trailers;
            message.text()
        }
    };
    let mut more = wanted.trailers.clone();
    more.extend(
        earlier
            .trailers
            .iter()
            .filter(|t| !wanted.trailers.contains(t))
            .cloned(),
    );
    message::add_trailers(&text, &more)
}

/// Returns which trailer the configuration asks for; an id that was asked for goes in regardless.
pub(super) fn change_id_trailer(
    clone: &LocalClone<'_>,
    wanted: &MessageOptions,
) -> ChangeIdTrailer {
    let create = clone.settings.get("gerrit.createChangeId");
    let create = create.filter(|_| wanted.change_id.is_none());
    let review_url = clone.settings.get("gerrit.reviewUrl");
    ChangeIdTrailer::from_config(create.as_deref(), review_url.as_deref())
}
