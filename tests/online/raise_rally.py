"""Take the facts and the pins from other releases of Rally.

usage: raise_rally.py [RALLY RALLY_OPENSTACK]

Installs the releases from PyPI into a virtual environment of its own, which is removed afterwards,
and writes anew:

    templates/rally/versions.yaml       the releases
    templates/rally/scenarios.txt       their scenarios and actions
    templates/rally/development.txt     what rally-openstack's development branch has more, of today
    templates/rally/plugins.json        the plugins that they register
    templates/rally/modules.txt         their modules, and the names in them
    templates/rally/modules-development.txt     what both development branches have more, of today
    tests/online/requirements.in, .txt  the pins of the online tests; what need not move does not

Without arguments: the releases of today, so nothing changes but the files of the development branches. requirements.txt is for the Python that
runs this, 3.10 or later: the present one is of 3.11. What is left to do is said at the end.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile
import venv

ONLINE = pathlib.Path(__file__).resolve().parent
FACTS = ONLINE.parent.parent / "templates" / "rally"
PACKAGES = ("rally", "rally-openstack")

DEVELOPMENT = "https://opendev.org/openstack/"

VERSIONS = """\
# The releases that scenarios.txt describes and that tests/online asks; messages name them.
# tests/online/raise_rally.py writes this file.
rally: "{}"
rally-openstack: "{}"
"""

LEFT = """\
Read the difference, then:
  GIT_RALLY_OFFLINE=1 cargo test   holds the facts against what the lab measured, atomic-actions.yaml
  cargo test --test online         asks the new release about every task
atomic-actions.yaml itself is measured on a running OpenStack: nothing here can write it anew."""


def main(*versions):
    versions = versions or present()
    if len(versions) != len(PACKAGES):
        sys.exit(__doc__)
    wanted = ONLINE / "requirements.in"
    pins = ONLINE / "requirements.txt"
    text = wanted.read_text()
    for package, version in zip(PACKAGES, versions):
        text = re.sub(r"(?m)^%s==.*$" % package, "%s==%s" % (package, version), text)
    with tempfile.TemporaryDirectory() as folder:
        new = pathlib.Path(folder, "requirements.in")
        new.write_text(text)
        venv.create(folder + "/venv", with_pip=True)
        python = folder + "/venv/bin/python"
        # over the old pins, pip moves only what the new releases need to move
        pip(python, "install", "-r", pins)
        pip(python, "install", "-r", new)
        new_pins = needed(python, new, folder)
        scenarios = run(python, ONLINE / "rally_scenarios.py")
        checkouts = [folder + "/" + package for package in PACKAGES]
        for package, checkout in zip(PACKAGES, checkouts):
            subprocess.run(["git", "clone", "--quiet", "--depth", "1", DEVELOPMENT + package, checkout], check=True)
        development = run(python, ONLINE / "rally_scenarios.py", checkouts[-1])
        modules = run(python, ONLINE / "rally_modules.py")
        new_modules = run(python, ONLINE / "rally_modules.py", *checkouts)
        plugins = run(python, ONLINE / "rally_plugins.py")
    wanted.write_text(text)
    pins.write_text(new_pins)
    (FACTS / "versions.yaml").write_text(VERSIONS.format(*versions))
    (FACTS / "scenarios.txt").write_text(scenarios)
    (FACTS / "development.txt").write_text(development)
    (FACTS / "plugins.json").write_text(plugins)
    (FACTS / "modules.txt").write_text(modules)
    (FACTS / "modules-development.txt").write_text(new_modules)
    print(LEFT)


def present():
    """Return the releases of versions.yaml."""
    text = (FACTS / "versions.yaml").read_text()
    return tuple(re.search(r'(?m)^%s: "(.*)"$' % package, text)[1] for package in PACKAGES)


def needed(python, wanted, folder):
    """Return a pin of each package that the wanted ones need, at the release that is installed."""
    installed = pathlib.Path(folder, "installed.txt")
    installed.write_text(pip(python, "freeze", "--all"))
    report = folder + "/report.json"
    pip(
        python, "install", "--dry-run", "--ignore-installed", "--report", report,
        "-r", wanted, "-c", installed,
    )
    with open(report) as file:
        packages = [package["metadata"] for package in json.load(file)["install"]]
    pins = {re.sub(r"[-_.]+", "-", p["name"]).lower(): p["version"] for p in packages}
    return "".join("%s==%s\n" % pin for pin in sorted(pins.items()))


def pip(python, *arguments):
    return run(python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments)


def run(*command):
    """Return what the command prints; what it complains of goes where ours goes."""
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:])
