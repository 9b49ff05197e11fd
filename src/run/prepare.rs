//! From a repository to a change that could be committed; nothing is written.

use super::Session;
use super::stop::Stop;
use crate::event::Refusal;
use crate::git::{self, Base, BranchTip, Id, Identity, NewCommit, NewTree, Person, Repo, Settings};
use crate::gitreview::{GitReview, ReviewSettings};
use crate::message::{self, ChangeId, ChangeIdTrailer, Rules, Trailer};
use crate::plan::{self, Plan};
use crate::shell::quoted;

/// The change for one repository.
pub(super) struct Prepared {
    pub(super) repo: Repo,
    pub(super) settings: Settings,
    pub(super) base: Base,
    /// Where git-review would send the change.
    pub(super) review: ReviewSettings,
    pub(super) plan: Plan,
    pub(super) tree: NewTree,
    /// What to say, most important first.
    pub(super) notes: Vec<String>,
}

/// What the branch is to us.
pub(super) enum Standing {
    /// It can be made.
    New,
    /// It holds the very change.
    Ours {
        commit: Id,
        message: String,
        author: Person,
    },
    /// It holds an earlier patch set, which `--replace` lets go.
    Earlier {
        commit: Id,
        change_id: Option<ChangeId>,
        message: String,
    },
}

impl Prepared {
    /// Returns the change for `repo`, or why there is none.
    pub(super) fn new(session: &Session<'_>, repo: Repo) -> Result<Prepared, Stop> {
        let wanted = &session.request.change;
        let settings = repo.settings(session.env)?;
        let base = repo.base(wanted.base.as_deref(), &settings)?;
        let snapshot = repo.snapshot(base.commit)?;
        let gitreview = GitReview::read(&snapshot)?;
        let review = gitreview.settings(&|key| settings.get(key))?;
        let (service, _, overridden) = session.which(&snapshot)?;
        let entry = session.catalogue.entry(&service)?;
        let Some(entry) = entry else {
            return Err(Stop::refused(
                Refusal::NotAService,
                format!("the catalogue has no entry for `{service}`"),
                "git rally services",
            ));
        };
        let plan = plan::plan(
            &snapshot,
            &entry,
            &wanted.plan,
            session.renderer,
            gitreview.zuul_project(),
        )?;
        if plan.change.is_empty() {
            return Err(Stop::Unchanged(nothing_to_add(&base.name(), &plan)));
        }
        let tree = repo.tree_with(&snapshot, &plan.change)?;
        let mut notes = plan.notes.clone();
        notes.extend(overridden);
        notes.extend(base.note());
        drop(snapshot);
        Ok(Prepared {
            repo,
            settings,
            base,
            review,
            plan,
            tree,
            notes,
        })
    }

    /// Returns what the branch is to us; a branch that holds something else is refused.
    pub(super) fn standing(
        &self,
        session: &Session<'_>,
        who: Option<&Identity>,
    ) -> Result<Standing, Stop> {
        let wanted = &session.request.change;
        let branch = wanted.branch.as_ref();
        let state = self.repo.branch(branch)?;
        let Some(BranchTip {
            commit,
            tree,
            parents,
            message,
            author,
        }) = state
        else {
            self.repo.branch_can_be_made(branch)?;
            return Ok(Standing::New);
        };
        let Some(provenance) = message::provenance(&message).filter(|_| parents.len() == 1) else {
            return Err(taken(
                branch,
                "it holds a commit that git-rally did not make",
                "--branch NAME",
            ));
        };
        let same_text = who.is_none_or(|who| {
            let text = self.text_without_change_id(session, who);
            message::same_but_change_id(&text, &message)
        });
        let there = message::change_id(&message);
        let same_id = match &wanted.change_id {
            Some(id) => there.as_ref() == Some(id),
            None => there.is_some() || self.change_id_trailer(session) == ChangeIdTrailer::Off,
        };
        let same_text = same_text && same_id;
        if parents[0] == self.base.commit && tree == self.tree.id && same_text {
            return Ok(Standing::Ours {
                commit,
                message,
                author,
            });
        }
        self.replaceable(
            session,
            who,
            &parents[0],
            &author,
            tree == provenance_tree(&provenance.tree),
        )?;
        if !wanted.replace {
            return Err(taken(
                branch,
                "it holds a change of git-rally made with other options or on another base",
                "repeat its options; --replace makes the next patch set with these; --branch NAME leaves it",
            ));
        }
        Ok(Standing::Earlier {
            commit,
            change_id: there,
            message,
        })
    }

    /// Fails where `--replace` would lose somebody's work.
    fn replaceable(
        &self,
        session: &Session<'_>,
        who: Option<&Identity>,
        parent: &Id,
        author: &Person,
        untouched: bool,
    ) -> Result<(), Stop> {
        let branch = session.request.change.branch.as_ref();
        if let Some(who) = who.filter(|who| who.author.email != author.email) {
            let why = format!(
                "its commit is by {}, not by {}",
                author.address(),
                who.author.address()
            );
            return Err(taken(branch, &why, "--branch NAME"));
        }
        if !untouched {
            return Err(taken(
                branch,
                "its commit was edited since git-rally made it, and --replace would lose that",
                "--branch NAME",
            ));
        }
        if !self.repo.is_reachable(*parent, self.base.commit)? {
            return Err(taken(
                branch,
                "it holds more commits than the change, above the base",
                "--branch NAME, or give --base REV",
            ));
        }
        match self.repo.checked_out(branch) {
            None => Ok(()),
            Some(place) => {
                let (dir, name) = (quoted(&place), quoted(branch));
                Err(Stop::refused(
                    Refusal::BranchExists,
                    format!(
                        "the branch `{branch}` is checked out in `{place}`, and a branch that is checked out is never moved"
                    ),
                    format!(
                        "git -C {dir} switch --detach; git rally {} --replace, with the same options; git -C {dir} switch {name}",
                        session.request.verb.name()
                    ),
                ))
            }
        }
    }

    /// Returns the commit of the change; stores nothing.
    pub(super) fn new_commit(
        &self,
        session: &Session<'_>,
        who: &Identity,
        earlier: Option<ChangeId>,
    ) -> Result<(NewCommit, String), Stop> {
        let text = self.text_without_change_id(session, who);
        let trailer = self.change_id_trailer(session);
        let chosen = session.request.change.change_id.clone().or(earlier);
        let id = match chosen {
            Some(id) => id,
            None => {
                let input = message::hook_input(
                    &who.committer.ident(),
                    &self.base.commit.to_string(),
                    &text,
                );
                let hash = git::blob_id(&input)?.to_string();
                ChangeId::from_object_id(&hash)
                    .map_err(|e| Stop::refused(Refusal::Message, e.to_string(), "--change-id ID"))?
            }
        };
        let text = message::insert_change_id(&text, &id, &trailer);
        self.check(session, who, &text, &trailer)?;
        Ok((
            NewCommit::new(self.tree.clone(), self.base.commit, who, &text)?,
            text,
        ))
    }

    /// Returns what the configuration asks for; an id that was given goes in whatever that says.
    fn change_id_trailer(&self, session: &Session<'_>) -> ChangeIdTrailer {
        let create = self.settings.get("gerrit.createChangeId");
        let create = create.filter(|_| session.request.change.change_id.is_none());
        let review_url = self.settings.get("gerrit.reviewUrl");
        ChangeIdTrailer::from_config(create.as_deref(), review_url.as_deref())
    }

    fn text_without_change_id(&self, session: &Session<'_>, who: &Identity) -> String {
        let wanted = &session.request.change;
        let mut message = self.plan.message.clone();
        message
            .trailers
            .push(self.plan.provenance(&self.tree.id.to_string()).trailer());
        if wanted.sign_off {
            message
                .trailers
                .push(Trailer::signed_off_by(&who.author.name, &who.author.email));
        }
        message::add_trailers(&message.text(), &wanted.trailers)
    }

    fn check(
        &self,
        session: &Session<'_>,
        who: &Identity,
        text: &str,
        change_id: &ChangeIdTrailer,
    ) -> Result<(), Stop> {
        let rules = Rules {
            author_email: &who.author.email,
            sign_off: session.request.change.sign_off,
            change_id,
        };
        let flaws: Vec<String> = message::check(text, &rules)
            .iter()
            .map(ToString::to_string)
            .collect();
        match flaws.is_empty() {
            true => Ok(()),
            false => Err(Stop::refused(
                Refusal::Message,
                format!("the message would not be accepted: {}", flaws.join("; ")),
                "change the --trailer that is named",
            )),
        }
    }
}

/// Returns why there is nothing to add, with the files that are there and not as we would have them.
fn nothing_to_add(base: &str, plan: &Plan) -> String {
    let files = plan.change.0.iter();
    let kept: Vec<&str> = files
        .filter(|(_, f)| f.why == plan::KEPT)
        .map(|(path, _)| path.as_str())
        .collect();
    if kept.is_empty() {
        return format!("{base} has all of it already");
    }
    let notes = plan.notes.iter().map(|note| format!("; {note}"));
    format!(
        "{base} has a file at every path already, kept as they are: {}{}",
        kept.join(", "),
        notes.collect::<String>()
    )
}

fn provenance_tree(text: &str) -> Id {
    text.parse().unwrap_or(Id::ZERO_SHA1)
}

fn taken(branch: &str, why: &str, hint: &str) -> Stop {
    Stop::refused(
        Refusal::BranchExists,
        format!("the branch `{branch}` is there already: {why}"),
        hint,
    )
}
