#!/usr/bin/env python3
"""What `git rally trend` finds in series with known changes, beside what Apache Otava finds in the same numbers.

  pip install apache-otava
  tests/judge/beside_otava.py path/to/git-rally [SERIES]

For each kind of noise and each change, SERIES series (default 200) of 50 runs. A change counts as found where one is
reported within three runs of the right one; a false alarm is a series without a change in which one is reported.
`all` are the changes that git-rally lists, `sure` those that it calls worse or better; Otava runs as it is set up
(p < 0.001), and with the p at which its false alarms are no more than one percent of the series with normal noise.
"""
import json
import math
import random
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

from otava.analysis import compute_change_points

RUNS = 50
NEAR = 3
FEW = 10
#: Where Otava's false alarms are at most one percent with normal noise.
CAREFUL = 0.0002


def normal(dice, sigma):
    return dice.gauss(0, sigma)


def outliers(dice, sigma):
    """One run of sixteen is up to three times as slow."""
    slow = math.log(dice.uniform(1.3, 3)) if dice.random() < 1 / 16 else 0
    return dice.gauss(0, sigma) + slow


def heavy(dice, sigma):
    """Student's distribution with three degrees of freedom."""
    chi = sum(dice.gauss(0, 1) ** 2 for _ in range(3)) / 3
    return dice.gauss(0, sigma) / math.sqrt(chi) / math.sqrt(3)


def series(dice, noise, sigma, step, at):
    values = [noise(dice, sigma) for _ in range(RUNS)]
    return [0.2 * math.exp(v + (math.log(1 + step) if step and run >= at else 0)) for run, v in enumerate(values)]


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
        steps = [] if one["drifts"] else one["steps"]
        at = int(one["scenario"].rsplit("_", 1)[1])
        found[at][0].extend(step["at"] for step in steps)
        found[at][1].extend(step["at"] for step in steps if step["is_sure"])
    return [pair[0] for pair in found], [pair[1] for pair in found]


def found_by_otava(many, p):
    return [[point.index for point in compute_change_points(list(values), 50, p, 0.0)[0]] for values in many]


def rate(found, at):
    hits = sum(bool(places) if at is None else any(abs(place - at) <= NEAR for place in places) for places in found)
    return "%5.1f" % (100 * hits / len(found))


def main():
    program, number = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    print("| noise | change | git-rally, all | sure | Otava | Otava, careful |")
    print("|---|---|---|---|---|---|")
    dice = random.Random(20261128)
    for noise in (normal, outliers, heavy):
        for sigma in (0.03, 0.08):
            for step, at in ((0, None), (0.05, 25), (0.1, 25), (0.2, 25), (0.5, 25), (0.1, 44), (0.2, 44), (0.5, 44), (0.5, 47)):
                many = [series(dice, noise, sigma, step, at) for _ in range(number)]
                every, sure = [], []
                for first in range(0, number, FEW):
                    # Most series do not change: a change of most would be what all runs share.
                    quiet = [series(dice, noise, sigma, 0, None) for _ in range(12 * FEW)]
                    few = many[first : first + FEW]
                    pair = found_by_git_rally(program, few + quiet)
                    every += pair[0][: len(few)]
                    sure += pair[1][: len(few)]
                rates = [rate(found, at) for found in (every, sure)]
                rates += [rate(found_by_otava(many, p), at) for p in (0.001, CAREFUL)]
                change = "none" if at is None else "%+.0f %% at run %d" % (100 * step, at)
                print("| %s, %.0f %% | %s | %s |" % (noise.__name__, 100 * sigma, change, " | ".join(rates)), flush=True)


if __name__ == "__main__":
    main()
