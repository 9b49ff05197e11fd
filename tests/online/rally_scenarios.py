"""Print what the source of the installed rally and rally-openstack tells of their scenarios.

usage: rally_scenarios.py

The output is templates/rally/scenarios.txt. Nothing of Rally runs: the source is read. Where a
scenario gets to is found by names: whatever a function mentions leads to every function of that
name. So more timers are found than a run reports, and, as far as names go, none is missed.
"""

import ast
import collections
import importlib.metadata
import importlib.util
import pathlib
import re
import sys

HEADER = """\
# The scenarios of rally {rally} and rally-openstack {rally_openstack}, one a line, and the atomic actions that each
# can report with whatever arguments, as far as the packages' source tells: every timer that its code
# may reach, so there may be more of them than a run reports (atomic-actions.yaml has what runs
# reported). `*` stands for what depends on an argument or on the API's version. A name alone: not
# known. tests/online/raise_rally.py writes this file.
"""

# Where scenarios are, and what they call.
SOURCES = {
    "rally": ("plugins/task/scenarios",),
    "rally_openstack": ("task/scenarios", "common", "task/types.py"),
}


class Function:
    """What a function mentions, and the timers that it starts."""

    def __init__(self, path, node, bases=()):
        self.name = node.name
        self.folder = path.parent.name
        self.bases = bases
        self.mentions = set()
        self.timers = set()
        assigned = {}
        for child in ast.walk(node):
            if isinstance(child, ast.Attribute):
                self.mentions.add(child.attr)
            elif isinstance(child, ast.Name):
                self.mentions.add(child.id)
            elif isinstance(child, ast.Assign):
                target = child.targets[0]
                if isinstance(target, ast.Name):
                    assigned.setdefault(target.id, child.value)
        for child in ast.walk(node):
            argument = timer(child)
            if argument is not None:
                self.timers.add(pattern(argument, assigned))

    def leads_to(self, functions, classes):
        for name in self.mentions:
            for function in functions[name]:
                if name == "run":
                    # every scenario has one: only super().run() can be meant
                    continue
                if name == "create" and self.folder != function.folder:
                    # the method of a client, and not that of Heat's Stack
                    continue
                yield function
        if self.name == "run" and "run" in self.mentions:
            for base in self.bases:
                yield from classes[base]


def timer(node):
    """Return the name's expression of action_timer(NAME) or of ActionTimer(INSTANCE, NAME)."""
    if not isinstance(node, ast.Call):
        return None
    called = getattr(node.func, "attr", getattr(node.func, "id", None))
    place = {"action_timer": 0, "ActionTimer": 1}.get(called)
    return None if place is None else node.args[place]


def pattern(node, assigned):
    """Return the text of an expression, with * for what is not a constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.sub(r"%(\(\w+\))?[sd]", "*", node.value)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return pattern(node.left, assigned)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return pattern(node.left, assigned) + pattern(node.right, assigned)
    if isinstance(node, ast.JoinedStr):
        return "".join(pattern(value, assigned) for value in node.values)
    if isinstance(node, ast.Name) and node.id in assigned:
        others = {name: value for name, value in assigned.items() if name != node.id}
        return pattern(assigned[node.id], others)
    return "*"


def scenario_name(node):
    """Return the name that @scenario.configure(name=..) gives a class, or None."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "scenario.configure":
            return next(k.value.value for k in decorator.keywords if k.arg == "name")
    return None


def read():
    """Return functions by name, run() by class, and run() or None by scenario."""
    functions = collections.defaultdict(list)
    classes = collections.defaultdict(list)
    scenarios = {}
    for path in sources():
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                functions[node.name].append(Function(path, node))
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = [ast.unparse(base).split(".")[-1] for base in node.bases]
            own = [Function(path, f, bases) for f in node.body if isinstance(f, ast.FunctionDef)]
            for function in own:
                functions[function.name].append(function)
            run = next((f for f in own if f.name == "run"), None)
            classes[node.name].extend([run] if run else [])
            name = scenario_name(node)
            if name:
                scenarios[name] = run
    return functions, classes, scenarios


def sources():
    for package, places in SOURCES.items():
        top = pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0])
        for place in places:
            path = top / place
            yield from [path] if path.is_file() else sorted(path.rglob("*.py"))


def reported(run, functions, classes):
    """Return the timers that may be started from a scenario's run()."""
    timers, seen, todo = set(), set(), [run] if run else []
    while todo:
        function = todo.pop()
        if function not in seen:
            seen.add(function)
            timers |= function.timers
            todo.extend(function.leads_to(functions, classes))
    return sorted(timers)


def main():
    version = importlib.metadata.version
    header = HEADER.format(rally=version("rally"), rally_openstack=version("rally-openstack"))
    functions, classes, scenarios = read()
    sys.stdout.write(header)
    for name in sorted(scenarios):
        print(" ".join([name] + reported(scenarios[name], functions, classes)))


if __name__ == "__main__":
    main()
