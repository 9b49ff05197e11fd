//! Where Jinja's tags are in a text, and marks that survive rendering.

use std::ops::Range;

/// Around a line number, in a marked template and what it renders to.
pub(super) const OPEN: char = '\u{e000}';
pub(super) const CLOSE: char = '\u{e001}';

/// Operators of one tag: the engine goes down a level for each, and has no bound of its own.
const MOST_OPERATORS: usize = 1000;

/// Additions of a whole template: each may double a list, which the engine counts as one step.
const MOST_ADDITIONS: usize = 20;

/// Returns the spans of the tags, delimiters included; `None` where one is not closed.
pub(super) fn tags(text: &str) -> Option<Vec<Range<usize>>> {
    let (tags, is_closed) = spans(text);
    is_closed.then_some(tags)
}

/// Returns why nobody should render the template; `None` where it may be rendered.
pub(super) fn too_much(text: &str) -> Option<&'static str> {
    let (tags, _) = spans(text);
    let (mut additions, mut repeats) = (0, false);
    for tag in tags {
        let inside = text[tag].trim_matches(['{', '}', '%', '-', '+']);
        if inside.starts_with('#') {
            continue;
        }
        if operators(inside) > MOST_OPERATORS {
            return Some("one of its tags has too many operators");
        }
        let words = ["sum", "chain"].map(|word| inside.matches(word).count());
        additions += inside.matches('+').count() + words.iter().sum::<usize>();
        let again = ["namespace", "macro", "recursive"];
        repeats |= again.iter().any(|word| inside.contains(word));
    }
    let is_too_much = additions > if repeats { 0 } else { MOST_ADDITIONS };
    is_too_much.then_some("it adds too much")
}

/// Returns how many things in an expression may be within one another.
fn operators(inside: &str) -> usize {
    let signs = inside.matches(|c| "|~+-*/%.([{<>=!".contains(c)).count();
    let words = inside.split(|c: char| !c.is_alphanumeric() && c != '_');
    let words = words.filter(|word| matches!(*word, "not" | "and" | "or" | "in" | "is" | "if"));
    signs + words.count()
}

/// Returns the spans of the tags, the last to the end of the text if it is not closed, and whether
/// all are closed.
fn spans(text: &str) -> (Vec<Range<usize>>, bool) {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{').map(|n| at + n) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let Some(end) = end_of(text, open + 2, close) else {
            tags.push(open..text.len());
            return (tags, false);
        };
        at = end;
        tags.push(open..at);
    }
    (tags, true)
}

/// Returns the line of the tag that is not closed, else of the innermost block that is not; `None`
/// where everything is closed.
pub(crate) fn open(text: &str) -> Option<usize> {
    let line = |at: usize| text[..at].matches('\n').count() + 1;
    let Some(tags) = tags(text) else {
        return first_open(text).map(line);
    };
    let mut blocks: Vec<(&str, usize)> = Vec::new();
    for tag in tags {
        let inside = text[tag.clone()]
            .trim_start_matches("{%")
            .trim_start_matches(['-', '+']);
        let word = inside.split_whitespace().next().unwrap_or_default();
        let is_statement = text[tag.clone()].starts_with("{%");
        match word.strip_prefix("end") {
            _ if !is_statement => {}
            Some(block) if blocks.last().is_some_and(|(open, _)| *open == block) => {
                blocks.pop();
            }
            Some(_) => return Some(line(tag.start)),
            None if is_block(word, inside) => blocks.push((word, tag.start)),
            None => {}
        }
    }
    blocks.last().map(|(_, at)| line(*at))
}

/// `set` with a value is no block.
fn is_block(word: &str, inside: &str) -> bool {
    match word {
        "for" | "if" | "macro" | "call" | "filter" | "block" | "with" | "raw" | "autoescape" => {
            true
        }
        "set" => !inside.contains('='),
        _ => false,
    }
}

/// Returns the start of the first tag that is not closed.
fn first_open(text: &str) -> Option<usize> {
    let mut starts = text
        .match_indices('{')
        .filter(|(at, _)| matches!(text.as_bytes().get(at + 1), Some(b'{' | b'%' | b'#')));
    starts
        .find(|(at, _)| {
            tags(&text[..*at]).is_some() && tags(&text[*at..]).is_none() && {
                let close = match text.as_bytes().get(at + 1) {
                    Some(b'{') => "}}",
                    Some(b'%') => "%}",
                    _ => "#}",
                };
                end_of(text, at + 2, close).is_none()
            }
        })
        .map(|(at, _)| at)
}

/// Returns the place after the closing delimiter; quotes hide it, but not in a comment.
fn end_of(text: &str, from: usize, close: &str) -> Option<usize> {
    if close == "#}" {
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

/// Returns the template with the number of its line before the first text of each line, or before
/// the value that the line begins with. Blanks stay where tags may take them away, so that both
/// templates render to the same, marks aside.
pub(super) fn marked(text: &str) -> Option<String> {
    if text.contains([OPEN, CLOSE]) {
        return None;
    }
    let tags = tags(text)?;
    let mut out = String::with_capacity(text.len() * 2);
    let (mut at, mut line, mut is_marked) = (0, 1, false);
    for tag in tags {
        data(&text[at..tag.start], &mut line, &mut is_marked, &mut out);
        let inside = &text[tag.clone()];
        let is_value = inside.starts_with("{{") && !inside.starts_with("{{-");
        if is_value && !is_marked {
            mark(line, &mut out);
            is_marked = true;
        }
        out.push_str(inside);
        let breaks = inside.matches('\n').count();
        if breaks > 0 {
            line += breaks;
            is_marked = false;
        }
        at = tag.end;
    }
    data(&text[at..], &mut line, &mut is_marked, &mut out);
    Some(out)
}

fn data(text: &str, line: &mut usize, is_marked: &mut bool, out: &mut String) {
    for c in text.chars() {
        if !*is_marked && !c.is_whitespace() {
            mark(*line, out);
            *is_marked = true;
        }
        out.push(c);
        if c == '\n' {
            *line += 1;
            *is_marked = false;
        }
    }
}

fn mark(line: usize, out: &mut String) {
    out.push(OPEN);
    out.push_str(&line.to_string());
    out.push(CLOSE);
}
