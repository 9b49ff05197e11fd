//! As much of Jinja2 as can be judged without rendering: where its signs stand, which names they
//! need, and the text without them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// A template.
#[derive(Debug)]
pub(super) struct Template<'t> {
    text: &'t str,
    pieces: Vec<Piece>,
    /// Where the lines end.
    ends: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Piece {
    kind: Kind,
    /// The whole, signs included.
    all: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Output,
    Statement,
    Comment,
}

/// Stands for what Rally would put there.
pub(super) const UNKNOWN: &str = "jinja2_value";

/// Statements after which the text cannot be told without rendering.
const BEYOND_US: [&str; 8] = [
    "include", "import", "from", "extends", "block", "macro", "call", "raw",
];

/// Words of expressions that are no names.
const WORDS: [&str; 15] = [
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

impl<'t> Template<'t> {
    /// Returns the template; `None` where a sign is not closed.
    pub(super) fn parse(text: &'t str) -> Option<Template<'t>> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find('{').map(|n| at + n) {
            let (kind, close) = match text.as_bytes()[open..].get(1) {
                Some(b'{') => (Kind::Output, "}}"),
                Some(b'%') => (Kind::Statement, "%}"),
                Some(b'#') => (Kind::Comment, "#}"),
                _ => {
                    at = open + 1;
                    continue;
                }
            };
            let end = end_of(text, open + 2, close, kind)?;
            let all = open..end;
            pieces.push(Piece { kind, all });
            at = end;
        }
        let ends = text.match_indices('\n').map(|(at, _)| at).collect();
        Some(Template { text, pieces, ends })
    }

    /// Returns the statement that only a real Jinja2 can follow, if there is one.
    pub(super) fn beyond_us(&self) -> Option<&str> {
        self.statements()
            .map(|(word, _)| word)
            .find(|word| BEYOND_US.contains(word))
    }

    /// Returns the text with [`UNKNOWN`] for every output and nothing for the rest; the lines
    /// keep their numbers.
    pub(super) fn without_jinja(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for piece in &self.pieces {
            out.push_str(&self.text[at..piece.all.start]);
            if piece.kind == Kind::Output {
                out.push_str(UNKNOWN);
            }
            let inside = &self.text[piece.all.clone()];
            out.extend(inside.chars().filter(|c| *c == '\n'));
            at = piece.all.end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    /// Returns the lines that are there only on a condition.
    pub(super) fn conditional(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        for (word, piece) in self.statements() {
            match word {
                "if" => open.push(piece.all.start),
                "endif" => {
                    if let Some(start) = open.pop().filter(|_| open.is_empty()) {
                        found.push(self.line(start)..self.line(piece.all.end) + 1);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Returns what stands in outputs and statements, with its line.
    pub(super) fn insides(&self) -> impl Iterator<Item = (usize, &str)> {
        let pieces = self.pieces.iter().filter(|p| p.kind != Kind::Comment);
        pieces.map(|p| (self.line(p.all.start), &self.text[p.all.clone()]))
    }

    /// Returns the variables, and the lines that need them, for which Rally refuses the task.
    ///
    /// The rule is that of Rally's `render_template`: a name without a value, unless the text has
    /// `{% set name = name ..` or `name | default(`. A name that is set somewhere else in the
    /// text counts as having a value.
    pub(super) fn undeclared(&self) -> BTreeMap<&str, usize> {
        let mut needed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut targets: BTreeSet<&str> = BTreeSet::new();
        for piece in self.pieces.iter().filter(|p| p.kind != Kind::Comment) {
            let names = names(self.inside(piece), piece.kind == Kind::Statement);
            let own: Vec<&str> = names.targets;
            for (name, at) in names.loads {
                let line = self.line(piece.all.start + 2 + at);
                // a loop's own targets, and what was set before
                let has_value = targets.contains(name) || (names.is_loop && own.contains(&name));
                if !has_value {
                    needed.entry(name).or_insert(line);
                }
            }
            targets.extend(own);
        }
        let later: BTreeSet<&str> = self.set_without_itself();
        needed.retain(|name, _| {
            !later.contains(name)
                && !BUILT_IN.split_whitespace().any(|known| known == *name)
                && !self.excused(name)
        });
        needed
    }

    /// Returns the names that a statement sets without needing them.
    fn set_without_itself(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        for piece in self.pieces.iter().filter(|p| p.kind == Kind::Statement) {
            let names = names(self.inside(piece), true);
            let needs = |name: &str| names.loads.iter().any(|(load, _)| *load == name);
            let free = names.targets.iter().filter(|t| names.is_loop || !needs(t));
            found.extend(free.copied());
        }
        found
    }

    /// Returns whether Rally takes the text to give the name a default.
    fn excused(&self, name: &str) -> bool {
        let set = format!(r"\{{%\s*set\s+{name}\s*=\s*{name}[^\w]+");
        let default = format!(r"{name}\s*\|\s*default\(");
        [set, default].iter().any(|pattern| {
            regex_lite::Regex::new(pattern).is_ok_and(|regex| regex.is_match(self.text))
        })
    }

    fn statements(&self) -> impl Iterator<Item = (&str, &Piece)> {
        let pieces = self.pieces.iter().filter(|p| p.kind == Kind::Statement);
        pieces.map(|piece| {
            let word = self.inside(piece).trim_start_matches(['-', '+']);
            let word = word.split_whitespace().next().unwrap_or_default();
            (word, piece)
        })
    }

    fn inside(&self, piece: &Piece) -> &'t str {
        let all = &self.text[piece.all.clone()];
        &all[2..all.len() - 2]
    }

    fn line(&self, at: usize) -> usize {
        1 + self.ends.partition_point(|end| *end < at)
    }
}

/// Returns the place after the closing sign; quotes hide it, but not in a comment.
fn end_of(text: &str, from: usize, close: &str, kind: Kind) -> Option<usize> {
    if kind == Kind::Comment {
        return text[from..].find(close).map(|n| from + n + close.len());
    }
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'"' | b'\'') => at = end_of_string(bytes, at, quote)?,
            _ if bytes[at..].starts_with(close.as_bytes()) => return Some(at + close.len()),
            _ => at += 1,
        }
    }
    None
}

fn end_of_string(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let mut at = from + 1;
    loop {
        match bytes.get(at)? {
            b'\\' => at += 2,
            b if *b == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

#[derive(Default)]
struct Names<'t> {
    /// Names that need a value, and where.
    loads: Vec<(&'t str, usize)>,
    /// Names that get one.
    targets: Vec<&'t str>,
    is_loop: bool,
}

/// Returns the names of an expression or a statement.
fn names(inside: &str, is_statement: bool) -> Names<'_> {
    let words = words(inside);
    let mut found = Names::default();
    let mut rest = words.as_slice();
    if is_statement {
        let Some(first) = rest.first() else {
            return found;
        };
        rest = &rest[1..];
        match first.text {
            "for" => {
                found.is_loop = true;
                let end = rest.iter().position(|w| w.text == "in");
                let end = end.unwrap_or(rest.len());
                found.targets = rest[..end].iter().map(|w| w.text).collect();
                rest = &rest[end..];
            }
            "set" | "with" => {
                let is_block = !inside.contains('=');
                let targets = rest.iter().filter(|w| w.is_assigned || is_block);
                found.targets = targets.map(|w| w.text).collect();
                if is_block {
                    return found;
                }
                // `{% set a, b = 1, 2 %}`
                let first = rest.iter().position(|w| w.is_assigned).unwrap_or(0);
                found.targets.extend(rest[..first].iter().map(|w| w.text));
                rest = &rest[first..];
            }
            "if" | "elif" | "do" => {}
            _ => return found,
        }
    }
    let needs = |w: &&Word<'_>| !w.is_assigned && !w.is_part && !WORDS.contains(&w.text);
    found.loads = rest.iter().filter(needs).map(|w| (w.text, w.at)).collect();
    found
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
    let is_word = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b >= 0x80;
    let mut found: Vec<Word<'_>> = Vec::new();
    let mut before = b' ';
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        match bytes[at] {
            quote @ (b'"' | b'\'') => {
                at = end_of_string(bytes, at, quote).unwrap_or(bytes.len());
                before = quote;
            }
            b if is_word(b) => {
                while at < bytes.len() && is_word(bytes[at]) {
                    at += 1;
                }
                if !b.is_ascii_digit() {
                    let follows = text[at..].trim_start();
                    let after_is = found.last().is_some_and(|w| {
                        w.text == "is"
                            || (w.text == "not"
                                && found.len() > 1
                                && found[found.len() - 2].text == "is")
                    });
                    found.push(Word {
                        text: &text[start..at],
                        at: start,
                        is_part: matches!(before, b'.' | b'|') || (after_is && before != b'('),
                        is_assigned: follows.starts_with('=') && !follows.starts_with("=="),
                    });
                }
                before = b'a';
            }
            b => {
                if !b.is_ascii_whitespace() {
                    before = b;
                }
                at += 1;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn undeclared(text: &str) -> Vec<(&str, usize)> {
        Box::leak(Box::new(Template::parse(text).expect("a template")))
            .undeclared()
            .into_iter()
            .collect()
    }

    #[test]
    fn names_without_a_value_are_found() {
        assert_eq!(undeclared("a\nb: {{ image }}"), [("image", 2)]);
        assert_eq!(undeclared("{% if smoke %}\n{% endif %}"), [("smoke", 1)]);
        assert_eq!(
            undeclared("{% for x in many %}{{ x }}{% endfor %}"),
            [("many", 1)]
        );
        assert_eq!(undeclared("{{ x | d(1) }}"), [("x", 1)]);
        // Rally looks for `{% set`, so the dash loses the default
        assert_eq!(undeclared("{%- set x = x or 1 %}{{ x }}"), [("x", 1)]);
        assert_eq!(undeclared("{{ f(a=b) }}"), [("b", 1), ("f", 1)]);
    }

    #[test]
    fn names_with_a_value_are_not() {
        for text in [
            "{% set x = x or 1 %}{{ x }}",
            "{% set x = 1 %}{{ x }}",
            "{%- set x = 1 -%}{{ x.y[0] }}",
            "{{ x | default(3) }}",
            "{{ [x | default(3), y|default( 4)] | min }}",
            "{% for a, b in [(1, 2)] %}{{ a }}{{ b }}{{ loop.index }}{% endfor %}",
            "{{ range(3) }} {{ 'x' }} {{ 1 if true else none }} {{ 2 is not divisibleby 3 }}",
            "{# {{ x }} #}",
            "{% set a, b = 1, 2 %}{{ a }}{{ b }}",
            "{% set x %}text{% endset %}{{ x }}",
        ] {
            assert_eq!(undeclared(text), [], "{text}");
        }
    }

    #[test]
    fn the_lines_keep_their_numbers() {
        let template = Template::parse("{% for a in\n [1] %}\nx: {{ a\n}}\n{# \n #}y: 1\n");
        let text = template.expect("a template").without_jinja();
        assert_eq!(text, "\n\nx: jinja2_value\n\n\ny: 1\n");
    }

    #[test]
    fn conditions_are_ranges_of_lines() {
        let text = "a\n{% if x %}\nb\n{% if y %}{% endif %}\n{% endif %}\nc";
        let template = Template::parse(text).expect("a template");
        assert_eq!(template.conditional().first(), Some(&(2..6)));
    }

    #[test]
    fn what_is_not_closed_is_no_template() {
        assert!(Template::parse("{{ x").is_none());
        assert!(Template::parse("{% set x = '%}").is_none());
        assert!(Template::parse("{ x } {").is_some());
    }
}
