//! Files that people ask for: as a whole or not at all, and over another only if they say so.

use std::io::{self, Write};
use std::path::Path;

use crate::remedy::{Refusal, Remedy};

/// Why a file is not written.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("`{file}` exists already")]
    Exists {
        file: String,
        /// The command that overwrites it.
        again: String,
    },
    #[error("`{0}` exists and is no regular file")]
    NotRegular(String),
    #[error("cannot write `{file}`")]
    Write { file: String, source: io::Error },
}

impl Remedy for FileError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            FileError::Exists { .. } | FileError::NotRegular(_) => Some(Refusal::InTheWay),
            FileError::Write { .. } => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            FileError::Exists { again, .. } => format!("overwrite it: {again}"),
            FileError::NotRegular(_) => "write to another file".to_owned(),
            FileError::Write { .. } => {
                "write to a folder that exists and that you can write to".to_owned()
            }
        }
    }
}

/// Writes a new file, as a whole or not at all; returns its name. `again` is the command that
/// overwrites one.
pub(super) fn create(file: &Path, text: &str, again: String) -> Result<String, FileError> {
    if file.symlink_metadata().is_ok() && !is_regular(file) {
        return Err(FileError::NotRegular(file.display().to_string()));
    }
    match full_draft(file, text)?.persist_noclobber(file) {
        Ok(_) => Ok(file.display().to_string()),
        Err(e) if e.error.kind() == io::ErrorKind::AlreadyExists => {
            let file = file.display().to_string();
            Err(FileError::Exists { file, again })
        }
        Err(e) => Err(failed(file, e.error)),
    }
}

/// Writes a file over the one that exists, as a whole or not at all; returns its name.
pub(super) fn overwrite(file: &Path, text: &str) -> Result<String, FileError> {
    // A rename over a device, a pipe or a link would put a file in its place: `/dev/null`, for one.
    if file.symlink_metadata().is_ok() && !is_regular(file) {
        return Err(FileError::NotRegular(file.display().to_string()));
    }
    match full_draft(file, text)?.persist(file) {
        Ok(_) => Ok(file.display().to_string()),
        Err(e) => Err(failed(file, e.error)),
    }
}

fn is_regular(file: &Path) -> bool {
    file.symlink_metadata().is_ok_and(|data| data.is_file())
}

/// Returns a temporary file with the text, beside `file`, with the mode of an ordinary new file.
fn full_draft(file: &Path, text: &str) -> Result<tempfile::NamedTempFile, FileError> {
    let dir = match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".git-rally-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The umask applies, as for every new file.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    let written = builder.tempfile_in(dir).and_then(|mut draft| {
        draft.write_all(text.as_bytes())?;
        Ok(draft)
    });
    written.map_err(|error| failed(file, error))
}

fn failed(file: &Path, source: io::Error) -> FileError {
    FileError::Write {
        file: file.display().to_string(),
        source,
    }
}
