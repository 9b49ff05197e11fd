//! The environment variables, and the configuration that git puts into them.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};

use super::SettingsError;
use super::file::{Entry, Origin, canonical};

/// The environment variables, taken once at the start.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

impl FromIterator<(OsString, OsString)> for Environment {
    fn from_iter<I: IntoIterator<Item = (OsString, OsString)>>(variables: I) -> Environment {
        Environment(variables.into_iter().collect())
    }
}

impl Environment {
    /// Returns the environment of the process.
    pub fn of_process() -> Environment {
        std::env::vars_os().collect()
    }

    /// Returns a variable that is set, not empty, and UTF-8.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.os(name)?.to_str()?;
        Some(value).filter(|value| !value.is_empty())
    }

    /// Returns a variable that is set, empty or not.
    pub fn os(&self, name: &str) -> Option<&OsStr> {
        self.0.get(OsStr::new(name)).map(OsString::as_os_str)
    }

    /// Returns whether a variable is true, as git reads booleans.
    pub(in crate::git) fn is_true(&self, name: &str) -> bool {
        let value = self.bytes(name).unwrap_or_default();
        super::boolean(value) == Some(true)
    }

    fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.os(name).map(OsStr::as_encoded_bytes)
    }

    /// Returns what `GIT_CONFIG_COUNT` and then `GIT_CONFIG_PARAMETERS` (`git -c`) add, in git's
    /// order.
    pub(super) fn configuration(&self) -> Result<Vec<Entry>, SettingsError> {
        let mut found = self.counted()?;
        if let Some(text) = self.bytes("GIT_CONFIG_PARAMETERS") {
            let bogus = || SettingsError::Bogus {
                variable: "GIT_CONFIG_PARAMETERS",
            };
            found.extend(parameters(text).ok_or_else(bogus)?);
        }
        Ok(found)
    }

    fn counted(&self) -> Result<Vec<Entry>, SettingsError> {
        let bogus = || SettingsError::Bogus {
            variable: "GIT_CONFIG_COUNT",
        };
        let Some(count) = self.get("GIT_CONFIG_COUNT") else {
            return Ok(Vec::new());
        };
        let count: u32 = count.parse().map_err(|_| bogus())?;
        let mut found = Vec::new();
        for n in 0..count {
            let key = self.bytes(&format!("GIT_CONFIG_KEY_{n}"));
            let value = self.bytes(&format!("GIT_CONFIG_VALUE_{n}"));
            let (Some(key), Some(value)) = (key, value) else {
                return Err(bogus());
            };
            found.push(entry(key, Some(value.to_vec())).ok_or_else(bogus)?);
        }
        Ok(found)
    }
}

fn entry(key: &[u8], value: Option<Vec<u8>>) -> Option<Entry> {
    Some(Entry {
        key: canonical(key)?,
        value,
        origin: Origin::Command,
    })
}

/// Returns the settings of `'a.b'='c'`, and of `'a.b=c'` as git before 2.31 writes them.
fn parameters(text: &[u8]) -> Option<Vec<Entry>> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (key, after) = quoted(rest)?;
        rest = after;
        if let Some(after) = rest.strip_prefix(b"=") {
            let is_end = after.first().is_none_or(|b| is_space(*b));
            let (value, after) = match is_end {
                true => (None, after),
                false => quoted(after).map(|(value, after)| (Some(value), after))?,
            };
            found.push(entry(&key, value)?);
            rest = after;
        } else {
            let (key, value) = match key.iter().position(|b| *b == b'=') {
                Some(at) => (key[..at].trim_ascii(), Some(key[at + 1..].to_vec())),
                None => (key.trim_ascii(), None),
            };
            found.push(entry(key, value)?);
        }
        if rest.first().is_some_and(|b| !is_space(*b)) {
            return None;
        }
        rest = rest.trim_ascii_start();
    }
    Some(found)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Returns the word in single quotes at the start, and what follows it. A quote and an exclamation
/// mark of the word stand behind a backslash, outside the quotes.
fn quoted(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let mut word = Vec::new();
    let mut rest = text.strip_prefix(b"'")?;
    loop {
        let end = rest.iter().position(|b| *b == b'\'')?;
        word.extend_from_slice(&rest[..end]);
        rest = &rest[end + 1..];
        match rest {
            [b'\\', special @ (b'\'' | b'!'), b'\'', after @ ..] => {
                word.push(*special);
                rest = after;
            }
            _ => return Some((word, rest)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(String, Option<String>)>> {
        let text_of = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        let entries = parameters(text.as_bytes())?;
        Some(
            (entries.into_iter())
                .map(|e| (text_of(e.key), e.value.map(text_of)))
                .collect(),
        )
    }

    #[test]
    fn git_writes_parameters_in_an_old_and_a_new_form() {
        let pair = |key: &str, value: Option<&str>| (key.to_owned(), value.map(str::to_owned));
        assert_eq!(
            read(r"'user.name=A B' 'user.Email'='it'\''s@x' 'core.bare' 'a.B.C'="),
            Some(vec![
                pair("user.name", Some("A B")),
                pair("user.email", Some("it's@x")),
                pair("core.bare", None),
                pair("a.B.c", None),
            ])
        );
        for bogus in [
            "'open",
            "x",
            "'a.b'c",
            "'a.b'='c'd",
            "'a'='b'",
            "'a b.c'='d'",
        ] {
            assert_eq!(read(bogus), None, "{bogus}");
        }
    }
}
