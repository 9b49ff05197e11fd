//! What the linters of the repository would say about `rally-jobs`, where it is certain.
//!
//! A rule holds only where the repository's own configuration uses the linter.

use regex_lite::Regex;

use crate::files::Files;
use crate::yaml::{self, Node};

/// Which linters the repository uses.
#[derive(Debug, Default)]
pub(super) struct Linters {
    /// The `check-yaml` hook, and which files it reads.
    yaml: Option<YamlHook>,
    /// H102.
    pub(super) licence: bool,
    /// H104.
    pub(super) comments: bool,
    /// The columns that doc8 allows.
    pub(super) columns: Option<usize>,
}

#[derive(Debug)]
struct YamlHook {
    files: Vec<Regex>,
    exclude: Vec<Regex>,
    /// `--unsafe`: the form alone counts.
    form_only: bool,
}

const HOOKS: &str = ".pre-commit-config.yaml";

impl Linters {
    /// Returns the linters; a file that cannot be read says nothing.
    pub(super) fn read(files: &dyn Files) -> Linters {
        let text = |path: &str| {
            let bytes = files.read(path).ok().flatten().unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let lines = text
                .lines()
                .filter(|line| !line.trim_start().starts_with('#'));
            lines.map(|line| format!("{line}\n")).collect::<String>()
        };
        let hooks = text(HOOKS);
        let settings: Vec<String> = [
            "tox.ini",
            "setup.cfg",
            ".flake8",
            "doc8.ini",
            "pyproject.toml",
        ]
        .map(text)
        .into();
        let says = |words: &str| settings.iter().any(|text| text.contains(words));
        let hacking = ["hacking>", "hacking=", "hacking~", "hacking<", "hacking\n"]
            .iter()
            .any(|words| text("test-requirements.txt").contains(words) || says(words))
            || hooks.contains("id: hacking");
        let apache = text("LICENSE").contains("Apache License");
        let doc8 = hooks.contains("id: doc8")
            || settings[0]
                .lines()
                .any(|line| line.trim().starts_with("doc8 ") || line.trim() == "doc8");
        Linters {
            yaml: yaml_hook(&hooks),
            licence: hacking && apache && !says("H102"),
            comments: hacking && !says("H104"),
            columns: (doc8 && !says("D001") && !hooks.contains("D001")).then(|| columns(&settings)),
        }
    }

    /// Returns whether the repository's `check-yaml` stops at the file: for its form, or for a
    /// key that it cannot take.
    pub(super) fn check_yaml(&self, path: &str, is_form: bool) -> bool {
        self.yaml.as_ref().is_some_and(|hook| {
            hook.files.iter().all(|files| files.is_match(path))
                && !hook.exclude.iter().any(|exclude| exclude.is_match(path))
                && (is_form || !hook.form_only)
        })
    }
}

/// Returns the hook; `None` where there is none, or one whose files cannot be told.
fn yaml_hook(text: &str) -> Option<YamlHook> {
    let document = yaml::parse(text).ok()?;
    let config = document.root()?;
    let repos = config.own("repos")?.items();
    let mut hooks = repos
        .filter_map(|repo| repo.own("hooks"))
        .flat_map(Node::items);
    let hook = hooks.find(|hook| hook.own("id").and_then(Node::text) == Some("check-yaml"))?;
    let patterns = |key: &str| -> Option<Vec<Regex>> {
        let both = [config.own(key), hook.own(key)].into_iter().flatten();
        both.map(|value| Regex::new(value.text()?).ok()).collect()
    };
    let mut args = hook.own("args").into_iter().flat_map(Node::items);
    Some(YamlHook {
        files: patterns("files")?,
        exclude: patterns("exclude")?,
        form_only: args.any(|arg| arg.text() == Some("--unsafe")),
    })
}

/// Returns doc8's `max-line-length`, 79 unless set.
fn columns(settings: &[String]) -> usize {
    let number = |text: &String| -> Option<usize> {
        let section = &text[text.find("doc8]")?..];
        let section = &section[..section.find("\n[").unwrap_or(section.len())];
        let line = section.lines().find(|line| {
            line.starts_with("max-line-length") || line.starts_with("max_line_length")
        })?;
        line.split('=').nth(1)?.trim().parse().ok()
    };
    settings.iter().find_map(number).unwrap_or(79)
}

/// Returns whether every line is blank or a comment (H104); not in an empty file.
pub(super) fn is_comments_only(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).peekable();
    lines.peek().is_some() && lines.all(|line| line.is_empty() || line.starts_with('#'))
}

/// Returns whether the licence's header is missing (H102); ten lines are too short for one.
pub(super) fn lacks_licence(text: &str) -> bool {
    let near = |line: &str, words: &str| line.find(words).is_some_and(|at| at < 10);
    text.lines().count() > 10
        && !text.lines().any(|line| {
            near(line, "Licensed under the Apache License")
                || near(line, "SPDX-License-Identifier:")
        })
}

/// Returns the lines that doc8 finds too long for certain: paragraphs and list items at the
/// margin, without a URL.
pub(super) fn long_lines(text: &str, columns: usize) -> Vec<usize> {
    let lines: Vec<&str> = text.lines().collect();
    let margin = |line: &str| line.len() - line.trim_start().len();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let next = lines.get(index + 1).copied().unwrap_or_default();
        let is_item = line.starts_with("* ") || line.starts_with("- ");
        let is_term = !is_item && !next.trim().is_empty() && margin(next) > 0;
        let is_prose = line.starts_with(|c: char| c.is_alphanumeric()) || is_item;
        let is_url = ["://", "www."].iter().any(|sign| line.contains(sign));
        let breaks = line.trim_end().contains(' ');
        if line.chars().count() > columns && is_prose && !is_term && !is_url && breaks {
            found.push(index + 1);
        }
    }
    found
}
