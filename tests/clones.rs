//! Clones of every kind, made by the real git: what works, and what is refused with its reason.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use support::{Clone, Sandbox, says};

/// Runs `commit` in `dir` and checks the result by git: the branch holds the commit, on top of the
/// base, with the base's tree and nothing but additions; and no other file of the sandbox moved.
fn commits(sandbox: &Sandbox, dir: &Path, args: &[&str]) -> serde_json::Value {
    let before = quiet(sandbox);
    let args: Vec<&str> = [&["commit"], args, &["--format", "json"]].concat();
    let event = sandbox.rally(dir, &args).ok("committed");
    let after = quiet(sandbox);
    let moved: Vec<&String> = (before.keys().chain(after.keys()))
        .filter(|path| before.get(*path) != after.get(*path))
        .collect();
    let branch = event["branch"].as_str().expect("branch");
    let new = [
        format!("refs/heads/{branch}"),
        format!("logs/refs/heads/{branch}"),
    ];
    assert!(
        moved
            .iter()
            .all(|path| new.iter().any(|name| path.ends_with(name))),
        "moved: {moved:?}"
    );
    let git = |args: &[&str]| sandbox.git(dir, args);
    assert_eq!(
        git(&["rev-parse", &format!("refs/heads/{branch}")]),
        event["commit"]
    );
    assert_eq!(git(&["rev-parse", &format!("{branch}^")]), event["base"]);
    let changes = git(&[
        "diff-tree",
        "-r",
        "--name-status",
        &format!("{branch}^"),
        branch,
    ]);
    assert!(
        changes
            .lines()
            .all(|l| l.starts_with("A\trally-jobs/") || l == "M\t.zuul.yaml"),
        "{changes}"
    );
    assert!(
        changes.contains("A\trally-jobs/task-nova.yaml"),
        "{changes}"
    );
    event
}

/// Returns every file of the sandbox that is not an object.
fn quiet(sandbox: &Sandbox) -> BTreeMap<String, Vec<u8>> {
    let mut files = sandbox.files();
    files.retain(|path, _| !path.contains("objects/") || path.contains("objects/info/"));
    files
}

fn fsck(sandbox: &Sandbox, dir: &Path) {
    sandbox.git(dir, &["fsck", "--strict", "--no-dangling"]);
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

mod worktrees {
    use super::*;

    fn linked(clone: &Clone<'_>) -> PathBuf {
        let path = clone.sandbox.path("linked");
        clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
        path
    }

    #[test]
    fn a_linked_one_makes_the_branch_in_the_common_repository() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let path = linked(&clone);
        commits(&sandbox, &path, &[]);
        assert!(clone.path.join(".git/refs/heads/rally-perfscale").is_file());
        fsck(&sandbox, &path);
        // From the other side, it is the same change.
        clone.untouched(&["commit"]).ok("unchanged");
        assert_eq!(
            sandbox.untouched(&path, &["commit"]).ok("unchanged")["repo"],
            "."
        );
    }

    /// libgit2's plain call overwrites a loose branch of the main repository from here.
    #[test]
    fn a_branch_of_the_main_repository_is_not_overwritten() {
        for pack in [false, true] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            let path = linked(&clone);
            clone.git(&["commit", "-q", "--allow-empty", "-m", "Precious"]);
            clone.git(&["branch", "rally-perfscale"]);
            if pack {
                clone.git(&["pack-refs", "--all"]);
            }
            for args in [&["commit"][..], &["commit", "--replace"], &["diff"]] {
                let said = sandbox.untouched(&path, args).refused("branch-exists");
                says(
                    &said,
                    &["`rally-perfscale` is there already", "--branch NAME"],
                );
            }
        }
    }

    #[test]
    fn a_checked_out_branch_is_never_moved() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.rally(&["commit"]).ok("committed");
        let other = sandbox.path("other place");
        clone.git(&["worktree", "add", "-q", &text(&other), "rally-perfscale"]);
        let said = clone
            .untouched(&["commit", "--times", "2", "--replace"])
            .refused("branch-exists");
        says(
            &said,
            &[
                "is checked out in",
                "other place",
                "never moved",
                "switch --detach",
            ],
        );
        let there = sandbox
            .untouched(&other, &["commit", "--times", "2", "--replace"])
            .refused("branch-exists");
        says(&there, &["is checked out in"]);
        clone.git(&["worktree", "remove", &text(&other)]);
        clone.git(&["switch", "-q", "rally-perfscale"]);
        let said = clone
            .untouched(&["commit", "--times", "2", "--replace"])
            .refused("branch-exists");
        says(&said, &["is checked out in"]);
        clone.git(&["switch", "-q", "master"]);
        clone
            .rally(&["commit", "--times", "2", "--replace"])
            .ok("committed");
    }

    #[test]
    fn relative_paths_and_a_configuration_of_its_own() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["config", "extensions.worktreeConfig", "true"]);
        let path = sandbox.path("linked");
        clone.git(&[
            "-c",
            "worktree.useRelativePaths=true",
            "worktree",
            "add",
            "-q",
            &text(&path),
        ]);
        sandbox.git(
            &path,
            &["config", "--worktree", "user.name", "Of The Worktree"],
        );
        commits(&sandbox, &path, &[]);
        assert_eq!(
            clone.git(&["log", "-1", "--format=%an", "rally-perfscale"]),
            "Of The Worktree"
        );
    }
}

mod places {
    use super::*;

    #[test]
    fn bare() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let bare = sandbox.path("bare.git");
        sandbox.git(
            sandbox.dir.path(),
            &["clone", "-q", "--bare", &text(&clone.path), "bare.git"],
        );
        let event = commits(&sandbox, &bare, &[]);
        assert_eq!(event["base"], clone.git(&["rev-parse", "HEAD"]));
        fsck(&sandbox, &bare);
        let refs = bare.join("refs");
        sandbox.git(&bare, &["branch", "-D", "rally-perfscale"]);
        commits(&sandbox, &refs, &[]);
    }

    #[test]
    fn detached_head() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["switch", "-q", "--detach"]);
        clone.git(&["commit", "-q", "--allow-empty", "-m", "Local"]);
        let event = commits(&sandbox, &clone.path, &[]);
        assert_eq!(event["base"], clone.git(&["rev-parse", "origin/master"]));
    }

    #[test]
    fn an_unborn_head_with_a_remote_branch() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["switch", "-q", "--orphan", "fresh"]);
        let event = commits(&sandbox, &clone.path, &[]);
        assert_eq!(event["base"], clone.git(&["rev-parse", "origin/master"]));
    }

    #[test]
    fn a_folder_of_the_work_tree() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        commits(&sandbox, &clone.path.join("nova"), &[]);
        let top = sandbox.dir.path().to_owned();
        commits_at(&sandbox, &top, "nova/nova", "second");
        let hidden = sandbox.untouched(&clone.path.join(".git"), &["commit"]);
        hidden.ok("unchanged");
    }

    fn commits_at(sandbox: &Sandbox, dir: &Path, repo: &str, branch: &str) {
        let ran = sandbox.rally(
            dir,
            &["commit", repo, "--branch", branch, "--format", "json"],
        );
        assert_eq!(ran.ok("committed")["repo"], repo);
    }

    #[test]
    fn git_dir_without_a_repo_argument() {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        drop(sandbox.clone_of("ironic"));
        sandbox.set("GIT_DIR", &text(&sandbox.path("nova/.git")));
        let elsewhere = sandbox.path("home");
        let ran = sandbox.rally(&elsewhere, &["commit", "--format", "json"]);
        assert_eq!(ran.ok("committed")["service"], "nova");
        // A path that is given counts more.
        let ran = sandbox.rally(&elsewhere, &["commit", "../ironic", "--format", "json"]);
        assert_eq!(ran.ok("committed")["service"], "ironic");
        // A work tree set beside it changes nothing.
        sandbox.set("GIT_WORK_TREE", &text(&sandbox.path("home")));
        sandbox.untouched(&elsewhere, &["commit"]).ok("unchanged");
    }

    #[test]
    fn as_a_subcommand_of_git() {
        let mut sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        let bin = PathBuf::from(env!("CARGO_BIN_EXE_git-rally"));
        let path = format!(
            "{}:{}",
            text(bin.parent().expect("a folder")),
            sandbox.env["PATH"]
        );
        sandbox.set("PATH", &path);
        let top = sandbox.dir.path().to_owned();
        let out = sandbox.git(&top, &["-C", "nova", "rally", "commit", "--format", "json"]);
        says(&out, &["\"type\":\"committed\"", "\"repo\":\".\""]);
        let out = sandbox.git(
            &sandbox.path("nova/nova"),
            &["rally", "commit", "--format", "json"],
        );
        says(&out, &["\"type\":\"unchanged\""]);
        let out = sandbox.git(
            &top,
            &[
                "--git-dir",
                "nova/.git",
                "rally",
                "commit",
                "--format",
                "json",
            ],
        );
        says(&out, &["\"type\":\"unchanged\""]);
    }

    #[test]
    fn inside_a_submodule_and_above_one() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let ironic = sandbox.clone_of("ironic");
        clone.git(&["submodule", "--quiet", "add", &text(&ironic.path), "below"]);
        clone.commit_upstream("A submodule");
        let event = commits(&sandbox, &clone.path, &[]);
        assert_eq!(event["service"], "nova");
        says(
            &clone.git(&["ls-tree", "rally-perfscale", "below"]),
            &["160000 commit"],
        );
        fsck(&sandbox, &clone.path);
        let below = clone.path.join("below");
        let before = clone.git(&["rev-parse", "rally-perfscale"]);
        let ran = sandbox.rally(&below, &["commit", "--format", "json"]);
        assert_eq!(ran.ok("committed")["service"], "ironic");
        assert_eq!(clone.git(&["rev-parse", "rally-perfscale"]), before);
        assert_eq!(
            sandbox.git(&below, &["rev-parse", "rally-perfscale^"]),
            ran.event()["base"]
        );
    }
}

mod references {
    use super::*;

    #[test]
    fn a_lock_that_stays() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let lock = clone.path.join(".git/refs/heads/rally-perfscale.lock");
        fs::write(&lock, "").expect("lock");
        let before = clone.everything();
        let said = clone.rally(&["commit"]).failed();
        says(
            &said,
            &[
                "locked by another git process",
                &text(&lock),
                "runs any more: rm ",
            ],
        );
        assert_eq!(before, clone.everything());
        fs::remove_file(&lock).expect("lock");
        commits(&sandbox, &clone.path, &[]);
    }

    /// Runs `commit` in `dir` while the branch is locked; once all objects of the commit are
    /// stored, which is right before git-rally asks for the lock, does `then` and lets go of it.
    fn while_locked(clone: &Clone<'_>, dir: &Path, then: impl Fn()) -> serde_json::Value {
        let lock = clone.path.join(".git/refs/heads/rally-perfscale.lock");
        let stored = objects_of_a_commit();
        // On a busy machine the lock may be held longer than git-rally waits for it.
        for _ in 0..20 {
            fs::write(&lock, "").expect("lock");
            clone.git(&["prune"]);
            let objects = loose(clone);
            let mut command = clone.sandbox.command(env!("CARGO_BIN_EXE_git-rally"), dir);
            command
                .args(["commit", "--format", "json"])
                .stdout(Stdio::piped());
            let mut child = command.spawn().expect("git-rally runs");
            while loose(clone) < objects + stored && child.try_wait().expect("wait").is_none() {
                std::thread::sleep(std::time::Duration::from_millis(1));
            }
            then();
            fs::remove_file(&lock).expect("lock");
            let output = child.wait_with_output().expect("output");
            let event: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
            if event["type"] != "failed" {
                return event;
            }
            says(&event.to_string(), &["locked by another git process"]);
            clone.git(&["update-ref", "-d", "refs/heads/rally-perfscale"]);
        }
        panic!("the lock was never let go of in time");
    }

    fn objects_of_a_commit() -> usize {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let before = loose(&clone);
        clone.rally(&["commit"]).ok("committed");
        loose(&clone) - before
    }

    /// Returns how many loose objects there are, those that are just being written left out.
    fn loose(clone: &Clone<'_>) -> usize {
        let folders = fs::read_dir(clone.path.join(".git/objects")).expect("objects");
        // What is no folder, or is not there any more, is an object that is being written.
        let below = folders
            .flatten()
            .flat_map(|folder| fs::read_dir(folder.path()));
        let names = below.flatten().flatten().map(|file| file.file_name());
        names.filter(|name| name.len() == 38).count()
    }

    #[test]
    fn a_lock_that_goes_is_waited_for() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let event = while_locked(&clone, &clone.path, || {});
        assert_eq!(event["type"], "committed", "{event}");
        clone.untouched(&["commit"]).ok("unchanged");
    }

    /// The compare-and-swap under the lock: libgit2's plain calls lose this branch.
    #[test]
    fn a_branch_that_appears_in_the_last_moment_is_kept() {
        for linked in [false, true] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            let path = sandbox.path("linked");
            clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
            let precious = clone.git(&["rev-parse", "HEAD"]);
            let dir = if linked { &path } else { &clone.path };
            let event = while_locked(&clone, dir, || {
                clone.write(".git/refs/heads/rally-perfscale", &format!("{precious}\n"));
            });
            assert_eq!(event["kind"], "branch-exists", "{event}");
            says(
                &event.to_string(),
                &["another process", "run the command again"],
            );
            assert_eq!(clone.git(&["rev-parse", "rally-perfscale"]), precious);
        }
    }

    #[test]
    fn locks_of_others_do_not_matter() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for name in [
            "index.lock",
            "HEAD.lock",
            "config.lock",
            "packed-refs.lock",
            "refs/heads/master.lock",
        ] {
            clone.write(&format!(".git/{name}"), "");
        }
        commits(&sandbox, &clone.path, &[]);
    }

    #[test]
    fn eight_at_once_have_one_winner() {
        for linked in [false, true] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            let path = sandbox.path("linked");
            clone.git(&["worktree", "add", "-q", "-b", "topic", &text(&path)]);
            for round in 0..3 {
                let branch = format!("round-{round}");
                let runs: Vec<_> = (1..=8)
                    .map(|run| {
                        let dir = if linked && run % 2 == 0 {
                            &path
                        } else {
                            &clone.path
                        };
                        // Each wants another change, so that only one can have the branch.
                        let mut command = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), dir);
                        command.args([
                            "commit",
                            "--format",
                            "json",
                            "--branch",
                            &branch,
                            "--trailer",
                            &format!("Related-Bug: #{run}"),
                        ]);
                        command.stdout(Stdio::piped()).stderr(Stdio::piped());
                        command.spawn().expect("git-rally runs")
                    })
                    .collect();
                let mut winners = Vec::new();
                for run in runs {
                    let output = run.wait_with_output().expect("output");
                    let event: serde_json::Value =
                        serde_json::from_slice(&output.stdout).expect("JSON");
                    match event["type"].as_str() {
                        Some("committed") => {
                            winners.push(event["commit"].as_str().expect("commit").to_owned())
                        }
                        Some("refused") => assert_eq!(event["kind"], "branch-exists", "{event}"),
                        Some("failed") => {
                            says(&event.to_string(), &["locked by another git process"])
                        }
                        _ => panic!("{event}"),
                    }
                }
                assert_eq!(winners.len(), 1, "{winners:?}");
                assert_eq!(clone.git(&["rev-parse", &branch]), winners[0]);
                assert_eq!(
                    clone.git(&["reflog", "show", "--format=%H", &branch]),
                    winners[0]
                );
            }
            fsck(&sandbox, &clone.path);
        }
    }

    #[test]
    fn eight_at_once_with_the_same_change_agree() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let runs: Vec<_> = (0..8)
            .map(|_| {
                let mut command = sandbox.command(env!("CARGO_BIN_EXE_git-rally"), &clone.path);
                command
                    .args(["commit", "--format", "json"])
                    .stdout(Stdio::piped());
                command.spawn().expect("git-rally runs")
            })
            .collect();
        let mut committed = 0;
        for run in runs {
            let output = run.wait_with_output().expect("output");
            let event: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
            committed += usize::from(event["type"] == "committed");
            let kind = event["type"].as_str().expect("type");
            assert!(
                ["committed", "unchanged", "refused"].contains(&kind),
                "{event}"
            );
        }
        assert_eq!(committed, 1);
        clone.untouched(&["commit"]).ok("unchanged");
        fsck(&sandbox, &clone.path);
    }

    #[test]
    fn replaced_objects_are_read_as_they_were() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write("more", "history\n");
        clone.commit_upstream("More");
        let tip = clone.git(&["rev-parse", "origin/master"]);
        clone.git(&["replace", "--graft", &tip]);
        let event = commits(&sandbox, &clone.path, &[]);
        assert_eq!(event["base"], tip.as_str());
    }
}

mod stores {
    use super::*;

    #[test]
    fn shallow() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write("more", "history\n");
        clone.git(&["add", "more"]);
        clone.git(&["commit", "-q", "-m", "More"]);
        let url = format!("file://{}", text(&clone.path));
        sandbox.git(
            sandbox.dir.path(),
            &["clone", "-q", "--depth=1", &url, "shallow"],
        );
        let shallow = sandbox.path("shallow");
        assert_eq!(
            sandbox.git(&shallow, &["rev-parse", "--is-shallow-repository"]),
            "true"
        );
        commits(&sandbox, &shallow, &[]);
        fsck(&sandbox, &shallow);
    }

    /// A partial clone with nothing checked out: git-rally fetches nothing by itself, and says the
    /// one command that does.
    #[test]
    fn partial() {
        for filter in ["blob:none", "tree:0"] {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.git(&["config", "uploadpack.allowFilter", "true"]);
            clone.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
            let url = format!("file://{}", text(&clone.path));
            let args = [
                "clone",
                "-q",
                "--no-checkout",
                &format!("--filter={filter}"),
                &url,
                "partial",
            ];
            sandbox.git(sandbox.dir.path(), &args);
            let partial = sandbox.path("partial");
            for verb in ["commit", "diff", "detect"] {
                let said = sandbox.untouched(&partial, &[verb]).failed();
                says(&said, &["cannot read", "git -C", "grep -c '' "]);
            }
            let ran = sandbox.untouched(sandbox.dir.path(), &["commit", "partial"]);
            let said = ran.failed();
            let hint = said.rsplit_once(" / ").expect("a hint").1;
            let shell = sandbox
                .command("sh", sandbox.dir.path())
                .args(["-c", hint])
                .output();
            assert!(shell.expect("sh runs").status.success(), "{hint}");
            commits(&sandbox, &partial, &[]);
        }
    }

    #[test]
    fn a_partial_clone_that_is_checked_out_has_what_is_needed() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["config", "uploadpack.allowFilter", "true"]);
        let url = format!("file://{}", text(&clone.path));
        sandbox.git(
            sandbox.dir.path(),
            &["clone", "-q", "--filter=blob:none", &url, "partial"],
        );
        commits(&sandbox, &sandbox.path("partial"), &[]);
    }

    #[test]
    fn alternates() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        sandbox.git(
            sandbox.dir.path(),
            &["clone", "-q", "--shared", "nova", "borrower"],
        );
        let borrower = sandbox.path("borrower");
        commits(&sandbox, &borrower, &[]);
        fsck(&sandbox, &borrower);
        sandbox.git(&borrower, &["branch", "-D", "rally-perfscale"]);
        // A loose object without its end, which libgit2 would read forever, is found here too.
        let id = clone.git(&["rev-parse", "HEAD:.zuul.yaml"]);
        let file = clone
            .path
            .join(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
        let bytes = fs::read(&file).expect("a loose object");
        fs::remove_file(&file).expect("object");
        fs::write(&file, &bytes[..bytes.len() / 2]).expect("object");
        let said = sandbox.untouched(&borrower, &["commit"]).failed();
        says(&said, &["`.zuul.yaml`", "the end of", &text(&file)]);
        fs::rename(&clone.path, sandbox.path("gone")).expect("rename");
        let said = sandbox.untouched(&borrower, &["commit"]).failed();
        says(&said, &["cannot read"]);
    }

    #[test]
    fn packed_with_every_index() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["repack", "-adq", "--write-midx", "--write-bitmap-index"]);
        clone.git(&["commit-graph", "write", "--reachable"]);
        clone.git(&["pack-refs", "--all"]);
        commits(&sandbox, &clone.path, &[]);
    }
}

mod work_trees {
    use super::*;

    #[test]
    fn sparse_split_and_odd_indexes() {
        let kinds: [&[&[&str]]; 5] = [
            &[&["sparse-checkout", "set", "nova"]],
            &[&["sparse-checkout", "set", "--cone", "--sparse-index", "nova"]],
            &[&["update-index", "--split-index"]],
            &[&["update-index", "--index-version", "4"]],
            &[
                &["config", "index.skipHash", "true"],
                &["update-index", "--force-write-index"],
            ],
        ];
        for kind in kinds {
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            for command in kind {
                clone.git(command);
            }
            assert_eq!(clone.untouched(&["diff"]).code, 0, "{kind:?}");
            commits(&sandbox, &clone.path, &[]);
            assert_eq!(clone.git(&["status", "--porcelain"]), "", "{kind:?}");
        }
    }

    #[test]
    fn a_damaged_index_does_not_matter() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write(".git/index", "garbage");
        clone.rally(&["commit"]).ok("committed");
        assert_eq!(clone.everything()[".git/index"], b"garbage");
    }

    #[test]
    fn a_rebase_in_progress() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for (branch, words) in [("one", "1\n"), ("two", "2\n")] {
            clone.git(&["switch", "-q", "-c", branch, "origin/master"]);
            clone.write("README.rst", words);
            clone.git(&["commit", "-q", "-a", "-m", branch]);
        }
        let rebase = sandbox
            .command("git", &clone.path)
            .args(["rebase", "-q", "one"])
            .output();
        assert!(!rebase.expect("git runs").status.success(), "a conflict");
        commits(&sandbox, &clone.path, &[]);
        says(&clone.git(&["status"]), &["rebase in progress"]);
        clone.git(&["rebase", "--abort"]);
    }

    /// Line ends and filters are the work tree's affair: what is committed has LF.
    #[test]
    fn line_ends_and_attributes() {
        for (config, attributes) in [
            ("core.autocrlf", ""),
            ("core.x", "* text=auto eol=crlf\n"),
            (
                "core.x",
                "*.yaml -diff filter=nothing\n*.rst working-tree-encoding=UTF-16\n",
            ),
        ] {
            let sandbox = Sandbox::new();
            let plain = sandbox.clone_of("nova");
            let expected = plain.rally(&["commit"]).ok("committed")["tree"].clone();
            let sandbox = Sandbox::new();
            let clone = sandbox.clone_of("nova");
            clone.git(&["config", config, "true"]);
            // Not committed, and not to be obeyed.
            clone.write(".gitattributes", attributes);
            let event = commits(&sandbox, &clone.path, &[]);
            assert_eq!(event["tree"], expected);
        }
    }

    /// A Zuul file that is committed with CRLF keeps its line ends.
    #[test]
    fn a_committed_file_keeps_its_line_ends() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let file = clone.path.join(".zuul.yaml");
        let crlf = fs::read_to_string(&file)
            .expect("file")
            .replace('\n', "\r\n");
        fs::write(&file, crlf).expect("file");
        clone.commit_upstream("CRLF");
        let ran = clone.rally(&["commit"]);
        if ran.code == 3 {
            says(&ran.refused("zuul"), &[".zuul.yaml"]);
            return;
        }
        ran.ok("committed");
        let out = sandbox
            .command("git", &clone.path)
            .args(["cat-file", "blob", "rally-perfscale:.zuul.yaml"])
            .output();
        let after = String::from_utf8(out.expect("git runs").stdout).expect("UTF-8");
        assert_eq!(after.matches('\n').count(), after.matches("\r\n").count());
    }

    #[test]
    fn hooks_do_not_run() {
        use std::os::unix::fs::PermissionsExt;
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        for hook in [
            "pre-commit",
            "prepare-commit-msg",
            "post-commit",
            "reference-transaction",
            "post-checkout",
        ] {
            let path = clone.path.join(".git/hooks").join(hook);
            clone.write(
                &format!(".git/hooks/{hook}"),
                "#!/bin/sh\ntouch \"$GIT_DIR/ran\" ran\nexit 1\n",
            );
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("mode");
        }
        clone.rally(&["commit"]).ok("committed");
        assert!(!clone.path.join("ran").exists() && !clone.path.join(".git/ran").exists());
    }
}

mod unsupported {
    use super::*;

    fn refused(sandbox: &Sandbox, dir: &Path, reason: &str, hint: &str) {
        for verb in ["commit", "diff", "detect"] {
            let said = sandbox
                .untouched(dir, &[verb])
                .refused("unsupported-repository");
            says(&said, &[reason, hint]);
        }
    }

    #[test]
    fn reftable() {
        let sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        sandbox.git(
            sandbox.dir.path(),
            &["clone", "-q", "--ref-format=reftable", "nova", "new"],
        );
        refused(
            &sandbox,
            &sandbox.path("new"),
            "reftable",
            "git clone --ref-format=files",
        );
    }

    #[test]
    fn sha256() {
        let sandbox = Sandbox::new();
        sandbox.git(
            sandbox.dir.path(),
            &["init", "-q", "--object-format=sha256", "new"],
        );
        sandbox.git(
            &sandbox.path("new"),
            &["commit", "-q", "--allow-empty", "-m", "First"],
        );
        refused(
            &sandbox,
            &sandbox.path("new"),
            "SHA-256",
            "SHA-1 as on opendev.org",
        );
    }

    #[test]
    fn extensions_and_versions_of_the_future() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.write(".git/config", "[core]\n\trepositoryformatversion = 1\n\tbare = false\n[extensions]\n\tfromTheFuture = yes\n");
        refused(&sandbox, &clone.path, "fromthefuture", "git clone");
        clone.write(
            ".git/config",
            "[core]\n\trepositoryformatversion = 2\n\tbare = false\n",
        );
        refused(&sandbox, &clone.path, "version 2", "git clone");
    }

    #[test]
    fn extensions_that_do_not_matter() {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        clone.git(&["config", "core.repositoryformatversion", "1"]);
        for key in ["preciousObjects", "noop", "worktreeConfig"] {
            clone.git(&["config", &format!("extensions.{key}"), "true"]);
        }
        commits(&sandbox, &clone.path, &[]);
    }

    /// One that is refused does not stop the others.
    #[test]
    fn among_others() {
        let sandbox = Sandbox::new();
        drop(sandbox.clone_of("nova"));
        sandbox.git(
            sandbox.dir.path(),
            &["init", "-q", "--ref-format=reftable", "new"],
        );
        let ran = sandbox.rally(
            sandbox.dir.path(),
            &["commit", "new", "nova", "--format", "json"],
        );
        assert_eq!(ran.code, 3, "{ran:?}");
        let types: Vec<bool> = ran
            .out
            .lines()
            .map(|l| l.contains("\"type\":\"committed\""))
            .collect();
        assert_eq!(types, [false, true], "{ran:?}");
    }
}
