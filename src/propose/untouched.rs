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
            false => drop(edits.0.insert(path.to_owned(), without_common_ends(file))),
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

/// Returns the change of the lines between the first that changes and the last: a Zuul configuration
/// is long, and the job is short.
fn without_common_ends(file: &FileChange) -> FileChange {
    let mut file = file.clone();
    let (Some(before), Some(after)) = (&mut file.before, &mut file.after) else {
        return file;
    };
    let is_end = |byte: &u8| *byte == b'\n';
    let same = |(a, b): &(&u8, &u8)| a == b;
    let start = before.iter().zip(after.iter()).take_while(same).count();
    let start = before[..start]
        .iter()
        .rposition(is_end)
        .map_or(0, |at| at + 1);
    before.drain(..start);
    after.drain(..start);
    let pairs = before.iter().rev().zip(after.iter().rev());
    let end = pairs.take_while(same).count();
    let begins = |bytes: &[u8]| bytes.len() == end || is_end(&bytes[bytes.len() - end - 1]);
    let behind = &before[before.len() - end..];
    let end = match begins(before) && begins(after) {
        true => end,
        // A part of a line is no whole one.
        false => behind.iter().position(is_end).map_or(0, |at| end - at - 1),
    };
    before.truncate(before.len() - end);
    after.truncate(after.len() - end);
    file
}

fn is_rendered(file: &FileChange, wrote: &Wrote) -> Result<bool, GitError> {
    match &file.after {
        Some(bytes) if file.mode == 0o100_644 => {
            Ok(wrote.has_file(&git::blob_id(bytes)?.to_string()))
        }
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::Reason;

    #[test]
    fn whole_lines_at_both_ends_are_no_change() {
        for (before, after, left, right) in [
            ("a\nb\nc\n", "a\nx\nc\n", "b\n", "x\n"),
            ("a\nb\nc\n", "a\nb\nx\nc\n", "", "x\n"),
            ("a\na\n", "a\na\na\n", "", "a\n"),
            ("ab\n", "ac\n", "ab\n", "ac\n"),
            ("ab\n", "b\n", "ab\n", "b\n"),
            ("a\nb", "a\nb\n", "b", "b\n"),
            ("a", "b\na", "", "b\n"),
            ("", "a\n", "", "a\n"),
            ("a\n", "a\n", "", ""),
        ] {
            let file = FileChange {
                before: Some(before.into()),
                after: Some(after.into()),
                mode: 0o100_644,
                reason: Reason::New,
            };
            let cut = without_common_ends(&file);
            assert_eq!(cut.before, Some(left.into()), "{before:?} {after:?}");
            assert_eq!(cut.after, Some(right.into()), "{before:?} {after:?}");
        }
    }
}
