//! Repositories made by the real git in a folder that is thrown away, and git-rally run in them.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "each test binary uses its own part"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// 2026-01-31 12:00:00 UTC.
pub const DATE: &str = "1769860800 +0000";

/// A folder with a home of its own, in which nothing of the machine's configuration holds.
pub struct Sandbox {
    pub dir: TempDir,
    /// Variables for every command.
    pub env: BTreeMap<String, String>,
}

impl Sandbox {
    pub fn new() -> Sandbox {
        let dir = TempDir::new().expect("a temporary folder");
        let home = dir.path().join("home");
        fs::create_dir(&home).expect("home");
        let mut env = BTreeMap::new();
        for (key, value) in [
            ("HOME", home.display().to_string()),
            ("PATH", std::env::var("PATH").expect("PATH")),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            (
                "GIT_CONFIG_GLOBAL",
                home.join("gitconfig").display().to_string(),
            ),
            // No sample hooks: less to copy and to compare.
            ("GIT_TEMPLATE_DIR", String::new()),
            ("GIT_AUTHOR_DATE", DATE.into()),
            ("GIT_COMMITTER_DATE", DATE.into()),
            ("TZ", "UTC".into()),
            ("LC_ALL", "C.UTF-8".into()),
        ] {
            env.insert(key.to_owned(), value);
        }
        let config = "[user]\n\tname = Jane Doe\n\temail = jane@example.org\n[init]\n\tdefaultBranch = master\n[advice]\n\tdetachedHead = false\n[protocol \"file\"]\n\tallow = always\n";
        fs::write(home.join("gitconfig"), config).expect("gitconfig");
        Sandbox { dir, env }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.env.insert(key.to_owned(), value.to_owned());
    }

    /// Makes `upstream-NAME`, a repository whose one commit is `fixtures/NAME/in`, and returns a
    /// clone of it, called `NAME`.
    pub fn clone_of(&self, fixture: &str) -> Clone<'_> {
        let upstream = self.path(&format!("upstream-{fixture}"));
        copy(&fixture_dir(fixture).join("in"), &upstream);
        self.first_commit(&upstream);
        self.git(
            self.dir.path(),
            &["clone", "-q", &upstream.display().to_string(), fixture],
        );
        Clone {
            sandbox: self,
            path: self.path(fixture),
        }
    }

    /// Makes a repository of the files, with one commit and no remote.
    pub fn repository(&self, name: &str, files: &[(&str, &str)]) -> Clone<'_> {
        let path = self.path(name);
        fs::create_dir_all(&path).expect("folder");
        for (file, text) in files {
            write(&path.join(file), text);
        }
        self.first_commit(&path);
        Clone {
            sandbox: self,
            path,
        }
    }

    fn first_commit(&self, path: &Path) {
        self.git(path, &["init", "-q"]);
        self.git(path, &["add", "-A", "-f"]);
        self.git(path, &["commit", "-q", "--allow-empty", "-m", "Sample"]);
    }

    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).env_clear().envs(&self.env);
        command
    }

    /// Runs git and returns what it prints, without the end of the last line; it must succeed.
    pub fn git(&self, dir: &Path, args: &[&str]) -> String {
        self.git_bytes(dir, args).trim_end().to_owned()
    }

    /// Runs git as if it were `date`.
    pub fn git_at(&self, dir: &Path, date: &str, args: &[&str]) {
        let mut command = self.command("git", dir);
        command
            .env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_DATE", date);
        assert!(
            command.args(args).status().expect("git runs").success(),
            "git {args:?}"
        );
    }

    /// Runs git and returns what it prints, byte for byte; it must succeed.
    pub fn git_bytes(&self, dir: &Path, args: &[&str]) -> String {
        let output = self
            .command("git", dir)
            .args(args)
            .output()
            .expect("git runs");
        assert!(
            output.status.success(),
            "git {args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Returns every file of the sandbox, the object stores included.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        files_below(self.dir.path(), self.dir.path(), &mut found);
        found
    }

    /// Runs git-rally with JSON results; not one file of the sandbox may change.
    pub fn untouched(&self, dir: &Path, args: &[&str]) -> Ran {
        let before = self.files();
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let ran = self.rally(dir, &args);
        let after = self.files();
        let moved: Vec<&String> = (before.keys().chain(after.keys()))
            .filter(|path| before.get(*path) != after.get(*path))
            .collect();
        assert!(moved.is_empty(), "{args:?} moved {moved:?}: {ran:?}");
        ran
    }

    pub fn rally(&self, dir: &Path, args: &[&str]) -> Ran {
        let output = self
            .command(env!("CARGO_BIN_EXE_git-rally"), dir)
            .args(args)
            .output();
        Ran::of(output.expect("git-rally runs"))
    }
}

/// A repository of a sandbox.
pub struct Clone<'s> {
    pub sandbox: &'s Sandbox,
    pub path: PathBuf,
}

impl Clone<'_> {
    pub fn git(&self, args: &[&str]) -> String {
        self.sandbox.git(&self.path, args)
    }

    /// Runs git-rally with JSON results.
    pub fn rally(&self, args: &[&str]) -> Ran {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        self.sandbox.rally(&self.path, &args)
    }

    /// Runs git-rally with JSON results; not one file of the sandbox may change.
    pub fn untouched(&self, args: &[&str]) -> Ran {
        self.sandbox.untouched(&self.path, args)
    }

    pub fn rally_text(&self, args: &[&str]) -> Ran {
        self.sandbox.rally(&self.path, args)
    }

    pub fn write(&self, file: &str, text: &str) {
        write(&self.path.join(file), text);
    }

    /// Commits all that is in the work tree, here and as `origin/master`.
    pub fn commit_upstream(&self, message: &str) {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["push", "-q", "origin", "HEAD:refs/heads/upstream"]);
        self.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    }

    /// Returns everything that must not move: every file outside the object store, by its bytes.
    pub fn everything(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        files_below(&self.path, &self.path, &mut found);
        found.retain(|path, _| {
            !path.starts_with(".git/objects/") || path.starts_with(".git/objects/info")
        });
        found
    }

    /// Returns every file of the object store.
    pub fn objects(&self) -> Vec<String> {
        let mut found = BTreeMap::new();
        files_below(&self.path, &self.path.join(".git/objects"), &mut found);
        found.into_keys().collect()
    }
}

/// What a run of git-rally gave.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code().expect("an exit code"),
            out: String::from_utf8(output.stdout).expect("UTF-8"),
            err: String::from_utf8(output.stderr).expect("UTF-8"),
        }
    }

    /// Returns the one event.
    pub fn event(&self) -> serde_json::Value {
        assert_eq!(self.out.lines().count(), 1, "{self:?}");
        serde_json::from_str(&self.out).expect("JSON")
    }

    /// Returns what a usage error says: nothing on stdout, exit code 2.
    pub fn usage(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (2, ""), "{self:?}");
        &self.err
    }

    /// Returns the event of a success of the given type.
    pub fn ok(&self, kind: &str) -> serde_json::Value {
        assert_eq!(self.code, 0, "{self:?}");
        let event = self.event();
        assert_eq!(event["type"], kind, "{self:?}");
        event
    }

    /// Returns the reason and hint of a refusal of the given kind.
    pub fn refused(&self, kind: &str) -> String {
        let event = self.event();
        assert_eq!(
            (self.code, event["type"].as_str(), event["kind"].as_str()),
            (3, Some("refused"), Some(kind)),
            "{self:?}"
        );
        format!(
            "{} / {}",
            event["reason"].as_str().expect("reason"),
            event["hint"].as_str().expect("hint")
        )
    }

    /// Returns the reason and hint of a failure.
    pub fn failed(&self) -> String {
        let event = self.event();
        assert_eq!(
            (self.code, event["type"].as_str()),
            (1, Some("failed")),
            "{self:?}"
        );
        format!(
            "{} / {}",
            event["reason"].as_str().expect("reason"),
            event["hint"].as_str().expect("hint")
        )
    }
}

/// Fails unless every one of `wanted` is in the text.
pub fn says(text: &str, wanted: &[&str]) {
    for words in wanted {
        assert!(text.contains(words), "`{words}` is not in: {text}");
    }
}

pub fn fixture_dir(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(name)
}

/// Returns the names of all fixtures that are services of the catalogue.
pub fn fixtures() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(fixture_dir(""))
        .expect("fixtures")
        .map(|entry| {
            entry
                .expect("entry")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    names
}

/// Returns the files below `dir` by their paths in it.
pub fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    files_below(dir, dir, &mut found);
    found
}

pub fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a parent")).expect("folder");
    fs::write(path, text).expect("file");
}

pub fn copy(from: &Path, to: &Path) {
    let mut found = BTreeMap::new();
    files_below(from, from, &mut found);
    for (path, bytes) in found {
        let file = to.join(path);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folder");
        fs::write(file, bytes).expect("file");
    }
}

fn files_below(root: &Path, dir: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(dir).expect("a folder") {
        let path = entry.expect("entry").path();
        let name = path
            .strip_prefix(root)
            .expect("below")
            .display()
            .to_string();
        if path.is_symlink() {
            found.insert(
                name,
                fs::read_link(&path)
                    .expect("link")
                    .display()
                    .to_string()
                    .into_bytes(),
            );
        } else if path.is_dir() {
            files_below(root, &path, found);
        } else {
            found.insert(name, fs::read(&path).expect("file"));
        }
    }
}
