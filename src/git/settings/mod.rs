//! Configuration as git has it: files, what they include, `git -c` and `GIT_CONFIG_COUNT`.
//!
//! libgit2 knows neither what the environment adds, nor `includeIf hasconfig:`, and passes over a
//! file that it cannot read, so the files are read here. The rules are those of git 2.45 and later.

mod environment;
mod file;
mod include;
mod read;

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::Repo;
use crate::remedy::{Refusal, Remedy};
use crate::shell;
pub use environment::Environment;
use file::Entry;
pub(super) use include::Place;

/// Why the configuration cannot be read, or not be understood. Git ends with an error, too.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    #[error("git does not write the environment variable {variable} like this")]
    Bogus { variable: &'static str },
    #[error("cannot read Git's configuration `{path}`")]
    Unreadable {
        path: String,
        source: std::io::Error,
    },
    #[error("cannot read Git's configuration: line {line} of `{path}` is invalid")]
    Syntax { path: String, line: usize },
    #[error("`{key}` of Git's configuration has no value")]
    NoValue { key: String },
    #[error("`{key}` of Git's configuration is `{value}`, which is neither true nor false")]
    Boolean { key: String, value: String },
    #[error("`{key}` of Git's configuration is `{value}`, which git does not know")]
    Value { key: String, value: String },
    #[error(
        "`{key}` of Git's configuration is `{value}`, and the home folder of that user is unknown"
    )]
    Home { key: String, value: String },
    #[error("`{key}` has a relative path, which `git -c` does not allow")]
    RelativeInclude { key: String },
    #[error("Git's configuration includes `{path}` more than ten deep: in a circle?")]
    Circle { path: String },
    #[error(
        "`{key}` is in a file that `includeIf.hasconfig:remote.*.url` includes; git forbids URLs there"
    )]
    UrlBelowCondition { key: String },
}

impl SettingsError {
    fn unreadable(path: &Path, source: std::io::Error) -> SettingsError {
        SettingsError::Unreadable {
            path: path.display().to_string(),
            source,
        }
    }
}

impl Remedy for SettingsError {
    fn refusal(&self) -> Option<Refusal> {
        match self {
            // It may say who the author is.
            SettingsError::Bogus { .. } => Some(Refusal::Identity),
            _ => None,
        }
    }

    fn hint(&self) -> String {
        let shows = |what: &str| format!("{what}; find it: git config --list --show-origin");
        match self {
            SettingsError::Bogus { variable } => format!("unset {variable}"),
            SettingsError::Unreadable { path, .. } => shell::line(["ls", "-ld", path]),
            SettingsError::Syntax { .. } => super::error::MEND_CONFIGURATION.to_owned(),
            SettingsError::NoValue { .. } => shows("give the key a value"),
            SettingsError::Boolean { .. } => shows("set it to true or false"),
            SettingsError::Value { .. } => shows("fix it"),
            SettingsError::Home { .. } => shows("write the whole path"),
            SettingsError::RelativeInclude { .. } => "use an absolute path".to_owned(),
            SettingsError::Circle { .. } | SettingsError::UrlBelowCondition { .. } => {
                shows("fix the include")
            }
        }
    }
}

/// The configuration of one repository.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In git's order: the last one wins.
    entries: Vec<Entry>,
    /// Conditions of includes that cannot be evaluated.
    unknown: Vec<String>,
    /// The user's own files that must not be read.
    closed: Vec<PathBuf>,
}

impl Repo {
    /// Returns the repository's configuration, with what the environment adds.
    pub fn settings(&self, env: &Environment) -> Result<Settings, SettingsError> {
        Settings::read(env, Some(&self.place(env)))
    }

    fn place(&self, env: &Environment) -> Place {
        let real = |dir: &Path| dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
        Place {
            git_dir: real(self.git_dir()),
            common_dir: real(self.common_dir()),
            git_dir_as_given: self.git_dir_as_given(env),
            branch: self.head_branch_bytes(),
        }
    }
}

impl Settings {
    pub(super) fn read(
        env: &Environment,
        place: Option<&Place>,
    ) -> Result<Settings, SettingsError> {
        let read = read::read(env, place)?;
        Ok(Settings {
            entries: read.entries,
            unknown: read.unknown,
            closed: read.closed,
        })
    }

    /// Returns the value of `key`, such as `user.email`.
    pub fn get(&self, key: &str) -> Option<String> {
        let value = self.last(key)?.value.as_deref()?;
        Some(String::from_utf8_lossy(value).into_owned())
    }

    /// Returns the bytes of the last setting of `key`; none where it has no value.
    pub(super) fn bytes(&self, key: &str) -> Option<Option<&[u8]>> {
        Some(self.last(key)?.value.as_deref())
    }

    /// Returns all values of `key`, in git's order.
    pub(super) fn all<'s>(&'s self, key: &str) -> impl Iterator<Item = &'s [u8]> {
        let key = lower(key);
        (self.entries.iter())
            .filter(move |entry| entry.key == *key)
            .map(|entry| entry.value.as_deref().unwrap_or_default())
    }

    /// Fails where `key` once has no value: git ends then, even if a later setting has one.
    pub(super) fn all_have_values(&self, key: &str) -> Result<(), SettingsError> {
        let wanted = lower(key);
        let mut all = self.entries.iter().filter(|entry| entry.key == *wanted);
        match all.any(|entry| entry.value.is_none()) {
            true => Err(SettingsError::NoValue {
                key: key.to_owned(),
            }),
            false => Ok(()),
        }
    }

    /// Fails where `key` once is neither true nor false.
    pub(super) fn all_are_boolean(&self, key: &str) -> Result<(), SettingsError> {
        match self.all(key).find(|value| boolean(value).is_none()) {
            Some(value) => Err(SettingsError::Boolean {
                key: key.to_owned(),
                value: String::from_utf8_lossy(value).into_owned(),
            }),
            None => Ok(()),
        }
    }

    fn last(&self, key: &str) -> Option<&Entry> {
        let key = lower(key);
        self.entries.iter().rev().find(|entry| entry.key == *key)
    }

    /// Returns whether `key` is true; false where it is not set.
    pub fn is_true(&self, key: &str) -> Result<bool, SettingsError> {
        self.all_are_boolean(key)?;
        Ok(match self.bytes(key) {
            None => false,
            Some(None) => true,
            Some(Some(value)) => boolean(value) == Some(true),
        })
    }

    /// Returns the path that `key` holds, with `~/` for the home folder.
    pub fn path(&self, key: &str, env: &Environment) -> Option<PathBuf> {
        let value = self.last(key)?.value.as_deref()?;
        let value = Some(value).filter(|value| !value.is_empty())?;
        os_path(value, env).or_else(|| Some(of_bytes(value)))
    }

    /// Returns a condition of an include that cannot be evaluated.
    pub(super) fn unknown_include(&self) -> Option<&str> {
        self.unknown.first().map(String::as_str)
    }

    /// Returns the user's own file that must not be read, which git passes over.
    pub(super) fn closed_file(&self) -> Option<&Path> {
        self.closed.first().map(PathBuf::as_path)
    }
}

/// Returns `key` as the files have it; what the program itself asks for is a key.
fn lower(key: &str) -> Cow<'_, [u8]> {
    match file::canonical(key.as_bytes()) {
        Some(key) => Cow::Owned(key),
        None => Cow::Borrowed(key.as_bytes()),
    }
}

/// Returns what git takes the text for: words, or a number that is zero or not.
fn boolean(value: &[u8]) -> Option<bool> {
    let value = value.to_ascii_lowercase();
    match value.as_slice() {
        b"true" | b"yes" | b"on" => return Some(true),
        b"false" | b"no" | b"off" | b"" => return Some(false),
        _ => {}
    }
    let digits = value.strip_suffix(b"k").or(value.strip_suffix(b"m"));
    let digits = digits.or(value.strip_suffix(b"g")).unwrap_or(&value);
    let number: i64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some(number != 0)
}

/// Returns the path with `~` for the home folder; `None` for the home of somebody else, and for the
/// folder that git is installed in, which are not known here.
pub(super) fn os_path(value: &[u8], env: &Environment) -> Option<PathBuf> {
    if value.starts_with(b"%(prefix)/") {
        return None;
    }
    let Some(rest) = value.strip_prefix(b"~") else {
        return Some(of_bytes(value));
    };
    if !(rest.is_empty() || rest.starts_with(b"/")) {
        return None;
    }
    let home = path_bytes(Path::new(env.os("HOME")?));
    Some(of_bytes(&[home.as_slice(), rest].concat()))
}

#[cfg(unix)]
fn of_bytes(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes)).to_owned()
}

#[cfg(not(unix))]
fn of_bytes(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

fn path_bytes(path: &Path) -> Vec<u8> {
    path.as_os_str().as_encoded_bytes().to_vec()
}
