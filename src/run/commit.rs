//! `commit`: the one verb that writes to a repository.

use super::Session;
use super::prepare::{Prepared, Standing};
use super::stop::Stop;
use crate::event::{Committed, Event, FileLine};
use crate::git::Identity;
use crate::message;

impl Prepared {
    /// Makes the commit and the branch; the reference is the last thing that is written.
    pub(super) fn commit(self, session: &Session<'_>, name: &str) -> Result<Event, Stop> {
        let who = Identity::resolve(&self.settings, session.env)?;
        let branch = session.request.change.branch.as_ref();
        let (old, change_id) = match self.standing(session, Some(&who))? {
            Standing::Ours { commit, .. } => {
                return Err(Stop::Unchanged(format!(
                    "the branch `{branch}` holds this very change: {commit}"
                )));
            }
            Standing::New => (None, None),
            Standing::Earlier { commit, change_id } => (Some(commit), change_id),
        };
        let (commit, text) = self.new_commit(session, &who, change_id)?;
        self.repo.publish(&commit, branch, old)?;
        let mut notes = self.notes.clone();
        if self.settings.is_true("commit.gpgsign") {
            notes.push("the commit is not signed, although commit.gpgsign is set: sign it with `git commit --amend -S --no-edit` on the branch".to_owned());
        }
        Ok(Event::Committed(Box::new(Committed {
            repo: name.to_owned(),
            service: self.plan.service.clone(),
            base: self.base.commit.to_string(),
            branch: branch.to_owned(),
            commit: commit.id.to_string(),
            tree: commit.tree.to_string(),
            change_id: message::change_id(&text).map(|id| id.to_string()),
            files: self.file_lines(),
            push: None,
            notes,
            base_name: format!("{}, {}", self.base.name, self.base.date.day()),
            signed_off_by: session
                .request
                .change
                .sign_off
                .then(|| who.author.address()),
            next: next_steps(name, branch),
        })))
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
