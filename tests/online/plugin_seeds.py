"""Write trees whose plugins have one defect each, and ask the real Rally about every one.

usage: plugin_seeds.py FOLDER

Into FOLDER go NNN/rally-jobs/, one a seed, and seeds.json: for each its kind, the files that Rally
skips and why, whether Rally refuses the task and why, and the lines that are marked with `# here`,
which a finding should name (a file without a mark may have it anywhere).
Each seed is loaded in a process of its own, as the CI loads it: rally-jobs/plugins, then the task.
"""

import json
import logging
import os
import pathlib
import sys
from unittest import mock

from rally import plugins
from rally.cli import yamlutils
from rally.common.plugin import discover
from rally.task import engine
from rally.task import task_cfg

HEAD = "from rally.task import scenario\n"
OPENSTACK = "from rally_openstack.task import scenario\n"
BODY = "class Do(scenario.Scenario):\n    def run(self, size=1):\n        pass\n"
GOOD = HEAD + '@scenario.configure(name="Own.do")\n' + BODY

TASK = """\
version: 2
title: Seed
subtasks:
  - title: One
    workloads:
      - scenario:
          %s
        runner:
          serial: {times: 1}
%s"""


def task(scenario="Own.do: {}", more=""):
    return TASK % (scenario, more)


def configured(decorator, head=HEAD, body=BODY):
    return head + decorator + "\n" + body


CONTEXT = """\
from rally.task import context
from rally.common import validation
@context.configure(name="own", order=5)
class Own(context.Context):
    CONFIG_SCHEMA = {"type": "object", "properties": {"size": {"type": "integer"}}, "additionalProperties": False}
    def setup(self): pass
    def cleanup(self): pass
"""

# kind, files below rally-jobs/plugins (or elsewhere with a path of its own), the task
SEEDS = [
    ("harmless", {"a.py": GOOD}, task()),
    ("harmless: in a folder", {"deep/er/a.py": GOOD}, task()),
    ("harmless: in __init__", {"__init__.py": GOOD}, task()),
    ("harmless: odd file name", {"1 a-b.py": GOOD}, task()),
    ("harmless: alias", {"a.py": GOOD.replace("scenario\n", "scenario as s\n", 1).replace("scenario.", "s.")}, task()),
    ("harmless: imported configure", {"a.py": "from rally.task.scenario import configure, Scenario\n@configure('Own.do')\nclass A(Scenario):\n    def run(self): pass\n"}, task()),
    ("harmless: import of the module", {"a.py": "import rally.task.scenario\n@rally.task.scenario.configure('Own.do')\nclass A(rally.task.scenario.Scenario):\n    def run(self): pass\n"}, task()),
    ("harmless: constant", {"a.py": "NAME = 'Own.' + 'do'\n" + configured("@scenario.configure(name=NAME)")}, task()),
    ("harmless: f-string", {"a.py": "P = 'Own'\n" + configured("@scenario.configure(name=f'{P}.do')")}, task()),
    ("harmless: openstack", {"a.py": configured('@scenario.configure(name="Own.do")', OPENSTACK, BODY.replace(".Scenario", ".OpenStackScenario"))}, task("Own.do@openstack: {}")),
    ("harmless: module beside", {"a.py": "import helper_of_seed\n" + GOOD, "helper_of_seed.py": "X = 1\n"}, task()),
    ("harmless: alias of configure", {"a.py": HEAD + "conf = scenario.configure\n@conf(name='Own.do')\n" + BODY}, task()),
    ("harmless: computed name", {"a.py": configured("@scenario.configure(name='.'.join(['Own', 'do']))")}, task()),
    ("harmless: made by a function", {"a.py": HEAD + "def make(name):\n    @scenario.configure(name=name)\n    class Made(scenario.Scenario):\n        def run(self): pass\n    return Made\nA = make('Own.do')\n"}, task()),
    ("harmless: in a condition", {"a.py": HEAD + "import sys\nif sys.version_info:\n    @scenario.configure(name='Own.do')\n    class A(scenario.Scenario):\n        def run(self): pass\n"}, task()),
    ("harmless: name of a later class", {"a.py": GOOD + "def later():\n    return Late()\nclass Late: pass\n"}, task()),
    ("harmless: two platforms", {"a.py": GOOD, "b.py": configured('@scenario.configure(name="Own.do", platform="x")')}, task()),
    ("harmless: platform of another", {"a.py": configured('@scenario.configure(name="Dummy.dummy", platform="x")')}, task("Dummy.dummy: {}")),
    ("harmless: context", {"a.py": CONTEXT}, task("Dummy.dummy: {}", "        contexts:\n          own: {size: 1}\n")),
    ("harmless: run of a base", {"a.py": HEAD + "class B(scenario.Scenario):\n    def run(self, a): pass\n@scenario.configure('Own.do')\nclass A(B):\n    pass\n"}, task("Own.do: {a: 1}")),
    ("harmless: kwargs", {"a.py": GOOD.replace("size=1", "size=1, **more")}, task("Own.do: {other: 1}")),
    ("harmless: try of an import", {"a.py": "try:\n    import no_such_module_at_all\nexcept ImportError:\n    no_such_module_at_all = None\n" + GOOD}, task()),
    ("harmless: comprehension", {"a.py": "A = [b for b in range(3) if b]\nclass C:\n    x = 1\n    y = x\n" + GOOD}, task()),
    ("harmless: match", {"a.py": GOOD + "match 1:\n    case 1 | 2:\n        pass\n"}, task()),
    ("harmless: validator", {"a.py": configured("from rally.common import validation\n@validation.add('number', param_name='size', minval=1)\n@scenario.configure(name='Own.do')")}, task("Own.do: {size: 2}")),
    ("harmless: SLA", {"a.py": "from rally.task import sla\n@sla.configure(name='own_sla')\nclass A(sla.SLA):\n    CONFIG_SCHEMA = {'type': 'number'}\n    def add_iteration(self, i): return True\n    def details(self): return ''\n    def merge(self, o): pass\n"}, task("Dummy.dummy: {}", "        sla:\n          own_sla: 3\n")),
    # the file is no Python
    ("python 2 print", {"a.py": GOOD + 'print "a"  # here\n'}, task()),
    ("conflict marker", {"a.py": GOOD + "<<<<<<< HEAD  # here\n"}, task()),
    ("open bracket", {"a.py": HEAD + '@scenario.configure(name="Own.do"\n' + BODY}, task()),
    ("missing colon", {"a.py": GOOD.replace("size=1):", "size=1)  # here")}, task()),
    ("indentation", {"a.py": GOOD + "  x = 1  # here\n"}, task()),
    ("open string", {"a.py": GOOD + "x = 'a  # here\n"}, task()),
    ("python 2 except", {"a.py": GOOD + "try:\n    pass\nexcept A, b:  # here\n    pass\n"}, task()),
    ("python 2 octal", {"a.py": GOOD + "x = 0777  # here\n"}, task()),
    ("null byte", {"a.py": GOOD + "x = '\0'  # here\n"}, task()),
    ("keyword as a name", {"a.py": GOOD + "def f(async): pass  # here\n"}, task()),
    ("too deep brackets", {"a.py": GOOD + "x = " + "(" * 250 + "1" + ")" * 250 + "  # here\n"}, task()),
    ("syntax error, and another file", {"a.py": "x = (\n", "b.py": GOOD}, task()),
    ("syntax error, and a task with an error", {"a.py": "x = (\n", "b.py": GOOD}, task("Own.other: {}  # here")),
    # Rally has no such thing
    ("harmless: name of a package", {"a.py": "from rally import task, consts\nfrom rally_openstack.task.scenarios.nova import utils\nimport rally.common.logging as log\nclass A(task.scenario.Scenario):\n    x = [consts.JSON_SCHEMA, log.getLogger]\n" + GOOD}, task()),
    ("harmless: moved module in a try", {"a.py": "try:\n    from rally.plugins.openstack import scenario as s\nexcept ImportError:\n    from rally_openstack.task import scenario as s\n" + GOOD}, task()),
    ("harmless: old module in a function", {"a.py": GOOD + "def f():\n    from rally.plugins.openstack import scenario\n    return scenario.OpenStackScenario\n"}, task()),
    ("harmless: old module for types", {"a.py": "import typing\nif typing.TYPE_CHECKING:\n    from rally.plugins.openstack import scenario as s\n" + GOOD}, task()),
    ("harmless: rebound module", {"a.py": "from rally.task import atomic\nclass atomic:\n    optional = lambda n: lambda f: f\n" + GOOD.replace("    def", "    @atomic.optional('a')\n    def")}, task()),
    ("harmless: patched module", {"a.py": "from rally.task import atomic\natomic.optional = lambda n: lambda f: f\n" + GOOD.replace("    def", "    @atomic.optional('a')\n    def")}, task()),
    ("harmless: name of a class", {"a.py": HEAD + "class S:\n    class scenario:\n        nothing = 1\n    x = scenario.nothing\n" + GOOD}, task()),
    ("harmless: private name", {"a.py": "from rally.common.plugin.plugin import _DEFAULT_UNUSED\n".replace("_DEFAULT_UNUSED", "__name__") + GOOD}, task()),
    ("harmless: module of an older rally-openstack", {"a.py": "from rally_openstack import consts\nfrom rally_openstack import scenario as s\nfrom rally_openstack.scenarios.neutron import utils\nimport rally_openstack.wrappers.network\nX = [consts.Service, utils.NeutronScenario, rally_openstack.wrappers.network.wrap]\n" + GOOD}, task()),
    ("module moved", {"a.py": "from rally.plugins.openstack import scenario  # here\n@scenario.configure(name='Own.do')\nclass A(scenario.OpenStackScenario):\n    def run(self): pass\n"}, task()),
    ("module moved, imported", {"a.py": "import rally.plugins.openstack.scenario  # here\n" + GOOD}, task()),
    ("module misspelt", {"a.py": GOOD.replace("import scenario\n", "import scenarios as scenario  # here\n")}, task()),
    ("name misspelt", {"a.py": "from rally.task.scenario import Scenrio  # here\n" + GOOD}, task()),
    ("class imported as a module", {"a.py": "import rally.task.scenario.Scenario  # here\n" + GOOD}, task()),
    ("star of no module", {"a.py": "from rally.task.scenarios import *  # here\n" + GOOD}, task()),
    ("base misspelt", {"a.py": GOOD.replace("(scenario.Scenario):", "(scenario.Scenrio):  # here")}, task()),
    ("decorator of the past", {"a.py": "from rally.task import atomic\n" + GOOD.replace("    def", "    @atomic.optional_action_timer('a')  # here\n    def")}, task()),
    ("attribute of a package", {"a.py": "import rally.task\n" + GOOD.replace("(scenario.Scenario):", "(rally.task.scenario.Senario):  # here")}, task()),
    ("attribute at the top", {"a.py": "from rally import consts as c\nX = c.NothingThere.a  # here\n" + GOOD}, task()),
    # Python's compiler
    ("harmless: generators", {"a.py": GOOD + "def g(a):\n    yield from (b for b in a)\nasync def h(a):\n    async for b in a:\n        yield [await c async for c in b]\n"}, task()),
    ("return outside a function", {"a.py": GOOD + "return 1  # here\n"}, task()),
    ("return in a class", {"a.py": GOOD + "class B:\n    return 1  # here\n"}, task()),
    ("yield outside a function", {"a.py": GOOD + "x = (yield)  # here\n"}, task()),
    ("argument twice", {"a.py": GOOD.replace("size=1):", "size=1, size=2):  # here")}, task()),
    ("await outside async", {"a.py": GOOD + "def f(a):\n    await a  # here\n"}, task()),
    ("await at the top", {"a.py": GOOD + "await f  # here\n"}, task()),
    ("break outside a loop", {"a.py": GOOD + "def f():\n    break  # here\n"}, task()),
    ("continue in a function in a loop", {"a.py": GOOD + "for a in ():\n    def f():\n        continue  # here\n"}, task()),
    ("future too late", {"a.py": GOOD + "from __future__ import annotations  # here\n"}, task()),
    ("no such future", {"a.py": "from __future__ import nested  # here\n" + GOOD}, task()),
    ("star import in a function", {"a.py": GOOD + "def f():\n    from os import *  # here\n"}, task()),
    ("parameter is global", {"a.py": GOOD + "def f(a):\n    global a  # here\n"}, task()),
    ("two stars", {"a.py": GOOD + "a, *b, *c = ()  # here\n"}, task()),
    ("keyword twice", {"a.py": GOOD + "x = dict(a=1, a=2)  # here\n"}, task()),
    # a name that is not there
    ("no import", {"a.py": GOOD.replace(HEAD, "").replace("@", "# one\n@").replace('"Own.do")', '"Own.do")  # here')}, task()),
    ("base not imported", {"a.py": GOOD.replace("(scenario.Scenario):", "(Scenario):  # here")}, task()),
    ("name before its value", {"a.py": "X = Y  # here\nY = 1\n" + GOOD}, task()),
    ("name in a class body", {"a.py": GOOD + "class B:\n    x = nothing_there  # here\n"}, task()),
    ("default of an argument", {"a.py": GOOD.replace("size=1):", "size=SIZE):  # here")}, task()),
    ("decorator of a method", {"a.py": GOOD.replace("    def", "    @atomic.action_timer('a')  # here\n    def")}, task()),
    ("call at the end", {"a.py": GOOD + "register(Do)  # here\n"}, task()),
    ("relative import", {"a.py": "from . import b  # here\n" + GOOD, "b.py": ""}, task()),
    ("relative import of a file", {"a.py": "from .b import X  # here\n" + GOOD, "b.py": "X = 1\n"}, task()),
    ("relative import in a folder", {"p/__init__.py": "", "p/a.py": "from . import b  # here\n" + GOOD, "p/b.py": ""}, task()),
    # Rally refuses the plugin
    ("no name", {"a.py": configured("@scenario.configure()  # here")}, task()),
    ("only a platform", {"a.py": configured('@scenario.configure(platform="openstack")  # here')}, task()),
    ("empty name", {"a.py": configured('@scenario.configure(name="")  # here')}, task()),
    ("name without a dot", {"a.py": configured('@scenario.configure(name="Own")  # here')}, task()),
    ("name with a dot at the end", {"a.py": configured('@scenario.configure(name="Own.")  # here')}, task()),
    ("name with an at", {"a.py": configured('@scenario.configure(name="Own.do@x")  # here')}, task()),
    ("unknown parameter", {"a.py": configured('@scenario.configure(name="Own.do", hidden=True)  # here')}, task()),
    ("context without order", {"a.py": CONTEXT.replace(", order=5)", ")  # here")}, task("Dummy.dummy: {}")),
    ("no plugin class", {"a.py": configured('@scenario.configure(name="Own.do")  # here', body="class Do:\n    def run(self): pass\n")}, task()),
    ("class of object", {"a.py": configured('@scenario.configure(name="Own.do")  # here', body="class Do(object):\n    def run(self): pass\n")}, task()),
    ("validator below", {"a.py": configured("from rally.common import validation\n@scenario.configure(name='Own.do')\n@validation.add('number', param_name='size')  # here")}, task()),
    ("validator alone", {"a.py": configured("from rally.common import validation\n@validation.add('number', param_name='size')  # here")}, task()),
    ("types below", {"a.py": configured("from rally.task import types\n@scenario.configure(name='Own.do')\n@types.convert(size={'type': 'x'})  # here")}, task()),
    ("SLA without a name", {"a.py": "from rally.task import sla\n@sla.configure()  # here\nclass A(sla.SLA):\n    pass\n"}, task("Dummy.dummy: {}")),
    ("no brackets", {"a.py": configured("@scenario.configure")}, task("Own.do: {}  # here")),
    # twice
    ("twice in a file", {"a.py": GOOD + '@scenario.configure(name="Own.do")  # here\n' + BODY.replace("Do", "Again")}, task()),
    ("twice in two files", {"a.py": GOOD, "b.py": GOOD}, task()),
    ("Rally's own name", {"a.py": configured('@scenario.configure(name="Dummy.dummy")  # here')}, task("Dummy.dummy: {}")),
    ("Rally's own context", {"a.py": CONTEXT.replace('name="own", order=5)', 'name="users", order=5, platform="openstack")  # here')}, task("Dummy.dummy: {}")),
    # loaded, and the task is wrong
    ("unknown scenario", {"a.py": GOOD}, task("Own.does: {}  # here")),
    ("other platform", {"a.py": GOOD}, task("Own.do@openstack: {}  # here")),
    ("computed name of another class", {"a.py": configured("@scenario.configure(name=f'Own.{str(1)}')")}, task("Other.do: {}  # here")),
    ("unknown argument", {"a.py": GOOD}, task("Own.do: {other: 1}  # here")),
    ("missing argument", {"a.py": GOOD.replace("size=1", "size")}, task("Own.do: {}  # here")),
    ("wrong type", {"a.py": GOOD.replace("size=1", "size: int = 1")}, task("Own.do: {size: a}  # here")),
    ("wrong optional type", {"a.py": GOOD.replace("size=1", "size: int | None = None")}, task("Own.do: {size: a}  # here")),
    ("number too small", {"a.py": configured("from rally.common import validation\n@validation.add('number', param_name='size', minval=1)\n@scenario.configure(name='Own.do')")}, task("Own.do: {size: 0}  # here")),
    ("enum", {"a.py": configured("from rally.common import validation\nV = ['a', 'b']\n@validation.add('enum', param_name='size', values=V)\n@scenario.configure(name='Own.do')")}, task("Own.do: {size: c}  # here")),
    ("required context", {"a.py": configured("from rally.common import validation\n@validation.add('required_contexts', contexts=['volumes'])\n@scenario.configure(name='Own.do')")}, task("Own.do: {}  # here")),
    ("restricted", {"a.py": configured("from rally.common import validation\n@validation.add('restricted_parameters', param_names=['size'])\n@scenario.configure(name='Own.do')")}, task("Own.do: {size: 1}  # here")),
    ("argument of a base", {"a.py": HEAD + "class B(scenario.Scenario):\n    def run(self, a): pass\n@scenario.configure('Own.do')\nclass A(B):\n    pass\n"}, task("Own.do: {b: 1}  # here")),
    ("context's configuration", {"a.py": CONTEXT}, task("Dummy.dummy: {}", "        contexts:\n          own: {size: a}  # here\n")),
    ("unknown key of a context", {"a.py": CONTEXT}, task("Dummy.dummy: {}", "        contexts:\n          own: {sizes: 1}  # here\n")),
    ("context that takes nothing", {"a.py": CONTEXT.replace("    CONFIG_SCHEMA", "    OTHER")}, task("Dummy.dummy: {}", "        contexts:\n          own: {}  # here\n")),
    ("hidden context", {"a.py": CONTEXT.replace("order=5", "order=5, hidden=True")}, task("Dummy.dummy: {}", "        contexts:\n          own: {size: 1}  # here\n")),
    ("SLA's configuration", {"a.py": "from rally.task import sla\n@sla.configure(name='own_sla')\nclass A(sla.SLA):\n    CONFIG_SCHEMA = {'type': 'number'}\n"}, task("Dummy.dummy: {}", "        sla:\n          own_sla: a  # here\n")),
    # never read
    ("wrong folder", {"rally-jobs/a.py": GOOD}, task("Own.do: {}  # here")),
    ("wrong ending", {"a.py.txt": GOOD}, task("Own.do: {}  # here")),
    ("no class", {"a.py": "x = 1\n"}, task("Own.do: {}  # here")),
]


class Task(dict):
    """As much of a task record as validation touches."""

    def __init__(self):
        super().__init__(uuid="seed")
        self.task = self
        self.update_status = self.set_failed = lambda *args, **kwargs: None


class Skipped(logging.Handler):
    """Keeps what Rally says of files that it does not load."""

    def __init__(self, top):
        super().__init__()
        self.top, self.files = top, {}

    def emit(self, record):
        said = record.getMessage()
        if "Failed to load module with plugins " in said:
            path, why = said.split("plugins ", 1)[1].split(": ", 1)
            self.files[os.path.relpath(path, self.top)] = why


def judge(top, text):
    """Return the files that Rally skips, and why it refuses the task."""
    skipped = Skipped(top)
    logging.getLogger("rally.common.plugin.discover").addHandler(skipped)
    folder = top / "rally-jobs" / "plugins"
    if folder.exists():
        discover.load_plugins(str(folder))
    refused = None
    try:
        config = task_cfg.TaskConfig(yamlutils.safe_load(text))
        engine.TaskEngine(config, Task(), mock.Mock()).validate(only_syntax=True)
    except Exception as error:
        refused = "%s: %s" % (type(error).__name__, str(error)[:500])
    return skipped.files, refused


def apart(top, text):
    """Judge in a process of its own: what a seed registers is not for the next one."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(out)
        with os.fdopen(into, "w") as answer:
            json.dump(judge(top, text), answer)
        os._exit(0)
    os.close(into)
    with os.fdopen(out) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return json.loads(said)


def marked(text):
    return [n for n, line in enumerate(text.split("\n"), 1) if "# here" in line]


def main():
    top = pathlib.Path(sys.argv[1])
    plugins.load()
    answers = []
    for number, (kind, files, text) in enumerate(SEEDS):
        seed = top / ("%03d" % number)
        marks = {}
        for name, content in {**files, "rally-jobs/task.yaml": text}.items():
            path = name if name.startswith("rally-jobs/") else "rally-jobs/plugins/" + name
            (seed / path).parent.mkdir(parents=True, exist_ok=True)
            (seed / path).write_text(content)
            if marked(content):
                marks[path] = marked(content)
        skipped, refused = apart(seed, text)
        answers.append({"seed": seed.name, "kind": kind, "skipped": skipped, "refused": refused, "marks": marks})
    (top / "seeds.json").write_text(json.dumps(answers, indent=1))


if __name__ == "__main__":
    main()
