//! Configurations of the cases, damaged somewhere.

use proptest::prelude::*;

use crate::laws::{Asked, run};
use crate::support::files::{manifest, tree};

/// The files of all cases that are edited: every shape that is known.
fn known_files() -> Vec<Vec<u8>> {
    let found = tree(&manifest("tests/zuul")).into_iter();
    let found = found.filter(|(path, _)| path.ends_with(".yaml"));
    let edited = |bytes: &Vec<u8>| {
        let edit = run(".zuul.yaml", bytes, Asked::default());
        edit.is_ok_and(|edit| !edit.files.is_empty())
    };
    let files = found.map(|(_, bytes)| bytes);
    files.filter(edited).collect()
}

/// What a mutation puts in.
const BITS: &[&str] = &[
    "\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "    ",
    "\t",
    "- ",
    "-",
    ": ",
    ":",
    "#",
    " # x",
    "&a ",
    "*a",
    "<<: *a\n",
    "!override ",
    "!!seq ",
    "[",
    "]",
    "{",
    "}",
    ", ",
    "'",
    "\"",
    "|\n",
    "|+\n",
    ">-\n",
    "---\n",
    "...\n",
    "? ",
    "jobs:\n",
    "check:\n",
    "gate:\n",
    "project:\n",
    "job:\n",
    "- project:\n",
    "- job:\n    name: x\n",
    "      jobs:\n        - y\n",
    "    check:\n      jobs: []\n",
    "~",
    "null",
    "\u{85}",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "é",
    "%YAML 1.1\n",
    "\n\n",
    "# comment\n",
    "        # deeper\n",
    "\\",
];

/// A known file, cut and stuffed at some places.
pub(crate) fn mutated() -> impl Strategy<Value = Bytes> {
    let change = (
        any::<prop::sample::Index>(),
        0usize..12,
        any::<prop::sample::Index>(),
        0u8..4,
    );
    let changes = proptest::collection::vec(change, 1..5);
    (prop::sample::select(known_files()), changes).prop_map(|(mut bytes, changes)| {
        for (at, length, bit, kind) in changes {
            let at = at.index(bytes.len() + 1);
            let end = (at + length).min(bytes.len());
            let bit = BITS[bit.index(BITS.len())].bytes();
            match kind {
                0 => drop(bytes.drain(at..end)),
                1 => drop(bytes.splice(at..at, bit)),
                2 => drop(bytes.splice(at..end, bit)),
                _ => {
                    let copy = bytes[at..end].to_vec();
                    drop(bytes.splice(at..at, copy));
                }
            }
        }
        Bytes(bytes)
    })
}

/// Bytes that show as text.
#[derive(Clone)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}
