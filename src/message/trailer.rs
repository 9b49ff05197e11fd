//! Trailers: `Key: value` lines at the end of a message.

use std::fmt;
use std::str::FromStr;

use super::Provenance;
use super::footer::{Footer, Where, separator};

/// One trailer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// Letters, digits and `-`: `Closes-Bug`.
    pub key: String,
    /// What follows the colon, on one line and without white space around it.
    pub value: String,
}

/// What cannot be a trailer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrailerError {
    #[error("`{0}` is not a trailer; write it as `Key: value`")]
    NoKey(String),
    #[error("trailer `{0}` has no value")]
    NoValue(String),
    /// A line feed or another control character.
    #[error("trailer `{0}` has a control character")]
    Control(String),
    /// A key that the tool writes itself.
    #[error("git-rally writes the trailer `{0}` itself")]
    Reserved(String),
}

/// Returns the trailers of `text` in their order, as `git interpret-trailers --parse` does.
pub fn trailers(text: &str) -> Vec<Trailer> {
    let footer = Footer::of(text);
    let pairs = footer.trailers();
    pairs
        .map(|(key, value)| Trailer {
            key: key.to_owned(),
            value,
        })
        .collect()
}

/// Returns `text` with `new` where `git interpret-trailers --trailer ..` puts them, one call
/// for each: at the end of the footer, unless the last trailer there is the same.
pub fn add_trailers(text: &str, new: &[Trailer]) -> String {
    if new.is_empty() {
        return text.to_owned();
    }
    let mut footer = Footer::of(text);
    for trailer in new {
        footer.add(&trailer.key, &trailer.value, Where::End);
    }
    footer.text()
}

impl Trailer {
    /// Returns a trailer of a key and a value that are known to be good.
    pub fn new(key: &str, value: &str) -> Trailer {
        Trailer {
            key: key.to_owned(),
            value: value.trim().to_owned(),
        }
    }

    /// Returns the Signed-off-by of a person.
    pub fn signed_off_by(name: &str, email: &str) -> Trailer {
        Trailer::new("Signed-off-by", &format!("{name} <{email}>"))
    }
}

impl fmt::Display for Trailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.value)
    }
}

impl FromStr for Trailer {
    type Err = TrailerError;

    /// Reads what a user gave as `--trailer`: `Key: value`. Git would also take `Key=value`
    /// and a key alone; neither can be meant in an OpenStack message.
    fn from_str(text: &str) -> Result<Trailer, TrailerError> {
        if text.chars().any(char::is_control) {
            return Err(TrailerError::Control(text.escape_debug().to_string()));
        }
        let no_key = || TrailerError::NoKey(text.to_owned());
        let at = separator(text).filter(|&at| at > 0).ok_or_else(no_key)?;
        let (key, value) = (&text[..at], text[at + 1..].trim());
        if key.contains([' ', '\t']) || !key.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(no_key());
        }
        // What `https://host` is for Git: a key `https`.
        if value.starts_with("//") {
            return Err(no_key());
        }
        if value.is_empty() {
            return Err(TrailerError::NoValue(key.to_owned()));
        }
        if RESERVED.iter().any(|own| own.eq_ignore_ascii_case(key)) {
            return Err(TrailerError::Reserved(key.to_owned()));
        }
        Ok(Trailer::new(key, value))
    }
}

/// Two of these in one message make it invalid, or make a later run misread it.
const RESERVED: [&str; 4] = [
    "Change-Id",
    Provenance::KEY,
    Provenance::OPTIONS,
    Provenance::WROTE,
];
