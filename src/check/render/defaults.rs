//! The names that Rally takes a template to give a default.

use std::collections::BTreeSet;
use std::ops::Bound;

/// The names, after Rally's own regular expressions; each text is read once, however many names
/// somebody asks for.
pub(super) struct Defaults<'t> {
    /// Of `{% set name = name ..`.
    set: BTreeSet<&'t str>,
    /// What is before each `| default(`, from its end to its begin. A name counts that is at the
    /// end of such a word, because the expression has no word boundary.
    reversed: BTreeSet<String>,
}

impl<'t> Defaults<'t> {
    pub(super) fn of(text: &'t str) -> Defaults<'t> {
        Defaults {
            set: set_to_themselves(text),
            reversed: before_default(text),
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let reversed: String = name.chars().rev().collect();
        let from = (Bound::Included(reversed.as_str()), Bound::Unbounded);
        let mut longer = self.reversed.range::<str, _>(from);
        self.set.contains(name)
            || longer
                .next()
                .is_some_and(|word| word.starts_with(&reversed))
    }
}

fn set_to_themselves(text: &str) -> BTreeSet<&str> {
    let after = text.match_indices("{%").map(|(at, _)| &text[at + 2..]);
    after.filter_map(set_to_itself).collect()
}

/// Returns the name of ` set name = name` where more follows that is not of the name.
fn set_to_itself(text: &str) -> Option<&str> {
    let statement = text.trim_start_matches(is_space).strip_prefix("set")?;
    let assignment = statement
        .strip_prefix(is_space)?
        .trim_start_matches(is_space);
    let end = assignment.find(|c| is_space(c) || c == '=')?;
    let (name, rest) = assignment.split_at(end);
    let value = rest.trim_start_matches(is_space).strip_prefix('=')?;
    let follows = value.trim_start_matches(is_space).strip_prefix(name)?;
    let is_whole = follows.starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    is_whole.then_some(name)
}

fn before_default(text: &str) -> BTreeSet<String> {
    let is_of_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || !c.is_ascii();
    let pipes = text.match_indices('|').filter(|(at, _)| {
        let filter = text[at + 1..].trim_start_matches(is_space);
        filter.starts_with("default(")
    });
    let before = pipes.map(|(at, _)| text[..at].trim_end_matches(is_space));
    before
        .map(|before| before.chars().rev().take_while(is_of_word).collect())
        .collect()
}

fn is_space(c: char) -> bool {
    c.is_ascii_whitespace() || c == '\u{b}'
}
