//! The keys that git-review reads, and what their values may not be.

use crate::refname;

/// One setting, by its names in `.gitreview` and in the git configuration.
pub(super) struct Key {
    pub(super) file: &'static str,
    pub(super) config: &'static str,
    pub(super) check: fn(&str) -> Result<(), Misfit>,
}

/// Why a value is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Misfit {
    #[error("is empty")]
    Empty,
    #[error("contains white space")]
    WhiteSpace,
    #[error("contains a control character")]
    Control,
    /// git would take it for an option.
    #[error("begins with `-`")]
    Dash,
    #[error("is not a port")]
    NotAPort,
    #[error("git rejects as a name")]
    NotAName,
}

/// Every key that git-review looks up, so that interpolation fails here where it fails there.
pub(super) const FILE_KEYS: [&Key; 11] = [
    &SCHEME,
    &HOST,
    &PORT,
    &PROJECT,
    &BRANCH,
    &REMOTE,
    &REBASE,
    &TRACK,
    &key("notopic", "gitreview.notopic", anything),
    &USE_PUSH_URL,
    &key("branchauthor", "gitreview.branchauthor", anything),
];

pub(super) const SCHEME: Key = key("scheme", "gitreview.scheme", word);
pub(super) const HOST: Key = key("host", "gitreview.hostname", word);
pub(super) const PORT: Key = key("port", "gitreview.port", port);
pub(super) const PROJECT: Key = key("project", "gitreview.project", word);
pub(super) const BRANCH: Key = key("defaultbranch", "gitreview.branch", name);
pub(super) const REMOTE: Key = key("defaultremote", "gitreview.remote", name);
pub(super) const REBASE: Key = key("defaultrebase", "gitreview.rebase", anything);
pub(super) const TRACK: Key = key("track", "gitreview.track", anything);
pub(super) const USE_PUSH_URL: Key = key("usepushurl", "gitreview.usepushurl", anything);

const fn key(
    file: &'static str,
    config: &'static str,
    check: fn(&str) -> Result<(), Misfit>,
) -> Key {
    Key {
        file,
        config,
        check,
    }
}

fn anything(_: &str) -> Result<(), Misfit> {
    Ok(())
}

/// An empty port is none: git-review leaves it out of the URL.
fn port(value: &str) -> Result<(), Misfit> {
    match value.is_empty() || value.parse::<u16>().is_ok() {
        true => Ok(()),
        false => Err(Misfit::NotAPort),
    }
}

fn word(value: &str) -> Result<(), Misfit> {
    if value.is_empty() {
        return Err(Misfit::Empty);
    }
    if value.contains(char::is_whitespace) {
        return Err(Misfit::WhiteSpace);
    }
    if value.contains(char::is_control) {
        return Err(Misfit::Control);
    }
    if value.starts_with('-') {
        return Err(Misfit::Dash);
    }
    Ok(())
}

/// Branches and remotes become part of references.
fn name(value: &str) -> Result<(), Misfit> {
    word(value)?;
    match refname::fits(value) {
        true => Ok(()),
        false => Err(Misfit::NotAName),
    }
}
