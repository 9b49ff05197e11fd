//! The files of `rally-jobs` where an earlier run has made some: what git-rally changes goes into
//! them, what people changed stays.

use super::earlier::Earlier;
use super::{Options, PlanError, files};
use crate::change::{ChangeSet, FileAction, FileChange, Reason};
use crate::files::Files;
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
    pub(super) lines: MergeLines<'a>,
    pub(super) options: &'a Options,
    pub(super) change: ChangeSet,
    pub(super) notes: Vec<String>,
    pub(super) conflicts: Vec<FileConflict>,
}

impl Update<'_> {
    /// Adds the file that is rendered at `path`; `replaced` says why it takes the place of a document
    /// that no earlier run has made, if that is so.
    pub(super) fn ours(
        &mut self,
        path: &str,
        rendered: Vec<u8>,
        replaced: Option<Reason>,
    ) -> Result<(), PlanError> {
        match self.earlier.rendered.get(path) {
            Some(was) => self.file(path, was, rendered),
            None => {
                let file = files::fresh(self.base, path, rendered, replaced)?;
                self.change.0.insert(path.to_owned(), file);
                Ok(())
            }
        }
    }

    /// Returns the change, and adds what there is to say; fails where there are conflicts.
    pub(super) fn end(self, notes: &mut Vec<String>) -> Result<ChangeSet, PlanError> {
        if !self.conflicts.is_empty() {
            return Err(PlanError::Conflict(self.conflicts));
        }
        notes.extend(self.notes);
        let unknown = self.options.keep.iter().filter(|path| {
            let file = self.change.0.get(*path);
            file.is_none_or(|file| file.action() != FileAction::Keep)
        });
        notes.extend(unknown.map(|path| {
            format!("--keep {path} has no effect: that is no file of ours that people edited")
        }));
        Ok(self.change)
    }

    /// Adds the file that is rendered at `path` now and was rendered as `was` then.
    fn file(&mut self, path: &str, was: &[u8], rendered: Vec<u8>) -> Result<(), PlanError> {
        let Some(now) = self.earlier.place_in(self.base, path, was)? else {
            if was != rendered {
                self.notes.push(format!(
                    "{path} stays deleted: somebody deleted it after git-rally added it"
                ));
            }
            return Ok(());
        };
        let theirs = self.base.read(&now)?.unwrap_or_default();
        let (after, reason) = if theirs == rendered {
            (rendered, Reason::Same)
        } else if was == rendered {
            (theirs.clone(), Reason::Theirs)
        } else if theirs == was {
            (rendered, Reason::Updated)
        } else if self.options.keep.contains(&now) {
            (theirs.clone(), Reason::KeptAsAsked)
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
        self.change.0.insert(now, file);
        Ok(())
    }

    /// Removes the file that was rendered at `path` and is no more, if it is still ours.
    pub(super) fn dropped(&mut self, path: &str, was: &[u8]) -> Result<(), PlanError> {
        let Some(now) = self.earlier.place_in(self.base, path, was)? else {
            return Ok(());
        };
        let theirs = self.base.read(&now)?.unwrap_or_default();
        if theirs != was {
            self.notes.push(format!(
                "{now} is kept: git-rally has it no more, but somebody edited it"
            ));
            return Ok(());
        }
        let file = FileChange {
            before: Some(theirs),
            after: None,
            mode: self.base.mode(&now)?,
            reason: Reason::Dropped,
        };
        self.change.0.insert(now, file);
        Ok(())
    }

    /// Returns the text of the job with what changes in ours; `None` where that is nothing, and
    /// after a conflict.
    pub(super) fn item(&mut self, own: &OwnJob, was: &str, ours: &str) -> Option<String> {
        if was == ours || own.text == ours {
            return None;
        }
        if own.text == was {
            return Some(ours.to_owned());
        }
        let path = own.location.path.clone();
        if self.options.keep.contains(&path) {
            return None;
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

    /// Returns the merged text; `None` after a conflict. `before` lines of the file come before.
    fn merged(
        &mut self,
        path: &str,
        before: usize,
        was: &[u8],
        theirs: &[u8],
        ours: &[u8],
    ) -> Option<Vec<u8>> {
        let text = |bytes| std::str::from_utf8(bytes).ok();
        let (Some(base), Some(theirs), Some(ours)) = (text(was), text(theirs), text(ours)) else {
            let at = Conflict {
                line: 1,
                last: 1,
                base: String::new(),
                theirs: "(not UTF-8)".to_owned(),
                ours: String::new(),
            };
            let path = path.to_owned();
            self.conflicts.push(FileConflict { path, at });
            return None;
        };
        let sides = Sides { base, theirs, ours };
        let merged = match path.ends_with(".yaml") {
            true => merge::yaml(&sides, self.lines),
            false => merge::text(&sides, self.lines),
        };
        match merged {
            Ok(merged) => {
                let kept = merged.kept.iter();
                let kept = kept.map(|kept| format!("{path}:{}: {}", before + kept.line, kept.what));
                self.notes.extend(kept);
                Some(merged.text.into_bytes())
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
