//! Where in its file the job goes, and where in a list its entry.

use std::collections::HashSet;

use super::super::model::{Config, ConfigFile, ConfigNode, Devstack, Item, JobEntry};
use super::error::ZuulError;
use super::order;
use super::target;
use super::wanted::Wanted;
use crate::yaml::lines;

/// Words of a comment that asks for an order.
const SORTED: [&str; 2] = ["sorted", "alphabetic"];

/// A place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) index: usize,
    /// The list has an order, and asks for this place.
    pub(super) is_asked_for: bool,
}

/// Returns the place of the entry: in order where the list has one, else behind the last of
/// `kin`, else at the end.
pub(super) fn in_list(list: ConfigNode<'_>, wanted: &Wanted<'_>, kin: &HashSet<&str>) -> Place {
    let sorted = names(list).and_then(|names| sorted(list, &names, wanted.job));
    if let Some(index) = sorted {
        let is_asked_for = true;
        return Place {
            index,
            is_asked_for,
        };
    }
    let entries: Vec<_> = list.items().map(ConfigNode::entry).collect();
    let is_kin = |entry: &Option<JobEntry<'_>>| entry.is_some_and(|e| kin.contains(e.name));
    let behind = entries.iter().rposition(is_kin).map(|index| index + 1);
    Place {
        index: behind.unwrap_or(entries.len()),
        is_asked_for: false,
    }
}

/// Returns the names of a job list; `None` where an item has none.
fn names(list: ConfigNode<'_>) -> Option<Vec<&str>> {
    let entries = list.items().map(ConfigNode::entry);
    entries.map(|entry| Some(entry?.name)).collect()
}

/// Returns the index in a sorted list.
///
/// A comment of the stanza may ask for the order. Else check and gate must both be sorted: a
/// short list is so by chance.
fn sorted(list: ConfigNode<'_>, names: &[&str], job: &str) -> Option<usize> {
    let place = list.node.data().start;
    let mut stanzas = list.file.items("project");
    let stanza = stanzas.find(|item| {
        let around = item.item.node.data();
        around.start <= place && place < around.end
    })?;
    if asks_for_order(stanza) {
        return order::sorted_place(names, job, true);
    }
    let pipelines = ["check", "gate"].into_iter();
    let mut lists = pipelines.filter_map(|name| stanza.body.get(name)?.get("jobs"));
    let is_unsorted = |list| self::names(list).is_none_or(|names| order::is_unsorted(&names));
    match lists.any(is_unsorted) {
        true => None,
        false => order::sorted_place(names, job, false),
    }
}

/// Returns whether a comment of the stanza asks to keep its lists in order.
fn asks_for_order(stanza: Item<'_>) -> bool {
    let data = stanza.item.node.data();
    let mut lines = stanza.item.file.text[data.start..data.end].lines();
    lines.any(|line| {
        let line = line.to_ascii_lowercase();
        lines::comment_column(&line).is_some() && SORTED.iter().any(|word| line.contains(word))
    })
}

/// Returns the index of the job in the topmost list of its file; `None`: at the end.
///
/// Jobs stand before the stanza, and the new one goes right before it. Where the stanza comes
/// first and jobs follow, it goes behind the last of its kin.
pub(super) fn in_file(
    config: &Config,
    file: &ConfigFile,
    wanted: &Wanted<'_>,
    kin: &HashSet<&str>,
) -> Result<Option<usize>, ZuulError> {
    let own = target::own_stanzas(config, wanted.project)?;
    let mut own = own.iter().filter(|item| item.body.file.path == file.path);
    let Some(stanza) = own.next().map(|item| item.index) else {
        return Ok(None);
    };
    let jobs: Vec<_> = file.items("job").collect();
    if jobs.is_empty() || jobs.iter().any(|job| job.index < stanza) {
        return Ok(Some(stanza));
    }
    let devstack = Devstack::of(config);
    let last = |is_kin: &dyn Fn(&str) -> bool| {
        let mut jobs = jobs.iter().rev();
        jobs.find(|job| {
            job.body
                .get("name")
                .and_then(ConfigNode::text)
                .is_some_and(is_kin)
        })
    };
    let behind = last(&|name| kin.contains(name))
        .or_else(|| last(&|name| devstack.has(name)))
        .or(jobs.last())
        .map(|job| job.index + 1);
    let all = file.list().map_or(0, |list| list.items().len());
    Ok(behind.filter(|index| *index < all))
}
