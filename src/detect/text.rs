//! Reads the files that the signals come from.

use super::error::DetectError;
use crate::files::Files;
use crate::ini::IniError;

/// Returns the file as text; an error names the line of the first byte that is not UTF-8.
pub(super) fn text(files: &dyn Files, path: &str) -> Result<Option<String>, DetectError> {
    let Some(bytes) = files.read(path)? else {
        return Ok(None);
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        DetectError::Malformed {
            path: path.to_owned(),
            line: Lines::of(error.as_bytes()).at(valid),
            problem: "not UTF-8".to_owned(),
        }
    })
}

/// Where the lines of a text begin, so that many places cost no more than one walk over it.
pub(super) struct Lines(Vec<usize>);

impl Lines {
    pub(super) fn of(text: &[u8]) -> Lines {
        let ends = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
        Lines(ends.map(|(at, _)| at).collect())
    }

    /// Returns the line, counted from 1, of the byte at `offset`.
    pub(super) fn at(&self, offset: usize) -> usize {
        1 + self.0.partition_point(|end| *end < offset)
    }
}

pub(super) fn malformed(path: &str, error: &IniError) -> DetectError {
    DetectError::Malformed {
        path: path.to_owned(),
        line: error.line,
        problem: error.problem.to_string(),
    }
}
