//! The files of plugins themselves, as Rally loads them.

use super::Rule;
use crate::check::Finding;
use crate::check::plugins::{FlawKind, Plugins};

/// Python refuses a file of plugins, so Rally skips it.
pub(super) const PLUGIN_SYNTAX: Rule = Rule {
    name: "plugin-syntax",
};

/// A name or module that a file of plugins needs is not there, so Rally skips the file.
pub(super) const PLUGIN_NAME: Rule = Rule {
    name: "plugin-name",
};

/// Rally has no such module, or the module no such name, so Rally skips the file.
pub(super) const PLUGIN_IMPORT: Rule = Rule {
    name: "plugin-import",
};

/// Rally refuses to register a plugin, and skips the file.
pub(super) const PLUGIN_REGISTRATION: Rule = Rule {
    name: "plugin-registration",
};

/// A plugin has the name and platform of another, so Rally skips the file.
pub(super) const PLUGIN_TWICE: Rule = Rule {
    name: "plugin-twice",
};

/// A file with plugins that Rally never reads.
pub(super) const PLUGIN_UNREAD: Rule = Rule {
    name: "plugin-unread",
};

pub(super) fn flaws(plugins: &Plugins) -> Vec<Finding> {
    let found = plugins.flaws.iter().map(|(path, flaw)| {
        let rule = match flaw.kind {
            FlawKind::Syntax => &PLUGIN_SYNTAX,
            FlawKind::Name => &PLUGIN_NAME,
            FlawKind::Import => &PLUGIN_IMPORT,
            FlawKind::Registration => &PLUGIN_REGISTRATION,
            FlawKind::Twice => &PLUGIN_TWICE,
            FlawKind::Idle => {
                return PLUGIN_REGISTRATION.doubtful(path, flaw.line, flaw.what.clone());
            }
        };
        let message = format!("Rally skips the file: {}", flaw.what);
        rule.broken(path, flaw.line, message)
    });
    found.collect()
}

pub(super) fn unread(plugins: &Plugins) -> Vec<Finding> {
    let unread = plugins.unread.iter().map(|(path, line, why)| {
        let message = format!("Rally never reads the plugins of this file: {why}");
        PLUGIN_UNREAD.doubtful(path, *line, message)
    });
    unread.collect()
}
