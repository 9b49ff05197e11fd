//! From a line of the rendered text to the line of the template.

use super::tags::{CLOSE, OPEN};

/// The line of the template for each line of the rendered text.
#[derive(Debug)]
pub(super) struct Lines {
    /// `None`: they are the same.
    template: Option<Vec<usize>>,
}

impl Lines {
    /// Returns lines that are the same.
    pub(super) fn same() -> Lines {
        Lines { template: None }
    }

    /// Returns the lines by what a marked template renders to. Where that is another text, because
    /// the template looks at its own output, lines count as the same.
    pub(super) fn of(marked: Option<&str>, rendered: &str) -> Lines {
        let found = marked.and_then(|marked| {
            let (text, lines) = read(marked)?;
            (text == rendered).then_some(lines)
        });
        Lines { template: found }
    }

    /// Both from 1.
    pub(super) fn of_template(&self, rendered: usize) -> usize {
        let Some(lines) = &self.template else {
            return rendered;
        };
        let known = lines.get(rendered.saturating_sub(1)).or(lines.last());
        known.copied().unwrap_or(rendered)
    }
}

/// Returns the text without marks, and the line that each of its lines is marked with; a line
/// without a mark has that of the line before.
fn read(marked: &str) -> Option<(String, Vec<usize>)> {
    let mut text = String::with_capacity(marked.len());
    let (mut lines, mut last) = (Vec::new(), 1);
    for line in marked.split_inclusive('\n') {
        let mut own = None;
        let mut rest = line;
        while let Some((before, after)) = rest.split_once(OPEN) {
            let (number, after) = after.split_once(CLOSE)?;
            own = own.or(number.parse().ok());
            text.push_str(before);
            rest = after;
        }
        text.push_str(rest);
        last = own.unwrap_or(last);
        lines.push(last);
    }
    Some((text, lines))
}
