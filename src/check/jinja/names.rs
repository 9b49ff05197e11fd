//! The names that a tag needs and sets.

use std::collections::BTreeSet;

use super::end_of_string;

/// Words of expressions that are no names.
const KEYWORDS: [&str; 15] = [
    "and",
    "or",
    "not",
    "in",
    "is",
    "if",
    "else",
    "true",
    "false",
    "none",
    "True",
    "False",
    "None",
    "recursive",
    "loop",
];

/// Names that every template has: Jinja2's globals, Rally's functions and Python's built-ins, of
/// which only those are left out that no task could use.
const BUILT_IN: &str = "range dict lipsum cycler joiner namespace min max round ceil abs all any \
    ascii bin bool bytearray bytes callable chr classmethod compile complex copyright credits \
    delattr dir divmod enumerate eval exec exit filter float format frozenset getattr globals \
    hasattr hash help hex id input int isinstance issubclass iter len license list locals map \
    memoryview next object oct open ord pow print property quit repr reversed set setattr slice \
    sorted staticmethod str sum super tuple type vars zip self caller varargs kwargs";

/// Returns whether every template has the name.
pub(super) fn is_built_in(name: &str) -> bool {
    BUILT_IN.split_whitespace().any(|known| known == name)
}

/// The names of one tag.
#[derive(Default)]
pub(super) struct Names<'t> {
    /// Names that need a value, and where.
    loads: Vec<(&'t str, usize)>,
    /// Names that get one.
    pub(super) targets: BTreeSet<&'t str>,
    is_loop: bool,
}

impl<'t> Names<'t> {
    pub(super) fn of_expression(inside: &'t str) -> Names<'t> {
        Names {
            loads: loads(&words(inside)),
            ..Names::default()
        }
    }

    pub(super) fn of_statement(inside: &'t str) -> Names<'t> {
        let words = words(inside);
        let Some((statement, rest)) = words.split_first() else {
            return Names::default();
        };
        match statement.text {
            "for" => Names::of_loop(rest),
            "set" | "with" if inside.contains('=') => Names::of_assignment(rest),
            // `{% set a %}text{% endset %}`
            "set" | "with" => Names {
                targets: texts(rest).collect(),
                ..Names::default()
            },
            "if" | "elif" | "do" => Names {
                loads: loads(rest),
                ..Names::default()
            },
            _ => Names::default(),
        }
    }

    fn of_loop(rest: &[Word<'t>]) -> Names<'t> {
        let end = rest.iter().position(|word| word.text == "in");
        let (targets, rest) = rest.split_at(end.unwrap_or(rest.len()));
        Names {
            loads: loads(rest),
            targets: texts(targets).collect(),
            is_loop: true,
        }
    }

    /// `{% set a = 1 %}`, and `{% set a, b = 1, 2 %}`.
    fn of_assignment(rest: &[Word<'t>]) -> Names<'t> {
        let first = rest.iter().position(|word| word.is_assigned).unwrap_or(0);
        let (unpacked, rest) = rest.split_at(first);
        let assigned = rest.iter().filter(|word| word.is_assigned);
        Names {
            loads: loads(rest),
            targets: assigned
                .map(|word| word.text)
                .chain(texts(unpacked))
                .collect(),
            is_loop: false,
        }
    }

    /// Returns the names that need a value, and where, beside those that are `set`: a loop's own
    /// targets have one.
    pub(super) fn without_value<'a>(
        &'a self,
        set: &'a BTreeSet<&'t str>,
    ) -> impl Iterator<Item = (&'t str, usize)> {
        let has_value =
            |name: &str| set.contains(name) || (self.is_loop && self.targets.contains(name));
        let loads = self.loads.iter().copied();
        loads.filter(move |(name, _)| !has_value(name))
    }

    /// Returns the names that the tag sets and does not need.
    pub(super) fn targets_without_themselves(&self) -> impl Iterator<Item = &'t str> {
        let needed: BTreeSet<&str> = match self.is_loop {
            true => BTreeSet::new(),
            false => self.loads.iter().map(|(name, _)| *name).collect(),
        };
        let targets = self.targets.iter().copied();
        targets.filter(move |name| !needed.contains(name))
    }
}

fn texts<'t>(words: &[Word<'t>]) -> impl Iterator<Item = &'t str> {
    words.iter().map(|word| word.text)
}

fn loads<'t>(words: &[Word<'t>]) -> Vec<(&'t str, usize)> {
    let needs_value =
        |word: &&Word<'_>| !word.is_assigned && !word.is_part && !KEYWORDS.contains(&word.text);
    let names = words.iter().filter(needs_value);
    names.map(|word| (word.text, word.at)).collect()
}

struct Word<'t> {
    text: &'t str,
    at: usize,
    /// An attribute, a filter or a test.
    is_part: bool,
    /// `=` follows.
    is_assigned: bool,
}

/// Returns the words outside strings.
fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut found: Vec<Word<'_>> = Vec::new();
    let mut before = b' ';
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let start = at;
        at = match byte {
            b'"' | b'\'' => end_of_string(bytes, at, byte).unwrap_or(bytes.len()),
            _ if is_of_word(byte) => end_of_word(bytes, at),
            _ => at + 1,
        };
        if is_of_word(byte) && !byte.is_ascii_digit() {
            let follows = text[at..].trim_start();
            found.push(Word {
                text: &text[start..at],
                at: start,
                is_part: matches!(before, b'.' | b'|') || (before != b'(' && is_test(&found)),
                is_assigned: follows.starts_with('=') && !follows.starts_with("=="),
            });
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    found
}

fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

fn end_of_word(bytes: &[u8], from: usize) -> usize {
    let end = bytes[from..].iter().position(|byte| !is_of_word(*byte));
    end.map_or(bytes.len(), |n| from + n)
}

/// Returns whether the next word is a test: `is` or `is not` is before it.
fn is_test(before: &[Word<'_>]) -> bool {
    match before {
        [.., last] if last.text == "is" => true,
        [.., is, last] => is.text == "is" && last.text == "not",
        _ => false,
    }
}
