"""Print what the source of the installed rally and rally-openstack tells of their scenarios.

usage: rally_scenarios.py [CHECKOUT]

With a CHECKOUT of rally-openstack: what that has more, templates/rally/development.txt. Else the
output is templates/rally/scenarios.txt. Nothing of Rally runs: the source is read. From a
scenario's run() it follows what is called on self through the classes, and everything else by name:
whatever a function mentions leads to every function of that name, save for calls of a client. It
stops at a timer, because what a timed function starts is nested, and Rally compares limits with the
topmost actions only. So more timers are found than a run reports, and, as far as names go, none is
missed.
"""

import ast
import collections
import importlib.metadata
import importlib.util
import pathlib
import re
import subprocess
import sys

HEADER = """\
# The scenarios of rally {rally} and rally-openstack {rally_openstack}, one a line, and the atomic actions that each
# can report at the top level with whatever arguments, as far as the packages' source tells: every
# timer that its code may reach and that is in no other, so there may be more of them than a run
# reports (atomic-actions.yaml has what runs reported). `*` stands for what depends on an argument.
# APIs that no release of OpenStack has any more do not count. A name alone: not known.
# tests/online/raise_rally.py writes this file.
"""

MORE = """\
# What rally-openstack's development branch, which Zuul runs, has more than scenarios.txt: scenarios,
# and other names of actions; as of its commit {commit}.
# tests/online/rally_scenarios.py writes this file from a checkout.
"""

# Where scenarios are, and what they call.
SOURCES = {
    "rally": ("plugins/task/scenarios",),
    "rally_openstack": ("task/scenarios", "common", "task/types.py"),
}


# APIs that OpenStack has no more: keystone 2, glance 1, cinder 1 and 2.
GONE = {"keystone_v2.py", "glance_v1.py", "cinder_v1.py", "cinder_v2.py"}

# What a version that depends on the cloud is, therefore.
VERSIONS = {"keystone": 3, "glance": 2, "cinder": 3}

# What gives a client: calls of it start no timer.
CLIENTS = {"clients", "admin_clients", "_clients", "_admin_clients"}


class Function:
    """What a function mentions outside its timers, and the timers that it starts."""

    def __init__(self, path, node, own=None):
        self.name = node.name
        self.folder = path.parent.name
        self.own = own
        # self.name, (attribute, name) of self.attribute.name, other.name, and a bare name
        self.own_mentions, self.of_attributes, self.mentions, self.names = set(), set(), set(), set()
        # attribute to class: self.attribute = Class(..)
        self.sets = set()
        self.timers = set()
        self.assigned, self.of_client = {}, set()
        for child in ast.walk(node):
            if isinstance(child, ast.Assign) and is_own(child.targets[0]) and isinstance(child.value, ast.Call):
                called = child.value.func
                self.sets.add((child.targets[0].attr, getattr(called, "attr", getattr(called, "id", ""))))
            if isinstance(child, ast.Assign) and isinstance(child.targets[0], ast.Name):
                self.assigned.setdefault(child.targets[0].id, child.value)
                if is_of_client(child.value, ()):
                    self.of_client.add(child.targets[0].id)
        decorators = [timer(decorator) for decorator in node.decorator_list]
        if not self.start(decorators):
            for child in node.body:
                self.look_at(child)

    def start(self, arguments):
        """Add the timers of these names; return whether there is one."""
        found = [argument for argument in arguments if argument is not None]
        self.timers.update(present(pattern(argument, self.assigned)) for argument in found)
        return bool(found)

    def look_at(self, node):
        if isinstance(node, ast.With) and self.start(timer(item.context_expr) for item in node.items):
            return
        self.start([timer(node)])
        if isinstance(node, ast.Attribute):
            if is_own(node):
                self.own_mentions.add(node.attr)
            elif is_own(node.value):
                self.of_attributes.add((node.value.attr, node.attr))
            elif not is_of_client(node.value, self.of_client):
                self.mentions.add(node.attr)
        elif isinstance(node, ast.Name):
            self.names.add(node.id)
        for child in ast.iter_child_nodes(node):
            self.look_at(child)

    def leads_to(self, receiver, functions, classes, attributes):
        """Yield each function that it may call, with the class of its self."""
        for name in self.own_mentions:
            found = method(receiver, name, classes)
            if found:
                yield found, receiver
            elif name != "run":
                yield from ((function, function.own) for function in functions[name])
        mentions = set(self.mentions)
        for attribute, name in self.of_attributes:
            found = [(method(own, name, classes), own) for own in attributes[attribute]]
            yield from ((function, own) for function, own in found if function)
            if not any(function for function, _ in found):
                mentions.add(name)
        for name in self.names:
            yield from ((function, None) for function in functions[name] if function.own is None)
        for name in mentions:
            if name == "run":
                # every scenario has one: only super().run() can be meant
                for base in classes.get(self.own, ([], {}))[0]:
                    found = method(base, "run", classes)
                    yield from [(found, receiver)] if found else []
                continue
            for function in functions[name]:
                if name in ("create", "update") and self.folder != function.folder:
                    # the method of a client or a dict, and not that of Heat's Stack
                    continue
                yield function, function.own


def method(own, name, classes, depth=0):
    """Return the function that a class has by itself or from its bases, or None."""
    bases, functions = classes.get(own, ([], {}))
    if name in functions:
        return functions[name]
    found = (method(base, name, classes, depth + 1) for base in bases if depth < 20)
    return next((function for function in found if function), None)


def is_own(node):
    """Return whether it is self.something."""
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self"


def is_of_client(node, names):
    """Return whether an expression is a client or of one: self.clients("nova").servers."""
    while isinstance(node, (ast.Attribute, ast.Call, ast.Subscript)):
        if isinstance(node, ast.Attribute) and node.attr in CLIENTS:
            return True
        node = node.func if isinstance(node, ast.Call) else node.value
    return isinstance(node, ast.Name) and node.id in names


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


def present(name):
    """Return the name with the one version that each API has."""
    for api, version in VERSIONS.items():
        name = name.replace("%s_v*." % api, "%s_v%s." % (api, version))
    return name


def scenario_name(node):
    """Return the name that @scenario.configure(name=..) gives a class, or None."""
    for decorator in node.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "scenario.configure":
            return next(k.value.value for k in decorator.keywords if k.arg == "name")
    return None


def read(checkout=None):
    """Return functions by name, bases and methods by class, and the class by scenario."""
    functions = collections.defaultdict(list)
    classes, scenarios = {}, {}
    for path in sources(checkout):
        tree = ast.parse(path.read_text())
        for node in tree.body:
            if isinstance(node, ast.FunctionDef):
                functions[node.name].append(Function(path, node))
        for node in ast.walk(tree):
            if not isinstance(node, ast.ClassDef):
                continue
            bases = [ast.unparse(base).split(".")[-1] for base in node.bases]
            scenario = scenario_name(node)
            # two scenarios may have classes of one name, and nobody inherits across modules then
            own = scenario or node.name
            methods = {}
            for function in (f for f in node.body if isinstance(f, ast.FunctionDef)):
                methods[function.name] = Function(path, function, own)
                functions[function.name].append(methods[function.name])
            classes[own] = (bases, methods)
            if scenario:
                classes.setdefault(node.name, classes[own])
                scenarios[scenario] = own
    return functions, classes, scenarios


def sources(checkout):
    for package, places in SOURCES.items():
        top = pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0])
        if checkout and package == "rally_openstack":
            top = pathlib.Path(checkout, package)
        for place in places:
            path = top / place
            paths = [path] if path.is_file() else sorted(path.rglob("*.py"))
            yield from (path for path in paths if path.name not in GONE)


def reported(own, functions, classes, attributes):
    """Return the timers that may be started from a scenario's run(), outside any other."""
    run = method(own, "run", classes)
    timers, seen, todo = set(), set(), [(run, own)] if run else []
    while todo:
        function, receiver = todo.pop()
        if (function, receiver) not in seen:
            seen.add((function, receiver))
            timers |= function.timers
            todo.extend(function.leads_to(receiver, functions, classes, attributes))
    return sorted(timers)


def scenarios_of(checkout=None):
    """Return the actions by scenario."""
    functions, classes, scenarios = read(checkout)
    attributes = collections.defaultdict(set)
    for function in (function for found in functions.values() for function in found):
        for attribute, own in function.sets:
            if own in classes:
                attributes[attribute].add(own)
    return {name: reported(own, functions, classes, attributes) for name, own in scenarios.items()}


def main(checkout=None):
    version = importlib.metadata.version
    header = HEADER.format(rally=version("rally"), rally_openstack=version("rally-openstack"))
    known = scenarios_of()
    lines = known
    if checkout:
        head = ["git", "-C", checkout, "rev-parse", "HEAD"]
        commit = subprocess.run(head, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        header = MORE.format(commit=commit)
        found = scenarios_of(checkout)
        more = {n: [a for a in found[n] if a not in known.get(n, ())] for n in found}
        lines = {n: actions for n, actions in more.items() if actions or n not in known}
    sys.stdout.write(header)
    for name in sorted(lines):
        print(" ".join([name] + lines[name]))


if __name__ == "__main__":
    main(*sys.argv[1:])
