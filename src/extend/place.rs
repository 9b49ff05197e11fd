//! Where the lines go in: in the template, behind what its last item is rendered from.

use std::ops::Range;

use super::Obstacle;
use super::style::Style;
use crate::check::{Task, open_block};
use crate::yaml::lines;

/// Returns the byte of the template before which the lines go in: the start of a line, or the end
/// of the text. Behind comments that belong to the last item, and behind the end of a block of
/// Jinja2 that it is in.
pub(super) fn behind(
    task: &Task<'_>,
    text: &str,
    style: &Style,
) -> Result<usize, (usize, Obstacle)> {
    let content = task.rendered()[..style.end].trim_end_matches(['\n', '\r']);
    let mut at = 0;
    for _ in 0..task.line(content.matches('\n').count() + 1) {
        at = lines::next_line(text, at);
    }
    // of a block scalar, blank lines are content, too
    let kept = &task.rendered()[content.len()..style.end];
    for _ in 1..kept.matches('\n').count() {
        at = lines::next_line(text, at);
    }
    loop {
        let next = lines::next_line(text, at);
        let column = lines::comment_column(text[at..next].trim_end());
        match open_block(&text[..at]) {
            Some(_) if at == text.len() => return Err((style.line, Obstacle::Block)),
            None if column.is_none_or(|column| column <= style.column) => return Ok(at),
            _ => at = next,
        }
    }
}

/// Returns the text with the lines, with its own line breaks, and which of its bytes are new.
pub(super) fn insert(text: &str, at: usize, new: &str) -> (String, Range<usize>) {
    let line_break = lines::line_break(text, at);
    let mut after = text[..at].to_owned();
    let start = after.len();
    if !after.is_empty() && !after.ends_with('\n') {
        after.push_str(line_break);
    }
    after.push_str(&new.replace('\n', line_break));
    let inserted = start..after.len();
    after.push_str(&text[at..]);
    (after, inserted)
}
