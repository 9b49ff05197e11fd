//! The versions of OpenStack's clients that a workload asks for.

use serde_json::{Map, Value};

use super::Known;
use super::plugins::PLUGIN_CONFIG;
use crate::check::Finding;
use crate::check::task::Workload;
use crate::yaml::Node;

/// Judges the versions of clients (`CheckOpenStackAPIVersionsValidator`).
pub(super) fn api_versions(workload: &Workload<'_>, known: &Known<'_>) -> Vec<Finding> {
    let plugin = known.rally.contexts.get("api_versions@openstack");
    let validators = plugin.into_iter().flat_map(|plugin| &plugin.validators);
    let mut parameters = validators.map(|validator| &validator.parameters);
    let clients = parameters.find_map(|parameters| parameters.get("clients")?.as_object());
    let (Some(clients), Some(contexts)) = (clients, workload.contexts()) else {
        return Vec::new();
    };
    let of_context = |(name, _): &(Node<'_>, Node<'_>)| {
        matches!(name.text(), Some("api_versions" | "api_versions@openstack"))
    };
    let configs = contexts.pairs().filter(of_context);
    let given = configs.flat_map(|(_, config)| config.pairs());
    let found = given.filter_map(|(name, config)| {
        let what = refused_client(clients, name.text()?, config)?;
        Some(PLUGIN_CONFIG.broken(workload.path, name, what))
    });
    found.collect()
}

/// Returns why the settings of a client are refused; nova, cinder and manila ask their own libraries
/// about a version.
fn refused_client(clients: &Map<String, Value>, name: &str, config: Node<'_>) -> Option<String> {
    let Some(client) = clients.get(name) else {
        return Some(format!(
            "no client `{name}`; Rally has {}",
            names_of(clients)
        ));
    };
    let has = |key: &str| config.own(key).is_some();
    let is_fixed = client.get("fixed").is_some();
    if is_fixed && (has("service_type") || has("service_name")) {
        return Some(format!("`{name}` takes no service type"));
    }
    let versions = client.get("versions").and_then(Value::as_array);
    let versions: Vec<&str> = (versions.into_iter().flatten())
        .filter_map(Value::as_str)
        .collect();
    let version = config.own("version").and_then(Node::text)?;
    let is_known = client.get("versions").is_none() || versions.contains(&version);
    (!is_known).then(|| match versions.is_empty() {
        true => format!("`{name}` takes no version"),
        false => format!(
            "`{name}` has no version `{version}`; it has {}",
            versions.join(", ")
        ),
    })
}

fn names_of(map: &Map<String, Value>) -> String {
    map.keys()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
