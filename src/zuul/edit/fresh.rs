//! Generated YAML, rendered as text and added to the expected tree.

use crate::yaml::{Id, Kind, Layout, NodeData, Style, Tree};

/// A piece of YAML of our own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fresh {
    /// A scalar; quoted where a plain one would be read as something else.
    Text(String),
    /// A plain boolean.
    Bool(bool),
    /// `*name`.
    Alias(String),
    /// Items behind dashes, with an anchor or without.
    List(Option<String>, Vec<Fresh>),
    /// Names and values.
    Map(Vec<(String, Fresh)>),
}

impl Fresh {
    /// Returns the lines of the value as an item of a list, first dash at column 0; lists
    /// within are `dash` columns behind their key.
    pub(super) fn item(&self, dash: usize) -> String {
        let mut out = String::new();
        write_item(self, 0, dash, &mut out);
        out
    }

    /// Returns the lines of a mapping's pairs, keys at column 0.
    pub(super) fn pairs(&self, dash: usize) -> String {
        let mut out = String::new();
        if let Fresh::Map(pairs) = self {
            write_pairs(pairs, 0, dash, &mut out);
        }
        out
    }

    /// Adds the value to a tree, hanging from nothing, and returns its node.
    pub(super) fn graft(&self, tree: &mut Tree) -> Id {
        let kind = match self {
            Fresh::Text(value) => Kind::Scalar {
                value: value.clone(),
                style: style(value),
            },
            Fresh::Bool(value) => Kind::Scalar {
                value: value.to_string(),
                style: Style::Plain,
            },
            Fresh::Alias(name) => Kind::Alias {
                name: name.clone(),
                target: tree.anchored(name).unwrap_or_default(),
            },
            Fresh::List(_, items) => Kind::Sequence {
                items: items.iter().map(|item| item.graft(tree)).collect(),
                layout: Layout::Block,
            },
            Fresh::Map(pairs) => Kind::Mapping {
                pairs: graft_pairs(pairs, tree),
                layout: Layout::Block,
            },
        };
        let anchor = match self {
            Fresh::List(anchor, _) => anchor.clone(),
            _ => None,
        };
        tree.add(NodeData::new(kind, anchor))
    }
}

fn graft_pairs(pairs: &[(String, Fresh)], tree: &mut Tree) -> Vec<(Id, Id)> {
    let graft = |(key, value): &(String, Fresh)| {
        let key = Fresh::Text(key.clone()).graft(tree);
        (key, value.graft(tree))
    };
    pairs.iter().map(graft).collect()
}

/// Plain for what is beyond doubt a string on one line: a name, or an anchored pattern.
fn style(value: &str) -> Style {
    let name = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
    let is_name = value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.chars().all(name)
        && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
            .contains(&value.to_ascii_lowercase().as_str());
    let is_pattern = value.starts_with('^')
        && value.chars().all(|c| c.is_ascii_graphic())
        && !value.contains([':', '#']);
    if is_name || is_pattern {
        Style::Plain
    } else {
        Style::SingleQuoted
    }
}

fn scalar(value: &str) -> String {
    match style(value) {
        Style::Plain => value.to_owned(),
        _ => format!("'{}'", value.replace('\'', "''")),
    }
}

fn write_item(value: &Fresh, indent: usize, dash: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    match value {
        Fresh::Map(pairs) => {
            let mut lines = String::new();
            write_pairs(pairs, indent + 2, dash, &mut lines);
            out.push_str(&format!("{pad}- {}", lines.trim_start()));
        }
        value => out.push_str(&format!("{pad}-{}\n", inline(value))),
    }
}

fn write_pairs(pairs: &[(String, Fresh)], indent: usize, dash: usize, out: &mut String) {
    let pad = " ".repeat(indent);
    for (key, value) in pairs {
        out.push_str(&format!("{pad}{}:{}\n", scalar(key), inline(value)));
        match value {
            Fresh::List(_, items) => items
                .iter()
                .for_each(|item| write_item(item, indent + dash, dash, out)),
            Fresh::Map(pairs) => write_pairs(pairs, indent + 2, dash, out),
            _ => {}
        }
    }
}

/// What is on the line of the key or dash, with the space before it.
fn inline(value: &Fresh) -> String {
    match value {
        Fresh::Text(value) => format!(" {}", scalar(value)),
        Fresh::Bool(value) => format!(" {value}"),
        Fresh::Alias(name) => format!(" *{name}"),
        Fresh::List(Some(anchor), _) => format!(" &{anchor}"),
        Fresh::List(None, _) | Fresh::Map(_) => String::new(),
    }
}
