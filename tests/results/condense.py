#!/usr/bin/env python3
"""Condense the result of a Rally task: what took how long, and how often.

    rally task report UUID --json --out REPORT.json
    tests/results/condense.py REPORT.json > tests/results/SERVICE.json

The outcome is a list of the workloads, in the order of the task:

  scenario     its name
  position     its place in its subtask, from 0
  load         times and concurrency of the run
  tenants      how many tenants Rally created for it
  users        how many users each tenant has
  iterations   what iterations performed: how many of them, and how often each
               performed an atomic action of the top level
  failed       how many iterations failed
  mean         action to its mean duration, in seconds, over the whole workload
  load_duration, full_duration   as Rally reports them, in seconds
  contexts     name to how long its setup and its cleanup took, in seconds

Rally judges max_avg_duration_per_atomic by actions of the top level only, so
nested ones are left out.
"""

import collections
import json
import sys


def seconds(part):
    """Return how long an action, a setup or a cleanup took."""
    return round((part["finished_at"] or 0) - (part["started_at"] or 0), 3)


def iterations(data):
    """Return groups of iterations that performed the same actions."""
    groups = collections.Counter()
    for iteration in data:
        names = (action["name"] for action in iteration["atomic_actions"])
        groups[json.dumps(collections.Counter(names))] += 1
    return [
        {"iterations": number, "actions": json.loads(actions)}
        for actions, number in groups.items()
    ]


def means(data):
    """Return the mean duration of each action."""
    durations = collections.defaultdict(list)
    for iteration in data:
        for action in iteration["atomic_actions"]:
            durations[action["name"]].append(seconds(action))
    return {
        name: round(sum(some) / len(some), 3)
        for name, some in durations.items()
    }


def workload(result):
    """Return what is worth keeping of a workload's result."""
    runner = result["runner"]["constant"]
    users = result["contexts"].get("users", {})
    return {
        "scenario": next(iter(result["scenario"])),
        "position": result["position"],
        "load": {key: runner[key] for key in ("times", "concurrency")},
        "tenants": users.get("tenants", 1),
        "users": users.get("users_per_tenant", 1),
        "iterations": iterations(result["data"]),
        "failed": result["failed_iteration_count"],
        "mean": means(result["data"]),
        "load_duration": round(result["load_duration"], 3),
        "full_duration": round(result["full_duration"], 3),
        "contexts": {
            context["plugin_name"].split("@")[0]: {
                "setup": seconds(context["setup"]),
                "cleanup": seconds(context["cleanup"]),
            }
            for context in result["contexts_results"]
        },
    }


def main():
    """Print the condensed form of the report that is named."""
    with open(sys.argv[1]) as report:
        task = json.load(report)["tasks"][0]
    results = [
        workload(result)
        for subtask in task["subtasks"]
        for result in subtask["workloads"]
    ]
    lines = ",\n".join(json.dumps(result) for result in results)
    print("[\n" + lines + "\n]")


if __name__ == "__main__":
    main()
