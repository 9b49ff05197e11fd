//! A bare repository that answers a push to `refs/for/` as Gerrit does: see `tests/gerrit`.
#![allow(dead_code, reason = "every test file uses another part")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use crate::realgit::{git, run};

/// The stand-in for Gerrit; it goes away with the test.
pub(crate) struct Gerrit {
    dir: tempfile::TempDir,
}

impl Gerrit {
    /// Makes one that has the branch `branch` of the repository `from`.
    pub(crate) fn with(from: &Path, branch: &str) -> Gerrit {
        let gerrit = Gerrit {
            dir: tempfile::tempdir().expect("a temporary folder"),
        };
        fs::create_dir_all(gerrit.path()).expect("a folder");
        gerrit.git(&["init", "-q", "--bare", "-b", "master", "."]);
        gerrit.git(&["config", "receive.procReceiveRefs", "refs/for"]);
        // As on Gerrit, a clone does not get the changes.
        gerrit.git(&["config", "transfer.hideRefs", "refs/changes"]);
        let refspec = format!("{branch}:{branch}");
        gerrit.git(&["fetch", "-q", &from.display().to_string(), &refspec]);
        let hook = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/gerrit/proc-receive");
        symlink(hook, gerrit.path().join("hooks/proc-receive")).expect("the hook");
        gerrit
    }

    /// The repository, below a folder, so that a URL has a host and a path.
    pub(crate) fn path(&self) -> PathBuf {
        self.dir.path().join("openstack/service.git")
    }

    /// The folder that stands for the host.
    pub(crate) fn root(&self) -> &Path {
        self.dir.path()
    }

    /// Runs git in it, and returns what it prints.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = run(git(&self.path()).args(args), b"");
        assert!(output.status.success(), "git {args:?}: {output:?}");
        String::from_utf8(output.stdout).expect("UTF-8 from git")
    }

    /// What was pushed to it: target, options, commit.
    pub(crate) fn pushes(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path().join("pushes")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// The patch sets that it took: `NN/NUMBER/PATCHSET commit`, in order.
    pub(crate) fn patch_sets(&self) -> Vec<String> {
        let format = "--format=%(refname:lstrip=2) %(objectname)";
        let text = self.git(&[
            "for-each-ref",
            "--sort=version:refname",
            format,
            "refs/changes",
        ]);
        text.lines().map(str::to_owned).collect()
    }
}
