//! The README shows what the program prints.

use std::fs;

use clap::CommandFactory;
use git_rally::cli::Cli;
use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::support::{Sandbox, golden, manifest};

#[test]
fn the_readme_shows_real_output() {
    let sandbox = Sandbox::new();
    let run = |args: &[&str]| {
        let ran = sandbox.rally(sandbox.dir.path(), args);
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.out
    };
    let demo = run(&["demo"]);
    for (file, part, text) in [
        ("README.md", "demo", demo),
        ("README.md", "services", run(&["services"])),
        ("templates/manual/check.md", "check", check(&sandbox)),
        ("templates/manual/results.md", "compare", compare(&sandbox)),
    ] {
        let path = manifest(file);
        let page = fs::read_to_string(&path).expect("a page");
        let wanted = with(&page, part, &text);
        golden::file(&path, Some(wanted.as_bytes())).unwrap_or_else(|why| panic!("{why}"));
    }
}

#[test]
fn the_readme_names_every_verb_and_is_short() {
    let readme = fs::read_to_string(manifest("README.md")).expect("README.md");
    for verb in Cli::command().get_subcommands() {
        let name = verb.get_name();
        assert!(
            readme.contains(&format!("git rally {name}")) || name == "demo",
            "{name}"
        );
    }
    assert!(readme.lines().count() <= 200);
}

#[test]
fn every_link_to_a_file_leads_there() {
    let pages = fs::read_dir(manifest("templates/manual")).expect("the pages");
    let pages = pages.map(|entry| entry.expect("a page").path());
    for page in pages.chain([
        manifest("README.md"),
        manifest("templates/monitoring/README.md"),
        manifest("tests/lab/README.md"),
        manifest("tests/reliability/README.md"),
    ]) {
        let text = fs::read_to_string(&page).expect("a page");
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            let (Event::Start(Tag::Link { dest_url, .. })
            | Event::Start(Tag::Image { dest_url, .. })) = event
            else {
                continue;
            };
            let is_there = dest_url.contains("://") || page.with_file_name(&*dest_url).exists();
            assert!(is_there, "{}: {dest_url}", page.display());
        }
    }
}

/// Returns what `check` finds in the demonstration once a scenario is misspelled.
fn check(sandbox: &Sandbox) -> String {
    let demo = sandbox.path("git-rally-demo-nova");
    let git = sandbox
        .command("git", &demo)
        .args(["switch", "-q", "rally-perfscale"])
        .status();
    assert!(git.expect("git").success());
    let task = demo.join("rally-jobs/task-nova.yaml");
    let text = fs::read_to_string(&task).expect("a task");
    fs::write(
        &task,
        text.replacen("NovaFlavors.list_flavors", "NovaFlavors.list_flavor", 1),
    )
    .expect("a task");
    let ran = sandbox.rally(&demo, &["check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    format!("$ git rally check\n{}{}", ran.out, ran.err)
}

/// Returns what `compare` says of keystone in the lab, before and after a delay.
fn compare(sandbox: &Sandbox) -> String {
    for side in ["before", "after"] {
        let runs = manifest(&format!("tests/judge/lab/keystone-{side}.json.gz"));
        let file = sandbox.path(&format!("{side}/keystone.json.gz"));
        fs::create_dir_all(sandbox.path(side)).expect("a folder");
        fs::copy(runs, file).expect("the runs");
    }
    let ran = sandbox.rally(sandbox.dir.path(), &["compare", "before", "after"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    format!("$ git rally compare before after\n{}{}", ran.out, ran.err)
}

/// Returns the text with the block between `<!-- part -->` and `<!-- end of part -->` replaced.
fn with(text: &str, part: &str, output: &str) -> String {
    let (open, close) = (
        format!("<!-- {part} -->\n"),
        format!("<!-- end of {part} -->"),
    );
    let (before, rest) = text.split_once(&open).expect("an opening mark");
    let (_, after) = rest.split_once(&close).expect("a closing mark");
    format!(
        "{before}{open}```\n{}\n```\n{close}{after}",
        output.trim_end()
    )
}
