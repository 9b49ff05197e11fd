//! Messages against Gerrit's commit-msg hook, as git-review ships it.

use std::fs;
use std::path::{Path, PathBuf};

use git_rally::message::{ChangeId, ChangeIdTrailer, hook_input, insert_change_id};
use libtest_mimic::{Failed, Trial};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::support::messages::text;
use crate::support::{Command, JANE, Repo, Sandbox, venv};
use crate::{LIMIT, script, trial};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        trial("change_ids_are_those_of_the_hook", change_ids),
        trial("commits_have_the_message_of_the_hook", commits),
    ]
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

/// When the commit is made, in a zone of half hours.
const COMMITTED: &str = "1750000001 -0330";

/// `gerrit.createChangeId` and `gerrit.reviewUrl`.
type Settings = (Option<&'static str>, Option<&'static str>);

const SETTINGS: [Settings; 4] = [
    (None, None),
    (Some("false"), None),
    (Some("always"), None),
    (None, Some("https://review.example.org/")),
];

/// Any text gets what the hook gives it.
fn change_ids() -> Result<(), Failed> {
    let mut runner = TestRunner::deterministic();
    let mut texts: Vec<String> = KNOWN.iter().map(|&text| text.to_owned()).collect();
    for _ in 0..80 {
        texts.push(text().new_tree(&mut runner)?.current());
    }
    for (create, url) in SETTINGS {
        let mut repo = Repo::new();
        repo.sandbox.set("GIT_COMMITTER_DATE", COMMITTED);
        repo.git(&["commit", "-q", "--allow-empty", "-m", "base"]);
        for (key, value) in settings((create, url)) {
            repo.git(&["config", key, value]);
        }
        let files: Vec<PathBuf> = texts
            .iter()
            .enumerate()
            .map(|(index, text)| repo.write(&format!("message{index}"), text.as_bytes()))
            .collect();
        let python = venv::bin()?.join("python");
        let mut python = repo.sandbox.command(python, repo.path());
        hook(&mut python, repo.path(), &files)?;
        let trailer = ChangeIdTrailer::from_config(create, url);
        for (text, file) in texts.iter().zip(files) {
            let want = fs::read_to_string(file)?;
            assert_eq!(ours(&repo, text, &trailer), want, "{text:?} {trailer:?}");
        }
    }
    Ok(())
}

/// What `commit` makes is what the hook makes of the same message without its trailer.
fn commits() -> Result<(), Failed> {
    let options: [&[&str]; 4] = [
        &[],
        &["--no-signoff"],
        &[
            "--trailer",
            "Closes-Bug: #1",
            "--trailer",
            "Depends-On: https://x/c/1",
        ],
        &["--trailer", "Signed-off-by: Joe <joe@example.org>"],
    ];
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for (setting, name) in SETTINGS.into_iter().zip(["a", "b", "c", "d"]) {
        for (key, value) in settings(setting) {
            clone.git(&["config", key, value]);
        }
        for (index, options) in options.iter().enumerate() {
            let branch = format!("{name}{index}");
            let args = [&["commit", "--branch", branch.as_str()], *options].concat();
            clone.rally(&args).ok("committed");
            let commit = clone.git(&["cat-file", "commit", &branch]) + "\n";
            let (_, made) = commit.split_once("\n\n").ok_or("no message")?;
            let without: String = made
                .split_inclusive('\n')
                .filter(|line| !line.starts_with("Change-Id: ") && !line.starts_with("Link: "))
                .collect();
            let file = sandbox.path(&branch);
            fs::write(&file, &without)?;
            let mut python = sandbox.command(venv::bin()?.join("python"), sandbox.dir.path());
            hook(&mut python, &clone.path, std::slice::from_ref(&file))?;
            assert_eq!(fs::read_to_string(file)?, made, "{setting:?} {options:?}");
            assert_eq!(made == without, setting.0 == Some("false"), "{made}");
        }
        for (key, _) in settings(setting) {
            clone.git(&["config", "--unset", key]);
        }
    }
    Ok(())
}

fn settings((create, url): Settings) -> impl Iterator<Item = (&'static str, &'static str)> {
    let both = [("gerrit.createChangeId", create), ("gerrit.reviewUrl", url)];
    both.into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
}

fn ours(repo: &Repo, text: &str, trailer: &ChangeIdTrailer) -> String {
    let committer = format!("{JANE} {COMMITTED}");
    let parent = repo.git(&["rev-parse", "HEAD"]);
    let input = hook_input(&committer, &parent, text);
    let blob = repo.git_text(&["hash-object", "--stdin"], &input);
    let id = ChangeId::from_object_id(blob.trim()).expect("an id");
    insert_change_id(text, &id, trailer)
}

/// Has the hook edit the files; an empty one it refuses and leaves as it is.
fn hook(python: &mut Command, repo: &Path, files: &[PathBuf]) -> Result<(), Failed> {
    python.arg(script("commit_msg.py")).arg(repo).args(files);
    let output = python.limit(LIMIT).output()?;
    let said = String::from_utf8_lossy(&output.stdout);
    let expected = said.lines().all(|line| line.starts_with("file is empty"));
    match expected && output.stderr.is_empty() {
        true => Ok(()),
        false => Err(format!("{output:?}").into()),
    }
}
