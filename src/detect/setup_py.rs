//! The name that `setup.py` gives as a literal. The file is read as text, never run.

/// Returns `x` of the argument `name="x"` of the first call to `setup` that has one, and its line
/// from 1.
///
/// Anything but one plain literal (a variable, a sum, an f-string) is no signal.
pub(super) fn name(text: &str) -> Option<(&str, usize)> {
    let (tokens, lines): (Vec<Token<'_>>, Vec<usize>) = tokens(text).into_iter().unzip();
    let (name, at) = named_call(&tokens)?;
    is_plain(name).then(|| (name, lines[at]))
}

/// Returns the literal, and the place of its token; each token is looked at once.
fn named_call<'t>(tokens: &[Token<'t>]) -> Option<(&'t str, usize)> {
    // The brackets that are open, by their places; `None` where it is no call to `setup`.
    let mut open: Vec<Option<usize>> = Vec::new();
    let mut first: Option<(usize, &str, usize)> = None;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('(') => open.push(is_call(&tokens[..at]).then_some(at)),
            Token::Mark('[' | '{') => open.push(None),
            Token::Mark(')' | ']' | '}') => drop(open.pop()),
            _ => {}
        }
        let (Token::Mark('(' | ','), Some(Some(call))) = (token, open.last()) else {
            continue;
        };
        if first.is_none_or(|(earlier, _, _)| *call < earlier) {
            first = argument(&tokens[at + 1..])
                .map(|name| (*call, name, at + 3))
                .or(first);
        }
    }
    first.map(|(_, name, at)| (name, at))
}

/// Returns whether what comes before a bracket makes it a call to `setup`.
fn is_call(before: &[Token<'_>]) -> bool {
    match before {
        [.., Token::Word("def"), Token::Word("setup")] => false,
        [.., Token::Word("setup")] => true,
        _ => false,
    }
}

fn argument<'t>(tokens: &[Token<'t>]) -> Option<&'t str> {
    match tokens {
        [
            Token::Word("name"),
            Token::Mark('='),
            Token::Text(name),
            Token::Mark(',' | ')'),
            ..,
        ] => Some(name),
        _ => None,
    }
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
