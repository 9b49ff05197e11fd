//! The configuration as Zuul sees it: items of all files of the root.

use std::collections::HashSet;

use super::config_file::ConfigFile;
use super::config_node::{ConfigNode, Item, JobEntry};
use super::error::ConfigError;
use super::root::Root;

/// All files of the root, in Zuul's order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) files: Vec<ConfigFile>,
}

impl Config {
    /// Returns the parsed files; what Zuul's loader would refuse is refused.
    pub(crate) fn read(root: &Root) -> Result<Config, ConfigError> {
        let files = root
            .files
            .iter()
            .map(|(p, bytes)| ConfigFile::read(p, bytes));
        Ok(Config {
            files: files.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the items of one kind, in Zuul's order.
    pub(crate) fn items<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Item<'a>> {
        self.files.iter().flat_map(move |file| file.items(kind))
    }

    /// Returns the definitions of a job; several are variants.
    pub(crate) fn definitions<'a>(&'a self, name: &str) -> impl Iterator<Item = ConfigNode<'a>> {
        let jobs = self.items("job").map(|item| item.body);
        jobs.filter(move |body| body.get("name").and_then(ConfigNode::text) == Some(name))
    }

    /// Returns the pipelines of the project stanzas and of the templates they use.
    pub(super) fn pipelines(&self) -> Vec<(&str, ConfigNode<'_>)> {
        let stanzas: Vec<ConfigNode<'_>> = self.items("project").map(|item| item.body).collect();
        let used: HashSet<&str> = stanzas
            .iter()
            .filter_map(|stanza| stanza.get("templates"))
            .flat_map(|list| list.items().filter_map(|t| t.text()))
            .collect();
        let templates = self.items("project-template").map(|item| item.body);
        let templates = templates.filter(|t| {
            let name = t.get("name").and_then(ConfigNode::text);
            name.is_some_and(|name| used.contains(&name))
        });
        let all = stanzas.iter().copied().chain(templates);
        all.flat_map(ConfigNode::pipelines).collect()
    }

    /// Returns the entries of those pipelines, each with the pipeline's name.
    pub(crate) fn entries(&self) -> Vec<(&str, JobEntry<'_>)> {
        let pipelines = self.pipelines().into_iter();
        let entries = pipelines.flat_map(|(name, body)| body.entries().map(move |e| (name, e)));
        entries.collect()
    }
}
