//! The text of a change: as `git diff` prints it, as a mail for `git am`, and in colour.
//!
//! Everything is made of one [`Diff`], whose hunks come from `git::diff`. The text is that of
//! Git 2.47 under default configuration. Not done: detection of renames, which only a change
//! that removes and creates files would show.

mod colour;
mod mail;
mod name;
mod stat;
mod unified;

pub use colour::coloured;
pub use mail::{Mail, file_name, mail};
pub use unified::unified;

use crate::remedy::{Refusal, Remedy};

/// What changes, file by file, in byte order of the paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The changed files.
    pub files: Vec<FileDiff>,
}

/// What changes in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDiff {
    /// The path from the top of the tree.
    pub path: String,
    /// The file's mode, the same before and after.
    pub mode: u32,
    /// The blob's id before, 40 hexadecimal digits; `None` for a new file.
    pub old_id: Option<String>,
    /// The blob's id after; `None` for a removed file.
    pub new_id: Option<String>,
    /// What changes in the content.
    pub body: Body,
}

/// What changes in the content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Text.
    Text(Hunks),
    /// Git calls it binary: there is a NUL in the first 8000 bytes.
    Binary,
}

/// The hunks of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunks {
    /// From the first `@@` to the end; empty if no line changes.
    pub text: Vec<u8>,
    /// How many lines are added.
    pub added: usize,
    /// How many lines are removed.
    pub deleted: usize,
}

/// A change that has no text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    #[error("`{0}` is binary, and git-rally writes no binary patches")]
    Binary(String),
    #[error("the patch is not UTF-8")]
    NotUtf8(#[source] std::str::Utf8Error),
}

impl Remedy for PatchError {
    fn refusal(&self) -> Option<Refusal> {
        None
    }

    fn hint(&self) -> String {
        "git rally commit, then git format-patch".to_owned()
    }
}

/// Returns the text of a diff or a mail. Every file of the change is text that was parsed, so what
/// is not UTF-8 is an error.
pub fn utf8(bytes: Vec<u8>) -> Result<String, PatchError> {
    String::from_utf8(bytes).map_err(|error| PatchError::NotUtf8(error.utf8_error()))
}

impl Diff {
    /// Returns whether a line of the hunks ends in a carriage return: then the mail needs
    /// `git am --keep-cr`, like one of Git itself.
    pub fn has_carriage_returns(&self) -> bool {
        self.files.iter().any(|file| match &file.body {
            Body::Text(hunks) => hunks.text.windows(2).any(|pair| pair == b"\r\n"),
            Body::Binary => false,
        })
    }
}

/// Returns whether Git takes the content for binary.
pub fn is_binary(bytes: &[u8]) -> bool {
    bytes[..bytes.len().min(8000)].contains(&0)
}
