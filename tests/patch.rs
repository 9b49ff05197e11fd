//! Diffs and mails against the real `git diff`, `git format-patch` and `git am`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod realgit;

use std::rc::Rc;

use git_rally::change::{ChangeSet, FileChange, Reason};
use git_rally::git;
use git_rally::message::{self, ChangeIdTrailer, Rules};
use git_rally::patch::{self, Mail, PatchError};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use realgit::Repo;

/// A commit to be: what the mail says, and the files.
#[derive(Clone, Debug)]
struct Case {
    name: String,
    email: String,
    seconds: i64,
    offset: i32,
    message: String,
    change: ChangeSet,
}

impl Default for Case {
    fn default() -> Case {
        Case {
            name: "A U Thor".to_owned(),
            email: "author@example.org".to_owned(),
            seconds: 1_750_000_000,
            offset: 120,
            message: "Add Rally performance tests\n\nBody.\n\nSigned-off-by: A U Thor <author@example.org>\n"
                .to_owned(),
            change: change(&[("rally-jobs/README.rst", None, Some("Rally\n=====\n"))]),
        }
    }
}

/// Path, content before, content after.
type File<'a> = (&'a str, Option<&'a str>, Option<&'a str>);

fn change(files: &[File]) -> ChangeSet {
    let bytes = |text: Option<&str>| text.map(|text| text.as_bytes().to_vec());
    let files = files.iter().map(|(path, before, after)| {
        let file = FileChange {
            before: bytes(*before),
            after: bytes(*after),
            mode: 0o100_644,
            reason: Reason::New,
        };
        ((*path).to_owned(), file)
    });
    ChangeSet(files.collect())
}

/// The commit with its base below, in a repository of git's own making.
struct Real {
    repo: Rc<Repo>,
    commit: String,
}

impl Real {
    fn of(case: &Case) -> Real {
        Real::on(&Rc::new(Repo::new()), case)
    }

    /// The same, in place of what was there.
    fn on(repo: &Rc<Repo>, case: &Case) -> Real {
        let mut stream = b"reset refs/heads/master\n".to_vec();
        add_commit(&mut stream, case, "base\n", |file| file.before.as_ref());
        stream.extend(b"M 100644 inline other\ndata 6\nother\n\n");
        add_commit(&mut stream, case, &case.message, |file| file.after.as_ref());
        repo.git_bytes(&["fast-import", "--quiet", "--force"], &stream);
        let commit = repo.git(&["rev-parse", "master"]).trim().to_owned();
        let repo = Rc::clone(repo);
        Real { repo, commit }
    }

    fn mail(&self) -> Vec<u8> {
        let args = [
            "format-patch",
            "-1",
            "--stdout",
            "--full-index",
            "--no-signature",
            &self.commit,
        ];
        self.repo.git_bytes(&args, b"")
    }

    fn diff(&self) -> Vec<u8> {
        self.repo.git_bytes(
            &["diff", "--full-index", "--no-renames", "master~1", "master"],
            b"",
        )
    }

    /// Applies a mail to the base and returns what came of it: tree, author, date, message.
    fn am(&self, mail: &[u8]) -> String {
        self.try_am(mail).expect("`git am` to take the mail")
    }

    fn try_am(&self, mail: &[u8]) -> Option<String> {
        let base = ["checkout", "-q", "-f", "--detach", "master~1"];
        self.repo.git(&base);
        self.repo.try_git(&["am", "--quit"], b"");
        let done = self.repo.try_git(&["am", "-q", "--keep-cr"], mail);
        done.status.success().then(|| self.described("HEAD"))
    }

    fn described(&self, rev: &str) -> String {
        self.repo.git(&[
            "log",
            "-1",
            "--date=raw",
            "--format=%T%n%an%n%ae%n%ad%n%B",
            rev,
        ])
    }
}

fn add_commit(
    stream: &mut Vec<u8>,
    case: &Case,
    message: &str,
    side: fn(&FileChange) -> Option<&Vec<u8>>,
) {
    let Case {
        name,
        email,
        seconds,
        ..
    } = case;
    let zone = zone(case.offset);
    let head = format!(
        "commit refs/heads/master\nauthor {name} <{email}> {seconds} {zone}\n\
         committer C <c@example.org> 1750000001 +0000\ndata {}\n{message}\n",
        message.len()
    );
    stream.extend(head.into_bytes());
    for (path, file) in &case.change.0 {
        let path = path
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n");
        match side(file) {
            Some(bytes) => {
                let head = format!(
                    "M {:o} inline \"{path}\"\ndata {}\n",
                    file.mode,
                    bytes.len()
                );
                stream.extend(head.into_bytes());
                stream.extend(bytes);
                stream.push(b'\n');
            }
            None => stream.extend(format!("D \"{path}\"\n").into_bytes()),
        }
    }
}

fn zone(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    format!("{sign}{:02}{:02}", offset.abs() / 60, offset.abs() % 60)
}

fn our_mail(case: &Case, commit: &str) -> Vec<u8> {
    let mail = Mail {
        commit,
        name: &case.name,
        email: &case.email,
        seconds: case.seconds,
        offset: case.offset,
        message: &case.message,
    };
    patch::mail(&mail, &git::diff(&case.change).unwrap()).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The mail and the diff are git's, and `git am` gives back what was in the commit.
fn check(case: &Case) {
    let real = compare(case);
    let mail = our_mail(case, &real.commit);
    assert_eq!(real.am(&mail), real.described("master"), "{case:?}");
}

/// The mail and the diff are git's.
fn compare(case: &Case) -> Real {
    let real = Real::of(case);
    let mail = our_mail(case, &real.commit);
    assert_eq!(text(&mail), text(&real.mail()), "{case:?}");
    assert_eq!(mail, real.mail());
    let diff = git::diff(&case.change).unwrap();
    assert_eq!(text(&patch::unified(&diff)), text(&real.diff()));
    real
}

fn many(count: usize) -> String {
    (0..count).map(|n| format!("line {n}\n")).collect()
}

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
fn people_of_every_name() {
    let long =
        "An Author Whose Name Has Many Parts And Is Longer Than A Line Of A Mail May Be Long";
    let names = [
        "A. U. Thor",
        "A \"Nick\" U\\Thor",
        "J\u{f6}rg M\u{fc}ller",
        "\u{5c71}\u{7530}\u{592a}\u{90ce} \u{5c71}\u{7530}\u{592a}\u{90ce} \u{5c71}\u{7530}\u{592a}\u{90ce} \u{5c71}\u{7530}",
        "a=?b",
        "O'Neill (work)",
        "x",
        long,
        &format!("{long}, Jr."),
        &format!("{long} \u{e9}_?="),
        &"x".repeat(90),
    ];
    for name in names {
        for email in ["a@x", &format!("{}@example.org", "e".repeat(60))] {
            let case = Case {
                name: name.to_owned(),
                email: email.to_owned(),
                ..Case::default()
            };
            // `git am` takes the address for a name of more than 60 bytes.
            if name.len() > 60 {
                drop(compare(&case))
            } else {
                check(&case)
            }
        }
    }
}

#[test]
fn dates_of_every_zone() {
    let dates = [
        (0, 0),
        (1, 345),
        (951_782_400, -210),
        (1_735_689_599, 840),
        (1_767_225_600, -720),
    ];
    for (seconds, offset) in dates {
        check(&Case {
            seconds,
            offset,
            ..Case::default()
        });
    }
}

#[test]
fn messages_of_every_kind() {
    let words =
        "Add Rally performance tests to the service and to its jobs in check and gate, folded";
    let messages = [
        "s\n".to_owned(),
        "s\n\nbody\n\n- point\n  more\n".to_owned(),
        format!("{words}\n"),
        format!("{words} {words} {words}\n\nbody\n"),
        format!("{}\n\nbody\n", "x".repeat(120)),
        format!("a {} b\n\nbody\n", "x".repeat(120)),
        "caf\u{e9}\n\nbody\n".to_owned(),
        format!("caf\u{e9} {words} {words}\n\nth\u{e9}\n"),
        "s\n\nth\u{e9}\n".to_owned(),
        "what =? this_is=it\n\nbody\n".to_owned(),
        "s\n\nFrom here on\n>From there\n".to_owned(),
        "s\n\n    indented: x\n\ttab\n".to_owned(),
    ];
    for message in messages {
        check(&Case {
            message,
            ..Case::default()
        });
    }
}

/// Bodies and subjects, some of which `git am` takes for something else.
const LINES: &[&str] = &[
    "---",
    "--- x",
    "---x",
    "----",
    "--",
    "diff -x",
    "diff --git a/x b/x",
    "diff x",
    "Index: x",
    "Index:x",
    "From abc Mon Sep 17 00:00:00 2001",
    "From here on",
    "From: B <b@example.org>",
    "from: B <b@example.org>",
    "From : B",
    "  From: B",
    "Date: x",
    "Subject: other",
    "subject other",
    "To: x",
    ">From x",
    "[PATCH] x",
    "[PATCH]",
    "[x] y",
    "Content-Type: text/plain; charset=latin-1",
    "Content-Transfer-Encoding: base64",
    "-- >8 --",
    "@@ -1 +1 @@",
    "+++ b/x",
    "GIT binary patch",
    "new file mode 100644",
    "Closes-Bug: 1",
    " indented",
];
const SUBJECTS: &[&str] = &[
    "[x] s", "Re: s", "re: s", "rE: x", "Re:x", "s  t", ": s", "::x", "s:", "s t", "a [b] c",
    "Re s", "-s", "s.", "[", "[x", "x]", "[x]", "From: x", "=?x",
];

/// The self-check refuses what `git am` would change, and nothing else.
#[test]
fn the_check_knows_what_git_am_changes() {
    let first = LINES.iter().map(|line| format!("s\n\n{line}\n\nbody\n"));
    let middle = LINES
        .iter()
        .map(|line| format!("s\n\nbody\n{line}\nmore\n"));
    let subjects = SUBJECTS
        .iter()
        .map(|subject| format!("{subject}\n\nbody\n"));
    let rules = Rules {
        author_email: "",
        sign_off: false,
        change_id: &ChangeIdTrailer::Off,
    };
    let real = Real::of(&Case::default());
    let described = real.described("master");
    let usual = Case::default().message;
    for message in first.chain(middle).chain(subjects) {
        let flaws = message::check(&message, &rules);
        let want = described.replace(&usual, &message);
        let case = Case {
            message,
            ..Case::default()
        };
        let back = real.try_am(&our_mail(&case, &real.commit));
        let same = back.as_ref() == Some(&want);
        assert_eq!(
            flaws.is_empty(),
            same,
            "{:?}: {flaws:?}, {back:?}",
            case.message
        );
    }
}

/// Git itself does not bring these back: only the mails are compared.
#[test]
fn messages_that_git_am_changes() {
    let messages = [
        "",
        "\n\n\n",
        "one\ntwo  \n\n\n\nbody  \n\n\nmore\n\n\n",
        "[x] s\n",
        "no end",
        "a\tb\u{1}c\n\nb\n",
    ];
    for message in messages {
        compare(&Case {
            message: message.to_owned(),
            ..Case::default()
        });
    }
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

#[test]
fn files_are_named_as_by_format_patch() {
    let subjects = [
        "Add Rally performance tests",
        "  a..b...c  (d) / e.",
        "\u{e9}t\u{e9} -- x-y_z.",
        ".hidden",
        "...",
        "!!!",
        "a . b",
        &"long subject ".repeat(10),
        &"x".repeat(56),
        &"x".repeat(49),
    ];
    for subject in subjects {
        let case = Case {
            message: format!("{subject}\n\nb\n"),
            ..Case::default()
        };
        let real = Real::of(&case);
        let name = real.repo.git(&["format-patch", "-1", &real.commit]);
        assert_eq!(patch::file_name(subject), name.trim_end(), "{subject:?}");
    }
}

/// Lines that give the algorithms something to choose from.
fn content() -> impl Strategy<Value = Option<String>> {
    let line = prop::sample::select(&["a", "b", "", "  - x", "    y: z", "key:", "}", "\tq"][..]);
    let lines = prop::collection::vec(line, 0..40);
    let text = (lines, any::<bool>()).prop_map(|(lines, end)| {
        let end = if end { "\n" } else { "" };
        lines.join("\n") + end
    });
    prop::option::weighted(0.9, text)
}

fn any_change() -> impl Strategy<Value = ChangeSet> {
    let path = "[a-c]{1,2}(/[a-c .\u{e9}\"]{1,40}x){0,3}";
    let file = (path, content(), content());
    prop::collection::vec(file, 1..4).prop_filter_map("a folder and a file at once", |files| {
        let files: Vec<File> = files
            .iter()
            .filter(|(path, ..)| {
                !path
                    .split('/')
                    .any(|part| part.trim_matches('.').is_empty())
            })
            .map(|(path, before, after)| (path.as_str(), before.as_deref(), after.as_deref()))
            .collect();
        let change = change(&files);
        let clash = change
            .0
            .keys()
            .any(|a| change.0.keys().any(|b| b.starts_with(&format!("{a}/"))));
        let kinds: Vec<_> = change
            .changed()
            .map(|(_, f)| (f.before.is_some(), f.after.is_some()))
            .collect();
        // Git would look for renames.
        let renames = kinds.contains(&(true, false)) && kinds.contains(&(false, true));
        let nothing = kinds.is_empty() || kinds.contains(&(false, false));
        (!clash && !renames && !nothing).then_some(change)
    })
}

fn cases(count: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

#[test]
fn any_change_is_a_mail_of_git() {
    let repo = Rc::new(Repo::new());
    let test = |change| {
        let case = Case {
            change,
            ..Case::default()
        };
        let real = Real::on(&repo, &case);
        prop_assert_eq!(text(&our_mail(&case, &real.commit)), text(&real.mail()));
        let diff = git::diff(&case.change).unwrap();
        prop_assert_eq!(text(&patch::unified(&diff)), text(&real.diff()));
        Ok(())
    };
    cases(150).run(&any_change(), test).unwrap();
}

#[test]
fn any_header_is_gits() {
    let repo = Rc::new(Repo::new());
    let strategy = (
        "[a-z\u{e9}=_?.,\" ]{1,200}",
        "[a-zA-Z\u{e9}=_?.,\" ]{1,120}",
    );
    let test = |(subject, name): (String, String)| {
        let name = name.trim_matches([' ', '.', ',', '"']).to_owned();
        prop_assume!(!name.is_empty() && !subject.trim().is_empty());
        let case = Case {
            name,
            message: format!("{subject}\n\nbody\n"),
            ..Case::default()
        };
        let real = Real::on(&repo, &case);
        prop_assert_eq!(text(&our_mail(&case, &real.commit)), text(&real.mail()));
        let file = repo.git(&["format-patch", "-1", &real.commit]);
        prop_assert_eq!(patch::file_name(&subject), file.trim_end());
        Ok(())
    };
    cases(100).run(&strategy, test).unwrap();
}
