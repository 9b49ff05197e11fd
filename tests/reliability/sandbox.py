"""A folder with clones that may be broken, and what may not happen to them."""

import os
import pathlib
import shutil
import stat
import subprocess
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
BRANCH = "rally-change"

# What git's own plumbing needs for the same: a blob, trees, a commit, and a
# branch that must not be there, and nothing of the index and the work tree.
PLUMBING = """
set -e
base=$(git rev-parse --verify -q origin/master || git rev-parse HEAD)
GIT_INDEX_FILE=$(mktemp -u "$SCRATCH/index.XXXXXX"); export GIT_INDEX_FILE
git read-tree $base
blob=$(echo "a file" | git hash-object -w --stdin)
git update-index --add --cacheinfo 100644,$blob,rally-jobs/README.rst
commit=$(git commit-tree -p $base -m "A change" $(git write-tree))
git update-ref refs/heads/$1 $commit 0000000000000000000000000000000000000000
"""


class Sandbox:
    """A temporary folder: `clone`, `remote.git`, a home, and a scratch folder."""

    def __init__(self, program, under=None):
        self.program = program
        self.top = pathlib.Path(tempfile.mkdtemp(prefix="rally-", dir=under))
        self.clone = self.top / "clone"
        self.where = self.clone
        self.scratch = self.top / "scratch"
        self.scratch.mkdir()
        (self.top / "home").mkdir()
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.top / "home"),
            "LC_ALL": "C.UTF-8",
            "SCRATCH": str(self.scratch),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.top / "home/gitconfig"),
            "GIT_AUTHOR_NAME": "Jane Doe",
            "GIT_AUTHOR_EMAIL": "jane@example.org",
            "GIT_COMMITTER_NAME": "Jane Doe",
            "GIT_COMMITTER_EMAIL": "jane@example.org",
            "GIT_ALLOW_PROTOCOL": "file",
        }
        (self.top / "home/gitconfig").write_text("[protocol \"file\"]\n\tallow = always\n")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)

    def seed(self, service="cinder"):
        """Make remote and clone of a service's fixture, with two commits."""
        remote = self.top / "remote.git"
        work = self.scratch / "work"
        shutil.copytree(PROJECT / "fixtures" / service / "in", work)
        self.sh(
            f"""git init -q -b master . && git add -A && git commit -q -m One &&
            echo more >> README.rst && git commit -q -a -m Two &&
            git clone -q --bare . {remote} && git clone -q {remote} {self.clone} &&
            git -C {remote} config uploadpack.allowFilter true""",
            cwd=work,
        )
        shutil.rmtree(work)
        return self

    def sh(self, script, cwd=None, check=True):
        """Run a script of the shell in the clone; its words if it fails."""
        ran = self.run(["bash", "-c", script], cwd)
        if check and ran.returncode:
            raise AssertionError(f"{script}: {ran.stdout}{ran.stderr}")
        return ran

    def run(self, command, cwd=None, timeout=120):
        return subprocess.run(
            command,
            cwd=cwd or self.where,
            env=self.env,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            timeout=timeout,
        )

    def rally_command(self, branch=BRANCH):
        return [self.program, "commit", "--branch", branch]

    def git_command(self, branch=BRANCH):
        return ["bash", "-c", PLUMBING, "plumbing", branch]

    def state(self):
        """Return path to what is there, but for objects and the scratch folder."""
        found = {}
        for folder, folders, files in os.walk(self.top):
            folders[:] = [
                f for f in folders
                if f != "objects" and os.path.join(folder, f) != str(self.scratch)
            ]
            for name in files + folders:
                path = os.path.join(folder, name)
                status = os.lstat(path)
                kind = stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode)
                if stat.S_ISLNK(status.st_mode):
                    what = os.readlink(path)
                elif stat.S_ISREG(status.st_mode):
                    what = pathlib.Path(path).read_bytes()
                else:
                    what = None
                found[os.path.relpath(path, self.top)] = kind, what
        return found

    def moved(self, before, branch=BRANCH):
        """Return the paths that differ, but for the branch and its log."""
        after = self.state()
        paths = {p for p in before.keys() | after.keys() if before.get(p) != after.get(p)}
        own = (f"refs/heads/{branch}", "logs/refs/heads", "logs/refs", "logs")
        return sorted(p for p in paths if not any(p.endswith(o) or o + "/" in p for o in own))

    def has_branch(self, branch=BRANCH):
        ran = self.run(["git", "rev-parse", "-q", "--verify", f"refs/heads/{branch}"])
        return ran.returncode == 0

    def complaints(self):
        """Return what git finds wrong with the clone, line by line.

        What nothing refers to is not wrong: git prunes it.
        """
        ran = self.run(["git", "fsck", "--full", "--no-dangling"])
        lines = (ran.stdout + ran.stderr).splitlines()
        lines = [l for l in lines if not l.startswith(("notice:", "Checking", "dangling"))]
        return sorted(lines + ([f"exit code {ran.returncode}"] if ran.returncode else []))

    def is_whole(self, branch=BRANCH):
        """Return whether git can read all of the branch's commit."""
        script = f"git rev-list --objects -n 1 refs/heads/{branch} >/dev/null && git archive refs/heads/{branch} rally-jobs >/dev/null"
        return self.sh(script, check=False).returncode == 0
