//! YAML: one tree with spans, for the Zuul edit and for `check`, and data files.
//!
//! ```text
//! parse   text -> Document         what every loader refuses is a Flaw with line and column
//! tree    nodes and where they are; what an edit changes and compares
//! lookup  values by key, merge keys (`<<`) included, without a scan for each
//! node    a cursor: a document and a node of it
//! data    data files and serialised values, by serde
//! lines   where lines start and end, what is a comment, and where a dash is
//! libyaml what the parser has to say that Zuul and PyYAML are built on
//! ```
//!
//! This is the only module that names `granit_parser` or `serde_yaml`. Nothing here grows worse
//! than linearly with the text, save for sorting the keys of a mapping.

mod data;
mod flaw;
pub mod libyaml;
pub(crate) mod lines;
mod lookup;
mod node;
mod parse;
mod tree;

pub use data::{from_slice, from_str, to_string};
pub use flaw::{Flaw, FlawKind};
pub use lookup::Document;
pub use node::Node;
pub use parse::{DEEPEST, MOST_REPEATED, parse, readable, unique_keys};
pub use tree::{Id, Kind, Layout, NodeData, Style, Tree};

#[cfg(test)]
mod tests;
