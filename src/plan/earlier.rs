//! What an earlier run rendered: the base of a merge.

use std::collections::{BTreeMap, BTreeSet};

use super::files::Others;
use crate::files::{EntryKind, Files, FilesError, walk};
use crate::rally;
use crate::zuul::Voting;

/// How many files of `rally-jobs` are looked at.
const MOST_FILES: usize = 2000;

/// The share of lines, in hundredths, that two texts have in common if one was made of the other:
/// git's default for renames.
const ALIKE: usize = 50;

/// An earlier run of git-rally that the history has.
#[derive(Clone, Debug, Default)]
pub struct Earlier {
    /// Its commit and day, for people: `0123456789 (2026-11-28)`.
    pub commit: String,
    /// Path to what was rendered, for files that are known to be ours.
    pub rendered: BTreeMap<String, Vec<u8>>,
    /// Path to where the file was then, where people have moved it.
    pub places: BTreeMap<String, String>,
    /// Paths of files that people had deleted by then.
    pub gone: BTreeSet<String>,
    /// Digests of all that was rendered, of files that were edited or deleted before the change was
    /// merged as well.
    pub digests: Vec<String>,
    /// All files that `rally-jobs` had then.
    pub paths: BTreeSet<String>,
    /// Those of them that may be tasks, as they were in the commit: path to text.
    pub tasks: BTreeMap<String, String>,
    /// The job that it added; `None` where there was none.
    pub job: Option<EarlierJob>,
    /// The files that were not ours then.
    pub others: Others,
}

/// The Zuul job of an earlier run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EarlierJob {
    pub name: String,
    /// The rendered item; `None` where somebody had edited it before it was merged.
    pub text: Option<String>,
    /// Where it ran then.
    pub voting: Voting,
    /// Whether it was made to run in `periodic`.
    pub periodic: bool,
}

impl Earlier {
    /// Returns where the file of `path` is in `now`: there, or where somebody has moved it; `None`
    /// where it is gone.
    pub fn place_in(
        &self,
        now: &dyn Files,
        path: &str,
        rendered: &[u8],
    ) -> Result<Option<String>, FilesError> {
        let place = self.places.get(path).map_or(path, String::as_str);
        place_in(&self.paths, now, place, rendered)
    }

    /// Returns where people had moved the file that is rendered for `path` when the change was merged,
    /// if they did; `now` is all that is rendered.
    pub(super) fn moved(
        &self,
        path: &str,
        rendered: &[u8],
        now: &BTreeSet<String>,
    ) -> Option<&str> {
        let is_other = |other: &str| {
            let is_same_kind = extension(other) == extension(path);
            is_same_kind && !now.contains(other) && !self.has_document_of(other)
        };
        let found = self.rendered.iter();
        let found = found.filter(|(other, was)| is_other(other) && alike(was, rendered) >= ALIKE);
        let (other, _) = found.max_by_key(|(_, was)| alike(was, rendered))?;
        (!self.paths.contains(path)).then_some(other)
    }

    /// Returns whether a document of that run names the file: people had not moved it then.
    pub(super) fn has_document_of(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let mut documents = self
            .rendered
            .iter()
            .filter(|(path, _)| path.ends_with(".rst"));
        documents.any(|(_, text)| String::from_utf8_lossy(text).contains(name))
    }

    /// Returns whether another file of that run has the same content: one is a copy that people made.
    pub(super) fn has_copy(&self, path: &str, content: &[u8]) -> bool {
        let mut rendered = self.rendered.iter();
        rendered.any(|(other, text)| other != path && text == content)
    }
}

/// Returns where the file `path` of a revision that had `paths` is in a later one.
pub fn place_in(
    paths: &BTreeSet<String>,
    now: &dyn Files,
    path: &str,
    content: &[u8],
) -> Result<Option<String>, FilesError> {
    if now.kind(path)? == Some(EntryKind::File) {
        return Ok(Some(path.to_owned()));
    }
    let mut best: Option<(usize, String)> = None;
    for new in files_of_rally_jobs(now)? {
        if paths.contains(&new) || extension(&new) != extension(path) {
            continue;
        }
        let there = now.read(&new)?.unwrap_or_default();
        let alike = alike(content, &there);
        if alike >= ALIKE && best.as_ref().is_none_or(|(most, _)| alike > *most) {
            best = Some((alike, new));
        }
    }
    Ok(best.map(|(_, path)| path))
}

fn extension(path: &str) -> Option<&str> {
    path.rsplit_once('.').map(|(_, end)| end)
}

/// Returns the files below `rally-jobs`.
pub fn files_of_rally_jobs(files: &dyn Files) -> Result<Vec<String>, FilesError> {
    let (found, _) = walk(files, rally::DIRECTORY, MOST_FILES, &mut |_| Ok(true))?;
    let found = found.into_iter();
    let found = found.filter(|(_, kind)| *kind == EntryKind::File);
    Ok(found.map(|(path, _)| path).collect())
}

/// Returns how many of the lines two texts have in common, in hundredths.
fn alike(a: &[u8], b: &[u8]) -> usize {
    let lines = |text: &[u8]| -> Vec<Vec<u8>> {
        text.split(|byte| *byte == b'\n')
            .map(<[u8]>::to_vec)
            .collect()
    };
    let (a, b) = (lines(a), lines(b));
    let mut left: BTreeMap<&[u8], usize> = BTreeMap::new();
    for line in &a {
        *left.entry(line).or_default() += 1;
    }
    let mut same = 0;
    for line in &b {
        if let Some(count) = left.get_mut(line.as_slice()).filter(|count| **count > 0) {
            *count -= 1;
            same += 1;
        }
    }
    200 * same / (a.len() + b.len())
}
