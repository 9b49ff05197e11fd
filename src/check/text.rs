//! The files that are judged as text.

use crate::files::{Files, FilesError};

/// No file that is judged is larger; a larger one is not read as text.
pub const LARGEST: u64 = 1 << 20;

/// What reading a file gives.
pub(crate) enum Text {
    Read(String),
    Absent,
    /// Why.
    NotJudged(String),
}

/// Returns the text of a file.
pub(crate) fn read(files: &dyn Files, path: &str) -> Text {
    let why = match files.read(path) {
        Ok(Some(bytes)) if bytes.len() as u64 > LARGEST => "it is too large".to_owned(),
        Ok(Some(bytes)) => match String::from_utf8(bytes) {
            Ok(text) => return Text::Read(text),
            Err(_) => "it is not UTF-8".to_owned(),
        },
        Ok(None) => return Text::Absent,
        Err(error) => error.reason,
    };
    Text::NotJudged(why)
}

/// A file that a linter reads.
pub(super) struct TextFile {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) language: Language,
    pub(super) mode: Mode,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Python,
    /// A README in reStructuredText.
    Readme,
    /// Text of which the linters judge nothing but the mode.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    Plain,
    Executable,
}

/// Returns what a linter would read at the path; `None` where none judges it.
pub(super) fn of_linters(
    files: &dyn Files,
    path: &str,
) -> Result<Option<(Language, Mode)>, FilesError> {
    let language = match path.rsplit_once('.').map(|(_, extension)| extension) {
        Some("py") => Language::Python,
        Some("rst") if path.contains("/README") => Language::Readme,
        Some("rst" | "yaml" | "yml") => Language::Other,
        _ => return Ok(None),
    };
    let mode = match files.mode(path)? {
        0o100_755 => Mode::Executable,
        _ => Mode::Plain,
    };
    let is_judged = language != Language::Other || mode == Mode::Executable;
    Ok(is_judged.then_some((language, mode)))
}
