//! The files of `rally-jobs` where an earlier run has made some: what git-rally changes goes into
//! them, what people changed stays.

use std::collections::BTreeSet;

use super::earlier::Earlier;
use super::{Options, PlanError, Situation, files};
use crate::change::{ChangeSet, FileChange, Reason};
use crate::files::{EntryKind, Files};
use crate::merge::{self, Conflict, MergeLines, Sides};
use crate::zuul::OwnJob;

/// A place where somebody and git-rally changed the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileConflict {
    pub path: String,
    /// Lines of the file as it is in the base.
    pub at: Conflict,
}

/// The merge, file by file.
pub(super) struct Update<'a> {
    pub(super) base: &'a dyn Files,
    pub(super) earlier: &'a Earlier,
    lines: MergeLines<'a>,
    options: &'a Options,
    pub(super) change: ChangeSet,
    pub(super) notes: Vec<String>,
    conflicts: Vec<FileConflict>,
    /// Paths of an earlier run's files that are there still.
    written: BTreeSet<String>,
    /// All paths that are rendered now.
    pub(super) paths: BTreeSet<String>,
    /// Paths of an earlier run's files that people moved.
    pub(super) moved: BTreeSet<String>,
    /// Paths that people gave files of an earlier run before its change was merged.
    claimed: BTreeSet<String>,
    /// Paths of files that people deleted.
    pub(super) gone: BTreeSet<String>,
    /// Returns the digest of a rendered file.
    digest: &'a dyn Fn(&[u8]) -> String,
    /// Files that cannot be merged, as they are no text.
    not_text: Vec<String>,
}

impl<'a> Update<'a> {
    /// Returns a change without files yet.
    pub(super) fn new(
        situation: &Situation<'a>,
        earlier: &'a Earlier,
        options: &'a Options,
    ) -> Update<'a> {
        Update {
            base: situation.base,
            earlier,
            lines: situation.lines,
            options,
            change: ChangeSet::default(),
            notes: Vec::new(),
            conflicts: Vec::new(),
            written: BTreeSet::new(),
            paths: BTreeSet::new(),
            moved: BTreeSet::new(),
            claimed: BTreeSet::new(),
            gone: BTreeSet::new(),
            digest: situation.digest,
            not_text: Vec::new(),
        }
    }

    /// Adds the file that is rendered at `path`; `replaced` says why it takes the place of a document
    /// that no earlier run has made, if that is so.
    pub(super) fn ours(
        &mut self,
        path: &str,
        rendered: Vec<u8>,
        replaced: Option<Reason>,
    ) -> Result<(), PlanError> {
        if let Some(was) = self.earlier.rendered.get(path) {
            return self.file(path, was, rendered);
        }
        let moved = self.earlier.moved(path, &rendered, &self.paths);
        if let Some((other, was)) = moved.and_then(|at| self.earlier.rendered.get_key_value(at)) {
            self.claimed.insert(other.clone());
            self.moved.insert(path.to_owned());
            self.file(other, was, rendered)?;
            if self.written.contains(other) {
                self.written.insert(path.to_owned());
            }
            return Ok(());
        }
        if self.base.kind(path)? != Some(EntryKind::File) && self.was_deleted(path, &rendered) {
            self.gone.insert(path.to_owned());
            return Ok(());
        }
        let file = files::fresh(self.base, path, rendered, replaced)?;
        self.change.0.insert(path.to_owned(), file);
        Ok(())
    }

    /// Returns whether the file, which the base has not, was there at an earlier run or before it.
    fn was_deleted(&self, path: &str, rendered: &[u8]) -> bool {
        let earlier = self.earlier;
        let had_other_path = earlier.rendered.values().any(|was| was == rendered);
        let was_rendered = || earlier.digests.contains(&(self.digest)(rendered));
        earlier.paths.contains(path)
            || earlier.gone.contains(path)
            || (was_rendered() && !had_other_path)
    }

    /// Returns the change, and adds what there is to say; fails where there are conflicts.
    pub(super) fn end(self, notes: &mut Vec<String>) -> Result<ChangeSet, PlanError> {
        if let Some(path) = self.not_text.into_iter().next() {
            return Err(PlanError::NotText(path));
        }
        if !self.conflicts.is_empty() {
            return Err(PlanError::Conflict(self.conflicts));
        }
        notes.extend(self.notes);
        for path in &self.options.keep {
            let path = path.strip_prefix("./").unwrap_or(path);
            if self.base.kind(path)?.is_none() {
                notes.push(format!(
                    "--keep {path} has no effect: there is no such file"
                ));
            }
        }
        Ok(self.change)
    }

    /// Adds the file that is rendered at `path` now and was rendered as `was` then.
    fn file(&mut self, path: &str, was: &[u8], rendered: Vec<u8>) -> Result<(), PlanError> {
        let now = self.earlier.place_in(self.base, path, was)?;
        // Two of ours may have become one.
        let now = now.filter(|now| !self.change.0.contains_key(now));
        let Some(now) = now else {
            self.gone.insert(path.to_owned());
            if was != rendered {
                self.notes.push(match self.base.kind(path)? {
                    Some(is) => format!(
                        "{path} stays as it is: somebody made it {} after git-rally added it",
                        is.words()
                    ),
                    None => format!(
                        "{path} stays deleted: somebody deleted it after git-rally added it; to have it back: git checkout {} -- {path}",
                        self.earlier.commit.split(' ').next().unwrap_or_default()
                    ),
                });
            }
            return Ok(());
        };
        if now != path {
            self.moved.insert(path.to_owned());
        }
        let theirs = self.base.read(&now)?.unwrap_or_default();
        let (after, reason) = if theirs == rendered {
            (rendered, Reason::Same)
        } else if self.is_kept(&now) {
            (theirs.clone(), Reason::KeptAsAsked)
        } else if was == rendered {
            (theirs.clone(), Reason::Theirs)
        } else if theirs == was {
            (rendered, Reason::Updated)
        } else {
            match self.merged(&now, 0, was, &theirs, &rendered) {
                Some(text) if text == theirs => (text, Reason::Theirs),
                Some(text) => (text, Reason::Merged),
                None => return Ok(()),
            }
        };
        let file = FileChange {
            before: Some(theirs),
            after: Some(after),
            mode: self.base.mode(&now)?,
            reason,
        };
        if file.reason != Reason::KeptAsAsked {
            self.written.insert(path.to_owned());
        }
        self.change.0.insert(now, file);
        Ok(())
    }

    /// Removes the file that was rendered at `path` and is no more, if it is still ours.
    pub(super) fn dropped(&mut self, path: &str, was: &[u8]) -> Result<(), PlanError> {
        let is_ours = self.earlier.has_document_of(path) && !self.earlier.has_copy(path, was);
        if self.claimed.contains(path) || !is_ours {
            return Ok(());
        }
        let Some(now) = self.earlier.place_in(self.base, path, was)? else {
            return Ok(());
        };
        let theirs = self.base.read(&now)?.unwrap_or_default();
        let (after, reason) = match self.is_kept(&now) {
            true => (Some(theirs.clone()), Reason::KeptAsAsked),
            false if theirs == was => (None, Reason::Dropped),
            false => {
                self.notes.push(format!(
                    "{now} is kept: git-rally no longer has it, but somebody edited it"
                ));
                return Ok(());
            }
        };
        let file = FileChange {
            before: Some(theirs),
            after,
            mode: self.base.mode(&now)?,
            reason,
        };
        self.change.0.insert(now, file);
        Ok(())
    }

    /// Returns the text of the job with what changes in ours; `None` where that is nothing, and
    /// after a conflict.
    pub(super) fn item(&mut self, own: &OwnJob, was: &str, ours: &str) -> Option<String> {
        let path = own.location.path.clone();
        if was == ours || own.text == ours || self.is_kept(&path) {
            return None;
        }
        if own.text == was {
            return Some(ours.to_owned());
        }
        // Lines of the item, whose name has the line that is known.
        let name = own.text.lines().position(|line| {
            let key = line.trim_start_matches(['-', ' ']);
            key.starts_with("name:")
        });
        let first = own
            .location
            .line
            .saturating_sub(name.unwrap_or_default() + 1);
        let (theirs, ours) = (own.text.as_bytes(), ours.as_bytes());
        let merged = self.merged(&path, first, was.as_bytes(), theirs, ours)?;
        let text = String::from_utf8(merged).ok()?;
        (text != own.text).then_some(text)
    }

    /// Returns whether what is rendered for the path is in the change or in the base, merged or not:
    /// neither deleted nor kept.
    pub(super) fn is_written(&self, path: &str) -> bool {
        let is_one = |file: &FileChange| !matches!(file.reason, Reason::Kept | Reason::KeptAsAsked);
        match self.earlier.rendered.contains_key(path) || self.moved.contains(path) {
            // It may have another path by now.
            true => self.written.contains(path),
            false => self.change.0.get(path).is_some_and(is_one),
        }
    }

    /// Returns whether somebody asked to leave the file as it is.
    pub(super) fn is_kept(&self, path: &str) -> bool {
        let mut kept = self.options.keep.iter();
        kept.any(|kept| kept.strip_prefix("./").unwrap_or(kept) == path)
    }

    /// Returns the merged text; `None` after a conflict. `before` lines of the file come before.
    fn merged(
        &mut self,
        path: &str,
        before: usize,
        was: &[u8],
        theirs: &[u8],
        ours: &[u8],
    ) -> Option<Vec<u8>> {
        let is_yaml = path.ends_with(".yaml");
        let all = [was, theirs, ours];
        let is_utf8 = all.iter().all(|text| std::str::from_utf8(text).is_ok());
        if !is_utf8 && is_yaml {
            self.not_text.push(path.to_owned());
            return None;
        }
        // Lines are lines in any encoding.
        let [base, theirs, ours] = match is_utf8 {
            true => all.map(|text| String::from_utf8_lossy(text).into_owned()),
            false => all.map(of_latin_1),
        };
        let sides = Sides {
            base: &base,
            theirs: &theirs,
            ours: &ours,
        };
        let merged = match is_yaml {
            true => merge::yaml(&sides, self.lines),
            false if path.ends_with(".rst") => merge::document(&sides, self.lines),
            false => merge::text(&sides, self.lines),
        };
        match merged {
            Ok(merged) => {
                let kept = merged.kept.iter();
                let kept = kept.map(|kept| format!("{path}:{}: {}", before + kept.line, kept.what));
                self.notes.extend(kept);
                match is_utf8 {
                    true => Some(merged.text.into_bytes()),
                    false => Some(merged.text.chars().map(|c| c as u8).collect()),
                }
            }
            Err(conflicts) => {
                let found = conflicts.into_iter().map(|at| FileConflict {
                    path: path.to_owned(),
                    at: Conflict {
                        line: before + at.line,
                        last: before + at.last,
                        ..at
                    },
                });
                self.conflicts.extend(found);
                None
            }
        }
    }
}

fn of_latin_1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}
