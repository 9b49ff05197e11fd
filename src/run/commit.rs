//! `commit`: the one verb that writes to a repository.

use super::Session;
use super::prepare::{Prepared, Standing};
use super::stop::Stop;
use crate::event::{Committed, Event, FileLine, Refusal};
use crate::git::{CommitMsgHook, HookFolder, Id, Identity, NewCommit, Signer};
use crate::message::{self, ChangeId};
use crate::request::Review;
use crate::shell::quoted;

impl Prepared {
    /// Makes the commit and the branch; the reference is the last thing that is written.
    pub(super) fn commit(self, session: &Session<'_>, name: &str) -> Result<Event, Stop> {
        let mut event = self.made(session, name)?;
        if event.was_there {
            let mut reason = format!(
                "the branch `{}` holds this very change: {}",
                event.branch, event.commit
            );
            reason.extend(restored(event.restored).map(|note| format!("; {note}")));
            return Err(Stop::Unchanged(reason));
        }
        // Only the push is taken from it, so no scan of the work tree.
        let way = self.way(session, &Review::default(), |_| true).ok();
        event.push = way.and_then(|way| way.steps.ok()?.push_line(name));
        Ok(Event::Committed(Box::new(event)))
    }

    /// Returns the commit of the change; stores it and moves the branch unless it is there.
    pub(super) fn made(&self, session: &Session<'_>, name: &str) -> Result<Committed, Stop> {
        let who = Identity::resolve(&self.settings, session.env)?;
        let branch = session.request.change.branch.as_ref();
        let mut notes = self.notes.clone();
        let mut lost = 0;
        let (commit, text, was_there) = match self.standing(session, Some(&who))? {
            Standing::Ours {
                commit, message, ..
            } => {
                lost = self.repo.restore(&self.tree)?;
                notes.extend(restored(lost));
                (commit, message, true)
            }
            Standing::New => {
                let (commit, text) = self.stored(session, &who, None, None, &mut notes)?;
                (commit, text, false)
            }
            Standing::Earlier {
                commit,
                change_id,
                message,
            } => {
                let old = Some(commit);
                let (commit, text) = self.stored(session, &who, old, change_id, &mut notes)?;
                notes.extend(lost_trailers(&message, &text, &who.author.email));
                (commit, text, false)
            }
        };
        let hooks = self.settings.path("core.hooksPath", session.env);
        if self.repo.commit_msg_hook(HookFolder::Shared, hooks) == CommitMsgHook::Other {
            notes.push("the clone's commit-msg hook is not Gerrit's, and was not run".to_owned());
        }
        Ok(Committed {
            repo: name.to_owned(),
            service: self.plan.service.clone(),
            base: self.base.commit.to_string(),
            branch: branch.to_owned(),
            commit: commit.to_string(),
            tree: self.tree.id.to_string(),
            change_id: message::change_id(&text).map(|id| id.to_string()),
            files: self.file_lines(),
            push: None,
            pushed: None,
            notes,
            base_name: format!("{}, {}", self.base.name(), self.base.date.day()),
            signed_off_by: session
                .request
                .change
                .sign_off
                .then(|| who.author.address()),
            next: next_steps(name, &self.repo.typed_branch(branch)),
            was_there,
            restored: lost,
        })
    }

    fn stored(
        &self,
        session: &Session<'_>,
        who: &Identity,
        old: Option<Id>,
        change_id: Option<ChangeId>,
        notes: &mut Vec<String>,
    ) -> Result<(Id, String), Stop> {
        let branch = session.request.change.branch.as_ref();
        if old.is_none() {
            self.not_awaited(branch)?;
        }
        let (commit, text) = self.new_commit(session, who, change_id)?;
        let commit = self.signed(session, who, commit, notes)?;
        self.repo.update_branch(&commit, branch, old)?;
        Ok((commit.id, text))
    }

    /// Fails where HEAD is at the branch although it is not there yet: it would no more be as it was.
    fn not_awaited(&self, branch: &str) -> Result<(), Stop> {
        match self.repo.checked_out(branch) {
            None => Ok(()),
            Some(place) => Err(Stop::refused(
                Refusal::BranchExists,
                format!("the branch `{branch}` has no commit yet, but is checked out in `{place}`"),
                "--branch NAME",
            )),
        }
    }

    /// Returns the commit with the signature that the configuration asks for.
    fn signed(
        &self,
        session: &Session<'_>,
        who: &Identity,
        commit: NewCommit,
        notes: &mut Vec<String>,
    ) -> Result<NewCommit, Stop> {
        if !session.request.change.sign {
            notes.push("the commit is not signed: --no-gpg-sign".to_owned());
            return Ok(commit);
        }
        let Some(signer) = Signer::new(&self.settings, session.env, who, self.repo.path())? else {
            return Ok(commit);
        };
        notes.push(format!("the commit is signed, by {}", signer.program()));
        Ok(commit.signed(&signer)?)
    }

    fn file_lines(&self) -> Vec<FileLine> {
        (self.plan.change.0.iter())
            .map(|(path, file)| FileLine {
                path: path.clone(),
                change: file.verb(),
                why: file.why.clone(),
            })
            .collect()
    }
}

/// Returns what people should know of objects that had to be stored again.
fn restored(lost: usize) -> Option<String> {
    (lost > 0).then(|| {
        format!("{lost} of its objects were missing or damaged, and are stored again: git fsck shows whether others are")
    })
}

/// Returns the trailers of the earlier patch set that this one no more has, for people: a bug that
/// was named by hand, for one, or the Signed-off-by of somebody else than `email`.
fn lost_trailers(old: &str, new: &str, email: &str) -> Option<String> {
    let kept = message::trailers(new);
    let own = ["git-rally", "change-id", "link"];
    let own_sign_off = format!("<{email}>");
    let lost: Vec<String> = message::trailers(old)
        .iter()
        .map(ToString::to_string)
        .filter(|line| !kept.iter().any(|kept| kept.to_string() == *line))
        .filter(|line| {
            let key = line.split(':').next().unwrap_or_default();
            let key = key.to_ascii_lowercase();
            let is_own = key == "signed-off-by" && line.ends_with(&own_sign_off);
            !is_own && !own.contains(&key.as_str())
        })
        .map(|line| format!("`{line}`"))
        .collect();
    (!lost.is_empty()).then(|| {
        let lost = lost.join(" and ");
        format!(
            "{lost} was in the earlier patch set and is not in this one; --trailer puts it back"
        )
    })
}

fn next_steps(name: &str, branch: &str) -> Vec<String> {
    let branch = quoted(branch);
    match name {
        "." => vec![format!("git show {branch}"), "git rally review".to_owned()],
        name => {
            let name = quoted(name);
            vec![
                format!("git -C {name} show {branch}"),
                format!("git rally review {name}"),
            ]
        }
    }
}
