#!/usr/bin/env python3
"""Run the tasks of all services on a real OpenStack, and judge them.

    tests/lab/run.py PROGRAM [--as-in-ci] [--keep FOLDER] [TREE...]

Brings the lab up (up.sh), makes a clone for each service, lets PROGRAM, a
git-rally, commit its change there, and starts the Rally task of that change as
the job's roles do. TREE is a service, a folder that has rally-jobs, or `more`,
the scenarios of `more/` that no service's task has; by default the ten
services and `more`.

Each workload runs twice, one iteration after the other; with --as-in-ci, under
the loads that the change sets. Rally's reports are kept in FOLDER, by default
`results` in the lab's folder, as TREE.json.

A run is good if every iteration of every workload passes, if each limit of an
atomic action names one that occurs (another could never fail), and if nothing
is left behind in the services' databases and in Swift.

Exit code: 0 if all is good, 1 if not, 2 for a usage error.
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

import left_behind

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
LAB = pathlib.Path(
    os.environ.get("LAB", tempfile.gettempdir() + "/git-rally-lab")
)
SERVICES = sorted(path.name for path in (PROJECT / "fixtures").iterdir())
IDENTITY = {
    "GIT_AUTHOR_NAME": "Lab",
    "GIT_AUTHOR_EMAIL": "lab@example.org",
    "GIT_COMMITTER_NAME": "Lab",
    "GIT_COMMITTER_EMAIL": "lab@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def run(*command, **options):
    """Return what a command prints; leave with its words if it fails."""
    options.setdefault("env", os.environ)
    ran = subprocess.run(command, capture_output=True, text=True, **options)
    if ran.returncode != 0:
        words = " ".join(map(str, command))
        sys.exit(f"{words}: exit code {ran.returncode}\n{ran.stdout}{ran.stderr}")
    return ran.stdout


def clone_with_the_change(program, service, folder):
    """Make a repository of the service's fixture with git-rally's commit."""
    shutil.copytree(PROJECT / "fixtures" / service / "in", folder)
    env = {**os.environ, **IDENTITY}
    for command in (
        ["git", "init", "-q", "-b", "master"],
        ["git", "add", "-A"],
        ["git", "commit", "-q", "-m", "Import"],
        [program, "commit", "--branch", "lab"],
        ["git", "checkout", "-q", "lab"],
    ):
        run(*command, cwd=folder, env=env)


def home_of_the_job(jobs, home):
    """Place plugins and extra files as the roles of Rally's jobs do."""
    for name in ("plugins", "extra"):
        target = home / ".rally" / name
        if (jobs / name).is_dir():
            shutil.copytree(jobs / name, target)
        target.mkdir(parents=True, exist_ok=True)
    extra = home / ".rally/extra"
    (extra / "dummy_image.raw").write_bytes(bytes(1 << 20))
    run("qemu-img", "create", "-q", "-f", "qcow2", extra / "dummy_image.qcow2", "1M")
    return {
        **os.environ,
        "HOME": str(home),
        "RALLY_PLUGINS_DIR": str(home / ".rally/plugins"),
        "RALLY_EXTRA_DIR": str(extra),
    }


def report_of(jobs, arguments, out):
    """Start the task of rally-jobs and write Rally's report to `out`."""
    with tempfile.TemporaryDirectory(prefix="lab-home-") as home:
        home = pathlib.Path(home)
        env = home_of_the_job(jobs, home)
        rally = [
            LAB / "venv/rally/bin/rally",
            *("--config-file", LAB / "work/base/rally.conf"),
            *("--plugin-paths", home / ".rally/plugins"),
            "task",
        ]
        (task,) = jobs.glob("task*.yaml")
        start = [*rally, "start", "--deployment", "lab", task]
        if arguments:
            start += ["--task-args", json.dumps(arguments)]
        # The exit code is 1 or 2 for what the report says, too.
        ran = subprocess.run(start, env=env, capture_output=True, text=True)
        words = ran.stdout + ran.stderr
        uuid = re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", words)
        if not uuid:
            sys.exit(f"{task}: Rally does not start it\n{words[-3000:]}")
        run(*rally, "report", uuid[0], "--json", "--out", out, env=env)


def faults(workload):
    """Return what is wrong with the result of a workload, as sentences."""
    iterations = workload["data"]
    if not iterations:
        contexts = json.dumps(workload.get("contexts_results"))
        return ["no iteration was made: " + contexts[:600]]
    errors = [i["error"] for i in iterations if i["error"]]
    wrong = ["it fails: " + " ".join(map(str, e))[:400] for e in errors[:1]]
    judged = workload.get("sla_results", {}).get("sla", [])
    wrong += [one["detail"] for one in judged if not one["success"]]
    seen = {a["name"] for i in iterations for a in i["atomic_actions"]}
    limits = workload.get("sla", {}).get("max_avg_duration_per_atomic", {})
    wrong += [
        f"the limit of `{name}` cannot fail: no iteration has this action"
        for name in sorted(set(limits) - seen)
    ]
    wrong += [
        f"`{name}` has no limit"
        for name in sorted(seen - set(limits))
        if limits
    ]
    return wrong


def judge(tree, report, left):
    """Print a line for each workload; return how many are good, and bad."""
    good = bad = 0
    for subtask in report["tasks"][0]["subtasks"]:
        for workload in subtask["workloads"]:
            wrong = faults(workload)
            good, bad = good + (not wrong), bad + bool(wrong)
            (scenario,) = workload["scenario"]
            verdict = "fails" if wrong else "passes"
            seconds = workload["full_duration"]
            print(f"{tree:9} {verdict:6} {seconds:6.1f} s  {scenario}")
            for one in wrong:
                print("          " + " ".join(one.split()))
    for place, names in left.items():
        print(f"{tree:9} left behind in {place}: {', '.join(names)}")
    sys.stdout.flush()
    # What the scenarios of other people leave is told, and not ours to mend.
    return good, bad + (bool(left) and tree != "more")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--as-in-ci", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path, default=LAB / "results")
    parser.add_argument("trees", nargs="*", default=[*SERVICES, "more"])
    asked = parser.parse_intermixed_args()
    program = asked.program.resolve()
    asked.keep.mkdir(parents=True, exist_ok=True)
    if subprocess.run([HERE / "up.sh"]).returncode:
        return 1
    arguments = None if asked.as_in_ci else {"times": 2, "concurrency": 1}
    good = bad = 0
    start = time.time()
    for tree in asked.trees:
        with tempfile.TemporaryDirectory(prefix="lab-tree-") as folder:
            folder = pathlib.Path(folder) / tree
            if tree == "more":
                folder = HERE / "more"
            elif tree in SERVICES:
                clone_with_the_change(program, tree, folder)
            else:
                folder = pathlib.Path(tree).resolve()
            out = asked.keep / f"{folder.name}.json"
            before = left_behind.state(LAB)
            report_of(folder / "rally-jobs", arguments, out)
            left = left_behind.difference(before, left_behind.state(LAB))
        more = judge(folder.name, json.loads(out.read_text()), left)
        good, bad = good + more[0], bad + more[1]
    minutes = (time.time() - start) / 60
    print(f"{good} workloads pass, {bad} faults, {minutes:.0f} minutes")
    print(f"Rally's reports are in {asked.keep}.")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
