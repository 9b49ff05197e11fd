//! The extra files that a task names.

use std::collections::BTreeSet;

use super::{Known, Rule};
use crate::check::Finding;
use crate::check::task::Task;
use crate::rally::{EXTRA, EXTRA_AT_HOME, IMAGES_OF_THE_ROLE};

/// A file of `~/.rally/extra` that is not in `rally-jobs/extra`, from where the CI roles copy.
pub(super) const MISSING: Rule = Rule {
    name: "extra-missing",
};

/// Behind the home of a user.
const BELOW_HOME: &str = "/.rally/extra/";

/// The home of the user `stack`, as whom the roles run Rally.
const HOME: &str = "/opt/stack";

pub(super) fn missing(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let mut named: BTreeSet<(usize, &str)> = BTreeSet::new();
    for (line, text) in task.texts() {
        named.extend(names(text).map(|name| (line, name)));
    }
    let absent = named
        .into_iter()
        .filter(|(_, name)| !will_be_there(name, known))
        .map(|(line, name)| {
            let message = format!("`{EXTRA}/{name}` does not exist");
            MISSING.broken(task.path, line, message)
        });
    absent.chain(at_other_homes(task, known)).collect()
}

/// Returns the extra files that a task wants in the home of another user than the role's.
fn at_other_homes(task: &Task<'_>, known: &Known<'_>) -> Vec<Finding> {
    let texts = task.texts().filter_map(|(line, text)| {
        let (home, _) = text.split_once(BELOW_HOME)?;
        let is_other = home.starts_with("/home/") || home == "/root";
        is_other.then_some((line, text))
    });
    let named: BTreeSet<(usize, &str)> = texts.collect();
    let found = named.into_iter().map(|(line, text)| {
        let message = format!(
            "`{text}`: the CI role copies `{EXTRA}` to {HOME}{BELOW_HOME}: write `{EXTRA_AT_HOME}/..`"
        );
        match known.runs.is_run(task.path) {
            true => MISSING.broken(task.path, line, message),
            false => MISSING.doubtful(task.path, line, message),
        }
    });
    found.collect()
}

/// What cannot be told counts as there.
fn will_be_there(name: &str, known: &Known<'_>) -> bool {
    let kind = || known.files.kind(&format!("{EXTRA}/{name}"));
    IMAGES_OF_THE_ROLE.contains(&name) || !matches!(kind(), Ok(None))
}

/// Returns the names behind `~/.rally/extra/`, those that are whole.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices(EXTRA_AT_HOME)
        .filter_map(move |(at, _)| {
            let rest = text[at + EXTRA_AT_HOME.len()..].strip_prefix('/')?;
            let is_part = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            let after = rest[end..].chars().next();
            let is_whole = after.is_none_or(|c| "\"'),]} \n".contains(c));
            let name = &rest[..end];
            let is_plain = !name.is_empty() && !name.ends_with('/') && !name.contains("..");
            (is_whole && is_plain).then_some(name)
        })
}
