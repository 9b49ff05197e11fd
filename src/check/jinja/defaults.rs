//! The names that Rally takes a template to give a default.

use std::collections::BTreeSet;
use std::ops::Bound;

use regex_lite::Regex;

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
            set: set(text).unwrap_or_default(),
            reversed: before_default(text).unwrap_or_default(),
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

fn set(text: &str) -> Option<BTreeSet<&str>> {
    let assignment = Regex::new(r"\{%\s*set\s+([^\s=]+)\s*=\s*").ok()?;
    let to_itself = assignment.captures_iter(text).filter_map(|found| {
        let name = found.get(1)?.as_str();
        let rest = text[found.get(0)?.end()..].strip_prefix(name)?;
        let is_whole = rest.starts_with(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        is_whole.then_some(name)
    });
    Some(to_itself.collect())
}

fn before_default(text: &str) -> Option<BTreeSet<String>> {
    let filter = Regex::new(r"\s*\|\s*default\(").ok()?;
    let is_of_word = |c: &char| c.is_ascii_alphanumeric() || *c == '_' || !c.is_ascii();
    let words = filter.find_iter(text).map(|found| {
        let before = text[..found.start()].chars().rev();
        before.take_while(is_of_word).collect()
    });
    Some(words.collect())
}
