//! Texts that are nearly right: seeds, cut, stuffed, repeated and joined somewhere.

use std::collections::BTreeSet;
use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::files::{manifest, tree};
use crate::support::fixtures;

/// What parsers of text stumble over, whatever they parse.
const BITS: &[&str] = &[
    "",
    "\n",
    "\r\n",
    "\r",
    "\t",
    " ",
    "    ",
    "\0",
    "\u{b}",
    "\u{1b}[31m",
    "\u{85}",
    "\u{a0}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "é",
    "\u{1f600}",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "\\",
    "\\x",
    "\\u12",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    "<",
    ">",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "%(a)s",
    "${x}",
    "#",
    ";",
    ":",
    ": ",
    "=",
    ",",
    "- ",
    "? ",
    "&a ",
    "*a",
    "<<: *a",
    "!!x ",
    "!",
    "|\n",
    ">-\n",
    "---\n",
    "...\n",
    "%YAML 1.2\n",
    "~",
    "null",
    "NaN",
    "-Infinity",
    "1e999",
    "-0",
    "0x7f",
    "18446744073709551616",
    "99999999999999999999999999",
    "1.",
    ".5",
    "true",
    "@",
    "`",
];

/// Bytes that are no text.
const BYTES: &[&[u8]] = &[
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xff\xfe",
];

/// Returns the seeds: the files of `corpus/NAME`, and those of each fixture that are named.
pub(crate) fn seeds(name: &str, in_fixtures: &[&str]) -> Vec<Vec<u8>> {
    let corpus = tree(&manifest(&format!("tests/fuzz/corpus/{name}")));
    let mut seeds: BTreeSet<Vec<u8>> = corpus.into_values().collect();
    assert!(!seeds.is_empty(), "no seed of {name}");
    for fixture in fixtures() {
        for file in in_fixtures {
            let path = manifest(&format!("fixtures/{fixture}/in/{file}"));
            seeds.extend(fs::read(path));
        }
    }
    seeds.into_iter().collect()
}

/// Bytes that are put in at once, at most: what grows with the square of it is seen, and what grows with
/// it is not slow.
const MOST: usize = 20_000;

/// One damage.
#[derive(Clone, Debug)]
struct Damage {
    kind: u8,
    at: Index,
    length: usize,
    other: Index,
    times: usize,
}

fn damage() -> impl Strategy<Value = Damage> {
    let times = prop_oneof![20 => 1usize..4, 1 => 100usize..3000];
    let length = prop_oneof![4 => 0usize..12, 1 => 12usize..400];
    (0u8..8, any::<Index>(), length, any::<Index>(), times).prop_map(
        |(kind, at, length, other, times)| Damage {
            kind,
            at,
            length,
            other,
            times,
        },
    )
}

/// Returns a seed with some damage; shrinks to less of it.
pub(crate) fn damaged(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Bytes> {
    let some = proptest::collection::vec(damage(), 0..8);
    (any::<Index>(), some).prop_map(move |(seed, some)| {
        let mut bytes = seed.get(&seeds).clone();
        for damage in some {
            apply(&mut bytes, &damage, &seeds);
        }
        Bytes(bytes)
    })
}

fn apply(bytes: &mut Vec<u8>, damage: &Damage, seeds: &[Vec<u8>]) {
    let at = damage.at.index(bytes.len() + 1);
    let end = (at + damage.length).min(bytes.len());
    let bit = damage.other.get(BITS).as_bytes();
    let put = |bytes: &mut Vec<u8>, what: &[u8]| {
        let times = damage.times.min(MOST / what.len().max(1));
        drop(bytes.splice(at..at, what.repeat(times)));
    };
    match damage.kind {
        0 => drop(bytes.drain(at..end)),
        1 | 2 => put(bytes, bit),
        3 => {
            bytes.drain(at..end);
            put(bytes, bit);
        }
        4 => {
            let again = bytes[at..end].to_vec();
            put(bytes, &again);
        }
        5 => {
            let other: &Vec<u8> = damage.other.get(seeds);
            put(bytes, &token(other, &damage.at));
        }
        6 => {
            let no_text: &&[u8] = damage.other.get(BYTES);
            put(bytes, no_text);
        }
        _ => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (damage.length % 8);
            }
        }
    }
}

/// Returns a line of another seed.
fn token(seed: &[u8], at: &Index) -> Vec<u8> {
    let lines: Vec<&[u8]> = seed.split_inclusive(|b| *b == b'\n').collect();
    match lines.is_empty() {
        true => Vec::new(),
        false => {
            let line: &&[u8] = at.get(&lines);
            line.to_vec()
        }
    }
}

/// Bytes that show as text.
#[derive(Clone)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.escape_ascii())
    }
}
