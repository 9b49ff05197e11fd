//! Why a text cannot be used.

/// What is wrong with a text, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {kind}")]
pub struct Flaw {
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub kind: FlawKind,
}

/// What is wrong with a text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FlawKind {
    /// In the parser's words.
    #[error("not YAML: {0}")]
    Syntax(String),
    /// PyYAML does not read it, or breaks lines at it where YAML 1.2 does not.
    #[error("the character U+{:04X} is not plain text", u32::from(*.0))]
    Character(char),
    /// Loaders of single documents refuse the rest.
    #[error("a second YAML document begins")]
    SecondDocument,
    /// An alias within the node that has its anchor.
    #[error("an alias refers to a node that contains it")]
    Recursive,
    /// A key that is a mapping or a list, such as a bare `{{ name }}`.
    #[error("a key is not a scalar")]
    Unhashable,
    /// A key that one mapping has twice.
    #[error("one mapping has the key `{0}` twice")]
    Twice(String),
    /// Nested deeper than [`DEEPEST`](super::DEEPEST): valid, and not judged.
    #[error("nested too deeply")]
    Deep,
    /// Aliases repeat more than [`MOST_REPEATED`](super::MOST_REPEATED): valid, and not judged.
    #[error("the aliases expand to too many nodes")]
    Repeated,
    /// YAML, and not the data that is read from it: serde's words, with key and place.
    #[error("{0}")]
    Data(String),
}

impl FlawKind {
    pub(super) fn at(self, line: usize, column: usize) -> Flaw {
        Flaw {
            line,
            column,
            kind: self,
        }
    }
}
