//! The hunks of a change, as git's defaults make them: three lines of context, the Myers
//! algorithm, the indent heuristic.

use git2::{DiffOptions, Patch};

use super::{Failure, GitError, blob_id};
use crate::change::{ChangeSet, FileChange};
use crate::patch::{Body, Diff, FileDiff, Hunks, is_binary};

/// Returns what changes in every changed file; nothing is stored, no repository is needed.
///
/// The content alone counts: no attribute, and so no `diff=` driver, changes the hunks.
pub fn diff(change: &ChangeSet) -> Result<Diff, GitError> {
    let files = change.changed().map(|(path, file)| of_file(path, file));
    Ok(Diff {
        files: files.collect::<Result<_, _>>()?,
    })
}

fn of_file(path: &str, change: &FileChange) -> Result<FileDiff, GitError> {
    let id = |bytes: &Option<Vec<u8>>| match bytes {
        Some(bytes) => blob_id(bytes).map(|id| Some(id.to_string())),
        None => Ok(None),
    };
    let old = change.before.as_deref().unwrap_or_default();
    let new = change.after.as_deref().unwrap_or_default();
    let body = match is_binary(old) || is_binary(new) {
        true => Body::Binary,
        false => Body::Text(hunks(path, old, new)?),
    };
    Ok(FileDiff {
        old_id: id(&change.before)?,
        new_id: id(&change.after)?,
        path: path.to_owned(),
        mode: change.mode,
        body,
    })
}

fn hunks(path: &str, old: &[u8], new: &[u8]) -> Result<Hunks, Failure> {
    let failed = |e| Failure::during(format!("compare the versions of `{path}`"), e);
    let mut options = DiffOptions::new();
    options
        .context_lines(3)
        .interhunk_lines(0)
        .indent_heuristic(true)
        .force_text(true);
    let patch = Patch::from_buffers(old, None, new, None, Some(&mut options)).map_err(failed)?;
    let mut hunks = Hunks::default();
    for index in 0..patch.num_hunks() {
        let (head, lines) = patch.hunk(index).map_err(failed)?;
        hunks.text.extend(head.header());
        for line in 0..lines {
            let line = patch.line_in_hunk(index, line).map_err(failed)?;
            add_line(&mut hunks, line.origin(), line.content());
        }
    }
    Ok(hunks)
}

/// The lines about a missing line feed at the end come without a sign of their own.
fn add_line(hunks: &mut Hunks, origin: char, content: &[u8]) {
    match origin {
        '+' => hunks.added += 1,
        '-' => hunks.deleted += 1,
        _ => {}
    }
    if let ' ' | '+' | '-' = origin {
        hunks.text.push(origin as u8);
    }
    hunks.text.extend(content);
}
