//! `commit`: the one verb that writes to a repository.

use super::Session;
use super::prepare::{Prepared, Standing};
use super::stop::Stop;
use crate::event::{Committed, Event, FileLine};
use crate::git::{Id, Identity};
use crate::message::{self, ChangeId};
use crate::request::Review;

impl Prepared {
    /// Makes the commit and the branch; the reference is the last thing that is written.
    pub(super) fn commit(self, session: &Session<'_>, name: &str) -> Result<Event, Stop> {
        let mut event = self.made(session, name)?;
        if event.was_there {
            let reason = format!(
                "the branch `{}` holds this very change: {}",
                event.branch, event.commit
            );
            return Err(Stop::Unchanged(reason));
        }
        // A .gitreview that cannot be read is told by `review`, whose business it is.
        // Only the push is taken from it, so no scan of the work tree.
        let way = self.way(session, &Review::default(), |_| true).ok();
        event.push = way.and_then(|way| way.steps.ok()?.push_line());
        Ok(Event::Committed(Box::new(event)))
    }

    /// Returns the commit of the change; stores it and moves the branch unless it is there.
    pub(super) fn made(&self, session: &Session<'_>, name: &str) -> Result<Committed, Stop> {
        let who = Identity::resolve(&self.settings, session.env)?;
        let branch = session.request.change.branch.as_ref();
        let (commit, text, was_there) = match self.standing(session, Some(&who))? {
            Standing::Ours {
                commit, message, ..
            } => (commit, message, true),
            Standing::New => self.stored(session, &who, None, None)?,
            Standing::Earlier { commit, change_id } => {
                self.stored(session, &who, Some(commit), change_id)?
            }
        };
        let mut notes = self.notes.clone();
        if self.settings.is_true("commit.gpgsign") && !was_there {
            notes.push(format!("the commit is not signed, although commit.gpgsign is set; to sign it: git switch {branch}, then git commit --amend --no-edit -S"));
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
            base_name: format!("{}, {}", self.base.name, self.base.date.day()),
            signed_off_by: session
                .request
                .change
                .sign_off
                .then(|| who.author.address()),
            next: next_steps(name, branch),
            was_there,
        })
    }

    fn stored(
        &self,
        session: &Session<'_>,
        who: &Identity,
        old: Option<Id>,
        change_id: Option<ChangeId>,
    ) -> Result<(Id, String, bool), Stop> {
        let (commit, text) = self.new_commit(session, who, change_id)?;
        self.repo
            .publish(&commit, session.request.change.branch.as_ref(), old)?;
        Ok((commit.id, text, false))
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

fn next_steps(name: &str, branch: &str) -> Vec<String> {
    let git = if name == "." {
        "git".to_owned()
    } else {
        format!("git -C {name}")
    };
    vec![
        format!("{git} show {branch}"),
        format!("{git} switch {branch}"),
    ]
}
