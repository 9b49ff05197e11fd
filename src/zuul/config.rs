//! The configuration as Zuul sees it: items of all files of the root.

use std::collections::BTreeMap;

use super::ZuulError;
use super::root::Root;
use super::spans;
use super::tree::{Id, Kind, Tree};

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

/// One file.
#[derive(Debug)]
pub(super) struct Source {
    pub(super) path: String,
    pub(super) text: String,
    pub(super) tree: Tree,
}

/// A node of one of the files.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    pub(super) source: &'a Source,
    pub(super) id: Id,
}

/// An item of a file: `- job:`, `- project:`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item<'a> {
    /// Its place in the topmost list.
    pub(super) index: usize,
    /// What stands behind the key.
    pub(super) body: At<'a>,
}

/// An entry of a pipeline's job list.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    /// The job's name.
    pub(super) name: &'a str,
    /// The entry itself.
    pub(super) at: At<'a>,
    /// Attributes set for this pipeline.
    pub(super) attributes: Option<At<'a>>,
}

/// All files of the root.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub(super) sources: Vec<Source>,
}

impl Config {
    /// Returns the parsed files; what Zuul's loader would refuse is refused.
    pub(super) fn read(root: &Root) -> Result<Config, ZuulError> {
        let sources = root.files.iter().map(|(p, bytes)| Source::read(p, bytes));
        Ok(Config {
            sources: sources.collect::<Result<_, _>>()?,
        })
    }

    /// Returns the items of one kind, in Zuul's order.
    pub(super) fn items<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Item<'a>> {
        self.sources.iter().flat_map(move |s| s.items(kind))
    }

    /// Returns the definitions of each job; several of one name are variants.
    pub(super) fn jobs(&self) -> BTreeMap<&str, Vec<At<'_>>> {
        let mut jobs: BTreeMap<&str, Vec<At<'_>>> = BTreeMap::new();
        for item in self.items("job") {
            if let Some(name) = item.body.get("name").and_then(At::text) {
                jobs.entry(name).or_default().push(item.body);
            }
        }
        jobs
    }

    /// Returns the pipelines of the project stanzas and of the templates they use.
    pub(super) fn pipelines(&self) -> Vec<(&str, At<'_>)> {
        let stanzas: Vec<At<'_>> = self.items("project").map(|item| item.body).collect();
        let used: Vec<&str> = stanzas
            .iter()
            .filter_map(|stanza| stanza.get("templates"))
            .flat_map(|list| list.items().filter_map(|t| t.text()))
            .collect();
        let templates = self.items("project-template").map(|item| item.body);
        let templates = templates.filter(|t| {
            let name = t.get("name").and_then(At::text);
            name.is_some_and(|name| used.contains(&name))
        });
        let all = stanzas.iter().copied().chain(templates);
        all.flat_map(At::pipelines).collect()
    }
}

impl Source {
    fn read(path: &str, bytes: &[u8]) -> Result<Source, ZuulError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let read = &bytes[..error.valid_up_to()];
            let line = 1 + read.iter().filter(|b| **b == b'\n').count();
            refused(path, line, "not UTF-8", "write the file in UTF-8")
        })?;
        Source::parse(path, text)
    }

    /// Returns a text as a source, if Zuul's loader would take it.
    pub(super) fn parse(path: &str, text: &str) -> Result<Source, ZuulError> {
        let tree = spans::parse(text)
            .map_err(|error| refused(path, error.line, &error.reason, error.remedy))?;
        let source = Source {
            path: path.into(),
            text: text.into(),
            tree,
        };
        source.is_configuration()?;
        Ok(source)
    }

    /// Returns a file that is still to be written, or that is empty.
    pub(super) fn without_content(path: &str, text: &str) -> Source {
        Source {
            path: path.into(),
            text: text.into(),
            tree: Tree::default(),
        }
    }

    /// Returns whether items can be added at the end: a list behind dashes, or no content.
    pub(super) fn takes_items(&self) -> bool {
        self.list().is_none_or(|list| {
            let node = &self.tree.nodes[list];
            matches!(node.kind, Kind::Sequence { flow: false, .. })
        })
    }

    /// Returns the node of the topmost list; `None` in a file without content.
    pub(super) fn list(&self) -> Option<Id> {
        self.tree.root.filter(|root| !self.tree.is_null(*root))
    }

    /// Returns the items of one kind.
    pub(super) fn items<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Item<'a>> {
        let list = self.list().map(|id| self.tree.items(id)).unwrap_or(&[]);
        list.iter().enumerate().filter_map(move |(index, id)| {
            let id = self.tree.own(*id, kind)?;
            let body = At { source: self, id };
            Some(Item { index, body })
        })
    }

    /// Refuses a file that is not a list of mappings with one key each, as Zuul does.
    fn is_configuration(&self) -> Result<(), ZuulError> {
        let Some(list) = self.list() else {
            return Ok(());
        };
        let tree = &self.tree;
        let at = |id: Id, reason: &str| {
            let line = tree.nodes[id].line;
            refused(
                &self.path,
                line,
                reason,
                "correct the file; Zuul refuses it",
            )
        };
        if !tree.is_sequence(list) {
            return Err(at(list, "the file is not a list"));
        }
        for item in tree.items(list) {
            match tree.pairs(*item) {
                [(_, body)] if tree.is_mapping(*body) => {}
                _ => return Err(at(*item, "an item is not a mapping with one key")),
            }
        }
        Ok(())
    }
}

impl<'a> At<'a> {
    fn with(self, id: Id) -> At<'a> {
        At { id, ..self }
    }

    /// Returns the line in the file, from 1.
    pub(super) fn line(self) -> usize {
        self.source.tree.nodes[self.id].line
    }

    /// Returns the scalar's value.
    pub(super) fn text(self) -> Option<&'a str> {
        self.source.tree.text(self.id)
    }

    /// Returns the value under a key, merged or not.
    pub(super) fn get(self, key: &str) -> Option<At<'a>> {
        self.source.tree.get(self.id, key).map(|id| self.with(id))
    }

    /// Returns the items of a list.
    pub(super) fn items(self) -> impl Iterator<Item = At<'a>> {
        let items = self.source.tree.items(self.id).iter();
        items.map(move |id| self.with(*id))
    }

    /// Returns the boolean that Zuul would read.
    pub(super) fn boolean(self) -> Option<bool> {
        match self.text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        }
    }

    /// Returns the pipelines of a project stanza or template.
    pub(super) fn pipelines(self) -> Vec<(&'a str, At<'a>)> {
        let keys = self.source.tree.flat(self.id).into_iter();
        keys.filter(|(name, _)| !NOT_PIPELINES.contains(name))
            .map(|(name, id)| (name, self.with(id)))
            .collect()
    }

    /// Returns the entries of a pipeline's job list.
    pub(super) fn entries(self) -> Vec<Entry<'a>> {
        let jobs = self.get("jobs").into_iter().flat_map(At::items);
        jobs.filter_map(At::entry).collect()
    }

    fn entry(self) -> Option<Entry<'a>> {
        let (name, attributes) = match self.source.tree.pairs(self.id) {
            [] => (self.text()?, None),
            [(name, value), ..] => (self.with(*name).text()?, Some(self.with(*value))),
        };
        Some(Entry {
            name,
            at: self,
            attributes,
        })
    }
}

/// A refusal of kind `zuul`.
pub(super) fn refused(path: &str, line: usize, reason: &str, remedy: &str) -> ZuulError {
    ZuulError::Refused {
        path: path.into(),
        line,
        reason: reason.into(),
        remedy: remedy.into(),
    }
}
