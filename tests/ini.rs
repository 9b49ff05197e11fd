//! INI text against Python's own `configparser`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod realgit;

use std::collections::BTreeMap;
use std::process::Command;

use git_rally::ini;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

/// Section to key to value, with those of `[DEFAULT]` in every section; `None` for an error.
type Read = Option<BTreeMap<String, BTreeMap<String, String>>>;

const PYTHON: &str = r#"
import configparser, io, json, sys
out = []
for text in json.load(sys.stdin):
    parser = configparser.RawConfigParser()
    try:
        # Universal line ends, as of a file.
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8"))
        out.append({name: dict(parser.items(name)) for name in parser.sections()})
    except configparser.Error:
        out.append(None)
json.dump(out, sys.stdout)
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
    let input = serde_json::to_vec(&texts).unwrap();
    let mut python = Command::new("python3");
    let output = realgit::run(python.args(["-c", PYTHON]), &input);
    assert!(output.status.success(), "{output:?}");
    let want: Vec<Read> = serde_json::from_slice(&output.stdout).unwrap();
    assert!(want.iter().filter(|read| read.is_some()).count() > 300);
    for (text, want) in texts.iter().zip(want) {
        assert_eq!(ours(text), want, "{text:?}");
    }
}

fn ours(text: &str) -> Read {
    let ini = ini::parse(text).ok()?;
    let named = ini.sections().filter(|section| section.name != "DEFAULT");
    let default = ini.section("DEFAULT");
    let read = named.map(|section| {
        let keys = default
            .into_iter()
            .chain([section])
            .flat_map(|s| &s.entries);
        let values = keys.map(|(key, _)| {
            let entry = ini.get(&section.name, key).unwrap();
            (key.clone(), entry.value.clone())
        });
        (section.name.clone(), values.collect())
    });
    Some(read.collect())
}
