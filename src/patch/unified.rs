//! The change as `git diff --full-index` prints it.

use super::name::quoted;
use super::{Body, Diff, FileDiff};

/// Returns the whole change as a unified diff, equal to `git diff --full-index BASE COMMIT`.
///
/// The files' own bytes are kept, so the text is not UTF-8 where they are not.
pub fn unified(diff: &Diff) -> Vec<u8> {
    diff.files.iter().flat_map(file).collect()
}

/// Returns the part of one file.
pub(super) fn file(file: &FileDiff) -> Vec<u8> {
    let mut out = preamble(file).into_bytes();
    match &file.body {
        Body::Text(hunks) => out.extend(&hunks.text),
        Body::Binary => out.extend(binary(file).into_bytes()),
    }
    out
}

/// Returns the lines before the first hunk.
pub(super) fn preamble(file: &FileDiff) -> String {
    let head = header(file);
    match &file.body {
        Body::Text(hunks) if !hunks.text.is_empty() => {
            let (old, new) = names(file);
            format!("{head}--- {}\n+++ {}\n", tabbed(old), tabbed(new))
        }
        _ => head,
    }
}

/// Returns what stands for the hunks of a binary file.
pub(super) fn binary(file: &FileDiff) -> String {
    let (old, new) = names(file);
    format!("Binary files {old} and {new} differ\n")
}

const NO_BLOB: &str = "0000000000000000000000000000000000000000";

fn header(file: &FileDiff) -> String {
    let (a, b) = (quoted("a/", &file.path), quoted("b/", &file.path));
    let mode = file.mode;
    let old = file.old_id.as_deref().unwrap_or(NO_BLOB);
    let new = file.new_id.as_deref().unwrap_or(NO_BLOB);
    let (before, after) = match (&file.old_id, &file.new_id) {
        (None, _) => (format!("new file mode {mode:06o}\n"), String::new()),
        (_, None) => (format!("deleted file mode {mode:06o}\n"), String::new()),
        _ => (String::new(), format!(" {mode:06o}")),
    };
    format!("diff --git {a} {b}\n{before}index {old}..{new}{after}\n")
}

fn names(file: &FileDiff) -> (String, String) {
    let name = |id: &Option<String>, prefix| match id {
        Some(_) => quoted(prefix, &file.path),
        None => "/dev/null".to_owned(),
    };
    (name(&file.old_id, "a/"), name(&file.new_id, "b/"))
}

/// A name with a space is followed by a tab, so that `patch` sees where it ends.
fn tabbed(name: String) -> String {
    if name.contains(' ') {
        name + "\t"
    } else {
        name
    }
}
