#!/usr/bin/env python3
"""Which durations contain a delayed request: prints `SCENARIO: ACTION` for each, with how many iterations had one.

  delayed.py LOG REPORT...

LOG is what `delay.py` wrote; the reports are Rally's.
"""
import bisect
import collections
import json
import sys


def main():
    with open(sys.argv[1]) as file:
        times = sorted(float(line.split()[0]) for line in file)
    found = collections.Counter()
    for path in sys.argv[2:]:
        with open(path) as file:
            tasks = json.load(file)["tasks"]
        for workload in (one for task in tasks for subtask in task["subtasks"] for one in subtask["workloads"]):
            for iteration in workload["data"]:
                for action in iteration["atomic_actions"]:
                    if bisect.bisect(times, action["started_at"]) < bisect.bisect(times, action["finished_at"]):
                        found["%s: %s" % (*workload["scenario"], action["name"])] += 1
    for name, number in sorted(found.items()):
        print("%5d %s" % (number, name))


if __name__ == "__main__":
    main()
