//! What is around the lines: line breaks, the last line's end, a byte order mark.

use git_rally::git::merge_lines;
use git_rally::merge::{self, Sides};

use crate::merged;

const BASE: &str = "a: 1\nb: 2\nc: 3\n";
const OURS: &str = "a: 1\nb: 2\nc: 4\nd: 5\n";
const MERGED: &str = "a: 9\nb: 2\nc: 4\nd: 5\n";

/// Merges any text.
fn text(base: &str, theirs: &str, ours: &str) -> String {
    let merged = merge::text(&Sides { base, theirs, ours }, &merge_lines);
    merged.expect("no conflict").text
}

#[test]
fn the_form_of_their_file_stays() {
    for form in [
        |text: &str| text.to_owned(),
        |text: &str| text.replace('\n', "\r\n"),
        |text: &str| text.trim_end().to_owned(),
        |text: &str| text.trim_end().replace('\n', "\r\n"),
        |text: &str| format!("\u{feff}{text}"),
        |text: &str| format!("\u{feff}{}", text.trim_end().replace('\n', "\r\n")),
    ] {
        let theirs = form(&BASE.replace("a: 1", "a: 9"));
        assert_eq!(merged(BASE, &theirs, OURS), form(MERGED));
        assert_eq!(text(BASE, &theirs, OURS), form(MERGED));
        // ours has it, and theirs is as base was
        let theirs = BASE.replace("a: 1", "a: 9");
        assert_eq!(merged(BASE, &theirs, &form(OURS)), form(MERGED));
        assert_eq!(merged(&form(BASE), &form(&theirs), OURS), MERGED);
    }
}

#[test]
fn empty_texts_are_texts() {
    for merge in [text, merged] {
        assert_eq!(merge("", "", "a: 1\n"), "a: 1\n");
        assert_eq!(merge("a: 1\n", "a: 1\n", ""), "");
        assert_eq!(merge("a: 1\n", "", "a: 1\n"), "");
        assert_eq!(merge("", "a: 1\n", ""), "a: 1\n");
    }
}

#[test]
fn lines_of_their_own_are_a_conflict() {
    let sides = Sides {
        base: "a\nb\nc\n",
        theirs: "new\na\nB\nc\n",
        ours: "a\nbb\nc\n",
    };
    let found = merge::text(&sides, &merge_lines).expect_err("a conflict");
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].line, found[0].last), (3, 3));
    assert_eq!(
        [&found[0].base, &found[0].theirs, &found[0].ours],
        ["b\n", "B\n", "bb\n"]
    );
}
