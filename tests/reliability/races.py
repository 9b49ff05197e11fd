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
    """Run both, the other one `lag` seconds later; return both exit codes."""
    env = {**sandbox.env, "N": name}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    first = subprocess.Popen(ours, cwd=sandbox.where, env=env, **quiet)
    time.sleep(lag)
    second = subprocess.Popen(other, cwd=sandbox.where, env=env, **quiet)
    return first.wait(120), second.wait(120)


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
            won = ours == 0
            counts["won" if won else "lost"] += 1
            if makes:
                counts["both"] += won and theirs == 0
                counts["neither"] += not won and theirs != 0
            if won and not sandbox.is_whole(name) and not (makes and theirs == 0):
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
