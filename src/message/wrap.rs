//! Wraps paragraphs of a commit message.

/// Returns `text` in lines of at most `width` characters, each ended by a line feed.
///
/// A word longer than that stands alone. No wrapped line begins with what Git or `git am`
/// takes for something else: a comment, a patch, a mail header.
pub(super) fn paragraph(text: &str, width: usize) -> String {
    text.lines().map(|line| wrapped(line, width)).collect()
}

fn wrapped(line: &str, width: usize) -> String {
    let line = line.trim_end();
    let indent = &line[..line.len() - line.trim_start().len()];
    let hang = match line.trim_start().get(..2) {
        Some("- " | "* ") => format!("{indent}  "),
        _ => indent.to_owned(),
    };
    let mut out = indent.to_owned();
    let mut room = width.saturating_sub(indent.chars().count());
    let mut fresh = true;
    for piece in pieces(line) {
        let length = piece.chars().count();
        if !fresh && length + 1 > room {
            out.push('\n');
            out.push_str(&hang);
            room = width.saturating_sub(hang.chars().count());
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            room = room.saturating_sub(1);
        }
        out.push_str(&piece);
        room = room.saturating_sub(length);
        fresh = false;
    }
    out.push('\n');
    out
}

/// Returns the words; one that must not begin a line stays with the word before it.
fn pieces(line: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in line.split_whitespace() {
        match pieces.last_mut() {
            Some(last) if must_not_begin_a_line(word) || is_bullet(last) => {
                last.push(' ');
                last.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

fn is_bullet(word: &str) -> bool {
    matches!(word, "-" | "*")
}

fn must_not_begin_a_line(word: &str) -> bool {
    word.starts_with(['#', '>', '-', '*'])
        || word.ends_with(':')
        || matches!(word, "diff" | "From" | "Index:")
}
