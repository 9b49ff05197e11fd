//! The commit that the change is made on top of.

use git2::{Commit, ErrorClass, ErrorCode, Reference};

use super::{Failure, GitError, Id, ObjectError, Repo, Settings, When, object};
use crate::gitreview::{GitReview, GitReviewError, ReviewSettings};
use crate::remedy::{Refusal, Remedy};

/// Why there is no base.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    #[error("the repository has no commit yet")]
    NoCommit,
    #[error("`{rev}` is not a commit of this repository")]
    NotACommit { rev: String },
}

impl Remedy for RevisionError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        match self {
            RevisionError::NoCommit => "make a commit first: git commit; or pass --base REV",
            RevisionError::NotACommit { .. } => "list the commits: git log --oneline --all",
        }
        .to_owned()
    }
}

/// The base commit, and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    pub commit: Id,
    /// Its committer's date.
    pub date: When,
    pub from: BaseFrom,
}

/// How the base was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BaseFrom {
    /// `--base REV`.
    Given { rev: String },
    /// The remote-tracking branch on which the change will be reviewed.
    Remote { remote: String, branch: String },
    /// HEAD, where no such branch is here.
    Head {
        /// The remote-tracking branches that were looked for.
        tried: Vec<String>,
        /// A bare repository's HEAD is a branch as somebody pushed or fetched it.
        bare: bool,
    },
}

impl Base {
    /// Returns what names it: `gerrit/master`, or `HEAD`, or what was given.
    pub fn name(&self) -> String {
        match &self.from {
            BaseFrom::Given { rev } => rev.clone(),
            BaseFrom::Remote { remote, branch } => format!("{remote}/{branch}"),
            BaseFrom::Head { .. } => "HEAD".to_owned(),
        }
    }

    /// Returns what was given as `--base`.
    pub fn given(&self) -> Option<&str> {
        match &self.from {
            BaseFrom::Given { rev } => Some(rev),
            _ => None,
        }
    }

    /// Returns what people should know of the choice.
    pub fn note(&self) -> Option<String> {
        match &self.from {
            BaseFrom::Head { tried, bare: false } => Some(format!(
                "no remote branch {} exists: the base is HEAD, with its local commits",
                tried.join(" or ")
            )),
            _ => None,
        }
    }
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
                tips.push((*remote, commit));
            }
        }
        // `max_by_key` takes the last of equals; the order of the remotes prefers Gerrit's.
        tips.reverse();
        if let Some((remote, commit)) = tips.into_iter().max_by_key(|(_, c)| c.time().seconds()) {
            let (remote, branch) = (remote.to_owned(), branch.clone());
            return Ok(base(&commit, BaseFrom::Remote { remote, branch }));
        }
        let head = head.ok_or(RevisionError::NoCommit)?;
        let tried = remotes.iter().map(|r| format!("{r}/{branch}")).collect();
        let bare = self.is_bare();
        Ok(base(&head, BaseFrom::Head { tried, bare }))
    }

    /// Returns the commit that HEAD points at; `None` before the first commit.
    pub(super) fn head(&self) -> Result<Option<Commit<'_>>, GitError> {
        match self.inner.head() {
            Ok(head) => self
                .peel(&head)
                .map(Some)
                .map_err(|e| self.incomplete("HEAD", e)),
            Err(e) if matches!(e.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
            Err(e) => Err(Failure::during("read HEAD", e).into()),
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
            Err(e) => Err(Failure::during(format!("read `{reference}`"), e).into()),
        }
    }

    fn given(&self, rev: &str) -> Result<Base, GitError> {
        let found = match self.inner.resolve_reference_from_short_name(rev) {
            // libgit2 takes nothing for HEAD; git does not.
            _ if rev.is_empty() => Err(git2::Error::from_str("an empty name")),
            Ok(reference) => self.peel(&reference),
            Err(_) => match rev.parse() {
                Ok(id) if rev.len() == 40 => object::commit(self, id),
                _ => object::strictly(|| self.inner.revparse_single(rev)?.peel_to_commit()),
            },
        };
        match found {
            Ok(commit) => {
                let rev = rev.to_owned();
                Ok(base(&commit, BaseFrom::Given { rev }))
            }
            Err(e) if e.class() == ErrorClass::Zlib || e.code() == ErrorCode::HashsumMismatch => {
                Err(self.incomplete(rev, e))
            }
            Err(_) => {
                let rev = rev.to_owned();
                Err(RevisionError::NotACommit { rev }.into())
            }
        }
    }

    fn peel(&self, reference: &Reference<'_>) -> Result<Commit<'_>, git2::Error> {
        let nowhere = || git2::Error::from_str("the reference leads nowhere");
        object::commit(self, reference.resolve()?.target().ok_or_else(nowhere)?)
    }

    fn incomplete(&self, what: &str, source: git2::Error) -> GitError {
        ObjectError::Unreadable {
            what: format!("the commit of `{what}`"),
            hint: self.remedy(&source, what),
            source: source.into(),
        }
        .into()
    }

    /// Returns how many commits, `commit` among them, no branch of the remotes has; `None` if none
    /// of their branches is here.
    pub fn unpublished(&self, commit: Id, remotes: &[&str]) -> Result<Option<usize>, GitError> {
        let failed = |e| Failure::during("look for commits that no remote has", e);
        let mut walk = self.inner.revwalk().map_err(failed)?;
        walk.push(commit).map_err(failed)?;
        let mut any = false;
        for remote in remotes {
            let glob = format!("refs/remotes/{remote}/*");
            let mut names = self.inner.references_glob(&glob).map_err(failed)?;
            any |= names.next().is_some();
            walk.hide_glob(&glob).map_err(failed)?;
        }
        if !any {
            return Ok(None);
        }
        let counted = object::strictly(|| walk.try_fold(0, |count, id| id.map(|_| count + 1)));
        let unreadable = |source: git2::Error| ObjectError::Unreadable {
            what: "the commits below the change".to_owned(),
            hint: self.remedy(&source, &commit.to_string()),
            source: source.into(),
        };
        Ok(Some(counted.map_err(unreadable)?))
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

fn base(commit: &Commit<'_>, from: BaseFrom) -> Base {
    let time = commit.committer().when();
    Base {
        commit: commit.id(),
        date: When {
            seconds: time.seconds(),
            offset: time.offset_minutes(),
        },
        from,
    }
}
