#!/usr/bin/env python3
"""Run git-rally over a list of projects of a Gerrit, and propose what it makes.

A project gets a new change, or the open one of this account gets its next patch set. Prints one line for
each project; exits with 1 if one failed. One project's failure never stops another.

  proposed   a new change
  updated    the next patch set of the open change
  unchanged  nothing to propose: merged already, or the open change says the same
  left       somebody abandoned the change: restore it, and it is updated again
  refused    git-rally declined: such a job is there, or somebody edited the change
  failed     it went wrong

Git reads its ssh command, and whose commits these are, from GIT_SSH_COMMAND, GIT_AUTHOR_NAME and so on.
"""
import argparse
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

BRANCH = "rally-perfscale"
PROJECT = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)*")


class Failed(Exception):
    """Why a project failed."""


def git(clone, *args, **more):
    run = subprocess.run(["git", "-C", str(clone), *args], capture_output=True, text=True, **more)
    if run.returncode:
        raise Failed("git %s: %s" % (args[0], run.stderr.strip() or "exit code %d" % run.returncode))
    return run.stdout


def fetched(wanted, project):
    """Return a clone that has what Gerrit has now, without a work tree."""
    clone = wanted.work / project
    if not (clone / ".git").exists():
        clone.parent.mkdir(parents=True, exist_ok=True)
        source = wanted.remote.rstrip("/") + "/" + project
        git(wanted.work, "clone", "-q", "--no-checkout", "-o", "gerrit", "-b", wanted.branch, source, str(clone))
    git(clone, "fetch", "-q", "--prune", "gerrit")
    # What an earlier run has made here: Gerrit knows better.
    git(clone, "update-ref", "-d", "refs/heads/" + BRANCH)
    return clone


def changes(wanted, project):
    """Return the account's changes: those that are open, and those that were abandoned."""
    query = 'project:%s branch:%s topic:"%s" owner:"%s" (status:open OR status:abandoned)' % (
        project, wanted.branch, wanted.topic, wanted.user)
    question = urllib.parse.urlencode({"q": query, "o": "CURRENT_REVISION"})
    with urllib.request.urlopen("%s/changes/?%s" % (wanted.api.rstrip("/"), question), timeout=60) as answer:
        text = answer.read().decode()
    # Gerrit puts a line before its JSON, so that no browser runs it.
    found = json.loads(text.removeprefix(")]}'"))
    is_open = [change for change in found if change["status"] != "ABANDONED"]
    return is_open, [change for change in found if change["status"] == "ABANDONED"]


def review(wanted, clone, *more):
    """Run `git rally review`, and return what it says in the end."""
    argv = [wanted.program, "review", "--format", "json", "--branch", BRANCH, "--topic", wanted.topic]
    run = subprocess.run([*argv, *more, *wanted.options, str(clone)], capture_output=True, text=True)
    lines = run.stdout.splitlines()
    if not lines:
        raise Failed(run.stderr.strip() or "git-rally: exit code %d" % run.returncode)
    event = json.loads(lines[-1])
    if event["type"] == "failed":
        raise Failed("%s; %s" % (event["reason"], event["hint"]))
    return event


def does(clone, commit):
    """Return what a commit changes, wherever it lies."""
    return git(clone, "patch-id", "--stable", input=git(clone, "show", commit)).split()[0]


def propose(wanted, project):
    if not PROJECT.fullmatch(project):
        raise Failed("no name of a project")
    clone = fetched(wanted, project)
    is_open, abandoned = changes(wanted, project)
    numbers = ", ".join(str(change["_number"]) for change in is_open or abandoned)
    if len(is_open) > 1:
        raise Failed("changes %s are open; abandon all but one" % numbers)
    if abandoned and not is_open:
        return "left: change %s was abandoned" % numbers
    if not is_open:
        return told(review(wanted, clone, "--push"), "proposed")
    change = is_open[0]
    ref = change["revisions"][change["current_revision"]]["ref"]
    git(clone, "fetch", "-q", "gerrit", "%s:refs/heads/%s" % (ref, BRANCH))
    again = ["--replace", "--change-id", change["change_id"]]
    event = review(wanted, clone, *again)
    # A patch set that is only a rebase costs CI, and says nothing.
    if event["type"] == "committed" and does(clone, BRANCH) == does(clone, change["current_revision"]):
        return "unchanged: change %s says the same" % numbers
    if event["type"] != "committed":
        return told(event, "")
    return told(review(wanted, clone, *again, "--push"), "updated")


def told(event, word):
    if event["type"] == "committed":
        return "%s: %s of %s" % (word, event["commit"][:12], event["change_id"])
    return "%s: %s" % (event["type"], event["reason"])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("project", nargs="+")
    options.add_argument("--api", required=True, help="Gerrit's address for its REST API")
    options.add_argument("--remote", required=True, help="where projects are cloned from and pushed to, without their names")
    options.add_argument("--user", required=True, help="the account that pushes")
    options.add_argument("--branch", default="master")
    options.add_argument("--topic", default="rally-perfscale")
    options.add_argument("--work", type=Path, default=Path("rally-propose"), help="a folder for the clones")
    options.add_argument("--program", default="git-rally")
    options.add_argument("--option", dest="options", action="append", default=[], help="one more option of `git rally review`; you can repeat this")
    wanted = options.parse_args()
    wanted.work = wanted.work.resolve()
    wanted.work.mkdir(parents=True, exist_ok=True)
    failed = False
    for project in dict.fromkeys(wanted.project):
        try:
            outcome = propose(wanted, project)
        except (Failed, OSError, ValueError, LookupError) as error:
            outcome, failed = "failed: %s" % error, True
        print("%s: %s" % (project, " ".join(outcome.split())), flush=True)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
