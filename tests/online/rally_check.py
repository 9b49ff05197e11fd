"""Ask the real Rally whether it takes the tasks of generated trees.

usage: rally_check.py ATOMIC_ACTIONS TREE...

Each TREE has a rally-jobs/ folder. Its plugins are loaded and its extra/ stands at ~/.rally/extra,
as the CI roles place them. Every task-*.yaml must be YAML as it is, be rendered by Rally without
and with arguments, and pass Rally's syntax validation. Every SLA must bite: at most one iteration of
ten may fail, and each limited atomic action is one that its scenario is known to report (ATOMIC_ACTIONS).

One line a task, and exit code 1 if one is not accepted.
"""

import glob
import logging
import os
import shutil
import sys
import tempfile
from unittest import mock

from rally import api
from rally import plugins
from rally.common.plugin import discover
from rally.task import engine
from rally.task import task_cfg
import yaml

ARGUMENTS = ({}, {"times": 2}, {"times": 3, "concurrency": 2}, {"times": 50, "concurrency": 10})


class Task(dict):
    """As much of a task record as validation touches."""

    def __init__(self, uuid):
        super().__init__(uuid=uuid)
        self.task = self
        self.update_status = self.set_failed = lambda *args, **kwargs: None


def check(tree, known):
    jobs = os.path.join(tree, "rally-jobs")
    home = tempfile.mkdtemp()
    shutil.copytree(jobs + "/extra", home + "/.rally/extra")
    for image in ("dummy_image.qcow2", "dummy_image.raw"):
        open(os.path.join(home, ".rally/extra", image), "wb").close()
    os.environ["HOME"] = home
    discover.load_plugins(jobs + "/plugins")
    tasks = sorted(glob.glob(jobs + "/task-*.yaml"))
    assert tasks, "no task in " + jobs
    for path in tasks:
        with open(path) as task:
            text = task.read()
        yaml.safe_load(text)
        for arguments in ARGUMENTS:
            count = accepted(text, jobs, arguments, known)
        print("accepted: %s: %d workloads" % (os.path.basename(path), count))


def accepted(text, jobs, arguments, known):
    render = api._Task(api.API(skip_db_check=True)).render_template
    rendered = render(task_template=text, template_dir=jobs, **arguments)
    config = task_cfg.TaskConfig(yaml.safe_load(rendered))
    checker = engine.TaskEngine(config, Task("check"), mock.Mock())
    checker.validate(only_syntax=True)
    workloads = [w for subtask in config.subtasks for w in subtask["workloads"]]
    for workload in workloads:
        name, sla = workload["name"], workload["sla"]
        # One of ten, or of eight where there are no more.
        assert sla["failure_rate"]["max"] <= 13, name + " lets iterations fail"
        limits = set(sla["max_avg_duration_per_atomic"])
        never = limits - set(known.get(name, ()))
        assert not never, "%s never reports %s" % (name, sorted(never))
        if arguments.get("times"):
            assert workload["runner"]["times"] == arguments["times"], name
    return len(workloads)


def main(actions, *trees):
    logging.disable(logging.CRITICAL)
    with open(actions) as facts:
        known = yaml.safe_load(facts)["scenarios"]
    plugins.load()
    bad = 0
    for tree in trees:
        sys.stdout.flush()
        # A process of its own: no tree sees the plugins of another.
        child = os.fork()
        if not child:
            try:
                check(tree, known)
            except Exception as error:
                print("NOT accepted: %s: %s: %s" % (tree, type(error).__name__, error))
                sys.stdout.flush()
                os._exit(1)
            sys.stdout.flush()
            os._exit(0)
        bad |= os.waitpid(child, 0)[1] != 0
    return int(bad)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
