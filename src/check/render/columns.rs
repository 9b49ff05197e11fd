//! From a column of the rendered text to the column of the template.

use std::cell::OnceCell;

/// Where the lines of a text begin, so that none is found by a scan.
#[derive(Debug, Default)]
pub(in crate::check) struct Rows(OnceCell<Vec<usize>>);

impl Rows {
    /// Returns the line, from 1, without its end. The text is always the same.
    pub(in crate::check) fn row<'t>(&self, text: &'t str, line: usize) -> Option<&'t str> {
        let starts = self.0.get_or_init(|| {
            let ends = text.match_indices('\n').map(|(at, _)| at + 1);
            std::iter::once(0).chain(ends).collect()
        });
        let from = *starts.get(line.checked_sub(1)?)?;
        let to = starts.get(line).copied().unwrap_or(text.len());
        text.get(from..to)
            .map(|row| row.trim_end_matches(['\n', '\r']))
    }
}

/// Returns the column of a template's line that a column of the rendered line comes from, both in
/// characters, from 1; `None` where that cannot be told.
///
/// What is before the first tag of a line is in both; behind it, the word of the rendered line
/// tells, if the template's line has it once.
pub(super) fn column(rendered: &str, column: usize, template: &str) -> Option<usize> {
    let at = rendered.char_indices().nth(column.checked_sub(1)?);
    let at = at.map_or(rendered.len(), |(at, _)| at);
    if template.get(..at) == Some(&rendered[..at]) {
        return Some(column);
    }
    let word = rendered[at..].split([' ', ',', '}', ']']).next()?;
    let mut found = template.match_indices(word).filter(|_| !word.is_empty());
    let (place, _) = found.next()?;
    let is_once = found.next().is_none();
    is_once.then(|| template[..place].chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_the_template() {
        for (rendered, at, template, expected) in [
            ("  a: 1", 3, "  a: 1", Some(3)),
            ("  a: 1", 6, "  a: {{ x }}", Some(6)),
            ("  a: 1, b: 2", 9, "  a: {{ x }}, b: 2", Some(15)),
            ("  a: 1, b: 2", 9, "  a: {{ b }}, b: {{ b }}", None),
            ("  ä: 1, b: 2", 9, "  ä: {{ x }}, b: 2", Some(15)),
            ("x", 9, "{{ x }}", None),
            ("", 1, "", Some(1)),
        ] {
            assert_eq!(column(rendered, at, template), expected, "{template} {at}");
        }
    }

    #[test]
    fn rows_are_without_their_ends() {
        let rows = Rows::default();
        let found: Vec<_> = (0..5).map(|line| rows.row("a\r\n\nb", line)).collect();
        assert_eq!(found, [None, Some("a"), Some(""), Some("b"), None]);
    }
}
