//! The list of irrelevant files that the other DevStack jobs of a file share.
//!
//! Zuul skips a job if every file of a change matches a pattern of `irrelevant-files` at its
//! start. The list is used by alias, so it must be anchored earlier in the same file; and it must
//! not match the job's own files, or the job would not run on the change that adds it.

use super::config::{At, Config, Source};
use super::covered::Jobs;
use super::tree::Id;

/// Parts of names of jobs that deploy with DevStack.
const DEVSTACK: [&str; 4] = ["devstack", "tempest", "grenade", "rally"];

/// Parts of a service's package that are no part of the running service, or that other jobs watch.
const BESIDE_THE_SERVICE: [&str; 5] = ["test", "locale", "hacking", "policies", "cmd/status"];

/// What must stay relevant.
#[derive(Clone, Copy)]
pub(super) struct Relevant<'a> {
    /// Files of the change itself: the job must run on the change that adds it.
    pub(super) paths: &'a [&'a str],
    /// The service's Python package: a list for one kind of deployment hides the source of others.
    pub(super) package: Option<&'a str>,
}

/// Returns the anchor of the list that most DevStack jobs of the file share.
///
/// `before` is the byte at which the first alias will stand.
pub(super) fn shared<'a>(
    config: &Config,
    source: &'a Source,
    before: usize,
    relevant: Relevant<'_>,
) -> Option<&'a str> {
    let mut counts: Vec<(Id, usize)> = Vec::new();
    for list in uses(config, source) {
        match counts.iter_mut().find(|(id, _)| *id == list) {
            Some((_, count)) => *count += 1,
            None => counts.push((list, 1)),
        }
    }
    counts.retain(|(id, count)| *count > 1 && usable(source, *id, before, relevant));
    // the first of those used most
    let best = counts.iter().rev().max_by_key(|(_, count)| *count)?;
    source.tree.nodes[best.0].anchor.as_deref()
}

/// Returns whether none of the patterns matches the path; `false` where that cannot be told.
pub(super) fn keeps(patterns: &[&str], path: &str) -> bool {
    patterns.iter().all(|p| matches(p, path) == Some(false))
}

/// Returns the list that each DevStack job of the file, or entry for one, uses.
fn uses(config: &Config, source: &Source) -> Vec<Id> {
    let jobs = Jobs(config.jobs());
    let defined = source.items("job").filter_map(|item| {
        let name = item.body.get("name").and_then(At::text)?;
        Some((name, item.body))
    });
    let bodies = source
        .items("project")
        .chain(source.items("project-template"))
        .flat_map(|item| item.body.pipelines());
    let entries = bodies.flat_map(|(_, body)| body.entries());
    let entries = entries.filter_map(|entry| Some((entry.name, entry.attributes?)));
    defined
        .chain(entries)
        .filter(|(name, _)| is_devstack(&jobs, name))
        .filter_map(|(_, at)| source.tree.own(at.id, "irrelevant-files"))
        .map(|id| source.tree.resolve(id))
        .collect()
}

fn is_devstack(jobs: &Jobs<'_>, name: &str) -> bool {
    jobs.chain(name).iter().any(|name| {
        let sets_devstack = |at: &At<'_>| {
            let vars = at.get("vars").map(|v| at.source.tree.flat(v.id));
            vars.is_some_and(|vars| vars.iter().any(|(key, _)| key.starts_with("devstack_")))
        };
        DEVSTACK.iter().any(|part| name.contains(part))
            || jobs
                .0
                .get(name)
                .is_some_and(|d| d.iter().any(sets_devstack))
    })
}

fn usable(source: &Source, id: Id, before: usize, relevant: Relevant<'_>) -> bool {
    let node = &source.tree.nodes[id];
    let Some(anchor) = &node.anchor else {
        return false;
    };
    let named = source.tree.nodes.iter();
    let unique = named.filter(|n| n.anchor.as_ref() == Some(anchor)).count() == 1;
    let items = source.tree.items(id);
    let patterns: Option<Vec<&str>> = items.iter().map(|i| source.tree.text(*i)).collect();
    let keeps_all = patterns.is_some_and(|patterns| {
        let source = |pattern: &&str| relevant.package.is_some_and(|p| hides_source(pattern, p));
        relevant.paths.iter().all(|path| keeps(&patterns, path)) && !patterns.iter().any(source)
    });
    unique && node.end <= before && !items.is_empty() && keeps_all
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
/// is one that RE2 does not have.
fn matches(pattern: &str, path: &str) -> Option<bool> {
    let anchored = format!("^(?:{pattern})");
    let regex = regex_lite::Regex::new(&anchored).ok()?;
    Some(regex.is_match(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_for_one_kind_of_deployment_hides_source() {
        for pattern in [
            r"^neutron/agent/l3/.*$",
            r"neutron/scheduler/.*",
            r"^neutron/.*\.py$",
        ] {
            assert!(hides_source(pattern, "neutron"), "{pattern}");
        }
        for pattern in [
            r"^neutron/tests/.*$",
            r"^neutron/test.py$",
            r"^neutron/locale/.*$",
            r"^neutron/cmd/status\.py$",
            r"^neutron-lib/.*$",
            r"^doc/.*$",
            r"^.*\.rst$",
        ] {
            assert!(!hides_source(pattern, "neutron"), "{pattern}");
        }
    }
}
