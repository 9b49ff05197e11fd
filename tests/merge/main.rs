//! The merge of what git-rally renders anew with what people have edited.

mod comments;
mod laws;
mod lines;
mod outer;
mod people;
#[path = "../support/mod.rs"]
mod support;
mod tasks;
mod zuul;

use git_rally::git::merge_lines;
use git_rally::merge::{self, Conflict, Merged, Sides};

/// Merges a YAML text.
fn yaml(base: &str, theirs: &str, ours: &str) -> Result<Merged, Vec<Conflict>> {
    merge::yaml(&Sides { base, theirs, ours }, &merge_lines)
}

/// Merges a YAML text that is merged without a word.
fn merged(base: &str, theirs: &str, ours: &str) -> String {
    let merged = yaml(base, theirs, ours).expect("no conflict");
    assert_eq!(merged.kept, [], "{}", merged.text);
    merged.text
}

/// Merges a YAML text; returns it and what is kept, each with its line.
fn kept(base: &str, theirs: &str, ours: &str) -> (String, Vec<String>) {
    let merged = yaml(base, theirs, ours).expect("no conflict");
    let kept = merged.kept.iter();
    let kept = kept.map(|kept| format!("{}: {}", kept.line, kept.what));
    (merged.text, kept.collect())
}

/// Returns the lines of the only conflict, and what the sides have there.
fn conflict(base: &str, theirs: &str, ours: &str) -> (usize, usize, [String; 3]) {
    let mut found = yaml(base, theirs, ours).expect_err("a conflict");
    assert_eq!(found.len(), 1, "{found:?}");
    let found = found.remove(0);
    (
        found.line,
        found.last,
        [found.base, found.theirs, found.ours],
    )
}
