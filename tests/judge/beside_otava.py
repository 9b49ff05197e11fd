#!/usr/bin/env python3
"""What `git rally trend` finds in series with known changes, beside what Apache Otava finds in the same numbers.

  pip install apache-otava
  tests/judge/beside_otava.py path/to/git-rally [SERIES]

For each kind of noise and each change, SERIES series (default 200) of 50 runs; `measured` is the noise of the lab
(`lab/README.md`). A change counts as found where one is reported within three runs of the right one, a slow rise where
anything is reported; a false alarm is a series without a change in which one is reported. `all` are the changes that
git-rally lists, `sure` those that it calls worse or better; Otava runs as it is set up (p < 0.001), and with the
largest p of a few that keeps its false alarms with this noise at one percent or less.
"""
import collections
import gzip
import json
import math
import random
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path
from statistics import median

from otava.analysis import compute_change_points

RUNS = 50
NEAR = 3
FEW = 10
USUAL = 0.001
#: From the largest on.
CAREFUL = (0.001, 0.0005, 0.0002, 0.0001, 0.00005, 0.00002, 0.00001, 1e-6, 1e-8, 1e-10)
RISE = "rise"
CHANGES = (
    (0, None),
    (0.05, 25), (0.1, 25), (0.2, 25), (0.5, 25),
    (0.1, 44), (0.2, 44), (0.5, 44), (0.5, 47),
    (0.1, RISE), (0.3, RISE),
)


def normal(dice, sigma):
    return [dice.gauss(0, sigma) for _ in range(RUNS)]


def outliers(dice, sigma):
    """One run of sixteen is up to three times as slow."""
    def slow():
        return math.log(dice.uniform(1.3, 3)) if dice.random() < 1 / 16 else 0

    return [dice.gauss(0, sigma) + slow() for _ in range(RUNS)]


def heavy(dice, sigma):
    """Student's distribution with three degrees of freedom."""
    def one():
        chi = sum(dice.gauss(0, 1) ** 2 for _ in range(3)) / 3
        return dice.gauss(0, sigma) / math.sqrt(chi) / math.sqrt(3)

    return [one() for _ in range(RUNS)]


def measured():
    """Draws the runs of a series from those of one duration of the lab, around their mean.

    What whole runs share is taken out: the median over the workloads.
    """
    pools = []
    for path in sorted((Path(__file__).parent / "lab").glob("*-before.json.gz")):
        with gzip.open(path) as file:
            tasks = json.load(file)["tasks"]
        runs = [{name: math.log(median(seconds)) for name, seconds in durations(task).items()} for task in tasks]
        names = [name for name in runs[0] if all(name in run for run in runs)]
        means = {name: sum(run[name] for run in runs) / len(runs) for name in names}
        shared = [median([run[name] - means[name] for name in names if name[1] is None]) for run in runs]
        pools += [[run[name] - means[name] - beyond for run, beyond in zip(runs, shared)] for name in names]

    def lab(dice, _):
        pool = dice.choice(pools)
        return [dice.choice(pool) for _ in range(RUNS)]

    return lab


def durations(task):
    """The seconds of each (workload, action); of the action None, those of whole iterations."""
    found = collections.defaultdict(list)
    for at, workload in enumerate(one for subtask in task["subtasks"] for one in subtask["workloads"]):
        for iteration in workload["data"]:
            found[at, None].append(iteration["duration"])
            for action in iteration["atomic_actions"]:
                found[at, action["name"]].append(action["finished_at"] - action["started_at"])
    return found


def series(dice, noise, sigma, step, at):
    def beyond(run):
        if at == RISE:
            return math.log(1 + step) * run / (RUNS - 1)
        return math.log(1 + step) if at is not None and run >= at else 0

    return [0.2 * math.exp(value + beyond(run)) for run, value in enumerate(noise(dice, sigma))]


def report(run, values):
    start = 1.79e9 + run * 86400
    workloads = [
        {
            "scenario": {"Sim.series_%d" % at: {}},
            "description": "",
            "runner": {"constant": {"times": 1, "concurrency": 1}},
            "data": [{"timestamp": start, "duration": value, "error": [], "atomic_actions": []}],
        }
        for at, value in enumerate(values)
    ]
    task = {"uuid": str(uuid.UUID(int=run + 1)), "status": "finished", "subtasks": [{"workloads": workloads}]}
    return {"info": {"format_version": "1.2"}, "tasks": [task]}


def found_by_git_rally(program, many):
    """The changes of each series: all, and the sure ones."""
    with tempfile.TemporaryDirectory() as folder:
        for run in range(RUNS):
            (Path(folder) / ("%03d.json" % run)).write_text(json.dumps(report(run, [values[run] for values in many])))
        said = subprocess.run([program, "trend", folder, "--format", "json"], capture_output=True, text=True)
    found = [([], []) for _ in many]
    for one in json.loads(said.stdout)["series"]:
        at = int(one["scenario"].rsplit("_", 1)[1])
        places = [None if one["drifts"] else step["at"] for step in one["steps"]]
        found[at][0].extend(places)
        found[at][1].extend(place for place, step in zip(places, one["steps"]) if step["is_sure"])
    return [pair[0] for pair in found], [pair[1] for pair in found]


def found_by_otava(many, p):
    return [[point.index for point in compute_change_points(list(values), 50, p, 0.0)[0]] for values in many]


def rate(found, at):
    def hit(places):
        if at in (None, RISE):
            return bool(places)
        return any(place is not None and abs(place - at) <= NEAR for place in places)

    return 100 * sum(map(hit, found)) / len(found)


def main():
    program, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    print("| noise | change | git-rally, all | sure | Otava | Otava, careful |")
    print("|---|---|---|---|---|---|")
    lab = measured()
    kinds = [(lab, None)] + [(noise, sigma) for noise in (normal, outliers, heavy) for sigma in (0.03, 0.08)]
    for noise, sigma in kinds:
        dice = random.Random("%s %s" % (noise.__name__, sigma))
        careful = None
        for step, at in CHANGES:
            many = [series(dice, noise, sigma, step, at) for _ in range(number)]
            every, sure = [], []
            for first in range(0, number, FEW):
                # Most series do not change: a change of most would be what all runs share.
                quiet = [series(dice, noise, sigma, 0, None) for _ in range(12 * FEW)]
                few = many[first : first + FEW]
                pair = found_by_git_rally(program, few + quiet)
                every += pair[0][: len(few)]
                sure += pair[1][: len(few)]
            if at is None:
                careful = next(p for p in CAREFUL if p == CAREFUL[-1] or rate(found_by_otava(many, p), at) <= 1)
            rates = [rate(found, at) for found in (every, sure)]
            rates += [rate(found_by_otava(many, p), at) for p in (USUAL, careful)]
            change = "none" if at is None else "%+.0f %% %s" % (100 * step, "slowly" if at == RISE else "at run %d" % at)
            name = "measured" if sigma is None else "%s, %.0f %%" % (noise.__name__, 100 * sigma)
            cells = " | ".join("%.1f" % value for value in rates)
            print("| %s | %s | %s (p < %g) |" % (name, change, cells, careful), flush=True)


if __name__ == "__main__":
    main()
