//! What the hook of git-review 2.5.0 and git 2.47 gave for the same messages; the same cases
//! run against the real ones in `tests/message.rs`.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use super::*;
use crate::remedy::{Refusal, Remedy};

const ID: &str = "I0123456789abcdef0123456789abcdef01234567";

fn with_id(text: &str) -> String {
    insert_change_id(
        text,
        &ID.parse().expect("valid"),
        &ChangeIdTrailer::default(),
    )
}

fn message(subject: &str, body: &[&str], trailers: &[&str]) -> Message {
    Message {
        subject: subject.to_owned(),
        body: body.iter().map(|&p| p.to_owned()).collect(),
        trailers: trailers.iter().map(|t| t.parse().expect("valid")).collect(),
    }
}

#[test]
fn the_change_id_goes_where_the_hook_puts_it() {
    let cases = [
        ("s\n", "s\n\nChange-Id: ID\n"),
        ("s", "s\n\nChange-Id: ID\n"),
        ("s\n\nbody\n", "s\n\nbody\n\nChange-Id: ID\n"),
        (
            "s\n\nSigned-off-by: A <a>\n",
            "s\n\nChange-Id: ID\nSigned-off-by: A <a>\n",
        ),
        (
            "s\n\nCloses-Bug: #1\nAssisted-By: X\nSigned-off-by: A <a>\nSigned-off-by: B <b>\n",
            "s\n\nCloses-Bug: #1\nAssisted-By: X\nChange-Id: ID\nSigned-off-by: A <a>\nSigned-off-by: B <b>\n",
        ),
        (
            "s\n\nSigned-off-by: A <a>\nAssisted-By: X\n",
            "s\n\nChange-Id: ID\nSigned-off-by: A <a>\nAssisted-By: X\n",
        ),
        (
            "s\n\nbody text\nImplements: x\n",
            "s\n\nbody text\nImplements: x\n\nChange-Id: ID\n",
        ),
        (
            "s\n\nCloses-Bug: #1\n\nSigned-off-by: A <a>\n",
            "s\n\nCloses-Bug: #1\n\nChange-Id: ID\nSigned-off-by: A <a>\n",
        ),
        (
            "s\n\nhttps://x/y\nSigned-off-by: A <a>\n",
            "s\n\nhttps: //x/y\nChange-Id: ID\nSigned-off-by: A <a>\n",
        ),
        ("fixup! s\n", "fixup! s\n"),
        ("Fixup! s\n", "Fixup! s\n\nChange-Id: ID\n"),
        ("s\n\nChange-Id: wrong\n", "s\n\nChange-Id: wrong\n"),
        ("s\n\nchange-id: x\n", "s\n\nchange-id: x\nChange-Id: ID\n"),
        ("# only\n", "# only\n"),
        ("", ""),
    ];
    for (text, want) in cases {
        assert_eq!(with_id(text), want.replace("ID", ID), "{text:?}");
    }
}

#[test]
fn the_settings_of_the_hook_are_honoured() {
    let id: ChangeId = ID.parse().expect("valid");
    let insert =
        |text, create, url| insert_change_id(text, &id, &ChangeIdTrailer::from_config(create, url));
    assert_eq!(insert("s\n", Some("false"), None), "s\n");
    assert_eq!(insert("s\n", Some("no"), None), with_id("s\n"));
    assert_eq!(
        insert("fixup! s\n", Some("always"), None),
        format!("fixup! s\n\nChange-Id: {ID}\n")
    );
    let link = format!("s\n\nLink: https://r/id/{ID}\nSigned-off-by: A <a>\n");
    let text = "s\n\nSigned-off-by: A <a>\n";
    for url in ["https://r", "https://r/"] {
        assert_eq!(insert(text, None, Some(url)), link);
    }
    assert_eq!(insert(&link, None, Some("https://other")), link);
    assert_eq!(change_id(&link), Some(id.clone()));
    assert_eq!(insert("s\n", None, Some("")), with_id("s\n"));
}

#[test]
fn ids_are_recognised() {
    assert_eq!(
        format!("I{}", "0".repeat(40)).parse::<ChangeId>(),
        Err(ChangeIdError::Zero)
    );
    for bad in ["", "I12", &ID[1..], &ID.to_uppercase(), &format!("{ID}0")] {
        assert!(bad.parse::<ChangeId>().is_err(), "{bad}");
    }
    assert_eq!(
        ChangeId::from_object_id(&ID[1..]).expect("valid").as_str(),
        ID
    );
    assert_eq!(change_id("s\n\nbody\n"), None);
    assert_eq!(change_id(&format!("s\n\nChange-Id: {ID}\n\nmore\n")), None);
    // Beside a Change-Id, even one that is none, a link is a link.
    let other = ID.replace("I0", "I9");
    let text = format!("s\n\nLink: https://r/id/{other}\nChange-Id: {ID}\n");
    assert_eq!(change_id(&text).expect("valid").as_str(), ID);
    let text = format!("s\n\nLink: https://r/id/{other}\nchange-id: x\n");
    assert_eq!(change_id(&text), None);
}

#[test]
fn messages_compare_without_their_change_id() {
    let text = "s\n\nGit-Rally: 1 nova x\nSigned-off-by: A <a>\n";
    let other = with_id(text).replace("I0", "I9");
    assert!(same_but_change_id(&with_id(text), &other));
    assert!(same_but_change_id("s\n", &with_id("s\n")));
    assert!(!same_but_change_id(
        &with_id(text),
        &with_id("s\n\nSigned-off-by: A <a>\n")
    ));
    // A link of the user's is part of the message, with a Change-Id and without.
    let link = |digit: &str| format!("s\n\nLink: https://r/id/{}\n", ID.replace('0', digit));
    assert!(same_but_change_id(&link("1"), &with_id(&link("1"))));
    assert!(!same_but_change_id(&link("1"), &with_id(&link("2"))));
    assert!(same_but_change_id(&link("1"), &link("1")));
    assert!(!same_but_change_id(&link("1"), &link("2")));
    assert!(same_but_change_id("s\n", &link("1")));
}

#[test]
fn text_is_wrapped_and_ends_with_its_trailers() {
    let long = "The task runs the scenarios of the service and its job is added to check and gate, where #123 is.";
    let text = message(
        "Add Rally performance tests",
        &[
            long,
            "- first point that is long enough to be wrapped below its own first letter\n- second",
            "Note: this",
        ],
        &["Closes-Bug: #1", "Closes-Bug: #1", "Signed-off-by: A <a@x>"],
    )
    .text();
    let want = "Add Rally performance tests

The task runs the scenarios of the service and its job is added to check
and gate, where #123 is.

- first point that is long enough to be wrapped below its own first
  letter
- second

Note: this

Closes-Bug: #1
Signed-off-by: A <a@x>
";
    assert_eq!(text, want);
}

#[test]
fn no_wrapped_line_begins_with_a_trap() {
    for word in ["#1", "---", "From:", "diff", "From", ">", "-x"] {
        let text = format!("{} {word} --git more", "x".repeat(70));
        for line in wrap::paragraph(&text, 72).lines().skip(1) {
            assert!(!line.starts_with(word), "{line}");
        }
    }
    assert_eq!(wrap::paragraph(&"y".repeat(80), 72), "y".repeat(80) + "\n");
}

#[test]
fn trailers_of_users_are_judged() {
    let good: Trailer = "Depends-On: https://review.opendev.org/c/1"
        .parse()
        .expect("valid");
    assert_eq!(
        good,
        Trailer::new("Depends-On", "https://review.opendev.org/c/1")
    );
    for bad in [
        "",
        "x",
        ": x",
        "a b: c",
        "https://x",
        "-k: v",
        "K=v",
        "a:\nb: c",
        "K:",
        "K: \x1b[0m",
    ] {
        assert!(bad.parse::<Trailer>().is_err(), "{bad:?}");
    }
    for own in [
        "change-id: x",
        "Git-Rally: x",
        "git-rally-wrote: x",
        "Git-Rally-Options: x",
    ] {
        assert!(matches!(
            own.parse::<Trailer>(),
            Err(TrailerError::Reserved(_))
        ));
    }
}

#[test]
fn provenance_comes_back() {
    let made = Provenance {
        version: "0.1.0".to_owned(),
        service: "nova".to_owned(),
        tree: "a".repeat(40),
        options: vec!["--times".to_owned(), "3".to_owned()],
        wrote: Some(Wrote {
            files: vec!["0123456789".to_owned()],
            job: Some("123456789a".to_owned()),
            edit: None,
            message: Some("23456789ab".to_owned()),
            named: [("0123456789".to_owned(), "plugins/a.py".to_owned())].into(),
            gone: vec!["README.rst".to_owned()],
            others: Some(vec!["plugins/theirs.py".to_owned()]),
            votes: Some(false),
            periodic: true,
        }),
    };
    let mut all = made.trailers();
    all.push(Trailer::signed_off_by("A", "a@x"));
    let text = add_trailers("s\n", &all);
    assert_eq!(provenance(&with_id(&text)), Some(made.clone()));
    // whoever squashes keeps the message, and the footer is that of another commit then
    let squashed = format!("Both\n\n{}\nAnother\n\nChange-Id: I1\n", with_id(&text));
    assert_eq!(provenance(&squashed), None);
    assert_eq!(last_provenance(&squashed), Some(made));
    for tree in ["", " abc", &format!(" {}", "g".repeat(40))] {
        assert_eq!(provenance(&format!("s\n\nGit-Rally: 1 nova{tree}\n")), None);
    }
}

#[test]
fn a_good_message_has_no_flaw() {
    let text = message(
        "Add Rally performance tests",
        &["Body.", &format!("https://{}", "u".repeat(80))],
        &["Co-Authored-By: Jos\u{e9} <j@x>", "Signed-off-by: A <a@x>"],
    )
    .text();
    assert_eq!(flaws(&with_id(&text)), []);
    assert_eq!(flaws(&text), [Flaw::ChangeIds(0)]);
}

/// What is to be typed is about the words that are wrong.
#[test]
fn a_flaw_knows_whose_words_it_is_about() {
    let rules = Rules {
        author_email: "a@x",
        sign_off: true,
        change_id: &ChangeIdTrailer::default(),
    };
    let hint = |text: String| {
        let error = validate(&text, &rules).unwrap_err();
        assert_eq!(error.refusal(), Some(Refusal::Message));
        error.hint()
    };
    let good = |body: &str, trailer: &str, name: &str| {
        format!("s\n\n{body}\n\n{trailer}\nChange-Id: {ID}\nSigned-off-by: {name} <a@x>\n")
    };
    assert_eq!(validate(&good("b", "K: v", "A"), &rules), Ok(()));
    let (name, trailer) = (
        "git config user.name NAME",
        "change the --trailer that is named",
    );
    assert_eq!(hint(good("b", "K: v", "A\u{1}")), name);
    assert_eq!(hint(good("b", "K: v\u{1}", "A")), trailer);
    assert_eq!(hint(good("b", &format!("Change-Id: {ID}"), "A")), trailer);
    assert!(hint(good("\u{e9}", "K: v", "A")).contains("git rally services NAME"));
    let both = hint(good("b", "K: v\u{1}", "A\u{1}"));
    assert_eq!(both, format!("{name}; {trailer}"));
    let other = good("b", "K: v", "A").replace("a@x", "b@x");
    assert_eq!(hint(other), "git config user.email MAIL");
}

fn flaws(text: &str) -> Vec<Flaw> {
    let rules = Rules {
        author_email: "a@x",
        sign_off: true,
        change_id: &ChangeIdTrailer::default(),
    };
    check(text, &rules)
}

#[test]
fn a_line_may_have_72_columns() {
    let footer = format!("\n\nChange-Id: {ID}\nSigned-off-by: A <a@x>\n");
    for (width, is_long) in [(72, false), (73, true)] {
        let line = format!("{} word", "x".repeat(width - 5));
        let long = Flaw::LongLine { line: 3, width };
        let found = flaws(&format!("s\n\n{line}{footer}"));
        assert_eq!(found, if is_long { vec![long] } else { vec![] });
    }
}

#[test]
fn a_subject_may_have_50_characters() {
    let footer = format!("\n\nChange-Id: {ID}\nSigned-off-by: A <a@x>\n");
    assert_eq!(flaws(&("x".repeat(50) + &footer)), []);
}

#[test]
fn every_flaw_is_found() {
    let footer = format!("\n\nChange-Id: {ID}\nSigned-off-by: A <a@x>\n");
    let long = format!("{} word", "x".repeat(70));
    let cases: [(String, Flaw); 21] = [
        (footer[1..].to_owned(), Flaw::NoSubject),
        ("x".repeat(51) + &footer, Flaw::LongSubject(51)),
        (
            format!("[x] s{footer}"),
            Flaw::SubjectChanged("[x] s".to_owned()),
        ),
        (
            format!("Re: s{footer}"),
            Flaw::SubjectChanged("Re: s".to_owned()),
        ),
        (
            format!("s  t{footer}"),
            Flaw::SubjectChanged("s  t".to_owned()),
        ),
        (format!("s\nmore{footer}"), Flaw::NoBlankLine),
        (
            format!("s\n\n{long}{footer}"),
            Flaw::LongLine { line: 3, width: 75 },
        ),
        (format!("s\n\nna\u{ef}ve{footer}"), Flaw::NotAscii(3)),
        (format!("s\n\nb \nc{footer}"), Flaw::Untidy(3)),
        (format!("s\n\nb\n{footer}"), Flaw::Untidy(5)),
        (format!("s{footer}\n"), Flaw::Untidy(5)),
        (format!("s\n\nb\n#1 is it{footer}"), Flaw::Comment(4)),
        (format!("s\n\nb\n---{footer}"), Flaw::EndsMessage(4)),
        (
            format!("s\n\nb\ndiff --git a b{footer}"),
            Flaw::EndsMessage(4),
        ),
        (format!("s\n\nFrom: B <b@x>{footer}"), Flaw::MailHeader(3)),
        (
            format!("s\n\nChange-Id: {ID}\n\nb{footer}"),
            Flaw::OutsideFooter(3),
        ),
        (format!("s{footer}Change-Id: {ID}\n"), Flaw::ChangeIds(2)),
        (
            format!("s{}", footer.replace("I0", "X0")),
            Flaw::ChangeIds(1),
        ),
        (
            format!("s{}", footer.replace("a@x", "b@x")),
            Flaw::NotSignedOff("a@x".to_owned()),
        ),
        (
            format!("s\n\nb\tc{footer}"),
            Flaw::Control {
                line: 3,
                text: "b\tc".to_owned(),
            },
        ),
        (format!("s{footer}\nmore\n"), Flaw::ChangeIds(0)),
    ];
    for (text, flaw) in cases {
        assert!(flaws(&text).contains(&flaw), "{text:?}: {:?}", flaws(&text));
    }
    let link = ChangeIdTrailer::from_config(None, Some("https://r"));
    let rules = Rules {
        author_email: "",
        sign_off: false,
        change_id: &link,
    };
    assert_eq!(check("s\n", &rules), [Flaw::Links(0)]);
    assert_eq!(
        check(&format!("s\n\nLink: https://r/id/{ID}\n"), &rules),
        []
    );
}
