//! Messages against the real `git interpret-trailers`, `git hash-object` and the commit-msg hook.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod realgit;

use std::process::Command;

use git_rally::message::{
    ChangeId, ChangeIdTrailer, Trailer, add_trailers, hook_input, insert_change_id, trailers,
};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use realgit::Repo;

/// Lines that the rules for trailers tell apart.
const LINES: &[&str] = &[
    "",
    "",
    "",
    " ",
    "body text",
    "Closes-Bug: #1",
    "Closes-Bug:#1  ",
    "closes-bug : #1",
    "Signed-off-by: A U Thor <author@example.org>",
    "Signed-off-by: B <b@example.org>",
    "Signed-off: x",
    "S: x",
    "https://example.org/x",
    "  indented",
    "\tindented: x",
    "# a comment",
    "---",
    "--- a",
    "Key with space: x",
    "-: x",
    ": x",
    "Change-Id: x",
    "Change-Id: I0123456789abcdef0123456789abcdef01234567",
    "Link: https://r/id/I0123456789abcdef0123456789abcdef01234567",
    "(cherry picked from commit 0123)",
    "Conflicts:",
    "# ------------------------ >8 ------------------------",
    "Signed-off-by: SENTINEL",
    "fixup! x",
    "empty:",
];

fn text() -> impl Strategy<Value = String> {
    let lines = prop::collection::vec(prop::sample::select(LINES), 0..9);
    (lines, any::<bool>()).prop_map(|(lines, end)| {
        let text = lines.join("\n");
        format!("{text}{}", if end { "\n" } else { "" })
    })
}

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

/// Needs git-review from PyPI: `tests/online` makes the environment and names its Python.
#[test]
#[ignore = "online: `tests/online` runs it, with GIT_RALLY_PYTHON naming a Python that has git-review"]
fn change_ids_are_those_of_the_hook() {
    let mut runner = TestRunner::deterministic();
    let mut texts: Vec<String> = KNOWN.iter().map(|&text| text.to_owned()).collect();
    for _ in 0..150 {
        texts.push(text().new_tree(&mut runner).unwrap().current());
    }
    let settings = [
        (None, None),
        (Some("false"), None),
        (Some("always"), None),
        (None, Some("https://review.example.org/")),
    ];
    for (create, url) in settings {
        let repo = hook_repo(create, url);
        let trailer = ChangeIdTrailer::from_config(create, url);
        for (text, want) in texts.iter().zip(hooks(&repo, &texts)) {
            assert_eq!(ours(&repo, text, &trailer), want, "{text:?} {trailer:?}");
        }
    }
}

const KNOWN: &[&str] = &[
    "s\n",
    "s\n\nbody\n",
    "s\n\nSigned-off-by: A <a>\n",
    "s\n\nCloses-Bug: #1\nAssisted-By: X\nSigned-off-by: A <a>\nSigned-off-by: B <b>\n",
    "s\n\nSigned-off-by: A <a>\nAssisted-By: X\n",
    "s\n\nbody text\nImplements: x\n",
    "s\n\nCloses-Bug: #1\n\nSigned-off-by: A <a>\n",
    "s\n\nhttps://x/y\nSigned-off-by: A <a>\n",
    "fixup! s\n",
    "Fixup! s\n",
    "s\n\nChange-Id: wrong\n",
    "s\n\nchange-id: x\n",
    "s\n\nGit-Rally: 0.1.0 nova 0123456789abcdef0123456789abcdef01234567\nSigned-off-by: J\u{f6}rg <j@x>\n",
];

fn hook_repo(create: Option<&str>, url: Option<&str>) -> Repo {
    let repo = Repo::new();
    repo.git(&["commit", "-q", "--allow-empty", "-m", "base"]);
    for (key, value) in [("gerrit.createChangeId", create), ("gerrit.reviewUrl", url)] {
        if let Some(value) = value {
            repo.git(&["config", key, value]);
        }
    }
    repo
}

fn ours(repo: &Repo, text: &str, trailer: &ChangeIdTrailer) -> String {
    let committer = "C O Mitter <committer@example.org> 1750000001 -0330";
    let parent = repo.git(&["rev-parse", "HEAD"]);
    let input = hook_input(committer, parent.trim(), text);
    let blob = String::from_utf8(repo.git_bytes(&["hash-object", "--stdin"], &input)).unwrap();
    let id = ChangeId::from_object_id(blob.trim()).unwrap();
    insert_change_id(text, &id, trailer)
}

/// What the hook makes of each text; an empty one it refuses and leaves as it is.
fn hooks(repo: &Repo, texts: &[String]) -> Vec<String> {
    let python = std::env::var_os("GIT_RALLY_PYTHON").expect("GIT_RALLY_PYTHON");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/online/commit_msg.py");
    let named = texts.iter().enumerate();
    let files: Vec<_> = named
        .map(|(index, text)| repo.write(&format!("message{index}"), text.as_bytes()))
        .collect();
    let mut command = Command::new(python);
    realgit::clean(&mut command)
        .arg(script)
        .arg(repo.path())
        .args(&files);
    let output = realgit::run(&mut command, b"");
    let said = String::from_utf8_lossy(&output.stdout);
    let expected = said.lines().all(|line| line.starts_with("file is empty"));
    assert!(expected && output.stderr.is_empty(), "{output:?}");
    files
        .iter()
        .map(|file| std::fs::read_to_string(file).unwrap())
        .collect()
}
