"""Write Zuul configurations with one defect each, and ask the real Zuul about every one.

usage: zuul_seeds.py FOLDER PARENTS CONFIGURATION...

The CONFIGURATIONs are good: the built-in sample, and those that git-rally has made for a service. Into
FOLDER go NNN/.zuul.yaml (or NNN/zuul.d), one a seed, each with the task that its job runs; into
FOLDER/seeds.json for each the kind, what Zuul says against it, and the file and the first and last
line that a finding may name. Some are harmless on purpose.
"""

import json
import logging
import pathlib
import re
import sys
import types

import yaml
import zuul_check

PROJECT = "openstack/sample"

SAMPLE = """\
- job:
    name: sample-rally
    parent: rally-task-at-devstack
    description: What many jobs have
    timeout: 7800
    pre-timeout: 600
    voting: true
    attempts: 2
    files: &files
      - ^sample/.*$
      - regex: ^rally-jobs/.*$
    branches: master
    required-projects:
      - openstack/nova
      - name: openstack/rally
        override-checkout: master
    tags: [one, two]
    vars: &vars
      rally_task: rally-jobs/task-sample.yaml
      devstack_localrc: {A: b}
    host-vars:
      controller: {a: 1}
    group-vars:
      compute: {b: true}
    nodeset: sample-nodes
    semaphores: [sample-one]
    run: [playbooks/run.yaml]
    roles:
      - zuul: openstack/devstack

- job:
    name: sample-rally-two
    parent: sample-rally
    voting: false
    vars:
      <<: *vars
      more: 12:30
    nodeset:
      nodes:
        - name: controller
          label: ubuntu-noble
        - name: compute
          label: ubuntu-noble
      groups:
        - name: all-of-them
          nodes: [controller, compute]

- nodeset:
    name: sample-nodes
    nodes:
      - name: controller
        label: ubuntu-noble

- semaphore:
    name: sample-one
    max: 2

- queue:
    name: sample-queue
    allow-circular-dependencies: true

- secret:
    name: sample-secret
    data:
      user: somebody

- project-template:
    name: sample-jobs
    check:
      jobs:
        - sample-rally

- project:
    queue: sample-queue
    templates: [sample-jobs]
    check:
      fail-fast: false
      jobs:
        - sample-rally-two:
            voting: false
            irrelevant-files: *files
    gate:
      jobs: [sample-rally]
"""

J = "    voting: true\n"
E = "        - sample-rally-two:\n            voting: false\n"
P = "- project-template:\n"
N = "- nodeset:\n    name: sample-nodes\n"
# kind, what is replaced, by what; the lines are those of the replacement
SEEDS = [
    # text
    ("tab", "    voting: true", "\tvoting: true"),
    ("conflict markers", J, "<<<<<<< HEAD\n    voting: true\n=======\n    voting: false\n>>>>>>> x\n"),
    ("key twice", J, J + J),
    ("key twice in flow", "{A: b}", "{A: b, A: c}"),
    ("key twice in an entry", E, E + "            voting: true\n"),
    ("open quote", "description: What", "description: 'What"),
    ("open bracket", "tags: [one, two]", "tags: [one, two"),
    ("colon in a value", "What many jobs have", "What: many jobs have"),
    ("unknown alias", "irrelevant-files: *files", "irrelevant-files: *nothing"),
    ("second document", N, "---\n" + N),
    ("unknown tag", "What many jobs have", "!foo What"),
    ("unsafe tag", "{A: b}", "{A: !unsafe b}"),
    ("python tag", "{A: b}", "{A: !!python/name:os.system x}"),
    ("wrong indentation", J, "     voting: true\n"),
    ("merge of a text", "<<: *vars", "<<: text"),
    ("merge of a list of texts", "<<: *vars", "<<: [text]"),
    ("value sign", "description: What many jobs have", "description: ="),
    ("complex key", "{A: b}", "{[a]: b}"),
    ("bare variable", "{A: b}", "{A: {{ b }}}"),
    ("not base64", "user: somebody", "user: !encrypted/pkcs1-oaep\n        - abcde"),
    ("encrypted mapping", "user: somebody", "user: !encrypted/pkcs1-oaep {a: b}"),
    ("override of a number", "max: 2", "max: !override 2"),
    ("control character", "What many", "What \x07many"),
    # items
    ("unknown item", N, "- nodesets:\n    name: sample-nodes\n"),
    ("item of two keys", N, "- nodeset:\n    name: sample-nodes\n  job: {name: x}\n"),
    ("item of nothing", N, "- nodeset:\n" + N),
    ("item is a list", N, "- nodeset: []\n" + N),
    ("item is a text", N, "- nodeset\n" + N),
    ("pipeline", N, "- pipeline: {name: mine, manager: independent}\n" + N),
    ("pipeline without a manager", N, "- pipeline: {name: mine}\n" + N),
    # attributes of a job
    ("unknown attribute", J, J + "    vooting: true\n"),
    ("irrelevant files in one word", J, J + "    irrelevant_files: [a]\n"),
    ("name number", "name: sample-rally\n    parent", "name: 5\n    parent"),
    ("voting text", J, "    voting: 'true'\n"),
    ("voting null", J, "    voting:\n"),
    ("voting number", J, "    voting: 1\n"),
    ("voting maybe", J, "    voting: maybe\n"),
    ("final text", J, J + "    final: 'no'\n"),
    ("abstract text", J, J + "    abstract: yess\n"),
    ("protected list", J, J + "    protected: []\n"),
    ("hold text", J, J + "    hold-following-changes: soon\n"),
    ("timeout text", "timeout: 7800", "timeout: 2h"),
    ("timeout quoted", "timeout: 7800", "timeout: '7800'"),
    ("timeout float", "timeout: 7800", "timeout: 7800.0"),
    ("timeout null", "timeout: 7800", "timeout:"),
    ("timeout list", "timeout: 7800", "timeout: [7800]"),
    ("timeout date", "timeout: 7800", "timeout: 2020-01-01"),
    ("attempts text", "attempts: 2", "attempts: two"),
    ("parent list", "parent: sample-rally\n", "parent: [sample-rally]\n"),
    ("parent number", "parent: sample-rally\n", "parent: 5\n"),
    ("description number", "description: What many jobs have", "description: 5"),
    ("description date", "description: What many jobs have", "description: 2020-01-01"),
    ("tags number", "tags: [one, two]", "tags: [one, 2]"),
    ("tags mapping", "tags: [one, two]", "tags: {one: two}"),
    ("files number", "- ^sample/.*$\n", "- 5\n"),
    ("files mapping", "- regex: ^rally-jobs/.*$", "- path: ^rally-jobs/.*$"),
    ("files negate text", "- regex: ^rally-jobs/.*$", "- {regex: a, negate: 'no'}"),
    ("files null", "- ^sample/.*$\n", "-\n"),
    ("branches number", "branches: master", "branches: 2024.1"),
    ("branches list of lists", "branches: master", "branches: [[master]]"),
    ("branches mapping", "branches: master", "branches: {negate: true}"),
    ("required project key", "override-checkout: master", "override_checkout: master"),
    ("required project without a name", "- name: openstack/rally\n        override-checkout", "- override-checkout"),
    ("required project number", "- openstack/nova\n", "- 5\n"),
    ("vars list", "{a: 1}", "[a]"),
    ("vars name", "devstack_localrc: {A: b}", "devstack-localrc: {A: b}"),
    ("vars name with a digit", "devstack_localrc: {A: b}", "1localrc: {A: b}"),
    ("vars name number", "devstack_localrc: {A: b}", "1: {A: b}"),
    ("vars name boolean", "devstack_localrc: {A: b}", "yes: {A: b}"),
    ("vars name empty", "devstack_localrc: {A: b}", "'': {A: b}"),
    ("vars name underscore", "devstack_localrc: {A: b}", "_a: b"),
    ("host vars text", "controller: {a: 1}", "controller: a"),
    ("host vars name", "controller: {a: 1}", "controller: {a-b: 1}"),
    ("group vars list", "compute: {b: true}", "- compute"),
    ("nodeset list", "nodeset: sample-nodes", "nodeset: [sample-nodes]"),
    ("nodeset null", "nodeset: sample-nodes", "nodeset:"),
    ("nodeset without nodes", "nodeset: sample-nodes", "nodeset: {}"),
    ("nodeset unknown key", "nodeset: sample-nodes", "nodeset: {nodes: [], group: []}"),
    ("nodeset label missing", "nodeset: sample-nodes", "nodeset: {nodes: [{name: a}]}"),
    ("nodeset label number", "nodeset: sample-nodes", "nodeset: {nodes: [{name: a, label: 5}]}"),
    ("semaphores number", "semaphores: [sample-one]", "semaphores: [5]"),
    ("semaphore key", "semaphores: [sample-one]", "semaphores: [{name: a, resources_first: true}]"),
    ("run number", "run: [playbooks/run.yaml]", "run: 5"),
    ("run mapping", "run: [playbooks/run.yaml]", "run: [{path: playbooks/run.yaml}]"),
    ("post run mapping", J, J + "    post-run: {name: a, clean: true}\n"),
    ("roles text", "- zuul: openstack/devstack", "- openstack/devstack"),
    ("roles key", "- zuul: openstack/devstack", "- {zuul: openstack/devstack, src: x}"),
    ("secrets mapping", J, J + "    secrets: {name: a}\n"),
    ("dependencies key", J, J + "    dependencies: [{name: a, soft: maybe}]\n"),
    ("provides number", J, J + "    provides: [1]\n"),
    ("deduplicate text", J, J + "    deduplicate: yess\n"),
    ("workspace scheme", J, J + "    workspace-scheme: tree\n"),
    ("attribute control", J, J + "    attribute-control: {files: {final: false}}\n"),
    ("attribute control name", J, J + "    attribute-control: {timeout: {final: true}}\n"),
    ("allowed projects number", J, J + "    allowed-projects: 1\n"),
    ("job without a name", "- semaphore:", "- job: {parent: sample-rally}\n- semaphore:"),
    ("merged wrong", "<<: *vars", "<<: [*vars, {a-b: 1}]"),
    # values of a job
    ("reserved variable", "devstack_localrc: {A: b}", "zuul: {A: b}"),
    ("nodepool variable", "devstack_localrc: {A: b}", "nodepool: {A: b}"),
    ("connection variable", "controller: {a: 1}", "controller: {ansible_host: a}"),
    ("reserved in a group", "compute: {b: true}", "compute: {zuul: true}"),
    ("post review unset", J, J + "    post-review: false\n"),
    ("intermediate not abstract", J, J + "    intermediate: true\n"),
    ("base job", "parent: sample-rally\n", "parent: null\n"),
    ("pre timeout over timeout", "pre-timeout: 600", "pre-timeout: 7801"),
    ("post timeout over the limit", "pre-timeout: 600", "post-timeout: 10801"),
    ("timeout over the limit", "timeout: 7800", "timeout: 10801"),
    ("ansible version", J, J + "    ansible-version: 2.9\n"),
    ("semaphore twice", "run: [playbooks/run.yaml]", "run: {name: a.yaml, semaphores: sample-one}"),
    ("home path", J, J + "    preserve-home-paths: [.ssh/config]\n"),
    # regular expressions
    ("regex open group", "- ^sample/.*$\n", "- ^(sample/.*$\n"),
    ("regex closed group", "- ^sample/.*$\n", "- ^sample)/.*$\n"),
    ("regex open class", "- ^sample/.*$\n", "- ^[sample/.*$\n"),
    ("regex star", "- ^sample/.*$\n", "- '*.rst'\n"),
    ("regex stars", "- ^sample/.*$\n", "- ^sample/**$\n"),
    ("regex plus", "- ^sample/.*$\n", "- +sample\n"),
    ("regex range", "- ^sample/.*$\n", "- '[z-a]'\n"),
    ("regex backslash", "- ^sample/.*$\n", "- a\\\n"),
    ("regex escape", "- ^sample/.*$\n", "- a\\y\n"),
    ("regex in a mapping", "- regex: ^rally-jobs/.*$", "- regex: '*'"),
    ("regex of branches", "branches: master", "branches: '*'"),
    ("regex of an entry", "irrelevant-files: *files", "irrelevant-files: ['(']"),
    # other items
    ("nodeset twice", P, "- nodeset: {name: sample-nodes, nodes: []}\n" + P),
    ("semaphore defined twice", P, "- semaphore: {name: sample-one}\n" + P),
    ("queue twice", P, "- queue: {name: sample-queue}\n" + P),
    ("secret twice", P, "- secret: {name: sample-secret, data: {}}\n" + P),
    ("node twice", "- name: compute\n", "- name: controller\n"),
    ("node localhost", "- name: compute\n", "- name: localhost\n"),
    ("group of no node", "[controller, compute]", "[controller, computer]"),
    ("group twice", "nodes: [controller, compute]", "nodes: controller\n        - {name: all-of-them, nodes: []}"),
    ("group localhost", "name: all-of-them", "name: localhost"),
    ("nodeset without a name", N, "- nodeset:\n    nodes: []\n" + N),
    ("nodeset key", N, N + "    lables: []\n"),
    ("semaphore max text", "max: 2", "max: two"),
    ("semaphore key in an item", "max: 2", "maximum: 2"),
    ("queue boolean", "allow-circular-dependencies: true", "allow-circular-dependencies: 'true'"),
    ("queue by topic", "allow-circular-dependencies: true", "dependencies-by-topic: true"),
    ("queue two types", "allow-circular-dependencies: true", "{a}".replace("{a}", "per-branch: true\n    type: per-branch")),
    ("queue type", "allow-circular-dependencies: true", "type: every"),
    ("secret without data", "    data:\n      user: somebody\n", "    description: x\n"),
    ("secret data text", "    data:\n      user: somebody\n", "    data: user\n"),
    ("secret nothing", "    data:\n      user: somebody\n", ""),
    ("pragma key", N, "- pragma: {implied-branch: master}\n" + N),
    ("pragma text", N, "- pragma: {implied-branch-matchers: 'no'}\n" + N),
    # projects
    ("project templates text", "templates: [sample-jobs]", "templates: sample-jobs"),
    ("project queue in a pipeline", "      fail-fast: false\n", "      queue: sample-queue\n"),
    ("project queue list", "    queue: sample-queue\n", "    queue: [sample-queue]\n"),
    ("project merge mode", "    queue: sample-queue\n", "    merge-mode: fast\n"),
    ("project vars name", "    queue: sample-queue\n", "    vars: {a-b: 1}\n"),
    ("project vars reserved", "    queue: sample-queue\n", "    vars: {zuul: 1}\n"),
    ("pipeline is a list", "    gate:\n      jobs: [sample-rally]\n", "    gate:\n      - sample-rally\n"),
    ("pipeline is nothing", "    gate:\n      jobs: [sample-rally]\n", "    gate:\n"),
    ("pipeline key", "      fail-fast: false\n", "      failfast: false\n"),
    ("pipeline jobs text", "jobs: [sample-rally]", "jobs: sample-rally"),
    ("pipeline jobs nothing", "jobs: [sample-rally]", "jobs:"),
    ("pipeline jobs mapping", "jobs: [sample-rally]", "jobs: {sample-rally: {}}"),
    ("fail fast text", "fail-fast: false", "fail-fast: 'no'"),
    ("entry number", "jobs: [sample-rally]", "jobs: [5]"),
    ("entry of nothing", "jobs: [sample-rally]", "jobs: [sample-rally: ]"),
    ("entry indented wrong", E, "        - sample-rally-two:\n          voting: false\n"),
    ("entry with an empty mapping", "jobs: [sample-rally]", "jobs: [{}]"),
    ("entry with a text", "jobs: [sample-rally]", "jobs: [sample-rally: x]"),
    ("entry attribute", E, E + "            vooting: true\n"),
    ("entry name", E, E + "            name: x\n"),
    ("entry value", E, "        - sample-rally-two:\n            voting: 'no'\n"),
    ("entry variable", E, E + "            vars: {a-b: 1}\n"),
    ("entry reserved variable", E, E + "            vars: {zuul: 1}\n"),
    ("entry pre timeout", E, E + "            pre-timeout: 10801\n"),
    ("entry nodeset", E, E + "            nodeset: {nodes: [{name: a}]}\n"),
    ("entry post review", E, E + "            post-review: false\n"),
    ("template key", "    name: sample-jobs\n    check:\n", "    name: sample-jobs\n    templates: [x]\n    check:\n"),
    ("template entry", "      jobs:\n        - sample-rally\n", "      jobs:\n        - sample-rally: {tiemout: 5}\n"),
    # harmless
    ("harmless", "", ""),
    ("harmless: boolean for a number", "attempts: 2", "attempts: true"),
    ("harmless: yes", J, "    voting: yes\n"),
    ("harmless: octal", "timeout: 7800", "timeout: 07777"),
    ("harmless: base of 60", "timeout: 7800", "timeout: 2:00:00"),
    ("harmless: one pattern", "branches: master", "branches: [master, {regex: a, negate: true}]"),
    ("harmless: override", "tags: [one, two]", "tags: !override [one]"),
    ("harmless: inherit", "vars: &vars\n", "vars: &vars !inherit\n"),
    ("harmless: override of a text", "tags: [one, two]", "tags: !override one"),
    ("harmless: encrypted", "user: somebody", "user: !encrypted/pkcs1-oaep\n        - YWJj\n        - YWI="),
    ("harmless: encrypted text", "user: somebody", "user: !encrypted/pkcs1-oaep YWJj"),
    ("harmless: possessive", "- ^sample/.*$\n", "- ^sample/.*+$\n"),
    ("harmless: look ahead", "- ^sample/.*$\n", "- ^(?!sample/).*$\n"),
    ("harmless: class of RE2", "- ^sample/.*$\n", "- '[[:alpha:]]\\pL'\n"),
    ("harmless: brace", "- ^sample/.*$\n", "- a{b\n"),
    ("harmless: several keys in an entry", "jobs: [sample-rally]", "jobs: [{sample-rally: {}, other: {}}]"),
    ("harmless: unknown pipeline", "      fail-fast: false\n", "      debug: true\n    no-such-pipeline: {jobs: [sample-rally]}\n    check-two:\n"),
    ("harmless: ansible version", J, J + "    ansible-version: 11\n"),
    ("harmless: keys of data", "user: somebody", "1: a\n      yes: b\n      ~: c"),
    ("harmless: keys of a variable", "{A: b}", "{1: a, a-b: c, zuul: d}"),
    ("harmless: template twice", N, "- project-template: {name: sample-jobs}\n" + N),
    ("harmless: project twice", N, "- project: {check: {jobs: [sample-rally]}}\n" + N),
    ("harmless: variant", N, "- job: {name: sample-rally, branches: stable/one}\n" + N),
    ("harmless: alternatives", N, "- nodeset: {name: b, alternatives: [sample-nodes, {nodes: []}]}\n" + N),
    ("harmless: empty project", N, "- project: {}\n" + N),
    ("harmless: pragma", N, "- pragma: {implied-branch-matchers: true, implied-branches: [master]}\n" + N),
    ("harmless: group of a part", "nodes: [controller, compute]", "nodes: controller"),
    ("harmless: node of two names", "- name: compute\n", "- name: [compute, other]\n"),
    ("harmless: playbook with semaphores", "run: [playbooks/run.yaml]", "run: {name: a.yaml, semaphores: other}"),
    ("harmless: date in a variable", "{A: b}", "{A: 2020-01-01}"),
    ("harmless: merge of a list", "<<: *vars", "<<: [*vars, {other: 1}]"),
    ("harmless: empty list", "tags: [one, two]", "tags: []"),
    ("harmless: failure url", J, J + "    failure-url: x\n"),
]

# what is put into the job and the entries of every further configuration
IN_OTHERS = [
    ("attribute", "    parent: {parent}\n", "    parent: {parent}\n    vooting: true\n"),
    ("timeout", "    parent: {parent}\n", "    parent: {parent}\n    attempts: many\n"),
    ("variable", "      rally_task: ", "      rally-task: x\n      rally_task: "),
    ("twice", "    parent: {parent}\n", "    parent: {parent}\n    parent: {parent}\n"),
    ("tab", "    parent: {parent}\n", "\tparent: {parent}\n"),
    ("pattern", "    parent: {parent}\n", "    parent: {parent}\n    files: ['*.py']\n"),
    ("harmless", "    parent: {parent}\n", "    parent: {parent}\n    attempts: 3\n"),
]


def seeds(configurations):
    """Yield kind, path, text, first and last line."""
    for folder in (False, True):
        for kind, old, new in SEEDS:
            # the sample as it is, and a third of the seeds in a file of a folder
            if folder and len(kind) % 3:
                continue
            yield (kind, "zuul.d/a.yaml" if folder else ".zuul.yaml") + replaced(SAMPLE, old, new, kind)
    for path in configurations:
        text = pathlib.Path(path).read_text(encoding="utf-8")
        for kind, old, new in IN_OTHERS:
            parent = re.search(r"    parent: (rally-task\S*)\n", text).group(1)
            old, new = old.replace("{parent}", parent), new.replace("{parent}", parent)
            yield (kind + " in " + path.split("/")[-2], ".zuul.yaml") + replaced(text, old, new, path)


def replaced(text, old, new, kind):
    assert old in text, kind
    at = text.index(old)
    first = text[:at].count("\n") + 1
    return text[:at] + new + text[at + len(old):], first, first + max(new.count("\n"), old.count("\n"))


def errors(contents, registry, ansible):
    """Return what Zuul has against the configuration of the project, as text."""
    try:
        found = zuul_check.load(contents, registry, ansible).layout.loading_errors
    except Exception as error:
        # no tenant at all
        return ["%s: %s" % (type(error).__name__, error)]
    return [e.error for e in found if e.severity == zuul_check.SEVERITY_ERROR]


def main(folder, parents, *configurations):
    logging.disable(logging.CRITICAL)
    folder, told = pathlib.Path(folder), []
    for number, (kind, path, text, first, last) in enumerate(seeds(configurations)):
        tree = folder / ("%03d" % number)
        (tree / path).parent.mkdir(parents=True)
        (tree / path).write_text(text, encoding="utf-8")
        told.append({"tree": tree.name, "path": path, "kind": kind, "first": first, "last": last})
    items = yaml.safe_load(pathlib.Path(parents).read_text(encoding="utf-8"))
    contents = {name: {"zuul.yaml": yaml.safe_dump(i) if i else ""} for name, i in items.items()}
    zuul_check.COMPONENT_REGISTRY.registry = types.SimpleNamespace(model_api=zuul_check.MODEL_API)
    registry, ansible = zuul_check.connections(), zuul_check.AnsibleManager()
    for seed in told:
        seed["errors"] = errors(contents | {PROJECT: zuul_check.files_of(folder / seed["tree"])}, registry, ansible)
    (folder / "seeds.json").write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
