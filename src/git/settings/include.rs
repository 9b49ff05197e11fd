//! The conditions of `includeIf`.

use std::path::{Path, PathBuf};

use super::file::Origin;
use super::{Environment, os_path, path_bytes};
use crate::git::wildmatch::{self, Case};

/// What conditions ask about a repository.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The Git directory: of a linked worktree, its own.
    pub(crate) git_dir: PathBuf,
    pub(crate) common_dir: PathBuf,
    /// The Git directory as it was reached, where symbolic links lead to it.
    pub(crate) git_dir_as_given: Option<PathBuf>,
    /// The branch that HEAD is on, without `refs/heads/`.
    pub(crate) branch: Option<Vec<u8>>,
}

pub(super) enum Condition {
    GitDir(Vec<u8>, Case),
    OnBranch(Vec<u8>),
    HasUrl(Vec<u8>),
    /// `worktree:` is git's from 2.55 on; earlier versions take it, like every word that they do not
    /// know, for false.
    Worktree,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    Yes,
    No,
    Unknown,
}

impl From<Option<bool>> for Answer {
    fn from(fits: Option<bool>) -> Answer {
        match fits {
            Some(true) => Answer::Yes,
            Some(false) => Answer::No,
            None => Answer::Unknown,
        }
    }
}

impl Condition {
    /// Returns the condition of the key `includeif.CONDITION.path`.
    pub(super) fn of(key: &[u8]) -> Option<Condition> {
        let text = key.strip_prefix(b"includeif.")?.strip_suffix(b".path")?;
        let after = |prefix: &str| text.strip_prefix(prefix.as_bytes()).map(<[u8]>::to_vec);
        Some(if let Some(pattern) = after("gitdir:") {
            Condition::GitDir(pattern, Case::Sensitive)
        } else if let Some(pattern) = after("gitdir/i:") {
            Condition::GitDir(pattern, Case::Ignored)
        } else if let Some(pattern) = after("onbranch:") {
            Condition::OnBranch(pattern)
        } else if let Some(pattern) = after("hasconfig:remote.*.url:") {
            Condition::HasUrl(pattern)
        } else if text.starts_with(b"worktree:") || text.starts_with(b"worktree/i:") {
            Condition::Worktree
        } else {
            Condition::Other
        })
    }

    pub(super) fn holds(&self, from: &Origin, place: Option<&Place>, env: &Environment) -> Answer {
        let Some(place) = place else {
            return Answer::No;
        };
        match self {
            // Git reports this one, and goes on.
            Condition::GitDir(pattern, _)
                if pattern.starts_with(b"./") && *from == Origin::Command =>
            {
                Answer::No
            }
            Condition::GitDir(pattern, case) => Pattern::of(pattern, from, env)
                .map_or(Answer::Unknown, |pattern| place.is_at(&pattern, *case)),
            Condition::OnBranch(pattern) => {
                let pattern = with_all_below(pattern.clone());
                place.branch.as_ref().map_or(Answer::No, |branch| {
                    wildmatch::matches(&pattern, branch, Case::Sensitive).into()
                })
            }
            Condition::Worktree => Answer::Unknown,
            // The reader asks for URLs itself.
            Condition::HasUrl(_) | Condition::Other => Answer::No,
        }
    }
}

/// Returns whether any of the URLs fits.
pub(super) fn any_fits(pattern: &[u8], urls: &[Vec<u8>]) -> Answer {
    let mut found = Some(false);
    for url in urls {
        let fits = wildmatch::matches(pattern, url, Case::Sensitive);
        found = fits.and_then(|fits| Some(found? || fits));
    }
    found.into()
}

impl Place {
    fn is_at(&self, pattern: &Pattern, case: Case) -> Answer {
        let given = self.git_dir_as_given.as_deref();
        for dir in std::iter::once(self.git_dir.as_path()).chain(given) {
            match pattern.fits(dir, case) {
                Answer::No => {}
                answer => return answer,
            }
        }
        Answer::No
    }
}

/// The pattern of a folder.
struct Pattern {
    /// What is taken literally: the folder of the file, for `./`.
    literal: Vec<u8>,
    rest: Vec<u8>,
}

impl Pattern {
    /// Returns the pattern of the file `from`; `None` for a folder that is not known here: of
    /// another user, or of git itself.
    fn of(text: &[u8], from: &Origin, env: &Environment) -> Option<Pattern> {
        os_path(text, env)?;
        let text = match text.strip_prefix(b"~") {
            // In these patterns, and nowhere else, git resolves the links of the home folder.
            Some(rest) => {
                let home = Path::new(env.os("HOME")?);
                let home = home.canonicalize().unwrap_or_else(|_| home.to_owned());
                [&path_bytes(&home), rest].concat()
            }
            None => text.to_vec(),
        };
        let (literal, text) = match (text.strip_prefix(b"./"), from) {
            (Some(rest), Origin::File(file)) => {
                let file = file.canonicalize().unwrap_or_else(|_| file.clone());
                let mut folder = path_bytes(file.parent().unwrap_or(Path::new("/")));
                folder.push(b'/');
                (folder, rest.to_vec())
            }
            _ if text.starts_with(b"/") => (Vec::new(), text),
            _ => (Vec::new(), [b"**/", text.as_slice()].concat()),
        };
        let rest = with_all_below(text);
        Some(Pattern { literal, rest })
    }

    fn fits(&self, dir: &Path, case: Case) -> Answer {
        let dir = path_bytes(dir);
        let Some((start, rest)) = dir.split_at_checked(self.literal.len()) else {
            return Answer::No;
        };
        let same = match case {
            Case::Sensitive => start == self.literal,
            Case::Ignored => start.eq_ignore_ascii_case(&self.literal),
        };
        match same {
            true => wildmatch::matches(&self.rest, rest, case).into(),
            false => Answer::No,
        }
    }
}

/// A slash at the end stands for everything below.
fn with_all_below(mut pattern: Vec<u8>) -> Vec<u8> {
    if pattern.ends_with(b"/") {
        pattern.extend_from_slice(b"**");
    }
    pattern
}
