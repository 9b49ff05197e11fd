"""Load Zuul configurations with the configuration loader of the real Zuul, from PyPI.

usage: zuul_check.py PROJECT PARENTS TREE...

PROJECT is the name of the project whose files are in each TREE, PARENTS a YAML file of project to
items: what the rest of the tenant defines. Prints one JSON object a line for each tree:

  files   the files that Zuul reads, of the project
  errors  what Zuul has to say against the configuration, as text
  jobs    name to parent, of the jobs that the project defines
  check   name to what Zuul would run, of the jobs in this pipeline for a change on master:
          voting, chain (the job and its parents), vars, and skipped: whether a change of these
          files only would not start it: the project's Zuul files and its rally task;
          or error, where there is no such job
  gate    the same
  periodic  the same for a build that a timer starts, which has no files

What Zuul keeps in ZooKeeper, or asks of its mergers and code review systems, is made of paper.
"""

import configparser
import contextlib
import json
import logging
import os
import sys
import tempfile
import types

import yaml
import zuul.driver.bubblewrap
from zuul import configloader, model
from zuul.exceptions import SEVERITY_ERROR
from zuul.lib.ansible import AnsibleManager
from zuul.lib.connections import ConnectionRegistry
from zuul.model_api import MODEL_API
from zuul.zk.components import COMPONENT_REGISTRY

CONFIG = "sample/config"
TASK = "rally-jobs/task-sample.yaml"


class Paper:
    """Stands for whatever is asked for; what it is given, it has."""

    def __init__(self, **have):
        self.__dict__.update(have)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: Paper()


class FilesCache(dict):
    ltime = -1

    def setValidFor(self, *args):
        pass


@contextlib.contextmanager
def unlocked(*args):
    yield


def files_of(tree):
    """Returns path to text as Zuul's merger would (zuul.merger.merger.Repo.getFiles)."""
    found, ignored = {}, []
    for folder, _, names in os.walk(tree):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), tree)
            if path.endswith(".zuul.ignore"):
                ignored.append(os.path.dirname(path))
            in_folder = path.startswith(("zuul.d/", ".zuul.d/"))
            if path in ("zuul.yaml", ".zuul.yaml") or in_folder and path.endswith(".yaml"):
                with open(os.path.join(tree, path), encoding="utf-8", newline="") as file:
                    found[path] = file.read()
    ignored = tuple(prefix for prefix in ignored if prefix)
    return {p: text for p, text in found.items() if not (ignored and p.startswith(ignored))}


def connections():
    config = configparser.ConfigParser()
    config.read_dict({"connection gerrit": {
        "driver": "gerrit", "server": "review.example.org",
        "canonical_hostname": "example.org", "user": "zuul", "sshkey": "/nonexistent"}})
    zuul.driver.bubblewrap.BubblewrapDriver._parse_bwrap_version = lambda self: (0, 11, 0)
    registry = ConnectionRegistry()
    registry.configure(config, sources=True, triggers=True, reporters=True)
    connection = registry.connections["gerrit"]
    source = connection.driver.getSource(connection)
    for thing in (connection, type(source)):
        thing.getProjectBranches = lambda *args, **kwargs: ["master"]
        thing.getProjectDefaultBranch = lambda *args, **kwargs: "master"
        thing.getProjectMergeModes = lambda *args, **kwargs: None
    return registry


class Merger:
    git_timeout = 10

    def __init__(self, contents):
        self.contents = contents

    def getFiles(self, connection, project, branch, files, dirs=(), **kwargs):
        found = dict.fromkeys(files) | self.contents[project]
        return Paper(files=found, wait=lambda timeout=None: True, updated=True,
                     extra_config_files=(), extra_config_dirs=(), ltime=1)


def load(contents, registry, ansible):
    """Returns the tenant."""
    cache = Paper(getFilesCache=lambda *args: FilesCache(), writeLock=unlocked,
                  readLock=unlocked)
    zk = Paper(client=None, getCurrentLtime=lambda: 1)
    pair = (Paper(decrypt=lambda *args: b"secret"), None)
    keys = Paper(getProjectSecretsKeys=lambda *args: pair,
                 getProjectSSHKeys=lambda *args: pair, getTenantSSHKeys=lambda *args: pair)
    loader = configloader.ConfigLoader(
        registry, Paper(system_id="sample"), zk, model.SystemAttributes(), cache,
        None, None, Merger(contents), keys)
    others = [name for name in contents if name != CONFIG]
    tenant = {"name": "sample", "default-ansible-version": "11", "max-nodes-per-job": 10,
              "source": {"gerrit": {"config-projects": [CONFIG],
                                    "untrusted-projects": others}}}
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        yaml.safe_dump([{"tenant": tenant}], file)
        file.flush()
        unparsed = loader.readConfig(file.name)
    abide = model.Abide()
    loader.loadAuthzRules(abide, unparsed)
    loader.loadSemaphores(abide, unparsed)
    loader.loadTPCs(abide, unparsed)
    return loader.loadTenant(abide, "sample", ansible, unparsed, min_ltimes=None,
                             ignore_cat_exception=False)


def runs(tenant, project_name, pipeline, files):
    """Returns what a change of these files on master would run; without files, what a timer would."""
    layout = tenant.layout
    project = tenant.getProject(project_name)[1]
    change = model.Branch(project)
    change.branch, change.ref = "master", "refs/heads/master"
    if files is not None:
        change.files = files
    item = Paper(parameters={}, annotateLogger=lambda log: log, manager=types.SimpleNamespace(
        pipeline=layout.pipeline_managers[pipeline].pipeline, tenant=tenant))
    config = layout.getProjectPipelineConfig(item, change)
    return {str(name): run(layout, tenant, item, name, entries, change)
            for name, entries in (config.job_list.jobs.items() if config else ())}


def run(layout, tenant, item, name, entries, change):
    """Returns one job as Zuul freezes it: from its base job down, then the entries."""
    job, chain = None, []
    try:
        variants = layout.collectJobs(item, name, change)
    except model.NoMatchingParentError:
        return {"error": "no definition of the job matches"}
    for variant in variants:
        if job is None:
            job = variant.copy()
            job.setBase(layout, tenant.semaphore_handler)
        else:
            job.applyVariant(variant, layout, tenant.semaphore_handler)
        job.name = variant.name
        chain.insert(0, str(variant.name))
    for entry in entries:
        job.applyVariant(entry, layout, tenant.semaphore_handler)
    return {"voting": job.voting, "chain": list(dict.fromkeys(chain)),
            "vars": json.loads(json.dumps(job.variables, default=dict)),
            "skipped": not job.changeMatchesFiles(change)}


def check(project, parents, tree, registry, ansible):
    try:
        own = files_of(tree)
    except UnicodeDecodeError as error:
        return {"errors": [str(error)]}
    contents = {name: {"zuul.yaml": yaml.safe_dump(items) if items else ""}
                for name, items in parents.items()}
    contents[project] = own
    tenant = load(contents, registry, ansible)
    layout = tenant.layout
    errors = [error.error for error in layout.loading_errors
              if error.severity == SEVERITY_ERROR]
    mine = {}
    for name, variants in layout.jobs.items():
        for job in variants:
            if job.source_context and job.source_context.project_name == project:
                mine[str(name)] = str(job.parent)
    result = {"errors": errors, "jobs": mine, "files": sorted(own)}
    for pipeline in ("check", "gate"):
        result[pipeline] = runs(tenant, project, pipeline, sorted(own) + [TASK])
    result["periodic"] = runs(tenant, project, "periodic", None)
    return result


def main(project, parents, *trees):
    logging.disable(logging.CRITICAL)
    COMPONENT_REGISTRY.registry = types.SimpleNamespace(model_api=MODEL_API)
    with open(parents, encoding="utf-8") as file:
        parents = yaml.safe_load(file)
    registry, ansible = connections(), AnsibleManager()
    for tree in trees:
        found = check(project, parents, tree, registry, ansible)
        print(json.dumps({"tree": tree} | found))


if __name__ == "__main__":
    main(*sys.argv[1:])
