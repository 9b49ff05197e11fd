//! The configuration that Zuul does not read: further roots, and `.yml` files.

use super::config_file::ConfigFile;
use super::root::{Root, Shape};
use crate::files::{EntryKind, Files, FilesError, walk};
use crate::yaml::lines;

/// Configuration that Zuul does not read.
#[derive(Clone, Debug)]
pub struct Unread {
    pub path: String,
    /// The root that Zuul reads instead; `None` where the name alone keeps Zuul away.
    pub instead: Option<String>,
    /// Whether it speaks of Rally.
    pub of_rally: bool,
}

/// Returns what Zuul does not read beside the root.
pub(super) fn unread(files: &dyn Files, root: &Root) -> Result<Vec<Unread>, FilesError> {
    let mut found = Vec::new();
    for path in &root.ignored {
        let texts = below(files, path, &[".yaml", ".yml"])?;
        found.push(Unread {
            path: path.clone(),
            instead: Some(root.shape.path().to_owned()),
            of_rally: texts.iter().any(|(_, bytes)| speaks_of_rally(bytes)),
        });
    }
    let mut candidates = below(files, "zuul.yml", &[".yml"])?;
    candidates.extend(below(files, ".zuul.yml", &[".yml"])?);
    if let Shape::Directory(dir) = &root.shape {
        candidates.extend(below(files, dir, &[".yml"])?);
    }
    candidates.retain(|(path, bytes)| !root.left_out.has(path) && is_configuration(path, bytes));
    found.extend(candidates.into_iter().map(|(path, bytes)| Unread {
        path,
        instead: None,
        of_rally: speaks_of_rally(&bytes),
    }));
    Ok(found)
}

/// Returns whether a line that is no comment names Rally's jobs or their task.
pub(super) fn speaks_of_rally(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text
        .lines()
        .filter(|line| lines::comment_column(line).is_none());
    lines.any(|line| line.contains("rally_task") || line.contains("rally-task"))
}

/// Returns the regular files of these endings: those in the directory, or the file itself.
fn below(
    files: &dyn Files,
    path: &str,
    endings: &[&str],
) -> Result<Vec<(String, Vec<u8>)>, FilesError> {
    let paths = match files.kind(path)? {
        Some(EntryKind::Directory) => walk(files, path, usize::MAX, &mut |_| Ok(true))?.0,
        Some(kind) => vec![(path.to_owned(), kind)],
        None => Vec::new(),
    };
    let mut found = Vec::new();
    for (path, kind) in paths {
        if kind == EntryKind::File && endings.iter().any(|ending| path.ends_with(ending)) {
            found.extend(files.read(&path)?.map(|bytes| (path, bytes)));
        }
    }
    Ok(found)
}

/// Returns whether the file would be a job or a project's list for Zuul.
fn is_configuration(path: &str, bytes: &[u8]) -> bool {
    let kinds = ["job", "project", "project-template", "nodeset"];
    let file = ConfigFile::read(path, bytes);
    file.is_ok_and(|file| kinds.iter().any(|kind| file.items(kind).next().is_some()))
}
