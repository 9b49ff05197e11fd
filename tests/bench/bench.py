#!/usr/bin/env python3
"""How long `git rally commit` takes, beside git itself doing the same to the same repository.

  cargo build --release
  tests/bench/bench.py target/release/git-rally            # print the tables, some minutes
  tests/bench/bench.py target/release/git-rally --write    # and put them into the manual, with the picture

One repository is made from a seed: the size of nova, with 5,000 files, 60,000 commits in one pack, and 650 refs; then
with 20,000 packed refs, and with a `zuul.d` of 4,000 files. The others get what git-rally has rendered, and only
have to commit it:

  plumbing    hash-object, mktree, commit-tree, update-ref: the least that git's own commands can do
  index       the same with read-tree, update-index and write-tree in an index of its own
  porcelain   checkout -b, cp, add, commit, checkout
  copier      copier in place of cp, where `import copier` works

All take turns, and before each run the repository is as it was: no branch, no loose object. It lies in memory. CPU is that of the
program and of all that it starts. Instructions are counted by valgrind, where it is there.
"""
import argparse
import importlib.util
import math
import os
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PAGE = TOP / "tests/bench/README.md"
PICTURE = TOP / "templates/pictures/speed.svg"
SEED = 20261129
FILES, COMMITS, REFS = 5_000, 60_000, 650
MANY_REFS, ZUUL_FILES = 20_000, 4_000
CLONES = (1, 10, 100, 2_000)
TURNS = 21
BRANCH = "rally-bench"
# No configuration of this machine counts, and no hook runs.
GIT = {
    **os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8",
    "GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@example.org",
    "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@example.org",
}

PLUMBING = r"""
base=$(git rev-parse origin/master)
cd "$CHANGE"
set -- $(printf '%s\n' $NAMES | git --git-dir="$CLONE/.git" hash-object -w --no-filters --stdin-paths)
cd "$CLONE"
extra=$(printf '100644 blob %s\tREADME.rst\n' $3 | git mktree)
plugins=$(printf '100644 blob %s\tREADME.rst\n100644 blob %s\t__init__.py\n' $4 $5 | git mktree)
jobs=$(printf '100644 blob %s\tREADME.rst\n040000 tree %s\textra\n040000 tree %s\tplugins\n100644 blob %s\ttask-nova.yaml\n' \
  $2 $extra $plugins $6 | git mktree)
root=$({ git ls-tree $base | grep -v "	$ZUUL$"; printf '100644 blob %s\t%s\n040000 tree %s\trally-jobs\n' $1 "$ZUUL" $jobs; } | git mktree)
commit=$(git commit-tree -p $base -F "$MESSAGE" $root)
git update-ref refs/heads/$BRANCH $commit 0000000000000000000000000000000000000000
"""

INDEX = r"""
base=$(git rev-parse origin/master)
export GIT_INDEX_FILE="$CLONE/.git/bench-index"
git read-tree $base
cd "$CHANGE"
set -- $(printf '%s\n' $NAMES | git --git-dir="$CLONE/.git" hash-object -w --no-filters --stdin-paths)
cd "$CLONE"
for name in $NAMES; do printf '100644 %s\t%s\n' $1 $name; shift; done | git update-index --add --index-info
commit=$(git commit-tree -p $base -F "$MESSAGE" $(git write-tree))
git update-ref refs/heads/$BRANCH $commit 0000000000000000000000000000000000000000
rm -f "$GIT_INDEX_FILE"
"""

PORCELAIN = r"""
git checkout -q -b $BRANCH origin/master
%s
git add $NAMES
git commit -q -F "$MESSAGE"
git checkout -q master
"""
COPY = 'cp -r "$CHANGE/." .'
COPIER = '"$PYTHON" -m copier copy -q --overwrite "$CHANGE" .'


def git(folder, *args, **more):
    more = {"stdout": subprocess.DEVNULL, "check": True, **more}
    return subprocess.run(["git", "-C", str(folder), *args], env=GIT, **more)


def made_up_files(dice):
    """Path to text of a repository that git-rally takes for nova, with a Zuul file as long as nova's."""
    sample = TOP / "fixtures/nova/in"
    files = {str(path.relative_to(sample)): path.read_text() for path in sorted(sample.rglob("*")) if path.is_file()}
    jobs = [
        "- job:\n    name: nova-made-up-%d\n    parent: tempest-full-py3\n    description: |\n      Made up job %d.\n"
        "    timeout: %d\n    required-projects:\n      - openstack/nova\n      - openstack/tempest\n    vars:\n"
        "      tempest_concurrency: 4\n      devstack_local_conf:\n        post-config:\n          $NOVA_CONF:\n"
        "            workarounds:\n              made_up_%d: True\n\n" % (at, at, dice.randrange(5400, 10800), at)
        for at in range(62)
    ]
    files[".zuul.yaml"] = "".join(jobs) + files[".zuul.yaml"]
    words = ["made", "up", "line", "of", "a", "file", "that", "nobody", "reads"]
    while len(files) < FILES:
        at = len(files)
        name = "nova/part%02d/sub%d/file_%04d.py" % (at % 40, at % 7, at)
        files[name] = "".join(" ".join(dice.choices(words, k=8)) + "\n" for _ in range(dice.randrange(5, 60)))
    return files


def history(dice, files):
    """What `git fast-import` reads: the files, then commits that change one line of one of them each."""
    def data(text):
        raw = text.encode()
        return b"data %d\n%s\n" % (len(raw), raw)

    def commit(at, changes):
        yield b"commit refs/heads/master\nmark :%d\n" % at
        yield b"committer Made Up <made-up@example.org> %d +0000\n" % (1_300_000_000 + at * 7000)
        yield data("Change number %d" % at)
        for name, text in changes:
            yield b"M 100644 inline %s\n" % name.encode() + data(text)

    yield from commit(1, files.items())
    changed = [name for name in files if name.startswith("nova/part")]
    lines = {name: files[name].splitlines() for name in changed}
    for at in range(2, COMMITS + 1):
        name = dice.choice(changed)
        lines[name][dice.randrange(len(lines[name]))] = "line of change %d" % at
        yield from commit(at, [(name, "\n".join(lines[name]) + "\n")])
    for at in range(REFS):
        yield b"reset refs/tags/made-up-%d\nfrom :%d\n\n" % (at, dice.randrange(1, COMMITS))


def make_repository(folder):
    dice = random.Random(SEED)
    git(".", "init", "-q", "-b", "master", str(folder))
    feed = subprocess.Popen(
        ["git", "-C", str(folder), "fast-import", "--quiet", "--depth=50"], stdin=subprocess.PIPE, env=GIT)
    for part in history(dice, made_up_files(dice)):
        feed.stdin.write(part)
    feed.stdin.close()
    assert feed.wait() == 0
    finish(folder)


def finish(folder):
    git(folder, "update-ref", "refs/remotes/origin/master", "refs/heads/master")
    git(folder, "symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/master")
    git(folder, "config", "remote.origin.url", "https://opendev.org/openstack/nova")
    git(folder, "config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    git(folder, "reset", "-q", "--hard")
    git(folder, "pack-refs", "--all")
    git(folder, "repack", "-q", "-a", "-d")


def with_many_refs(folder):
    dice = random.Random(SEED)
    ids = git(folder, "rev-list", "--max-count=%d" % MANY_REFS, "master", stdout=subprocess.PIPE).stdout.split()
    text = b"".join(
        b"create refs/changes/%02d/%d/1 %s\n" % (at % 100, at, dice.choice(ids)) for at in range(MANY_REFS))
    git(folder, "update-ref", "--stdin", input=text)
    git(folder, "pack-refs", "--all")


def with_zuul_folder(folder):
    """Moves the configuration to `zuul.d/zuul.yaml`, beside thousands of files."""
    zuul = folder / "zuul.d"
    zuul.mkdir()
    (folder / ".zuul.yaml").rename(zuul / "zuul.yaml")
    for at in range(ZUUL_FILES - 1):
        (zuul / ("made-up-%04d.yaml" % at)).write_text(
            "- job:\n    name: made-up-in-folder-%d\n    parent: tempest-full-py3\n" % at)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Many files")
    finish(folder)


@dataclass
class Spent:
    wall: float
    cpu: float
    objects: int = 0
    memory: float = math.nan


def loose(folder):
    return [path for path in (folder / ".git/objects").glob("[0-9a-f][0-9a-f]")]


def restore(folder):
    for path in loose(folder):
        shutil.rmtree(path)
    for name in (BRANCH, "logs"):
        (folder / ".git/refs/heads" / name).unlink(missing_ok=True)
    (folder / ".git/logs/refs/heads" / BRANCH).unlink(missing_ok=True)


def memory(argv, environment, folder):
    """Returns the most megabytes of it, or of one that it starts; NaN without GNU time.

    Linux counts what this program has as well, if it starts the other by itself.
    """
    if not shutil.which("time"):
        return math.nan
    with tempfile.NamedTemporaryFile() as said:
        subprocess.run(
            ["time", "-f", "%M", "-o", said.name, *argv], env=environment, cwd=folder, check=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return int(said.read()) / 1024


def spend(argv, environment, folder):
    """Runs it, and returns milliseconds of wall and CPU."""
    start = time.perf_counter()
    with open(os.devnull, "r+b") as nowhere, tempfile.TemporaryFile() as said:
        program = subprocess.Popen(argv, env=environment, cwd=folder, stdin=nowhere, stdout=nowhere, stderr=said)
        _, status, usage = os.wait4(program.pid, 0)
        program.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        said.seek(0)
        assert program.returncode == 0, (argv, said.read(2000).decode())
    return wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000


class Bench:
    def __init__(self, program, top):
        self.program, self.top = str(Path(program).resolve()), top

    def contestants(self, folder):
        """Name to command line and environment, for a change that git-rally has just made."""
        self.run([self.program, "commit", "--branch", BRANCH, "."], GIT, folder)
        change, message = self.top / "change", self.top / "message"
        shutil.rmtree(change, ignore_errors=True)
        out = {"stdout": subprocess.PIPE, "text": True}
        names = git(folder, "diff", "--name-only", "origin/master", BRANCH, **out).stdout.split()
        for name in names:
            (change / name).parent.mkdir(parents=True, exist_ok=True)
            (change / name).write_bytes(git(folder, "show", f"{BRANCH}:{name}", stdout=subprocess.PIPE).stdout)
        message.write_text(git(folder, "log", "-1", "--format=%B", BRANCH, **out).stdout)
        restore(folder)
        environment = {
            **GIT, "CHANGE": str(change), "CLONE": str(folder), "MESSAGE": str(message), "BRANCH": BRANCH,
            "NAMES": " ".join(names), "ZUUL": names[0], "PYTHON": sys.executable,
        }
        scripts = {"plumbing": PLUMBING, "index": INDEX, "porcelain": PORCELAIN % COPY}
        if names[0] != ".zuul.yaml":
            del scripts["plumbing"]  # It is written for a file at the top.
        if importlib.util.find_spec("copier"):
            scripts["copier"] = PORCELAIN % COPIER
        every = {"git-rally": ([self.program, "commit", "--branch", BRANCH, "."], GIT)}
        every.update({name: (["sh", "-e", "-c", text], environment) for name, text in scripts.items()})
        return every

    def run(self, argv, environment, folder):
        wall, cpu = spend(argv, environment, folder)
        return Spent(wall, cpu, sum(len(os.listdir(path)) for path in loose(folder)))

    def one(self, folder, turns):
        """Returns the median of each contestant, which all made the same tree."""
        every = self.contestants(folder)
        spent, trees = {name: [] for name in every}, set()
        for turn in range(turns + 1):
            for name, (argv, environment) in every.items():
                run = self.run(argv, environment, folder)
                tree = git(folder, "rev-parse", f"{BRANCH}^{{tree}}", stdout=subprocess.PIPE).stdout
                trees.add(tree)
                restore(folder)
                if turn:  # The first warms the caches.
                    spent[name].append(run)
        assert len(trees) == 1, trees
        found = {name: middle(runs) for name, runs in spent.items()}
        for name, (argv, environment) in every.items():
            found[name].memory = memory(argv, environment, folder)
            restore(folder)
        return found

    def instructions(self, folder):
        """Returns millions of instructions of each, all its processes together."""
        if not shutil.which("valgrind"):
            return {}
        found = {}
        for name, (argv, environment) in self.contestants(folder).items():
            if name == "copier":
                continue
            count = ["valgrind", "--tool=callgrind", "--trace-children=yes", "--callgrind-out-file=/dev/null"]
            said = subprocess.run(
                [*count, *argv], env=environment, cwd=folder, capture_output=True, text=True, check=True).stderr
            restore(folder)
            found[name] = sum(map(int, re.findall(r"Collected : (\d+)", said))) / 1e6
        return found

    def many(self, folder, clones, turns):
        """Returns the median of one run over so many clones, on two threads."""
        place = self.top / "clones"
        place.mkdir(exist_ok=True)
        paths = [place / ("clone-%04d" % at) for at in range(clones)]
        for path in paths:
            if not path.exists():
                git(".", "clone", "-q", "-s", "-n", str(folder), str(path))
                git(path, "config", "remote.origin.url", "https://opendev.org/openstack/nova")
            restore(path)
        listed = self.top / "clones.txt"
        listed.write_text("".join(f"{path}\n" for path in paths))
        argv = [self.program, "commit", "--branch", BRANCH, "--jobs", "2", "--from", str(listed)]
        runs = []
        for turn in range(turns + 1):
            run = Spent(*spend(argv, GIT, folder))
            if turn:
                runs.append(run)
            for path in paths:
                assert (path / ".git/refs/heads" / BRANCH).exists(), path
                restore(path)
        found = middle(runs)
        found.memory = memory(argv, GIT, folder)
        return found


def middle(runs):
    return Spent(*(statistics.median(getattr(run, key) for run in runs) for key in ("wall", "cpu", "objects")))


def machine():
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    version = subprocess.run(["git", "--version"], capture_output=True, text=True).stdout.split()[2]
    return "%s, %d processors, Linux %s, git %s" % (
        model.group(1) if model else platform.machine(), os.cpu_count(),
        platform.release().split("-")[0], version)


def row(*cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def table_of_one(rows, counted):
    text = row("repository", "who", "CPU, ms", "of plumbing", "wall, ms", "memory, MB", "objects", "million instructions")
    text += row(*["---"] * 2, *["---:"] * 6)
    for what, spent in rows.items():
        least = spent.get("plumbing")
        for name, run in spent.items():
            share = "%.2f" % (run.cpu / least.cpu) if least else ""
            count = "%.0f" % counted[what][name] if name in counted.get(what, {}) else ""
            text += row(
                what, name, "%.1f" % run.cpu, share, "%.1f" % run.wall, "%.0f" % run.memory, "%d" % run.objects, count)
    return text


def table_of_many(rows):
    text = row("clones", "wall, ms", "CPU, ms", "CPU of each, ms", "memory, MB") + row(*["---:"] * 5)
    for clones, run in rows.items():
        text += row(
            "{:,}".format(clones), "%.0f" % run.wall, "%.0f" % run.cpu, "%.1f" % (run.cpu / clones), "%.0f" % run.memory)
    return text


def picture(spent):
    """Bars of CPU, as SVG that follows the reader's light or dark ground."""
    longest = max(run.cpu for run in spent.values())
    high, lines = 30, []
    for at, (name, run) in enumerate(spent.items()):
        y, width = 34 + at * high, max(2, run.cpu / longest * 420)
        kind = "ours" if name == "git-rally" else "other"
        lines.append(f'<text x="92" y="{y + 14}" text-anchor="end">{name}</text>')
        lines.append(f'<rect class="{kind}" x="100" y="{y}" width="{width:.0f}" height="18"/>')
        lines.append(f'<text x="{108 + width:.0f}" y="{y + 14}">{run.cpu:.1f} ms</text>')
    height = 44 + len(spent) * high
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 {height}" width="640" height="{height}">\n'
        "<style>text{font:13px sans-serif;fill:#1c1e21}.ours{fill:#1565c0}.other{fill:#a0a7b2}"
        "@media(prefers-color-scheme:dark){text{fill:#e4e6ea}.ours{fill:#6db3ff}.other{fill:#6b7280}}</style>\n"
        '<text x="8" y="18">CPU of one commit in a repository of the size of nova</text>\n'
        + "\n".join(lines) + "\n</svg>\n")


def put(text):
    """Puts the tables between the marks of the page."""
    page = PAGE.read_text()
    start, end = "<!-- bench -->\n", "<!-- end of bench -->"
    before, after = page.index(start) + len(start), page.index(end)
    PAGE.write_text(page[:before] + text + page[after:])


def main():
    options = argparse.ArgumentParser(usage=__doc__)
    options.add_argument("program")
    options.add_argument("--write", action="store_true")
    options.add_argument("--turns", type=int, default=TURNS)
    options.add_argument("--clones", type=int, default=CLONES[-1])
    options.add_argument("--keep", help="a folder in which the repository stays for the next run")
    wanted = options.parse_args()
    # ext4 takes its time for new files after many were deleted, which is not what is measured.
    in_memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=in_memory) as scratch:
        top = Path(wanted.keep or scratch).resolve()
        top.mkdir(exist_ok=True)
        say = lambda text: print(text, file=sys.stderr, flush=True)
        variants = {"like nova": None, "20,000 refs": with_many_refs, "zuul.d of 4,000 files": with_zuul_folder}
        bench, rows, counted = Bench(wanted.program, top), {}, {}
        nova = top / "nova"
        for what, change in variants.items():
            folder = top / what.replace(" ", "-") if change else nova
            if not folder.exists():
                say(f"making the repository: {what}")
                if change:
                    shutil.copytree(nova, folder, symlinks=True)
                    change(folder)
                else:
                    make_repository(folder)
            say(f"measuring: {what}")
            rows[what] = bench.one(folder, wanted.turns)
        say("counting instructions")
        counted["like nova"] = bench.instructions(nova)
        many = {}
        for clones in CLONES:
            if clones <= wanted.clones:
                say(f"measuring: {clones} clones")
                many[clones] = bench.many(nova, clones, 1 if clones > 100 else 5)
        text = f"{machine()}; medians of {wanted.turns} runs.\n\n" + table_of_one(rows, counted)
        text += "\n`--from` with so many clones, `--jobs 2`:\n\n" + table_of_many(many)
        print(text, end="")
        if wanted.write:
            put("\n" + text + "\n")
            PICTURE.write_text(picture(rows["like nova"]))


if __name__ == "__main__":
    main()
