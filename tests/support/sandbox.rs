//! A folder with a home of its own, and programs that see nothing else.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use tempfile::TempDir;

use super::files::{Tree, copy, fixture_dir, moved, tree, write};
use super::{Clone, Command, Ran};

/// 2026-01-31 12:00:00 UTC.
pub const DATE: &str = "1769860800 +0000";

/// Who the user is.
pub const JANE: &str = "Jane Doe <jane@example.org>";

const CONFIG: &str = "\
[user]
\tname = Jane Doe
\temail = jane@example.org
[init]
\tdefaultBranch = master
[advice]
\tdetachedHead = false
[protocol \"file\"]
\tallow = always
";

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
        let config = home.join("gitconfig");
        write(&config, CONFIG);
        let env = [
            ("HOME", home.display().to_string()),
            ("PATH", std::env::var("PATH").expect("PATH")),
            ("GIT_CONFIG_NOSYSTEM", "1".into()),
            ("GIT_CONFIG_GLOBAL", config.display().to_string()),
            // No sample hooks: less to copy and to compare.
            ("GIT_TEMPLATE_DIR", String::new()),
            ("GIT_AUTHOR_DATE", DATE.into()),
            ("GIT_COMMITTER_DATE", DATE.into()),
            ("TZ", "UTC".into()),
            ("LC_ALL", "C.UTF-8".into()),
        ];
        let env = env.map(|(key, value)| (key.to_owned(), value)).into();
        Sandbox { dir, env }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn set(&mut self, key: &str, value: &str) {
        self.env.insert(key.to_owned(), value.to_owned());
    }

    /// Replaces the user's configuration.
    pub fn configure(&self, text: &str) {
        fs::write(self.path("home/gitconfig"), text).expect("gitconfig");
    }

    /// Lets programs find `git rally`.
    pub fn install(&mut self) {
        let bin = Path::new(env!("CARGO_BIN_EXE_git-rally"));
        let bin = bin.parent().expect("a folder").display().to_string();
        let path = format!("{bin}:{}", self.env["PATH"]);
        self.set("PATH", &path);
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
        self.at(fixture)
    }

    /// Makes a repository of the files, with one commit and no remote.
    pub fn repository(&self, name: &str, files: &[(&str, &str)]) -> Clone<'_> {
        let path = self.path(name);
        fs::create_dir_all(&path).expect("folder");
        for (file, text) in files {
            write(&path.join(file), text);
        }
        self.first_commit(&path);
        self.at(name)
    }

    /// Returns the repository of that name, which is there already.
    pub fn at(&self, name: &str) -> Clone<'_> {
        Clone {
            sandbox: self,
            path: self.path(name),
        }
    }

    fn first_commit(&self, path: &Path) {
        self.git(path, &["init", "-q"]);
        self.git(path, &["add", "-A", "-f"]);
        self.git(path, &["commit", "-q", "--allow-empty", "-m", "Sample"]);
    }

    /// Returns a command that sees the sandbox's variables and no others.
    pub fn command(&self, program: impl AsRef<OsStr>, dir: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(dir).only_env(&self.env);
        command
    }

    /// Runs git and returns what it prints, without the end of the last line; it must succeed.
    pub fn git(&self, dir: &Path, args: &[&str]) -> String {
        self.git_text(dir, args).trim_end().to_owned()
    }

    /// Runs git and returns what it prints, byte for byte; it must succeed.
    pub fn git_text(&self, dir: &Path, args: &[&str]) -> String {
        String::from_utf8(self.git_bytes(dir, args, b"")).expect("UTF-8")
    }

    /// Runs git with an input, and returns the bytes that it prints; it must succeed.
    pub fn git_bytes(&self, dir: &Path, args: &[&str], input: &[u8]) -> Vec<u8> {
        let output = self.try_git(dir, args, input);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {args:?}: {error}");
        output.stdout
    }

    /// Runs git with an input, whatever comes of it.
    pub fn try_git(&self, dir: &Path, args: &[&str], input: &[u8]) -> Output {
        let mut git = self.command("git", dir);
        git.args(args).output_of(input).expect("git runs")
    }

    /// Runs git as if it were `date`.
    pub fn git_at(&self, dir: &Path, date: &str, args: &[&str]) {
        let mut git = self.command("git", dir);
        git.env("GIT_AUTHOR_DATE", date)
            .env("GIT_COMMITTER_DATE", date);
        let output = git.args(args).output().expect("git runs");
        assert!(output.status.success(), "git {args:?}: {output:?}");
    }

    /// Types a line into a shell.
    pub fn shell(&self, dir: &Path, line: &str) -> Output {
        let mut shell = self.command("sh", dir);
        shell.args(["-c", line]).output().expect("sh runs")
    }

    /// Returns every file of the sandbox, the object stores included.
    pub fn files(&self) -> Tree {
        tree(self.dir.path())
    }

    /// Runs git-rally with JSON results; not one file of the sandbox may change.
    pub fn untouched(&self, dir: &Path, args: &[&str]) -> Ran {
        let before = self.files();
        let ran = self.rally_json(dir, args);
        let after = self.files();
        let moved = moved(&before, &after);
        assert!(moved.is_empty(), "{args:?} moved {moved:?}: {ran:?}");
        ran
    }

    /// Runs git-rally with JSON results.
    pub fn rally_json(&self, dir: &Path, args: &[&str]) -> Ran {
        self.rally(dir, &[args, &["--format", "json"]].concat())
    }

    /// Runs git-rally.
    pub fn rally(&self, dir: &Path, args: &[&str]) -> Ran {
        let mut rally = self.command(env!("CARGO_BIN_EXE_git-rally"), dir);
        Ran::of(rally.args(args).output().expect("git-rally runs"))
    }
}
