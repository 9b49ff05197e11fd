//! The name that `setup.py` gives as a literal. The file is read as text, never run.

/// Returns `x` of the argument `name="x"` of a call to `setup`, and its line from 1.
///
/// Anything but one plain literal (a variable, a sum, an f-string) is no signal.
pub(super) fn name(text: &str) -> Option<(&str, usize)> {
    let tokens = tokens(text);
    let kinds: Vec<Token<'_>> = tokens.iter().map(|(token, _)| *token).collect();
    (0..kinds.len())
        .filter(|at| kinds[*at..].starts_with(&[Token::Word("setup"), Token::Mark('(')]))
        .filter(|at| *at == 0 || kinds[at - 1] != Token::Word("def"))
        .find_map(|at| argument(&kinds, at + 1))
        .and_then(|(name, at)| is_plain(name).then(|| (name, tokens[at].1)))
}

/// What Python text is made of, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// A name or a number.
    Word(&'t str),
    /// What stands between the quotes of a string.
    Text(&'t str),
    /// Any other character.
    Mark(char),
}

/// Returns the literal of the call whose bracket is at `open`, and the place of its token.
fn argument<'t>(tokens: &[Token<'t>], open: usize) -> Option<(&'t str, usize)> {
    let mut depth = 0;
    for at in open..tokens.len() {
        match tokens[at] {
            Token::Mark('(' | '[' | '{') => depth += 1,
            Token::Mark(')' | ']' | '}') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return None;
        }
        let begins = matches!(tokens[at], Token::Mark('(' | ','));
        if depth != 1 || !begins {
            continue;
        }
        if let [
            Token::Word("name"),
            Token::Mark('='),
            Token::Text(name),
            Token::Mark(',' | ')'),
            ..,
        ] = &tokens[at + 1..]
        {
            return Some((name, at + 3));
        }
    }
    None
}

fn is_plain(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    !name.is_empty() && name.chars().all(plain)
}

/// Returns the tokens with their lines; comments and blanks are left out.
fn tokens(text: &str) -> Vec<(Token<'_>, usize)> {
    let mut found = Vec::new();
    let mut rest = text;
    let mut line = 1;
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '#' => rest.find('\n').unwrap_or(rest.len()),
            '"' | '\'' => {
                let (inside, length) = string(rest, first);
                found.push((Token::Text(inside), line));
                length
            }
            c if is_word(c) => {
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                found.push((Token::Word(&rest[..length]), line));
                length
            }
            c => {
                if !c.is_whitespace() {
                    found.push((Token::Mark(c), line));
                }
                c.len_utf8()
            }
        };
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    found
}

/// Returns what is between the quotes at the start of `text`, and the length with the quotes.
fn string(text: &str, quote: char) -> (&str, usize) {
    let triple = quote.to_string().repeat(3);
    let mark = match text.starts_with(&triple) {
        true => triple.as_str(),
        false => &triple[..1],
    };
    let mut at = mark.len();
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(mark) {
            return (&text[mark.len()..at], at + mark.len());
        }
        at += c.len_utf8();
        if c == '\\' {
            at += text[at..].chars().next().map_or(0, char::len_utf8);
        }
    }
    (&text[mark.len()..], text.len())
}
