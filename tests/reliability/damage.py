"""Every parser of foreign text gets texts that are nearly right."""

import json
import os
import pathlib
import subprocess

PROJECT = pathlib.Path(__file__).resolve().parent.parent.parent

# The tests of tests/fuzz, and what they read.
PARSERS = {
    "yaml": "YAML",
    "zuul": "YAML of Zuul, and its edit",
    "ini": "INI",
    "setup_cfg": "`setup.cfg`",
    "toml": "`pyproject.toml`",
    "setup_py": "`setup.py`",
    "gitreview": "`.gitreview`",
    "jinja": "tasks, which are Jinja",
    "plugin": "plugins, which are Python",
    "message": "messages and trailers",
    "results": "results of Rally",
}
# A parser that never ends is found, too.
LIMITED = ["timeout", "-s", "KILL", "3h"]


def program():
    """Build the tests of tests/fuzz, and return their program."""
    build = ["cargo", "test", "--release", "--locked", "--test", "fuzz", "--no-run"]
    built = subprocess.run(
        [*build, "--message-format=json"], cwd=PROJECT, stdout=subprocess.PIPE, check=True
    )
    messages = [json.loads(line) for line in built.stdout.splitlines()]
    ours = [one for one in messages if one.get("target", {}).get("name") == "fuzz"]
    (found,) = {one["executable"] for one in ours if one.get("executable")}
    return found


def rows(texts):
    """Return what is parsed, and what was found with so many texts."""
    test = program()
    env = {**os.environ, "PROPTEST_CASES": str(texts)}
    for name, what in PARSERS.items():
        ran = subprocess.run(
            [*LIMITED, test, "--exact", name],
            cwd=PROJECT,
            env=env,
            capture_output=True,
            text=True,
        )
        said = " ".join((ran.stdout + ran.stderr).split())
        passes = ran.returncode == 0 and "1 passed" in said
        yield what, "" if passes else f"exit code {ran.returncode}: {said}"
