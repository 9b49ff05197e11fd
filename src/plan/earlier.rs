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
        place_in(&self.paths, now, path, rendered)
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
    let extension = |path: &str| path.rsplit_once('.').map(|(_, end)| end.to_owned());
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
