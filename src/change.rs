//! The change: an ordered map from path to what was and what will be.
//!
//! Commit, diff, patch and JSON are four views of a [`ChangeSet`].

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

/// The whole change, in byte order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet(pub BTreeMap<String, FileChange>);

/// One file of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Bytes in the base; `None` when the file is new.
    pub before: Option<Vec<u8>>,
    /// Bytes in the new commit; `None` when the file goes.
    pub after: Option<Vec<u8>>,
    /// File mode in the base and in the commit (0o100644 or 0o100755).
    pub mode: u32,
    pub reason: Reason,
}

/// Why a file is as it will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No file was at that path.
    New,
    /// The file has the rendered content already.
    Same,
    /// The file has other content, which is a person's.
    Kept,
    /// Something goes into the file: what, for people.
    Edited(String),
    /// The file has the content of a known stub: which, for people.
    Stub(String),
    /// The file has other content, and somebody asked for ours.
    Asked,
    /// An earlier run's file, as it is rendered now.
    Updated,
    /// An earlier run's file that people edited, with what changes in the rendered one.
    Merged,
    /// An earlier run's file that people edited; nothing changes in the rendered one that it lacks.
    Theirs,
    /// Somebody asked to keep it.
    KeptAsAsked,
    /// An earlier run's file that is rendered no more.
    Dropped,
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum FileAction {
    Create,
    Modify,
    Remove,
    Keep,
}

impl FileChange {
    /// Returns the file of ours with the content `rendered`, where the base has `before`: what
    /// exists is kept.
    pub fn ours(before: Option<Vec<u8>>, rendered: Vec<u8>) -> FileChange {
        let (after, reason) = match &before {
            None => (rendered, Reason::New),
            Some(there) if *there == rendered => (rendered, Reason::Same),
            Some(there) => (there.clone(), Reason::Kept),
        };
        FileChange {
            before,
            after: Some(after),
            mode: 0o100_644,
            reason,
        }
    }

    /// Returns the file of ours with the content `rendered`, which replaces what the base has.
    pub fn replaced(before: Vec<u8>, rendered: Vec<u8>, reason: Reason) -> FileChange {
        let is_same = before == rendered;
        FileChange {
            before: Some(before),
            after: Some(rendered),
            mode: 0o100_644,
            reason: if is_same { Reason::Same } else { reason },
        }
    }

    pub fn action(&self) -> FileAction {
        match (&self.before, &self.after) {
            (None, _) => FileAction::Create,
            (Some(_), None) => FileAction::Remove,
            (Some(before), Some(after)) if before == after => FileAction::Keep,
            _ => FileAction::Modify,
        }
    }
}

impl ChangeSet {
    /// Returns the files whose bytes differ from the base, in byte order of their paths.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &FileChange)> {
        self.0
            .iter()
            .filter(|(_, change)| change.action() != FileAction::Keep)
            .map(|(path, change)| (path.as_str(), change))
    }

    /// Returns the paths of files that a person has written, where ours would be.
    pub fn kept(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(|(_, change)| change.reason == Reason::Kept)
            .map(|(path, _)| path.as_str())
    }

    /// Returns the paths of files of ours that people edited and that stay as they are.
    pub fn edited(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .filter(|(_, change)| change.reason == Reason::Theirs)
            .map(|(path, _)| path.as_str())
    }

    /// Returns whether a person has written the file at `path`, where ours would be.
    pub fn is_kept(&self, path: &str) -> bool {
        self.kept().any(|kept| kept == path)
    }

    /// Returns whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changed().next().is_none()
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Stub(what) => return write!(f, "replaces the known stub: {what}"),
            Reason::Asked => "replaced (--replace-docs)",
            Reason::New => "new",
            Reason::Same => "exists already with this content",
            Reason::Kept => "exists already with other content; kept",
            Reason::Updated => "updated",
            Reason::Merged => "updated; what people changed stays",
            Reason::Theirs => "kept: people edited it, and git-rally has nothing new",
            Reason::KeptAsAsked => "kept (--keep)",
            Reason::Dropped => "removed: git-rally no longer has it, and nobody edited it",
            Reason::Edited(what) => what,
        })
    }
}

impl Serialize for Reason {
    /// The text for people.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for FileAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileAction::Create => "create",
            FileAction::Modify => "modify",
            FileAction::Remove => "remove",
            FileAction::Keep => "keep",
        })
    }
}
