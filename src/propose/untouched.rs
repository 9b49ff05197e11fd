//! Whether a commit is as git-rally made it, on whatever base it is now.

use crate::change::{ChangeSet, FileChange};
use crate::git::{self, BranchTip, GitError, Id, LocalClone};
use crate::message::{self, Provenance, Wrote};
use crate::patch::Body;

/// Returns whether nobody edited the files of the commit; a rebase is no edit.
pub(super) fn has_our_files(
    clone: &LocalClone<'_>,
    tree: Id,
    parent: Option<Id>,
    made: &Provenance,
) -> Result<bool, GitError> {
    if tree.to_string() == made.tree {
        return Ok(true);
    }
    let Some(wrote) = &made.wrote else {
        return Ok(false);
    };
    let change = clone.repo.change_of(tree, parent)?;
    Ok(wrote.edit == Some(edit_digest(&change, wrote)?))
}

/// Returns whether nobody edited subject and body of the commit.
pub(super) fn has_our_message(tip: &BranchTip, made: &Provenance) -> Result<bool, GitError> {
    let Some(digest) = made.wrote.as_ref().and_then(|wrote| wrote.message.as_ref()) else {
        return Ok(true);
    };
    let prose = message::prose(&tip.message);
    Ok(self::digest(prose.as_bytes())? == *digest)
}

/// Returns the digest of a text, as a run writes it down.
pub(super) fn digest(bytes: &[u8]) -> Result<String, GitError> {
    Ok(Wrote::digest(&git::blob_id(bytes)?.to_string()))
}

/// Returns the digest of what a change does: which files are there as they were rendered, and the
/// lines that it removes from others and adds to them. A rebase leaves all that as it is.
pub(super) fn edit_digest(change: &ChangeSet, wrote: &Wrote) -> Result<String, GitError> {
    let mut edits = ChangeSet::default();
    let mut lines = Vec::new();
    for (path, file) in change.changed() {
        match is_rendered(file, wrote)? {
            true => lines.extend(format!("{path}\n").into_bytes()),
            false => drop(edits.0.insert(path.to_owned(), file.clone())),
        }
    }
    for file in &git::diff(&edits)?.files {
        lines.extend(format!("{} {:o}\n", file.path, file.mode).into_bytes());
        match &file.body {
            Body::Text(hunks) => {
                let all = hunks.text.split_inclusive(|byte| *byte == b'\n');
                let changed = all.filter(|line| matches!(line.first(), Some(b'+' | b'-')));
                changed.for_each(|line| lines.extend(line));
            }
            Body::Binary => lines.extend(format!("{:?}\n", file.new_id).into_bytes()),
        }
    }
    digest(&lines)
}

fn is_rendered(file: &FileChange, wrote: &Wrote) -> Result<bool, GitError> {
    match &file.after {
        Some(bytes) if file.mode == 0o100_644 => {
            Ok(wrote.has_file(&git::blob_id(bytes)?.to_string()))
        }
        _ => Ok(false),
    }
}
