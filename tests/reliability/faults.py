"""Every system call of a commit fails once, and is once the last: kill -9."""

import collections
import concurrent.futures
import os
import re
import shutil
import tempfile

from sandbox import BRANCH, Sandbox

# System call to the error that it fails with. Calls for memory, signals and
# threads belong to the C library.
ERRORS = {
    "openat": "EACCES",
    "read": "EIO",
    "pread64": "EIO",
    "write": "ENOSPC",
    "pwrite64": "ENOSPC",
    "close": "EIO",
    "fsync": "EIO",
    "ftruncate": "ENOSPC",
    "rename": "EACCES",
    "renameat": "EACCES",
    "renameat2": "EACCES",
    "faccessat2": "EACCES",
    "link": "EMLINK",
    "unlink": "EACCES",
    "mkdir": "ENOSPC",
    "rmdir": "EACCES",
    "chmod": "EPERM",
    "fchmod": "EPERM",
    "access": "EACCES",
    "readlink": "EIO",
    "stat": "EIO",
    "lstat": "EIO",
    "fstat": "EIO",
    "newfstatat": "EIO",
    "statx": "EIO",
    "getdents64": "EIO",
    "lseek": "EIO",
    "mmap": "ENOMEM",
    "getcwd": "ENOENT",
    "fcntl": "EIO",
    "ioctl": "EIO",
    "getrandom": "EIO",
    "clone": "EAGAIN",
    "clone3": "EAGAIN",
    "vfork": "EAGAIN",
    "execve": "EACCES",
}
# The first execve starts the command, under strace itself.
FIRST = {"execve": 2}
DATE = "1764500000 +0000"


def calls(sandbox, command):
    """Return system call to how often a process of the command makes it, at most."""
    with Copy(sandbox) as copy:
        log = copy.scratch / "trace"
        traced = ["strace", "-ff", "-qq", "-o", log, "-e", "trace=" + ",".join(ERRORS)]
        ran = copy.run(traced + command(copy, BRANCH))
        assert ran.returncode == 0, ran.stderr
        most = collections.Counter()
        for file in copy.scratch.glob("trace.*"):
            names = re.findall(r"^(\w+)\(", file.read_text(errors="replace"), re.M)
            most |= collections.Counter(names)
        return most


class Copy(Sandbox):
    """A copy of a sandbox."""

    def __init__(self, sandbox):
        self.__dict__.update(sandbox.__dict__)
        self.top = type(sandbox.top)(tempfile.mkdtemp(prefix="rally-", dir=sandbox.top.parent))
        for name in ("clone", "remote.git", "home"):
            shutil.copytree(sandbox.top / name, self.top / name, symlinks=True)
        self.clone = self.where = self.top / "clone"
        self.scratch = self.top / "scratch"
        self.scratch.mkdir()
        home = str(self.top / "home")
        self.env = {
            **sandbox.env,
            "HOME": home,
            "GIT_CONFIG_GLOBAL": home + "/gitconfig",
            "SCRATCH": str(self.scratch),
            "GIT_AUTHOR_DATE": DATE,
            "GIT_COMMITTER_DATE": DATE,
        }


def fault(sandbox, command, name, number, kill):
    """Return what came of one fault: a word, and what is wrong."""
    what = "signal=KILL" if kill else "error=" + ERRORS[name]
    inject = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + name]
    inject += ["-e", f"inject={name}:{what}:when={number}"]
    with Copy(sandbox) as copy:
        before = copy.state()
        ran = copy.run(["timeout", "-s", "KILL", "30", *inject, *command(copy, BRANCH)])
        wrong = [p for p in copy.moved(before) if not p.endswith(".lock")]
        locks = [p for p in copy.moved(before) if p.endswith(".lock")]
        wrong += copy.complaints()
        has_branch = copy.has_branch()
        if has_branch and not copy.is_whole():
            wrong.append("the branch is not whole")
        # The standard library has no other end for these; nothing is written then.
        of_library = "panicked at /rustc/" in ran.stderr
        if "panicked" in ran.stderr and not of_library:
            wrong.append("it panics: " + ran.stderr[:300])
        if ran.returncode == 0 and not has_branch:
            wrong.append("it says that all went well, and there is no branch")
        said = f"the branch `{BRANCH}`" in ran.stderr
        if ran.returncode > 0 and has_branch and not said and command is Sandbox.rally_command:
            wrong.append("it fails, and the branch is there: " + ran.stderr[:300])
        for lock in locks:
            os.unlink(os.path.join(copy.top, lock))
        again = copy.run(command(copy, BRANCH if not has_branch else BRANCH + "-2"))
        if again.returncode or not copy.is_whole():
            wrong.append("it does not work again: " + again.stderr[:300])
    if ran.returncode == 0:
        word = "done"
    elif has_branch:
        word = "made, and said so" if ran.returncode > 0 else "made"
    elif ran.returncode == 137 and not kill:
        word = "hangs"
        wrong += ["it hangs"] * (command is Sandbox.rally_command)
    elif of_library:
        word = "nothing made, Rust's standard library panics"
    else:
        word = "nothing made"
    return word + (", a lock is left" if locks else ""), wrong


def rows(program, command):
    """Return the counts of what came, by kind of fault, and all that is wrong."""
    counts = {False: collections.Counter(), True: collections.Counter()}
    wrong = []
    with Sandbox(program) as sandbox:
        sandbox.seed()
        most = calls(sandbox, command)
        todo = [
            (name, number, kill)
            for name in sorted(most)
            for number in range(FIRST.get(name, 1), most[name] + 1)
            for kill in (False, True)
        ]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            outcomes = pool.map(lambda job: fault(sandbox, command, *job), todo)
            for (name, number, kill), (word, faults) in zip(todo, outcomes):
                counts[kill][word] += 1
                wrong += [f"{name} {number}{' killed' if kill else ''}: {f}" for f in faults]
    return counts, wrong
