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
of the services; what was not run stays as it is. For durations, nothing else
may run on the machine, and ALONE has the actions that are published.

The rules are the sentences of `sources` in durations.yaml. Machines differ by
three times and more, so what is published tells how much longer a DevStack
takes than this lab. A figure moves only if it is wrong by more than two steps of
STEPS: half of the published actions are as far from their median.
"""

import datetime
import json
import math
import pathlib
import re
import statistics
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
    """Write anew the lines of the scenarios that ran, and the date if all did."""
    head, _, rest = ACTIONS.read_text().partition("scenarios:\n")
    lines = dict(line.split(": ", 1) for line in rest.splitlines())
    ran = actions_of_scenarios(folder)
    if {"  " + scenario for scenario in ran} >= set(lines):
        today = datetime.date.today()
        head = re.sub(r"on \d{4}-\d\d-\d\d", f"on {today}", head)
    for scenario, names in ran.items():
        line = f"[{', '.join(names)}]"
        if lines.get("  " + scenario) != line:
            print(f"{scenario}: {line}")
        lines["  " + scenario] = line
    body = "".join(f"{key}: {lines[key]}\n" for key in sorted(lines))
    ACTIONS.write_text(f"{head}scenarios:\n{body}")


def step(seconds):
    """Return the place in STEPS of the nearest."""
    ratios = [abs(math.log(seconds / one)) for one in STEPS]
    return ratios.index(min(ratios))


def figures(lines):
    """Return action to seconds and source, of the lines that have them."""
    form = re.compile(r"  (\S+): {expected: (\S+), source: (\S+)}\n")
    known = filter(None, map(form.fullmatch, lines))
    return {line[1]: (float(line[2]), line[3]) for line in known}


def times_as_long(said, alone):
    """Return how many times as long as on the lab each published action is.

    Those below two seconds have the loads of the task in them.
    """
    ratios = [
        seconds / alone[action]
        for action, (seconds, source) in said.items()
        if source == "published" and seconds < 2 and action in alone
    ]
    if not ratios:
        sys.exit("no action of this run is published: run cinder, neutron and nova, too")
    return ratios


def longer(seconds, factor):
    """Return what is said of seconds; above one, Rally's waiting counts most."""
    return seconds * (factor if seconds < 1 else 2)


def write_durations(alone, ci):
    """Move the figures of the lab that are wrong."""
    lines = DURATIONS.read_text().splitlines(keepends=True)
    said = figures(lines)
    ratios = times_as_long(said, alone)
    factor = statistics.median(ratios)
    measured = {"lab-alone": alone, "lab": ci, "fake": ci}
    factors = {"lab-alone": factor, "lab": factor / 3, "fake": factor / 3}
    for action, (seconds, source) in said.items():
        if action not in measured.get(source, {}):
            continue
        found = longer(measured[source][action], factors[source])
        new, old = step(found), step(seconds)
        if abs(new - old) > 2:
            print(f"{action}: {seconds:g} s, measured {found:.2f} s")
            before = f"  {action}: {{expected: {seconds:g},"
            after = f"  {action}: {{expected: {STEPS[new]:g},"
            lines = [line.replace(before, after) for line in lines]
    text = re.sub(
        r"times [\d.]+: the median of \d+ actions",
        f"times {factor:.1f}: the median of {len(ratios)} actions",
        "".join(lines),
    )
    third = f"times {factor / 3:.1f}: a third"
    DURATIONS.write_text(re.sub(r"times [\d.]+: a third", third, text))


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
