//! Git's own files, read. Whoever made the clone may have put a pipe or a device in the place of
//! one, or let the configuration include it.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::path::Path;

/// Bytes that something else than a regular file may give; `/dev/null`, which people set for a
/// configuration, gives none.
const MOST: u64 = 1 << 20;

/// Returns the content of a file.
///
/// A pipe is refused where git would wait for it, and so is a device that does not end.
pub(super) fn bytes(path: &Path) -> io::Result<Vec<u8>> {
    let data = fs::metadata(path)?;
    if data.is_file() || data.is_dir() {
        return fs::read(path);
    }
    let refused = |reason| Err(io::Error::new(ErrorKind::InvalidInput, reason));
    // The shell's `<(COMMAND)` is a pipe, too.
    let is_of_system = path.starts_with("/dev") || path.starts_with("/proc");
    if is_pipe(&data) && !is_of_system {
        return refused("it is a pipe and not a file");
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST {
        true => refused("it is a device and not a file"),
        false => Ok(bytes),
    }
}

/// Returns the same as text.
pub(super) fn text(path: &Path) -> io::Result<String> {
    String::from_utf8(bytes(path)?).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

#[cfg(unix)]
fn is_pipe(data: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    data.file_type().is_fifo()
}

#[cfg(not(unix))]
fn is_pipe(_: &Metadata) -> bool {
    false
}
