//! A node of a file of the configuration, and what it is for Zuul.

use super::config_file::ConfigFile;
use super::location::Location;
use crate::yaml::Node;

/// Keys of a project stanza that are no pipelines (Zuul 14, `ProjectTemplateParser`).
const NOT_PIPELINES: [&str; 8] = [
    "name",
    "description",
    "templates",
    "merge-mode",
    "default-branch",
    "vars",
    "queue",
    "branches",
];

/// A node of one of the files.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfigNode<'a> {
    pub(crate) file: &'a ConfigFile,
    pub(crate) node: Node<'a>,
}

/// An item of a file: `- job:`, `- project:`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'a> {
    /// Its place in the topmost list.
    pub(crate) index: usize,
    /// The item itself, with its one key.
    pub(crate) item: ConfigNode<'a>,
    /// The value of that key.
    pub(crate) body: ConfigNode<'a>,
}

/// An entry of a pipeline's job list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JobEntry<'a> {
    /// The job's name.
    pub(crate) name: &'a str,
    /// The entry itself.
    pub(crate) at: ConfigNode<'a>,
    /// Attributes set for this pipeline.
    pub(crate) attributes: Option<ConfigNode<'a>>,
}

impl ConfigFile {
    /// Returns the items of one kind.
    pub(crate) fn items<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Item<'a>> {
        let list = self.list().into_iter().flat_map(Node::items);
        list.enumerate().filter_map(move |(index, item)| {
            let body = self.node(item.own(kind)?);
            let item = self.node(item);
            Some(Item { index, item, body })
        })
    }

    fn node<'a>(&'a self, node: Node<'a>) -> ConfigNode<'a> {
        ConfigNode { file: self, node }
    }
}

impl<'a> ConfigNode<'a> {
    pub(super) fn with(self, node: Node<'a>) -> ConfigNode<'a> {
        ConfigNode { node, ..self }
    }

    pub(crate) fn location(self) -> Location {
        Location {
            path: self.file.path.clone(),
            line: self.node.line(),
            column: self.node.column(),
        }
    }

    /// Returns the place of its `name`, or its own where it has none.
    pub(crate) fn named_at(self) -> Location {
        self.get("name").unwrap_or(self).location()
    }

    /// Returns the scalar's value.
    pub(crate) fn text(self) -> Option<&'a str> {
        self.node.text()
    }

    /// Returns the value under a key, merged or not.
    pub(crate) fn get(self, key: &str) -> Option<ConfigNode<'a>> {
        self.node.get(key).map(|node| self.with(node))
    }

    /// Returns the items of a list.
    pub(crate) fn items(self) -> impl Iterator<Item = ConfigNode<'a>> {
        self.node.items().map(move |node| self.with(node))
    }

    /// Returns the boolean that Zuul would read.
    pub(crate) fn boolean(self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// Returns the pipelines of a project stanza or template.
    pub(crate) fn pipelines(self) -> impl Iterator<Item = (&'a str, ConfigNode<'a>)> {
        let pairs = self.node.merged_pairs();
        pairs
            .filter(|(name, _)| !NOT_PIPELINES.contains(name))
            .map(move |(name, node)| (name, self.with(node)))
    }

    /// Returns the entries of a pipeline's job list.
    pub(crate) fn entries(self) -> impl Iterator<Item = JobEntry<'a>> {
        let jobs = self.get("jobs").into_iter().flat_map(ConfigNode::items);
        jobs.filter_map(ConfigNode::entry)
    }

    /// Returns an item of a job list as what it means.
    pub(crate) fn entry(self) -> Option<JobEntry<'a>> {
        #[cfg(test)]
        work::LOOKED_AT.set(work::LOOKED_AT.get() + 1);
        let (name, attributes) = match self.node.pairs().next() {
            None => (self.text()?, None),
            Some((name, value)) => (name.text()?, Some(self.with(value))),
        };
        Some(JobEntry {
            name,
            at: self,
            attributes,
        })
    }
}

/// Counts the entries that are looked at, for tests of growth.
#[cfg(test)]
pub(super) mod work {
    thread_local! {
        pub(crate) static LOOKED_AT: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
    }
}
