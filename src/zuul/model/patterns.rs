//! Lists of file patterns, as a job or an entry has them.

use std::collections::HashMap;
use std::sync::Arc;

use super::config_node::ConfigNode;
use crate::yaml::{Id, Node};

/// The lists of patterns, each read once however many jobs share it.
#[derive(Default)]
pub(super) struct Patterns<'c> {
    read: HashMap<(&'c str, Id), Option<Arc<[String]>>>,
}

impl<'c> Patterns<'c> {
    /// Returns the patterns; `None` where one is no text. Zuul takes a single one as well.
    pub(super) fn of(&mut self, list: ConfigNode<'c>) -> Option<Arc<[String]>> {
        let node = list.node.resolved();
        let text = |node: Node<'_>| node.text().map(str::to_owned);
        let read = || match node.is_list() {
            true => node.items().map(text).collect(),
            false => text(node).map(|pattern| [pattern].into()),
        };
        let known = self.read.entry((&list.file.path, node.id));
        known.or_insert_with(read).clone()
    }
}
