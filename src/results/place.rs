//! Which machines a build of Zuul ran on: its `zuul-info/inventory.yaml`, which the base job of
//! OpenDev publishes beside the results.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::yaml;

/// Where the inventory lies, from the folder of the results or one of those above.
pub(super) const INVENTORY: &str = "zuul-info/inventory.yaml";

#[derive(Deserialize)]
struct Inventory {
    all: All,
}

#[derive(Deserialize)]
struct All {
    #[serde(default)]
    hosts: BTreeMap<String, Host>,
}

#[derive(Deserialize)]
struct Host {
    nodepool: Option<Node>,
}

#[derive(Deserialize)]
struct Node {
    provider: Option<String>,
    region: Option<String>,
    label: Option<String>,
}

/// Returns what the machines are called, `ovh-bhs1 ubuntu-noble`; `None` if it does not say so.
pub(super) fn hardware(inventory: &[u8]) -> Option<String> {
    let read: Inventory = yaml::from_slice(inventory).ok()?;
    let nodes = read
        .all
        .hosts
        .into_values()
        .filter_map(|host| host.nodepool);
    let names: BTreeSet<String> = nodes
        .filter_map(|node| {
            let place = node.provider.or(node.region);
            let words: Vec<String> = place.into_iter().chain(node.label).collect();
            (!words.is_empty()).then(|| words.join(" "))
        })
        .collect();
    let names: Vec<String> = names.into_iter().collect();
    (!names.is_empty()).then(|| names.join(" + "))
}
