//! Changes that Gerrit takes.

use std::fs;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::Test;
use crate::server::PASSWORD;
use crate::support::{manifest, says, venv};
use crate::world::{World, state};

pub(crate) const TESTS: [(&str, Test); 10] = [
    ("one_change_with_all_that_was_asked_for", one),
    ("the_next_patch_set_is_of_the_same_change", next),
    ("what_gerrit_has_is_not_sent_again", again),
    ("a_mail_patch_is_the_same_change", mail),
    ("the_hook_of_the_server_changes_nothing", hook),
    ("git_review_sends_it_as_the_same_change", git_review),
    ("a_base_that_moved", moved),
    ("a_change_on_a_change", chained),
    ("by_ssh", ssh),
    ("the_script_that_proposes", proposed),
];

fn one(world: &World<'_>) -> Result<(), Failed> {
    let options = [
        "--push",
        "--wip",
        "--topic",
        "mine",
        "--hashtag",
        "perf",
        "--hashtag",
        "rally",
        "--reviewer",
        "bob",
    ];
    let event = world.review(&options).ok("committed");
    let change = world.change()?;
    assert_eq!(state(&change), (text(&event["commit"]), 1));
    assert_eq!(change["change_id"], event["change_id"]);
    assert_eq!(change["topic"], "mine");
    let mut hashtags: Vec<String> = serde_json::from_value(change["hashtags"].clone())?;
    hashtags.sort();
    assert_eq!(hashtags, ["perf", "rally"]);
    assert_eq!(change["work_in_progress"], true);
    assert_eq!(change["branch"], "master");
    assert_eq!(change["owner"]["username"], "jane");
    let reviewers = change["reviewers"]["REVIEWER"].to_string();
    says(&reviewers, &["bob@example.org"]);
    let url = text(&event["next"][0]);
    assert!(url.ends_with(&format!("/+/{}", change["_number"])), "{url}");
    // Gerrit counts in one line; none of it is left on the terminal.
    let again = world
        .clone()
        .rally_text(&["review", "--push", "--branch", "b"]);
    let said = format!("{}{}", again.out, again.err);
    assert!(!said.contains("\\r"), "{said}");
    Ok(())
}

fn next(world: &World<'_>) -> Result<(), Failed> {
    let first = world.review(&["--push"]).ok("committed");
    let replace = ["--replace", "--push", "--times", "3"];
    let second = world.review(&replace).ok("committed");
    assert_ne!(first["commit"], second["commit"]);
    let change = world.change()?;
    assert_eq!(state(&change), (text(&second["commit"]), 2));
    assert_eq!(change["change_id"], first["change_id"]);
    Ok(())
}

fn again(world: &World<'_>) -> Result<(), Failed> {
    world.review(&["--push"]).ok("committed");
    for args in [&["--push"][..], &["--push", "--replace"]] {
        let event = world.review(args).ok("unchanged");
        says(
            &text(&event["reason"]),
            &["no new changes", "Gerrit has it"],
        );
    }
    assert_eq!(state(&world.change()?).1, 1);
    Ok(())
}

fn mail(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let patch = clone.rally_text(&["patch"]);
    assert_eq!(patch.code, 0, "{patch:?}");
    let file = world.sandbox.path("patch");
    fs::write(&file, &patch.out)?;
    let event = world.review(&["--push"]).ok("committed");
    let place = world.sandbox.path("other");
    let from = clone.git(&["remote", "get-url", "gerrit"]);
    clone.git(&["clone", "-q", &from, &place.display().to_string()]);
    let git = |args: &[&str]| world.sandbox.git(&place, args);
    // Another date makes it another commit.
    git(&["am", "-q", "--ignore-date", &file.display().to_string()]);
    git(&[
        "commit",
        "-q",
        "--amend",
        "--no-edit",
        "--date",
        "2026-02-01T12:00:00Z",
    ]);
    git(&["push", "-q", "origin", "HEAD:refs/for/master"]);
    let change = world.change()?;
    assert_eq!(change["change_id"], event["change_id"]);
    assert_eq!(state(&change), (git(&["rev-parse", "HEAD"]), 2));
    Ok(())
}

fn hook(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let event = clone.rally(&["commit"]).ok("committed");
    let branch = text(&event["branch"]);
    clone.git(&["checkout", "-q", &branch]);
    clone.hook("commit-msg", &String::from_utf8(world.server.hook()?)?);
    let message = clone.git(&["log", "-1", "--format=%B"]);
    clone.git(&["commit", "-q", "--amend", "--no-edit"]);
    assert_eq!(clone.git(&["log", "-1", "--format=%B"]), message);
    assert_eq!(clone.git(&["rev-parse", "HEAD"]), text(&event["commit"]));
    Ok(())
}

/// What git-review sends from a checkout is no other change, and no other commit.
fn git_review(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let event = world.review(&["--push"]).ok("committed");
    clone.git(&["checkout", "-q", "rally-perfscale"]);
    clone.hook("commit-msg", &String::from_utf8(world.server.hook()?)?);
    let send = || -> Result<String, Failed> {
        let mut review = world
            .sandbox
            .command(venv::bin()?.join("git-review"), &clone.path);
        let output = review
            .args(["-R", "-y", "-t", "rally-perfscale"])
            .output()?;
        Ok(format!("{output:?}"))
    };
    says(&send()?, &["no new changes"]);
    assert_eq!(state(&world.change()?), (text(&event["commit"]), 1));
    clone.git(&[
        "commit",
        "-q",
        "--amend",
        "--no-edit",
        "--date",
        "2026-02-01T12:00:00Z",
    ]);
    send()?;
    let change = world.change()?;
    assert_eq!(state(&change), (clone.git(&["rev-parse", "HEAD"]), 2));
    assert_eq!(change["change_id"], event["change_id"]);
    Ok(())
}

fn moved(world: &World<'_>) -> Result<(), Failed> {
    let first = world.review(&["--push"]).ok("committed");
    world.commit_upstream("elsewhere.txt");
    world.clone().git(&["fetch", "-q", "gerrit"]);
    let second = world.review(&["--push", "--replace"]).ok("committed");
    let change = world.change()?;
    assert_eq!(state(&change), (text(&second["commit"]), 2));
    assert_eq!(change["change_id"], first["change_id"]);
    let current = &change["revisions"][text(&second["commit"])];
    // Gerrit sees that nothing but the base is new: votes stay.
    assert_eq!(current["kind"], "TRIVIAL_REBASE");
    let parent = &current["commit"]["parents"][0]["commit"];
    assert_eq!(*parent, world.clone().git(&["rev-parse", "gerrit/master"]));
    Ok(())
}

fn chained(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let id = "I0123456789abcdef0123456789abcdef01234567";
    clone.git(&["checkout", "-q", "-b", "own", "gerrit/master"]);
    clone.write("own.txt", "mine\n");
    clone.git(&["add", "own.txt"]);
    let message = format!(
        "Own\n\nSigned-off-by: {}\nChange-Id: {id}",
        crate::support::JANE
    );
    clone.git(&["commit", "-q", "-m", &message]);
    let event = world.review(&["--push", "--base", "own"]).ok("committed");
    let changes = world.changes()?;
    let ids: Vec<&Value> = changes.iter().map(|change| &change["change_id"]).collect();
    assert_eq!(ids.len(), 2, "{changes:#?}");
    assert!(
        ids.contains(&&json!(id)) && ids.contains(&&event["change_id"]),
        "{ids:?}"
    );
    let ours = changes
        .iter()
        .find(|change| change["change_id"] == event["change_id"]);
    let ours = ours.ok_or("our change")?;
    let commit = &ours["revisions"][state(ours).0]["commit"];
    assert_eq!(
        commit["parents"][0]["commit"],
        clone.git(&["rev-parse", "own"])
    );
    Ok(())
}

fn ssh(world: &World<'_>) -> Result<(), Failed> {
    let sandbox = world.with_ssh()?;
    let clone = sandbox.at("nova");
    let event = clone.rally(&["review", "--push"]).ok("committed");
    assert_eq!(state(&world.change()?), (text(&event["commit"]), 1));
    Ok(())
}

/// `templates/proposals/propose.py`, as a job runs it, with Gerrit's own answers.
fn proposed(world: &World<'_>) -> Result<(), Failed> {
    let (server, project) = (world.server, world.project.as_str());
    let remote = server.address("jane", PASSWORD, "");
    let propose = |options: &[&str]| -> Result<String, Failed> {
        let mut python = world.sandbox.command("python3", world.sandbox.dir.path());
        python.arg(manifest("templates/proposals/propose.py"));
        python.args(["--user", "jane", "--work", "work", "--remote", &remote]);
        python.args([
            "--api",
            &server.api(),
            "--program",
            env!("CARGO_BIN_EXE_git-rally"),
        ]);
        let options = options.iter().map(|option| format!("--option={option}"));
        let output = python.args(options).arg(project).output()?;
        assert!(output.status.success(), "{output:?}");
        Ok(String::from_utf8(output.stdout)?)
    };
    says(&propose(&["--trial"])?, &["proposed: "]);
    let change = world.change()?;
    assert_eq!(change["topic"], "rally-perfscale");
    says(
        &propose(&["--trial"])?,
        &["unchanged: change ", " says the same"],
    );
    world.commit_upstream("elsewhere.txt");
    says(
        &propose(&["--trial"])?,
        &["unchanged: change ", " says the same"],
    );
    assert_eq!(state(&world.change()?).1, 1);
    says(&propose(&["--trial", "--times=3"])?, &["updated: "]);
    let second = world.change()?;
    assert_eq!(
        (state(&second).1, &second["change_id"]),
        (2, &change["change_id"])
    );
    world.act(&change, "abandon", json!({}))?;
    says(
        &propose(&["--trial", "--times=4"])?,
        &["left: change ", " was abandoned"],
    );
    assert_eq!(state(&world.change()?).1, 2);
    Ok(())
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}
