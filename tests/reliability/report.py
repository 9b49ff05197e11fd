#!/usr/bin/env python3
"""What git-rally does where things go wrong, beside git in the same place.

    cargo build --release
    tests/reliability/report.py target/release/git-rally            # print the tables
    tests/reliability/report.py target/release/git-rally --write    # and put them into README.md

    --only PART       one part: kinds, races, faults, hostile or damage
    --races NUMBER    how many races, 1000 if it is left out
    --texts NUMBER    how many damaged texts for each parser, 1000000 if it is left out

Needs Linux, root (for owners, mounts and name spaces; on a machine that you can
throw away), git, strace and cargo. Git does the same with its plumbing: a blob, trees,
a commit and a new branch, and nothing of the index and the work tree.

Exit code: 0 if all is as it is to be, 1 if not.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys

import damage
import faults
import hostile
import kinds
import races
from sandbox import Sandbox

PAGE = pathlib.Path(__file__).resolve().parent / "README.md"


def cell(text):
    """Return text that stands in a cell of a Markdown table."""
    return re.sub(r"/tmp/rally-\w+/", "", text).replace("|", "\\|")


def table(head, rows):
    """Return a table of Markdown; numbers are at the right."""
    rows = [list(map(str, row)) for row in rows]
    right = [all(re.fullmatch(r"[\d,]+", row[i]) for row in rows) for i in range(len(head))]
    lines = [head, ["---:" if one else "---" for one in right], *rows]
    return "\n".join("| " + " | ".join(map(cell, line)) + " |" for line in lines) + "\n"


def of_kinds(program, asked):
    rows, wrong = [], []
    for kind, git, ours, words, faults_, _ in kinds.rows(program):
        said = re.sub(r"^\S+: (failed|refused)", r"\1", words) if ours == kinds.REFUSES else ""
        said = said if len(said) < 110 else said[:107] + "..."
        rows.append([kind, git, ours, said])
        wrong += [f"{kind}: {fault}" for fault in faults_]
    counts = [sum(row[column] == kinds.WORKS for row in rows) for column in (1, 2)]
    text = (
        f"{len(rows)} kinds of clones: git's plumbing works in {counts[0]}, git-rally in {counts[1]}."
        " Where it refuses, nothing has moved, and it says what to type.\n\n"
    )
    return text + table(["clone", "git", "git-rally", "what it says"], rows), wrong


def of_races(program, asked):
    rows, wrong, total = [], [], 0
    for name, each, ours, git in races.rows(program, asked.races):
        total += each
        bad = [
            [f"{counts[key]}" for key in ("both", "broken", "locks")]
            for counts in (ours, git)
        ]
        rows.append([name, each, ours["won"], *bad[0], *bad[1]])
        # `git fetch` takes a new branch without a look at what is there by
        # then, and `--expire=now` is what git's manual warns of.
        as_git = {"both": "git fetch" in name, "broken": "=now" in name, "locks": False}
        wrong += [
            f"{name}: {key} {ours[key]}"
            for key, excused in as_git.items()
            if ours[key] and not excused
        ]
    head = ["at the same time", "races", "git-rally wins", "both win", "branch or object lost", "lock left"]
    head += ["git: both win", "git: lost", "git: lock left"]
    text = f"{total} races; the other one starts up to 20 ms later.\n\n"
    return text + table(head, rows), wrong


def of_faults(program, asked):
    rows, wrong = [], []
    outcomes = {}
    for who, command in (("git-rally", Sandbox.rally_command), ("git", Sandbox.git_command)):
        counts, bad = faults.rows(program, command)
        outcomes[who] = counts, bad
        wrong += bad if who == "git-rally" else []
    for kill, name in ((False, "fails"), (True, "kill -9")):
        words = sorted({w for counts, _ in outcomes.values() for w in counts[kill]})
        for word in words:
            rows.append([name, word, *(outcomes[who][0][kill][word] for who in outcomes)])
        total = [sum(outcomes[who][0][kill].values()) for who in outcomes]
        rows.append([name, "all", *total])
    rows.append(["both", "something else moved, is lost, or does not work again", *(len(outcomes[w][1]) for w in outcomes)])
    return table(["system call", "what came of it", "git-rally", "git"], rows), wrong


def of_hostile(program, asked):
    kinds_of = {"runs": [], "escape": [], "file": []}
    wrong = []
    for kind, name, git, git_wrong, ours in hostile.rows(program):
        by_git = ", ".join(sorted({" ".join(w.split()[1:2]) for w in git})) or "no"
        ends = "hangs" if any("code -9" in w or "code 137" in w for w in git_wrong) else "ends"
        verdict = "; ".join(ours) or "no"
        row = [name, by_git if kind == "runs" else ends if kind == "file" else "", verdict]
        kinds_of[kind].append(row if kind != "escape" else [name, verdict])
        wrong += [f"{name}: {fault}" for fault in ours]
    commands = ", ".join(f"`{' '.join(c)}`" for c in hostile.COMMANDS)
    return (
        f"git-rally: {commands}. Git: `status`, `diff`, `commit -a`, `fetch`.\n\n"
        + table(["a clone whose files or configuration have", "run by git", "run by git-rally"], kinds_of["runs"])
        + "\n"
        + table(["escape sequences and direction marks", "raw on the terminal"], kinds_of["escape"])
        + "\n"
        + table(["files that are none", "git", "git-rally follows it, tells it, or hangs"], kinds_of["file"])
    ), wrong


def of_damage(program, asked):
    rows, wrong = [], []
    for what, found in damage.rows(asked.texts):
        rows.append([what, f"{asked.texts:,}", found[:80] or "nothing"])
        wrong += [f"{what}: {found}"] * bool(found)
    return table(["parser", "texts", "found"], rows), wrong


PARTS = {
    "kinds": of_kinds,
    "races": of_races,
    "faults": of_faults,
    "hostile": of_hostile,
    "damage": of_damage,
}


def write(part, text):
    """Put the text of a part into its place on the page."""
    page = PAGE.read_text()
    start, end = f"<!-- {part} -->", f"<!-- end of {part} -->"
    before, rest = page.split(start)
    after = rest.split(end)[1]
    PAGE.write_text(f"{before}{start}\n\n{text}\n{end}{after}")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--races", type=int, default=1000)
    parser.add_argument("--texts", type=int, default=1_000_000)
    asked = parser.parse_args()
    if os.geteuid() != 0 or not shutil.which("strace"):
        sys.exit("root and strace are needed: this makes clones of other users, mounts, and faults")
    if asked.only in (None, "damage") and not shutil.which("cargo"):
        sys.exit("cargo is needed for the damaged texts; --only PART leaves them out")
    program = str(asked.program.resolve())
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    git = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True)
    faulty = []
    for part, judge in PARTS.items():
        if asked.only not in (None, part):
            continue
        text, wrong = judge(program, asked)
        print(f"## {part}\n\n{text}", flush=True)
        faulty += wrong
        if asked.write and not wrong:
            write(part, text)
    print(f"{version.stdout.strip()}, {git.stdout.strip()}")
    for fault in faulty:
        print("wrong:", fault)
    return int(bool(faulty))


if __name__ == "__main__":
    sys.exit(main())
