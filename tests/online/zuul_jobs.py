"""Print what is known of the jobs of other repositories.

usage: zuul_jobs.py NAME=PATH... > templates/zuul/jobs.json

NAME is a repository, PATH a clone of it (its HEAD is read, and of its other branches the names of
jobs) or the unpacked tree of a release. The output is a snapshot of names, one job a line:

  repositories  name to commit and date (null for a tree) and to its jobs: of HEAD, what is said of
                each, which is parent, timeout in seconds, the default rally_task, and where true
                abstract, final, intermediate, protected. Parents, timeouts and tasks are there for
                the jobs that run Rally, and their ancestors, only
  elsewhere     names that HEAD of one of the repositories uses as a parent, or lists, so Zuul has
                them, and that none of these repositories defines

A name that is not there is not known; it need not be missing in Zuul.
"""

import json
import os
import subprocess
import sys

import yaml

ROOTS = ("zuul.yaml", "zuul.d/", ".zuul.yaml", ".zuul.d/")
OF_RALLY = ("rally-task-at-devstack", "rally-task-at-grenade")
FLAGS = ("abstract", "final", "intermediate", "protected")
NOT_PIPELINES = (
    "name", "description", "templates", "merge-mode", "default-branch", "vars", "queue", "branches",
)


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Takes the tags of Zuul for what they are written on."""


def untagged(loader, suffix, node):
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


Loader.add_multi_constructor("!", untagged)


def main(*sources):
    if not sources:
        sys.exit(__doc__)
    paths = dict(sorted(source.split("=", 1) for source in sources))
    jobs, used = {}, set()
    # first what all have today: a job may have moved
    for is_head in (True, False):
        for name, path in paths.items():
            for revision in revisions(path, is_head):
                for kind, body in items(path, revision):
                    if kind == "job" and "name" in body:
                        add(jobs, name, body, is_head)
                    if is_head:
                        used |= uses(kind, body)
    keep_chains(jobs)
    print('{"repositories": {\n%s\n},' % ",\n".join(
        repository(name, path, jobs) for name, path in paths.items()))
    elsewhere = sorted(used - set(jobs) - {"noop"})
    print('"elsewhere": [\n%s\n]}' % ",\n".join(map(json.dumps, elsewhere)))


def repository(name, path, jobs):
    own = {job: {k: v for k, v in facts.items() if k != "in"}
           for job, facts in sorted(jobs.items()) if facts["in"] == name}
    lines = ["%s: %s" % (json.dumps(job), json.dumps(facts)) for job, facts in own.items()]
    return '%s: {"read": %s, "jobs": {\n%s\n}}' % (
        json.dumps(name), json.dumps(commit(path)), ",\n".join(lines))


def add(jobs, repository, body, is_head):
    """Take a definition; of several the first that says something counts, a flag only if all have it."""
    is_new = body["name"] not in jobs
    facts = jobs.setdefault(body["name"], {"in": repository})
    if not is_head:
        return
    said = {"parent": body.get("parent"), "timeout": body.get("timeout")}
    said["task"] = (body.get("vars") or {}).get("rally_task")
    for key, value in said.items():
        if value is not None and "branches" not in body:
            facts.setdefault(key, value)
    for flag in FLAGS:
        if is_new and body.get(flag) is True:
            facts[flag] = True
        elif body.get(flag) is not True:
            facts.pop(flag, None)


def uses(kind, body):
    """Return the names of jobs that an item says Zuul has."""
    if kind == "job":
        return {body["parent"]} if body.get("parent") else set()
    if kind not in ("project", "project-template"):
        return set()
    found = set()
    for key, pipeline in body.items():
        entries = pipeline.get("jobs") if isinstance(pipeline, dict) else None
        if key not in NOT_PIPELINES:
            found |= {next(iter(e)) if isinstance(e, dict) else e for e in entries or ()}
    return found


def keep_chains(jobs):
    """Drop parents and timeouts of what has nothing to do with Rally."""
    wanted = set()
    for name in jobs:
        chain = [name]
        while chain[-1] in jobs and jobs[chain[-1]].get("parent") not in (None, *chain):
            chain.append(jobs[chain[-1]]["parent"])
        if set(OF_RALLY) & set(chain):
            wanted |= set(chain)
    for name, facts in jobs.items():
        if name not in wanted:
            for key in ("parent", "timeout", "task"):
                facts.pop(key, None)


def items(path, revision):
    """Yield kind and body of every item that Zuul reads in a revision; None is the tree itself."""
    files = read(path, revision)
    for root in ROOTS:
        texts = [text for name, text in sorted(files.items()) if name.startswith(root) and text]
        if texts:
            break
    else:
        return
    for text in texts:
        for item in yaml.load(text, Loader) or ():
            for kind, body in item.items():
                yield kind, body


def read(path, revision):
    """Return name to text of the files that may be Zuul's."""
    if revision is None:
        names = [os.path.relpath(os.path.join(folder, name), path)
                 for folder, _, names in os.walk(path) for name in names]
    else:
        names = git(path, "ls-tree", "-r", "--name-only", revision, *ROOTS).splitlines()
    found = {}
    for name in names:
        if name.startswith(ROOTS) and name.endswith(".yaml"):
            if revision is None:
                with open(os.path.join(path, name), encoding="utf-8") as file:
                    found[name] = file.read()
            else:
                found[name] = git(path, "show", "%s:%s" % (revision, name))
    ignored = tuple(os.path.dirname(name) for name in names if name.endswith(".zuul.ignore"))
    return {name: text for name, text in found.items() if not (ignored and name.startswith(ignored))}


def revisions(path, is_head):
    """Return HEAD, or the other branches; None is a tree."""
    if is_head or commit(path) is None:
        return ["HEAD" if commit(path) else None] if is_head else []
    branches = git(path, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes")
    return [branch for branch in branches.splitlines() if not branch.endswith("/HEAD")]


def commit(path):
    if not (os.path.exists(os.path.join(path, ".git")) or os.path.exists(os.path.join(path, "HEAD"))):
        return None
    return git(path, "log", "-1", "--format=%h of %cs", "--abbrev=10").strip()


def git(path, *arguments):
    command = ["git", "-C", path, *arguments]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout
    return output.decode("utf-8", "replace")


if __name__ == "__main__":
    main(*sys.argv[1:])
