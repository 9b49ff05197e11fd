//! Where the expected durations are from that the limits follow.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::catalogue::{Entry, Workload};

/// A source, and what it is the source of.
#[derive(Serialize)]
pub(super) struct LimitSource {
    /// What was measured or read, when and where.
    text: String,
    /// The atomic actions, in byte order: "``a``, ``b``".
    actions: String,
}

/// Returns the sources of all limits, that of the most actions first.
pub(super) fn of(entry: &Entry) -> Vec<LimitSource> {
    let mut actions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for workload in entry.service.workloads() {
        for action in workload.sla.keys() {
            if let Some(source) = source(entry, workload, action) {
                actions.entry(source).or_default().insert(action);
            }
        }
    }
    let mut sources: Vec<_> = actions.into_iter().collect();
    sources.sort_by_key(|(_, actions)| std::cmp::Reverse(actions.len()));
    let view = |(source, actions): (&str, BTreeSet<&str>)| {
        let known = entry.durations.sources.get(source);
        let actions: Vec<String> = actions.iter().map(|name| format!("``{name}``")).collect();
        LimitSource {
            text: known.map_or(source, String::as_str).to_owned(),
            actions: actions.join(", "),
        }
    };
    sources.into_iter().map(view).collect()
}

fn source<'e>(entry: &'e Entry, workload: &'e Workload, action: &str) -> Option<&'e str> {
    let own = workload.durations.get(action);
    let known = own.or_else(|| entry.durations.actions.get(action))?;
    Some(&known.source)
}
