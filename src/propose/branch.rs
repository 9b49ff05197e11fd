//! What the target branch is to the change, and when `--replace` may move it.

use super::Proposal;
use super::carried::{Carried, is_change_id};
use super::draft::{change_id_trailer, without_change_id};
use super::untouched::has_our_files;
use crate::git::{BranchTip, Identity, LocalClone};
use crate::message::{self, ChangeIdTrailer, Provenance};
use crate::remedy::{Refusal, Remedy};
use crate::request::ChangeOptions;
use crate::shell;
use crate::stop::Stop;

/// State of the target branch relative to the change.
pub enum BranchState {
    /// It does not exist and can be created.
    Absent,
    /// It holds this very change, dates and Change-Id aside.
    Current(BranchTip),
    /// It holds an earlier patch set, and `--replace` was given.
    Earlier(BranchTip, Box<Carried>),
    /// It holds a change of ours that the base has by now: nothing is lost if the branch moves on.
    Merged(BranchTip),
}

/// Why the branch is left alone.
#[derive(Debug, thiserror::Error)]
pub enum BranchTaken {
    #[error("the branch `{0}` exists already: git-rally did not make the commit that it holds")]
    Foreign(String),
    #[error(
        "the branch `{branch}` exists already: it holds a change by git-rally with other options or on another base"
    )]
    OtherOptions {
        branch: String,
        /// The command that makes the next patch set.
        replace: String,
    },
    #[error("the branch `{branch}` exists already: its commit is by {theirs}, not by {yours}")]
    OtherAuthor {
        branch: String,
        theirs: String,
        yours: String,
    },
    #[error(
        "the branch `{0}` exists already: somebody edited its commit after git-rally made it, and --replace would lose that"
    )]
    Edited(String),
    #[error(
        "the branch `{0}` exists already: it holds more commits than the change above the base"
    )]
    MoreCommits(String),
    #[error(
        "the branch `{branch}` is checked out in `{worktree}`; git-rally never moves a branch that is checked out"
    )]
    CheckedOut {
        branch: String,
        worktree: String,
        /// The command that makes the next patch set.
        replace: String,
    },
    #[error("the branch `{branch}` has no commit yet, but is checked out in `{worktree}`")]
    Unborn { branch: String, worktree: String },
}

impl Remedy for BranchTaken {
    fn refusal(&self) -> Option<Refusal> {
        Some(Refusal::BranchExists)
    }

    fn hint(&self) -> String {
        match self {
            BranchTaken::OtherOptions { replace, .. } => format!(
                "repeat its options; or make the next patch set with these: {replace}; or --branch NAME, which leaves it"
            ),
            BranchTaken::MoreCommits(_) => "--branch NAME, or give --base REV".to_owned(),
            BranchTaken::CheckedOut {
                branch,
                worktree,
                replace,
            } => {
                let detach = shell::line(["git", "-C", worktree, "switch", "--detach"]);
                let back = shell::line(["git", "-C", worktree, "switch", branch]);
                format!("{detach}; {replace}; {back}")
            }
            BranchTaken::Foreign(_)
            | BranchTaken::OtherAuthor { .. }
            | BranchTaken::Edited(_)
            | BranchTaken::Unborn { .. } => "--branch NAME".to_owned(),
        }
    }
}

/// Returns the state of the branch; refuses one that holds something else. Without `who` there is
/// no message to compare, and the tree decides.
pub fn branch_state(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    wanted: &ChangeOptions,
    who: Option<&Identity>,
) -> Result<BranchState, Stop> {
    let branch = wanted.branch.as_ref();
    let Some(tip) = clone.repo.branch(branch)? else {
        clone.repo.branch_can_be_made(branch)?;
        return Ok(BranchState::Absent);
    };
    let provenance = message::provenance(&tip.message);
    let (Some(made), [parent]) = (provenance, tip.parents.as_slice()) else {
        return Err(BranchTaken::Foreign(branch.to_owned()).into());
    };
    let email = who.map(|who| who.author.email.as_str());
    let carried = Carried::of(&tip, &made, proposal, wanted, email)?;
    let same_place = *parent == proposal.base.commit && tip.tree == proposal.tree.id;
    if same_place && has_same_message(&tip, clone, proposal, wanted, who, &carried) {
        return Ok(BranchState::Current(tip));
    }
    let untouched = has_our_files(clone, tip.tree, Some(*parent), &made)?;
    // Gerrit may have rebased or picked it.
    let is_picked = carried.change_id.is_some() && carried.change_id == proposal.merged;
    if (is_picked && untouched) || clone.repo.is_reachable(tip.commit, proposal.base.commit)? {
        is_free(clone, wanted)?;
        return Ok(BranchState::Merged(tip));
    }
    may_be_replaced(clone, proposal, wanted, who, &tip, untouched)?;
    match wanted.replace {
        true => Ok(BranchState::Earlier(tip, Box::new(carried))),
        false => Err(BranchTaken::OtherOptions {
            branch: branch.to_owned(),
            replace: replace(clone, wanted),
        }
        .into()),
    }
}

/// Returns whether the commit has the message that this change would get, in whatever order its
/// trailers are. The tree that it names may be that of another base.
fn has_same_message(
    tip: &BranchTip,
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    wanted: &ChangeOptions,
    who: Option<&Identity>,
    carried: &Carried,
) -> bool {
    let text = &tip.message;
    let there = message::change_id(text);
    let same_text = who.is_none_or(|who| {
        let made = without_change_id(proposal, who, &wanted.message, carried);
        let own = |text: &str| {
            let mut trailers: Vec<String> = (message::trailers(text).iter())
                .filter(|trailer| !Provenance::has_key(&trailer.key))
                .filter(|trailer| !is_change_id(trailer, there.as_ref()))
                .map(ToString::to_string)
                .collect();
            trailers.sort();
            (message::prose(text), trailers)
        };
        own(&made) == own(text)
    });
    let same_id = match &wanted.message.change_id {
        Some(id) => there.as_ref() == Some(id),
        None => {
            let trailer = change_id_trailer(clone, &wanted.message);
            there.is_some() || trailer == ChangeIdTrailer::Off
        }
    };
    same_text && same_id
}

/// Refuses a branch whose replacement would lose somebody's work.
fn may_be_replaced(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    wanted: &ChangeOptions,
    who: Option<&Identity>,
    tip: &BranchTip,
    untouched: bool,
) -> Result<(), Stop> {
    let branch = wanted.branch.to_string();
    if let Some(who) = who.filter(|who| who.author.email != tip.author.email) {
        let (theirs, yours) = (tip.author.address(), who.author.address());
        return Err(BranchTaken::OtherAuthor {
            branch,
            theirs,
            yours,
        }
        .into());
    }
    if !untouched {
        return Err(BranchTaken::Edited(branch).into());
    }
    let parent = tip.parents[0];
    if !clone.repo.is_reachable(parent, proposal.base.commit)? {
        return Err(BranchTaken::MoreCommits(branch).into());
    }
    is_free(clone, wanted)
}

/// Refuses a branch that is checked out somewhere.
fn is_free(clone: &LocalClone<'_>, wanted: &ChangeOptions) -> Result<(), Stop> {
    let branch = wanted.branch.to_string();
    match clone.repo.checked_out(&branch) {
        None => Ok(()),
        Some(worktree) => Err(BranchTaken::CheckedOut {
            branch,
            worktree,
            replace: replace(clone, wanted),
        }
        .into()),
    }
}

/// Returns the command that makes the next patch set with these options.
fn replace(clone: &LocalClone<'_>, wanted: &ChangeOptions) -> String {
    wanted.command("commit", &["--replace"], &clone.name)
}
