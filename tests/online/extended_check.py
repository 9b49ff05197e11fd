"""Ask the real Rally whether an extended task is the old one and more.

usage: extended_check.py TREE...

Each TREE has before.yaml and rally-jobs/, with extra/ and plugins/ as the CI roles place them, and
the extended task.yaml. Rally must render and load both, and what it loads of the second must be all
of the first, in its order, with more behind it; the second must pass Rally's syntax validation.

One line a tree, and exit code 1 if one is not accepted.
"""

import logging
import os
import shutil
import sys
import tempfile
from unittest import mock

from rally import api
from rally import plugins
from rally.cli import yamlutils
from rally.common.plugin import discover
from rally.task import engine
from rally.task import task_cfg


class Task(dict):
    """As much of a task record as validation touches."""

    def __init__(self, uuid):
        super().__init__(uuid=uuid)
        self.task = self
        self.update_status = self.set_failed = lambda *args, **kwargs: None


def loaded(path, jobs):
    # as `rally task start` reads it, line breaks included
    with open(path) as task:
        text = task.read()
    render = api._Task(api.API(skip_db_check=True)).render_template
    return yamlutils.safe_load(render(task_template=text, template_dir=jobs))


def parts(task):
    """The list or mapping that grows, and the rest."""
    if "subtasks" not in task:
        return list(task.items()), {}
    rest = {key: task[key] for key in task if key != "subtasks"}
    return task["subtasks"], rest


def check(tree):
    jobs = os.path.join(tree, "rally-jobs")
    home = tempfile.mkdtemp()
    shutil.copytree(jobs + "/extra", home + "/.rally/extra")
    for image in ("dummy_image.qcow2", "dummy_image.raw"):
        open(os.path.join(home, ".rally/extra", image), "wb").close()
    os.environ["HOME"] = home
    discover.load_plugins(jobs + "/plugins")
    old, old_rest = parts(loaded(tree + "/before.yaml", jobs))
    task = loaded(jobs + "/task.yaml", jobs)
    new, new_rest = parts(task)
    assert old_rest == new_rest, "the rest has changed"
    assert new[:len(old)] == old, "what was there has changed"
    assert len(new) > len(old), "nothing was added"
    config = task_cfg.TaskConfig(task)
    checker = engine.TaskEngine(config, Task("check"), mock.Mock())
    checker.validate(only_syntax=True)
    count = sum(len(subtask["workloads"]) for subtask in config.subtasks)
    print("accepted: %s: %d workloads" % (os.path.basename(tree), count))


def main(*trees):
    logging.disable(logging.CRITICAL)
    plugins.load()
    for tree in trees:
        try:
            check(tree)
        except Exception as error:
            sys.exit("NOT accepted: %s: %s" % (tree, error))


main(*sys.argv[1:])
