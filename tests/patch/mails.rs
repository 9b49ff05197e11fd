//! People, dates, messages: the mail is that of `git format-patch`, and `git am` takes it.

use git_rally::message::{self, ChangeIdTrailer, Rules};
use git_rally::patch;

use crate::{Case, Real, check, compare, our_mail};

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
