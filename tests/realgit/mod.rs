//! Runs the real git in folders of its own, away from the user's settings.
#![allow(dead_code, reason = "every test file uses another part")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A repository that goes away with the test.
pub(crate) struct Repo {
    dir: tempfile::TempDir,
}

impl Repo {
    /// Makes an empty repository with the branch `master`.
    pub(crate) fn new() -> Repo {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let repo = Repo { dir };
        repo.git(&["init", "-q", "-b", "master", "."]);
        repo
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Runs git, which must succeed, and returns what it prints.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        String::from_utf8(self.git_bytes(args, b"")).expect("UTF-8 from git")
    }

    /// Runs git with an input, and returns the bytes that it prints.
    pub(crate) fn git_bytes(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.try_git(args, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {error}");
        output.stdout
    }

    /// Runs git, whatever comes of it.
    pub(crate) fn try_git(&self, args: &[&str], input: &[u8]) -> Output {
        run(git(self.path()).args(args), input)
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let full = self.path().join(path);
        fs::create_dir_all(full.parent().expect("a parent")).expect("a folder");
        fs::write(&full, bytes).expect("a file");
        full
    }
}

/// Returns a git command with a fixed identity and none of the user's configuration.
pub(crate) fn git(dir: &Path) -> Command {
    let mut command = Command::new("git");
    clean(&mut command).current_dir(dir);
    command
}

/// Takes the user's settings away from a command and gives it a fixed identity.
pub(crate) fn clean(command: &mut Command) -> &mut Command {
    let path = std::env::var_os("PATH").unwrap_or_default();
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", "/nonexistent")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("LC_ALL", "C.UTF-8")
        .env("GIT_AUTHOR_NAME", "A U Thor")
        .env("GIT_AUTHOR_EMAIL", "author@example.org")
        .env("GIT_AUTHOR_DATE", "1750000000 +0200")
        .env("GIT_COMMITTER_NAME", "C O Mitter")
        .env("GIT_COMMITTER_EMAIL", "committer@example.org")
        .env("GIT_COMMITTER_DATE", "1750000001 -0330")
}

/// Runs a command to its end with an input.
pub(crate) fn run(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command to start");
    let mut stdin = child.stdin.take().expect("its input");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input closes it.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the command to end");
    writer.join().expect("the writer");
    output
}
