//! The verb: events, work trees, links.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use crate::support::{Ran, Sandbox, fixtures, says};
use crate::{TASK, ZUUL};

#[test]
fn our_own_changes_are_clean() {
    for service in fixtures() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of(&service);
        clone.rally(&["commit"]).ok("committed");
        let judged = |ran: Ran| {
            assert_eq!(ran.code, 0, "{service}: {ran:?}");
            match ran.event()["type"].as_str() {
                Some("unchanged") => ran.out,
                _ => ran.err,
            }
        };
        let dead = clone.path.join("rally-jobs").exists();
        let old = clone.path.join("rally-scenarios").exists();
        let clean = match (dead, old) {
            (true, _) => "no errors, 1 warning: checked 2 tasks and 1 job",
            (_, true) => "no errors, 1 warning: checked 1 task and 1 job",
            _ => "no problems found: checked 1 task and 1 job",
        };
        let base = clone.untouched(&["check", "--base", "rally-perfscale"]);
        says(&judged(base), &[clean]);
        for options in [&["--no-zuul"][..], &["--job", "other-rally", "--trial"]] {
            let more = ["commit", "--branch", "other", "--replace"];
            clone.rally(&[&more, options].concat()).ok("committed");
            let ran = clone.untouched(&["check", "--base", "other"]);
            assert_eq!(ran.code, 0, "{service}: {ran:?}");
        }
        clone.git(&["switch", "-q", "rally-perfscale"]);
        says(&judged(clone.untouched(&["check"])), &[clean]);
    }
}

#[test]
fn findings_are_events_and_lines() {
    let sandbox = Sandbox::new();
    let task = TASK.replace("max: 0", "max: 101");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", &task)],
    );
    let ran = repo.untouched(&["check"]);
    assert_eq!(ran.code, 1);
    let event = ran.event();
    let message = event["message"].as_str().expect("a message");
    assert_eq!(
        ran.out,
        format!(
            "{{\"type\":\"finding\",\"repo\":\".\",\"severity\":\"error\",\"path\":\"rally-jobs/task.yaml\",\"line\":15,\"column\":13,\"rule\":\"plugin-config\",\"message\":\"{message}\"}}\n"
        )
    );
    says(&ran.err, &["1 error: checked 1 task and 1 job"]);
    let text = repo.rally_text(&["check"]);
    assert_eq!(
        text.out,
        format!("rally-jobs/task.yaml:15:13: error: plugin-config: {message}\n")
    );
    let from_outside = sandbox.rally(sandbox.dir.path(), &["check", "r"]);
    assert!(
        from_outside
            .out
            .starts_with("r/rally-jobs/task.yaml:15:13: "),
        "{from_outside:?}"
    );
}

/// Content that nothing runs, and what somebody chose: said, and nothing fails.
#[test]
fn warnings_do_not_fail() {
    let sandbox = Sandbox::new();
    let old = "NeutronNetworks.create_and_list_networks:\n  - runner: {type: constant, times: 2}\n";
    let chosen = TASK.replace("max: 0", "max: 100");
    let repo = sandbox.repository(
        "r",
        &[
            (".zuul.yaml", ZUUL),
            ("rally-jobs/task.yaml", &chosen),
            ("rally-jobs/old.yaml", old),
        ],
    );
    let ran = repo.untouched(&["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.out.matches("\"severity\":\"warning\"").count(), 2);
    says(
        &ran.err,
        &["no errors, 2 warnings: checked 2 tasks and 1 job"],
    );
    let text = repo.rally_text(&["check"]);
    says(
        &text.out,
        &[
            "rally-jobs/old.yaml:1:1: warning: task-v1: ",
            "no job in this repository runs it",
            "rally-jobs/task.yaml:15:13: warning: lets-all-fail: ",
        ],
    );
}

#[test]
fn the_work_tree_is_judged_as_it_lies_and_a_commit_where_there_is_none() {
    let sandbox = Sandbox::new();
    let repo = sandbox.repository("r", &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", TASK)]);
    fs::remove_file(repo.path.join("rally-jobs/task.yaml")).expect("removed");
    let found = |ran: Ran| (ran.code, ran.event()["rule"].as_str().map(str::to_owned));
    let missing = (1, Some("task-missing".to_owned()));
    assert_eq!(found(repo.untouched(&["check"])), missing);
    assert_eq!(
        found(sandbox.untouched(&repo.path.join(".git"), &["check", "--base", "HEAD"])),
        (0, None)
    );
    repo.git(&["clone", "-q", "--bare", ".", "../bare"]);
    assert_eq!(
        found(sandbox.untouched(&sandbox.path("bare"), &["check"])),
        (0, None)
    );
    // as git guesses it where the configuration does not say
    fs::remove_file(sandbox.path("bare/config")).expect("removed");
    assert_eq!(
        found(sandbox.untouched(sandbox.dir.path(), &["check", "bare"])),
        (0, None)
    );
    let nothing = sandbox.repository("n", &[("a", "")]);
    let reason = nothing.untouched(&["check"]).ok("unchanged")["reason"].clone();
    assert_eq!(reason, "no rally-jobs and no Rally job");
    // a folder inside it will do, and many repositories
    let many = sandbox.rally(
        sandbox.dir.path(),
        &["check", "n", "r/rally-jobs/..", "bare", "--format", "json"],
    );
    assert_eq!((many.code, many.out.lines().count()), (1, 3), "{many:?}");
}

#[test]
fn no_link_is_followed_and_no_pipe_is_opened() {
    let sandbox = Sandbox::new();
    let outside = sandbox.path("outside");
    fs::create_dir_all(outside.join("plugins")).expect("folder");
    let bad = TASK.replace("max: 0", "max: 100");
    fs::write(outside.join("task.yaml"), &bad).expect("file");
    let repo = sandbox.repository(
        "r",
        &[(".zuul.yaml", ZUUL), ("rally-jobs/README.rst", "x\n")],
    );
    let jobs = repo.path.join("rally-jobs");
    symlink(outside.join("task.yaml"), jobs.join("task.yaml")).expect("link");
    symlink(&outside, jobs.join("more")).expect("link");
    symlink(&jobs, jobs.join("plugins")).expect("a loop");
    let pipe = jobs.join("pipe.yaml");
    let made = sandbox
        .command("mkfifo", sandbox.dir.path())
        .arg(&pipe)
        .status();
    assert!(made.expect("mkfifo").success());
    let ran = repo.rally(&["check"]);
    assert_eq!(ran.code, 4);
    says(
        &ran.out,
        &["not-judged", "`rally-jobs/task.yaml` is a symbolic link"],
    );
    // the whole folder elsewhere
    fs::remove_dir_all(&jobs).expect("removed");
    symlink(&outside, &jobs).expect("link");
    let ran = repo.rally(&["check"]);
    assert!(!ran.out.contains("lets-all-fail"), "{ran:?}");
    // an executable file
    let hook = "repos: [{hooks: [{id: check-executables-have-shebangs}]}]\n";
    repo.write(".pre-commit-config.yaml", hook);
    fs::remove_file(&jobs).expect("removed");
    repo.write("rally-jobs/task.yaml", TASK);
    repo.write("rally-jobs/run.py", "#!/usr/bin/python3\n");
    for file in ["task.yaml", "run.py"] {
        fs::set_permissions(jobs.join(file), fs::Permissions::from_mode(0o755)).expect("mode");
    }
    let event = repo.rally(&["check"]).event();
    assert_eq!(
        (event["rule"].as_str(), event["path"].as_str()),
        (Some("executable"), Some("rally-jobs/task.yaml"))
    );
}

/// Somewhere below the repository, and by files: as pre-commit calls it.
#[test]
fn files_and_folders_are_named_from_where_you_stand() {
    let sandbox = Sandbox::new();
    let bad = TASK.replace("max: 0", "max: 100");
    let zuul = ZUUL.replace("timeout: 7800", "timeout: 78000");
    let repo = sandbox.repository(
        "r",
        &[
            (".zuul.yaml", &zuul),
            ("rally-jobs/task.yaml", &bad),
            ("rally-jobs/other.yaml", &bad),
            ("rally-jobs/extra/x", ""),
        ],
    );
    let places = |dir: &str, args: &[&str]| {
        let ran = sandbox.rally(
            &sandbox.path(dir),
            &[&["check", "--format", "text"], args].concat(),
        );
        let places = ran.out.lines().map(|line| {
            let place = line.split(": ").next().unwrap_or_default();
            place.split(':').next().unwrap_or_default().to_owned()
        });
        let mut places: Vec<String> = places.collect();
        places.dedup();
        places
    };
    let all = [
        ".zuul.yaml",
        "rally-jobs/other.yaml",
        "rally-jobs/task.yaml",
    ];
    assert_eq!(places("r", &[]), all);
    assert_eq!(places("r", &["."]), all);
    assert_eq!(
        places("r/rally-jobs", &[]),
        ["../.zuul.yaml", "other.yaml", "task.yaml"]
    );
    assert_eq!(places("r/rally-jobs", &["."]), ["other.yaml", "task.yaml"]);
    assert_eq!(
        places("r/rally-jobs/extra", &["../task.yaml"]),
        ["../task.yaml"]
    );
    assert_eq!(places("r", &["rally-jobs"]), all[1..]);
    assert_eq!(
        places("r", &["rally-jobs/task.yaml", ".zuul.yaml"]),
        [all[0], all[2]]
    );
    assert_eq!(places("r", &["rally-jobs/task.yaml", "."]), all);
    assert_eq!(
        places("", &["r/.zuul.yaml", "r/rally-jobs/other.yaml"]),
        ["r/.zuul.yaml", "r/rally-jobs/other.yaml"]
    );
    let missing = sandbox.rally(&repo.path, &["check", "rally-jobs/none.yaml"]);
    assert_eq!(missing.code, 4, "{missing:?}");
    says(&missing.err, &["there is no `rally-jobs/none.yaml`"]);
    let nowhere = sandbox.rally(sandbox.dir.path(), &["check", "nowhere"]);
    assert_eq!(nowhere.code, 4, "{nowhere:?}");
    says(&nowhere.err, &["there is no `nowhere`"]);
}

#[test]
fn rules_are_chosen_by_name_and_known_findings_are_silent() {
    let sandbox = Sandbox::new();
    let bad = TASK.replace("times: 4", "times: 1");
    let repo = sandbox.repository("r", &[(".zuul.yaml", ZUUL), ("rally-jobs/task.yaml", &bad)]);
    let code = |args: &[&str]| repo.untouched(&[&["check"], args].concat()).code;
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--ignore", "concurrency-over-times"]), 0);
    assert_eq!(code(&["--select", "task-form,extra-missing"]), 0);
    assert_eq!(code(&["--select", "task-form,concurrency-over-times"]), 1);
    let wrong = repo.untouched(&["check", "--select", "concurency-over-times"]);
    assert_eq!(wrong.code, 2);
    says(
        &wrong.err,
        &["there is `concurrency-over-times`", "--list-rules"],
    );
    for (comment, is_known) in [
        (
            "# git-rally: ignore[concurrency-over-times] on purpose",
            true,
        ),
        ("# git-rally: ignore[task-form]", false),
    ] {
        let behind = bad.replace("concurrency: 2", &format!("concurrency: 2  {comment}"));
        repo.write("rally-jobs/task.yaml", &behind);
        assert_eq!(code(&[]), i32::from(!is_known), "{behind}");
        let above = format!("{comment}\n            # more\n            concurrency: 2");
        repo.write(
            "rally-jobs/task.yaml",
            bad.replace("concurrency: 2", &above),
        );
        assert_eq!(code(&[]), i32::from(!is_known), "{above}");
    }
    let rules = repo.untouched(&["check", "--list-rules"]);
    says(
        &rules.out,
        &["{\"type\":\"rule\",\"rule\":\"unknown-scenario\","],
    );
    let rules = repo.rally_text(&["check", "--list-rules"]);
    assert_eq!(rules.out.lines().count(), git_rally::check::RULES.len());
    says(&rules.out, &["unknown-scenario: A scenario that neither"]);
}

#[test]
fn other_tools_read_what_was_found() {
    let sandbox = Sandbox::new();
    let bad = TASK.replace("times: 4", "times: 1");
    let repo = sandbox.repository("r", &[(".zuul.yaml", ZUUL), ("rally-jobs/a,b.yaml", &bad)]);
    std::os::unix::fs::symlink("a,b.yaml", repo.path.join("rally-jobs/task.yaml")).expect("link");
    let github = sandbox.rally(&repo.path, &["check", "--format", "github"]);
    assert_eq!(github.code, 1);
    says(
        &github.out,
        &[
            "::error file=rally-jobs/a%2Cb.yaml,line=12,col=13,title=git-rally \
             concurrency-over-times::concurrency-over-times: ",
            "::notice file=.zuul.yaml,line=6,col=19,title=git-rally not-judged::not-judged: ",
        ],
    );
    let sarif = sandbox.rally(
        sandbox.dir.path(),
        &["check", "r", "none", "--format", "sarif"],
    );
    assert_eq!(sarif.code, 1);
    let document: serde_json::Value = serde_json::from_str(&sarif.out).expect("JSON");
    let run = &document["runs"][0];
    let result = run["results"].as_array().expect("results").iter();
    let result = result
        .clone()
        .find(|r| r["level"] == "error")
        .expect("an error");
    assert_eq!(result["ruleId"], "concurrency-over-times");
    let rule =
        &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().expect("an index") as usize];
    assert_eq!(rule["id"], "concurrency-over-times");
    let place = &result["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "r/rally-jobs/a%2Cb.yaml");
    assert_eq!(place["region"]["startLine"], 12);
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let other = sandbox.rally(&repo.path, &["detect", "--format", "sarif"]);
    assert_eq!(other.code, 2);
    says(
        &other.err,
        &["the formats github and sarif are for `git rally check`"],
    );
}

/// `git apply` takes the repairs, and what is repaired is found no more.
#[test]
fn repairs_are_a_diff() {
    let sandbox = Sandbox::new();
    let bad = TASK
        .replace("constant", "constan")
        .replace("          failure_rate:\n            max: 0\n", "")
        .replace("list_networks: {}", "list_netwroks: {}");
    let plugin = format!("\"\"\"A plugin.\"\"\"\n{}", "x = 1\n".repeat(12));
    let repo = sandbox.repository(
        "r",
        &[
            (".zuul.yaml", ZUUL),
            ("LICENSE", "Apache License\n"),
            ("test-requirements.txt", "hacking>=8.0.0\n"),
            ("tox.ini", "[testenv:pep8]\ncommands = flake8\n"),
            ("rally-jobs/task.yaml", &bad),
            ("rally-jobs/plugins/a.py", &plugin),
        ],
    );
    assert_eq!(repo.untouched(&["check"]).code, 1);
    let fix = repo.rally_text(&["check", "--fix"]);
    assert_eq!(fix.code, 1);
    says(
        &fix.err,
        &["rally-jobs/task.yaml:10:11: error: unknown-plugin: "],
    );
    fs::write(sandbox.path("fix.diff"), &fix.out).expect("a file");
    repo.git(&["apply", "../fix.diff"]);
    let after = repo.untouched(&["check"]);
    assert_eq!(after.code, 0, "{after:?}");
    let text = fs::read_to_string(repo.path.join("rally-jobs/task.yaml")).expect("a task");
    assert_eq!(text, TASK);
}
