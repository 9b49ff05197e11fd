//! Reads the files of the configuration in git's order, with what they include.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::super::own_file;
use super::file::{self, Entry, Origin};
use super::include::{Answer, Condition, Place};
use super::{Environment, SettingsError, os_path};

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// In git's order: the last setting of a key wins.
    pub(super) entries: Vec<Entry>,
    /// Conditions of includes that cannot be evaluated as the installed git does.
    pub(super) unknown: Vec<String>,
    /// Files of the user that must not be read, which git passes over in silence.
    pub(super) closed: Vec<PathBuf>,
}

/// How deep includes go in git.
const DEPTH: usize = 10;

/// What a file that cannot be opened for lack of permission means: git dies, except for the user's
/// own files.
#[derive(Clone, Copy)]
enum Closed {
    Fails,
    IsPassedOver,
}

/// Returns the settings of all files, then of the command. Without a place there is no repository,
/// and what is read is git's protected configuration.
pub(super) fn read(env: &Environment, place: Option<&Place>) -> Result<Read, SettingsError> {
    let mut reader = Reader::new(env, place, Urls::NotAsked);
    reader.all()?;
    Ok(reader.read)
}

/// The URLs of remotes, which `hasconfig` asks for.
enum Urls {
    NotAsked,
    Known(Vec<Vec<u8>>),
    /// This reading looks for them: every `hasconfig` holds, and no file below one may name a URL.
    Wanted {
        below: usize,
    },
}

struct Reader<'a> {
    env: &'a Environment,
    place: Option<&'a Place>,
    urls: Urls,
    depth: usize,
    read: Read,
}

impl<'a> Reader<'a> {
    fn new(env: &'a Environment, place: Option<&'a Place>, urls: Urls) -> Reader<'a> {
        Reader {
            env,
            place,
            urls,
            depth: 0,
            read: Read::default(),
        }
    }

    fn all(&mut self) -> Result<(), SettingsError> {
        if let Some(system) = self.system() {
            self.file(&system, Closed::Fails)?;
        }
        for own in self.global() {
            self.file(&own, Closed::IsPassedOver)?;
        }
        if let Some(place) = self.place {
            let shared = place.common_dir.join("config");
            self.file(&shared, Closed::Fails)?;
            if has_worktree_config(&shared) {
                self.file(&place.git_dir.join("config.worktree"), Closed::Fails)?;
            }
        }
        self.entries(self.env.configuration()?)
    }

    fn system(&self) -> Option<PathBuf> {
        if self.env.is_true("GIT_CONFIG_NOSYSTEM") {
            return None;
        }
        match self.env.os("GIT_CONFIG_SYSTEM") {
            Some(path) => Some(path.into()),
            // Where this machine's git keeps it, as far as libgit2 knows.
            None => git2::Config::find_system().ok(),
        }
    }

    fn global(&self) -> Vec<PathBuf> {
        if let Some(path) = self.env.os("GIT_CONFIG_GLOBAL") {
            return vec![path.into()];
        }
        let home = self.env.os("HOME").map(PathBuf::from);
        let folder = match self.env.os("XDG_CONFIG_HOME").filter(|p| !p.is_empty()) {
            Some(path) => Some(PathBuf::from(path)),
            None => home.as_ref().map(|home| home.join(".config")),
        };
        let xdg = folder.map(|folder| folder.join("git/config"));
        let own = home.map(|home| home.join(".gitconfig"));
        xdg.into_iter().chain(own).collect()
    }

    fn file(&mut self, path: &Path, closed: Closed) -> Result<(), SettingsError> {
        let bytes = match own_file::bytes(path) {
            Ok(bytes) => bytes,
            Err(e) if matches!(e.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                return Ok(());
            }
            Err(e) if e.kind() == ErrorKind::PermissionDenied => match closed {
                Closed::IsPassedOver => {
                    self.read.closed.push(path.to_owned());
                    return Ok(());
                }
                Closed::Fails => return Err(SettingsError::unreadable(path, e)),
            },
            Err(e) => return Err(SettingsError::unreadable(path, e)),
        };
        let settings = file::parse(&bytes, path).map_err(|line| SettingsError::Syntax {
            path: path.display().to_string(),
            line,
        })?;
        self.entries(settings)
    }

    fn entries(&mut self, entries: Vec<Entry>) -> Result<(), SettingsError> {
        for entry in entries {
            self.read.entries.push(entry.clone());
            if is_url(&entry.key) && matches!(self.urls, Urls::Wanted { below: 1.. }) {
                return Err(SettingsError::UrlBelowCondition {
                    key: lossy(&entry.key),
                });
            }
            if entry.key == b"include.path" {
                self.include(&entry)?;
            } else if let Some(condition) = Condition::of(&entry.key) {
                self.include_if(&condition, &entry)?;
            }
        }
        Ok(())
    }

    fn include_if(&mut self, condition: &Condition, entry: &Entry) -> Result<(), SettingsError> {
        let holds = match condition {
            Condition::HasUrl(pattern) => return self.include_if_url(pattern, entry),
            condition => condition.holds(&entry.origin, self.place, self.env),
        };
        match holds {
            Answer::Yes => self.include(entry),
            Answer::No => Ok(()),
            Answer::Unknown => {
                self.read.unknown.push(lossy(&entry.key));
                Ok(())
            }
        }
    }

    fn include_if_url(&mut self, pattern: &[u8], entry: &Entry) -> Result<(), SettingsError> {
        if let Urls::NotAsked = self.urls {
            let mut other = Reader::new(self.env, self.place, Urls::Wanted { below: 0 });
            other.all()?;
            let entries = other.read.entries.into_iter();
            let urls = entries.filter(|e| is_url(&e.key)).filter_map(|e| e.value);
            self.urls = Urls::Known(urls.collect());
        }
        if let Urls::Wanted { below } = &mut self.urls {
            *below += 1;
            self.include(entry)?;
            if let Urls::Wanted { below } = &mut self.urls {
                *below -= 1;
            }
            return Ok(());
        }
        let Urls::Known(urls) = &self.urls else {
            return Ok(());
        };
        match super::include::any_fits(pattern, urls) {
            Answer::Yes => self.include(entry),
            Answer::No => Ok(()),
            Answer::Unknown => {
                self.read.unknown.push(lossy(&entry.key));
                Ok(())
            }
        }
    }

    /// Reads the file that the entry names.
    fn include(&mut self, entry: &Entry) -> Result<(), SettingsError> {
        let key = || lossy(&entry.key);
        let value = entry.value.as_deref();
        let value = value.ok_or_else(|| SettingsError::NoValue { key: key() })?;
        let expanded = os_path(value, self.env);
        let path = expanded.ok_or_else(|| SettingsError::Home {
            key: key(),
            value: lossy(value),
        })?;
        let path = match (path.is_absolute(), &entry.origin) {
            (true, _) => path,
            (false, Origin::File(from)) => from.parent().unwrap_or(Path::new("")).join(path),
            (false, Origin::Command) => {
                return Err(SettingsError::RelativeInclude { key: key() });
            }
        };
        if self.depth == DEPTH && path.exists() {
            return Err(SettingsError::Circle {
                path: path.display().to_string(),
            });
        }
        self.depth += 1;
        let done = self.file(&path, Closed::Fails);
        self.depth -= 1;
        done
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn is_url(key: &[u8]) -> bool {
    key.strip_prefix(b"remote.")
        .is_some_and(|rest| rest.ends_with(b".url") && rest.len() > 4)
}

/// Returns whether the repository's own file, without what it includes, says
/// `extensions.worktreeConfig`.
fn has_worktree_config(shared: &Path) -> bool {
    let settings = own_file::bytes(shared)
        .ok()
        .and_then(|bytes| file::parse(&bytes, shared).ok());
    let mut settings = settings.unwrap_or_default();
    settings.retain(|entry| entry.key == b"extensions.worktreeconfig");
    settings.pop().is_some_and(|entry| match entry.value {
        None => true,
        Some(value) => super::boolean(&value) == Some(true),
    })
}
