//! What git refuses for safety, against the installed git: whose a repository is, and where a bare
//! one may lie. Two rules are newer than some gits; there only what git takes is compared.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use git_rally::git::{Environment, Repo};

use crate::support::{Sandbox, says, write};

fn version() -> (u32, u32) {
    let output = crate::support::Command::new("git").arg("version").output();
    let text = String::from_utf8(output.expect("git runs").stdout).expect("UTF-8");
    let mut parts = text.split(' ').nth(2).expect("a version").split('.');
    let mut next = || parts.next().and_then(|n| n.trim().parse().ok());
    (next().expect("a number"), next().expect("a number"))
}

/// Which rows an older git answers otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    Old,
    /// git 2.46: `/*` at the end, a slash at the end, links.
    Names,
    /// git 2.45: a Git directory with a work tree somewhere is no bare repository.
    Bare,
}

impl Rule {
    fn is_installed(self) -> bool {
        match self {
            Rule::Old => true,
            Rule::Names => version() >= (2, 46),
            Rule::Bare => version() >= (2, 45),
        }
    }
}

/// Returns whether git opens what `dir` is in, and whether git-rally does.
fn opened(sandbox: &Sandbox, dir: &Path) -> (bool, bool) {
    let mut git = sandbox.command("git", dir);
    let git = git.args(["rev-parse", "HEAD"]).output().expect("git runs");
    let variables = sandbox.env.iter();
    let env: Environment = variables
        .map(|(key, value)| (OsString::from(key), OsString::from(value)))
        .collect();
    (git.status.success(), Repo::open(Some(dir), &env).is_ok())
}

fn compare(sandbox: &Sandbox, dir: &Path, rule: Rule, row: &str) {
    let (git, ours) = opened(sandbox, dir);
    if rule.is_installed() {
        assert_eq!(ours, git, "{row}");
    } else {
        assert!(ours || !git, "{row}");
    }
}

/// Returns `GIT_CONFIG_PARAMETERS` of one setting.
fn parameter(key: &str, value: &str) -> String {
    format!("'{key}'='{value}'")
}

#[test]
fn safe_directory_against_git() {
    let mut sandbox = Sandbox::new();
    let path = sandbox.clone_of("nova").path.clone();
    let top = sandbox.dir.path().canonicalize().expect("real");
    let (clone, below) = (top.join("nova"), path.join("rally-jobs-not"));
    fs::create_dir(&below).expect("folder");
    std::os::unix::fs::symlink(&top, top.join("home/link")).expect("link");
    let (top, clone) = (top.display().to_string(), clone.display().to_string());
    let values: Vec<(String, Rule)> = [
        ("", Rule::Old),
        ("*", Rule::Old),
        ("CLONE", Rule::Old),
        ("CLONE/", Rule::Names),
        ("CLONE/.git", Rule::Old),
        ("TOP", Rule::Old),
        ("TOP/*", Rule::Names),
        ("TOP/", Rule::Names),
        ("/*", Rule::Names),
        ("CLONE/*", Rule::Names),
        ("TOP/no*", Rule::Old),
        ("TOP/home/link/nova", Rule::Names),
        ("TOP/home/link/*", Rule::Names),
        ("~/../nova", Rule::Names),
        ("~/link/nova", Rule::Names),
        ("~/*", Rule::Names),
        ("~nobody-at-all/nova", Rule::Old),
        ("nova", Rule::Old),
        (".", Rule::Names),
        ("/nowhere", Rule::Old),
    ]
    .map(|(value, rule)| (value.replace("CLONE", &clone).replace("TOP", &top), rule))
    .to_vec();
    let global = sandbox.path("home/gitconfig");
    let kept = fs::read_to_string(&global).expect("gitconfig");
    let listed = |value: &str| format!("{kept}[safe]\n\tdirectory = \"{value}\"\n");
    for foreign in ["0", "1"] {
        sandbox.set("GIT_TEST_ASSUME_DIFFERENT_OWNER", foreign);
        for (value, rule) in &values {
            let row = |place: &str| format!("foreign {foreign}, {place} `{value}`");
            fs::write(&global, listed(value)).expect("gitconfig");
            compare(&sandbox, &path, *rule, &row("global"));
            compare(&sandbox, &below, *rule, &row("from a folder, global"));
            compare(
                &sandbox,
                &path.join(".git"),
                *rule,
                &row("from .git, global"),
            );
            // What comes later counts, and an empty value takes back.
            for (other, other_rule) in &values {
                let rule = if *rule == Rule::Old {
                    *other_rule
                } else {
                    *rule
                };
                sandbox.set("GIT_CONFIG_PARAMETERS", &parameter("safe.directory", other));
                compare(
                    &sandbox,
                    &path,
                    rule,
                    &format!("{}, then `{other}`", row("global")),
                );
            }
            sandbox.env.remove("GIT_CONFIG_PARAMETERS");
            fs::write(&global, &kept).expect("gitconfig");
            // The repository's own configuration does not count; the system's does.
            let local = path.join(".git/config");
            let before = fs::read_to_string(&local).expect("config");
            fs::write(
                &local,
                format!("{before}[safe]\n\tdirectory = \"{value}\"\n"),
            )
            .expect("config");
            compare(&sandbox, &path, *rule, &row("local"));
            fs::write(&local, before).expect("config");
            let system = sandbox.path("system");
            fs::write(&system, listed(value)).expect("system");
            sandbox.env.remove("GIT_CONFIG_NOSYSTEM");
            sandbox.set("GIT_CONFIG_SYSTEM", &system.display().to_string());
            compare(&sandbox, &path, *rule, &row("system"));
            sandbox.set("GIT_CONFIG_NOSYSTEM", "1");
        }
    }
}

/// The files of somebody else, by `chown`; of root's, where nobody else is to be had.
#[test]
fn files_of_another_user() {
    let mut sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova").path.clone();
    let is_root = std::os::unix::fs::MetadataExt::uid(&clone.metadata().expect("there")) == 0;
    for part in [".git", "."] {
        if is_root {
            let mut chown = sandbox.command("chown", &clone);
            assert!(
                chown
                    .args(["-R", "12345", part])
                    .status()
                    .expect("chown")
                    .success()
            );
        } else {
            sandbox.git(&clone, &["config", "core.worktree", "/"]);
        }
        compare(&sandbox, &clone, Rule::Old, part);
        assert!(!opened(&sandbox, &clone).1, "{part}");
        // The name that is to be listed is the work tree's, whatever is foreign.
        let said = sandbox
            .rally(&clone, &["detect", "--format", "json"])
            .failed();
        let hint = said.split(" / ").nth(1).expect("a hint").to_owned();
        let mut sh = sandbox.command("sh", &clone);
        assert!(sh.args(["-c", &hint]).status().expect("sh").success());
        assert_eq!(opened(&sandbox, &clone), (true, true), "{hint}");
        sandbox.git(
            Path::new("/"),
            &["config", "--global", "--unset-all", "safe.directory"],
        );
        for sudo in ["12345", "1", "x"] {
            sandbox.set("SUDO_UID", sudo);
            compare(
                &sandbox,
                &clone,
                Rule::Old,
                &format!("{part}, SUDO_UID={sudo}"),
            );
        }
        sandbox.env.remove("SUDO_UID");
        // Who names the repository trusts it.
        sandbox.set("GIT_DIR", ".git");
        sandbox
            .rally(&clone, &["detect", "--format", "json"])
            .ok("detected");
        sandbox.git(&clone, &["rev-parse", "HEAD"]);
        sandbox.env.remove("GIT_DIR");
    }
}

/// A repository that is opened although libgit2 does not want it is all there.
#[test]
fn a_folder_of_safe_repositories() {
    let mut sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova").path.clone();
    sandbox.git(&clone, &["worktree", "add", "-q", "--detach", "../linked"]);
    let top = sandbox.dir.path().canonicalize().expect("real");
    let listed = format!("{}/*", top.display());
    sandbox.git(&clone, &["config", "--global", "safe.directory", &listed]);
    let uid = std::os::unix::fs::MetadataExt::uid(&clone.metadata().expect("there"));
    if uid == 0 {
        let mut chown = sandbox.command("chown", &top);
        chown.args(["-R", "12345", "nova", "linked"]);
        assert!(chown.status().expect("chown").success());
    } else {
        sandbox.set("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1");
    }
    for (place, branch) in [("nova", "one"), ("linked", "two")] {
        let ran = sandbox.rally(
            &top.join(place),
            &["commit", "--branch", branch, "--format", "json"],
        );
        ran.ok("committed");
        // Checked out is found as ever.
        let named = sandbox.rally(
            &top,
            &["commit", "--branch", "master", "--format", "json", place],
        );
        named.refused("branch-exists");
    }
    let mut fsck = sandbox.command("git", &clone);
    fsck.args(["-c", "safe.directory=*", "fsck", "--strict"]);
    assert!(fsck.output().expect("git").status.success());
}

#[test]
fn safe_bare_repository_against_git() {
    let mut sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova").path.clone();
    let dir = sandbox.dir.path().to_owned();
    sandbox.git(&dir, &["clone", "-q", "--bare", "nova", "bare.git"]);
    sandbox.git(&dir, &["clone", "-q", "--bare", "nova", "nova/planted"]);
    sandbox.git(&clone, &["worktree", "add", "-q", "--detach", "../linked"]);
    let bare = dir.join("bare.git");
    sandbox.git(&bare, &["worktree", "add", "-q", "--detach", "../of-bare"]);
    sandbox.git(
        &clone,
        &[
            "-c",
            "protocol.file.allow=always",
            "submodule",
            "--quiet",
            "add",
            "../bare.git",
            "sub",
        ],
    );
    let places: Vec<(PathBuf, Rule)> = vec![
        (clone.clone(), Rule::Old),
        (clone.join("planted"), Rule::Old),
        (clone.join("planted/refs/heads"), Rule::Old),
        (bare.clone(), Rule::Old),
        (bare.join("objects"), Rule::Old),
        (clone.join(".git"), Rule::Bare),
        (clone.join(".git/refs"), Rule::Bare),
        (clone.join(".git/worktrees/linked"), Rule::Bare),
        (clone.join(".git/modules/sub"), Rule::Bare),
        (clone.join("sub"), Rule::Old),
        (bare.join("worktrees/of-bare"), Rule::Old),
        (dir.join("linked"), Rule::Old),
        (dir.join("of-bare"), Rule::Old),
    ];
    let global = sandbox.path("home/gitconfig");
    let kept = fs::read_to_string(&global).expect("gitconfig");
    for value in ["explicit", "all", "Explicit", "nonsense", ""] {
        for (place, rule) in &places {
            let row = |from: &str| format!("{from} `{value}`, {}", place.display());
            let text = format!("{kept}[safe]\n\tbareRepository = {value}\n");
            fs::write(&global, text).expect("gitconfig");
            compare(&sandbox, place, *rule, &row("global"));
            for other in ["explicit", "all"] {
                sandbox.set(
                    "GIT_CONFIG_PARAMETERS",
                    &parameter("safe.bareRepository", other),
                );
                compare(&sandbox, place, *rule, &row(&format!("-c {other}, global")));
                sandbox.env.remove("GIT_CONFIG_PARAMETERS");
            }
            fs::write(&global, &kept).expect("gitconfig");
        }
    }
}

/// A planted bare repository brings its own "gpg": it is not run, as git does not run it.
#[test]
fn a_planted_bare_repository_runs_nothing() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["clone", "-q", "--bare", ".", "planted"]);
    let planted = clone.path.join("planted");
    let (program, mark) = (planted.join("gpg"), sandbox.path("executed"));
    write(
        &program,
        &format!("#!/bin/sh\ntouch '{}'\n", mark.display()),
    );
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("mode");
    let path = program.display().to_string();
    sandbox.git(&planted, &["config", "gpg.program", &path]);
    sandbox.git(&planted, &["config", "commit.gpgSign", "true"]);
    clone.git(&["config", "--global", "safe.bareRepository", "explicit"]);
    let inside = sandbox
        .rally(&planted, &["commit", "--format", "json"])
        .failed();
    says(
        &inside,
        &["bare repository", "safe.bareRepository", "--git-dir="],
    );
    let named = clone.rally(&["commit", "planted"]).failed();
    says(&named, &["bare repository"]);
    assert!(!mark.exists());
    // Named in full it is the user's own choice.
    let mut sandbox = sandbox;
    sandbox.set("GIT_DIR", &planted.display().to_string());
    sandbox
        .rally(&planted, &["commit", "--format", "json"])
        .failed();
    assert!(mark.exists());
}
