//! The merge by lines against the real `git merge-file`.

use git_rally::git::merge_lines;
use git_rally::merge::{Lines, Sides};
use proptest::prelude::*;

use crate::support::Repo;

/// Texts of few lines, so that sides often agree; some look like markers.
fn text() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "a\n",
        "b\n",
        "c\n",
        "d\n",
        "e\r\n",
        "\n",
        "<<<<<<< x\n",
        "=======\n",
        ">>>>>>>\n",
        "|||||||\n",
    ]);
    let end = prop::sample::select(vec!["", "", "z"]);
    (prop::collection::vec(line, 0..12), end).prop_map(|(lines, end)| lines.concat() + end)
}

/// A text, changed at some lines.
fn changed(base: &str, edits: &[(prop::sample::Index, u8)]) -> String {
    let mut lines: Vec<String> = base.split_inclusive('\n').map(str::to_owned).collect();
    for (at, what) in edits {
        let at = at.index(lines.len() + 1);
        match (what % 3, at < lines.len()) {
            (0, true) => drop(lines.remove(at)),
            (1, true) => lines[at] = format!("new {what}\n"),
            _ => lines.insert(at, format!("more {what}\n")),
        }
    }
    lines.concat()
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8)>> {
    prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)
}

fn sides() -> impl Strategy<Value = [String; 3]> {
    (text(), edits(), edits()).prop_map(|(base, theirs, ours)| {
        [changed(&base, &theirs), base.clone(), changed(&base, &ours)]
    })
}

/// Merges with git; returns the text with each conflict as a side has it.
fn git(repo: &Repo, texts: &[String; 3], side: &str) -> String {
    for (name, text) in ["theirs", "base", "ours"].iter().zip(texts) {
        repo.write(name, text.as_bytes());
    }
    repo.git_text(&["merge-file", "-p", side, "theirs", "base", "ours"], b"")
}

/// Puts what one side has into the conflicts: the text that git makes with `--ours`.
fn resolved(lines: &Lines, theirs: &str) -> Option<String> {
    match lines {
        Lines::Clean(text) => Some(text.clone()),
        Lines::Conflicts(all) => {
            let lines: Vec<&str> = theirs.split_inclusive('\n').collect();
            for conflict in all {
                let there = lines[conflict.line - 1..conflict.last].concat();
                assert_eq!(there, conflict.theirs, "{conflict:?}");
            }
            None
        }
    }
}

#[test]
fn git_merges_the_same() {
    let repo = Repo::new();
    proptest!(ProptestConfig::with_cases(300), |(texts in sides())| {
        let [theirs, base, ours] = &texts;
        let lines = merge_lines(&Sides { base, theirs, ours });
        let is_clean = git(&repo, &texts, "--ours") == git(&repo, &texts, "--theirs");
        match resolved(&lines, theirs) {
            Some(text) => prop_assert_eq!(text, git(&repo, &texts, "--ours")),
            // both sides may resolve to one text only where there is no conflict
            None => prop_assert!(!is_clean, "{:?}", lines),
        }
    });
}

#[test]
fn what_looks_like_a_marker_is_text() {
    let base = "a\n<<<<<<<<<\n=======\nb\n";
    let theirs = "x\n<<<<<<<<<\n=======\nb\n";
    let ours = "a\n<<<<<<<<<\n=======\ny\n";
    let lines = merge_lines(&Sides { base, theirs, ours });
    assert_eq!(lines, Lines::Clean("x\n<<<<<<<<<\n=======\ny\n".to_owned()));
    let Lines::Conflicts(found) = merge_lines(&Sides {
        base,
        theirs,
        ours: "z\n>>>>>>>\n",
    }) else {
        panic!("a conflict");
    };
    assert!(
        found
            .iter()
            .any(|conflict| conflict.ours.contains(">>>>>>>")),
        "{found:?}"
    );
}

#[test]
fn bytes_that_are_no_text_are_a_conflict() {
    let sides = Sides {
        base: "a\0\n",
        theirs: "b\0\n",
        ours: "c\0\n",
    };
    assert!(matches!(merge_lines(&sides), Lines::Conflicts(all) if all.len() == 1));
}
