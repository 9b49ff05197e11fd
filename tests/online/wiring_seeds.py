"""Write Zuul configurations that wire Rally's jobs wrongly, and ask the real Zuul about every one.

usage: wiring_seeds.py FOLDER JOBS

JOBS is templates/zuul/jobs.json: what the other repositories of the tenant define. Into FOLDER go
NNN, trees with one defect each, or none; into FOLDER/seeds.json for each its kind, the lines of the
defect as "PATH:LINE", and as rejected and idle the rules of `git rally check` that should find it,
each with what is said against it:

  rejected  Zuul's errors when it loads the configuration of the tenant, or makes the job graph of a
            change of master in check or gate; and where a job runs, those of the CI role
            prepare-for-rally-task of rally-openstack, which looks for
            {{ rally_task_src_dir }}/{{ rally_task }}, the checkout of the project, and fails if
            nothing is there (task-missing) or nobody sets rally_task (task-not-set)
  idle      what Zuul does not refuse: a change of the job's task alone does not start it
            (task-hidden); nothing lists a job, and none has it as its parent (job-in-no-pipeline);
            Zuul warns that it ignores a further root (zuul-two-roots)
"""

import json
import logging
import os
import pathlib
import re
import sys
import types

import yaml
import zuul_check
from zuul import model
from zuul.exceptions import SEVERITY_WARNING, MultipleProjectConfigurations

PROJECT = "openstack/sample"
# for Zuul a task is data
TASK = """\
version: 2
title: Sample
subtasks:
  - title: Networks
    scenario: {NeutronNetworks.create_and_list_networks: {}}
    runner: {constant: {times: 4, concurrency: 2}}
    sla: {failure_rate: {max: 0}}
"""

SAMPLE = """\
- job:
    name: sample-tox
    parent: openstack-tox
    irrelevant-files: &documents
      - ^doc/.*$
      - ^releasenotes/.*$

- job:
    name: sample-rally-base
    parent: rally-task-at-devstack
    abstract: true
    timeout: 7800
    irrelevant-files: *documents

- job:
    name: sample-rally
    parent: sample-rally-base
    vars:
      rally_task: rally-jobs/task-sample.yaml

- job:
    name: sample-rally-two
    parent: rally-task-at-devstack
    timeout: 7200
    files:
      - ^sample/.*$
      - ^rally-jobs/.*$
    vars:
      rally_task: rally-jobs/task-two.yaml

- project-template:
    name: sample-jobs
    check:
      jobs:
        - sample-tox
        - sample-rally-two:
            voting: false

- project:
    templates: [sample-jobs]
    check:
      jobs:
        - sample-rally
    gate:
      jobs:
        - sample-tox
        - sample-rally
"""

BASE = "    parent: rally-task-at-devstack\n    abstract"
ONE = "    parent: sample-rally-base\n"
TWO = "    parent: rally-task-at-devstack\n    timeout: 7200\n"
TASK_ONE = "      rally_task: rally-jobs/task-sample.yaml\n"
TASK_TWO = "      rally_task: rally-jobs/task-two.yaml\n"
VARS_TWO = "    vars:\n" + TASK_TWO
FILES = "    files:\n      - ^sample/.*$\n      - ^rally-jobs/.*$\n"
IRRELEVANT = "      - ^doc/.*$\n"
CHECK = "    templates: [sample-jobs]\n    check:\n      jobs:\n        - sample-rally\n"
GATE = "    gate:\n      jobs:\n        - sample-tox\n        - sample-rally\n"
ENTRY = "        - sample-rally-two:\n            voting: false\n"
PROJECT_ITEM = "- project:\n"


def parent(name):
    return [("parent: rally-task-at-devstack\n    timeout", "parent: %s\n    timeout" % name)]


def listed(name):
    return [(CHECK, CHECK + "        - %s\n" % name)]


def entry(text):
    return [(CHECK, CHECK[:-1] + ":\n" + "".join("            %s\n" % line for line in text.split("\n")))]


def task(text):
    return [(TASK_TWO, "      rally_task: %s\n" % text)]


def job(text):
    """A further job, before the project."""
    return [(PROJECT_ITEM, "- job:\n" + "".join("    %s\n" % line for line in text.split("\n")) + "\n" + PROJECT_ITEM)]


CHILD = "name: sample-rally-child\nparent: sample-rally\n"
AT_CHILD = ["        - sample-rally-child"]
AT_ONE = ["        - sample-rally\n"]
AT_TWO = ["        - sample-rally-two"]

# kind, what is replaced by what, and where not the lines of the last replacement are wrong, texts of
# which the first lines are
SEEDS = [
    # parents
    *[("parent " + name, parent(name)) for name in (
        "rally-task-at-devstak", "rally-task-keystone", "rally-task-novaa", "rally-task-at-devstack-2", "rally-task",
        "rally-task-", "rally-tasks-nova", "rally-at-devstack", "Rally-task-nova", "rally_task_at_devstack",
        "devstack-rally", "sample-raly-base", "sample-rally-bases", "no-such-job", "rally-task-at-grenad")],
    ("parent of the parent", [(BASE, BASE.replace("at-devstack", "on-devstack"))]),
    ("parent of a job that is in no pipeline", job("name: other\nparent: rally-task-nothing\nabstract: true"),
     ["    parent: rally-task-nothing"]),
    ("parent with a space", parent("'rally-task-nova '")),
    # listed jobs
    *[("listed " + name, listed(name)) for name in (
        "rally-task-keystone", "rally-task-at-devstak", "rally-task-cindr", "sample-raly", "sample-rally-3",
        "sample-rally-to", "samplerally", "sample-rall", "sample-rally_two", "sample-rally-voting",
        "rally-task-novas", "rally-task-simple")],
    ("listed in the gate only", [(GATE, GATE + "        - sample-raly-two\n")]),
    ("listed in a template", [(ENTRY, ENTRY + "        - rally-task-zaqarr\n")]),
    ("listed with attributes", listed("rally-task-novaa: {voting: false}")),
    ("misspelled in the template", [(ENTRY, ENTRY.replace("-two", "-tow")), (GATE, GATE + "        - sample-rally-two\n")],
     ["        - sample-rally-tow"]),
    # abstract jobs
    ("abstract base listed", listed("sample-rally-base")),
    ("abstract of its own", [(TWO, TWO + "    abstract: true\n")], AT_TWO),
    ("abstract base in the gate", [(GATE, GATE + "        - sample-rally-base\n")]),
    ("abstract by a variant", job("name: sample-rally-two\nabstract: true"), AT_TWO),
    ("abstract in another spelling", [(TWO, TWO + "    abstract: Yes\n")], AT_TWO),
    ("abstract child", job(CHILD + "abstract: true") + listed("sample-rally-child"), AT_CHILD),
    ("abstract with a task", [("    abstract: true\n", "    abstract: true\n    vars: {rally_task: rally-jobs/task-two.yaml}\n")]
     + listed("sample-rally-base"), ["        - sample-rally-base"]),
    ("abstract devstack job with a task", listed(
        "devstack-base:\n            vars: {rally_task: rally-jobs/task-two.yaml}"), ["        - devstack-base"]),
    ("abstract base twice", listed("sample-rally-base") + [(GATE, GATE + "        - sample-rally-base\n")],
     ["        - sample-rally-base"]),
    # final jobs
    ("final parent", [("    abstract: true\n", "    abstract: true\n    final: true\n")], [ONE]),
    ("final parent of a child", [(ONE, ONE + "    final: true\n")] + job(CHILD) + listed("sample-rally-child"),
     ["    parent: sample-rally\n"]),
    ("final parent elsewhere", parent("openstack-upload-github-mirror"), None),
    ("final parent elsewhere, not protected", parent("promote-security"), None),
    ("final job with variables of an entry", [(ONE, ONE + "    final: true\n")] + entry("vars: {a: b}"),
     ["            vars: {a: b}"]),
    ("final job with a timeout of an entry", [(ONE, ONE + "    final: true\n")] + entry("timeout: 9000"),
     ["            timeout: 9000"]),
    ("final job with a nodeset of an entry", [(ONE, ONE + "    final: true\n")] + entry("nodeset: {nodes: []}"),
     ["            nodeset: "]),
    ("final job with projects of an entry",
     [(ONE, ONE + "    final: true\n")] + entry("required-projects: [openstack/sample]"),
     ["            required-projects: "]),
    ("final job with attempts of an entry", [(ONE, ONE + "    final: true\n")] + entry("attempts: 1"),
     ["            attempts: 1"]),
    # hidden tasks
    ("hidden by the shared list", [(IRRELEVANT, IRRELEVANT + "      - ^rally-jobs/.*$\n")], ["    irrelevant-files: *"]),
    ("hidden by the shared list's pattern of all", [(IRRELEVANT, IRRELEVANT + "      - ^.*\\.yaml$\n")],
     ["    irrelevant-files: *"]),
    ("hidden by the list of the parent", [("irrelevant-files: *documents", "irrelevant-files: ['^rally-.*$']")],
     ["    irrelevant-files: ['"]),
    ("hidden by its own list", [(ONE, ONE + "    irrelevant-files:\n      - rally-jobs\n")], ["      - rally-jobs\n"]),
    ("hidden by one pattern", [(ONE, ONE + "    irrelevant-files: ^rally-jobs/\n")]),
    ("hidden by a list of an entry", entry("irrelevant-files: *documents\nvoting: true\nfiles: [^doc/.*$]"),
     ["            files: "]),
    ("hidden by irrelevant files of an entry", entry("irrelevant-files: [^rally-jobs/.*$]"),
     ["            irrelevant-files: "]),
    ("hidden by files", [(FILES, "    files:\n      - ^sample/.*$\n")], ["      - ^sample/"]),
    ("hidden by one file", [(FILES, "    files: ^sample/.*$\n")], ["    files: "]),
    ("hidden by files of a near name", [(FILES, FILES.replace("rally-jobs", "rally_jobs"))], ["      - ^sample/"]),
    ("hidden by files of another task", [(FILES, FILES.replace("rally-jobs/.*", "rally-jobs/task-sample.yaml"))],
     ["      - ^sample/"]),
    ("hidden in a template", [(ENTRY, ENTRY + "            files: [^sample/.*$]\n")], ["            files: "]),
    ("hidden by an anchor", [(FILES, "    files: *documents\n")], ["    files: *"]),
    ("hidden from a child", [(ONE, ONE + "    files: [^sample/.*$]\n")] + job(CHILD) + listed("sample-rally-child"),
     ["    files: ["]),
    ("hidden by a longer pattern", [(ONE, ONE + "    irrelevant-files: ['^(doc|rally-jobs|tools)/.*$']\n")]),
    # pipelines
    ("in no pipeline", [(ENTRY, "")], ["    name: sample-rally-two"]),
    ("harmless: template not used", [("    templates: [sample-jobs]\n", "")], None),
    ("new job in no pipeline", job(CHILD), ["    name: sample-rally-child"]),
    ("new job in no pipeline, of rally", job("name: other-rally\nparent: rally-task-nova"), ["    name: other-rally"]),
    ("only variants in no pipeline", job("name: other-rally\nparent: rally-task-nova\nbranches: ^stable/.*$"),
     ["    name: other-rally"]),
    ("in no pipeline, of a task alone",
     job("name: other-rally\nparent: devstack\nvars: {rally_task: rally-jobs/task-two.yaml}"),
     ["    name: other-rally"]),
    # timeouts
    ("timeout", [("    timeout: 7200\n", "    timeout: 10801\n")]),
    ("timeout of the parent", [("    timeout: 7800\n", "    timeout: 14400\n")]),
    ("timeout of an entry", entry("timeout: 20000")),
    ("timeout in the template", [(ENTRY, ENTRY + "            timeout: 10801\n")]),
    ("timeout of a variant", job("name: sample-rally\nbranches: ^stable/.*$\ntimeout: 10900"), ["    timeout: 10900"]),
    # tasks
    ("no task", [(VARS_TWO, "")], AT_TWO),
    ("no task, one in each pipeline", [("    vars:\n" + TASK_ONE, "")], AT_ONE),
    ("other variables", [(TASK_TWO, "      devstack_localrc: {A: b}\n")], AT_TWO),
    *[("misspelled " + name, [(TASK_TWO, TASK_TWO.replace("rally_task", name))], AT_TWO)
      for name in ("rally_tasks", "rallytask", "raly_task", "RALLY_TASK", "rally_task_file", "task")],
    *[("file " + name, task(name)) for name in (
        "rally-jobs/task-tow.yaml", "rally-jobs/task-two.yml", "./rally-jobs/none.yaml", "/rally-jobs/none.yaml",
        "/home/zuul/rally-jobs/task-two.yaml", "task-two.yaml", "rally-jobs//none.yaml", "rally_jobs/task-two.yaml",
        "rally-jobs/Task-two.yaml", "rally-jobs/x/../none.yaml", "rally-scenarios/task-two.yaml",
        "rally-jobs/task-two.yaml/", "sample/rally-jobs/task-two.yaml", "'rally-jobs/task-two.yaml '")],
    ("file of the parent", [("    abstract: true\n", "    abstract: true\n    vars:\n      rally_task: rally-jobs/no.yaml\n"),
                            ("    vars:\n" + TASK_ONE, "")], ["      rally_task: rally-jobs/no.yaml"]),
    ("file of an entry", entry("vars: {rally_task: rally-jobs/no.yaml}")),
    ("file of an entry in the template", [(ENTRY, ENTRY + "            vars: {rally_task: rally-jobs/no.yaml}\n")],
     ["            vars: {"]),
    ("file of a job elsewhere", listed("rally-task-nova")),
    ("file of a parent elsewhere", [(VARS_TWO, "")] + parent("rally-task-cinder"), ["    parent: rally-task-cinder"]),
    ("file of the grandparent elsewhere", [(BASE, BASE.replace("at-devstack", "heat")), ("    vars:\n" + TASK_ONE, "")],
     ["    parent: rally-task-heat"]),
    ("file of a child", job(CHILD + "vars: {rally_task: rally-jobs/no.yaml}") + listed("sample-rally-child"),
     ["    vars: {rally_task: rally-jobs/no"]),
    ("file in the gate only", [(GATE, GATE[:-1] + ":\n            vars: {rally_task: rally-jobs/no.yaml}\n")],
     ["            vars: {"]),
    # harmless
    ("harmless", []),
    ("harmless: ./", task("./rally-jobs/task-two.yaml")),
    ("harmless: absolute", task("/rally-jobs/task-two.yaml")),
    ("harmless: two slashes", task("rally-jobs//task-two.yaml")),
    ("harmless: up and down", task("rally-jobs/../rally-jobs/task-two.yaml")),
    ("harmless: other task", task("rally-jobs/task-sample.yaml")),
    ("harmless: parent here", parent("sample-rally-base")),
    ("harmless: parent elsewhere", parent("rally-task-neutron")),
    ("harmless: parent at grenade", parent("rally-task-at-grenade")),
    ("harmless: child", job(CHILD) + listed("sample-rally-child")),
    ("harmless: child before its parent",
     [("- job:\n    name: sample-tox\n", "- job:\n    name: sample-rally-child\n    parent: sample-rally\n\n"
       "- job:\n    name: sample-tox\n")] + listed("sample-rally-child")),
    ("harmless: final job", [(ONE, ONE + "    final: true\n")]),
    ("harmless: final job with an entry", [(ONE, ONE + "    final: true\n")] + entry("voting: false")),
    ("harmless: final job with files of an entry",
     [(ONE, ONE + "    final: true\n")] + entry("irrelevant-files: *documents")),
    ("harmless: no longer abstract", [(ONE, ONE + "    abstract: false\n")]),
    ("harmless: abstract in no pipeline", job(CHILD + "abstract: true")),
    ("harmless: timeout", [("    timeout: 7200\n", "    timeout: 10800\n")]),
    ("harmless: task of an entry", [("rally-jobs/task-two.yaml", "rally-jobs/no.yaml"),
                                    (ENTRY, ENTRY + "            vars: {rally_task: rally-jobs/task-two.yaml}\n")]),
    ("harmless: task of the project", [(VARS_TWO, ""), (PROJECT_ITEM, PROJECT_ITEM + "    vars: {rally_task: rally-jobs/task-two.yaml}\n")]),
    ("harmless: task of the base", [("    abstract: true\n", "    abstract: true\n    vars:\n" + TASK_ONE),
                                    ("    vars:\n" + TASK_ONE + "\n- job:\n    name: sample-rally-two", "\n- job:\n    name: sample-rally-two")]),
    ("harmless: variant of another branch", job("name: sample-rally\nbranches: ^stable/.*$\nvars: {rally_task: rally-jobs/no.yaml}")),
    ("harmless: abstract variant of another branch", job("name: sample-rally\nbranches: ^stable/.*$\nabstract: true")),
    ("harmless: entry of another branch", entry("branches: ^stable/.*$\nvars: {rally_task: rally-jobs/no.yaml}")),
    ("harmless: variant of master", job("name: sample-rally\nbranches: master\nvars: {rally_task: rally-jobs/task-two.yaml}")),
    ("harmless: gate only", [(CHECK, "    templates: [sample-jobs]\n")]),
    ("harmless: no template", [("    templates: [sample-jobs]\n    check:\n      jobs:\n",
                                "    check:\n      jobs:\n        - sample-rally-two\n")]),
    ("harmless: experimental only", [(ENTRY, ""), (PROJECT_ITEM, PROJECT_ITEM + "    experimental:\n      jobs: [sample-rally-two]\n")]),
    ("harmless: project twice", [(ENTRY, "")] + [(PROJECT_ITEM, "- project:\n    gate:\n      jobs: [sample-rally-two]\n\n" + PROJECT_ITEM)]),
    ("harmless: irrelevant files", [(ONE, ONE + "    irrelevant-files: [^rally-jobs/README.rst$]\n")]),
    ("harmless: pattern at the start", [(ONE, ONE + "    irrelevant-files: [jobs, task-sample.yaml]\n")]),
    ("harmless: files of the task", [(FILES, "    files: [rally-jobs/task-two.yaml]\n")]),
    ("harmless: list of an entry", [(ONE, ONE + "    irrelevant-files: [rally-jobs]\n"),
                                    (CHECK, CHECK[:-1] + ":\n            irrelevant-files: *documents\n"),
                                    (GATE, GATE[:-1] + ":\n            irrelevant-files: *documents\n")]),
    ("harmless: more in the shared list", [("      - ^releasenotes/.*$\n", "      - ^releasenotes/.*$\n      - ^tools/.*$\n")]),
    ("harmless: noop", listed("noop")),
    ("harmless: known job", listed("rally-openstack-docker-build")),
    ("harmless: unknown template", [(CHECK, CHECK.replace("[sample-jobs]", "[sample-jobs, other-jobs]"))]),
    ("harmless: source elsewhere", task("rally-jobs/none.yaml\n      rally_task_src_dir: /opt/stack/other")),
]


def tree(changes, texts, is_folder):
    """Return path to text, and the lines that a finding may name."""
    text = SAMPLE
    for old, new in changes:
        assert old in text, old
        at = text.index(old)
        text = text[:at] + new + text[at + len(old):]
        first = text[:at].count("\n")
        span = range(first, first + new.count("\n") + 1)
    if texts is not None:
        assert all(t in text for t in texts), texts
        span = [text[:at.start()].count("\n") for t in texts for at in re.finditer(re.escape(t), text)]
    elif not changes:
        span = []
    lines = text.splitlines(True)
    # the jobs before the first project, or all in one file: an alias ends with its file
    cut = text[:text.index("\n- project:")].count("\n") + 1 if is_folder else len(lines)
    paths = ("zuul.d/jobs.yaml", "zuul.d/project.yaml") if is_folder else (".zuul.yaml", "")
    found = {paths[0]: "".join(lines[:cut]), paths[1]: "".join(lines[cut:])}
    places = ["%s:%d" % ((paths[0], at + 1) if at < cut else (paths[1], at - cut + 1)) for at in span]
    return {path: text for path, text in found.items() if text}, places


def seeds():
    for is_folder in (False, True):
        for kind, changes, *texts in SEEDS:
            files, places = tree(changes, texts[0] if texts else None, is_folder)
            if not is_folder or "*documents" not in files["zuul.d/project.yaml"]:
                yield kind, files, places
    # Zuul reads the first of zuul.yaml, zuul.d, .zuul.yaml, .zuul.d
    for text in (SAMPLE, "- job: {name: sample-rally-three, parent: rally-task-nowhere}\n"):
        yield "two roots", {".zuul.yaml": SAMPLE, ".zuul.d/more.yaml": text}, [".zuul.d:1"]
        yield "two roots", {"zuul.d/all.yaml": SAMPLE, ".zuul.yaml": text}, [".zuul.yaml:1"]
        yield "two roots", {"zuul.yaml": SAMPLE, "zuul.d/more.yaml": text}, ["zuul.d:1"]


def tenant(path, texts):
    """Return the contents of the other projects: the jobs of the snapshot that the texts name."""
    with open(path, encoding="utf-8") as file:
        snapshot = json.load(file)
    jobs = {name: (repo, job) for repo, r in snapshot["repositories"].items() for name, job in r["jobs"].items()}
    jobs.update({name: ("elsewhere", {}) for name in snapshot["elsewhere"]})
    # a parent is known of what leads to Rally only
    found, names = {}, set(re.findall(r"[\w.-]+", texts)) - {"base"}
    while names:
        name = names.pop()
        if name in jobs and name not in found:
            found[name] = jobs[name]
            names.add(jobs[name][1].get("parent", ""))
    contents = {zuul_check.CONFIG: [
        {"pipeline": {"name": name, "manager": "independent"}} for name in ("check", "gate", "experimental")]}
    contents[zuul_check.CONFIG] += [
        {"job": {"name": "base", "parent": None, "run": "run.yaml"}},
        {"project-template": {"name": "other-jobs", "check": {"jobs": ["noop"]}}}]
    for name, (repo, job) in found.items():
        known = {key: job[key] for key in ("abstract", "final", "intermediate", "protected", "timeout") if key in job}
        parent = job.get("parent")
        known["parent"] = parent if parent in found else "base"
        if "task" in job:
            known["vars"] = {"rally_task": job["task"]}
        contents.setdefault(repo, []).append({"job": {"name": name} | known})
    return {name: {"zuul.yaml": yaml.safe_dump(items)} for name, items in contents.items()}


# a part of a message of Zuul, and the rule that is about it
RULES = [
    (re.compile(r'is final and can not act as a parent|Unable to modify final job'), "final-job"),
    (re.compile(r'is abstract and may not be directly run'), "abstract-job"),
    (re.compile(r'exceeds tenant max-job-timeout'), "timeout-over-limit"),
    (re.compile(r'Job \S.* not defined\s.*in the "[^"]*" job stanza', re.S), "unknown-parent"),
    (re.compile(r'Job \S.* not defined\s.*in the "[^"]*" project(-template)? stanza', re.S), "unknown-job"),
]
# what another error has brought about: the item is here, and Zuul has not taken it
FOLLOWS = re.compile(r'Job (\S+) not defined|The project template "(\S+)" was not found')
PLACE = re.compile(r'in "%s/(\S+)@master", line (\d+)' % PROJECT)


def rule_of(message):
    return next(rule for pattern, rule in RULES if pattern.search(message))


def follows(message, names):
    found = FOLLOWS.search(message)
    return bool(found) and (found.group(1) or found.group(2)) in names


def is_at(message, places, files):
    """Return whether one of the places is in the item that the message names."""
    path, first = PLACE.search(message).groups()
    lines = files[path].split("\n")
    ends = (n for n in range(int(first), len(lines)) if lines[n].startswith("- "))
    item = range(int(first), next(ends, len(lines)) + 1)
    return any(place == "%s:%d" % (path, line) for place in places for line in item)


class Graph:
    """Takes the jobs of a change as Zuul's job graph does."""

    def __init__(self):
        self.jobs = []

    def addJob(self, job):
        self.jobs.append(job)


def graph(loaded, pipeline, tree):
    """Return Zuul's error, and job to variables and whether a change of its task starts it."""
    layout = loaded.layout
    project = loaded.getProject(PROJECT)[1]
    change = model.Branch(project)
    change.branch, change.ref, change.files = "master", "refs/heads/master", ["sample/x.py", "rally-jobs/task-sample.yaml"]
    manager = types.SimpleNamespace(pipeline=layout.pipeline_managers[pipeline].pipeline, tenant=loaded)
    item = zuul_check.Paper(parameters={}, annotateLogger=lambda log: log, manager=manager,
                            updatesJobConfig=lambda *args: False)
    config = layout.getProjectPipelineConfig(item, change)
    found, pending = Graph(), {}
    if not config:
        return None, {}

    def frozen(job, *args):
        alone = model.Branch(project)
        name = job.variables.get("rally_task")
        alone.branch, alone.ref, alone.files = "master", "refs/heads/master", [os.path.normpath("./%s" % name)]
        return types.SimpleNamespace(uuid=job.name, _set=lambda **kwargs: None, name=job.name, job=job,
                                     starts=job.changeMatchesFiles(alone))

    model.Job.freezeJob = frozen
    try:
        layout.extendJobGraph(None, item, change, config, found, {}, True, True, [], pending)
    except Exception as error:
        return str(error), {}
    for error in pending.values():
        return str(error), {}
    return None, {job.name: job for job in found.jobs}


def runs_rally(layout, name):
    """Return whether the chain of parents leads to rally-openstack, or the job names a task."""
    seen = set()
    while name and name not in seen:
        seen.add(name)
        variants = layout.jobs.get(name, [])
        if name.startswith("rally-task-") or any("rally_task" in (job.variables or {}) for job in variants):
            return True
        name = next((str(job.parent) for job in variants if job.parent and isinstance(job.parent, str)), None)
    return False


def judge(contents, registry, ansible, tree, places):
    """Return the rules of what is rejected, and of what never runs, with what is said."""
    rejected, idle = {}, {}
    loaded = zuul_check.load(contents, registry, ansible)
    layout = loaded.layout
    names = set(re.findall(r"^    name: (\S+)$", "\n".join(contents[PROJECT].values()), re.M))
    for error in layout.loading_errors:
        if error.name == MultipleProjectConfigurations.zuul_error_name:
            assert error.severity == SEVERITY_WARNING
            idle["zuul-two-roots"] = error.error
        if error.severity == zuul_check.SEVERITY_ERROR and not follows(error.error, names):
            rejected[rule_of(error.error)] = error.error
            assert is_at(error.error, places, contents[PROJECT]), (places, error.error)
    if rejected:
        return rejected, idle
    for pipeline in ("check", "gate"):
        error, jobs = graph(loaded, pipeline, tree)
        if error:
            rejected[rule_of(error)] = error
        for name, job in jobs.items():
            if not runs_rally(layout, name):
                continue
            task = job.job.variables.get("rally_task")
            if "rally_task_src_dir" in job.job.variables:
                continue
            if task is None:
                rejected["task-not-set"] = "'rally_task' is undefined"
            elif not os.path.exists("%s/%s" % (tree, task)):
                rejected["task-missing"] = "'%s' Rally task file is missed." % task
            elif not job.starts:
                idle["task-hidden"] = "%s: %s" % (name, task)
    idle |= unlisted(loaded)
    return rejected, idle


def unlisted(loaded):
    layout, own, listed = loaded.layout, set(), set()
    for name, variants in layout.jobs.items():
        mine = [job for job in variants if job.source_context and job.source_context.project_name == PROJECT]
        if mine and not any(job.abstract for job in mine) and runs_rally(layout, name):
            own.add(name)
        listed.update(job.parent for job in variants if isinstance(job.parent, str))
    templates = [one for many in layout.project_templates.values() for one in many]
    for config in templates + layout.getAllProjectConfigs("example.org/" + PROJECT):
        for pipeline in config.pipelines.values():
            listed.update(pipeline.job_list.jobs)
    return {"job-in-no-pipeline": name for name in own - listed}


def main(folder, jobs):
    logging.disable(logging.CRITICAL)
    folder, told = pathlib.Path(folder), list(seeds())
    others = tenant(jobs, "\n".join(text for _, files, _ in told for text in files.values()))
    zuul_check.COMPONENT_REGISTRY.registry = types.SimpleNamespace(model_api=zuul_check.MODEL_API)
    registry, ansible = zuul_check.connections(), zuul_check.AnsibleManager()
    found = []
    for number, (kind, files, places) in enumerate(told):
        tree = folder / ("%03d" % number)
        more = {"rally-jobs/task-%s.yaml" % name: TASK for name in ("sample", "two")}
        for path, text in (files | more).items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text, encoding="utf-8")
        rejected, idle = judge(others | {PROJECT: zuul_check.files_of(tree)}, registry, ansible, tree, places)
        found.append({"tree": tree.name, "kind": kind, "places": places, "rejected": rejected, "idle": idle})
    (folder / "seeds.json").write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
