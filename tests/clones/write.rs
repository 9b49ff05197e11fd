//! The last step, when things change meanwhile or the system does not let us: the branch stays what
//! it was, and what is said is true.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::support::{Clone, Command, Ran, Sandbox, says, write};

const BRANCH: &str = "rally-perfscale";

/// A "gpg" that does something in the clone before it signs, as long as a passphrase takes.
fn while_signing(clone: &Clone<'_>, command: &str) {
    let program = clone.sandbox.path("sign");
    let script = format!(
        "#!/bin/sh\ncat > /dev/null\ncd '{}' && {command} > /dev/null 2>&1\n\
         echo '[GNUPG:] SIG_CREATED x' >&2\n\
         printf -- '-----BEGIN PGP SIGNATURE-----\\n\\nx\\n-----END PGP SIGNATURE-----\\n'\n",
        clone.path.display()
    );
    write(&program, &script);
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("mode");
    clone.git(&["config", "gpg.program", &program.display().to_string()]);
    clone.git(&["config", "commit.gpgSign", "true"]);
}

/// Returns what `commit --replace` says of a second change, and the branch before and after.
fn replaced_while(command: &str) -> (Ran, String, String) {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit"]).ok("committed");
    while_signing(&clone, command);
    let tip = |clone: &Clone<'_>| {
        let mut git = sandbox.command("git", &clone.path);
        let output = git.args(["rev-parse", "--verify", "-q", BRANCH]).output();
        String::from_utf8(output.expect("git runs").stdout).expect("UTF-8")
    };
    let before = tip(&clone);
    let ran = clone.rally(&["commit", "--replace", "--trial"]);
    (ran, before, tip(&clone))
}

#[test]
fn a_branch_checked_out_while_signing_is_not_moved() {
    let (ran, before, after) = replaced_while(&format!("git switch -q {BRANCH}"));
    says(
        &ran.refused("branch-exists"),
        &["checked out", "switch --detach"],
    );
    assert_eq!(before, after);
    // The same without the switch moves it.
    let (ran, before, after) = replaced_while("true");
    ran.ok("committed");
    assert_ne!(before, after);
}

#[test]
fn a_new_branch_checked_out_while_signing_is_not_made() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    while_signing(
        &clone,
        &format!("git symbolic-ref HEAD refs/heads/{BRANCH}"),
    );
    says(
        &clone.rally(&["commit"]).refused("branch-exists"),
        &["checked out"],
    );
    let branches = clone.git(&["for-each-ref", "--format=%(refname)", "refs/heads"]);
    assert_eq!(branches, "refs/heads/master");
}

#[test]
fn a_branch_deleted_or_moved_while_signing() {
    for command in [
        format!("git branch -D {BRANCH}"),
        format!("git branch -f {BRANCH} master"),
    ] {
        let (ran, _, _) = replaced_while(&command);
        let said = ran.refused("branch-exists");
        says(
            &said,
            &[
                "another process created, moved or deleted it",
                "run the command again",
            ],
        );
    }
}

/// Runs git-rally without the power of root to read and write everything.
fn as_mortal(clone: &Clone<'_>, args: &[&str]) -> Ran {
    let mut command = mortal(clone, env!("CARGO_BIN_EXE_git-rally"));
    command.args(args).args(["--format", "json"]);
    let output = command.output().expect("git-rally runs");
    Ran {
        code: output.status.code().expect("a code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn mortal(clone: &Clone<'_>, program: &str) -> Command {
    let probe = clone.sandbox.path("probe");
    write(&probe, "x");
    fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)).expect("mode");
    if fs::read(&probe).is_err() {
        return clone.sandbox.command(program, &clone.path);
    }
    let mut command = clone.sandbox.command("setpriv", &clone.path);
    command.args(["--bounding-set=-dac_override,-dac_read_search", program]);
    command
}

fn with_mode<T>(path: &Path, mode: u32, work: impl FnOnce() -> T) -> T {
    let old = path.metadata().expect("there").permissions();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("mode");
    let done = work();
    fs::set_permissions(path, old).expect("mode");
    done
}

/// What must not be written says so, with the path and whom to ask; not `git fsck`.
#[test]
fn a_folder_that_must_not_be_written() {
    for folder in ["objects", "refs/heads"] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        let dir = clone.path.join(".git").join(folder);
        let said = with_mode(&dir, 0o555, || as_mortal(&clone, &["commit"]).failed());
        let path = dir.display().to_string();
        says(&said, &["Permission denied", &path, "ls -ld "]);
        assert!(!said.contains("fsck"), "{said}");
        as_mortal(&clone, &["commit"]).ok("committed");
    }
}

/// Runs git-rally behind shell commands in a name space of mounts of its own.
fn with_mounts(clone: &Clone<'_>, mounts: &str) -> Ran {
    let rally = env!("CARGO_BIN_EXE_git-rally");
    let script = format!("set -e\n{mounts}\nexec '{rally}' commit --format json");
    let mut command = clone.sandbox.command("unshare", &clone.path);
    command.args(["--mount", "--user", "--map-root-user", "sh", "-c", &script]);
    let output = command.output().expect("unshare runs");
    let ran = Ran {
        code: output.status.code().expect("a code"),
        out: String::from_utf8(output.stdout).expect("UTF-8"),
        err: String::from_utf8(output.stderr).expect("UTF-8"),
    };
    assert!(!ran.out.is_empty(), "{ran:?}");
    ran
}

#[test]
fn a_full_disk_and_one_that_is_read_only() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let full = "mkdir .git/disk; mount -t tmpfs -o size=4m none .git/disk
        cp -a .git/objects/. .git/disk; cat /dev/zero > .git/disk/fill 2> /dev/null || true
        mount --bind .git/disk .git/objects; cd .";
    let said = with_mounts(&clone, full).failed();
    says(
        &said,
        &[
            "No space left on device",
            ".git/objects/",
            "free space",
            "df -h ",
        ],
    );
    let read_only = "mount --bind .git .git; mount -o remount,ro,bind .git; cd \"$PWD\"";
    let said = with_mounts(&clone, read_only).failed();
    says(
        &said,
        &["Read-only file system", ".git/objects/", "findmnt -T "],
    );
    let heads = "mount --bind .git/refs .git/refs; mount -o remount,ro,bind .git/refs";
    let said = with_mounts(&clone, heads).failed();
    says(
        &said,
        &["Read-only file system", ".git/refs/heads", "findmnt -T "],
    );
    assert!(clone.git(&["branch", "--list", BRANCH]).is_empty());
}

/// Git dies where it must not read the repository's configuration, and passes over the user's own.
#[test]
fn a_configuration_that_must_not_be_read() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    let (local, own) = (
        clone.path.join(".git/config"),
        sandbox.path("home/gitconfig"),
    );
    for verb in ["commit", "diff", "detect"] {
        let said = with_mode(&local, 0o000, || as_mortal(&clone, &[verb]).failed());
        says(&said, &[".git/config", "Permission denied", "ls -ld "]);
    }
    let said = with_mode(&own, 0o000, || {
        as_mortal(&clone, &["commit"]).refused("identity")
    });
    says(
        &said,
        &[
            "user.name",
            "home/gitconfig",
            "cannot read the file",
            "ls -ld ",
        ],
    );
    with_mode(&own, 0o000, || {
        as_mortal(&clone, &["diff"]).ok("patch");
        let mut git = mortal(&clone, "git");
        git.args(["rev-parse", "HEAD"]);
        assert!(git.output().expect("git runs").status.success());
    });
    // What is included, and a folder in the place of a file: git dies at both.
    let included = sandbox.path("home/included");
    write(&included, "[user]\n\tname = Other\n");
    let path = included.display().to_string();
    clone.git(&["config", "include.path", &path]);
    let said = with_mode(&included, 0o000, || as_mortal(&clone, &["commit"]).failed());
    says(&said, &[&path, "Permission denied"]);
    fs::remove_file(&included).expect("remove");
    fs::create_dir(&included).expect("folder");
    says(
        &as_mortal(&clone, &["commit"]).failed(),
        &[&path, "directory"],
    );
}

/// The reflog names the committer with his date, as `git update-ref` writes it.
#[test]
fn the_reflog_is_as_git_writes_it() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    sandbox.set("GIT_COMMITTER_NAME", "C O Mitter");
    sandbox.set("GIT_COMMITTER_EMAIL", "committer@example.org");
    sandbox.set("GIT_COMMITTER_DATE", "1750000001 -0330");
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    clone.rally(&["commit"]).ok("committed");
    clone
        .rally(&["commit", "--replace", "--trial"])
        .ok("committed");
    clone.git(&["branch", "by-git", &format!("{BRANCH}@{{1}}")]);
    clone.git(&[
        "update-ref",
        "-m",
        "git-rally: replace",
        "refs/heads/by-git",
        BRANCH,
    ]);
    let log = |branch: &str| {
        let file = clone.path.join(".git/logs/refs/heads").join(branch);
        fs::read_to_string(file).expect("log")
    };
    let (ours, gits) = (log(BRANCH), log("by-git"));
    assert_eq!(ours.lines().nth(1), gits.lines().nth(1));
    let fields = |line: &str| line.split_once('\t').expect("a tab").0.to_owned();
    let first = |text: &str| fields(text.lines().next().expect("a line"));
    assert_eq!(first(&ours), first(&gits));
    assert_eq!(ours.lines().count(), 2);
    clone.git(&["fsck", "--strict"]);
}

/// Git locks a log with this file. While somebody has it, the entry stays as it is, and so does the
/// lock; else nothing is left beside the log.
#[test]
fn a_log_that_git_has_locked_is_left_alone() {
    let mut sandbox = Sandbox::new();
    drop(sandbox.clone_of("nova"));
    sandbox.set("GIT_COMMITTER_NAME", "C O Mitter");
    let clone = Clone {
        sandbox: &sandbox,
        path: sandbox.path("nova"),
    };
    let logs = clone.path.join(".git/logs/refs/heads");
    let lock = logs.join(format!("{BRANCH}.lock"));
    fs::write(&lock, "git's").expect("a lock");
    clone.rally(&["commit"]).ok("committed");
    assert_eq!(fs::read_to_string(&lock).expect("the lock"), "git's");
    let log = || fs::read_to_string(logs.join(BRANCH)).expect("log");
    assert!(!log().contains("C O Mitter"), "{}", log());
    fs::remove_file(&lock).expect("no lock");
    clone
        .rally(&["commit", "--replace", "--trial"])
        .ok("committed");
    assert_eq!(log().matches("C O Mitter").count(), 1, "{}", log());
    assert!(!lock.exists());
}

#[test]
fn a_symbolic_reference_is_no_branch() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.rally(&["commit", "--branch", "real"]).ok("committed");
    let name = format!("refs/heads/{BRANCH}");
    for target in ["refs/heads/real", "refs/heads/nowhere"] {
        clone.git(&["symbolic-ref", &name, target]);
        for verb in ["commit", "diff"] {
            let said = clone.untouched(&[verb, "--replace", "--trial"]);
            says(
                &said.refused("branch-exists"),
                &[
                    "symbolic reference",
                    target,
                    &format!("--branch {}", &target[11..]),
                ],
            );
        }
    }
    // The hint helps.
    clone.rally(&["commit", "--branch", "real"]).ok("unchanged");
}

/// With `core.sharedRepository` the group may write what we write, whatever the umask.
#[test]
fn a_shared_repository_stays_shared() {
    for value in ["group", "all", "0640", "false"] {
        let sandbox = Sandbox::new();
        let clone = sandbox.clone_of("nova");
        // No folder of loose objects is there from before.
        clone.git(&["repack", "-q", "-a", "-d"]);
        clone.git(&["config", "core.sharedRepository", value]);
        let masked = |words: &str| {
            let mut sh = sandbox.command("sh", &clone.path);
            sh.args(["-c", &format!("umask 077; exec {words}")]);
            assert!(sh.output().expect("sh").status.success(), "{words}");
        };
        let rally = env!("CARGO_BIN_EXE_git-rally");
        masked(&format!("'{rally}' commit --branch team/ours"));
        masked(
            "sh -c 'git update-ref --create-reflog refs/heads/crew/gits $(git commit-tree -m x HEAD^{tree})'",
        );
        let modes = |branch: &str| {
            let commit = clone.git(&["rev-parse", branch]);
            let (folder, file) = commit.split_at(2);
            let dir = branch.split('/').next().expect("a folder");
            let paths = [
                format!("objects/{folder}/{file}"),
                format!("objects/{folder}"),
                format!("refs/heads/{branch}"),
                format!("refs/heads/{dir}"),
                format!("logs/refs/heads/{branch}"),
                format!("logs/refs/heads/{dir}"),
            ];
            paths.map(|path| {
                let data = clone.path.join(".git").join(&path).metadata().expect(&path);
                format!("{:o}", data.permissions().mode())
            })
        };
        assert_eq!(modes("team/ours"), modes("crew/gits"), "{value}");
    }
}

/// git makes a branch `@`, and then takes the name for HEAD.
#[test]
fn the_name_that_means_head() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    for name in ["@", "refs/heads/@"] {
        says(
            clone.rally_text(&["commit", "--branch", name]).usage(),
            &["HEAD"],
        );
    }
    clone.rally(&["commit", "--branch", "a/@"]).ok("committed");
}

/// Where a tag has the branch's name, what is printed names the branch in full.
#[test]
fn a_tag_with_the_name_of_the_branch() {
    let sandbox = Sandbox::new();
    let clone = sandbox.clone_of("nova");
    clone.git(&["tag", BRANCH, "master"]);
    let event = clone.rally(&["commit"]).ok("committed");
    let push = event["push"].as_str().expect("push");
    says(push, &[&format!(" refs/heads/{BRANCH}:refs/for/master")]);
    let show = event["next"][0].as_str().expect("next");
    let mut sh = sandbox.command("sh", &clone.path);
    let output = sh.args(["-c", show]).output().expect("sh");
    let shown = String::from_utf8(output.stdout).expect("UTF-8");
    says(&shown, &[event["commit"].as_str().expect("commit")]);
    assert!(output.stderr.is_empty(), "{:?}", output.stderr);
}
