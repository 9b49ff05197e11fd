//! Every rule by its own examples, and the page that shows them: `src/check/rules/README.md`.

use std::fmt::Write;

use git_rally::check::{Finding, RULES, Rule, RuleText, Severity};
use git_rally::embedded;
use git_rally::files::{EntryKind, FileMap, Files, FilesError};
use similar::TextDiff;

use crate::support::{golden, manifest};
use crate::{judge, put};

/// What lies beside every example, unless the rule has its own.
const AROUND: [(&str, &str); 2] = [
    (
        ".zuul.yaml",
        "\
- job:
    name: sample-rally
    parent: rally-task-simple-job
    vars:
      rally_task: rally-jobs/task-sample.yaml

- project:
    check:
      jobs:
        - sample-rally
",
    ),
    (
        "rally-jobs/task-sample.yaml",
        "\
version: 2
title: Sample
subtasks:
  - title: Networks
    scenario:
      NeutronNetworks.create_and_list_networks: {}
    runner:
      constant:
        times: 4
        concurrency: 2
    sla:
      failure_rate:
        max: 0
",
    ),
];

fn text_of(rule: &Rule) -> RuleText {
    rule.text(&embedded::templates()).expect(rule.name)
}

fn bad(text: &RuleText) -> Vec<Finding> {
    let tree = tree(text, &text.bad);
    match text.executable {
        false => judge(&tree).findings,
        true => judge(&Executable(tree, text.path.clone())).findings,
    }
}

/// Files of which one is executable.
struct Executable(FileMap, String);

impl Files for Executable {
    fn kind(&self, path: &str) -> Result<Option<EntryKind>, FilesError> {
        self.0.kind(path)
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, FilesError> {
        self.0.read(path)
    }

    fn mode(&self, path: &str) -> Result<u32, FilesError> {
        let is_executable = path == self.1;
        Ok(if is_executable { 0o100_755 } else { 0o100_644 })
    }

    fn list(&self, dir: &str) -> Result<Vec<(String, EntryKind)>, FilesError> {
        self.0.list(dir)
    }
}

fn tree(text: &RuleText, example: &str) -> FileMap {
    let mut files = FileMap::default();
    for (path, text) in AROUND {
        put(&mut files, path, text);
    }
    for (path, text) in &text.files {
        put(&mut files, path, text);
    }
    put(&mut files, &text.path, example);
    files
}

#[test]
fn every_rule_finds_its_bad_example_and_nothing_finds_the_good_one() {
    let wrong: Vec<String> = RULES.iter().filter_map(|rule| wrong(rule)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns what is wrong with the examples of a rule.
fn wrong(rule: &Rule) -> Option<String> {
    let text = text_of(rule);
    let good = judge(&tree(&text, &text.good)).findings;
    if !good.is_empty() {
        return Some(format!("{rule}, good: {good:?}"));
    }
    let bad = bad(&text);
    let lines = 1..=text.bad.lines().count().max(1);
    let is_found = |found: &Finding| found.rule == rule && lines.contains(&found.line);
    let is_right = bad.len() == 1 && bad.iter().all(is_found);
    (!is_right).then(|| format!("{rule}, bad: {bad:?}"))
}

#[test]
fn each_text_is_of_a_rule() {
    let templates = embedded::templates();
    let listed = templates.list("check").expect("texts");
    let texts = listed.into_iter().map(|(name, _)| name);
    let texts: Vec<String> = texts.filter(|name| name.ends_with(".yaml")).collect();
    let mut rules: Vec<String> = RULES.iter().map(|r| format!("{}.yaml", r.name)).collect();
    rules.sort();
    assert_eq!(texts, rules);
}

#[test]
fn the_page_of_rules_is_made_from_the_examples() {
    let mut page = String::from(PREFACE);
    for rule in RULES {
        let text = text_of(rule);
        let finding = bad(&text).remove(0);
        section(&mut page, &text, &finding).expect("a string");
    }
    let path = manifest("src/check/rules/README.md");
    golden::file(&path, Some(page.as_bytes())).unwrap_or_else(|why| panic!("{why}"));
}

const PREFACE: &str = "\
<!-- made by tests/check/rules.rs from templates/check; GIT_RALLY_BLESS=1 writes it anew -->
# The rules of `git rally check`

An error is what Rally, Zuul or a role of the CI jobs rejects. A warning never fails anything: it is about what
never runs, can never fail, or is deprecated. A note says what was not judged.

A comment `# git-rally: ignore[RULE]` at the end of the line, or on a line of comments above it, says that a
finding is known. `--select` and `--ignore` choose rules by name.

Each example shows a flaw and what mends it, as a diff, and what `check` says of it.
";

fn section(page: &mut String, text: &RuleText, finding: &Finding) -> std::fmt::Result {
    let diff = TextDiff::from_lines(&text.bad, &text.good);
    let mut lines = String::new();
    for hunk in diff.unified_diff().context_radius(2).iter_hunks() {
        let changes = hunk.iter_changes();
        changes.for_each(|change| write!(lines, "{}{change}", change.tag()).expect("a string"));
    }
    let severity = match finding.severity {
        Severity::Error => "an error",
        Severity::Warning => "a warning",
        Severity::Note => "a note",
    };
    let place = format!("{}:{}:{}", finding.path, finding.line, finding.column);
    write!(
        page,
        "\n## {}\n\n{} In this example it is {severity}.\n\n{}\n\nSource: {}.\n\n```diff\n{lines}```\n\n\
         > `{place}`: {}\n",
        text.rule, text.what, text.why, text.source, finding.message
    )
}
