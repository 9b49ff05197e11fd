"""Stand in for Gerrit's REST API, on the loopback interface, beside the bare repositories of `support::Gerrit`.

usage: gerrit_api.py FOLDER ACCOUNT PROGRAM [ARGUMENT...]

FOLDER holds the repositories. PROGRAM runs with the address of the server in GERRIT_URL; its exit code is
that of this program. All changes are of ACCOUNT; the numbers in the file `abandoned` of a repository are
those of abandoned changes. Answers are as Gerrit's, with the line before the JSON.
"""

import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import threading
import urllib.parse

QUERY = re.compile(
    r'project:(?P<project>\S+) branch:(?P<branch>\S+) topic:"(?P<topic>[^"]+)" owner:"(?P<owner>[^"]+)"'
    r" \(status:open OR status:abandoned\)")


def git(folder, *args):
    return subprocess.run(["git", "-C", folder, *args], capture_output=True, text=True, check=True).stdout


def changes(folder, topic):
    """Return the changes of a repository, each with its last patch set."""
    pushes = (folder / "pushes").read_text().split("\n") if (folder / "pushes").exists() else []
    pushed = {line.split(" ")[2]: line.split(" ")[1] for line in pushes if line}
    gone = (folder / "abandoned").read_text().split() if (folder / "abandoned").exists() else []
    last = {}
    for line in git(folder, "for-each-ref", "--sort=version:refname", "--format=%(objectname) %(refname)", "refs/changes").splitlines():
        commit, ref = line.split(" ")
        last[ref.split("/")[3]] = (commit, ref)
    for number, (commit, ref) in last.items():
        if f"topic={topic}" not in pushed[commit].split(","):
            continue
        change_id = re.findall(r"^Change-Id: (I\w+)$", git(folder, "log", "-1", "--format=%B", commit), re.M)[-1]
        yield {
            "_number": int(number), "change_id": change_id, "status": "ABANDONED" if number in gone else "NEW",
            "current_revision": commit, "revisions": {commit: {"ref": ref}}}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        place = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(place.query))
        query = QUERY.fullmatch(asked.get("q", ""))
        if place.path != "/changes/" or not query or asked.get("o") != "CURRENT_REVISION":
            return self.send_error(400)
        folder = self.server.folder / (query["project"] + ".git")
        ours = query["owner"] == self.server.account and folder.is_dir()
        found = list(changes(folder, query["topic"])) if ours else []
        body = b")]}'\n" + json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


def main(folder, account, *program):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder, server.account = pathlib.Path(folder), account
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = "http://127.0.0.1:%d" % server.server_port
    return subprocess.run(program, env={**os.environ, "GERRIT_URL": url}).returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
