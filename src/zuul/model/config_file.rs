//! One file of the configuration.

use super::error::{ConfigError, Fault};
use super::location::Location;
use crate::yaml::{self, Document, Flaw, FlawKind, Layout, Node};

/// One file.
#[derive(Clone, Debug)]
pub(crate) struct ConfigFile {
    pub(crate) path: String,
    pub(crate) text: String,
    pub(crate) document: Document,
}

impl ConfigFile {
    /// Returns the file, if Zuul's loader would take it.
    pub(crate) fn read(path: &str, bytes: &[u8]) -> Result<ConfigFile, ConfigError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let read = &bytes[..error.valid_up_to()];
            let line = 1 + read.iter().filter(|b| **b == b'\n').count();
            refused(path, line, Fault::NotUtf8)
        })?;
        ConfigFile::parse(path, text)
    }

    /// Returns a text as a file, if Zuul's loader would take it.
    pub(crate) fn parse(path: &str, text: &str) -> Result<ConfigFile, ConfigError> {
        let document = document(text).map_err(|flaw| {
            let fault = match flaw.kind {
                FlawKind::Character(c) => Fault::Character(c),
                kind => Fault::Yaml(kind),
            };
            refused(path, flaw.line, fault)
        })?;
        let file = ConfigFile {
            path: path.into(),
            text: text.into(),
            document,
        };
        file.is_configuration()?;
        Ok(file)
    }

    /// Returns a file that is still to be written, or that is empty.
    pub(crate) fn without_content(path: &str, text: &str) -> ConfigFile {
        ConfigFile {
            path: path.into(),
            text: text.into(),
            document: Document::default(),
        }
    }

    /// Returns whether items can be added at the end: a list behind dashes, or no content.
    pub(crate) fn takes_items(&self) -> bool {
        let list = self.list();
        list.is_none_or(|list| list.is_list() && list.layout() == Some(Layout::Block))
    }

    /// Returns the topmost list; `None` in a file without content.
    pub(crate) fn list(&self) -> Option<Node<'_>> {
        self.document.root().filter(|root| !root.is_null())
    }

    /// Refuses a file that is not a list of mappings with one key each, as Zuul does.
    fn is_configuration(&self) -> Result<(), ConfigError> {
        let Some(list) = self.list() else {
            return Ok(());
        };
        if !list.is_list() {
            return Err(refused(&self.path, list.line(), Fault::NotAList));
        }
        for item in list.items() {
            let body = item.pairs().next().map(|(_, body)| body);
            if item.pairs().len() != 1 || !body.is_some_and(Node::is_mapping) {
                return Err(refused(&self.path, item.line(), Fault::NotAnItem));
            }
        }
        Ok(())
    }
}

/// Reads as Zuul 14's `ZuulSafeLoader` does, which takes no key with a tag either.
fn document(text: &str) -> Result<Document, Flaw> {
    yaml::readable(text)?;
    let document = yaml::parse(text)?;
    match tagged_key(&document) {
        Some(flaw) => Err(flaw),
        None => Ok(document),
    }
}

fn tagged_key(document: &Document) -> Option<Flaw> {
    let collections = document.nodes().filter(|node| node.layout().is_some());
    let mut keys = collections.flat_map(Node::pairs).map(|(key, _)| key);
    let key = keys.find(|key| key.data().tag.is_some())?;
    Some(Flaw {
        line: key.line(),
        column: key.column(),
        kind: FlawKind::Unhashable,
    })
}

fn refused(path: &str, line: usize, fault: Fault) -> ConfigError {
    let path = path.to_owned();
    ConfigError::Refused {
        location: Location::of_line(path, line),
        fault,
    }
}
