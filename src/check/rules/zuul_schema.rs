//! The items of the Zuul configuration, by the schemas of the real Zuul, and what its parsers
//! refuse beyond them.

use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::Value;

use super::schema::{Refused, Schema};
use super::{NOT_JUDGED, Rule, zuul, zuul_regex, zuul_values};
use crate::check::Finding;
use crate::check::value::{self, OVERRIDE};
use crate::yaml::Node;
use crate::zuul::Config;

/// An attribute that the kind of item has not, one that is missing, or a value of another type.
pub(super) const SCHEMA: Rule = Rule {
    name: "zuul-schema",
};

/// Nodes that are judged in all; aliases may repeat a small file to more than anybody has time for.
const MOST_NODES: usize = 1 << 20;

/// What the script `tests/online/zuul_schema.py` says of the real Zuul.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Data {
    items: std::collections::BTreeMap<String, Value>,
    job_attributes: Value,
    anonymous_nodeset: Value,
    pub(super) reserved_names: Vec<String>,
    pub(super) reserved_job_variables: Vec<String>,
    pub(super) home_paths: Vec<String>,
    pub(super) ansible_versions: Vec<String>,
    pub(super) max_job_timeout: i64,
}

/// What the items are judged by, each schema built once.
pub(super) struct Zuul {
    kinds: Vec<(String, Schema)>,
    attributes: Schema,
    nodeset: Schema,
    pub(super) data: Data,
}

static ZUUL: LazyLock<Option<Zuul>> = LazyLock::new(|| {
    let text = include_str!("../../../templates/zuul/schema.json");
    let data: Data = serde_json::from_str(text).ok()?;
    let of = |schema: &Value| {
        let mut schema = schema.clone();
        // of this draft, 1.0 is no integer, as for Python
        schema["$schema"] = "draft-04".into();
        Schema::of(&schema)
    };
    let kinds = data.items.iter();
    Some(Zuul {
        kinds: kinds.map(|(kind, s)| (kind.clone(), of(s))).collect(),
        attributes: of(&data.job_attributes),
        nodeset: of(&data.anonymous_nodeset),
        data,
    })
});

/// An item of the configuration.
pub(super) struct Item<'d> {
    pub(super) path: &'d str,
    pub(super) kind: &'d str,
    pub(super) node: Node<'d>,
    pub(super) value: Value,
}

/// What has the attributes of a job: a job, or an entry of a pipeline.
pub(super) struct Job<'a> {
    pub(super) path: &'a str,
    pub(super) node: Node<'a>,
    pub(super) value: &'a Value,
    pub(super) is_entry: bool,
}

/// Returns what is wrong with the items themselves.
pub(super) fn items(config: &Config) -> Vec<Finding> {
    let Some(zuul) = ZUUL.as_ref() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut left = MOST_NODES;
    let mut names = zuul_values::Names::default();
    for file in &config.files {
        let items = file.list().into_iter().flat_map(Node::items);
        for (kind, node) in items.filter_map(|item| item.pairs().next()) {
            let Some(kind) = kind.text() else { continue };
            match value::zuuls(node, &mut left) {
                None => {
                    let why = "its aliases repeat too much".to_owned();
                    found.push(NOT_JUDGED.noted(&file.path, node, why));
                    return found;
                }
                Some(Err(refused)) => {
                    let message = format!("Zuul rejects the file: {}", refused.why);
                    found.push(zuul::NOT_USABLE.broken(&file.path, refused.line, message));
                }
                Some(Ok(value)) => {
                    let path = file.path.as_str();
                    let item = Item {
                        path,
                        kind,
                        node,
                        value,
                    };
                    found.extend(zuul.item(&item));
                    found.extend(names.twice(&item));
                }
            }
        }
    }
    found
}

impl Zuul {
    fn item(&self, item: &Item<'_>) -> Vec<Finding> {
        let (path, node) = (item.path, item.node);
        let Some((_, schema)) = self.kinds.iter().find(|(kind, _)| kind == item.kind) else {
            return vec![SCHEMA.broken(path, node, self.no_such_kind(item.kind))];
        };
        let mut found = refused(schema, path, &item.value, node);
        let jobs = match item.kind {
            "job" => vec![Job {
                path,
                node,
                value: &item.value,
                is_entry: false,
            }],
            "project" | "project-template" => self.entries(item, &mut found),
            _ => Vec::new(),
        };
        for job in &jobs {
            found.extend(self.job(job));
        }
        if found.is_empty() {
            found.extend(zuul_values::of_item(item, &self.data));
            found.extend(zuul_regex::of_item(item));
            for job in &jobs {
                found.extend(zuul_values::of_job(job, &self.data));
                found.extend(zuul_regex::of_job(job));
            }
        }
        found
    }

    fn no_such_kind(&self, kind: &str) -> String {
        match kind {
            "pipeline" => {
                "only the project with a tenant's configuration may have a pipeline".to_owned()
            }
            _ => {
                let kinds: Vec<&str> = self.kinds.iter().map(|(kind, _)| kind.as_str()).collect();
                format!("Zuul knows no item `{kind}`; it knows {}", kinds.join(", "))
            }
        }
    }

    fn job(&self, job: &Job<'_>) -> Vec<Finding> {
        let mut found = match job.is_entry {
            true => refused(&self.attributes, job.path, job.value, job.node),
            false => Vec::new(),
        };
        let nodeset = job.value.get("nodeset").filter(|value| value.is_object());
        if let (Some(value), Some(node)) = (nodeset, job.node.get("nodeset")) {
            found.extend(refused(&self.nodeset, job.path, value, node));
        }
        found
    }

    /// Returns the entries with attributes of all pipelines of a project or template.
    fn entries<'a>(&self, item: &'a Item<'a>, found: &mut Vec<Finding>) -> Vec<Job<'a>> {
        let mut entries = Vec::new();
        let pipelines = item.value.as_object().into_iter().flatten();
        for (name, pipeline) in pipelines {
            let jobs = pipeline.get("jobs").and_then(Value::as_array);
            let node = item.node.get(name).and_then(|node| node.get("jobs"));
            let (Some(jobs), Some(node)) = (jobs, node) else {
                continue;
            };
            for (value, node) in jobs.iter().zip(node.items()) {
                // of several keys Zuul takes the first
                match value.as_object().map(|entry| entry.values().next()) {
                    Some(Some(value @ Value::Object(_))) => {
                        let Some((_, node)) = node.meant_pairs().next() else {
                            continue;
                        };
                        entries.push(Job {
                            path: item.path,
                            node,
                            value,
                            is_entry: true,
                        });
                    }
                    Some(None | Some(Value::String(_))) => {
                        let what =
                            "an entry is a job's name, or a name with a mapping of attributes";
                        found.push(SCHEMA.broken(item.path, node, what.to_owned()));
                    }
                    // the schema refuses it, or it is a name
                    _ => {}
                }
            }
        }
        entries
    }
}

fn refused(schema: &Schema, path: &str, value: &Value, node: Node<'_>) -> Vec<Finding> {
    let refused = schema.refused(value, Some(node), node.line()).into_iter();
    refused
        .map(|Refused { line, what }| SCHEMA.broken(path, line, what))
        .collect()
}

/// Returns the value that a tag of Zuul's marks, or the value itself.
pub(super) fn unmarked(value: &Value) -> &Value {
    value.get(OVERRIDE).unwrap_or(value)
}

/// Returns the items of a list, or the one that stands for a list.
pub(super) fn as_list(value: Option<&Value>) -> &[Value] {
    match value.map(unmarked) {
        Some(Value::Array(items)) => items,
        Some(Value::Null) | None => &[],
        Some(one) => std::slice::from_ref(one),
    }
}

/// Returns the node of one of the items of an attribute, or the nearest that there is.
pub(super) fn nth<'d>(node: Node<'d>, key: &str, index: usize) -> Node<'d> {
    let Some((key, list)) = node.meant_entry(key) else {
        return node;
    };
    match list.is_list() {
        true => list.items().nth(index).unwrap_or(key),
        false => key,
    }
}

#[cfg(test)]
mod tests {
    use super::ZUUL;

    #[test]
    fn every_schema_is_one() {
        let zuul = ZUUL.as_ref().expect("templates/zuul/schema.json");
        let kinds = zuul.kinds.iter().map(|(_, schema)| schema);
        let mut all = kinds.chain([&zuul.attributes, &zuul.nodeset]);
        assert!(all.all(|schema| schema.is_one()));
    }
}
