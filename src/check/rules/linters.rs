//! What the repository's own linters refuse, where it is certain.

use super::Rule;
use crate::check::Finding;
use crate::check::linters::Linters;
use crate::check::repair::Repair;
use crate::check::text::{Language, Mode, TextFile};

/// A Python file of comments alone.
pub(super) const COMMENTS_ONLY: Rule = Rule {
    name: "comments-only",
};

/// A Python file without the Apache licence's header.
pub(super) const NO_LICENCE: Rule = Rule { name: "no-licence" };

/// An executable file without `#!`.
pub(super) const EXECUTABLE: Rule = Rule { name: "executable" };

/// A line of a README that is too long.
pub(super) const LONG_LINE: Rule = Rule { name: "long-line" };

pub(super) fn executable(file: &TextFile, linters: &Linters) -> Vec<Finding> {
    let is_bare = file.mode == Mode::Executable && !file.text.starts_with("#!");
    if !is_bare || !linters.want_shebang(&file.path) {
        return Vec::new();
    }
    let message = "the file is executable and does not begin with `#!`";
    vec![EXECUTABLE.broken(&file.path, 1, message.to_owned())]
}

pub(super) fn comments_only(file: &TextFile, linters: &Linters) -> Vec<Finding> {
    let is_python = file.language == Language::Python;
    if !(is_python && is_comments_only(&file.text) && linters.refuse_comments(&file.path)) {
        return Vec::new();
    }
    let message = "nothing but comments: hacking's H104; an empty file, or a docstring, will do";
    vec![COMMENTS_ONLY.broken(&file.path, 1, message.to_owned())]
}

/// Returns whether every line is blank or a comment; not in an empty file.
fn is_comments_only(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_start).peekable();
    lines.peek().is_some() && lines.all(|line| line.is_empty() || line.starts_with('#'))
}

pub(super) fn no_licence(file: &TextFile, linters: &Linters) -> Vec<Finding> {
    let is_python = file.language == Language::Python;
    if !(is_python && lacks_licence(&file.text) && linters.want_licence(&file.path)) {
        return Vec::new();
    }
    let message = "no header of the Apache licence: hacking's H102";
    let found = NO_LICENCE.broken(&file.path, 1, message.to_owned());
    // `#!` and the encoding have to stay on top
    let can_mend = !file.text.starts_with('#');
    vec![found.mended_by(can_mend.then(|| Repair::of(1, "", LICENCE)))]
}

/// What hacking's H102 wants to see.
const LICENCE: &str = include_str!("../../../templates/check/licence.txt");

/// Returns whether the licence's header is missing; ten lines are too short for one.
fn lacks_licence(text: &str) -> bool {
    let begins = |line: &str, words: &str| {
        let rests = (0..10).filter_map(|at| line.get(at..));
        rests.into_iter().any(|rest| rest.starts_with(words))
    };
    text.lines().count() > 10
        && !text.lines().any(|line| {
            begins(line, "Licensed under the Apache License")
                || begins(line, "SPDX-License-Identifier:")
        })
}

pub(super) fn long_line(file: &TextFile, linters: &Linters) -> Vec<Finding> {
    let Some(columns) = linters
        .columns(&file.path)
        .filter(|_| file.language == Language::Readme)
    else {
        return Vec::new();
    };
    let lines: Vec<&str> = file.text.lines().collect();
    let too_long = (0..lines.len()).filter(|index| is_too_long(&lines, *index, columns));
    let found = too_long.map(|index| {
        let message = format!("over {columns} columns: doc8's D001");
        LONG_LINE.broken(&file.path, index + 1, message)
    });
    found.collect()
}

/// Returns whether doc8 finds the line too long for certain: of a paragraph or a list item at the
/// margin, without a URL.
fn is_too_long(lines: &[&str], index: usize, columns: usize) -> bool {
    let line = lines[index];
    let next = lines.get(index + 1).copied().unwrap_or_default();
    let is_indented = next.len() > next.trim_start().len();
    let is_item = line.starts_with("* ") || line.starts_with("- ");
    let is_term = !is_item && !next.trim().is_empty() && is_indented;
    let is_prose = line.starts_with(|c: char| c.is_alphanumeric()) || is_item;
    let has_url = ["://", "www."].iter().any(|sign| line.contains(sign));
    let can_break = line.trim_end().contains(' ');
    line.chars().count() > columns && is_prose && !is_term && !has_url && can_break
}
