//! The search in a history, against `git log`.

use std::fmt::Write;

use git_rally::git::{Environment, Look, Past, Repo};
use proptest::prelude::*;

use crate::support::Sandbox;

const LOOK: Look = Look {
    near: 0,
    stride: 64,
    most: usize::MAX,
    only_with_first: false,
};

/// One commit: which of the ones before it are its parents, counted back, and what it changes.
type Made = (Option<u8>, u8);

/// Returns what makes these commits by `git fast-import`, each later than the one before it. Every
/// content is there once, so that nothing is changed back.
fn stream(commits: &[Made]) -> String {
    let mut text = String::new();
    for (at, (side, what)) in commits.iter().enumerate() {
        let mark = at + 1;
        let message = format!("Commit {mark}, {}", what % 5);
        writeln!(
            text,
            "commit refs/heads/walk\nmark :{mark}\ncommitter A <a@example.org> {} +0000\ndata {}\n{message}",
            1_700_000_000 + mark,
            message.len()
        )
        .expect("a string");
        if at > 0 {
            writeln!(text, "from :{at}").expect("a string");
        }
        let other = side.map(|back| at.saturating_sub(usize::from(back) + 1));
        if let Some(other) = other.filter(|other| *other > 0) {
            writeln!(text, "merge :{other}").expect("a string");
        }
        let path = match what % 20 {
            0 => "rally-jobs/task.yaml",
            1 => "zuul.d/rally.yaml",
            _ => "other/file",
        };
        let content = format!("{mark}\n");
        writeln!(
            text,
            "M 100644 inline {path}\ndata {}\n{content}",
            content.len()
        )
        .expect("a string");
    }
    text
}

#[test]
fn it_finds_what_git_log_finds() {
    let sandbox = Sandbox::new();
    let clone = sandbox.repository("walk", &[]);
    let env = Environment::of_process();
    let commit = (prop::option::weighted(0.2, 0u8..90), any::<u8>());
    let commits = prop::collection::vec(commit, 1..400);
    proptest!(ProptestConfig::with_cases(24), |(commits in commits, wanted in 0u8..5)| {
        let import = ["fast-import", "--quiet", "--force"];
        sandbox.git_bytes(&clone.path, &import, stream(&commits).as_bytes());
        let repo = Repo::open(Some(&clone.path), &env).expect("a repository");
        let tip = clone.git(&["rev-parse", "walk"]).parse().expect("an id");
        let word = format!(", {wanted}");
        let names = ["rally-jobs", "zuul.d"];
        let found = repo.last_change(tip, &names, LOOK, &mut |commit| commit.message.contains(&word));
        let found = match found.expect("a history") {
            Past::Found(commit) => commit.id.to_string(),
            Past::CutOff | Past::Nothing => String::new(),
        };
        let grep = format!("--grep={word}$");
        let log = ["log", "-1", "--format=%H", &grep, "walk", "--", "rally-jobs", "zuul.d"];
        prop_assert_eq!(found, clone.git(&log));
    });
}
