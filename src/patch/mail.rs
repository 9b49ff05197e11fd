//! The change as a mail: equal to `git format-patch -1 --stdout --full-index --no-signature`.

use super::stat::stat;
use super::unified::file;
use super::{Body, Diff, PatchError};

/// What a mail says of the commit.
#[derive(Clone, Copy, Debug)]
pub struct Mail<'a> {
    /// The commit's id, 40 hexadecimal digits.
    pub commit: &'a str,
    /// The author's name, as in the commit.
    pub name: &'a str,
    /// The author's mail address.
    pub email: &'a str,
    /// The author's date: seconds since 1970.
    pub seconds: i64,
    /// The author's zone: minutes east of UTC.
    pub offset: i32,
    /// The commit's message.
    pub message: &'a str,
}

/// Returns the mail, which `git am` turns into the same tree, author, date and message.
pub fn mail(mail: &Mail, diff: &Diff) -> Result<Vec<u8>, PatchError> {
    let binary = diff.files.iter().find(|file| file.body == Body::Binary);
    if let Some(file) = binary {
        return Err(PatchError::Binary(file.path.clone()));
    }
    let mut out = headers(mail);
    add_body(&mut out, mail.message);
    // An empty change has no statistics, and then Git leaves out what follows.
    if !diff.files.is_empty() {
        out.push_str(&format!("---\n{}\n", stat(diff)));
    }
    let mut out = out.into_bytes();
    out.extend(diff.files.iter().flat_map(file));
    Ok(out)
}

/// Returns the file name that `git format-patch` gives the patch: `0001-Add-tests.patch`.
pub fn file_name(subject: &str) -> String {
    const LONGEST: usize = 64;
    const SUFFIX: &str = ".patch";
    let mut name = format!(
        "0001-{}",
        sanitised(subject.lines().next().unwrap_or_default())
    );
    name.truncate(LONGEST - SUFFIX.len() - 1);
    name + SUFFIX
}

fn headers(mail: &Mail) -> String {
    let Mail {
        commit,
        seconds,
        offset,
        message,
        ..
    } = *mail;
    let subject = subject_of(message);
    let mut out = format!("From {commit} Mon Sep 17 00:00:00 2001\n");
    add_from(&mut out, mail.name, mail.email);
    out.push_str(&format!("Date: {}\n", date(seconds, offset)));
    out.push_str("Subject: [PATCH] ");
    if needs_encoding(&subject) {
        add_encoded(&mut out, &subject, |byte| byte.is_ascii_graphic());
    } else {
        let used = last_line(&out);
        add_folded(&mut out, &subject, used, 78);
    }
    out.push('\n');
    if message.chars().any(is_8bit) {
        out.push_str(
            "MIME-Version: 1.0\n\
             Content-Type: text/plain; charset=UTF-8\n\
             Content-Transfer-Encoding: 8bit\n",
        );
    }
    out + "\n"
}

/// Returns the date as RFC 2822 has it; one that no calendar has is 1970, as for Git.
fn date(seconds: i64, offset: i32) -> String {
    let local = seconds.saturating_add(i64::from(offset) * 60);
    let time = jiff::Timestamp::from_second(local).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.unsigned_abs();
    let zone = format!("{sign}{:02}{:02}", minutes / 60, minutes % 60);
    format!("{} {zone}", time.strftime("%a, %-d %b %Y %H:%M:%S"))
}

/// Returns the first paragraph in one line.
fn subject_of(message: &str) -> String {
    let lines = message.lines().map(|line| line.trim_end_matches(is_space));
    let lines = lines.skip_while(|line| line.is_empty());
    let title: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    title.join(" ")
}

/// Adds what follows the first paragraph, without white space at the ends of lines. If there is
/// nothing, one blank line is left between the headers and what comes.
fn add_body(out: &mut String, message: &str) {
    let headers = out.len();
    let lines = message.lines().map(|line| line.trim_end_matches(is_space));
    let lines = lines.skip_while(|line| line.is_empty());
    let lines = lines.skip_while(|line| !line.is_empty());
    let lines: Vec<&str> = lines.skip_while(|line| line.is_empty()).collect();
    out.push_str(&lines.join("\n"));
    out.truncate(out.trim_end_matches(is_space).len());
    out.push_str(if out.len() < headers { "\n\n" } else { "\n" });
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r')
}

/// Whether a mail header or body needs to say that it is not ASCII; ESC begins ISO-2022.
fn is_8bit(c: char) -> bool {
    !c.is_ascii() || c == '\x1b'
}

fn needs_encoding(text: &str) -> bool {
    text.chars().any(|c| is_8bit(c) || c == '\n') || text.contains("=?")
}

fn last_line(text: &str) -> usize {
    text.len() - text.rfind('\n').map_or(0, |at| at + 1)
}

fn add_from(out: &mut String, name: &str, email: &str) {
    let mut width = 78;
    out.push_str("From: ");
    if needs_encoding(name) {
        // RFC 2047, 5 (3): fewer characters stand for themselves in a name.
        add_encoded(out, name, |b| {
            b.is_ascii_alphanumeric() || b"!*+-/".contains(&b)
        });
        width = 76;
    } else if name.contains(RFC822_SPECIALS) {
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        add_folded(out, &format!("\"{escaped}\""), 6, width);
    } else {
        add_folded(out, name, 6, width);
    }
    if last_line(out) + email.len() + 3 > width {
        out.push('\n');
    }
    out.push_str(&format!(" <{email}>\n"));
}

const RFC822_SPECIALS: [char; 13] = [
    '(', ')', '<', '>', '[', ']', ':', ';', '@', ',', '.', '"', '\\',
];

/// Adds `text` as encoded words (RFC 2047, Q) of at most 76 columns.
fn add_encoded(out: &mut String, text: &str, is_plain: fn(u8) -> bool) {
    const OPEN: &str = "=?UTF-8?q?";
    out.push_str(OPEN);
    let mut column = last_line(out);
    for c in text.chars() {
        let encoded = encoded(c, is_plain);
        if column + encoded.len() + 2 > 76 {
            out.push_str(&format!("?=\n {OPEN}"));
            column = OPEN.len() + 1;
        }
        out.push_str(&encoded);
        column += encoded.len();
    }
    out.push_str("?=");
}

/// One character, whose bytes must stay together.
fn encoded(c: char, is_plain: fn(u8) -> bool) -> String {
    let plain = u8::try_from(c).is_ok_and(|b| b.is_ascii() && is_plain(b) && !b"=?_".contains(&b));
    if plain {
        return c.to_string();
    }
    let mut bytes = [0; 4];
    let bytes = c.encode_utf8(&mut bytes).bytes();
    bytes.map(|byte| format!("={byte:02X}")).collect()
}

/// Adds ASCII `text` behind `used` columns, folded at spaces to `width` where it can be.
fn add_folded(out: &mut String, text: &str, used: usize, width: usize) {
    let bytes = text.as_bytes();
    let (mut column, mut line, mut at) = (used as i64, 0, 0);
    let mut space = Some(0);
    let mut indent = "";
    loop {
        let byte = bytes.get(at).copied();
        if byte.is_some_and(|byte| !is_space(char::from(byte))) {
            column += if byte.is_some_and(|b| b.is_ascii_control()) {
                -1
            } else {
                1
            };
            at += 1;
            continue;
        }
        match space {
            Some(from) if column > width as i64 => {
                out.push('\n');
                line =
                    from + usize::from(bytes.get(from).is_some_and(|&b| is_space(char::from(b))));
                at = line;
                (space, column, indent) = (None, 1, " ");
            }
            _ => {
                if byte.is_none() && at == line {
                    return;
                }
                match space {
                    Some(from) => out.push_str(&text[from..at]),
                    None => out.extend([indent, &text[line..at]]),
                }
                if byte.is_none() {
                    return;
                }
                space = Some(at);
                column = if byte == Some(b'\t') {
                    column | 7
                } else {
                    column
                } + 1;
                at += 1;
            }
        }
    }
}

/// Letters, digits, `.` and `_`; whatever else there is becomes one `-`, and dots one dot.
fn sanitised(subject: &str) -> String {
    let mut out = String::new();
    let mut gap = false;
    let mut last = None;
    for c in subject.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') {
            if c == '.' && last == Some('.') {
                continue;
            }
            if gap && !out.is_empty() {
                out.push('-');
            }
            gap = false;
            out.push(c);
        } else {
            gap = true;
        }
        last = Some(c);
    }
    out.trim_end_matches(['.', '-']).to_owned()
}
