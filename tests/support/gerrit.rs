//! A bare repository that answers a push to `refs/for/` as Gerrit does: see `proc-receive`.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::Sandbox;
use super::files::manifest;

/// The stand-in for Gerrit; it goes away with the test.
pub struct Gerrit {
    sandbox: Sandbox,
}

impl Gerrit {
    /// Makes one that has the branch `branch` of the repository `from`.
    pub fn with(from: &Path, branch: &str) -> Gerrit {
        let gerrit = Gerrit {
            sandbox: Sandbox::new(),
        };
        fs::create_dir_all(gerrit.path()).expect("a folder");
        gerrit.git(&["init", "-q", "--bare"]);
        gerrit.git(&["config", "receive.procReceiveRefs", "refs/for"]);
        // As on Gerrit, a clone does not get the changes.
        gerrit.git(&["config", "transfer.hideRefs", "refs/changes"]);
        let refspec = format!("{branch}:{branch}");
        gerrit.git(&["fetch", "-q", &from.display().to_string(), &refspec]);
        let hooks = gerrit.path().join("hooks");
        fs::create_dir_all(&hooks).expect("a folder");
        let hook = manifest("tests/support/proc-receive");
        symlink(hook, hooks.join("proc-receive")).expect("the hook");
        gerrit
    }

    /// Returns the repository, below a folder, so that a URL has a host and a path.
    pub fn path(&self) -> PathBuf {
        self.sandbox.path("openstack/service.git")
    }

    /// Runs git in it, and returns what it prints.
    pub fn git(&self, args: &[&str]) -> String {
        self.sandbox.git(&self.path(), args)
    }

    /// Returns what was pushed to it: target, options, commit.
    pub fn pushes(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path().join("pushes")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Returns the patch sets that it took: `NN/NUMBER/PATCHSET commit`, in order.
    pub fn patch_sets(&self) -> Vec<String> {
        let format = "--format=%(refname:lstrip=2) %(objectname)";
        let args = ["for-each-ref", "--sort=version:refname", format];
        let text = self.git(&[&args[..], &["refs/changes"]].concat());
        text.lines().map(str::to_owned).collect()
    }
}
