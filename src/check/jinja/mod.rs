//! As much of Jinja2 as can be judged without rendering: where its tags are, which names they
//! need, and the text without them.

mod names;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::render::Defaults;
use names::Names;

/// A template.
#[derive(Debug)]
pub(super) struct Template<'t> {
    text: &'t str,
    tags: Vec<Tag>,
    line_ends: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Tag {
    kind: TagKind,
    /// Delimiters included.
    span: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TagKind {
    /// `{{ .. }}`
    Expression,
    /// `{% .. %}`
    Statement,
    /// `{# .. #}`
    Comment,
}

/// Stands for what Rally would put there.
pub(super) const UNKNOWN: &str = "jinja2_value";

/// Statements after which the text cannot be told without rendering.
const BEYOND_US: [&str; 8] = [
    "include", "import", "from", "extends", "block", "macro", "call", "raw",
];

impl<'t> Template<'t> {
    /// Returns the template; `None` where a tag is not closed.
    pub(super) fn parse(text: &'t str) -> Option<Template<'t>> {
        let mut tags = Vec::new();
        let mut at = 0;
        while let Some(open) = text[at..].find('{').map(|n| at + n) {
            let Some(kind) = TagKind::opened_by(&text[open..]) else {
                at = open + 1;
                continue;
            };
            at = end_of(text, open + 2, kind)?;
            tags.push(Tag {
                kind,
                span: open..at,
            });
        }
        Some(Template {
            text,
            tags,
            line_ends: text.match_indices('\n').map(|(at, _)| at).collect(),
        })
    }

    /// Returns the statement that only a real Jinja2 can follow, if there is one.
    pub(super) fn beyond_us(&self) -> Option<&str> {
        self.statements()
            .map(|(word, _)| word)
            .find(|word| BEYOND_US.contains(word))
    }

    /// Returns the text with [`UNKNOWN`] for every expression and nothing for the rest; the lines
    /// keep their numbers.
    pub(super) fn without_jinja(&self) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for tag in &self.tags {
            out.push_str(&self.text[at..tag.span.start]);
            if tag.kind == TagKind::Expression {
                out.push_str(UNKNOWN);
            }
            let inside = &self.text[tag.span.clone()];
            out.extend(inside.chars().filter(|c| *c == '\n'));
            at = tag.span.end;
        }
        out.push_str(&self.text[at..]);
        out
    }

    /// Returns the lines that are there only on a condition, in their order.
    pub(super) fn conditional(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut open = Vec::new();
        for (word, tag) in self.statements() {
            match word {
                "if" => open.push(tag.span.start),
                "endif" => {
                    if let Some(start) = open.pop().filter(|_| open.is_empty()) {
                        found.push(self.line(start)..self.line(tag.span.end) + 1);
                    }
                }
                _ => {}
            }
        }
        found
    }

    /// Returns expressions and statements, each with its line.
    pub(super) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let tags = self.tags.iter().filter(|tag| tag.kind != TagKind::Comment);
        tags.map(|tag| (self.line(tag.span.start), &self.text[tag.span.clone()]))
    }

    /// Returns the variables, and the lines that need them, for which Rally refuses the task.
    ///
    /// The rule is that of Rally's `render_template`: a name without a value, unless the text has
    /// `{% set name = name ..` or `name | default(`. A name that is set somewhere else in the
    /// text counts as having a value.
    pub(super) fn undeclared(&self) -> BTreeMap<&str, usize> {
        let mut needed: BTreeMap<&str, usize> = BTreeMap::new();
        let mut set: BTreeSet<&str> = BTreeSet::new();
        let mut set_without_itself: BTreeSet<&str> = BTreeSet::new();
        for tag in &self.tags {
            let names = match tag.kind {
                TagKind::Expression => Names::of_expression(self.inside(tag)),
                TagKind::Statement => Names::of_statement(self.inside(tag)),
                TagKind::Comment => continue,
            };
            for (name, at) in names.without_value(&set) {
                let line = self.line(tag.span.start + 2 + at);
                needed.entry(name).or_insert(line);
            }
            set_without_itself.extend(names.targets_without_themselves());
            set.extend(names.targets);
        }
        let defaults = Defaults::of(self.text);
        needed.retain(|name, _| {
            !set_without_itself.contains(name) && !names::is_built_in(name) && !defaults.has(name)
        });
        needed
    }

    /// Returns each statement with its first word.
    fn statements(&self) -> impl Iterator<Item = (&str, &Tag)> {
        let tags = self
            .tags
            .iter()
            .filter(|tag| tag.kind == TagKind::Statement);
        tags.map(|tag| {
            let word = self.inside(tag).trim_start_matches(['-', '+']);
            let word = word.split_whitespace().next().unwrap_or_default();
            (word, tag)
        })
    }

    fn inside(&self, tag: &Tag) -> &'t str {
        &self.text[tag.span.start + 2..tag.span.end - 2]
    }

    fn line(&self, at: usize) -> usize {
        1 + self.line_ends.partition_point(|end| *end < at)
    }
}

impl TagKind {
    fn opened_by(text: &str) -> Option<TagKind> {
        match text.as_bytes().get(1)? {
            b'{' => Some(TagKind::Expression),
            b'%' => Some(TagKind::Statement),
            b'#' => Some(TagKind::Comment),
            _ => None,
        }
    }

    fn close(self) -> &'static str {
        match self {
            TagKind::Expression => "}}",
            TagKind::Statement => "%}",
            TagKind::Comment => "#}",
        }
    }
}

/// Returns the place after the closing delimiter; quotes hide it, but not in a comment.
fn end_of(text: &str, from: usize, kind: TagKind) -> Option<usize> {
    let close = kind.close();
    if kind == TagKind::Comment {
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
