"""Races: at the same moment, somebody else is at the branch or at the objects."""

import random
import subprocess
import time

from sandbox import BRANCH, Sandbox

# What runs at the same time, and whether it makes the branch: then it and
# git-rally must not both succeed. `N` is the name of the branch.
OTHERS = [
    ("git-rally, another change", None, True),
    ("`git branch`", "git branch $N origin/master", True),
    ("`git switch -c` in a worktree", "git -C ../linked switch -q -c $N origin/master", True),
    ("`git worktree add -b`", "git worktree add -q -b $N $SCRATCH/$N origin/master", True),
    ("`git fetch` into the branch", "git fetch -q origin master:$N", True),
    ("`git pack-refs --all`", "git pack-refs --all", False),
    ("`git repack -a -d`", "git repack -q -a -d", False),
    ("`git gc`", "git gc -q", False),
    ("`git gc --prune=now`", "git gc -q --prune=now", False),
    ("`git prune --expire=now`", "git prune --expire=now", False),
]


def race(sandbox, ours, other, name, lag):
    """Run both, the other one `lag` seconds later; return which of them made it."""
    env = {**sandbox.env, "N": name}
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    first = subprocess.Popen(ours, cwd=sandbox.where, env=env, **pipe)
    time.sleep(lag)
    second = subprocess.Popen(other, cwd=sandbox.where, env=env, **pipe)
    words = [process.communicate(timeout=120)[0] for process in (first, second)]
    # A later run that finds the change there has made nothing.
    return [
        process.returncode == 0 and ": unchanged" not in said
        for process, said in zip((first, second), words)
    ]


def rounds(program, command, other, makes, number, seed):
    """Return the counts of what came of `number` races."""
    chance = random.Random(seed)
    counts = {"won": 0, "lost": 0, "both": 0, "neither": 0, "broken": 0, "locks": 0}
    with Sandbox(program) as sandbox:
        sandbox.seed()
        sandbox.sh("git worktree add -q --detach ../linked")
        for i in range(number):
            name = f"{BRANCH}-{i}"
            script = ["bash", "-c", other] if other else None
            rival = script or command(sandbox, name) + (
                ["--trailer", "Related-Bug: #1"] if command is Sandbox.rally_command else []
            )
            ours, theirs = race(sandbox, command(sandbox, name), rival, name, chance.uniform(0, 0.02))
            won = ours
            counts["won" if won else "lost"] += 1
            if makes:
                counts["both"] += won and theirs
                counts["neither"] += not won and not theirs
            if won and not sandbox.is_whole(name) and not (makes and theirs):
                counts["broken"] += 1
            counts["locks"] += bool(list((sandbox.clone / ".git").rglob("*.lock")))
        counts["broken"] += bool(sandbox.complaints())
    return counts


def rows(program, number):
    """Yield the other one, whether it makes the branch, and both counts."""
    each = number // len(OTHERS)
    for seed, (name, other, makes) in enumerate(OTHERS):
        ours = rounds(program, Sandbox.rally_command, other, makes, each, seed)
        git = rounds(program, Sandbox.git_command, other, makes, each, seed)
        yield name, each, ours, git
