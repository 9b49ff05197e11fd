//! Makes the commit and moves the branch: the only writer of the program.

use super::{BranchState, BranchTaken, Carried, Proposal, branch_state, draft};
use crate::event::{Committed, FileLine, Made};
use crate::git::{CommitMsgHook, HookFolder, Id, Identity, LocalClone, Signer};
use crate::message;
use crate::request::ChangeOptions;
use crate::shell;
use crate::stop::Stop;

/// The commit that the branch holds now.
pub struct Done {
    pub commit: Id,
    pub message: String,
    pub made: Made,
    pub notes: Vec<String>,
    author: String,
}

/// Makes the commit of the change and points the branch at it, unless the branch holds it already.
/// The reference is the last thing that is written.
pub fn commit(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    wanted: &ChangeOptions,
) -> Result<Done, Stop> {
    let who = Identity::resolve(&clone.settings, clone.env)?;
    let state = branch_state(clone, proposal, wanted, Some(&who))?;
    let mut done = match state {
        BranchState::Current(tip) => {
            // A gc may have taken objects away since; "unchanged" would be false then.
            let restored = clone.repo.restore(&proposal.tree)?;
            Done {
                commit: tip.commit,
                message: tip.message,
                made: Made::Before { restored },
                notes: restored_note(restored).into_iter().collect(),
                author: who.author.address(),
            }
        }
        BranchState::Absent => {
            not_awaited(clone, wanted)?;
            write(clone, proposal, wanted, &who, None, &Carried::default())?
        }
        BranchState::Merged(tip) => {
            let old = Some(tip.commit);
            let mut done = write(clone, proposal, wanted, &who, old, &Carried::default())?;
            let (branch, old) = (&wanted.branch, tip.commit);
            done.notes
                .push(format!("the branch `{branch}` held {old}, which is merged"));
            done
        }
        BranchState::Earlier(tip, carried) => {
            let old = Some(tip.commit);
            let mut done = write(clone, proposal, wanted, &who, old, &carried)?;
            done.notes.extend(carried.said());
            done
        }
    };
    if done.made == Made::Now && clone.commit_msg_hook(HookFolder::Shared) == CommitMsgHook::Other {
        done.notes.push(
            "the clone has a commit-msg hook that is not Gerrit's; git-rally did not run it"
                .to_owned(),
        );
    }
    Ok(done)
}

/// Returns what people should know of objects that were lost and are stored again.
fn restored_note(restored: usize) -> Option<String> {
    (restored > 0).then(|| {
        format!(
            "{restored} of its objects were missing or damaged; git-rally stored them again. Check the others: git fsck"
        )
    })
}

/// Drafts, signs and stores the commit, and moves the branch from the earlier patch set, if any.
fn write(
    clone: &LocalClone<'_>,
    proposal: &Proposal,
    wanted: &ChangeOptions,
    who: &Identity,
    old: Option<Id>,
    carried: &Carried,
) -> Result<Done, Stop> {
    let draft = draft(clone, proposal, who, &wanted.message, carried)?;
    let mut notes = Vec::new();
    let signer = match wanted.sign {
        true => Signer::new(&clone.settings, clone.env, who, clone.repo.path())?,
        false => {
            notes.push("the commit is not signed: --no-gpg-sign".to_owned());
            None
        }
    };
    let commit = match &signer {
        None => draft.commit,
        Some(signer) => {
            notes.push(format!("{} signed the commit", signer.program()));
            draft.commit.signed(signer)?
        }
    };
    clone
        .repo
        .update_branch(&commit, wanted.branch.as_ref(), old)?;
    Ok(Done {
        commit: commit.id,
        message: draft.message,
        made: Made::Now,
        notes,
        author: who.author.address(),
    })
}

/// Refuses an unborn branch that HEAD already points to: HEAD would no longer be as it was.
fn not_awaited(clone: &LocalClone<'_>, wanted: &ChangeOptions) -> Result<(), Stop> {
    let branch = wanted.branch.to_string();
    match clone.repo.checked_out(&branch) {
        None => Ok(()),
        Some(worktree) => Err(BranchTaken::Unborn { branch, worktree }.into()),
    }
}

impl Done {
    /// Returns what there is to say about the commit; the steps to take next come from the verb.
    pub fn event(
        &self,
        clone: &LocalClone<'_>,
        proposal: &Proposal,
        wanted: &ChangeOptions,
        next: Vec<String>,
    ) -> Committed {
        let base = &proposal.base;
        let files = proposal.plan.change.0.iter();
        let mut notes = proposal.notes.clone();
        notes.extend(self.notes.iter().cloned());
        Committed {
            repo: clone.name.clone(),
            service: proposal.plan.service.clone(),
            base: base.commit.to_string(),
            branch: wanted.branch.to_string(),
            commit: self.commit.to_string(),
            tree: proposal.tree.id.to_string(),
            change_id: message::change_id(&self.message).map(|id| id.to_string()),
            files: files
                .map(|(path, file)| FileLine {
                    path: path.clone(),
                    change: file.action(),
                    why: file.reason.clone(),
                })
                .collect(),
            push: None,
            pushed: None,
            notes,
            base_name: format!("{}, {}", base.name(), base.date.day()),
            signed_off_by: wanted.message.sign_off.then(|| self.author.clone()),
            next,
            made: self.made,
        }
    }
}

/// Returns the commands that show the commit and bring it to Gerrit.
pub fn next_steps(repo: &str, branch: &str, wanted: &ChangeOptions) -> Vec<String> {
    let show = match repo {
        "." => shell::line(["git", "show", branch]),
        repo => shell::line(["git", "-C", repo, "show", branch]),
    };
    vec![show, wanted.command("review", &[], repo)]
}
