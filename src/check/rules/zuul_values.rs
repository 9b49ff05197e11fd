//! What Zuul's parsers refuse in items whose form is right.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Rule;
use super::zuul_schema::{Data, Item, Job, as_list, unmarked};
use crate::check::Finding;
use crate::yaml::Node;

/// A value that Zuul's parser refuses though its type is right.
pub(super) const VALUE: Rule = Rule { name: "zuul-value" };

/// Two items of one kind and name; only jobs, projects and project templates may have variants.
pub(super) const TWICE: Rule = Rule {
    name: "zuul-defined-twice",
};

/// Kinds of which Zuul takes each name once (`Layout._addIdenticalObject`).
const ONCE: [&str; 9] = [
    "nodeset",
    "secret",
    "semaphore",
    "queue",
    "image",
    "flavor",
    "label",
    "section",
    "provider",
];

/// The names so far.
#[derive(Default)]
pub(super) struct Names(HashMap<(String, String), String>);

impl Names {
    /// Returns that an item has the name of an earlier one of its kind.
    pub(super) fn twice(&mut self, item: &Item<'_>) -> Option<Finding> {
        let name = item.value.get("name")?.as_str()?;
        if !ONCE.contains(&item.kind) {
            return None;
        }
        let (line, kind) = (item.node.line(), item.kind);
        let place = format!("{}:{line}", item.path);
        match self.0.get(&(kind.to_owned(), name.to_owned())) {
            Some(first) => {
                let message = format!("the {kind} `{name}` is defined already, in {first}");
                Some(TWICE.broken(item.path, line_of(item.node, "name"), message))
            }
            None => {
                self.0.insert((kind.to_owned(), name.to_owned()), place);
                None
            }
        }
    }
}

/// Returns what is wrong with an item, apart from what it has of a job.
pub(super) fn of_item(item: &Item<'_>, data: &Data) -> Vec<Finding> {
    let mut found = Refusals::of(item.path, item.node);
    match item.kind {
        "nodeset" => found.nodesets(item.node, &item.value),
        "project" | "project-template" => {
            found.variables("vars", item.value.get("vars"), &data.reserved_names);
        }
        "queue" => {
            let is = |key: &str| item.value.get(key) == Some(&Value::Bool(true));
            if is("dependencies-by-topic") && !is("allow-circular-dependencies") {
                found.add(
                    "dependencies-by-topic",
                    "takes `allow-circular-dependencies: true` beside it".to_owned(),
                );
            }
        }
        "provider" if item.value.get("flavors").is_some() => {
            found.add("flavors", "only a section may have flavors".to_owned());
        }
        _ => {}
    }
    found.found
}

/// Returns what is wrong with the attributes of a job.
pub(super) fn of_job(job: &Job<'_>, data: &Data) -> Vec<Finding> {
    let mut found = Refusals::of(job.path, job.node);
    let get = |key: &str| job.value.get(key);
    let is = |key: &str| get(key).is_some_and(|value| *value == Value::Bool(true));
    if get("post-review") == Some(&Value::Bool(false)) {
        found.add(
            "post-review",
            "once set it cannot be unset: remove it".to_owned(),
        );
    }
    if is("intermediate") && !is("abstract") {
        found.add(
            "intermediate",
            "an intermediate job must be abstract, too".to_owned(),
        );
    }
    if !job.is_entry && get("parent") == Some(&Value::Null) {
        found.add(
            "parent",
            "only a project with a tenant's configuration may have a base job".to_owned(),
        );
    }
    found.timeouts(job, data);
    found.ansible(job, data);
    for key in ["vars", "extra-vars"] {
        found.variables(key, get(key), &data.reserved_job_variables);
    }
    for key in ["host-vars", "group-vars"] {
        let hosts = get(key).map(unmarked).and_then(Value::as_object);
        for vars in hosts.into_iter().flat_map(serde_json::Map::values) {
            found.variables(key, Some(vars), &data.reserved_job_variables);
        }
    }
    found.semaphores(job);
    for path in as_list(get("preserve-home-paths"))
        .iter()
        .filter_map(Value::as_str)
    {
        if data.home_paths.iter().any(|home| home == path) {
            found.add("preserve-home-paths", format!("`{path}` is not allowed"));
        }
    }
    if let (Some(value @ Value::Object(_)), Some(node)) = (get("nodeset"), job.node.get("nodeset"))
    {
        found.nodesets(node, value);
    }
    found.found
}

struct Refusals<'a> {
    path: &'a str,
    node: Node<'a>,
    found: Vec<Finding>,
}

impl<'a> Refusals<'a> {
    fn of(path: &'a str, node: Node<'a>) -> Refusals<'a> {
        let found = Vec::new();
        Refusals { path, node, found }
    }

    fn add(&mut self, key: &str, why: String) {
        self.add_at(line_of(self.node, key), key, &why);
    }

    fn add_at(&mut self, line: usize, key: &str, why: &str) {
        let message = format!("`{key}`: {why}");
        self.found.push(VALUE.broken(self.path, line, message));
    }

    /// `Layout._checkAddJob`; that of `timeout` itself has a rule of its own.
    fn timeouts(&mut self, job: &Job<'_>, data: &Data) {
        let seconds = |key: &str| job.value.get(key).and_then(Value::as_i64);
        for key in ["pre-timeout", "post-timeout"] {
            if seconds(key).is_some_and(|seconds| seconds > data.max_job_timeout) {
                self.add(
                    key,
                    format!("exceeds Zuul's limit of {}", data.max_job_timeout),
                );
            }
        }
        if let (Some(before), Some(all)) = (seconds("pre-timeout"), seconds("timeout"))
            && before > all
            && all != 0
        {
            self.add(
                "pre-timeout",
                format!("exceeds the `timeout` of {all}, which it is a part of"),
            );
        }
    }

    fn ansible(&mut self, job: &Job<'_>, data: &Data) {
        let version = match job.value.get("ansible-version") {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return,
        };
        if !version.is_empty() && version != "0" && !data.ansible_versions.contains(&version) {
            let known = data.ansible_versions.join(", ");
            self.add(
                "ansible-version",
                format!("Zuul has no Ansible {version}; it has {known}"),
            );
        }
    }

    /// `zuul.lib.varnames.check_varnames`.
    fn variables(&mut self, key: &str, vars: Option<&Value>, reserved: &[String]) {
        let vars = vars.map(unmarked).and_then(Value::as_object);
        for name in vars.into_iter().flat_map(serde_json::Map::keys) {
            if reserved.iter().any(|reserved| reserved == name) {
                let node = self.node.get(key).and_then(|vars| vars.meant_entry(name));
                let line = node.map_or(line_of(self.node, key), |(name, _)| name.line());
                self.add_at(
                    line,
                    key,
                    &format!("Zuul does not let anybody set `{name}`"),
                );
            }
        }
    }

    /// One of a playbook's semaphores cannot be the job's as well.
    fn semaphores(&mut self, job: &Job<'_>) {
        fn name(value: &Value) -> Option<&str> {
            value.get("name").unwrap_or(value).as_str()
        }
        let key = ["semaphores", "semaphore"].into_iter();
        let Some(key) = key.into_iter().find(|key| job.value.get(key).is_some()) else {
            return;
        };
        let of_job: HashSet<&str> = as_list(job.value.get(key))
            .iter()
            .filter_map(name)
            .collect();
        let playbooks = ["pre-run", "run", "post-run", "cleanup-run"].into_iter();
        let playbooks = playbooks.flat_map(|key| as_list(job.value.get(key)));
        let theirs = playbooks.flat_map(|playbook| as_list(playbook.get("semaphores")));
        for name in theirs
            .filter_map(Value::as_str)
            .filter(|name| of_job.contains(name))
        {
            self.add(
                key,
                format!("a playbook has the semaphore `{name}` already"),
            );
        }
    }

    fn nodesets(&mut self, node: Node<'_>, value: &Value) {
        self.nodeset(node, value);
        let nodes = node.get("alternatives").into_iter().flat_map(Node::items);
        for (node, value) in nodes.zip(as_list(value.get("alternatives"))) {
            self.nodeset(node, value);
        }
    }

    /// `NodeSetParser.loadNodeset`.
    fn nodeset(&mut self, node: Node<'_>, value: &Value) {
        let line = |key: &str, index: usize| super::zuul_schema::nth(node, key, index).line();
        let mut names = HashSet::new();
        for (index, one) in as_list(value.get("nodes")).iter().enumerate() {
            let of_node: Vec<&str> = as_list(one.get("name"))
                .iter()
                .filter_map(Value::as_str)
                .collect();
            if of_node.contains(&"localhost") {
                self.add_at(
                    line("nodes", index),
                    "nodes",
                    "no node may have the name `localhost`",
                );
            }
            if let Some(name) = of_node.iter().find(|name| names.contains(*name)) {
                self.add_at(
                    line("nodes", index),
                    "nodes",
                    &format!("two nodes have the name `{name}`"),
                );
            }
            names.extend(of_node);
        }
        let mut groups = HashSet::new();
        for (index, group) in as_list(value.get("groups")).iter().enumerate() {
            let name = group
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let why = match as_list(group.get("nodes"))
                .iter()
                .filter_map(Value::as_str)
                .find(|n| !names.contains(n))
            {
                // for Zuul any name that has it inside
                _ if name.contains("localhost") => {
                    "no group may have the name `localhost`".to_owned()
                }
                Some(unknown) => format!(
                    "the group `{name}` has the node `{unknown}`, which is not in the nodeset"
                ),
                None if !groups.insert(name) => format!("two groups have the name `{name}`"),
                None => continue,
            };
            self.add_at(line("groups", index), "groups", &why);
        }
    }
}

fn line_of(node: Node<'_>, key: &str) -> usize {
    node.meant_entry(key)
        .map_or(node.line(), |(key, _)| key.line())
}
