//! Laws of the Zuul edit, for any bytes.
//!
//! The judge is `serde_yaml`: it reads with libyaml, as Zuul does, and not with the parser that
//! the edit is made with. `PROPTEST_CASES=100000` looks harder.

#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use git_rally::files::{EntryKind, FileMap};
use git_rally::zuul::{Edit, IfCovered, Voting, Wanted, ZuulError, plan};
use proptest::prelude::*;
use serde_yaml::Value;

const JOB: &str = "- job:\n    name: sample-rally\n    parent: rally-task-at-devstack\n    vars:\n      \
                   rally_task: rally-jobs/task-sample.yaml\n";

fn run(path: &str, bytes: &[u8], voting: Voting) -> Result<Edit, ZuulError> {
    let files = FileMap(BTreeMap::from([(
        path.to_owned(),
        (EntryKind::File, bytes.to_vec()),
    )]));
    plan(
        &files,
        &Wanted {
            project: Some("openstack/sample"),
            job: "sample-rally",
            job_text: JOB,
            task: "rally-jobs/task-sample.yaml",
            voting,
            irrelevant_files: &[r"^.*\.rst$".to_owned()],
            if_covered: IfCovered::Refuse,
        },
    )
}

/// Everything that must hold of one file, whatever is in it; whether it was edited.
fn laws(bytes: &[u8], voting: Voting) -> Result<bool, TestCaseError> {
    let text = String::from_utf8_lossy(bytes);
    hold(bytes, voting).map_err(|why| TestCaseError::fail(format!("{why}\nof the text\n{text}")))
}

fn hold(bytes: &[u8], voting: Voting) -> Result<bool, TestCaseError> {
    let path = ".zuul.yaml";
    let Ok(edit) = run(path, bytes, voting) else {
        return Ok(false);
    };
    let [file] = edit.files.as_slice() else {
        return Ok(false);
    };
    prop_assert_eq!(file.before.as_deref(), Some(bytes));
    let inserted = inserted_lines(bytes, &file.after);
    prop_assert!(inserted.is_some(), "a byte that was there is gone");
    let again = run(path, &file.after, voting);
    prop_assert!(
        again.as_ref().is_ok_and(|edit| edit.files.is_empty()),
        "edited twice: {:?}",
        again
    );
    let before = match read(bytes) {
        Ok(before) => before,
        // Zuul takes several merge keys, serde_yaml does not
        Err(error)
            if error
                .to_string()
                .contains("duplicate entry with key \"<<\"") =>
        {
            return Ok(true);
        }
        Err(error) => return Err(TestCaseError::fail(format!("libyaml: {error}"))),
    };
    let after = read(&file.after)
        .map_err(|error| TestCaseError::fail(format!("not YAML any more: {error}")))?;
    let pipelines: &[&str] = match voting {
        Voting::Voting => &["check", "gate"],
        Voting::NonVoting => &["check"],
    };
    prop_assert_eq!(with_job(&before, pipelines), summary(&after));
    Ok(true)
}

/// PyYAML drops a byte order mark, serde_yaml counts it as a column.
fn read(bytes: &[u8]) -> Result<Value, serde_yaml::Error> {
    let mark = "\u{feff}".as_bytes();
    serde_yaml::from_slice(bytes.strip_prefix(mark).unwrap_or(bytes))
}

/// What remains of `after` without `before`, if `before` is in it, line for line.
fn inserted_lines(before: &[u8], after: &[u8]) -> Option<usize> {
    let mark = "\u{feff}".as_bytes();
    if let (Some(before), Some(after)) = (before.strip_prefix(mark), after.strip_prefix(mark)) {
        return inserted_lines(before, after);
    }
    let mut rest = after.split_inclusive(|b| *b == b'\n');
    for line in before.split_inclusive(|b| *b == b'\n') {
        rest.find(|found| {
            *found == line
                || (!line.ends_with(b"\n")
                    && matches!(found.strip_prefix(line), Some(b"\n" | b"\r\n")))
        })?;
    }
    Some(after.len() - before.len())
}

/// What Zuul makes of a configuration: everything that is no job list of the project, and
/// pipeline to entries, of all stanzas together.
#[derive(Debug, PartialEq)]
struct Summary {
    items: Vec<String>,
    lists: BTreeMap<String, Vec<String>>,
}

fn summary(config: &Value) -> Summary {
    let mut config = config.clone();
    let _ = config.apply_merge();
    let mut summary = Summary {
        items: Vec::new(),
        lists: BTreeMap::new(),
    };
    for item in config.as_sequence().into_iter().flatten() {
        match item.get("project").and_then(Value::as_mapping) {
            Some(project) => stanza(project, &mut summary),
            None => summary.items.push(shown(item)),
        }
    }
    summary.items.sort();
    summary.lists.values_mut().for_each(|list| list.sort());
    summary
}

fn stanza(project: &serde_yaml::Mapping, summary: &mut Summary) {
    for (key, value) in project {
        let (Some(name), Some(body)) = (key.as_str(), value.as_mapping()) else {
            summary
                .items
                .push(format!("{}: {}", shown(key), shown(value)));
            continue;
        };
        for (key, value) in body {
            match (key.as_str(), untagged(value).as_sequence()) {
                (Some("jobs"), Some(jobs)) => {
                    let list = summary.lists.entry(name.to_owned()).or_default();
                    list.extend(jobs.iter().map(entry));
                }
                _ => summary
                    .items
                    .push(format!("{name}: {}: {}", shown(key), shown(value))),
            }
        }
    }
}

/// An entry; of ours, whether it votes: its file list is the cases' business.
fn entry(value: &Value) -> String {
    let ours = value.get("sample-rally").filter(|_| value.is_mapping());
    match ours.and_then(Value::as_mapping) {
        Some(attributes) => {
            let files = attributes.get("irrelevant-files");
            let listed = files
                .and_then(Value::as_sequence)
                .is_some_and(|list| !list.is_empty());
            let voting = attributes
                .get("voting")
                .and_then(Value::as_bool)
                .unwrap_or(true);
            format!("sample-rally: voting {voting}, irrelevant files {listed}")
        }
        None => shown(value),
    }
}

fn untagged(value: &Value) -> &Value {
    match value {
        Value::Tagged(tagged) => &tagged.value,
        value => value,
    }
}

fn shown(value: &Value) -> String {
    serde_yaml::to_string(value).unwrap_or_else(|_| format!("{value:?}"))
}

/// The edit made by hand in the summary: one job more, one entry more in each pipeline.
fn with_job(before: &Value, pipelines: &[&str]) -> Summary {
    let mut model = summary(before);
    let job: Value = serde_yaml::from_str(JOB).unwrap();
    model.items.push(shown(&job[0]));
    model.items.sort();
    for pipeline in pipelines {
        let voting = pipelines.len() > 1;
        let list = model.lists.entry((*pipeline).to_owned()).or_default();
        list.push(format!(
            "sample-rally: voting {voting}, irrelevant files true"
        ));
        list.sort();
    }
    model
}

/// The files of all cases that are edited: every shape that is known.
fn known_files() -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/zuul")];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                found.push((path.clone(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    let edited = |bytes: &Vec<u8>| {
        let edit = run(".zuul.yaml", bytes, Voting::Voting);
        edit.is_ok_and(|edit| !edit.files.is_empty())
    };
    let files = found.into_iter().map(|(_, bytes)| bytes);
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
fn mutated() -> impl Strategy<Value = Bytes> {
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
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", String::from_utf8_lossy(&self.0))
    }
}

/// Ways to write the same configuration, one choice each.
#[derive(Clone, Debug)]
struct Style {
    top: usize,
    dash: usize,
    wide: bool,
    quote: bool,
    comments: bool,
    blanks: bool,
    crlf: bool,
    last_newline: bool,
    start: bool,
    anchor: bool,
    project_first: bool,
    lists: [u8; 3],
}

fn styles() -> impl Strategy<Value = Style> {
    (
        (
            prop::sample::select(vec![0usize, 1, 2, 4]),
            prop::sample::select(vec![0usize, 1, 2, 3]),
        ),
        proptest::array::uniform9(any::<bool>()),
        proptest::array::uniform3(0u8..9),
    )
        .prop_map(|((top, dash), b, lists)| Style {
            top,
            dash,
            wide: b[0],
            quote: b[1],
            comments: b[2],
            blanks: b[3],
            crlf: b[4],
            last_newline: b[5],
            start: b[6],
            anchor: b[7],
            project_first: b[8],
            lists,
        })
}

impl Style {
    fn text(&self) -> Vec<u8> {
        let mut lines = Vec::new();
        let job = [
            "- job:",
            "    name: sample-tempest",
            "    parent: tempest-full",
        ];
        let mut project = vec![
            "- project:".to_owned(),
            "    templates: [sample]".to_owned(),
        ];
        for (name, form) in ["check", "gate", "experimental"].iter().zip(self.lists) {
            self.pipeline(name, form, &mut project);
        }
        let job = job.map(str::to_owned).to_vec();
        let items = if self.project_first {
            [project, job]
        } else {
            [job, project]
        };
        for item in items {
            if self.blanks && !lines.is_empty() {
                lines.push(String::new());
            }
            if self.comments {
                lines.push("# an item".into());
            }
            lines.extend(item);
        }
        self.finish(lines)
    }

    /// One pipeline in one of the forms that there are.
    fn pipeline(&self, name: &str, form: u8, out: &mut Vec<String>) {
        let anchor = if self.anchor {
            format!(" &{name}")
        } else {
            String::new()
        };
        let dash = format!(
            "{}-{}",
            " ".repeat(6 + self.dash),
            if self.wide { "   " } else { " " }
        );
        let head = |out: &mut Vec<String>| {
            out.push(format!("    {name}:"));
            out.push(format!("      jobs:{anchor}"));
        };
        match form {
            0 => return,
            1 => out.push(format!("    {name}: {{jobs: [a, b]}}")),
            2 => {
                out.push(format!("    {name}:{anchor}"));
                out.push("      fail-fast: true".into());
            }
            3 if self.anchor && name == "gate" && self.lists[0] > 4 => {
                out.push(format!("    {name}:"));
                out.push("      jobs: *check".into());
            }
            4 => {
                head(out);
                out.push(format!("{dash}a: {{voting: false,"));
                out.push("             timeout: 3}  # flow".into());
            }
            5 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: |", " ".repeat(14)));
                out.push(format!("{}# text", " ".repeat(16)));
                out.push(String::new());
            }
            6 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: |+", " ".repeat(14)));
                out.push(format!("{}text", " ".repeat(16)));
                out.push(String::new());
                out.push(String::new());
            }
            7 => {
                head(out);
                out.push(format!("{dash}a:"));
                out.push(format!("{}description: two", " ".repeat(14)));
                out.push(format!("{}lines", " ".repeat(16)));
            }
            _ => {
                head(out);
                let b = if self.quote { "'b'" } else { "b" };
                out.push(format!("{dash}a"));
                out.push(format!("{dash}{b}"));
            }
        }
        if self.comments && form != 1 {
            out.push(format!("{}# the last line", " ".repeat(6 + self.dash)));
        }
    }

    fn finish(&self, lines: Vec<String>) -> Vec<u8> {
        let end = if self.crlf { "\r\n" } else { "\n" };
        let mut text = String::new();
        if self.start {
            text.push_str(&format!("---{end}"));
        }
        for line in lines {
            if line.is_empty() {
                text.push_str(end);
            } else {
                text.push_str(&format!("{}{line}{end}", " ".repeat(self.top)));
            }
        }
        if !self.last_newline {
            text.truncate(text.trim_end().len());
        }
        text.into_bytes()
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..200), gate: bool) {
        laws(&bytes, if gate { Voting::Voting } else { Voting::NonVoting })?;
    }

    #[test]
    fn any_characters(text in "[-:#&*!|>'\"%@`\\[\\]{}, \\n\\r\\ta-c?~.]{0,60}", gate: bool) {
        laws(text.as_bytes(), if gate { Voting::Voting } else { Voting::NonVoting })?;
    }

    #[test]
    fn known_files_changed_anywhere(bytes in mutated(), gate: bool) {
        laws(&bytes.0, if gate { Voting::Voting } else { Voting::NonVoting })?;
    }

    #[test]
    fn any_style(style in styles(), gate: bool) {
        let text = style.text();
        let edited = laws(&text, if gate { Voting::Voting } else { Voting::NonVoting })?;
        let block = style.lists.contains(&5) || style.lists.contains(&6);
        let refused = !style.last_newline && block;
        prop_assert!(edited || refused, "refused: {}", String::from_utf8_lossy(&text));
    }
}
