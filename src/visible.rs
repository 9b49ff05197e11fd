//! Foreign text on a terminal: nothing in it moves the cursor or turns the direction of writing.

/// Returns the text as one line, with control characters and those that turn the direction of
/// writing as escapes.
pub fn visible(text: &str) -> String {
    escaped(text, |_| false)
}

/// Returns the text with its line feeds and tabs, and the carriage returns of its line ends.
pub fn visible_lines(text: &str) -> String {
    let lines = text.split_inclusive('\n').map(|line| {
        let content = line.trim_end_matches(['\r', '\n']);
        format!(
            "{}{}",
            escaped(content, |c| c == '\t'),
            &line[content.len()..]
        )
    });
    lines.collect()
}

/// Returns whether the character does something on a terminal instead of showing.
pub fn acts(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    c.is_control() || turns
}

fn escaped(text: &str, is_kept: fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match acts(c) && !is_kept(c) {
            true => out.extend(c.escape_default()),
            false => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped() {
        assert_eq!(
            visible("a\x1b[2Jb\u{9b}c\u{202e}d\n"),
            "a\\u{1b}[2Jb\\u{9b}c\\u{202e}d\\n"
        );
        assert_eq!(visible("caf\u{e9}"), "caf\u{e9}");
        assert_eq!(
            visible_lines("a\tb\r\nc\x1b\u{2066}d\re\n"),
            "a\tb\r\nc\\u{1b}\\u{2066}d\\re\n"
        );
    }
}
