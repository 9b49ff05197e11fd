//! The merge of YAML: by structure where it is understood, else by lines.

use super::edit;
use super::outer::Outer;
use super::parts::Parts;
use super::prove::proven;
use super::walk::{Unclear, walk};
use super::{Conflict, MergeLines, Merged, Sides, by_lines};
use crate::yaml::{Kind, parse};

/// Returns the merged text: theirs, with what differs between base and ours.
///
/// Where the structure does not tell (one of the texts is no YAML; an alias shares what would be
/// edited), lines do; they never make YAML of three texts that is none.
pub fn yaml(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<Merged, Vec<Conflict>> {
    if let Some(text) = sides.settled() {
        return Ok(Merged::plain(text));
    }
    let (plain, outer) = Outer::split(sides);
    let plain = plain.sides();
    let mut merged = match by_structure(&plain, lines) {
        Ok(merged) => merged?,
        Err(Unclear) => Merged {
            text: checked_lines(&plain, lines)?,
            kept: Vec::new(),
        },
    };
    merged.text = outer.put_back(merged.text);
    Ok(merged)
}

/// Merges parts of the texts. The outer error is that the structure does not tell.
pub(super) fn by_structure(
    sides: &Sides<'_>,
    lines: MergeLines<'_>,
) -> Result<Result<Merged, Vec<Conflict>>, Unclear> {
    let parts = |text| Parts::new(text).ok().flatten().ok_or(Unclear);
    let (base, theirs, ours) = (parts(sides.base)?, parts(sides.theirs)?, parts(sides.ours)?);
    if is_tied(&base) || is_tied(&ours) {
        return Err(Unclear);
    }
    let mut found = walk(&base, &theirs, &ours, lines)?;
    if !found.conflicts.is_empty() {
        return Ok(Err(found.conflicts));
    }
    let edits = std::mem::take(&mut found.edits);
    let text = edit::apply(sides.theirs, edits).ok_or(Unclear)?;
    if !proven(&text, &theirs, &ours, &found) {
        return Err(Unclear);
    }
    let kept = found.kept;
    Ok(Ok(Merged { text, kept }))
}

/// Returns whether one place of a text says something for another.
fn is_tied(parts: &Parts<'_>) -> bool {
    let mut nodes = parts.document.nodes();
    nodes.any(|node| {
        let data = node.data();
        data.anchor.is_some() || matches!(data.kind, Kind::Alias { .. }) || node.merges()
    })
}

fn checked_lines(sides: &Sides<'_>, lines: MergeLines<'_>) -> Result<String, Vec<Conflict>> {
    let text = by_lines(sides, lines)?;
    let was_yaml = [sides.base, sides.theirs, sides.ours]
        .iter()
        .all(|text| parse(text).is_ok());
    match was_yaml && parse(&text).is_err() {
        true => Err(vec![sides.conflict()]),
        false => Ok(text),
    }
}
