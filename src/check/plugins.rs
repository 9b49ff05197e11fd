//! The scenarios that the repository's own plugins bring.

use std::collections::BTreeSet;

use regex_lite::Regex;

use super::Finding;
use super::folder::Folder;
use super::rules::NOT_JUDGED;
use super::text::{self, Text};
use crate::files::{EntryKind, Files, FilesError};
use crate::rally;

/// The scenarios of the repository's plugins.
pub(super) enum Plugins {
    Known(BTreeSet<String>),
    /// A sentence that says why they cannot be told.
    Unknown(String),
}

impl Plugins {
    pub(super) fn read(files: &dyn Files, folder: &Folder) -> Result<Plugins, FilesError> {
        let why = outside(files)?.or_else(|| folder.why_incomplete());
        Ok(match why {
            Some(why) => Plugins::Unknown(format!("cannot tell the names of scenarios: {why}")),
            None => inside(files, folder),
        })
    }

    /// Returns whether a plugin may have the scenario.
    pub(super) fn may_have(&self, scenario: &str) -> bool {
        match self {
            Plugins::Known(names) => names.contains(scenario),
            Plugins::Unknown(_) => true,
        }
    }

    /// Returns whether a plugin has the name for certain.
    pub(super) fn has(&self, name: &str) -> bool {
        matches!(self, Plugins::Known(names) if names.contains(name))
    }

    /// Returns that scenario names are not judged.
    pub(super) fn not_judged(&self) -> Option<Finding> {
        match self {
            Plugins::Known(_) => None,
            Plugins::Unknown(why) => Some(NOT_JUDGED.noted(rally::PLUGINS, 1, why.clone())),
        }
    }
}

/// Returns why there may be plugins where nobody looks for them here.
fn outside(files: &dyn Files) -> Result<Option<String>, FilesError> {
    for path in ["setup.cfg", "pyproject.toml"] {
        let bytes = files.read(path).ok().flatten().unwrap_or_default();
        if String::from_utf8_lossy(&bytes).contains(rally::PLUGIN_ENTRY_POINTS) {
            return Ok(Some(format!("`{path}` registers Rally plugins of its own")));
        }
    }
    let is_link = files.kind(rally::PLUGINS)? == Some(EntryKind::Symlink);
    Ok(is_link.then(|| format!("`{}` is a link", rally::PLUGINS)))
}

fn inside(files: &dyn Files, folder: &Folder) -> Plugins {
    let mut names = BTreeSet::new();
    for path in folder.paths.iter().filter(|path| rally::is_plugin(path)) {
        let text = match text::read(files, path) {
            Text::Read(text) => text,
            Text::Absent => continue,
            Text::NotJudged(why) => return Plugins::Unknown(why),
        };
        match names_of(&text) {
            Some(found) => names.extend(found),
            None => {
                return Plugins::Unknown(format!(
                    "cannot tell the names of scenarios: a name in `{path}` is not a string literal"
                ));
            }
        }
    }
    Plugins::Known(names)
}

/// Returns the names that a file of plugins gives; `None` where one is not a string as it stands.
fn names_of(text: &str) -> Option<Vec<String>> {
    let literal = Regex::new(r#"(?:^|[\s(,])name\s*=\s*["']([\w.]+)["']\s*[,)]"#).ok()?;
    let any = Regex::new(r"scenario\.configure\s*\(").ok()?;
    let names: Vec<String> = (literal.captures_iter(text))
        .map(|found| found[1].to_owned())
        .collect();
    let scenarios = names.iter().filter(|name| name.contains('.')).count();
    (any.find_iter(text).count() <= scenarios).then_some(names)
}
