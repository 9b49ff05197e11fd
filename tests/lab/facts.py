#!/usr/bin/env python3
"""Write what was measured on the lab where git-rally reads it.

    tests/lab/run.py PROGRAM --keep ALONE
    tests/lab/run.py PROGRAM --as-in-ci --keep CI
    tests/lab/facts.py actions ALONE
    tests/lab/facts.py results CI
    tests/lab/facts.py durations ALONE CI

`actions` writes the atomic actions of each scenario that ran one iteration at a
time, templates/rally/atomic-actions.yaml; `results` what a run under the loads
of the tasks was like, tests/results/*.json; `durations` the durations of the
lab in templates/rally/durations.yaml: of ALONE those whose source is
`lab-alone`, of CI those whose source is `lab` or `fake`. A folder may have some
of the services; what was not run stays as it is. Nothing else may run on the
machine while durations are measured.

The rules are the sentences of `sources` in durations.yaml. A figure moves only
if it is wrong by more than a step of STEPS: the same lab differs by so much
from day to day.
"""

import bisect
import datetime
import json
import pathlib
import re
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent
ACTIONS = PROJECT / "templates/rally/atomic-actions.yaml"
DURATIONS = PROJECT / "templates/rally/durations.yaml"
RESULTS = PROJECT / "tests/results"

# Seconds that are said; in between, nothing is known so well.
STEPS = [0.2, 0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 15, 20, 30]


def workloads(folder):
    """Return the workloads of all reports in a folder."""
    for path in sorted(folder.glob("*.json")):
        report = json.loads(path.read_text())
        for subtask in report["tasks"][0]["subtasks"]:
            yield from subtask["workloads"]


def top_level(workload):
    """Return the actions of each iteration that passed, in their order."""
    return [
        sorted(iteration["atomic_actions"], key=lambda a: a["started_at"])
        for iteration in workload["data"]
        if not iteration["error"]
    ]


def actions_of_scenarios(folder):
    """Return scenario to names of actions, in the order of their begin."""
    found = {}
    for workload in workloads(folder):
        (scenario,) = workload["scenario"]
        names = found.setdefault(scenario, {})
        for iteration in top_level(workload):
            names.update({action["name"]: None for action in iteration})
    return {scenario: list(names) for scenario, names in found.items()}


def longest_means(folder):
    """Return action to its mean duration in the workload with the longest."""
    longest = {}
    for workload in workloads(folder):
        durations = {}
        for iteration in top_level(workload):
            for action in iteration:
                seconds = action["finished_at"] - action["started_at"]
                durations.setdefault(action["name"], []).append(seconds)
        for name, some in durations.items():
            mean = sum(some) / len(some)
            longest[name] = max(mean, longest.get(name, 0))
    return longest


def write_actions(folder):
    """Write anew the lines of the scenarios that ran."""
    head, _, rest = ACTIONS.read_text().partition("scenarios:\n")
    lines = dict(line.split(": ", 1) for line in rest.splitlines())
    for scenario, names in actions_of_scenarios(folder).items():
        line = f"[{', '.join(names)}]"
        if lines.get("  " + scenario) != line:
            print(f"{scenario}: {line}")
        lines["  " + scenario] = line
    today = datetime.date.today()
    head = re.sub(r"on \d{4}-\d\d-\d\d", f"on {today}", head)
    body = "".join(f"{key}: {lines[key]}\n" for key in sorted(lines))
    ACTIONS.write_text(f"{head}scenarios:\n{body}")


def step(seconds):
    """Return the place in STEPS of the first that is as long."""
    return min(bisect.bisect_left(STEPS, seconds), len(STEPS) - 1)


def write_durations(alone, ci):
    """Move the figures of the lab that are wrong."""
    rules = {
        "lab": lambda name: 2 * ci[name] if name in ci else None,
        "fake": lambda name: 2 * ci[name] if name in ci else None,
        "lab-alone": lambda name: (
            alone[name] * (6 if alone[name] < 1 else 2)
            if name in alone
            else None
        ),
    }
    form = re.compile(r"  (\S+): {expected: (\S+), source: (\S+)}\n")
    lines = []
    for line in DURATIONS.read_text().splitlines(keepends=True):
        known = form.fullmatch(line)
        seconds = known and rules.get(known[3], lambda _: None)(known[1])
        if seconds:
            new, old = step(seconds), step(float(known[2]))
            if abs(new - old) > 1:
                print(f"{known[1]}: {known[2]} s, measured {seconds:.2f} s")
                figure = f"{STEPS[new]:g}"
                line = f"  {known[1]}: {{expected: {figure}, source: {known[3]}}}\n"
        lines.append(line)
    DURATIONS.write_text("".join(lines))


def write_results(folder):
    """Condense the reports of the services."""
    for path in sorted(RESULTS.glob("*.json")):
        report = folder / path.name
        if report.exists():
            condense = [sys.executable, RESULTS / "condense.py", report]
            path.write_bytes(subprocess.check_output(condense))


def main():
    match [sys.argv[1:2], *map(pathlib.Path, sys.argv[2:])]:
        case [["actions"], alone]:
            write_actions(alone)
        case [["results"], ci]:
            write_results(ci)
        case [["durations"], alone, ci]:
            write_durations(longest_means(alone), longest_means(ci))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
