//! `review` and `patch` as a contributor uses them, with real git and a stand-in for Gerrit.

mod gerritlike;
mod realgit;
mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gerritlike::Gerrit;
use serde_json::Value;
use support::{Clone, Sandbox, says, write};

/// A later moment than the sandbox's own.
const LATER: &str = "1769947200 +0100";

/// What `git am` has to keep.
const KEPT: &str = "--format=%T%n%an <%ae>%n%ad%n%B";

/// Gives the clone a Gerrit that has its master, as the fetched remote `gerrit`.
fn gerrit_for(clone: &Clone<'_>) -> Gerrit {
    let gerrit = Gerrit::with(&clone.path, "master");
    remote(clone, "gerrit", &gerrit);
    clone.git(&["fetch", "-q", "gerrit"]);
    gerrit
}

fn remote(clone: &Clone<'_>, name: &str, gerrit: &Gerrit) {
    clone.git(&["remote", "add", name, &gerrit.path().display().to_string()]);
}

/// Leaves the clone as people have it: another branch, a local commit, changes staged and not.
fn in_use(clone: &Clone<'_>) {
    clone.git(&["switch", "-q", "-c", "work"]);
    clone.write("nova/work.py", "one = 1\n");
    clone.git(&["add", "."]);
    clone.git(&["commit", "-q", "-m", "WIP"]);
    clone.write("setup.py", "# changed, not staged\n");
    clone.write("staged.py", "staged = 1\n");
    clone.git(&["add", "staged.py"]);
    clone.write("untracked", "");
}

fn hook(clone: &Clone<'_>, name: &str, text: &str) {
    let file = clone.path.join(".git/hooks").join(name);
    write(&file, text);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("mode");
}

fn list(event: &Value, key: &str) -> Vec<String> {
    let values = event[key].as_array().expect("a list").iter();
    values
        .map(|value| value.as_str().expect("text").to_owned())
        .collect()
}

fn text<'e>(event: &'e Value, key: &str) -> &'e str {
    event[key].as_str().expect("text")
}

fn notes(event: &Value) -> String {
    list(event, "notes").join("\n")
}

fn url(event: &Value) -> &str {
    text(&event["pushed"]["changes"][0], "url")
}

/// Returns the message of the branch's commit.
fn message(clone: &Clone<'_>) -> String {
    clone.git(&["log", "-1", "--format=%B", "rally-perfscale"])
}

/// Fails if any branch, or any object, has come.
fn nothing_made(clone: &Clone<'_>, args: &[&str]) -> support::Ran {
    let ran = clone.untouched(args);
    assert!(
        clone
            .git(&["branch", "--list", "rally-perfscale"])
            .is_empty()
    );
    ran
}

mod the_way_of_a_change {
    use super::*;

    #[test]
    fn pushed_replaced_and_mailed() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        in_use(&clone);
        let (before, status) = (clone.everything(), clone.git(&["status", "--porcelain"]));

        let first = clone.rally(&["review", "--push"]).ok("committed");
        assert_eq!(url(&first), "https://review.example.org/c/project/+/1");
        let commit = text(&first, "commit").to_owned();
        assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {commit}")]);
        assert_eq!(
            gerrit.pushes(),
            [format!("master topic=rally-perfscale {commit}")]
        );
        let mut after = clone.everything();
        after.retain(|path, _| !path.ends_with("refs/heads/rally-perfscale"));
        assert_eq!(before, after);
        assert_eq!(status, clone.git(&["status", "--porcelain"]));

        let second = clone
            .rally(&["review", "--push", "--replace", "--trial"])
            .ok("committed");
        assert_eq!(second["change_id"], first["change_id"]);
        assert_ne!(second["tree"], first["tree"]);
        let commit = text(&second, "commit").to_owned();
        assert_eq!(gerrit.patch_sets()[1], format!("01/1/2 {commit}"));
        assert_eq!(gerrit.patch_sets().len(), 2);

        let again = clone.rally(&["review", "--push", "--replace", "--trial"]);
        let again = again.ok("unchanged");
        says(text(&again, "reason"), &["no new changes", &commit]);
        assert_eq!(gerrit.patch_sets().len(), 2);

        let mail = clone.untouched(&["patch", "--trial"]).ok("patch");
        let mail = text(&mail, "text");
        assert!(mail.starts_with(&format!("From {commit} ")), "{mail}");
        let theirs = [
            "format-patch",
            "-1",
            "--stdout",
            "--full-index",
            "--no-signature",
            "rally-perfscale",
        ];
        assert_eq!(mail.trim_end(), clone.git(&theirs));
        assert_eq!(applied(&clone, mail), described(&clone, "rally-perfscale"));
    }

    /// The mail of a change that was not made gives the commit that is made afterwards.
    #[test]
    fn mailed_before_it_is_made() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let mail = clone.untouched(&["patch"]).ok("patch");
        let got = applied(&clone, text(&mail, "text"));
        let event = clone.rally(&["commit"]).ok("committed");
        assert_eq!(got, described(&clone, "rally-perfscale"));
        let commit = text(&event, "commit");
        assert!(text(&mail, "text").starts_with(&format!("From {commit} ")));
    }

    /// Another day, the same change: nothing is to do, and the commit that is there is meant.
    #[test]
    fn a_later_run_means_the_same_commit() {
        let mut sandbox = Sandbox::new();
        let path = sandbox.clone_of("nova").path;
        let first = sandbox.rally(&path, &["commit", "--format", "json"]);
        let commit = text(&first.ok("committed"), "commit").to_owned();
        for variable in ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"] {
            sandbox.set(variable, LATER);
        }
        let clone = Clone {
            sandbox: &sandbox,
            path,
        };
        let gerrit = gerrit_for(&clone);
        let said = clone.untouched(&["commit"]).ok("unchanged");
        says(text(&said, "reason"), &[&commit]);
        let said = clone.untouched(&["commit", "--replace"]).ok("unchanged");
        says(text(&said, "reason"), &[&commit]);
        let mail = clone.untouched(&["patch"]).ok("patch");
        assert!(text(&mail, "text").starts_with(&format!("From {commit} ")));
        let event = clone.rally(&["review", "--push"]).ok("committed");
        assert_eq!(text(&event, "commit"), commit);
        assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {commit}")]);
        assert_eq!(
            clone.git(&["log", "-g", "--format=%gs", "rally-perfscale"]),
            "git-rally: create"
        );
    }

    #[test]
    fn several_repositories_in_one_call() {
        let sandbox = Sandbox::new();
        let gerrits: Vec<Gerrit> = ["nova", "glance"]
            .map(|name| gerrit_for(&sandbox.clone_of(name)))
            .into();
        sandbox.clone_of("swift").git(&["remote", "rm", "origin"]);
        let args = [
            "review", "--push", "nova", "swift", "glance", "--format", "json",
        ];
        let ran = sandbox.rally(sandbox.dir.path(), &args);
        assert_eq!(ran.code, 1, "{ran:?}");
        let events: Vec<Value> = (ran.out.lines())
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        let kinds: Vec<&str> = events.iter().map(|event| text(event, "type")).collect();
        assert_eq!(kinds, ["committed", "failed", "committed"]);
        assert_eq!(
            text(&events[0], "push"),
            "git -C nova push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale"
        );
        for gerrit in gerrits {
            assert_eq!(gerrit.patch_sets().len(), 1);
        }
    }

    #[test]
    fn the_push_has_all_its_options() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        let event = clone.rally(&[
            "review",
            "--push",
            "--topic",
            "bp/x",
            "--wip",
            "--reviewer",
            "r@example.org",
            "--reviewer",
            "s",
            "--hashtag",
            "perf",
            "--branch",
            "other/name",
        ]);
        let event = event.ok("committed");
        let commit = text(&event, "commit");
        assert_eq!(
            gerrit.pushes(),
            [format!(
                "master topic=bp/x,t=perf,r=r@example.org,r=s,wip {commit}"
            )]
        );
        assert_eq!(commit, clone.git(&["rev-parse", "other/name"]));
        assert_eq!(
            text(&event["pushed"]["changes"][0], "title"),
            "Add Rally performance tests for Nova [WIP] [NEW]"
        );
    }

    /// What git says comes on standard error while it comes; the results stay as they are.
    #[test]
    fn gits_own_words_are_shown() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        let ran = clone.rally(&["review", "--push"]);
        let event = ran.ok("committed");
        let lines = event["pushed"]["lines"].as_array().expect("lines");
        let shown: Vec<&str> = ran.err.lines().collect();
        assert_eq!(shown, *lines);
        assert!(ran.err.contains("remote: SUCCESS"), "{}", ran.err);

        let ran = clone.rally_text(&["review", "--push", "--replace", "--times", "3"]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.err.contains("remote: SUCCESS"), "{}", ran.err);
        let expected = "\
Gerrit has it:
  https://review.example.org/c/project/+/1
";
        assert!(ran.out.ends_with(expected), "{}", ran.out);
        assert!(!ran.out.contains("SUCCESS"), "{}", ran.out);
        let tip = clone.git(&["rev-parse", "rally-perfscale"]);
        let first = format!(".: committed {} on the branch rally-perfscale", &tip[..12]);
        assert_eq!(ran.out.lines().next(), Some(first.as_str()));
        says(
            &ran.out,
            &[
                "  signed off for you, as the DCO asks: Jane Doe <jane@example.org>\n",
                "  HEAD, index, work tree, configuration and other branches are as they were\n",
            ],
        );
        assert_eq!(gerrit.patch_sets().len(), 2);
    }

    /// A line comes before the push ends: the stand-in's hook waits until it was read.
    #[test]
    fn the_lines_come_as_they_are_said() {
        use std::io::{BufRead, BufReader};
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let _gerrit = gerrit_for(&clone);
        let read = clone.path.join("read");
        hook(
            &clone,
            "pre-push",
            "#!/bin/sh\necho first >&2\nn=0\nwhile [ ! -e read ]; do\n  n=$((n + 1)); [ $n -lt 200 ] || exit 1; sleep 0.05\ndone\n",
        );
        let mut child = sandbox
            .command(env!("CARGO_BIN_EXE_git-rally"), &clone.path)
            .args(["review", "--push"])
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("git-rally");
        let mut lines = BufReader::new(child.stderr.take().expect("its talk")).lines();
        assert_eq!(lines.next().expect("a line").expect("UTF-8"), "first");
        fs::write(read, "").expect("the sign");
        lines.for_each(drop);
        assert!(child.wait().expect("an end").success());
    }

    fn described(clone: &Clone<'_>, rev: &str) -> String {
        clone.git(&["log", "-1", "--date=raw", KEPT, rev])
    }

    /// Applies the mail in a fresh clone of the upstream and returns what came of it.
    fn applied(clone: &Clone<'_>, mail: &str) -> String {
        let fresh = clone.sandbox.path("fresh");
        let upstream = clone.git(&["remote", "get-url", "origin"]);
        let dir = clone.sandbox.dir.path();
        clone.sandbox.git(dir, &["clone", "-q", &upstream, "fresh"]);
        write(&dir.join("change.mbox"), mail);
        clone.sandbox.git(&fresh, &["am", "-q", "../change.mbox"]);
        let args = ["log", "-1", "--date=raw", KEPT];
        clone.sandbox.git(&fresh, &args)
    }
}

mod steps_that_remain {
    use super::*;

    #[test]
    fn one_push_where_the_remote_is() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        in_use(&clone);
        let push = "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale";
        let ran = clone.rally_text(&["review"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{ran:?}");
        assert!(
            ran.out.ends_with(&format!("Next:\n  {push}\n")),
            "{}",
            ran.out
        );
        let event = clone.untouched(&["review"]).ok("committed");
        assert_eq!(list(&event, "next"), [push]);
        assert_eq!(text(&event, "push"), push);
        assert_eq!(gerrit.pushes(), Vec::<String>::new());
        // It is what may be typed.
        let words: Vec<&str> = push.split(' ').skip(1).collect();
        clone.git(&words);
        assert_eq!(gerrit.patch_sets().len(), 1);
    }

    #[test]
    fn git_review_where_it_is_not() {
        let mut sandbox = Sandbox::new();
        sandbox.set("USER", "me");
        let clone = sandbox.clone_of("nova");
        let event = clone.rally(&["review", "--topic", "t"]).ok("committed");
        assert_eq!(
            list(&event, "next"),
            ["git switch rally-perfscale", "git review -t t"]
        );
        assert_eq!(event["push"], Value::Null);
        says(
            &notes(&event),
            &[
                "no remote `gerrit` yet; the steps add it: ssh://me@review.opendev.org:29418/openstack/nova.git",
                "`gerrit/master` is not fetched yet",
                "no commit-msg hook; `git review` adds Gerrit's and amends the commit",
            ],
        );
        clone.write("setup.py", "# changed\n");
        let event = clone.untouched(&["review"]).ok("committed");
        assert_eq!(
            list(&event, "next"),
            [
                "git review -s",
                "git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale"
            ]
        );
    }

    #[test]
    fn the_settings_of_git_review_are_honoured() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = Gerrit::with(&clone.path, "master");
        gerrit.git(&["branch", "feature/x", "master"]);
        remote(&clone, "review", &gerrit);
        clone.git(&["fetch", "-q", "review"]);
        clone.git(&["config", "gitreview.remote", "review"]);
        clone.git(&["config", "gitreview.branch", "feature/x"]);
        let ran = clone.rally_text(&["review"]);
        says(
            &ran.out,
            &[
                "(review/feature/x, ",
                "git push review rally-perfscale:refs/for/feature/x%topic=rally-perfscale\n",
            ],
        );
        let event = clone.rally(&["review", "--push"]).ok("committed");
        assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
        assert!(gerrit.pushes()[0].starts_with("feature/x "));

        // For one command, and with Gerrit behind origin's push URL.
        let use_it = [
            "-c",
            "gitreview.usepushurl=1",
            "-c",
            "gitreview.branch=master",
        ];
        let by_git = |more: &[&str]| {
            let bin = Path::new(env!("CARGO_BIN_EXE_git-rally"));
            let path = format!(
                "{}:{}",
                bin.parent().expect("a folder").display(),
                sandbox.env["PATH"]
            );
            let mut git = sandbox.command("git", &clone.path);
            git.env("PATH", path).args(use_it).args(["rally", "review"]);
            let output = git
                .args(["--format", "json", "--branch", "b", "--trial"])
                .args(more)
                .output();
            let output = output.expect("git runs");
            serde_json::from_slice::<Value>(&output.stdout).expect("JSON")
        };
        assert_eq!(
            list(&by_git(&[]), "next")[0],
            "git remote set-url --push origin ssh://USERNAME@review.opendev.org:29418/openstack/nova.git"
        );
        let path = gerrit.path().display().to_string();
        clone.git(&["remote", "set-url", "--push", "origin", &path]);
        let event = by_git(&["--push"]);
        assert_eq!(url(&event), "https://review.example.org/c/project/+/2");
    }

    /// `origin` is a fork that is ahead of Gerrit: its own commit is not for review.
    #[test]
    fn a_forks_own_commits_are_not_pushed() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        clone.git(&["fetch", "-q", "gerrit"]);
        clone.write("fork.txt", "ours alone\n");
        clone.git(&["add", "fork.txt"]);
        clone.sandbox.git_at(
            &clone.path,
            "1769870000 +0000",
            &["commit", "-q", "-m", "Fork"],
        );
        clone.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
        let said = clone.untouched(&["review", "--push"]).failed();
        says(&said, &["one commit below the change", "git fetch gerrit"]);
        assert!(gerrit.pushes().is_empty());
        let event = clone.rally(&["review"]).ok("committed");
        says(
            &event["notes"].to_string(),
            &["one commit below the change"],
        );
    }

    /// HEAD says which branch is meant, and the base's own file says where it goes.
    #[test]
    fn a_stable_branch_goes_to_its_own_target() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        clone.git(&["switch", "-q", "-c", "stable/2026.1"]);
        let file = fs::read_to_string(clone.path.join(".gitreview")).expect(".gitreview");
        clone.write(
            ".gitreview",
            &format!("{file}defaultbranch=stable/2026.1\n"),
        );
        clone.git(&["commit", "-q", "-am", "Update .gitreview for stable/2026.1"]);
        gerrit.git(&[
            "fetch",
            "-q",
            &clone.path.display().to_string(),
            "stable/2026.1:stable/2026.1",
        ]);
        clone.git(&["fetch", "-q", "gerrit"]);
        let event = clone.rally(&["review", "--push"]).ok("committed");
        assert_eq!(text(&event, "base"), clone.git(&["rev-parse", "HEAD"]));
        assert!(gerrit.pushes()[0].starts_with("stable/2026.1 topic="));

        // The same from master, by name.
        clone.git(&["switch", "-q", "master"]);
        let args = ["review", "--base", "gerrit/stable/2026.1"];
        let event = clone.untouched(&args).ok("committed");
        says(text(&event, "push"), &[":refs/for/stable/2026.1%topic="]);
        let said = clone.untouched(&["review"]).refused("branch-exists");
        says(&said, &["more commits than the change", "--base REV"]);
    }

    #[test]
    fn commits_below_the_change_are_counted() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        let event = clone.rally(&["review", "--base", "HEAD"]).ok("committed");
        assert!(!notes(&event).contains("below the change"), "{event}");
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);

        in_use(&clone);
        let one =
            "one commit below the change is on no branch that Gerrit (`gerrit`) is known to have";
        let event = clone.rally(&["review", "--base", "work"]).ok("committed");
        says(&notes(&event), &[one]);
        clone.git(&["branch", "-q", "-D", "rally-perfscale"]);

        // No remote has the branch that .gitreview names: then the base is HEAD, and not pushed.
        clone.git(&["config", "gitreview.branch", "feature/x"]);
        let said = nothing_made(&clone, &["review", "--push"]).failed();
        says(
            &said,
            &[
                one,
                "nothing was pushed and nothing made",
                "git fetch gerrit",
                "--base HEAD",
            ],
        );
        assert_eq!(gerrit.pushes(), Vec::<String>::new());
        let event = clone.rally(&["review"]).ok("committed");
        says(
            &notes(&event),
            &[
                one,
                "no remote branch gerrit/feature/x or origin/feature/x: the base is HEAD",
            ],
        );
        let said = clone
            .rally(&["review", "--push", "--base", "HEAD"])
            .failed();
        says(&said, &["Gerrit rejected it: branch feature/x not found"]);
    }
}

mod the_message {
    use super::*;

    #[test]
    fn the_settings_of_the_hook_are_honoured() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        clone.git(&["config", "gerrit.createChangeId", "false"]);
        let event = clone.rally(&["review"]).ok("committed");
        assert_eq!(event["change_id"], Value::Null);
        assert!(!message(&clone).contains("Change-Id"));
        says(
            &notes(&event),
            &["has no Change-Id", "gerrit.createChangeId is false"],
        );
        let said = clone.untouched(&["review", "--push"]).failed();
        says(
            &said,
            &["Gerrit rejected it", "missing Change-Id in message footer"],
        );
        assert_eq!(gerrit.patch_sets(), Vec::<String>::new());

        // An id that is asked for is there, and so is one as soon as the setting is gone.
        let id = "I0123456789abcdef0123456789abcdef01234567";
        let args = ["review", "--replace", "--change-id", id];
        assert_eq!(text(&clone.rally(&args).ok("committed"), "change_id"), id);
        clone
            .untouched(&["commit", "--change-id", id])
            .ok("unchanged");
        clone.git(&["branch", "-D", "-q", "rally-perfscale"]);
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["config", "--unset", "gerrit.createChangeId"]);
        clone.untouched(&["commit"]).refused("branch-exists");
        let event = clone
            .rally(&["review", "--push", "--replace"])
            .ok("committed");
        says(text(&event, "change_id"), &["I"]);

        clone.git(&["branch", "-D", "-q", "rally-perfscale"]);
        clone.git(&["config", "gerrit.reviewUrl", "https://review.example.org/"]);
        let event = clone.rally(&["commit"]).ok("committed");
        let id = text(&event, "change_id");
        let link = format!("Link: https://review.example.org/id/{id}\nSigned-off-by: ");
        says(&message(&clone), &[&link]);
        assert!(!message(&clone).contains("Change-Id"));
        clone.untouched(&["commit"]).ok("unchanged");
    }

    #[test]
    fn trailers_and_sign_off_as_asked_for() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        let id = "I0123456789abcdef0123456789abcdef01234567";
        let args = [
            "review",
            "--push",
            "--change-id",
            id,
            "--trailer",
            "Closes-Bug: #1",
            "--trailer",
            "Depends-On: https://review.example.org/c/1",
        ];
        let event = clone.rally(&args).ok("committed");
        assert_eq!(text(&event, "change_id"), id);
        assert_eq!(gerrit.patch_sets().len(), 1);
        let all = clone.git(&[
            "log",
            "-1",
            "--format=%(trailers:only,unfold)",
            "rally-perfscale",
        ]);
        let lines: Vec<&str> = all.lines().collect();
        assert_eq!(
            lines[1..],
            [
                &format!("Change-Id: {id}"),
                "Signed-off-by: Jane Doe <jane@example.org>",
                "Closes-Bug: #1",
                "Depends-On: https://review.example.org/c/1",
            ]
        );
        assert!(lines[0].starts_with("Git-Rally: "), "{all}");

        // What the earlier patch set had and this one has not, is said.
        let args = [
            "review",
            "--replace",
            "--no-signoff",
            "--trailer",
            "Depends-On: https://review.example.org/c/1",
        ];
        let event = clone.rally(&args).ok("committed");
        says(
            &notes(&event),
            &["`Closes-Bug: #1` was in the earlier patch set", "--trailer"],
        );
        assert!(!notes(&event).contains("Depends-On"), "{event}");
        assert_eq!(text(&event, "change_id"), id);
        assert!(!message(&clone).contains("Signed-off-by"));
        let said = clone.rally(&[
            "review",
            "--push",
            "--no-signoff",
            "--trailer",
            "Depends-On: https://review.example.org/c/1",
        ]);
        says(
            &said.failed(),
            &["not Signed-off-by author/committer/uploader"],
        );
    }

    #[test]
    fn no_hook_is_run_and_another_ones_is_said() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let marks = clone.path.join(".git/ran");
        let mark = format!("#!/bin/sh\necho \"$0\" >> '{}'\n", marks.display());
        let gerrits =
            format!("{mark}# Part of Gerrit Code Review (https://www.gerritcodereview.com/)\n");
        for name in [
            "pre-commit",
            "prepare-commit-msg",
            "post-commit",
            "reference-transaction",
            "pre-push",
        ] {
            hook(&clone, name, &mark);
        }
        let said = "the clone's commit-msg hook is not Gerrit's, and was not run";
        for (text, is_said) in [(&gerrits, false), (&mark, true)] {
            hook(&clone, "commit-msg", text);
            for verb in ["commit", "review"] {
                let event = clone.rally(&[verb]).ok("committed");
                assert_eq!(notes(&event).contains(said), is_said, "{event}");
                clone.sandbox.git(
                    &clone.path,
                    &["update-ref", "-d", "refs/heads/rally-perfscale"],
                );
                // That was git, which runs one of them.
                drop(fs::remove_file(&marks));
            }
        }
        clone.rally(&["commit"]).ok("committed");
        assert!(!marks.exists());
        // A folder of hooks that the user has for all clones.
        fs::remove_file(clone.path.join(".git/hooks/commit-msg")).expect("the hook");
        let file = sandbox.path("home/hooks/commit-msg");
        write(&file, &mark);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("mode");
        clone.git(&["config", "core.hooksPath", "~/hooks"]);
        let event = clone.rally(&["commit", "--branch", "b"]).ok("committed");
        says(&notes(&event), &[said]);
    }
}

mod next_patch_set {
    use super::*;

    /// Runs `--replace` with another option; it has to be refused, and nothing has to move.
    fn kept(clone: &Clone<'_>) -> String {
        let args = ["review", "--push", "--replace", "--trial"];
        let said = clone.untouched(&args).refused("branch-exists");
        let said_again = clone.untouched(&["commit", "--replace", "--trial"]);
        says(&said_again.refused("branch-exists"), &["rally-perfscale"]);
        said
    }

    #[test]
    fn never_over_anothers_work() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        clone.rally(&["commit"]).ok("committed");
        let ours = clone.git(&["rev-parse", "rally-perfscale"]);
        let reset = || clone.git(&["update-ref", "refs/heads/rally-perfscale", &ours]);
        let work = sandbox.path("work");
        clone.git(&[
            "worktree",
            "add",
            "-q",
            "--detach",
            &work.display().to_string(),
        ]);
        let on_branch = |args: &[&[&str]]| {
            sandbox.git(&work, &["switch", "-q", "rally-perfscale"]);
            for args in args {
                sandbox.git(&work, args);
            }
            sandbox.git(&work, &["switch", "-q", "--detach"]);
        };

        on_branch(&[&[
            "commit",
            "-q",
            "--amend",
            "--no-edit",
            "--author",
            "Joe <joe@example.org>",
        ]]);
        says(&kept(&clone), &["Joe <joe@example.org>", "--branch NAME"]);
        reset();

        on_branch(&[
            &["rm", "-q", "rally-jobs/README.rst"],
            &["commit", "-q", "--amend", "--no-edit"],
        ]);
        says(&kept(&clone), &["was edited since git-rally made it"]);
        reset();

        on_branch(&[&["commit", "-q", "--allow-empty", "-m", "More"]]);
        says(&kept(&clone), &["a commit that git-rally did not make"]);
        reset();

        // Two of ours: the second on top of the first.
        on_branch(&[
            &["commit", "-q", "--allow-empty", "-m", "More"],
            &["commit", "-q", "--allow-empty", "-C", &ours],
        ]);
        says(&kept(&clone), &["more commits than the change"]);
        reset();

        // Somebody else's branch of that name.
        clone.git(&["update-ref", "refs/heads/rally-perfscale", "HEAD"]);
        says(&kept(&clone), &["a commit that git-rally did not make"]);
        let said = clone.untouched(&["review"]).refused("branch-exists");
        says(&said, &["--branch NAME"]);
        assert_eq!(gerrit.pushes(), Vec::<String>::new());
    }

    #[test]
    fn never_under_a_checkout() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["switch", "-q", "rally-perfscale"]);
        let said = kept(&clone);
        says(
            &said,
            &["is checked out in `", "git rally review --replace"],
        );

        // The commands that are printed do it.
        let (_, commands) = said.split_once(" / ").expect("a hint");
        for command in commands.split("; ") {
            let command = command.replace(
                "git rally review",
                &format!("{} review --trial", env!("CARGO_BIN_EXE_git-rally")),
            );
            let command = command
                .split(", with")
                .next()
                .expect("a command")
                .to_owned();
            let done = sandbox
                .command("sh", &clone.path)
                .args(["-c", &command])
                .output()
                .expect("sh");
            assert!(done.status.success(), "{command}: {done:?}");
        }
        assert_eq!(clone.git(&["branch", "--show-current"]), "rally-perfscale");
        assert_eq!(clone.git(&["status", "--porcelain"]), "");
        clone.untouched(&["commit", "--trial"]).ok("unchanged");
        assert_eq!(
            clone.git(&["rev-list", "--count", "origin/master..HEAD"]),
            "1"
        );

        // The same change again does not need the branch to move.
        let event = clone
            .rally(&["review", "--push", "--replace", "--trial"])
            .ok("committed");
        assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
        assert_eq!(gerrit.patch_sets().len(), 1);

        // In another work tree, and in the middle of a rebase or a bisection.
        clone.git(&["switch", "-q", "master"]);
        let work = sandbox.path("work");
        let place = work.display().to_string();
        clone.git(&["worktree", "add", "-q", &place, "rally-perfscale"]);
        let refused = |args: &[&str]| {
            let said = clone.untouched(args).refused("branch-exists");
            says(&said, &[&format!("is checked out in `{place}`")]);
        };
        refused(&["commit", "--replace"]);
        sandbox.git(&work, &["bisect", "start"]);
        sandbox.git(&work, &["switch", "-q", "--detach"]);
        refused(&["commit", "--replace"]);
        sandbox.git(&work, &["bisect", "reset"]);
        let rebase = sandbox
            .command("git", &work)
            .args(["rebase", "-q", "-x", "false", "HEAD~1"])
            .output();
        assert!(!rebase.expect("git").status.success());
        refused(&["commit", "--replace"]);
        sandbox.git(&work, &["rebase", "--abort"]);
        sandbox.git(&work, &["switch", "-q", "--detach"]);
        clone.rally(&["commit", "--replace"]).ok("committed");
    }

    #[test]
    fn a_branch_that_head_waits_for_is_not_made() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["switch", "-q", "--orphan", "rally-perfscale"]);
        let said = clone.untouched(&["commit"]).refused("branch-exists");
        says(
            &said,
            &["has no commit yet, but is checked out", "--branch NAME"],
        );
        clone.rally(&["commit", "--branch", "b"]).ok("committed");
    }

    #[test]
    fn anothers_sign_off_is_not_lost_unsaid() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["checkout", "-q", "rally-perfscale"]);
        let signed = "Signed-off-by: Eve <eve@example.org>";
        clone.git(&["commit", "-q", "--amend", "--no-edit", "--trailer", signed]);
        clone.git(&["checkout", "-q", "master"]);
        let event = clone.rally(&["commit", "--replace"]).ok("committed");
        let wanted = format!("`{signed}` was in the earlier patch set");
        says(&notes(&event), &[&wanted, "--trailer"]);
        assert!(!notes(&event).contains("jane@example.org"), "{event}");
    }

    #[test]
    fn never_under_a_rebase_that_will_move_it() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["checkout", "-q", "-b", "above", "rally-perfscale"]);
        clone.git(&["commit", "-q", "--allow-empty", "-m", "Above"]);
        let rebase = ["rebase", "-q", "--update-refs", "-x", "false", "HEAD~2"];
        let stopped = sandbox.command("git", &clone.path).args(rebase).output();
        assert!(!stopped.expect("git runs").status.success());
        let args = ["commit", "--replace", "--times", "3"];
        let said = clone.rally(&args).refused("branch-exists");
        says(&said, &["is never moved"]);
        clone.git(&["rebase", "--abort"]);
        clone.rally(&args).ok("committed");
    }
}

mod patch_file {
    use super::*;

    const NAME: &str = "0001-Add-Rally-performance-tests-for-Nova.patch";

    #[test]
    fn written_as_a_whole_and_never_over_another() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let out = sandbox.path("out");
        fs::create_dir(&out).expect("folder");
        let mail = text(&clone.untouched(&["patch"]).ok("patch"), "text").to_owned();
        let (before, objects) = (clone.everything(), clone.objects());
        let names = || {
            let mut names: Vec<_> = fs::read_dir(&out)
                .expect("out")
                .map(|e| e.expect("entry").file_name())
                .collect();
            names.sort();
            names
        };

        let event = clone.rally(&["patch", "-o", "../out/x.patch"]).ok("patch");
        assert_eq!(text(&event, "file"), "../out/x.patch");
        let file = out.join("x.patch");
        assert_eq!(fs::read_to_string(&file).expect("the patch"), mail);
        assert_eq!(
            fs::metadata(&file).expect("mode").permissions().mode() & 0o777,
            0o644
        );

        fs::write(&file, "mine\n").expect("a file");
        let said = clone
            .untouched(&["patch", "-o", "../out/x.patch"])
            .refused("in-the-way");
        says(&said, &["`../out/x.patch` is there already", "--force"]);
        clone
            .rally(&["patch", "-o", "../out/x.patch", "--force"])
            .ok("patch");
        assert_eq!(fs::read_to_string(&file).expect("the patch"), mail);

        for folder in ["../out/", "../out"] {
            let event = clone.rally(&["patch", "-o", folder, "--force"]).ok("patch");
            assert_eq!(text(&event, "file"), format!("../out/{NAME}"));
        }
        clone
            .untouched(&["patch", "-o", "../out"])
            .refused("in-the-way");
        let theirs = sandbox.path("theirs");
        clone.rally(&["commit"]).ok("committed");
        clone.git(&[
            "format-patch",
            "-q",
            "-1",
            "-o",
            &theirs.display().to_string(),
            "rally-perfscale",
        ]);
        assert!(theirs.join(NAME).exists());
        assert_eq!(names(), [NAME, "x.patch"]);
        clone.git(&["update-ref", "-d", "refs/heads/rally-perfscale"]);
        let mut after = clone.everything();
        after.retain(|path, _| !path.contains("refs/heads"));
        let mut before = before;
        before.retain(|path, _| !path.contains("refs/heads"));
        assert_eq!(after, before);
        assert!(clone.objects().len() > objects.len());
    }

    #[test]
    fn a_place_that_cannot_be_written() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for place in ["nowhere/x.patch", "nowhere/", "setup.py/x.patch"] {
            for force in [&[][..], &["--force"]] {
                let args: Vec<&str> = ["patch", "-o", place]
                    .iter()
                    .chain(force)
                    .copied()
                    .collect();
                let said = clone.untouched(&args).failed();
                says(&said, &["cannot write `", "in a folder that is there"]);
            }
        }
        sandbox.clone_of("glance");
        let args = ["patch", "nova", "glance", "-o", "x.patch"];
        let ran = sandbox.rally(sandbox.dir.path(), &args);
        says(ran.usage(), &["-o takes the patch of one repository"]);
        assert!(!sandbox.path("x.patch").exists());
        says(
            clone.untouched(&["patch", "--force"]).usage(),
            &["--output"],
        );
    }

    #[test]
    fn what_is_no_regular_file_is_not_replaced() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let link = sandbox.path("link");
        std::os::unix::fs::symlink("/dev/null", &link).expect("a link");
        let socket = sandbox.path("socket");
        let _open = std::os::unix::net::UnixListener::bind(&socket).expect("a socket");
        for place in ["../link", "../socket"] {
            let said = clone.rally(&["patch", "-o", place, "--force"]);
            says(&said.refused("in-the-way"), &[place, "no regular file"]);
        }
        assert!(link.is_symlink());
        assert!(!socket.is_file());
    }

    #[test]
    fn a_patch_with_carriage_returns_says_how_git_am_takes_it() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let plain = clone.rally(&["patch"]).ok("patch");
        assert!(!notes(&plain).contains("--keep-cr"), "{plain}");
        let text = fs::read_to_string(clone.path.join(".zuul.yaml")).expect("text");
        clone.write(".zuul.yaml", &text.replace('\n', "\r\n"));
        clone.commit_upstream("Lines that end in CR LF");
        let event = clone.rally(&["patch", "-o", "../x.patch"]).ok("patch");
        says(&notes(&event), &["git am --keep-cr"]);
        clone.git(&["am", "-q", "--keep-cr", "../x.patch"]);
        clone.rally(&["commit"]).ok("committed");
        clone.git(&["diff", "--exit-code", "HEAD", "rally-perfscale"]);
    }
}

mod what_is_wrong {
    use super::*;

    #[test]
    fn without_gitreview_there_may_be_a_remote() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["rm", "-q", ".gitreview"]);
        clone.commit_upstream("No Gerrit");
        for args in [&["review"][..], &["review", "--push"]] {
            let args = [args, &["--service", "nova"]].concat();
            let said = nothing_made(&clone, &args).failed();
            says(
                &said,
                &[
                    "no remote `gerrit`",
                    "no `.gitreview`",
                    "git remote add gerrit URL",
                ],
            );
        }
        let gerrit = Gerrit::with(&clone.path, "master");
        remote(&clone, "gerrit", &gerrit);
        let event = clone.rally(&["review", "--push", "--service", "nova"]);
        let event = event.ok("committed");
        assert_eq!(url(&event), "https://review.example.org/c/project/+/1");
    }

    #[test]
    fn a_remote_that_is_not_there_or_leads_nowhere() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let said = nothing_made(&clone, &["review", "--push"]).failed();
        says(
            &said,
            &[
                "there is no remote `gerrit` to push to",
                "git review -t rally-perfscale",
            ],
        );
        clone.git(&["config", "gitreview.remote", "elsewhere"]);
        let said = nothing_made(&clone, &["review", "--push"]).failed();
        says(&said, &["there is no remote `elsewhere`"]);
        clone.git(&["config", "--unset", "gitreview.remote"]);
        clone.git(&["remote", "add", "gerrit", "/nonexistent/service.git"]);
        let said = clone.rally(&["review", "--push"]).failed();
        let tip = clone.git(&["rev-parse", "rally-perfscale"]);
        says(
            &said,
            &[
                &format!(
                    "the commit {tip} is on the branch `rally-perfscale`, but Gerrit was not reached"
                ),
                "/nonexistent/service.git",
                " / git push gerrit rally-perfscale:refs/for/master%topic=rally-perfscale",
            ],
        );
        // Nothing is lost: when the remote is mended, the same call goes on.
        let gerrit = Gerrit::with(&clone.path, "master");
        clone.git(&[
            "remote",
            "set-url",
            "gerrit",
            &gerrit.path().display().to_string(),
        ]);
        let event = clone.rally(&["review", "--push"]).ok("committed");
        assert_eq!(text(&event, "commit"), tip);
        assert_eq!(gerrit.patch_sets(), [format!("01/1/1 {tip}")]);
    }

    #[test]
    fn words_that_a_push_cannot_carry() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let _gerrit = gerrit_for(&clone);
        for (option, value) in [
            ("--topic", "a,b"),
            ("--topic", "a b"),
            ("--topic", ""),
            ("--topic", "a%b"),
            ("--reviewer", "a,b"),
            ("--hashtag", "a b"),
        ] {
            let arg = format!("{option}={value}");
            let ran = nothing_made(&clone, &["review", "--push", &arg]);
            says(ran.usage(), &[option]);
        }
        for id in [
            "I123",
            "0123456789abcdef0123456789abcdef01234567",
            "I0000000000000000000000000000000000000000",
        ] {
            let ran = nothing_made(&clone, &["review", "--change-id", id]);
            says(ran.usage(), &["--change-id"]);
        }
    }

    #[test]
    fn a_push_that_is_not_taken() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let gerrit = gerrit_for(&clone);
        hook(
            &clone,
            "pre-push",
            "#!/bin/sh\necho not today >&2\nexit 1\n",
        );
        let ran = clone.rally(&["review", "--push"]);
        says(&ran.failed(), &["but it was not sent: ", "not today"]);
        says(&ran.err, &["not today\n"]);
        fs::remove_file(clone.path.join(".git/hooks/pre-push")).expect("the hook");

        // A commit that the stand-in refuses: two changes at once.
        clone.write("more", "");
        clone.git(&["add", "more"]);
        clone.git(&["commit", "-q", "-m", "More"]);
        let args = ["review", "--push", "--base", "HEAD", "--branch", "b"];
        let ran = clone.rally(&args);
        let said = ran.failed();
        says(
            &said,
            &[
                "is on the branch `b`, but Gerrit rejected it: 2 commits where one is expected",
                " / git push gerrit b:refs/for/master",
            ],
        );
        says(&ran.err, &["error: failed to push some refs"]);
        assert_eq!(gerrit.patch_sets(), Vec::<String>::new());
        let ran = clone.rally_text(&args);
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{ran:?}");
        says(&ran.err, &[".: failed: the commit "]);
    }
}
