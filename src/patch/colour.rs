//! The unified diff for people: coloured as by Git, with the changed words in relief.

use anstyle::{AnsiColor, Effects, Style};
use similar::{ChangeTag, TextDiff};

use super::unified::{binary, preamble};
use super::{Body, Diff};
use crate::visible::visible_lines;

/// Returns the text of [`super::unified`] with colours: the same hunks, and without the colours
/// the same text, but for bytes that are not UTF-8 and characters that act on a terminal.
pub fn coloured(diff: &Diff) -> String {
    let mut out = String::new();
    for file in &diff.files {
        for line in preamble(file).split_inclusive('\n') {
            paint(&mut out, BOLD, line);
        }
        match &file.body {
            Body::Text(hunks) => {
                let text = String::from_utf8_lossy(&hunks.text);
                add_hunks(&mut out, &visible_lines(&text));
            }
            Body::Binary => out.push_str(&binary(file)),
        }
    }
    out
}

const BOLD: Style = Style::new().effects(Effects::BOLD);
const CYAN: Style = AnsiColor::Cyan.on_default();
const RED: Style = AnsiColor::Red.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

fn add_hunks(out: &mut String, text: &str) {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut rest = &lines[..];
    while let Some((first, after)) = rest.split_first() {
        match first.as_bytes()[0] {
            b'-' => {
                let (old, others) = rest.split_at(run(rest, '-'));
                let (new, others) = others.split_at(run(others, '+'));
                add_changed(out, old, new);
                rest = others;
                continue;
            }
            b'+' => paint(out, GREEN, first),
            b'@' => paint(out, CYAN, first),
            _ => out.push_str(first),
        }
        rest = after;
    }
}

/// Returns how many lines from the first one on begin with `sign`.
fn run(lines: &[&str], sign: char) -> usize {
    let signed = lines.iter().take_while(|line| line.starts_with(sign));
    signed.count()
}

/// Lines taken away and lines put in their place; in pairs that are alike, the words that
/// differ stand out.
fn add_changed(out: &mut String, old: &[&str], new: &[&str]) {
    let pairs = if old.len() == new.len() { old.len() } else { 0 };
    let marked: Vec<Option<(String, String)>> = (0..pairs)
        .map(|index| words(old[index], new[index]))
        .collect();
    let mut side = |lines: &[&str], style, pick: fn(&(String, String)) -> &String| {
        for (index, line) in lines.iter().enumerate() {
            match marked.get(index).and_then(Option::as_ref) {
                Some(pair) => out.push_str(pick(pair)),
                None => paint(out, style, line),
            }
        }
    };
    side(old, RED, |pair| &pair.0);
    side(new, GREEN, |pair| &pair.1);
}

/// Returns both lines with their differing words in relief, or nothing if less than a third of
/// them is the same: then one is not a change of the other.
fn words(old: &str, new: &str) -> Option<(String, String)> {
    let diff = TextDiff::from_words(&old[1..], &new[1..]);
    let (mut before, mut after) = (Line::new(RED, '-'), Line::new(GREEN, '+'));
    let mut shared = 0;
    for change in diff.iter_all_changes() {
        let word = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                shared += word.trim().len();
                before.add(word, false);
                after.add(word, false);
            }
            ChangeTag::Delete => before.add(word, true),
            ChangeTag::Insert => after.add(word, true),
        }
    }
    let longer = inked(old).max(inked(new));
    (shared * 3 >= longer).then_some((before.text, after.text))
}

/// Returns how much of a line is not white space, its sign aside.
fn inked(line: &str) -> usize {
    line[1..].split_whitespace().map(str::len).sum()
}

/// A line in the making, of one colour.
struct Line {
    style: Style,
    text: String,
}

impl Line {
    fn new(style: Style, sign: char) -> Line {
        Line {
            style,
            text: format!("{style}{sign}"),
        }
    }

    fn add(&mut self, word: &str, stands_out: bool) {
        let (word, end) = content(word);
        let style = self.style;
        let relief = style.effects(Effects::INVERT);
        self.text.push_str(&match stands_out && !word.is_empty() {
            true => format!("{relief}{word}{relief:#}{style}"),
            false => word.to_owned(),
        });
        if !end.is_empty() {
            self.text.push_str(&format!("{style:#}{end}"));
        }
    }
}

/// Adds a line in one style, its line feed outside.
fn paint(out: &mut String, style: Style, line: &str) {
    let (text, end) = content(line);
    out.push_str(&format!("{style}{text}{style:#}{end}"));
}

fn content(line: &str) -> (&str, &str) {
    line.split_at(line.trim_end_matches('\n').len())
}

#[cfg(test)]
mod tests {
    use super::super::{Body, Diff, FileDiff, Hunks, unified};
    use super::*;

    fn diff(hunks: &str) -> Diff {
        let body = Body::Text(Hunks {
            text: hunks.as_bytes().to_vec(),
            added: 0,
            deleted: 0,
        });
        Diff {
            files: vec![FileDiff {
                path: "x.yaml".to_owned(),
                mode: 0o100_644,
                old_id: Some("1".repeat(40)),
                new_id: Some("2".repeat(40)),
                body,
            }],
        }
    }

    fn plain(text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('\x1b') {
            out.push_str(&rest[..at]);
            rest = rest[at..].split_once('m').map_or("", |(_, after)| after);
        }
        out + rest
    }

    #[test]
    fn colours_add_nothing_but_style() {
        let diff = diff(
            "@@ -1,4 +1,4 @@ jobs\n a\n-  - one two\n--- b\n+  - one three\n+++ c\n d\n-e\n\\ No newline at end of file\n+f\n",
        );
        let text = coloured(&diff);
        assert_eq!(plain(&text).into_bytes(), unified(&diff));
        assert!(
            text.contains("\u{1b}[31m-  - one \u{1b}[7m\u{1b}[31mtwo"),
            "{text:?}"
        );
    }

    #[test]
    fn nothing_in_a_file_acts_on_the_terminal() {
        let text = coloured(&diff("@@ -1 +1 @@\n-a\n+\u{1b}[2J\u{202e}b\tc\r\n"));
        assert!(text.contains("\\u{1b}[2J\\u{202e}b\tc\r"), "{text:?}");
    }

    #[test]
    fn lines_that_share_little_have_no_relief() {
        let text = coloured(&diff("@@ -1 +1 @@\n-abc def\n+uvw xyz\n"));
        assert!(!text.contains("\u{1b}[7m"), "{text:?}");
    }
}
