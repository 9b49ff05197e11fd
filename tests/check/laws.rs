//! Laws of the check, for any text. `PROPTEST_CASES=100000` looks harder.

use std::sync::LazyLock;

use git_rally::check::{Finding, Report, Severity, check};
use git_rally::embedded;
use git_rally::files::{EntryKind, FileMap, Files};
use git_rally::rally::Facts;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::support::within;
use crate::{HOOKS, TASK, ZUUL, clean, put};

static FACTS: LazyLock<Facts> =
    LazyLock::new(|| Facts::read(&embedded::templates()).expect("facts"));

/// Where a text may lie.
const PATHS: [&str; 10] = [
    "rally-jobs/task.yaml",
    ".zuul.yaml",
    "zuul.d/jobs.yaml",
    "rally-jobs/plugins/sample.py",
    "rally-jobs/extra/more.yaml",
    "rally-jobs/README.rst",
    ".pre-commit-config.yaml",
    "tox.ini",
    "setup.cfg",
    "pyproject.toml",
];

const V1: &str = "\
NovaServers.boot_and_delete_server:
  - args: {flavor: {name: m1.tiny}, image: {name: '{{ image_name }}'}}
    runner: {type: constant, times: 4, concurrency: 2}
    context: {users: {tenants: 2}, quotas: {nova: {instances: -1}}}
    hooks:
      - {name: sys_call, args: /bin/true, trigger: {name: event, args: {unit: time, at: [1]}}}
";

const V2: &str = "\
{%- set times = times|default(4) %}
{% macro runner(n) %}{constant: {times: {{ n }}, concurrency: 1}}{% endmacro %}
version: 2
title: Ünits
subtasks:
{% for name in ['create_and_list_networks', 'create_and_show_network'] %}
  - title: \"{{ name }}\"
    scenario: {NeutronNetworks.{{ name }}: {network_create_args: {}}}
    runner: {{ runner(times) }}
    contexts: {users@openstack: {tenants: 1}, quotas: &q {neutron: {network: -1}}}
{% endfor %}
";

const PLUGIN: &str = "\
from rally.task import validation
from rally_openstack.task import scenario

NAME = \"Sample\"


@validation.add(\"number\", param_name=\"size\", minval=1, integer_only=True)
@scenario.configure(name=\"%s.do\" % NAME, platform=\"openstack\")
class Do(scenario.OpenStackScenario):
    def run(self, size, name=None, **kwargs):
        pass
";

const SETUP: &str = "[entry_points]\nrally_plugins =\n    path = own.rally\n";

/// What is put in somewhere.
const BITS: [&str; 56] = [
    "\n",
    "\n\n",
    "\t",
    " ",
    "  ",
    "- ",
    ": ",
    ":",
    ",",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "{#",
    "#}",
    "#",
    "&a ",
    "*a",
    "<<: *a",
    "!x ",
    "!!str ",
    "|",
    ">",
    "'",
    "\"",
    "\\",
    "?",
    "---\n",
    "...\n",
    "%",
    "ä",
    "\u{2028}",
    "\u{feff}",
    "\u{0}",
    "\r\n",
    "\r",
    "(",
    ")",
    "@",
    "0x1",
    "1e400",
    "-1",
    "~",
    "yes",
    "{% raw %}",
    "{% include 'task.yaml' %}",
    "{% for a in b %}",
    "{% endfor %}",
    "subtasks:\n",
    "version: 2\n",
    "rally_task: ",
    "name: ",
];

/// Everything that must hold, whatever is in the file.
fn laws(path: &str, text: &str) -> Result<(), TestCaseError> {
    let mut files = clean();
    if path.starts_with("zuul.d") {
        files.0.remove(".zuul.yaml");
    }
    put(&mut files, path, text);
    put(&mut files, "own/rally/__init__.py", PLUGIN);
    let judged = files.clone();
    let report = within("the check", move || {
        check(&judged, &FACTS).expect("a report")
    });
    let held = hold(&files, &report);
    held.map_err(|why| TestCaseError::fail(format!("{why}\nof {path}\n{text:?}")))
}

fn hold(files: &FileMap, report: &Report) -> Result<(), TestCaseError> {
    prop_assert!(report.is_of_rally || report.findings.is_empty());
    for found in &report.findings {
        let is_note = found.severity == Severity::Note;
        prop_assert_eq!(is_note, found.rule.name == "not-judged", "{:?}", found);
        prop_assert!(!found.message.is_empty(), "{:?}", found);
        is_there(files, found)?;
    }
    Ok(())
}

/// The place is in a file, at most one behind its last; or it is the start of a folder.
fn is_there(files: &FileMap, found: &Finding) -> Result<(), TestCaseError> {
    match files.kind(&found.path).expect("a kind") {
        Some(EntryKind::File) => {
            let bytes = files.read(&found.path).expect("a file").expect("a file");
            let text = String::from_utf8_lossy(&bytes);
            let row = found.line.checked_sub(1);
            let row = row.and_then(|row| text.split('\n').nth(row));
            let columns = row.map(|row| row.chars().count() + 1);
            let is_within = columns.is_some_and(|last| (1..=last).contains(&found.column));
            prop_assert!(is_within, "{:?}", found);
        }
        kind => {
            prop_assert_eq!(kind, Some(EntryKind::Directory), "{:?}", found);
            prop_assert_eq!((found.line, found.column), (1, 1), "{:?}", found);
        }
    }
    Ok(())
}

/// A known file, changed in a few places.
fn mutated() -> impl Strategy<Value = (&'static str, String)> {
    let known = select(vec![
        ("rally-jobs/task.yaml", TASK),
        ("rally-jobs/task.yaml", V1),
        ("rally-jobs/task.yaml", V2),
        (".zuul.yaml", ZUUL),
        ("zuul.d/jobs.yaml", ZUUL),
        ("rally-jobs/plugins/sample.py", PLUGIN),
        (".pre-commit-config.yaml", HOOKS),
        ("setup.cfg", SETUP),
    ]);
    let change = (any::<Index>(), 0_usize..12, select(BITS.to_vec()));
    let changes = proptest::collection::vec(change, 0..6);
    (known, changes).prop_map(|((path, text), changes)| {
        let mut chars: Vec<char> = text.chars().collect();
        for (at, gone, bit) in changes {
            let from = at.index(chars.len() + 1);
            let to = (from + gone).min(chars.len());
            chars.splice(from..to, bit.chars());
        }
        (path, chars.into_iter().collect())
    })
}

/// A template of tags of all kinds.
fn template() -> impl Strategy<Value = String> {
    let bits = select(vec![
        "{% set a = a or 1 %}",
        "{% set a = a ~ a %}",
        "{% set a = [a] + [a] %}",
        "{{ a }}",
        "{{ a + 1 }}",
        "{% for i in range(1000) %}",
        "{% for i in range(100000) %}",
        "{% endfor %}",
        "{% if a %}",
        "{% else %}",
        "{% elif not a %}",
        "{% endif %}",
        "{% macro m(n) %}",
        "{% endmacro %}",
        "{{ m(1) }}",
        "{% include 'task.yaml' %}",
        "{% import 'task.yaml' as t %}",
        "{{ 'x' * 100000 }}",
        "{{ a|join(a) }}",
        "{{ range(100)|list }}",
        "{% set ns = namespace(a=1) %}",
        "{% raw %}",
        "{% endraw %}",
        "{# x #}",
        "{%- set b -%}",
        "{% endset %}",
        "a: 1\n",
        "\n",
        " ",
        "- x\n",
        "{{ 'ä\\n' }}",
    ]);
    proptest::collection::vec(bits, 0..30).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(128)
    })]

    #[test]
    fn any_text(path in select(PATHS.to_vec()), text in any::<String>()) {
        laws(path, &text)?;
    }

    #[test]
    fn any_characters(path in select(PATHS.to_vec()), text in "[-:#&*!|>'\"%@`\\[\\]{}(), \\n\\r\\ta-c?~.=]{0,80}") {
        laws(path, &text)?;
    }

    #[test]
    fn known_files_changed_anywhere((path, text) in mutated()) {
        laws(path, &text)?;
    }

    #[test]
    fn any_template(tags in template(), is_before: bool) {
        let text = if is_before { format!("{tags}{TASK}") } else { format!("{TASK}{tags}") };
        laws("rally-jobs/task.yaml", &text)?;
    }
}
