"""Stand in for Zuul's API and for the server of its logs, on the loopback interface.

usage: zuul_api.py FOLDER PROGRAM [ARGUMENT...]

FOLDER gets the logs of made-up builds. PROGRAM runs with the address of the server in ZUUL_URL; its exit
code is that of this program. The builds are of the jobs sample-rally and other-rally:

  periodic   20 good ones, of which the last 6 are slow; of the oldest the logs are gone,
             and one has none; one failed; one is of a stable branch
  check      six good ones; all of the lab but the one of `fast` with LAB

The folders `fast` and `slow` are what builds have that are still running. PROGRAM_FILE, where it is set,
is served below /logs/git-rally. LAB, where it is set, is the start of the names of two files of `tests/judge/lab`:
the results are then those of a real lab, as it was and with a delay.

What the real servers do counts here as well: the newest build comes first, results are sent packed, and
those of one build are published as `report.json.gz`.
"""

import gzip
import http.server
import json
import os
import pathlib
import random
import subprocess
import sys
import threading
import urllib.parse

DAY = 86400
START = 1790000000


def measured(number, slow):
    """Returns one of the twelve runs of the lab, the same for the same number."""
    side = "after" if slow > 1 else "before"
    with gzip.open("%s-%s.json.gz" % (os.environ["LAB"], side)) as file:
        found = json.load(file)
    at = number % 12 if isinstance(number, int) else 11
    return {**found, "tasks": [found["tasks"][at]]}


def report(number, slow, day):
    """Returns what `rally task report --json` writes of one run of a small task."""
    if "LAB" in os.environ:
        return measured(number, slow)
    noise = random.Random(str(number))
    workload = {
        "scenario": {"NovaServers.boot_and_list_server": {"detailed": True}},
        "description": "Boot a server", "contexts": {},
        "runner": {"constant": {"times": 20, "concurrency": 2}}, "hooks": [], "sla": {},
        "sla_results": {"sla": []}, "data": []}
    begin = START + day * DAY
    for _ in range(20):
        boot = 4.0 * slow * noise.lognormvariate(0, 0.05)
        lists = 0.5 * noise.lognormvariate(0, 0.05)
        workload["data"].append({
            "timestamp": begin, "duration": boot + lists, "idle_duration": 0, "error": [],
            "output": {"additive": [], "complete": []},
            "atomic_actions": [
                {"name": "nova.boot_server", "started_at": begin, "finished_at": begin + boot,
                 "children": []},
                {"name": "nova.list_servers", "started_at": begin + boot,
                 "finished_at": begin + boot + lists, "children": []}]})
        begin += boot + lists
    task = {"uuid": "%s-0000-4000-8000-000000000000" % number, "title": "Rally Task for Nova",
            "status": "finished", "created_at": "2026-09-01T00:00:00", "tags": [],
            "subtasks": [{"title": "Servers", "status": "finished", "workloads": [workload]}]}
    return {"info": {"rally_version": "5.1.1", "generated_at": "2026-09-01T00:00:00",
                     "format_version": "1.2"}, "tasks": [task]}


INVENTORY = """all:
  hosts:
    controller:
      nodepool: {label: ubuntu-noble, provider: %s}
"""


def publish(folder, number, slow, day, packed=False):
    logs = folder / str(number)
    (logs / "results").mkdir(parents=True)
    (logs / "zuul-info").mkdir()
    text = json.dumps(report(number, slow, day)).encode()
    name = "report.json.gz" if packed else "report.json"
    (logs / "results" / name).write_bytes(gzip.compress(text) if packed else text)
    provider = ("ovh-bhs1", "rax-dfw")[day % 2]
    (logs / "zuul-info" / "inventory.yaml").write_text(INVENTORY % provider)


def builds(folder, url):
    """Returns the builds, the newest first, once their logs are there."""
    found = []
    good = range(36, 47) if "LAB" in os.environ else range(34, 40)

    def build(number, pipeline="periodic", branch="master", result="SUCCESS",
              job="sample-rally", logs=True):
        found.append({
            "uuid": "%032x" % number, "job_name": job, "result": result, "pipeline": pipeline,
            "end_time": "2026-09-%02dT03:00:00" % (number % 28 + 1), "voting": True,
            "log_url": f"{url}/logs/{number}/" if logs else None,
            "ref": {"project": "openstack/sample", "branch": branch}})

    build(1)
    build(2, logs=False)
    for number in range(3, 23):
        publish(folder, number, 1.5 if number > 16 else 1.0, number, packed=number == 5)
        build(number)
    for number, more in [(31, {"result": "FAILURE"}), (32, {"branch": "stable/2026.1"}),
                         (33, {"job": "other-rally"}),
                         *((number, {"pipeline": "check"}) for number in good)]:
        publish(folder, number, 1.0, number)
        build(number, **more)
    publish(folder, "fast", 1.0, 40)
    publish(folder, "slow", 1.5, 40)
    return found[::-1]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        place = urllib.parse.urlsplit(self.path)
        wanted = dict(urllib.parse.parse_qsl(place.query))
        if place.path == "/api/tenant/openstack/builds":
            return self.say(json.dumps(self.select(wanted)).encode(), "application/json")
        if place.path == "/logs/git-rally":
            return self.say(pathlib.Path(os.environ["PROGRAM_FILE"]).read_bytes(), "application/x-elf")
        path = (self.server.folder / place.path.removeprefix("/logs/")).resolve()
        if self.server.folder not in path.parents or not path.is_file():
            return self.send_error(404)
        body = path.read_bytes()
        if path.suffix == ".gz":
            return self.say(body, "application/gzip")
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            return self.say(gzip.compress(body), "application/json", "gzip")
        return self.say(body, "application/json")

    def select(self, wanted):
        limit = int(wanted.pop("limit", 50))
        skip = int(wanted.pop("skip", 0))

        def fits(build):
            flat = {**build, **build["ref"]}
            return all(str(flat[key]) == value for key, value in wanted.items())

        return [build for build in self.server.builds if fits(build)][skip:][:limit]

    def say(self, body, kind, encoding=None):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main(folder, *program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    url = "http://127.0.0.1:%d" % server.server_port
    server.folder = pathlib.Path(folder).resolve()
    server.builds = builds(server.folder, url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return subprocess.run(program, env={**os.environ, "ZUUL_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
