//! Change-Ids: how Gerrit's commit-msg hook makes and places them.
//!
//! The rules are those of the script that git-review 2.5.0 installs (Gerrit's
//! `tools/hooks/commit-msg` of February 2024).

use std::fmt;
use std::str::FromStr;

use super::footer::{Footer, Where, is_space};
use crate::remedy::{Refusal, Remedy};

/// `I` and 40 hexadecimal digits in lower case, not all of them zero.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct ChangeId(String);

/// What is not a Change-Id.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeIdError {
    #[error("`{0}` is not a Change-Id: `I` and 40 hexadecimal digits")]
    Form(String),
    #[error("Gerrit rejects a Change-Id of zeros")]
    Zero,
}

/// What the hook's settings make of a Change-Id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeIdTrailer {
    /// Nothing: `gerrit.createChangeId` is `false`.
    Off,
    /// `Change-Id: I..`, or `Link: URL/id/I..` with a review URL.
    On {
        /// `gerrit.reviewUrl`, if it is set.
        review_url: Option<String>,
        /// `gerrit.createChangeId` is `always`: `fixup!` and the like get one, too.
        always: bool,
    },
}

impl ChangeIdTrailer {
    /// Returns what `gerrit.createChangeId` and `gerrit.reviewUrl` ask for.
    ///
    /// The hook compares the first one as text: `no` or `0` do not turn it off.
    pub fn from_config(create: Option<&str>, review_url: Option<&str>) -> ChangeIdTrailer {
        if create == Some("false") {
            return ChangeIdTrailer::Off;
        }
        ChangeIdTrailer::On {
            review_url: review_url.filter(|url| !url.is_empty()).map(str::to_owned),
            always: create == Some("always"),
        }
    }
}

impl Default for ChangeIdTrailer {
    /// What the hook does without any settings.
    fn default() -> ChangeIdTrailer {
        ChangeIdTrailer::from_config(None, None)
    }
}

impl ChangeId {
    /// Returns `I` and the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the Change-Id of a Git object id: the blob id of [`hook_input`].
    pub fn from_object_id(hex: &str) -> Result<ChangeId, ChangeIdError> {
        format!("I{hex}").parse()
    }
}

impl Remedy for ChangeIdError {
    fn refusal(&self) -> Option<Refusal> {
        Some(Refusal::Message)
    }

    fn hint(&self) -> String {
        "--change-id ID".to_owned()
    }
}

impl fmt::Display for ChangeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for ChangeId {
    type Err = ChangeIdError;

    fn from_str(text: &str) -> Result<ChangeId, ChangeIdError> {
        let form = || ChangeIdError::Form(text.to_owned());
        let digits = text.strip_prefix('I').ok_or_else(form)?;
        if digits.len() != 40 || !digits.bytes().all(is_lower_hex) {
            return Err(form());
        }
        if digits.bytes().all(|b| b == b'0') {
            return Err(ChangeIdError::Zero);
        }
        Ok(ChangeId(text.to_owned()))
    }
}

/// Returns the bytes whose Git blob id, behind an `I`, is the Change-Id.
///
/// `committer` is `Name <mail> seconds zone` as `git var GIT_COMMITTER_IDENT` prints it,
/// `parent` the id of the commit below in hexadecimal, `text` the message before insertion.
pub fn hook_input(committer: &str, parent: &str, text: &str) -> Vec<u8> {
    format!("{committer}\n{parent}\n{text}").into_bytes()
}

/// Returns `text` with the trailer for `id`, byte for byte as the hook writes it: behind all
/// trailers, but before the first Signed-off-by.
///
/// Unchanged if it is turned off, if there is such a trailer, and, unless `always`, for
/// `fixup!`, `squash!` and the like. An empty message, which the hook refuses, is unchanged.
pub fn insert_change_id(text: &str, id: &ChangeId, trailer: &ChangeIdTrailer) -> String {
    let ChangeIdTrailer::On { review_url, always } = trailer else {
        return text.to_owned();
    };
    if is_empty(text) || (!always && is_autosquash(text)) {
        return text.to_owned();
    }
    let (key, value) = match review_url {
        Some(url) => ("Link", format!("{}/id/{id}", strip_one_slash(url))),
        None => ("Change-Id", id.to_string()),
    };
    let has = Footer::of(text)
        .trailers()
        .any(|(k, v)| k == key && (review_url.is_none() || link_id(&v).is_some()));
    if has {
        return text.to_owned();
    }
    insert_before_sign_off(text, &format!("{key}: {value}"), key)
}

/// The trailer that holds the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// `Change-Id: I..`
    ChangeId,
    /// `Link: URL/id/I..`. Beside a Change-Id it is a link to some change, and nothing more.
    Link,
}

/// Returns the Change-Id in the footer of `text`: from its `Change-Id`, or from its `Link` where
/// there is none.
pub fn change_id(text: &str) -> Option<ChangeId> {
    let footer = Footer::of(text);
    let key = Key::of(&footer);
    footer.trailers().find_map(|(k, value)| key.id(k, &value))
}

/// Returns whether `made` is the message `wanted`, which may be before its Change-Id, but for the
/// Change-Id in the footer.
pub fn same_but_change_id(wanted: &str, made: &str) -> bool {
    let keys = [wanted, made].map(|text| Key::of(&Footer::of(text)));
    let key = match keys.contains(&Key::ChangeId) {
        true => Key::ChangeId,
        false => Key::Link,
    };
    // A link to a change that is there before the Change-Id is the user's own.
    if key == Key::Link && change_id(wanted).is_some() {
        return wanted.trim_end() == made.trim_end();
    }
    without_change_id(wanted, key) == without_change_id(made, key)
}

impl Key {
    fn of(footer: &Footer<'_>) -> Key {
        let mut trailers = footer.trailers();
        match trailers.any(|(key, _)| Key::ChangeId.is(key)) {
            true => Key::ChangeId,
            false => Key::Link,
        }
    }

    pub(super) fn is(self, key: &str) -> bool {
        let own = match self {
            Key::ChangeId => "Change-Id",
            Key::Link => "Link",
        };
        key.eq_ignore_ascii_case(own)
    }

    /// Returns the id that a trailer of this key holds.
    pub(super) fn id(self, key: &str, value: &str) -> Option<ChangeId> {
        if !self.is(key) {
            return None;
        }
        match self {
            Key::ChangeId => value.parse().ok(),
            Key::Link => link_id(value)?.parse().ok(),
        }
    }
}

fn without_change_id(text: &str, id_key: Key) -> String {
    let ids: Vec<String> = Footer::of(text)
        .trailers()
        .filter(|(key, value)| id_key.id(key, value).is_some())
        .map(|(key, value)| format!("{key}: {value}"))
        .collect();
    let lines = text.lines().filter(|line| !ids.iter().any(|id| id == line));
    let kept: Vec<&str> = lines.collect();
    kept.join("\n").trim_end().to_owned()
}

/// The hook's way: as if it were a Signed-off-by, put before the others of its kind, of which
/// there is at least one for as long as it takes.
fn insert_before_sign_off(text: &str, trailer: &str, key: &str) -> String {
    const SIGN_OFF: &str = "Signed-off-by";
    const SENTINEL: &str = "SENTINEL";
    let mut footer = Footer::of(text);
    footer.add(SIGN_OFF, SENTINEL, Where::End);
    let text = footer.text();
    let mut footer = Footer::of(&text);
    footer.add(SIGN_OFF, trailer, Where::Before);
    let text = footer.text();
    let (marked, sentinel) = (
        format!("{SIGN_OFF}: {key}: "),
        format!("{SIGN_OFF}: {SENTINEL}"),
    );
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with(&sentinel))
        .map(|line| match line.strip_prefix(&marked) {
            Some(rest) => format!("{key}: {rest}"),
            None => line.to_owned(),
        })
        .collect()
}

fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// Returns `I` and the digits of `../id/I..`, zeros included, as the hook does.
fn link_id(value: &str) -> Option<&str> {
    let (before, id) = value.rsplit_once('/')?;
    let digits = id.strip_prefix('I')?;
    let form = digits.len() == 40 && digits.bytes().all(is_lower_hex);
    (form && before.ends_with("/id")).then_some(id)
}

fn strip_one_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

/// A word in lower case, `!` and a space: `fixup! `, `squash! `, `amend! `.
fn is_autosquash(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    first
        .split_once("! ")
        .is_some_and(|(word, _)| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()))
}

/// Nothing but comments and blank lines, up to the first line with `>8`.
fn is_empty(text: &str) -> bool {
    let cut = text.lines().position(|line| line.contains(">8"));
    let lines = text.lines().take(cut.map_or(usize::MAX, |at| at + 1));
    let mut kept = lines.filter(|line| !line.starts_with('#'));
    kept.all(|line| line.chars().all(is_space))
}
