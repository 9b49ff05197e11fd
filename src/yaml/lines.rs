//! Lines of a text: where they start and end, and what is a comment.

/// Returns the byte at which the line of `at` starts, behind a byte order mark.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    if start == 0 { body_start(text) } else { start }
}

/// Returns the byte at which the text starts, behind a byte order mark.
pub(crate) fn body_start(text: &str) -> usize {
    if text.starts_with('\u{feff}') { 3 } else { 0 }
}

/// Returns the byte after the line of `at`, its line break included.
pub(crate) fn next_line(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |n| at + n + 1)
}

/// Returns the line that ends at `at` (the start of a line, or the end of the text), without
/// trailing blanks; `None` at the start of the text.
pub(crate) fn line_before(text: &str, at: usize) -> Option<&str> {
    let before = &text[body_start(text)..at.max(body_start(text))];
    let line = before.strip_suffix('\n').unwrap_or(before);
    (!before.is_empty()).then(|| line.rsplit('\n').next().unwrap_or(line).trim_end())
}

/// Returns the columns before a comment; `None` where the line is no comment.
pub(crate) fn comment_column(line: &str) -> Option<usize> {
    let inner = line.trim_start_matches(' ');
    inner.starts_with('#').then_some(line.len() - inner.len())
}

/// Returns the place and column of the dash in front of a list's item.
///
/// Between dash and content only anchors, tags, comments and line breaks may be; where
/// anything else is (`- - a`), there is no dash to line up with.
pub(crate) fn dash(text: &str, content: usize) -> Option<(usize, usize)> {
    let mut end = content;
    loop {
        let start = line_start(text, end);
        let line = text.get(start..end)?;
        let inner = line.trim_start_matches(' ');
        if let Some(rest) = inner.strip_prefix('-') {
            let column = line.len() - inner.len();
            return properties_only(rest).then_some((start + column, column));
        }
        if !properties_only(inner) || start <= body_start(text) {
            return None;
        }
        end = start - 1;
    }
}

fn properties_only(text: &str) -> bool {
    let words = text.split_whitespace();
    let mut words = words.take_while(|word| !word.starts_with('#'));
    words.all(|word| word.starts_with(['&', '!']))
}

/// Returns the byte after the last line of an item that ends at `end` and whose dash or key
/// is at `column`: behind comments that are indented more and directly follow.
///
/// `None` where something other than a comment follows on the line itself.
pub(crate) fn after(text: &str, end: usize, column: usize) -> Option<usize> {
    // a block scalar may end with the blank lines that belong to it
    let mut at = match text[..end].ends_with('\n') {
        true => end,
        false => next_line(text, end),
    };
    let rest = text[end..at].trim();
    if !(rest.is_empty() || rest.starts_with('#')) {
        return None;
    }
    while at < text.len() {
        let next = next_line(text, at);
        match comment_column(text[at..next].trim_end()) {
            Some(deeper) if deeper > column => at = next,
            _ => break,
        }
    }
    Some(at)
}

/// Returns the line break that the text uses at `at`: that of the line before, or the first.
pub(crate) fn line_break(text: &str, at: usize) -> &'static str {
    let sample = match text[..at].rfind('\n') {
        Some(newline) => &text[..=newline],
        None => &text[..next_line(text, 0)],
    };
    if sample.ends_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    }
}

/// Returns a block of lines, moved to the right, with the given line break.
pub(crate) fn shifted(block: &str, column: usize, line_break: &str) -> String {
    let pad = " ".repeat(column);
    let lines = block.lines().map(|line| match line {
        "" => line_break.to_owned(),
        line => format!("{pad}{line}{line_break}"),
    });
    lines.collect()
}
