//! Messages against the real `git interpret-trailers`; `tests/online` asks the commit-msg hook.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::Repo;
use crate::support::messages::text;
use git_rally::message::{Trailer, add_trailers, trailers};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

fn user_trailers() -> impl Strategy<Value = Vec<Trailer>> {
    const KNOWN: &[&str] = &[
        "Closes-Bug: #1",
        "Closes-Bug: #2",
        "Signed-off-by: B <b@example.org>",
        "S: x",
    ];
    let one = prop::sample::select(KNOWN).prop_map(|text| text.parse().unwrap());
    prop::collection::vec(one, 1..3)
}

fn cases(count: u32) -> TestRunner {
    TestRunner::new(ProptestConfig {
        cases: count,
        failure_persistence: None,
        ..ProptestConfig::default()
    })
}

#[test]
fn trailers_go_where_git_puts_them() {
    let repo = Repo::new();
    let test = |(text, new): (String, Vec<Trailer>)| {
        let args = new.iter().map(|t| format!("--trailer={t}"));
        let args: Vec<String> = ["interpret-trailers".to_owned()]
            .into_iter()
            .chain(args)
            .collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let want = repo.git_bytes(&args, text.as_bytes());
        prop_assert_eq!(add_trailers(&text, &new), String::from_utf8(want).unwrap());
        Ok(())
    };
    cases(300).run(&(text(), user_trailers()), test).unwrap();
}

#[test]
fn trailers_are_read_as_git_reads_them() {
    let repo = Repo::new();
    let test = |text: String| {
        let want = repo.git_bytes(&["interpret-trailers", "--parse"], text.as_bytes());
        let got: String = trailers(&text).iter().map(|t| format!("{t}\n")).collect();
        prop_assert_eq!(got, String::from_utf8(want).unwrap());
        Ok(())
    };
    cases(300).run(&text(), test).unwrap();
}

/// One of Git's own trailers makes a block of a paragraph that is at least a quarter trailers.
#[test]
fn a_mixed_paragraph_counts_as_git_counts_it() {
    let repo = Repo::new();
    let new: Trailer = "Closes-Bug: #1".parse().unwrap();
    let signed = "Signed-off-by: B <b@example.org>\n";
    for (others, own) in (0..9).flat_map(|others| (0..3).map(move |own| (others, own))) {
        let text = format!(
            "s\n\n{}{}",
            "other line\n".repeat(others),
            signed.repeat(own)
        );
        let args = ["interpret-trailers", "--trailer", "Closes-Bug: #1"];
        let want = repo.git_bytes(&args, text.as_bytes());
        let got = add_trailers(&text, std::slice::from_ref(&new));
        assert_eq!(got, String::from_utf8(want).unwrap(), "{others} {own}");
    }
}
