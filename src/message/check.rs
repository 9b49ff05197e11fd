//! What must be true of a message before a branch points to it.

use super::change_id::{ChangeIdTrailer, Key};
use super::footer::Footer;
use super::trailer::{Trailer, trailers};
use super::{BODY_WIDTH, SUBJECT_WIDTH};
use crate::excerpt::excerpt;

/// What is expected of a message.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// A Signed-off-by must have the same.
    pub author_email: &'a str,
    /// Whether there must be such a Signed-off-by.
    pub sign_off: bool,
    pub change_id: &'a ChangeIdTrailer,
}

/// Something that Gerrit, OpenStack's rules or `git am` do not take. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error("the subject is empty")]
    NoSubject,
    /// Characters, above [`SUBJECT_WIDTH`].
    #[error("the subject has {0} characters, more than {SUBJECT_WIDTH}")]
    LongSubject(usize),
    /// `git am` takes `[..]`, `Re:` and spaces away, and folds double spaces.
    #[error("`git am` would change the subject `{0}`")]
    SubjectChanged(String),
    /// The subject goes on in the second line.
    #[error("line 2 is not blank")]
    NoBlankLine,
    /// A line of the body is longer than [`BODY_WIDTH`] and could be broken.
    #[error("line {line} has {width} characters, more than {BODY_WIDTH}")]
    LongLine { line: usize, width: usize },
    /// Only names in the footer may have other characters.
    #[error("line {0} is not plain ASCII")]
    NotAscii(usize),
    #[error("line {line} has a control character: `{text}`")]
    Control { line: usize, text: String },
    /// White space at the end, a second blank line, or no line feed at the end of the text.
    #[error("git would strip white space from line {0}")]
    Untidy(usize),
    /// Git takes the line for a comment whenever the message is edited.
    #[error("line {0} begins with `#`: git would treat it as a comment")]
    Comment(usize),
    /// The line ends the message, or begins a patch, for `git am`.
    #[error("line {0} would end the message in `git am`")]
    EndsMessage(usize),
    #[error("line {0} would be a mail header in `git am`")]
    MailHeader(usize),
    #[error("the footer has {0} Change-Id trailers and must have one")]
    ChangeIds(usize),
    #[error("the footer has {0} Link trailers with a Change-Id and must have one")]
    Links(usize),
    /// Gerrit: "Change-Id must be in message footer".
    #[error("line {0} is a Change-Id outside the footer")]
    OutsideFooter(usize),
    #[error("no Signed-off-by of the author, `{0}`")]
    NotSignedOff(String),
}

/// Returns everything that is wrong with `text`; nothing if it may be committed.
pub fn check(text: &str, rules: &Rules) -> Vec<Flaw> {
    let footer = trailers(text);
    let before = Footer::of(text).lines_before();
    let lines: Vec<&str> = text.split('\n').collect();
    let mut flaws = subject(lines.first().copied().unwrap_or_default());
    if lines.get(1).is_some_and(|line| !line.trim().is_empty()) {
        flaws.push(Flaw::NoBlankLine);
    }
    flaws.extend(tidy(text));
    for (index, line) in lines.iter().enumerate() {
        flaws.extend(one_line(index + 1, line, index >= before));
    }
    flaws.extend(inbody_header(&lines));
    flaws.extend(change_ids(
        &lines[..before.min(lines.len())],
        &footer,
        rules.change_id,
    ));
    let signed = footer.iter().any(|t| is_sign_off(t, rules.author_email));
    if rules.sign_off && !signed {
        flaws.push(Flaw::NotSignedOff(rules.author_email.to_owned()));
    }
    flaws
}

fn subject(line: &str) -> Vec<Flaw> {
    let width = line.chars().count();
    let mut flaws = Vec::new();
    if line.trim().is_empty() {
        flaws.push(Flaw::NoSubject);
    }
    if width > SUBJECT_WIDTH {
        flaws.push(Flaw::LongSubject(width));
    }
    let lower = line.to_ascii_lowercase();
    let bracket = line.starts_with('[') && line.contains(']');
    let prefix = lower.starts_with([':', ' ', '\t']) || lower.starts_with("re:");
    if bracket || prefix || line.contains("  ") || line.contains('\t') {
        flaws.push(Flaw::SubjectChanged(line.to_owned()));
    }
    flaws
}

fn tidy(text: &str) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut blank = false;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (index, line) in lines.iter().enumerate() {
        let content = line.trim_end();
        let last = index + 1 == lines.len();
        let double = content.is_empty() && (blank || last);
        if double || line.strip_suffix('\n') != Some(content) {
            flaws.push(Flaw::Untidy(index + 1));
        }
        blank = content.is_empty();
    }
    flaws
}

fn one_line(number: usize, line: &str, in_footer: bool) -> Option<Flaw> {
    if line.contains(char::is_control) {
        return Some(Flaw::Control {
            line: number,
            text: excerpt(line),
        });
    }
    if !line.is_ascii() && !in_footer {
        return Some(Flaw::NotAscii(number));
    }
    if line.starts_with('#') {
        return Some(Flaw::Comment(number));
    }
    if ends_message(line) {
        return Some(Flaw::EndsMessage(number));
    }
    let width = line.chars().count();
    let breakable = line.trim_start().contains(' ');
    let long = number > 1 && width > BODY_WIDTH && breakable && !in_footer;
    long.then_some(Flaw::LongLine {
        line: number,
        width,
    })
}

/// What `git mailinfo` takes for the end of the message, and `git mailsplit` for a new mail.
fn ends_message(line: &str) -> bool {
    let dashes = line
        .strip_prefix("---")
        .is_some_and(|rest| rest.trim().is_empty() || rest.starts_with(' '));
    let time = |w: &[u8]| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit();
    let mbox = line.starts_with("From ") && line.as_bytes().windows(3).any(time);
    dashes || mbox || line.starts_with("diff -") || line.starts_with("Index: ")
}

/// The first paragraph of the body may replace headers of the mail.
fn inbody_header(lines: &[&str]) -> Option<Flaw> {
    const HEADERS: [&str; 4] = ["from:", "date:", "subject:", "[patch]"];
    let body = lines.iter().enumerate().skip(1);
    let (index, line) = body.into_iter().find(|(_, line)| !line.trim().is_empty())?;
    let lower = line.to_ascii_lowercase();
    let is_header = HEADERS.iter().any(|header| lower.starts_with(header));
    is_header.then_some(Flaw::MailHeader(index + 1))
}

fn change_ids(body: &[&str], footer: &[Trailer], trailer: &ChangeIdTrailer) -> Vec<Flaw> {
    let is_id = |t: &&Trailer| Key::ChangeId.is(&t.key);
    let ids = footer.iter().filter(is_id).count();
    let valid = |key: Key| {
        let ids = footer.iter().filter_map(|t| key.id(&t.key, &t.value));
        ids.count()
    };
    let mut flaws = Vec::new();
    match trailer {
        ChangeIdTrailer::Off => {}
        ChangeIdTrailer::On {
            review_url: None, ..
        } => {
            if ids != 1 || valid(Key::ChangeId) != 1 {
                flaws.push(Flaw::ChangeIds(ids));
            }
        }
        ChangeIdTrailer::On { .. } => {
            let links = valid(Key::Link);
            if links != 1 {
                flaws.push(Flaw::Links(links));
            }
        }
    }
    let outside = |line: &str| line.to_ascii_lowercase().starts_with("change-id:");
    let numbered = body.iter().enumerate();
    let found = numbered.filter(|(_, line)| outside(line));
    flaws.extend(found.map(|(index, _)| Flaw::OutsideFooter(index + 1)));
    flaws
}

fn is_sign_off(trailer: &Trailer, email: &str) -> bool {
    let mail = trailer.value.rsplit_once('<').map(|(_, rest)| rest);
    trailer.key.eq_ignore_ascii_case("Signed-off-by")
        && mail.is_some_and(|mail| mail.trim_end_matches('>') == email)
}
