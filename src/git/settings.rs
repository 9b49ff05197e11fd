//! Configuration as git has it, `git -c` and `GIT_CONFIG_COUNT` included.
//!
//! libgit2 reads the files but not what the environment adds, so that is put on top here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::{Failure, Repo};
use crate::remedy::{Refusal, Remedy};

/// Why the configuration cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("the environment variable {variable} is not as git writes it")]
    Bogus { variable: &'static str },
    #[error(transparent)]
    Failed(#[from] Failure),
}

impl Remedy for SettingsError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            // It may say who the author is.
            SettingsError::Bogus { .. } => Some(Refusal::Identity),
            SettingsError::Failed(_) => None,
        }
    }

    fn hint(&self) -> String {
        match self {
            SettingsError::Bogus { variable } => format!("unset {variable}"),
            SettingsError::Failed(failure) => failure.hint(),
        }
    }
}

/// The environment variables, taken once at the start.
#[derive(Clone, Debug, Default)]
pub struct Environment(pub BTreeMap<String, String>);

impl Environment {
    /// Returns the environment of the process; what is not UTF-8 is left out.
    pub fn of_process() -> Environment {
        Environment(
            std::env::vars_os()
                .filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?)))
                .collect(),
        )
    }

    /// Returns a variable that is set and not empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }
}

/// The configuration of one repository.
pub struct Settings {
    config: git2::Config,
    /// Key to value, in the order git would apply them; the last one wins.
    from_environment: Vec<(String, String)>,
}

impl Repo {
    /// Returns the repository's configuration, with what the environment adds.
    pub fn settings(&self, env: &Environment) -> Result<Settings, SettingsError> {
        let mut config = self
            .inner
            .config()
            .map_err(|e| Failure::during("read the configuration", e))?;
        let config = config
            .snapshot()
            .map_err(|e| Failure::during("read the configuration", e))?;
        Ok(Settings {
            config,
            from_environment: from_environment(env)?,
        })
    }
}

impl Settings {
    /// Returns the value of `key`, such as `user.email`.
    pub fn get(&self, key: &str) -> Option<String> {
        let key_lower = canonical(key);
        let last = self
            .from_environment
            .iter()
            .rev()
            .find(|(k, _)| *k == key_lower);
        match last {
            Some((_, value)) => Some(value.clone()),
            None => self.config.get_string(key).ok(),
        }
    }

    /// Returns whether `key` came with `git -c` or `GIT_CONFIG_COUNT`.
    pub fn is_from_environment(&self, key: &str) -> bool {
        let key = canonical(key);
        self.from_environment.iter().any(|(k, _)| *k == key)
    }

    /// Returns whether `key` is true, as git reads booleans.
    pub fn is_true(&self, key: &str) -> bool {
        if !self.is_from_environment(key) {
            // A key without a value is true in a file, and libgit2 has no text for it.
            return self.config.get_bool(key).unwrap_or(false);
        }
        self.get(key)
            .is_some_and(|value| git2::Config::parse_bool(value).unwrap_or(false))
    }

    /// Returns the path that `key` holds, with `~/` for the home folder.
    pub fn path(&self, key: &str, env: &Environment) -> Option<PathBuf> {
        let value = self.get(key).filter(|value| !value.is_empty())?;
        Some(match (value.strip_prefix("~/"), env.get("HOME")) {
            (Some(rest), Some(home)) => Path::new(home).join(rest),
            _ => value.into(),
        })
    }

    /// Returns a condition `includeIf.hasconfig:..`, which libgit2 does not evaluate.
    pub fn unresolved_include(&self) -> Option<String> {
        let entries = self
            .config
            .entries(Some("^includeif\\.hasconfig:.*\\.path$"))
            .ok()?;
        let mut found = None;
        // The walk fails only on memory; what was found until then is enough.
        let _ = entries.for_each(|entry| found = entry.name().ok().map(str::to_owned));
        found
    }
}

/// Returns `key` with section and variable in lower case, as git compares them.
fn canonical(key: &str) -> String {
    match (key.find('.'), key.rfind('.')) {
        (Some(first), Some(last)) => format!(
            "{}{}{}",
            key[..first].to_lowercase(),
            &key[first..last],
            key[last..].to_lowercase()
        ),
        _ => key.to_lowercase(),
    }
}

/// Returns what `GIT_CONFIG_COUNT` and then `GIT_CONFIG_PARAMETERS` add (git's own order).
fn from_environment(env: &Environment) -> Result<Vec<(String, String)>, SettingsError> {
    let mut found = Vec::new();
    if let Some(count) = env.get("GIT_CONFIG_COUNT") {
        let count: usize = count.parse().map_err(|_| bogus("GIT_CONFIG_COUNT"))?;
        for n in 0..count.min(10_000) {
            let key = env
                .get(&format!("GIT_CONFIG_KEY_{n}"))
                .ok_or_else(|| bogus("GIT_CONFIG_COUNT"))?;
            let value = env
                .0
                .get(&format!("GIT_CONFIG_VALUE_{n}"))
                .ok_or_else(|| bogus("GIT_CONFIG_COUNT"))?;
            found.push((canonical(key), value.clone()));
        }
    }
    if let Some(text) = env.get("GIT_CONFIG_PARAMETERS") {
        let words = shell_words(text).ok_or_else(|| bogus("GIT_CONFIG_PARAMETERS"))?;
        for word in words {
            // A key without a value is true.
            let (key, value) = word.split_once('=').unwrap_or((&word, "true"));
            found.push((canonical(key), value.to_owned()));
        }
    }
    Ok(found)
}

fn bogus(variable: &'static str) -> SettingsError {
    SettingsError::Bogus { variable }
}

/// Returns the words of `'a=b' 'c'='d'`: single quotes, and a backslash before one character outside them.
fn shell_words(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\n' | '\t' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        c => word.push(c),
                    }
                }
            }
            '\\' => word.get_or_insert_default().push(chars.next()?),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn git_writes_parameters_in_an_old_and_a_new_form() {
        let words =
            shell_words(r"'user.name=A B' 'user.email'='it'\''s@x' 'core.bare'").expect("words");
        assert_eq!(words, ["user.name=A B", "user.email=it's@x", "core.bare"]);
        assert_eq!(shell_words("'open"), None);
    }
}
