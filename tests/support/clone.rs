//! A repository of a sandbox.

use std::path::PathBuf;

use super::files::{Tree, tree, write_bytes, write_program};
use super::{Ran, Sandbox};

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
        self.sandbox.rally_json(&self.path, args)
    }

    /// Runs git-rally with JSON results; not one file of the sandbox may change.
    pub fn untouched(&self, args: &[&str]) -> Ran {
        self.sandbox.untouched(&self.path, args)
    }

    pub fn rally_text(&self, args: &[&str]) -> Ran {
        self.sandbox.rally(&self.path, args)
    }

    pub fn write(&self, file: &str, bytes: impl AsRef<[u8]>) {
        write_bytes(&self.path.join(file), bytes.as_ref());
    }

    /// Makes a symbolic link in the work tree, in place of what is there.
    pub fn link(&self, file: &str, target: &str) {
        let path = self.path.join(file);
        write_bytes(&path, b"");
        std::fs::remove_file(&path).expect("the old file");
        std::os::unix::fs::symlink(target, path).expect("symlink");
    }

    pub fn hook(&self, name: &str, text: &str) {
        write_program(&self.path.join(".git/hooks").join(name), text);
    }

    /// Commits all that is in the work tree, here and as `origin/master`.
    pub fn commit_upstream(&self, message: &str) {
        self.git(&["add", "-A", "-f"]);
        self.git(&["commit", "-q", "-m", message]);
        self.git(&["push", "-q", "origin", "HEAD:refs/heads/upstream"]);
        self.git(&["update-ref", "refs/remotes/origin/master", "HEAD"]);
    }

    /// Returns everything that must not move: every file outside the object store, by its bytes.
    pub fn everything(&self) -> Tree {
        let mut found = tree(&self.path);
        found.retain(|path, _| {
            !path.starts_with(".git/objects/") || path.starts_with(".git/objects/info")
        });
        found
    }

    /// Returns every file of the object store.
    pub fn objects(&self) -> Vec<String> {
        tree(&self.path.join(".git/objects")).into_keys().collect()
    }
}
