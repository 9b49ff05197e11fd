//! The commit that the change is made on top of.

use git2::{Commit, ErrorClass, ErrorCode, Reference};

use super::{GitError, Id, Repo, Settings, When, object};
use crate::gitreview::{GitReview, GitReviewError, ReviewSettings};

/// The base commit, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// The commit.
    pub commit: Id,
    /// Its committer's date.
    pub date: When,
    /// What names it: `gerrit/master`, or `HEAD`, or what was given.
    pub name: String,
    /// What should be said about the choice, for people.
    pub note: Option<String>,
}

impl Repo {
    /// Returns the base: `rev` if given, else the remote-tracking branch of `.gitreview`'s
    /// `defaultbranch` on git-review's remote, `gerrit` or `origin` (of several, the one whose tip
    /// is newest), else HEAD.
    pub fn base(&self, rev: Option<&str>, settings: &Settings) -> Result<Base, GitError> {
        if let Some(rev) = rev {
            return self.given(rev);
        }
        let head = self.head()?;
        let review = self.review_settings(head.as_ref(), settings)?;
        let branch = &review.branch;
        let mut remotes = vec!["gerrit", "origin"];
        remotes.retain(|other| *other != review.remote);
        remotes.insert(0, &review.remote);
        let mut tips = Vec::new();
        for remote in &remotes {
            if let Some(commit) = self.tip(&format!("refs/remotes/{remote}/{branch}"))? {
                tips.push((format!("{remote}/{branch}"), commit));
            }
        }
        // `max_by_key` takes the last of equals; the order of the remotes prefers Gerrit's.
        tips.reverse();
        if let Some((name, commit)) = tips.into_iter().max_by_key(|(_, c)| c.time().seconds()) {
            return Ok(base(&commit, name, None));
        }
        let head = head.ok_or(GitError::NoCommit)?;
        let note = (!self.is_bare()).then(|| {
            let tried: Vec<String> = remotes.iter().map(|r| format!("{r}/{branch}")).collect();
            format!(
                "no remote branch {}: the base is HEAD, with whatever local commits it has",
                tried.join(" or ")
            )
        });
        Ok(base(&head, "HEAD".to_owned(), note))
    }

    /// Returns the commit that HEAD points at; `None` before the first commit.
    pub(super) fn head(&self) -> Result<Option<Commit<'_>>, GitError> {
        match self.inner.head() {
            Ok(head) => self
                .peel(&head)
                .map(Some)
                .map_err(|e| self.incomplete("HEAD", e)),
            Err(e) if matches!(e.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
            Err(e) => Err(GitError::during("read HEAD", e)),
        }
    }

    /// Returns the commit at the full reference name; `None` where there is no such reference.
    pub(super) fn tip(&self, reference: &str) -> Result<Option<Commit<'_>>, GitError> {
        match self.inner.find_reference(reference) {
            Ok(found) => self
                .peel(&found)
                .map(Some)
                .map_err(|e| self.incomplete(reference, e)),
            Err(e) if matches!(e.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => Ok(None),
            Err(e) => Err(GitError::during(format!("read `{reference}`"), e)),
        }
    }

    fn given(&self, rev: &str) -> Result<Base, GitError> {
        let found = match self.inner.resolve_reference_from_short_name(rev) {
            // libgit2 takes nothing for HEAD; git does not.
            _ if rev.is_empty() => Err(git2::Error::from_str("an empty name")),
            Ok(reference) => self.peel(&reference),
            Err(_) => match rev.parse() {
                Ok(id) if rev.len() == 40 => object::commit(&self.inner, id),
                _ => (self.inner.revparse_single(rev)).and_then(|object| object.peel_to_commit()),
            },
        };
        match found {
            Ok(commit) => Ok(base(&commit, rev.to_owned(), None)),
            Err(e) if e.class() == ErrorClass::Zlib => Err(self.incomplete(rev, e)),
            Err(_) => Err(GitError::NoSuchRevision {
                rev: rev.to_owned(),
            }),
        }
    }

    fn peel(&self, reference: &Reference<'_>) -> Result<Commit<'_>, git2::Error> {
        let nowhere = || git2::Error::from_str("the reference leads nowhere");
        object::commit(
            &self.inner,
            reference.resolve()?.target().ok_or_else(nowhere)?,
        )
    }

    fn incomplete(&self, what: &str, source: git2::Error) -> GitError {
        GitError::Object {
            what: format!("the commit of `{what}`"),
            hint: self.remedy(&source, what),
            source: source.into(),
        }
    }

    /// Returns how many commits, `commit` among them, no branch of the remotes has; `None` if none
    /// of their branches is here.
    pub fn unpublished(&self, commit: Id, remotes: &[&str]) -> Result<Option<usize>, GitError> {
        let failed = |e| GitError::during("look for commits that no remote has", e);
        let mut walk = self.inner.revwalk().map_err(failed)?;
        walk.push(commit).map_err(failed)?;
        let mut any = false;
        for remote in remotes {
            let glob = format!("refs/remotes/{remote}/*");
            let mut names = self.inner.references_glob(&glob).map_err(failed)?;
            any |= names.next().is_some();
            walk.hide_glob(&glob).map_err(failed)?;
        }
        Ok(any.then(|| walk.filter_map(Result::ok).count()))
    }

    /// Returns where git-review would send what is at HEAD.
    fn review_settings(
        &self,
        head: Option<&Commit<'_>>,
        settings: &Settings,
    ) -> Result<ReviewSettings, GitError> {
        let config = |key: &str| settings.get(key);
        let Some(head) = head else {
            return Ok(GitReview::default().settings(&config)?);
        };
        let snapshot = self.snapshot(head.id())?;
        let read = GitReview::read(&snapshot).map_err(GitReviewError::of_head)?;
        Ok(read.settings(&config)?)
    }
}

fn base(commit: &Commit<'_>, name: String, note: Option<String>) -> Base {
    let time = commit.committer().when();
    Base {
        commit: commit.id(),
        date: When {
            seconds: time.seconds(),
            offset: time.offset_minutes(),
        },
        name,
        note,
    }
}
