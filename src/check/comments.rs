//! Comments in which somebody has said that a finding is known: `# git-rally: ignore[RULE]`, on the
//! line of the finding, or on lines of comments above it.

use super::finding::Finding;
use super::render::Rows;
use super::text::{self, Text};
use crate::files::Files;

/// Lines of comments above a finding that are looked at.
const MOST_ABOVE: usize = 20;

/// Longer lines have no comment that anybody reads.
const LONGEST: usize = 4000;

const SIGN: &str = "git-rally: ignore";

/// Drops what a comment says is known, and gives every other finding its column where only the line
/// is known.
///
/// A note on a whole file that cannot be read stays as it is.
pub(super) fn apply(findings: &mut Vec<Finding>, files: &dyn Files) {
    // of one file at a time: together they may be large
    let mut last = (String::new(), String::new(), Rows::default(), false);
    findings.sort_by(|a, b| a.path.cmp(&b.path));
    findings.retain_mut(|finding| {
        if last.0 != finding.path {
            let text = match text::read(files, &finding.path) {
                Text::Read(text) => text,
                Text::Absent | Text::NotJudged(_) => String::new(),
            };
            let has_signs = text.contains(SIGN);
            last = (finding.path.clone(), text, Rows::default(), has_signs);
        }
        let (_, text, rows, has_signs) = &last;
        let row = |line| rows.row(text, line);
        if *has_signs && is_known(finding, row) {
            return false;
        }
        if finding.column == 0 {
            let row = row(finding.line).unwrap_or_default();
            let indent = row.chars().take_while(|c| c.is_whitespace()).count();
            finding.column = match row.trim().is_empty() {
                true => 1,
                false => indent + 1,
            };
        }
        true
    });
}

/// Returns whether a comment names the finding's rule.
fn is_known<'t>(finding: &Finding, row: impl Fn(usize) -> Option<&'t str>) -> bool {
    if row(finding.line).is_some_and(|row| names(row, finding.rule.name)) {
        return true;
    }
    let mut above = (1..finding.line).rev().take(MOST_ABOVE).map_while(|line| {
        let row = row(line)?.trim_start();
        row.starts_with('#').then_some(row)
    });
    above.any(|row| names(row, finding.rule.name))
}

/// Returns whether the line ends in a comment that names the rule, or all rules.
fn names(row: &str, rule: &str) -> bool {
    if row.len() > LONGEST {
        return false;
    }
    let comment = row.find('#').map_or("", |at| &row[at..]);
    let Some((_, rest)) = comment.split_once(SIGN) else {
        return false;
    };
    let listed = rest.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    match listed {
        Some((rules, _)) => rules.split(',').any(|name| name.trim() == rule),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_rule() {
        for (row, is_named) in [
            ("a: 1  # git-rally: ignore[some-rule]", true),
            ("#git-rally: ignore[other, some-rule] because", true),
            ("# why; git-rally: ignore[some-rule]", true),
            ("# git-rally: ignore", false),
            ("# git-rally: ignore[]", false),
            ("# git-rally: ignore[some-rule-2]", false),
            ("a: 'git-rally: ignore[some-rule]'", false),
        ] {
            assert_eq!(names(row, "some-rule"), is_named, "{row}");
        }
    }
}
