//! The edit that brings the job of an earlier run into the gate, or takes it out again.

use super::super::model::covered;
use super::changes::FileEdit;
use super::error::{Hindrance, ZuulError};
use super::plan::runs_as_wanted;
use super::relist::{Attributes, Changed, listed, refused, wanted_at};
use super::wanted::{PERIODIC, Voting, Wanted};
use crate::files::Files;

/// Returns the edits that make the job run and vote as wanted for changes, on top of `edits`; an
/// entry that people gave more attributes than git-rally does is theirs.
///
/// Where `periodic` lists the job as wanted, it votes there as well.
pub fn vote(
    files: &dyn Files,
    edits: Vec<FileEdit>,
    wanted: &Wanted<'_>,
) -> Result<Vec<FileEdit>, ZuulError> {
    let mut changed = Changed::new(files, edits, why(wanted));
    let votes = Attributes {
        is_non_voting: wanted.voting == Voting::NonVoting,
        irrelevant_files: None,
    };
    let attributes = changed.relist("check", wanted, &votes)?;
    match wanted.voting {
        Voting::Voting => {
            changed.relist("gate", wanted, &attributes)?;
        }
        Voting::NonVoting => changed.unlist("gate", wanted)?,
    }
    if wanted.periodic == Some(true) && listed(&changed.config()?, wanted, PERIODIC)?.is_some() {
        changed.relist(PERIODIC, wanted, &votes)?;
    }
    let config = changed.config()?;
    let for_changes = Wanted {
        periodic: None,
        ..*wanted
    };
    match runs_as_wanted(&covered(&config), &for_changes) {
        true => Ok(changed.edits.into_values().collect()),
        false => Err(refused(wanted_at(&config, wanted), Hindrance::OtherMeaning)),
    }
}

fn why(wanted: &Wanted<'_>) -> String {
    let runs = match wanted.voting {
        Voting::Voting => "listed in check and gate, voting",
        Voting::NonVoting => "listed in check, non-voting",
    };
    format!("`{}` {runs}", wanted.job)
}
