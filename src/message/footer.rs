//! The trailer block of a message, found and edited by the rules of `git interpret-trailers`.
//!
//! The rules are those of Git 2.47 under default configuration: the block is the last
//! paragraph but never the first; it counts if all of its lines are trailers, or if one of
//! them is Git's own and at least a quarter are trailers. What follows a `---` line, and
//! comments at the end, are left alone.

use std::borrow::Cow;

/// The trailer block of a text.
#[derive(Debug)]
pub(super) struct Footer<'a> {
    /// The text with a line feed at its end.
    text: Cow<'a, str>,
    /// Where the block begins and ends; empty where there is none.
    start: usize,
    end: usize,
    pub(super) items: Vec<Item>,
}

/// A line of the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// `Key: value`; lines that continue the value are part of it.
    Trailer { key: String, value: String },
    /// Anything else.
    Line(String),
}

/// Where a new trailer goes: `trailer.where` of Git's configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Where {
    /// `end`, the default: after everything else.
    End,
    /// `before` the first one with the same key.
    Before,
}

impl<'a> Footer<'a> {
    /// Reads the block of `text`.
    pub(super) fn of(text: &'a str) -> Footer<'a> {
        let text = match text.is_empty() || text.ends_with('\n') {
            true => Cow::Borrowed(text),
            false => Cow::Owned(format!("{text}\n")),
        };
        let end = end_of_log(&text);
        let start = block_start(&text[..end]);
        let items = items(&text[start..end]);
        Footer {
            text,
            start,
            end,
            items,
        }
    }

    /// Returns how many lines there are before the block.
    pub(super) fn lines_before(&self) -> usize {
        self.text[..self.start].lines().count()
    }

    /// Adds a trailer, unless its neighbour there is the same (`addIfDifferentNeighbor`).
    pub(super) fn add(&mut self, key: &str, value: &str, at: Where) {
        let same = self.items.iter().position(|item| item.has_key(key));
        let (neighbour, index) = match (at, same) {
            (Where::End, Some(_)) => (self.items.last(), self.items.len()),
            (Where::End, None) => (None, self.items.len()),
            (Where::Before, Some(first)) => (self.items.get(first), first),
            (Where::Before, None) => (None, 0),
        };
        if neighbour.is_some_and(|item| item.is(key, value)) {
            return;
        }
        let trailer = Item::Trailer {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        self.items.insert(index, trailer);
    }

    /// Returns the whole text with the block as it is now.
    pub(super) fn text(&self) -> String {
        let mut out = self.text[..self.start].to_owned();
        if !ends_with_blank_line(&out) {
            out.push('\n');
        }
        for item in &self.items {
            match item {
                Item::Trailer { key, value } => out.push_str(&format!("{key}: {value}\n")),
                Item::Line(line) => out.push_str(&format!("{line}\n")),
            }
        }
        out.push_str(&self.text[self.end..]);
        out
    }

    /// Returns the trailers, each value on one line.
    pub(super) fn trailers(&self) -> impl Iterator<Item = (&str, String)> {
        self.items.iter().filter_map(|item| match item {
            Item::Trailer { key, value } => Some((key.as_str(), unfolded(value))),
            Item::Line(_) => None,
        })
    }
}

impl Item {
    /// Git compares keys without case, up to the length of the shorter one.
    fn has_key(&self, key: &str) -> bool {
        let Item::Trailer { key: own, .. } = self else {
            return false;
        };
        let (own, key) = (bare(own), bare(key));
        let length = own.len().min(key.len());
        own.as_bytes()[..length].eq_ignore_ascii_case(&key.as_bytes()[..length])
    }

    fn is(&self, key: &str, value: &str) -> bool {
        let Item::Trailer { value: own, .. } = self else {
            return false;
        };
        self.has_key(key) && own.eq_ignore_ascii_case(value)
    }
}

/// Returns whether `c` is white space for Git.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Returns where the `:` is, if `line` begins as a trailer does: letters, digits and `-`,
/// then perhaps white space.
pub(super) fn separator(line: &str) -> Option<usize> {
    let mut space = false;
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b':' => return Some(at),
            b'-' if !space => {}
            _ if !space && byte.is_ascii_alphanumeric() => {}
            b' ' | b'\t' if at > 0 => space = true,
            _ => return None,
        }
    }
    None
}

fn bare(key: &str) -> &str {
    key.trim_end_matches(|c: char| !c.is_ascii_alphanumeric())
}

fn is_blank(line: &str) -> bool {
    line.chars().all(is_space)
}

fn ends_with_blank_line(text: &str) -> bool {
    text.split_inclusive('\n').next_back().is_some_and(is_blank)
}

fn unfolded(value: &str) -> String {
    let mut lines = value.split('\n');
    let mut out = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        out.push(' ');
        out.push_str(line.trim_start_matches(is_space));
    }
    out.trim_matches(is_space).to_owned()
}

/// Lines with their line feeds and the offset of each.
fn lines(text: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut out = Vec::new();
    for line in text.split_inclusive('\n') {
        out.push((at, line));
        at += line.len();
    }
    out
}

/// Returns where the message ends: before a `---` line, comments and blank lines at the end.
fn end_of_log(text: &str) -> usize {
    let divider = lines(text).into_iter().find(|(_, line)| {
        line.strip_prefix("---")
            .is_some_and(|rest| rest.starts_with(is_space))
    });
    let end = divider.map_or(text.len(), |(at, _)| at);
    without_comments_at_end(text, end)
}

fn without_comments_at_end(text: &str, end: usize) -> usize {
    let cutoff = scissors(text).map_or(end, |at| at.min(end));
    // Git forgets comments that begin at offset 0, hence the plain number.
    let mut ignored = 0;
    let mut conflicts = false;
    for (at, line) in lines(text).into_iter().take_while(|(at, _)| *at < cutoff) {
        if line.starts_with('#') || line.starts_with('\n') {
            ignored = if ignored == 0 { at } else { ignored };
        } else if line == "Conflicts:\n" {
            conflicts = true;
            ignored = if ignored == 0 { at } else { ignored };
        } else if !(conflicts && line.starts_with('\t')) {
            ignored = 0;
            conflicts = false;
        }
    }
    if ignored > 0 { ignored } else { cutoff }
}

/// Returns where `git commit -v` would have begun the part that it cuts off.
fn scissors(text: &str) -> Option<usize> {
    const LINE: &str = "# ------------------------ >8 ------------------------\n";
    lines(text)
        .into_iter()
        .find(|(_, line)| *line == LINE)
        .map(|(at, _)| at)
}

/// What Git itself writes, and what makes a paragraph with other lines a trailer block.
const GENERATED: [&str; 2] = ["Signed-off-by: ", "(cherry picked from commit "];

fn block_start(log: &str) -> usize {
    let title_end = lines(log)
        .into_iter()
        .find(|(_, line)| !line.starts_with('#') && is_blank(line))
        .map_or(log.len(), |(at, _)| at);
    let mut count = Count::default();
    let mut only_blank = true;
    for (at, line) in lines(log)
        .into_iter()
        .rev()
        .take_while(|(at, _)| *at >= title_end)
    {
        if line.starts_with('#') {
            count.comment();
        } else if is_blank(line) {
            if only_blank {
                continue;
            }
            let block = count.is_block();
            return if block { at + line.len() } else { log.len() };
        } else {
            only_blank = false;
            count.line(line);
        }
    }
    log.len()
}

/// What the lines of a paragraph are, counted from its end.
#[derive(Default)]
struct Count {
    generated: bool,
    trailers: usize,
    others: usize,
    /// Indented lines: they belong to whatever stands above them.
    indented: usize,
}

impl Count {
    fn line(&mut self, line: &str) {
        if GENERATED.iter().any(|prefix| line.starts_with(prefix)) {
            self.generated = true;
            self.trailers += 1;
            self.indented = 0;
        } else if line.starts_with(is_space) {
            self.indented += 1;
        } else if separator(line).is_some_and(|at| at > 0) {
            self.trailers += 1;
            self.indented = 0;
        } else {
            self.others += 1;
            self.comment();
        }
    }

    fn comment(&mut self) {
        self.others += self.indented;
        self.indented = 0;
    }

    fn is_block(&mut self) -> bool {
        self.comment();
        let many = self.generated && self.trailers * 3 >= self.others;
        many || (self.trailers > 0 && self.others == 0)
    }
}

fn items(block: &str) -> Vec<Item> {
    let mut raw: Vec<String> = Vec::new();
    let mut open = false;
    for line in block.split_inclusive('\n') {
        match raw.last_mut() {
            Some(last) if open && line.starts_with(is_space) => last.push_str(line),
            _ => {
                open = separator(line).is_some_and(|at| at > 0);
                raw.push(line.to_owned());
            }
        }
    }
    let raw = raw.iter().filter(|text| !text.starts_with('#'));
    raw.map(|text| item(text)).collect()
}

fn item(text: &str) -> Item {
    match separator(text) {
        Some(at) if at > 0 => Item::Trailer {
            key: text[..at].trim_matches(is_space).to_owned(),
            value: text[at + 1..].trim_matches(is_space).to_owned(),
        },
        _ => Item::Line(text.strip_suffix('\n').unwrap_or(text).to_owned()),
    }
}
