#!/usr/bin/env python3
"""Makes one short report of many: what `compare` and `trend` read, and no more.

  tests/judge/shorten.py REPORT... > tests/judge/lab/NAME.json

Each task of the reports stays a task. Times are kept to a tenth of a millisecond.
"""
import json
import sys


def iteration(data):
    start = data["timestamp"]
    actions = [
        {"name": a["name"], "started_at": round(a["started_at"] - start, 4), "finished_at": round(a["finished_at"] - start, 4)}
        for a in data["atomic_actions"]
    ]
    return {"timestamp": round(start, 1), "duration": round(data["duration"], 4), "error": data["error"][:1], "atomic_actions": actions}


def workload(data):
    return {
        "description": data["description"],
        "scenario": data["scenario"],
        "runner": data["runner"],
        "contexts": data["contexts"],
        "sla": {"max_avg_duration_per_atomic": data["sla"].get("max_avg_duration_per_atomic", {})},
        "data": [iteration(one) for one in data["data"]],
    }


def main():
    tasks, info = [], {}
    for path in sys.argv[1:]:
        with open(path) as file:
            report = json.load(file)
        info = report["info"]
        for task in report["tasks"]:
            workloads = [workload(one) for subtask in task["subtasks"] for one in subtask["workloads"]]
            tasks.append({"uuid": task["uuid"], "title": task["title"], "status": task["status"], "subtasks": [{"workloads": workloads}]})
    info = {key: info[key] for key in ("rally_version", "format_version")}
    json.dump({"info": info, "tasks": tasks}, sys.stdout, separators=(",", ":"))
    print()


if __name__ == "__main__":
    main()
