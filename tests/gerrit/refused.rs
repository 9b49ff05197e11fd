//! Changes that Gerrit refuses: the reason reaches the user, and what is said to type helps.

use std::fs;

use libtest_mimic::Failed;
use serde_json::{Value, json};

use crate::Test;
use crate::server::PASSWORD;
use crate::support::says;
use crate::world::{World, state};

pub(crate) const TESTS: [(&str, Test); 10] = [
    ("nobody_signed_it_off", sign_off),
    ("an_address_that_the_account_lacks", address),
    ("an_author_whom_nobody_may_forge", author),
    ("a_reviewer_whom_nobody_knows", reviewer),
    ("a_change_that_was_abandoned", abandoned),
    ("a_change_that_was_merged", merged),
    ("a_branch_that_is_gone", branch),
    ("no_right_to_push", right),
    ("nobody_agreed", agreement),
    ("a_wrong_password", password),
];

/// Runs `git rally review`, which must fail for the reason; returns the hint.
fn fails(world: &World<'_>, args: &[&str], reason: &[&str]) -> String {
    let ran = world.review(args);
    let event = ran.event();
    assert_eq!((ran.code, &event["type"]), (1, &json!("failed")), "{ran:?}");
    says(event["reason"].as_str().expect("a reason"), reason);
    // The commit is there: nothing is lost.
    says(
        event["reason"].as_str().expect("a reason"),
        &["holds the commit"],
    );
    event["hint"].as_str().expect("a hint").to_owned()
}

fn sign_off(world: &World<'_>) -> Result<(), Failed> {
    let args = ["--push", "--no-signoff"];
    let hint = fails(world, &args, &["Gerrit rejected it", "not Signed-off-by"]);
    assert_eq!(world.changes()?, Vec::<Value>::new());
    world.type_hint(&hint, "git rally review").ok("committed");
    assert_eq!(state(&world.change()?).1, 1);
    Ok(())
}

fn address(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    clone.git(&["config", "user.email", "other@example.org"]);
    let reason = ["other@example.org is not registered in your account"];
    let hint = fails(world, &["--push", "--branch", "mine"], &reason);
    says(
        &hint,
        &["git config user.email ADDRESS", "git branch -D mine"],
    );
    clone.git(&["config", "user.email", "jane@example.org"]);
    clone.git(&["branch", "-q", "-D", "mine"]);
    world.type_hint(&hint, "git rally review").ok("committed");
    world.change().map(drop)
}

fn author(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let rules = json!({"rules": {"global:Registered-Users": {"action": "BLOCK"}}});
    let access = json!({"add": {"refs/heads/*": {"permissions": {"forgeAuthor": rules}}}});
    world
        .server
        .ask("POST", &world.at("/access"), Some(access))?;
    clone.git(&["config", "author.email", "other@example.org"]);
    let reason = ["other@example.org is not registered", "forge author"];
    let hint = fails(world, &["--push", "--branch", "mine"], &reason);
    says(
        &hint,
        &["git config author.email ADDRESS", "git branch -D mine"],
    );
    clone.git(&["config", "author.email", "jane@example.org"]);
    clone.git(&["branch", "-q", "-D", "mine"]);
    world.type_hint(&hint, "git rally review").ok("committed");
    world.change().map(drop)
}

fn reviewer(world: &World<'_>) -> Result<(), Failed> {
    let args = ["--push", "--reviewer", "nobody@example.org"];
    let hint = fails(world, &args, &["'nobody@example.org' not found"]);
    says(&hint, &["--reviewer USER"]);
    assert_eq!(world.changes()?, Vec::<Value>::new());
    world
        .review(&["--push", "--reviewer", "bob"])
        .ok("committed");
    world.change().map(drop)
}

fn abandoned(world: &World<'_>) -> Result<(), Failed> {
    world.review(&["--push"]).ok("committed");
    let change = world.change()?;
    world.act(&change, "abandon", json!({}))?;
    let args = ["--push", "--replace", "--times", "3"];
    let hint = fails(
        world,
        &args,
        &["Gerrit rejected it: change http", " closed"],
    );
    says(&hint, &["restore it", "--branch NAME"]);
    world.act(&change, "restore", json!({}))?;
    let at = hint.find("git push").ok_or("a push")?;
    let line = hint[at..].split(';').next().ok_or("a push")?;
    let output = world.sandbox.shell(&world.clone().path, line);
    assert!(output.status.success(), "{line}: {output:?}");
    assert_eq!(state(&world.change()?).1, 2);
    Ok(())
}

fn merged(world: &World<'_>) -> Result<(), Failed> {
    world.review(&["--push"]).ok("committed");
    let change = world.change()?;
    let vote = json!({"labels": {"Code-Review": 2}});
    world.act(&change, "revisions/current/review", vote)?;
    world.act(&change, "submit", json!({}))?;
    // Nothing was fetched: the clone knows nothing of it.
    let args = ["--push", "--replace", "--times", "3"];
    let hint = fails(
        world,
        &args,
        &["Gerrit rejected it: change http", " closed"],
    );
    says(&hint, &["the change was merged or abandoned"]);
    world.clone().git(&["fetch", "-q", "gerrit"]);
    world
        .review(&["--push", "--branch", "other"])
        .ok("unchanged");
    Ok(())
}

fn branch(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    world
        .server
        .ask("PUT", &world.at("/branches/stable"), Some(json!({})))?;
    clone.git(&["fetch", "-q", "gerrit"]);
    clone.git(&["config", "gitreview.branch", "stable"]);
    world
        .server
        .ask("DELETE", &world.at("/branches/stable"), None)?;
    let hint = fails(world, &["--push"], &["branch stable not found"]);
    says(&hint, &[".gitreview", "git ls-remote --heads"]);
    Ok(())
}

fn right(world: &World<'_>) -> Result<(), Failed> {
    let block = json!({"action": "BLOCK"});
    let rules = json!({"rules": {"global:Registered-Users": block}});
    let access = json!({"add": {"refs/for/refs/heads/master": {"permissions": {"push": rules}}}});
    world
        .server
        .ask("POST", &world.at("/access"), Some(access))?;
    let hint = fails(world, &["--push"], &["prohibited by Gerrit"]);
    says(&hint, &["ask for the right to push"]);
    assert_eq!(world.changes()?, Vec::<Value>::new());
    Ok(())
}

/// An agreement is for all projects; this one asks for it.
fn agreement(world: &World<'_>) -> Result<(), Failed> {
    let server = world.server;
    let group = server.ask("PUT", "groups/agreed", Some(json!({})))?;
    // Gerrit takes an agreement from a commit only.
    let desk = world.sandbox.path("agreements");
    let git = |args: &[&str]| world.sandbox.git(&desk, args);
    fs::create_dir(&desk)?;
    git(&["init", "-q"]);
    let all = server.address("admin", "secret", "All-Projects");
    git(&["pull", "-q", &all, "refs/meta/config"]);
    let add = |name: &str, more: &str| {
        let file = desk.join(name);
        let text = fs::read_to_string(&file)?;
        fs::write(&file, text + more)
    };
    let id = group["id"].as_str().ok_or("an id")?;
    add("groups", &format!("{id}\tagreed\n"))?;
    add(
        "project.config",
        "[contributor-agreement \"Individual\"]\n\tdescription = An agreement\n\
         \tagreementUrl = static/agreement.html\n\taccepted = group agreed\n",
    )?;
    git(&["config", "user.email", "admin@example.com"]);
    git(&["commit", "-q", "-a", "-s", "-m", "Add an agreement"]);
    git(&["push", "-q", &all, "HEAD:refs/meta/config"]);
    let asks = json!({"use_contributor_agreements": "TRUE"});
    server.ask("PUT", &world.at("/config"), Some(asks))?;
    let agree = "agree in Gerrit, Settings, Agreements";
    // By http, Gerrit's reason does not reach git.
    let hint = fails(world, &["--push"], &["git did not reach Gerrit", "403"]);
    says(&hint, &[agree, "ask for the right"]);
    let sandbox = world.with_ssh()?;
    let ran = sandbox.at("nova").rally(&["review", "--push"]).failed();
    says(
        &ran,
        &["Gerrit rejected it: No Contributor Agreement", agree],
    );
    assert_eq!(world.changes()?, Vec::<Value>::new());
    server.ask("PUT", "groups/agreed/members/jane", None)?;
    let at = hint.find("git push").ok_or("a push")?;
    let output = world.sandbox.shell(&world.clone().path, &hint[at..]);
    assert!(output.status.success(), "{output:?}");
    world.change().map(drop)
}

fn password(world: &World<'_>) -> Result<(), Failed> {
    let clone = world.clone();
    let wrong = world
        .server
        .address("jane", &format!("not-{PASSWORD}"), &world.project);
    clone.git(&["remote", "set-url", "gerrit", &wrong]);
    let hint = fails(
        world,
        &["--push"],
        &["git did not reach Gerrit", "Unauthorized"],
    );
    says(&hint, &["git remote -v"]);
    Ok(())
}
