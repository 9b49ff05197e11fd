//! The list of irrelevant files that the other DevStack jobs of a file share.
//!
//! Zuul skips a job if every file of a change matches a pattern of `irrelevant-files` at its
//! start. The list is used by alias, so it must be anchored earlier in the same file; and it must
//! not match the job's own files, or the job would not run on the change that adds it.

use std::collections::{HashMap, HashSet};

use regex_lite::Regex;

use super::config_file::ConfigFile;
use super::config_node::ConfigNode;
use super::devstack::Devstack;
use crate::yaml::{Id, Node};

/// Parts of a service's package that are no part of the running service, or that other jobs watch.
const BESIDE_THE_SERVICE: [&str; 5] = ["test", "locale", "hacking", "policies", "cmd/status"];

/// The most memory that a pattern may take when it is compiled; a service's takes a hundredth.
const LARGEST_PATTERN: usize = 1 << 16;

/// What must stay relevant.
#[derive(Clone, Copy)]
pub(crate) struct Relevant<'a> {
    /// The task file: the job must run on the change that adds it.
    pub(crate) task: &'a str,
    /// The Zuul files of that change.
    pub(crate) paths: &'a [&'a str],
    /// The service's Python package: a list for one kind of deployment hides the source of others.
    pub(crate) package: Option<&'a str>,
}

impl Relevant<'_> {
    /// Returns whether none of the patterns matches one of the files.
    fn are_kept(&self, patterns: &[&str]) -> bool {
        let mut paths = self.paths.iter().chain([&self.task]);
        paths.all(|path| keeps(patterns, path))
    }

    /// Returns whether the pattern names a part of the service.
    fn is_source(&self, pattern: &str) -> bool {
        self.package
            .is_some_and(|package| hides_source(pattern, package))
    }
}

/// The pattern of everything below `rally-jobs`, as neutron has it.
pub(crate) const RALLY_JOBS: &str = "^rally-jobs/.*$";

/// Returns the anchored list that most DevStack jobs of the file share.
///
/// `before` is the byte at which the first alias will be.
pub(crate) fn shared<'a>(
    devstack: &Devstack<'_>,
    file: &'a ConfigFile,
    before: usize,
    relevant: Relevant<'_>,
) -> Option<Node<'a>> {
    let uses = uses(devstack, file);
    let mut counts: HashMap<Id, usize> = HashMap::new();
    for list in &uses {
        *counts.entry(list.id).or_default() += 1;
    }
    let mut seen = HashSet::new();
    let mut lists = uses;
    lists.retain(|list| counts.get(&list.id) > Some(&1) && seen.insert(list.id));
    // the first of those used most
    lists.sort_by_key(|list| std::cmp::Reverse(counts.get(&list.id)));
    let mut usable = lists.iter().filter(|list| usable(**list, before, relevant));
    usable.next().copied()
}

/// Returns those patterns of a list that may stand in a list of our own: they match none of the
/// files, and no part of the running service.
pub(crate) fn harmless<'a>(patterns: &[&'a str], relevant: Relevant<'_>) -> Vec<&'a str> {
    let patterns = patterns.iter().copied();
    let harmless = |p: &&str| relevant.are_kept(&[*p]) && !relevant.is_source(p);
    patterns.filter(harmless).collect()
}

/// Returns whether the list is for one kind of deployment.
pub(crate) fn is_special(patterns: &[&str], relevant: Relevant<'_>) -> bool {
    patterns.iter().any(|pattern| relevant.is_source(pattern))
}

/// Returns whether one of the patterns matches the path beyond doubt.
pub(crate) fn hides(patterns: &[&str], path: &str) -> bool {
    patterns.iter().any(|p| matches(p, path) == Some(true))
}

/// Returns whether none of the patterns matches the path; `false` where that cannot be told.
pub(crate) fn keeps(patterns: &[&str], path: &str) -> bool {
    patterns.iter().all(|p| matches(p, path) == Some(false))
}

/// Returns the list that each DevStack job of the file, or entry for one, uses.
fn uses<'a>(devstack: &Devstack<'_>, file: &'a ConfigFile) -> Vec<Node<'a>> {
    let defined = file.items("job").filter_map(|item| {
        let name = item.body.get("name").and_then(ConfigNode::text)?;
        Some((name, item.body))
    });
    let bodies = file
        .items("project")
        .chain(file.items("project-template"))
        .flat_map(|item| item.body.pipelines());
    let entries = bodies.flat_map(|(_, body)| body.entries());
    let entries = entries.filter_map(|entry| Some((entry.name, entry.attributes?)));
    defined
        .chain(entries)
        .filter(|(name, _)| devstack.has(name))
        .filter_map(|(_, at)| at.node.own("irrelevant-files"))
        .map(Node::resolved)
        .collect()
}

fn usable(list: Node<'_>, before: usize, relevant: Relevant<'_>) -> bool {
    let Some(anchor) = &list.data().anchor else {
        return false;
    };
    let unique = list.document.anchored(anchor) == 1;
    let patterns: Option<Vec<&str>> = list.items().map(Node::text).collect();
    let keeps_all = patterns.is_some_and(|patterns| {
        !patterns.is_empty() && !is_special(&patterns, relevant) && relevant.are_kept(&patterns)
    });
    unique && list.data().end <= before && keeps_all
}

/// Returns whether the pattern names a part of the package that a deployed service runs.
fn hides_source(pattern: &str, package: &str) -> bool {
    let path = pattern.trim_start_matches('^').strip_prefix(package);
    let below = path.and_then(|rest| rest.strip_prefix('/'));
    below.is_some_and(|below| {
        !BESIDE_THE_SERVICE
            .iter()
            .any(|part| below.starts_with(part))
    })
}

/// Returns whether Zuul's regular expression matches at the start of the path; `None` where it
/// is one that RE2 does not have, or a very large one.
pub fn matches(pattern: &str, path: &str) -> Option<bool> {
    Some(compiled(pattern)?.is_match(path))
}

/// Returns Zuul's regular expression, which matches at the start; `None` as for [`matches`].
pub fn compiled(pattern: &str) -> Option<Regex> {
    let anchored = format!("^(?:{pattern})");
    let mut regex = regex_lite::RegexBuilder::new(&anchored);
    regex.size_limit(LARGEST_PATTERN).build().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_for_one_kind_of_deployment_hides_source() {
        for pattern in [
            r"^mine/agent/l3/.*$",
            r"mine/scheduler/.*",
            r"^mine/.*\.py$",
        ] {
            assert!(hides_source(pattern, "mine"), "{pattern}");
        }
        for pattern in [
            r"^mine/tests/.*$",
            r"^mine/test.py$",
            r"^mine/locale/.*$",
            r"^mine/cmd/status\.py$",
            r"^mine-lib/.*$",
            r"^doc/.*$",
            r"^.*\.rst$",
        ] {
            assert!(!hides_source(pattern, "mine"), "{pattern}");
        }
    }
}
