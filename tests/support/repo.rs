//! A sandbox that is one repository, for tests that want git and no git-rally.

use std::path::{Path, PathBuf};
use std::process::Output;

use super::Sandbox;
use super::files::write_bytes;

/// A repository that goes away with the test.
pub struct Repo {
    pub sandbox: Sandbox,
    path: PathBuf,
}

impl Repo {
    /// Makes an empty repository with the branch `master`.
    pub fn new() -> Repo {
        let sandbox = Sandbox::new();
        let path = sandbox.path("repo");
        sandbox.git(sandbox.dir.path(), &["init", "-q", "repo"]);
        Repo { sandbox, path }
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs git, which must succeed, and returns what it prints, without the end of the last line.
    pub fn git(&self, args: &[&str]) -> String {
        self.sandbox.git(&self.path, args)
    }

    /// Runs git, which must succeed, with an input, and returns the bytes that it prints.
    pub fn git_bytes(&self, args: &[&str], input: &[u8]) -> Vec<u8> {
        self.sandbox.git_bytes(&self.path, args, input)
    }

    /// Runs git, which must succeed, with an input, and returns the text that it prints, byte for byte.
    pub fn git_text(&self, args: &[&str], input: &[u8]) -> String {
        String::from_utf8(self.git_bytes(args, input)).expect("UTF-8")
    }

    /// Runs git, whatever comes of it.
    pub fn try_git(&self, args: &[&str], input: &[u8]) -> Output {
        self.sandbox.try_git(&self.path, args, input)
    }

    pub fn write(&self, path: &str, bytes: &[u8]) -> PathBuf {
        let full = self.path.join(path);
        write_bytes(&full, bytes);
        full
    }
}
