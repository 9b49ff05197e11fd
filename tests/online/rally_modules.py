"""Print the modules of rally and rally-openstack, and the names that each has at its top.

usage: rally_modules.py [CHECKOUT...]

The output is templates/rally/modules.txt: a module a line, its names behind it, without those that start with an
underscore. `*` stands for names that nobody sees here: the module does not import on this machine, or it makes
names when it is asked for them.

With CHECKOUTs, folders with the development branches, the output is templates/rally/modules-development.txt: what
they have more than the installed packages, read without being run.
"""

import ast
import contextlib
import importlib
import importlib.util
import io
import logging
import pathlib
import sys
import warnings

from rally import plugins

PACKAGES = ("rally", "rally_openstack")
HEAD = "# %s\n# tests/online/raise_rally.py writes this file.\n"


def main(*checkouts):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    # as before a plugin of one's own is loaded; the modules lean on that order
    plugins.load()
    installed = {}
    for package in PACKAGES:
        top = pathlib.Path(importlib.util.find_spec(package).submodule_search_locations[0])
        for module, path in modules(package, top):
            installed[module] = imported(module) if path else {"*"}
    installed.update(moved(installed))
    if not checkouts:
        print(HEAD % "The modules of the releases, and the names that each has.", end="")
        show(installed)
        return
    more = {}
    for checkout in checkouts:
        for package in PACKAGES:
            for module, path in modules(package, pathlib.Path(checkout, package)):
                names = read(path) if path else {"*"}
                new = names - installed.get(module, set())
                if new or module not in installed:
                    more[module] = new
    print(HEAD % "What the development branches have more than the releases of modules.txt.", end="")
    show(more)


def modules(package, top):
    """Yield each module below a folder, with its file; a folder without one is a module, too."""
    if not top.is_dir():
        return
    yield package, top / "__init__.py"
    for path in sorted(top.rglob("*.py")):
        parts = path.relative_to(top).with_suffix("").parts
        if not all(part.isidentifier() for part in parts):
            continue
        if parts[-1] == "__init__":
            parts = parts[:-1]
        elif not (path.parent / "__init__.py").exists():
            yield ".".join((package,) + parts[:-1]), None
        if parts:
            yield ".".join((package,) + parts), path


def moved(installed):
    """Return the names under which rally-openstack still finds modules that it has moved."""
    from rally_openstack import _compat

    found = {}
    for move in _compat._MOVES:
        for module in installed:
            if (module + ".").startswith(move.new + "."):
                found[move.deprecated + module[len(move.new):]] = {"*"}
    return found


def public(names):
    return {name for name in names if not name.startswith("_")}


def imported(name):
    try:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            module = importlib.import_module(name)
    except (Exception, SystemExit):
        return {"*"}
    return public(dir(module)) | ({"*"} if hasattr(module, "__getattr__") else set())


def read(path):
    """Return the names that a module binds, wherever it does outside of functions and classes."""
    names, open_ = set(), [ast.parse(path.read_text())]
    while open_:
        for node in ast.iter_child_nodes(open_.pop()):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                names.add("*" if node.name == "__getattr__" else node.name)
                continue
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                names |= {alias.asname or alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names.add(node.id)
            open_.append(node)
    return public(names)


def show(found):
    for module in sorted(found):
        print(" ".join([module] + sorted(found[module])))


if __name__ == "__main__":
    main(*sys.argv[1:])
