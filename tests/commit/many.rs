//! Many repositories in one call: each has its own result, and the exit code is that of the worst.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Ran, Sandbox, copy, says};

#[test]
fn the_exit_code_is_that_of_the_worst() {
    let sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    // `glance` is done, `nova` is refused, `gone` fails.
    sandbox
        .clone_of("glance")
        .rally(&["commit"])
        .ok("committed");
    sandbox.at("nova").git(&["branch", "rally-perfscale"]);
    for (repos, code) in [
        (&["glance"][..], 0),
        (&["glance", "glance"], 0),
        (&["nova", "glance"], 3),
        (&["glance", "nova"], 3),
        (&["gone", "glance"], 1),
        (&["glance", "gone"], 1),
        (&["gone", "nova"], 1),
        (&["nova", "gone"], 1),
        (&["nova", "gone", "glance"], 1),
        (&["gone", "nova", "glance", "nova"], 1),
    ] {
        let ran = sandbox.untouched(sandbox.dir.path(), &[&["commit"], repos].concat());
        assert_eq!(ran.code, code, "{repos:?}: {ran:?}");
        assert_eq!(ran.out.lines().count(), repos.len(), "{ran:?}");
    }
}

/// Makes so many clones of the sample of glance, called `clone-000` and so on.
fn clones(sandbox: &Sandbox, count: usize) -> Vec<String> {
    let first = sandbox.clone_of("glance").path;
    (0..count)
        .map(|number| {
            let name = format!("clone-{number:03}");
            copy(&first, &sandbox.path(&name));
            name
        })
        .collect()
}

fn repos(ran: &Ran) -> Vec<(String, String)> {
    let events = ran.out.lines().map(|line| {
        let event: Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| event[key].as_str().expect("text").to_owned();
        (text("type"), text("repo"))
    });
    events.collect()
}

#[test]
fn results_come_in_the_order_of_the_input() {
    let sandbox = Sandbox::new();
    let mut names = clones(&sandbox, 40);
    drop(sandbox.clone_of("nova"));
    sandbox.at("nova").git(&["branch", "rally-perfscale"]);
    names.insert(7, "nova".to_owned());
    names.insert(20, "gone".to_owned());
    let list = format!(
        "# all that we have\n\n  {}  \r\n{}",
        names[2],
        names[3..].join("\n")
    );
    std::fs::write(sandbox.path("list"), list).expect("a list");
    let typed = [
        "commit", &names[0], &names[1], "--from", "list", "--jobs", "7",
    ];
    let ran = sandbox.rally_json(sandbox.dir.path(), &typed);
    let (kinds, told): (Vec<String>, Vec<String>) = repos(&ran).into_iter().unzip();
    assert_eq!((ran.code, told), (1, names.clone()));
    for (name, kind) in names.iter().zip(kinds) {
        let expected = match name.as_str() {
            "nova" => "refused",
            "gone" => "failed",
            _ => "committed",
        };
        assert_eq!(kind, expected, "{name}");
        if expected == "committed" {
            sandbox.at(name).git(&["fsck", "--strict", "--no-dangling"]);
        }
    }
    // Again, for people: nothing is left to do.
    let again = sandbox.rally(sandbox.dir.path(), &["commit", "--from", "list"]);
    says(
        &again.out,
        &[
            "40 repositories:\n",
            "\n  unchanged       38\n",
            "\n  refused          1  branch-exists: nova\n",
            "\n  failed           1  the folder `gone` does not exist: gone\n",
        ],
    );
    assert!(
        again
            .out
            .lines()
            .all(|line| line.len() < 80 || line.contains(": unchanged: "))
    );
    let one = sandbox.rally(sandbox.dir.path(), &["commit", &names[0]]);
    assert!(!one.out.contains("repositories"), "{one:?}");
}

#[test]
fn the_summary_breaks_no_path() {
    let sandbox = Sandbox::new();
    let names: Vec<String> = (10..40)
        .map(|width| format!("a-{}-b", "n".repeat(width)))
        .collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for three in names.chunks(3) {
        for name in three {
            std::fs::create_dir_all(sandbox.path(name)).expect("a folder");
        }
        let ran = sandbox.rally(sandbox.dir.path(), &[&["detect"], three].concat());
        let summary = ran.out.split("3 repositories:").nth(1).expect("a summary");
        // In the reason, and behind it.
        for name in three {
            assert_eq!(summary.matches(name).count(), 2, "{summary}");
        }
    }
}

#[test]
fn a_list_may_come_through_a_pipe() {
    let sandbox = Sandbox::new();
    let names = clones(&sandbox, 2);
    let rally = |args: &[&str], input: &[u8]| {
        let mut rally = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), sandbox.dir.path());
        Ran::of(rally.args(args).output_of(input).expect("git-rally runs"))
    };
    let list = names.join("\n");
    for verb in ["detect", "diff", "patch", "commit", "review", "check"] {
        let args = [verb, "--from", "-", "--format", "json"];
        let told = repos(&rally(&args, list.as_bytes()))
            .into_iter()
            .map(|(_, name)| name);
        let mut told: Vec<String> = told.collect();
        told.dedup();
        assert_eq!(told, names, "{verb}");
    }
    let empty = rally(&["commit", "--from", "-"], b"\n# none\n");
    says(empty.usage(), &["the list `-` names no repository"]);
    let none = rally(&["commit", "--from", "no-list"], b"");
    says(none.usage(), &["cannot read the list `no-list`"]);
    for wrong in ["0", "-1", "two"] {
        let jobs = format!("--jobs={wrong}");
        says(rally(&["commit", &jobs], b"").usage(), &["from 1 on"]);
    }
}

#[test]
fn a_folder_that_is_named_twice_is_done_once() {
    let sandbox = Sandbox::new();
    let names = clones(&sandbox, 1);
    let (name, other) = (names[0].as_str(), format!("./{}/", names[0]));
    let ran = sandbox.rally(sandbox.dir.path(), &["commit", name, &other, name]);
    let same = format!("unchanged: it is the same folder as `{name}`, which was named before\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.matches(&same).count(), 2, "{ran:?}");
    says(
        &ran.out,
        &["\n  committed        1\n", "\n  unchanged        2\n"],
    );
}

#[test]
fn ten_thousand_paths() {
    let sandbox = Sandbox::new();
    let names = clones(&sandbox, 1);
    let list: String = (0..10_000)
        .map(|at| format!("{}\n", ["gone", &names[0]][at % 2]))
        .collect();
    std::fs::write(sandbox.path("list"), list).expect("a list");
    let ran = sandbox.rally(sandbox.dir.path(), &["commit", "--from", "list"]);
    says(
        &ran.out,
        &[
            "10000 repositories:",
            "committed        1\n",
            "unchanged     4999\n",
        ],
    );
    assert_eq!((ran.code, ran.err.matches("failed: ").count()), (1, 5000));
}

#[test]
fn a_terminal_shows_how_far_it_is_and_nothing_else_does() {
    let sandbox = Sandbox::new();
    let names = clones(&sandbox, 12);
    std::fs::write(sandbox.path("list"), names.join("\n")).expect("a list");
    let rally = env!("CARGO_BIN_EXE_git-rally");
    let on_terminal = |kind: &str, more: &str| {
        let line = format!("stty rows 50 cols 80; {rally} detect --from list {more}");
        let mut script = sandbox.command("script", sandbox.dir.path());
        script
            .env("TERM", kind)
            .args(["-q", "-e", "-c", &line, "/dev/null"]);
        let output = script.output().expect("script runs");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let shown = on_terminal("xterm", "");
    says(&shown, &["] 1 of 12  ", "clone-011", "12 repositories:"]);
    for (kind, more) in [("dumb", ""), ("xterm", "--format json")] {
        let plain = on_terminal(kind, more);
        assert!(!plain.contains(" of 12"), "{kind} {more}: {plain}");
    }
    let piped = sandbox.rally(sandbox.dir.path(), &["detect", "--from", "list"]);
    assert_eq!((piped.code, piped.err.as_str()), (0, ""));
}

#[test]
fn an_interrupt_finishes_what_has_begun_and_begins_no_more() {
    let sandbox = Sandbox::new();
    let names = clones(&sandbox, 120);
    std::fs::write(sandbox.path("list"), names.join("\n")).expect("a list");
    let mut rally = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), sandbox.dir.path());
    let mut child = rally
        .args([
            "commit", "--from", "list", "--format", "json", "--jobs", "2",
        ])
        .stdout(Stdio::piped())
        .spawn()
        .expect("git-rally runs");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
    let first = lines.next().expect("a line").expect("text");
    let pid = child.id().to_string();
    let kill = sandbox
        .command("kill", sandbox.dir.path())
        .args(["-INT", &pid])
        .status();
    assert!(kill.expect("kill runs").success());
    let out: Vec<String> = [first]
        .into_iter()
        .chain(lines.map(|line| line.expect("text")))
        .collect();
    let ran = Ran {
        code: child.wait().expect("its end").code().expect("an exit code"),
        out: out.join("\n"),
        err: String::new(),
    };
    let told = repos(&ran);
    let done = told
        .iter()
        .take_while(|(kind, _)| kind == "committed")
        .count();
    assert_eq!(ran.code, 130);
    assert!((1..names.len()).contains(&done), "{done}");
    for (at, (name, (kind, repo))) in names.iter().zip(told).enumerate() {
        let clone = sandbox.at(name);
        clone.git(&["fsck", "--strict"]);
        let branches = clone.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
        assert_eq!(&repo, name);
        match at < done {
            true => assert!(branches.contains("rally-perfscale"), "{name}"),
            false => assert_eq!(
                (kind.as_str(), branches.as_str()),
                ("skipped", "refs/heads/master")
            ),
        }
    }
    // The same command does the rest, and no more.
    let again = sandbox.rally(sandbox.dir.path(), &["commit", "--from", "list"]);
    let (committed, unchanged) = (names.len() - done, done);
    says(
        &again.out,
        &[
            &format!("\n  committed   {committed:>6}\n"),
            &format!("\n  unchanged   {unchanged:>6}\n"),
        ],
    );
}
