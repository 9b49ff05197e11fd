//! The change: a base and an ordered map from path to what was and what will be.
//!
//! Commit, diff, patch and JSON are four views of a [`ChangeSet`].

use std::collections::BTreeMap;

/// One file of the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Bytes in the base; `None` when the file is new.
    pub before: Option<Vec<u8>>,
    /// Bytes in the new commit; `None` when the file goes.
    pub after: Option<Vec<u8>>,
    /// File mode in the base and in the commit (0o100644 or 0o100755).
    pub mode: u32,
    /// Why, for people: `job nova-rally added before the project stanza`.
    pub why: String,
}

/// What happens to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verb {
    /// The file is new.
    Create,
    /// The file is there and gets other bytes.
    Modify,
    /// The file goes.
    Remove,
    /// The file is there and stays as it is.
    Keep,
}

impl FileChange {
    /// Returns what happens to the file.
    pub fn verb(&self) -> Verb {
        match (&self.before, &self.after) {
            (None, _) => Verb::Create,
            (Some(_), None) => Verb::Remove,
            (Some(before), Some(after)) if before == after => Verb::Keep,
            _ => Verb::Modify,
        }
    }
}

/// The whole change, in byte order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangeSet(pub BTreeMap<String, FileChange>);

impl ChangeSet {
    /// Returns the files whose bytes differ from the base, in byte order of their paths.
    pub fn changed(&self) -> impl Iterator<Item = (&str, &FileChange)> {
        self.0
            .iter()
            .filter(|(_, change)| change.verb() != Verb::Keep)
            .map(|(path, change)| (path.as_str(), change))
    }

    /// Returns whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.changed().next().is_none()
    }
}
