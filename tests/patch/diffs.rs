//! Files of every kind: the diff and its statistics are those of `git diff`.

use git_rally::git;
use git_rally::patch::{self, Mail, PatchError};

use crate::{Case, File, Real, change, check, many, text};

#[test]
fn files_of_every_kind() {
    let long = format!("{}task.yaml", "a-long-folder-name/".repeat(5));
    let longer = "x".repeat(100);
    let head = format!("job nova_rally {}:\n{}", "y".repeat(90), many(9));
    let cases: Vec<Vec<File>> = vec![
        vec![("new", None, Some("a\nb\n"))],
        vec![("gone", Some("a\nb\n"), None)],
        vec![("changed", Some("a\nb\nc\n"), Some("a\nB\nc\n"))],
        vec![("empty", None, Some("")), ("x", None, Some("x\n"))],
        vec![("emptied", Some("a\n"), Some(""))],
        vec![("filled", Some(""), Some("a\n"))],
        vec![("empty-gone", Some(""), None)],
        vec![("no-newline", None, Some("a\nb"))],
        vec![("newline-gone", Some("a\nb\n"), Some("a\nb"))],
        vec![("newline-come", Some("a\nb"), Some("a\nb\n"))],
        vec![("no-newline-both", Some("a\nb"), Some("c\nb"))],
        vec![("with space", Some("a\n"), Some("b\n"))],
        vec![
            ("r\u{e9}sum\u{e9}", Some("a\n"), Some("b\n")),
            ("tab\there", None, Some("x\n")),
        ],
        vec![
            ("quote\"back\\slash", None, Some("x\n")),
            ("\u{e9} space", Some("a\n"), Some("b\n")),
        ],
        vec![("crlf", Some("a\r\nb\r\n"), Some("a\r\nc\r\n"))],
        vec![("non-ascii", Some("caf\u{e9}\n"), Some("th\u{e9}\n"))],
        vec![(&long, None, Some("x\n")), ("short", None, Some("y\n"))],
        vec![(&longer, None, Some("x\n"))],
        vec![
            ("a", None, Some("1\n")),
            ("a.b/c", None, Some("2\n")),
            ("a-b", None, Some("3\n")),
        ],
        vec![
            ("context", Some(&head), Some("")),
            ("same", Some("k\n"), Some("k\n")),
        ],
    ];
    for files in cases {
        check(&Case {
            change: change(&files),
            ..Case::default()
        });
    }
}

#[test]
fn function_context_is_gits() {
    let before = format!("job nova_rally {}:   \n{}", "y".repeat(90), many(20));
    for first in ["$x ", "_x ", "- x ", "\u{e9}x ", " x ", "9x"] {
        let before = format!("{first}{before}");
        let after = before
            .replace("line 15\n", "LINE 15\n")
            .replace("line 4\n", "");
        let files = [("f", Some(before.as_str()), Some(after.as_str()))];
        check(&Case {
            change: change(&files),
            ..Case::default()
        });
    }
}

#[test]
fn statistics_are_scaled() {
    for (big, small) in [(40, 1), (70, 3), (100, 1), (1000, 2), (123_456, 1)] {
        let (big, small) = (many(big), many(small));
        let files = [
            (
                "a/folder/with/a/rather/long/name/that/takes/some/space.yaml",
                None,
                Some(big.as_str()),
            ),
            ("b", Some(big.as_str()), Some(small.as_str())),
            ("c", None, Some(small.as_str())),
        ];
        check(&Case {
            change: change(&files),
            ..Case::default()
        });
    }
}

#[test]
fn executable_files_keep_their_mode() {
    let mut change = change(&[
        ("new.sh", None, Some("x\n")),
        ("old.sh", Some("x\n"), Some("y\n")),
        ("gone.sh", Some("z\n"), None),
    ]);
    change.0.values_mut().for_each(|file| file.mode = 0o100_755);
    check(&Case {
        change,
        ..Case::default()
    });
}

#[test]
fn binary_files_are_named() {
    let change = change(&[
        ("pic", None, Some("a\0b")),
        ("pic2", Some("a\0b"), Some("a\n")),
    ]);
    let case = Case {
        change,
        ..Case::default()
    };
    let diff = git::diff(&case.change).unwrap();
    assert_eq!(text(&patch::unified(&diff)), text(&Real::of(&case).diff()));
    let mail = Mail {
        commit: "",
        name: "",
        email: "",
        seconds: 0,
        offset: 0,
        message: "s\n",
    };
    assert_eq!(
        patch::mail(&mail, &diff),
        Err(PatchError::Binary("pic".to_owned()))
    );
}
