//! INI text against Python's own `configparser`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use git_rally::ini;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

use crate::support::Sandbox;

/// Section to key to the value as it is written and, unless that is an error, as it is after
/// interpolation, with the keys of `[DEFAULT]` in every section; `None` where the text is an error.
type Read = Option<BTreeMap<String, BTreeMap<String, (String, Option<String>)>>>;

const PYTHON: &str = r#"
import configparser, io, json, sys

def get(parser, section, key):
    try:
        return parser.get(section, key)
    except configparser.InterpolationError:
        return None

def read(text):
    parser = configparser.ConfigParser()
    try:
        # Universal line ends, as of a file.
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
    except configparser.Error:
        return None
    return {
        name: {key: (raw, get(parser, name, key)) for key, raw in parser.items(name, raw=True)}
        for name in parser.sections()
    }

json.dump([read(text) for text in json.load(sys.stdin)], sys.stdout)
"#;

const LINES: &[&str] = &[
    "[a]",
    "[b]",
    "[DEFAULT]",
    "[a]b]",
    " [c] x",
    "[]",
    "[",
    "x = 1",
    "X: 2",
    "y=1=2",
    "y : a:b",
    "z",
    "z =",
    "= 1",
    "  more",
    "\tmore = 1",
    "    deeper",
    "# c",
    "  ; c",
    "v = a # b",
    "",
    "  ",
    "\u{a0}nbsp = 1",
    "\u{c9} = 1",
    "k\u{1f}=\u{1c}v",
    "k 2 = %(x)s 5%",
    "z = %(x)s/%(Y)s",
    "x = %(z)s %%",
    "y = %%(x)s",
    "a = %(k 2)s",
    "b = %(none)s",
    "c = %()s",
    "d = %(x)",
    "e = %(x)d",
    "  %(x)s more",
];

#[test]
fn ini_text_is_read_as_by_python() {
    let line = prop::sample::select(LINES);
    let end = prop::sample::select(&["\n", "\n", "\r\n", "\r"][..]);
    let text = (prop::collection::vec((line, end), 0..12), any::<bool>());
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let texts: Vec<String> = (0..3000)
        .map(|_| {
            let (lines, headed) = text.new_tree(&mut runner).unwrap().current();
            let head = if headed { "[head]\n" } else { "" };
            let lines = lines.iter().map(|(line, end)| format!("{line}{end}"));
            head.to_owned() + &lines.collect::<String>()
        })
        .collect();
    let want = python(&texts);
    assert!(want.iter().filter(|read| read.is_some()).count() > 300);
    for (text, want) in texts.iter().zip(want) {
        assert_eq!(ours(text), want, "{text:?}");
    }
}

/// `configparser` goes ten references deep, and one more where the last value has no `%`.
#[test]
fn interpolation_goes_as_deep_as_in_python() {
    let chain = |length: usize, last: &str| {
        let lines = (1..length).map(|n| format!("k{n} = %(k{})s\n", n + 1));
        format!("[g]\n{}k{length} = {last}\n", lines.collect::<String>())
    };
    let texts: Vec<String> = (8..14)
        .flat_map(|length| ["x", "100%%", "%(k1)s", "%"].map(|last| chain(length, last)))
        .collect();
    for (text, want) in texts.iter().zip(python(&texts)) {
        assert!(want.is_some());
        assert_eq!(ours(text), want, "{text:?}");
    }
}

fn python(texts: &[String]) -> Vec<Read> {
    let input = serde_json::to_vec(texts).unwrap();
    let sandbox = Sandbox::new();
    let mut python = sandbox.command("python3", sandbox.dir.path());
    let output = python.args(["-c", PYTHON]).output_of(&input).unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ours(text: &str) -> Read {
    let ini = ini::parse(text).ok()?;
    let named = ini.sections().filter(|section| section.name != "DEFAULT");
    let default = ini.section("DEFAULT");
    let read = named.map(|section| {
        let name = section.name.as_str();
        let all = default.into_iter().chain([section]);
        let values = all.flat_map(|s| s.values()).map(|(key, _)| {
            let written = ini.get(name, key).unwrap().text.clone();
            let interpolated = ini.interpolated(name, key).ok().flatten();
            (key.to_owned(), (written, interpolated))
        });
        (name.to_owned(), values.collect())
    });
    Some(read.collect())
}
