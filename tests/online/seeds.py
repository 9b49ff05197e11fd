"""Write tasks with one defect each, and ask the real Rally about every one.

usage: seeds.py FOLDER TASK...

The TASKs are good. Into FOLDER/rally-jobs go NNN.yaml, one a seed, into FOLDER/.zuul.yaml the jobs
that run them, and into FOLDER/seeds.json for each file the kind of the seed, whether Rally refuses it
and why, and the first and last line that a finding may name.
Seeds are of four sorts: of text, of form, of scenarios and their arguments, of other plugins. Some
are harmless on purpose.
"""

import copy
import inspect
import json
import logging
import os
import pathlib
import random
import sys
from unittest import mock

from rally import api
from rally import plugins
from rally.cli import yamlutils
from rally.task import engine
from rally.task import scenario
from rally.task import task_cfg
import yaml

SAMPLE = """\
# {% set image = image or "^cirros.*$" %}
version: 2
title: Sample
description: What many tasks have
tags: [one, two]
subtasks:
  - title: Servers
    description: Of servers
    workloads:
      - description: Boot and delete
        scenario:
          NovaServers.boot_and_delete_server:
            flavor: {name: m1.tiny}
            image: {name: "{{ image }}"}
            min_sleep: 1
        runner:
          constant:
            times: +{{ times | default(4) }}
            concurrency: 2
        contexts:
          users:
            tenants: 2
            users_per_tenant: 2
            user_choice_method: round_robin
          quotas:
            nova: {instances: -1, cores: -1}
          network: {}
        sla:
          failure_rate: {max: 0}
          max_avg_duration_per_atomic:
            nova.boot_server: 60
          max_seconds_per_iteration: 200
        hooks:
          - description: a hook
            action: {sys_call: /bin/true}
            trigger:
              event: {unit: iteration, at: [2]}
      - scenario:
          CinderVolumes.create_and_list_volume:
            size: {min: 1, max: 2}
            detailed: true
        runner:
          rps: {times: 4, rps: 2}
        contexts:
          users: {tenants: 1, users_per_tenant: 1}
          volumes: {size: 1, volumes_per_tenant: 2}
      - scenario:
          GlanceImages.create_and_delete_image:
            image_location: ~/.rally/extra/dummy_image.raw
            container_format: bare
            disk_format: raw
        runner:
          constant_for_duration: {concurrency: 1, duration: 2}
        sla:
          failure_rate: {max: 10}
          outliers: {max: 1}
          performance_degradation: {max_degradation: 50}
  - title: Simple
    scenario:
      CinderVolumeTypes.create_and_list_encryption_type:
        create_specs: {provider: LuksEncryptor}
        search_opts: {}
    contexts:
      volume_types: [one, two]
    runner:
      serial: {times: 2}
"""


class Task(dict):
    """As much of a task record as validation touches."""

    def __init__(self):
        super().__init__(uuid="seed")
        self.task = self
        self.update_status = self.set_failed = lambda *args, **kwargs: None


def refused(text, folder):
    """Return why the CI's `rally task start` refuses the text, or None."""
    try:
        render = api._Task(api.API(skip_db_check=True)).render_template
        config = yamlutils.safe_load(render(task_template=text, template_dir=folder))
        checker = engine.TaskEngine(task_cfg.TaskConfig(config), Task(), mock.Mock())
        checker.validate(only_syntax=True)
    except Exception as error:
        return "%s: %s" % (type(error).__name__, error)
    return None


# seeds of text: kind, what is replaced, by what; the line is that of the replacement
TEXT = [
    ("conflict markers", "tags: [one, two]\n", "<<<<<<< HEAD\ntags: [one]\n=======\ntags: [two]\n>>>>>>> x\n"),
    ("tab", "    description: Of servers", "\tdescription: Of servers"),
    ("key twice", "title: Sample\n", "title: Sample\ntitle: Again\n"),
    ("key twice below", "            min_sleep: 1\n", "            min_sleep: 1\n            min_sleep: 2\n"),
    ("key twice in flow", "{tenants: 1, users_per_tenant: 1}", "{tenants: 1, tenants: 2}"),
    ("wrong indentation", "        runner:\n          rps", "       runner:\n          rps"),
    ("open quote", "title: Sample", 'title: "Sample'),
    ("open bracket", "tags: [one, two]", "tags: [one, two"),
    ("merge key", "          users: {tenants: 1, users_per_tenant: 1}", "          users: &u {tenants: 1}\n          roles: {<<: *u}"),
    ("local tag", "title: Sample", "title: !title Sample"),
    ("python tag", "title: Sample", "title: !!python/name:os.system x"),
    ("second document", "tags: [one, two]", "---\ntags: [one, two]"),
    ("unknown alias", "title: Sample", "title: *nobody"),
    ("value sign", "title: Sample", "title: ="),
    ("complex key", "tags: [one, two]", "? [a]\n: b"),
    ("control character", "Of servers", "Of \x07servers"),
    ("colon in a value", "title: Sample", "title: Sample: more"),
    ("percent at the start", "title: Sample", "title: %Sample"),
    ("at sign at the start", "title: Sample", "title: @Sample"),
    ("open expression", 'name: "{{ image }}"', 'name: "{{ image "'),
    ("open statement", "# {% set image = image", "# {% set image = image or 1\n# {% set b = image"),
    ("unknown filter", "{{ image }}", "{{ image | no_such_filter }}"),
    ("unknown tag", "tags: [one, two]", "{% nothing %}"),
    ("open for", "tags: [one, two]", "# {% for a in [1] %}"),
    ("endfor alone", "tags: [one, two]", "# {% endfor %}"),
    ("endif for for", "tags: [one, two]", "# {% for a in [1] %}{% endif %}"),
    ("undeclared", "{{ image }}", "{{ picture }}"),
    ("undeclared in if", "tags: [one, two]", "# {% if smoke %}{% endif %}"),
    ("undeclared with d()", "{{ image }}", "{{ picture | d(1) }}"),
    ("set with a dash", "# {% set image", "# {%- set image"),
    ("call of nothing", "tags: [one, two]", "# {{ range() }}"),
    ("attribute of nothing", "{{ image }}", "{{ image.a.b.c }}"),
    ("include of nothing", "tags: [one, two]", '# {% include "nothing.yaml" %}'),
    ("division by zero", "+{{ times | default(4) }}", "+{{ 1 // 0 }}"),
    ("bare integer", "+{{ times | default(4) }}", "{{ times | default(4) }}"),
    ("quoted integer", "+{{ times | default(4) }}", '"{{ times | default(4) }}"'),
    ("empty", SAMPLE, ""),
    ("only comments", SAMPLE, "# nothing\n"),
    ("a list", SAMPLE, "- a\n"),
    ("a text", SAMPLE, "a\n"),
    # harmless
    ("harmless: loop", "tags: [one, two]", "tags: [{% for t in ['one', 'two'] %}{{ t }}, {% endfor %}]"),
    ("harmless: macro", "title: Sample", "{% macro t() %}Sample{% endmacro %}title: {{ t() }}"),
    ("harmless: raw", "title: Sample", "title: {% raw %}Sample{% endraw %}"),
    ("harmless: if", "tags: [one, two]", "{% if true %}tags: [one]{% else %}tags: [two]{% endif %}"),
    ("harmless: min", "concurrency: 2", "concurrency: +{{ [2, 4] | min }}"),
    ("harmless: anchors", "tags: [one, two]", "tags: [&one one, *one]"),
    ("harmless: tuple", "# {% set image", "# {% set (a, b) = (1, 2) %}{% set image"),
    ("harmless: dict", "users_per_tenant: 2\n", "users_per_tenant: {{ {'a': 2}['a'] }}\n"),
    ("harmless: 1 and '1'", "            min_sleep: 1\n", "            min_sleep: 1\n            1: a\n            '1': b\n"),
    ("1 and yes", "            min_sleep: 1\n", "            min_sleep: 1\n            1: a\n            yes: b\n"),
    ("harmless: nested set", "# {% set image", "# {% set (a, (b, c)) = (1, (2, 3)) %}{{ a + c }}{% set image"),
    ("harmless: escapes", "title: Sample", "title: {{ 'a\\tb' | replace('\\t', ' ') }}"),
    ("harmless: slice", "title: Sample", "title: {{ 'Sample'[1:-1] }}{{ [1, 2, 3][::2] | join }}"),
    ("harmless: format", "title: Sample", "title: {{ '%s-%d' | format('a', 3) }}"),
    ("harmless: loop index", "tags: [one, two]", "tags: [{% for t in 'ab' %}{{ t }}{{ loop.index }}{% if not loop.last %}, {% endif %}{% endfor %}]"),
    ("division", "+{{ times | default(4) }}", "+{{ 8 / 2 }}"),
    ("harmless: floor", "+{{ times | default(4) }}", "+{{ 9 // 2 }}"),
    ("harmless: power", "+{{ times | default(4) }}", "+{{ 2 ** 3 }}"),
    ("harmless: namespace", "tags: [one, two]", "# {% set ns = namespace(n=1) %}{% set ns.n = 2 %}{{ ns.n }}"),
]

W0 = ["subtasks", 0, "workloads", 0]
W1 = ["subtasks", 0, "workloads", 1]
W2 = ["subtasks", 0, "workloads", 2]
S1 = ["subtasks", 1]
GONE = object()

# seeds of data: kind, path, value; the lines are those of the path, or of its nearest ancestor
DATA = [
    # form
    ("no title", ["title"], GONE),
    ("no version and v2", ["version"], GONE),
    ("no subtasks", ["subtasks"], GONE),
    ("version 3", ["version"], 3),
    ("version text 2", ["version"], "2"),
    ("unknown top key", ["subtask"], []),
    ("title number", ["title"], 5),
    ("title too long", ["title"], "x" * 256),
    ("tags text", ["tags"], "one"),
    ("tags numbers", ["tags"], [1]),
    ("tag too long", ["tags"], ["x" * 256]),
    ("description number", ["description"], 5),
    ("subtasks mapping", ["subtasks"], {"a": 1}),
    ("subtask text", ["subtasks", 0], "x"),
    ("subtask without title", ["subtasks", 0, "title"], GONE),
    ("subtask title number", ["subtasks", 0, "title"], 7),
    ("subtask unknown key", ["subtasks", 0, "titel"], "x"),
    ("subtask description list", ["subtasks", 0, "description"], ["x"]),
    ("subtask group number", ["subtasks", 0, "group"], 1),
    ("subtask simple and workloads", ["subtasks", 0, "scenario"], {"Dummy.dummy": {}}),
    ("no workloads", ["subtasks", 0, "workloads"], []),
    ("workloads mapping", ["subtasks", 0, "workloads"], {}),
    ("run in parallel text", ["subtasks", 0, "run_in_parallel"], "yes"),
    ("workload text", W0, "x"),
    ("workload unknown key", W0 + ["context"], {}),
    ("workload args", W0 + ["args"], {}),
    ("no scenario", W0 + ["scenario"], GONE),
    ("scenario text", W0 + ["scenario"], "Dummy.dummy"),
    ("two scenarios", W0 + ["scenario", "Dummy.dummy"], {}),
    ("scenario null", W0 + ["scenario"], {"Dummy.dummy": None}),
    ("scenario list", W0 + ["scenario"], {"Dummy.dummy": []}),
    ("two runners", W0 + ["runner", "serial"], {"times": 1}),
    ("runner text", W0 + ["runner"], "constant"),
    ("no runner at all", W0 + ["runner"], {}),
    ("sla list", W0 + ["sla"], []),
    ("contexts list", W0 + ["contexts"], []),
    ("hooks mapping", W0 + ["hooks"], {}),
    ("hook without trigger", W0 + ["hooks", 0, "trigger"], GONE),
    ("hook without action", W0 + ["hooks", 0, "action"], GONE),
    ("hook with name", W0 + ["hooks", 0, "name"], "x"),
    ("simple with unknown key", S1 + ["args"], {}),
    ("simple title long", S1 + ["title"], "y" * 129),
    # scenarios and arguments
    ("unknown scenario", W0 + ["scenario"], {"NovaServers.boot_and_delete_servers": {}}),
    ("unknown class", W0 + ["scenario"], {"Nova.boot": {}}),
    ("scenario in lower case", W0 + ["scenario"], {"novaservers.boot_and_delete_server": {}}),
    ("renamed scenario", W0 + ["scenario"], {"KeystoneBasic.create_and_delete_user": {}}),
    ("missing argument", W0 + ["scenario", "NovaServers.boot_and_delete_server", "flavor"], GONE),
    ("no arguments", W0 + ["scenario", "NovaServers.boot_and_delete_server"], {}),
    ("unexpected argument", W1 + ["scenario", "CinderVolumes.create_and_list_volume", "no_such"], 1),
    ("unexpected of none", W0 + ["scenario"], {"NovaServices.list_services": {"detailed": True}}),
    ("argument type", W0 + ["scenario"], {"Dummy.dummy": {"sleep": "long"}}),
    ("argument integer", W0 + ["scenario"], {"Dummy.dummy_random_action": {"actions_num": 1.5}}),
    ("restricted name", W0 + ["scenario"], {"NeutronNetworks.create_and_list_networks": {"network_create_args": {"name": "x"}}}),
    ("restricted top", W0 + ["scenario"], {"CinderVolumes.create_and_accept_transfer": {"size": 1, "name": "x"}}),
    ("restricted below", W0 + ["scenario"], {"CinderVolumes.create_and_attach_volume": {"size": 1, "image": {"name": "a"}, "flavor": {"name": "b"}, "create_volume_params": {"display_name": "x"}}}),
    ("enum", W2 + ["scenario", "GlanceImages.create_and_delete_image", "disk_format"], "floppy"),
    ("enum container", W2 + ["scenario", "GlanceImages.create_and_delete_image", "container_format"], "box"),
    ("enum missing", W2 + ["scenario", "GlanceImages.create_and_delete_image", "container_format"], GONE),
    ("number small", W0 + ["scenario"], {"Authenticate.validate_nova": {"repetitions": 0}}),
    ("number text", W0 + ["scenario"], {"Authenticate.validate_nova": {"repetitions": "many"}}),
    ("number missing", W0 + ["scenario"], {"Authenticate.validate_nova": {}}),
    ("context missing", S1 + ["contexts"], {}),
    ("contexts absent", S1 + ["contexts"], GONE),
    ("param or other", S1 + ["scenario", "CinderVolumeTypes.create_and_list_encryption_type", "create_specs"], GONE),
    ("needs volumes", W0 + ["scenario"], {"CinderVolumes.create_from_volume_and_delete_volume": {"size": 1}}),
    ("needs image or context", W0 + ["scenario"], {"VMTasks.boot_runcommand_delete": {"flavor": {"name": "a"}, "username": "x", "command": {"script_inline": "ls", "interpreter": "/bin/sh"}}}),
    ("boot without image", W0 + ["scenario"], {"NovaServers.boot_server": {"flavor": {"name": "x"}}}),
    ("arguments of the wrong scenario", W0 + ["scenario"], {"NovaKeypair.create_and_delete_keypair": {"image": {"name": "x"}, "key_typ": 1}}),
    # runners
    ("unknown runner", W0 + ["runner"], {"constnt": {"times": 1}}),
    ("times zero", W0 + ["runner", "constant", "times"], 0),
    ("times negative", W0 + ["runner", "constant", "times"], -1),
    ("times text", W0 + ["runner", "constant", "times"], "4"),
    ("times float", W0 + ["runner", "constant", "times"], 1.5),
    ("times date", W0 + ["runner", "constant", "times"], "2020-01-01"),
    ("concurrency over times", W0 + ["runner", "constant", "concurrency"], 50),
    ("concurrency alone", W0 + ["runner"], {"constant": {"concurrency": 2}}),
    ("runner unknown key", W0 + ["runner", "constant", "time"], 4),
    ("constant type key", W0 + ["runner", "constant", "type"], "constant"),
    ("timeout text", W0 + ["runner", "constant", "timeout"], "long"),
    ("timeout zero", W0 + ["runner", "constant", "timeout"], 0),
    ("rps without rps", W1 + ["runner", "rps", "rps"], GONE),
    ("rps zero", W1 + ["runner", "rps", "rps"], 0),
    ("rps end before start", W1 + ["runner"], {"rps": {"times": 4, "rps": {"start": 5, "end": 1, "step": 1}}}),
    ("rps without step", W1 + ["runner"], {"rps": {"times": 4, "rps": {"start": 1, "end": 5}}}),
    ("duration missing", W2 + ["runner", "constant_for_duration", "duration"], GONE),
    ("duration negative", W2 + ["runner", "constant_for_duration", "duration"], -1),
    ("serial with concurrency", S1 + ["runner", "serial", "concurrency"], 2),
    # contexts
    ("unknown context", W0 + ["contexts", "user"], {}),
    ("context of a hidden name", W0 + ["contexts", "cleanup"], ["nova"]),
    ("users zero", W0 + ["contexts", "users", "tenants"], 0),
    ("users text", W0 + ["contexts", "users", "tenants"], "two"),
    ("users unknown key", W0 + ["contexts", "users", "tenant"], 2),
    ("users method", W0 + ["contexts", "users", "user_choice_method"], "first"),
    ("users list", W0 + ["contexts", "users"], []),
    ("users null", W0 + ["contexts", "users"], None),
    ("quota service", W0 + ["contexts", "quotas", "keystone"], {"users": -1}),
    ("quota name", W0 + ["contexts", "quotas", "nova", "servers"], -1),
    ("quota value", W0 + ["contexts", "quotas", "nova", "cores"], -2),
    ("quota text", W0 + ["contexts", "quotas", "nova", "cores"], "all"),
    ("network key", W0 + ["contexts", "network", "subnets"], 2),
    ("network number", W0 + ["contexts", "network"], {"networks_per_tenant": 0}),
    ("volumes without size", W1 + ["contexts", "volumes", "size"], GONE),
    ("volumes zero", W1 + ["contexts", "volumes", "volumes_per_tenant"], 0),
    ("roles mapping", W0 + ["contexts", "roles"], {"admin": True}),
    ("flavors mapping", W0 + ["contexts", "flavors"], {"name": "x"}),
    ("flavor without ram", W0 + ["contexts", "flavors"], [{"name": "x"}]),
    ("servers without image", W0 + ["contexts", "servers"], {"flavor": {"name": "x"}}),
    ("volume types empty", S1 + ["contexts", "volume_types"], []),
    ("volume types twice", S1 + ["contexts", "volume_types"], ["a", "a"]),
    ("images without url", W0 + ["contexts", "images"], {"images_per_tenant": 1}),
    ("images format", W0 + ["contexts", "images"], {"image_url": "x", "disk_format": "floppy", "container_format": "bare"}),
    ("stacks key", W0 + ["contexts", "stacks"], {"stack_per_tenant": 1}),
    ("swift objects number", W0 + ["contexts", "swift_objects"], {"containers_per_tenant": 0}),
    ("keypair list", W0 + ["contexts", "keypair"], []),
    ("api versions list", W0 + ["contexts", "api_versions@openstack"], []),
    ("router key", W0 + ["contexts", "router"], {"routers": 1}),
    ("other platform", W0 + ["contexts", "users@kubernetes"], {}),
    # SLA
    ("unknown sla", W0 + ["sla", "failure_rates"], {"max": 0}),
    ("failure rate text", W0 + ["sla", "failure_rate", "max"], "none"),
    ("failure rate over 100", W0 + ["sla", "failure_rate", "max"], 101),
    ("failure rate negative", W0 + ["sla", "failure_rate", "max"], -1),
    ("failure rate key", W0 + ["sla", "failure_rate", "maximum"], 1),
    ("failure rate number", W0 + ["sla", "failure_rate"], 0),
    ("failure rate empty", W0 + ["sla", "failure_rate"], {}),
    ("atomic text", W0 + ["sla", "max_avg_duration_per_atomic", "nova.boot_server"], "60"),
    ("atomic empty", W0 + ["sla", "max_avg_duration_per_atomic"], {}),
    ("atomic number", W0 + ["sla", "max_avg_duration_per_atomic"], 60),
    ("max avg zero", W0 + ["sla", "max_avg_duration"], 0),
    ("max avg text", W0 + ["sla", "max_avg_duration"], "x"),
    ("max seconds text", W0 + ["sla", "max_seconds_per_iteration"], "x"),
    ("max seconds negative", W0 + ["sla", "max_seconds_per_iteration"], -1),
    ("outliers key", W2 + ["sla", "outliers", "maximum"], 1),
    ("outliers iterations", W2 + ["sla", "outliers", "min_iterations"], 1),
    ("degradation missing", W2 + ["sla", "performance_degradation"], {}),
    ("degradation negative", W2 + ["sla", "performance_degradation", "max_degradation"], -1),
    # validators of one scenario or context
    *[
        ("command %d" % n, W0 + ["scenario"], {"VMTasks.boot_runcommand_delete": {"flavor": {"name": "a"}, "image": {"name": "b"}, "username": "x", "command": command}})
        for n, command in enumerate([
            {"script_inline": "ls", "interpreter": "/bin/sh"},
            {"script_inline": "ls"},
            {"script_inline": "ls", "script_file": "x", "interpreter": "/bin/sh"},
            {"remote_path": "/bin/true"},
            {"remote_path": ""},
            {"remote_path": "/bin/true", "other": 1},
            {"interpreter": ["A=b", "/tmp/sh"], "remote_path": "/tmp/bash", "local_path": "/bin/sh"},
            "ls", [], {}, None,
        ])
    ],
    *[
        ("api versions %d" % n, W0 + ["contexts", "api_versions@openstack"], config)
        for n, config in enumerate([
            {"nova": {"version": 2.2}}, {"novas": {"version": 2}}, {"glance": {"version": 3}}, {"glance": {"version": 2}},
            {"keystone": {"service_type": "identity"}}, {"swift": {"version": 1}}, {"neutron": {"version": "2.0"}},
            {"cinder": {"service_type": "volumev3"}}, {"barbican": {"version": 1}}, {"heat": {"versions": 1}}, {"heat": 1},
        ])
    ],
    *[
        ("zones %d" % n, W0, {"scenario": {"VMTasks.check_designate_dns_resolving": {"flavor": {"name": "a"}, "image": {"name": "b"}, "username": "x", "password": "y"}}, "contexts": contexts})
        for n, contexts in enumerate([{"zones": {"set_zone_in_network": False}}, {"zones": {}}, {"zones": {"set_zone_in_network": True}}])
    ],
    # hooks
    ("unknown hook", W0 + ["hooks", 0, "action"], {"syscall": "/bin/true"}),
    ("unknown trigger", W0 + ["hooks", 0, "trigger"], {"events": {"unit": "iteration", "at": [1]}}),
    ("hook config", W0 + ["hooks", 0, "action"], {"sys_call": 5}),
    ("event unit", W0 + ["hooks", 0, "trigger", "event", "unit"], "minute"),
    ("event at zero", W0 + ["hooks", 0, "trigger", "event", "at"], [0]),
    ("event at empty", W0 + ["hooks", 0, "trigger", "event", "at"], []),
    ("event twice", W0 + ["hooks", 0, "trigger", "event", "at"], [2, 2]),
    ("event without at", W0 + ["hooks", 0, "trigger", "event", "at"], GONE),
    ("periodic without step", W0 + ["hooks", 0, "trigger"], {"periodic": {"unit": "iteration"}}),
    ("periodic end", W0 + ["hooks", 0, "trigger"], {"periodic": {"unit": "iteration", "step": 0}}),
    # harmless
    ("harmless: no sla", W0 + ["sla"], GONE),
    ("harmless: no contexts", W0 + ["contexts"], GONE),
    ("harmless: no hooks", W0 + ["hooks"], GONE),
    ("harmless: no runner", W0 + ["runner"], GONE),
    ("harmless: further argument", W0 + ["scenario", "NovaServers.boot_and_delete_server", "anything"], 1),
    ("harmless: full name", W0 + ["contexts", "roles@openstack"], ["admin"]),
    ("harmless: rps stages", W1 + ["runner"], {"rps": {"times": 4, "rps": {"start": 1, "end": 5, "step": 1}}}),
    ("harmless: max 100", W0 + ["sla", "failure_rate", "max"], 100),
    ("harmless: float", W0 + ["sla", "max_avg_duration"], 0.5),
    ("harmless: empty tags", ["tags"], []),
]

VERSION_1 = """\
NovaServers.boot_and_delete_server:
  -
    args:
      flavor: {name: m1.tiny}
      image: {name: cirros}
    runner: {type: constant, times: 4, concurrency: 2}
    context:
      users: {tenants: 1, users_per_tenant: 1}
    sla:
      failure_rate: {max: 0}
    hooks:
      - name: sys_call
        args: /bin/true
        trigger: {name: event, args: {unit: iteration, at: [1]}}
"""
V = ["NovaServers.boot_and_delete_server", 0]
DATA_1 = [
    ("v1 harmless", V + ["description"], "x"),
    ("v1 unknown key", V + ["contexts"], {}),
    ("v1 runner without type", V + ["runner", "type"], GONE),
    ("v1 unknown runner", V + ["runner", "type"], "parallel"),
    ("v1 runner key", V + ["runner", "time"], 1),
    ("v1 concurrency over times", V + ["runner", "concurrency"], 5),
    ("v1 workloads mapping", V[:1], {}),
    ("v1 missing argument", V + ["args", "flavor"], GONE),
    ("v1 unknown context", V + ["context", "user"], {}),
    ("v1 unknown sla", V + ["sla", "max"], 1),
    ("v1 hook without trigger", V + ["hooks", 0, "trigger"], GONE),
    ("v1 unknown hook", V + ["hooks", 0, "name"], "sys"),
    ("v1 trigger config", V + ["hooks", 0, "trigger", "args"], {"unit": "week"}),
    ("v1 unknown scenario", ["Nova.no_such"], [{}]),
    ("v1 args list", V + ["args"], []),
]


def seeds(tasks):
    """Yield kind, text, first and last line."""
    for kind, old, new in TEXT:
        assert SAMPLE.count(old) >= 1, kind
        at = SAMPLE.index(old)
        text = SAMPLE[:at] + new + SAMPLE[at + len(old):]
        first = SAMPLE[:at].count("\n") + 1
        yield kind, text, first, first + new.count("\n") + 1
    for base, table in ((SAMPLE, DATA), (VERSION_1, DATA_1)):
        plain = base.replace('{{ image }}', "cirros").replace("+{{ times | default(4) }}", "4")
        for kind, path, value in table:
            yield (kind,) + changed(yaml.safe_load(plain), path, value)
    yield from of_validators()
    yield from of_templates()
    chance = random.Random(7)
    for task in tasks:
        data = yaml.safe_load(api._Task(api.API(skip_db_check=True)).render_template(open(task).read(), os.path.dirname(task)))
        yield "harmless: " + os.path.basename(task), open(task).read(), 1, 1
        for kind, change in IN_TASKS:
            sub = chance.randrange(len(data["subtasks"]))
            work = chance.randrange(len(data["subtasks"][sub]["workloads"]))
            at = ["subtasks", sub, "workloads", work]
            workload = data["subtasks"][sub]["workloads"][work]
            path, value = change(workload)
            yield ("%s in %s" % (kind, os.path.basename(task)),) + changed(copy.deepcopy(data), at + path, value)


# templates: what the real engine renders them to is compared within a task
TEMPLATES = [
    '{{ 1 + 2 * 3 }}',
    '{{ 7 // 2 }}',
    '{{ -7 // 2 }}',
    '{{ 7 % 3 }}',
    '{{ -7 % 3 }}',
    '{{ 7 / 2 }}',
    '{{ 2 ** 10 }}',
    '{{ 2 ** -1 }}',
    '{{ 1.0 }}',
    '{{ 1e3 }}',
    '{{ 10 / 5 }}',
    '{{ 1.5 + 1 }}',
    '{{ true }}',
    '{{ none }}',
    "{{ [1, 'a', none, true] }}",
    "{{ {'a': 1, 'b': [1.0]} }}",
    '{{ (1, 2) }}',
    '{{ (1,) }}',
    '{{ () }}',
    "{{ 'a' ~ 1 ~ none }}",
    "{{ 'a' * 3 }}",
    '{{ [1] * 2 }}',
    '{{ [1] + [2] }}',
    "{{ 'abc'[0] }}",
    "{{ 'abc'[-1] }}",
    "{{ 'abc'[1:] }}",
    "{{ 'abc'[::-1] }}",
    '{{ [1, 2, 3][1:2] }}',
    "{{ 'a' in 'abc' }}",
    '{{ 4 not in [1] }}',
    '{{ 1 < 2 < 3 }}',
    '{{ 1 == 1.0 }}',
    "{{ '1' == 1 }}",
    '{{ not true }}',
    '{{ 1 if false else 2 }}',
    '{{ 1 if false }}',
    '{{ none is none }}',
    '{{ 1 is number }}',
    "{{ 'a' is string }}",
    '{{ [] is sequence }}',
    '{{ {} is mapping }}',
    '{{ 3 is odd }}',
    '{{ 4 is even }}',
    '{{ 4 is divisibleby 2 }}',
    '{{ 1 is sameas 1 }}',
    "{{ 'a' is lower }}",
    "{{ 'A' is upper }}",
    '{{ x is defined }}',
    '{{ range(3) }}',
    '{{ range(3) | list }}',
    '{{ range(1, 7, 2) | list }}',
    "{{ 'a b' | upper }}",
    "{{ 'A' | lower }}",
    "{{ 'ab cd' | title }}",
    "{{ 'ab cd' | capitalize }}",
    "{{ ' a ' | trim }}",
    "{{ 'abc' | length }}",
    '{{ [1, 2] | length }}',
    '{{ [3, 1, 2] | sort }}',
    "{{ ['b', 'A'] | sort }}",
    '{{ [1, 2] | sum }}',
    '{{ [1, 2] | first }}',
    '{{ [1, 2] | last }}',
    "{{ [1, 2] | join('-') }}",
    "{{ 'abc' | list }}",
    "{{ 'abc' | reverse }}",
    '{{ [1, 2] | reverse | list }}',
    '{{ [1, 1, 2] | unique | list }}',
    '{{ [1, 2, 3, 4] | batch(3) | list }}',
    '{{ [1, 2, 3] | slice(2) | list }}',
    "{{ {'b': 1, 'a': 2} | dictsort }}",
    "{{ {'a': 1} | items | list }}",
    "{{ 'a,b'.split(',') }}",
    "{{ 'abc'.replace('b', 'x') }}",
    "{{ 'abc'.startswith('a') }}",
    "{{ 'a'.join(['x', 'y']) }}",
    "{{ 'abc'.upper() }}",
    "{{ ' a '.strip() }}",
    "{{ '{} {}'.format(1, 'a') }}",
    "{{ '{:03d}'.format(7) }}",
    "{{ '%s' % 'a' }}",
    "{{ '%d items' % 3 }}",
    "{{ '%s-%s' % (1, 2) }}",
    "{{ '%s' | format('a') }}",
    "{{ 'a%%' % () }}",
    '{{ 1.25 | round(1) }}',
    '{{ 2.5 | round }}',
    '{{ 2 | round }}',
    '{{ 1.5 | int }}',
    "{{ '3' | int }}",
    "{{ 'x' | int(7) }}",
    "{{ '3.5' | float }}",
    '{{ 3 | string }}',
    '{{ 1 | abs }}',
    '{{ -1 | abs }}',
    "{{ 'a' | default('b') }}",
    "{{ '' | default('b', true) }}",
    "{{ none | default('b') }}",
    "{{ [{'a': 1}, {'a': 2}] | map(attribute='a') | list }}",
    "{{ [1, 2] | map('string') | list }}",
    "{{ ['a'] | map('upper') | list }}",
    "{{ [1, 2, 3] | select('odd') | list }}",
    "{{ [1, 2, 3] | reject('odd') | list }}",
    "{{ [{'a': 1}, {'a': 0}] | selectattr('a') | list }}",
    "{{ [{'a': 1}, {'a': 2}] | selectattr('a', 'equalto', 2) | list }}",
    "{{ [{'a': 1}, {'a': 1}] | groupby('a') | length }}",
    "{{ '<a>' | escape }}",
    "{{ '<a>' | e }}",
    "{{ '<a>' | safe }}",
    "{{ 'a b' | urlencode }}",
    "{{ 'abcdef' | truncate(4) }}",
    "{{ 'a b c' | wordcount }}",
    "{{ 'a' | center(5) }}",
    '{{ 1000 | filesizeformat }}',
    '{{ [1, 2] | tojson }}',
    "{{ {'a': 'b'} | tojson }}",
    "{{ 'a' | tojson }}",
    '{{ [1, 2] | pprint }}',
    "{{ 'a\\nb' | indent(2) }}",
    "{{ 'a\\nb' | indent(2, true) }}",
    "{{ 'a b c d' | wordwrap(3) }}",
    '{{ [1, 2] | min }}',
    '{{ [1, 2] | max }}',
    '{{ min(3, 2) }}',
    '{{ max(3, 2) }}',
    '{{ ceil(1.2) }}',
    '{{ round(1.6) }}',
    '{{ dict(a=1) }}',
    '{{ dict(a=1).keys() | list }}',
    "{{ {'a': 1}.get('b') }}",
    "{{ {'a': 1}.get('b', 2) }}",
    "{{ {'a': 1}.items() | list }}",
    "{{ {'a': 1}.values() | list }}",
    "{{ {'a': {'b': 2}}.a.b }}",
    "{{ {'a': 1}['a'] }}",
    '{{ [1, 2].index(2) }}',
    '{{ [1, 2].count(1) }}',
    "{{ 'a\\tb' }}",
    "{{ 'its' }}",
    '{{ "it\'s" }}',
    '{{ \'say "x"\' }}',
    "{{ '\\\\' }}",
    '{{ [\'it\\\'s\', \'say "x"\'] }}',
    '{{ 0x10 }}',
    '{{ 1_000 }}',
    "{{ 'é' }}",
    "{{ 'é' | length }}",
    "{{ 'a' 'b' }}",
    '{{ 1 and 0 }}',
    "{{ 0 or 'x' }}",
    '{{ [] or {} }}',
    "{{ 'a' < 'b' }}",
    '{{ [1, 2] == [1, 2] }}',
    '{{ none == false }}',
    '{{ lipsum is callable }}',
    "{{ 'a' is filter }}",
    "{{ 'upper' is filter }}",
    '{{ 1 is integer }}',
    '{{ 1.0 is float }}',
    '{{ true is boolean }}',
    "{{ 'a' is iterable }}",
    '{{ (1, 2) | list }}',
    '{{ ((1, 2), 3) }}',
    '{{ [1, [2, [3]]] | string }}',
    '{{ 1e100 }}',
    '{{ 1 / 3 }}',
    '{{ 0.1 + 0.2 }}',
    '{{ 100000000000000000000 }}',
    '{{ 10 ** 20 }}',
    "{{ 'x' | xmlattr }}",
    "{{ {'a': 1} | xmlattr }}",
    "{{ 'a' | striptags }}",
    "{{ '<b>a</b>' | striptags }}",
    "{{ 'http://a.b' | urlize }}",
    '{{ [3, 1] | sort(reverse=true) }}',
    "{{ 'abc' | replace('b', '') }}",
    "{{ 'abc'.find('c') }}",
    "{{ 'abc'.isdigit() }}",
    "{{ '12'.isdigit() }}",
    "{{ 'a-b'.partition('-') }}",
    "{{ 'ab'.title() }}",
    "{{ 'a'.zfill(3) }}",
    "{{ 'a\\nb'.splitlines() }}",
    "{{ 'abc'.endswith('c') }}",
    "{{ 'aXb'.lower() }}",
    '{{ [1, 2, 3][-2:] }}',
    '{{ [1, 2, 3][5:] }}',
    '{{ [][0] }}',
    '{{ {}.a }}',
    '{{ nothing.a }}',
    '{{ [1][0].a.b }}',
    "{{ 1 + 'a' }}",
    "{{ 'a' + 1 }}",
    '{{ none + 1 }}',
    "{{ 'a' | no_filter }}",
    '{{ 1 is no_test }}',
    '{{ 1 // 0 }}',
    '{{ range(3)[1] }}',
    '{{ range(5) | random is number }}',
    "{{ 'a'.nothing() }}",
    "{{ [1, 2] | join(',', attribute='x') }}",
    '{% for a in [1, 2] %}{{ a }}{% else %}none{% endfor %}',
    '{% for a in [] %}{{ a }}{% else %}none{% endfor %}',
    '{% for a in [1, 2, 3] if a > 1 %}{{ loop.index0 }}{{ a }}{% endfor %}',
    "{% for a, b in {'x': 1}.items() %}{{ a }}{{ b }}{% endfor %}",
    "{% for a in [1, 2] %}{{ loop.first }}{{ loop.last }}{{ loop.revindex }}{{ loop.length }}{% endfor %}",
    "{% for a in [1, 2] %}{{ loop.cycle('x', 'y') }}{% endfor %}",
    '{% for a in [1, 2] %}{% for b in [3] %}{{ loop.index }}{% endfor %}{% endfor %}',
    '{% for a in [1, 2] %}{{ loop.previtem }}{{ loop.nextitem }}{% endfor %}',
    '{% for a in [1, 1] %}{{ loop.changed(a) }}{% endfor %}',
    '{% set a = 1 %}{% for b in [1, 2] %}{% set a = b %}{% endfor %}{{ a }}',
    '{% set n = namespace(a=1) %}{% for b in [1, 2] %}{% set n.a = n.a + b %}{% endfor %}{{ n.a }}',
    '{% set a, b = 1, 2 %}{{ a }}{{ b }}',
    '{% set a = (1, 2) %}{{ a }}',
    '{% set a %}x{{ 1 }}{% endset %}{{ a }}',
    '{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(a=4) }}',
    '{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}x{% endcall %}',
    '{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, a=2) }}',
    '{% if 1 %}a{% elif 2 %}b{% else %}c{% endif %}',
    '{% if [] %}a{% elif {} %}b{% else %}c{% endif %}',
    '{% with a = 1 %}{{ a }}{% endwith %}',
    '{% filter upper %}abc{% endfilter %}',
    '{% raw %}{{ a }}{% endraw %}',
    'a {%- if true -%} b {%- endif %} c',
    'a\n{% if true %}\nb\n{% endif %}\nc',
    'a {{- 1 -}} b',
    'a {#- c -#} b',
    '{{ 1 }}{# c #}{{ 2 }}',
    '{% block a %}x{% endblock %}',
    '{% set a = [] %}{% for b in [1] %}{% set _ = a.append(b) %}{% endfor %}{{ a }}',
    '{% do 1 %}',
    '{% break %}',
    '{% trans %}a{% endtrans %}',
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}",
    "{% set j = joiner(',') %}{{ j() }}1{{ j() }}2",
    '{% for a in range(3) recursive %}{{ a }}{% endfor %}',
    "{% autoescape true %}{{ '<' }}{% endautoescape %}",
    '# for a in [1]\n{{ 1 }}',
    "{{ '{{' }}",
    '{{ "a\\u00e9" }}',
    "{{ 'a\\x41' }}",
]


def of_templates():
    """Yield a task for each template, good only where it renders to what Rally's engine makes of it."""
    for template in TEMPLATES:
        try:
            text = api._Task(api.API(skip_db_check=True)).render_template(template)
        except Exception:
            yield "template " + template, SAMPLE.replace("title: Sample", "title: Sample\n# " + template.replace("\n", " ")), 1, 200
            continue
        if any(mark in text for mark in "<{"):
            # a comparison within the template would read these again
            continue
        literal = json.dumps(text, ensure_ascii=False)
        compared = "{% set rendered %}" + template + "{% endset %}{% if rendered != " + literal + " %}version: 3{% else %}version: 2{% endif %}"
        yield "template " + template, SAMPLE.replace("version: 2", compared), 1, 200


# Kind of validator to the arguments that it refuses, of its parameters.
REFUSED = {
    "number": lambda v: {v["param_name"]: v["minval"] - 1} if v.get("minval") is not None else None,
    "enum": lambda v: {v["param_name"]: "nonsense"},
    "restricted_parameters": lambda v: restricted(v["param_names"], v.get("subdict")),
    "required_params": lambda v: {v["subdict"]: {}} if v.get("subdict") else {},
    "required_contexts": lambda v: {},
}


def restricted(names, within):
    name = names if isinstance(names, str) else names[-1]
    return {within: {name: "x"}} if within else {name: "x"}


def of_validators():
    """Yield a seed for each scenario and validator that can be refused by one argument."""
    for cls in sorted(scenario.Scenario.get_all(), key=lambda cls: cls.get_name()):
        signature = list(inspect.signature(cls.run).parameters.values())[1:]
        needed = {p.name: 1 for p in signature if p.default is p.empty and p.kind == p.POSITIONAL_OR_KEYWORD}
        for name, _, parameters in cls._meta_get("validators", default=[]):
            wrong = REFUSED.get(name, lambda parameters: None)(parameters)
            if wrong is not None:
                task = {
                    "version": 2,
                    "title": "one validator",
                    "subtasks": [{"title": "one", "scenario": {cls.get_name(): {**needed, **wrong}}}],
                }
                yield ("%s of %s" % (name, cls.get_name()),) + changed(task, ["version"], 2)[:1] + (1, 100)


def scenario_of(workload):
    return next(iter(workload["scenario"]))


IN_TASKS = [
    ("scenario", lambda w: (["scenario"], {scenario_of(w) + "x": w["scenario"][scenario_of(w)]})),
    ("times", lambda w: (["runner", "constant", "times"], 0)),
    ("concurrency", lambda w: (["runner", "constant", "concurrency"], 1000)),
    ("context", lambda w: (["contexts", "quota"], {})),
    ("rate", lambda w: (["sla", "failure_rate", "max"], 200)),
    ("limit", lambda w: (["sla", "max_avg_duration_per_atomic"], {"a": "b"})),
    ("key", lambda w: (["slas"], {})),
]


def changed(data, path, value):
    """Return the text with the value at the path, and the lines of what was changed."""
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    if value is GONE:
        del parent[path[-1]]
        path = path[:-1]
    elif isinstance(parent, list):
        parent[path[-1]] = value
    else:
        parent[path[-1]] = value
    text = yaml.safe_dump(data, sort_keys=False, default_flow_style=False)
    # a date is written without quotes, so that it is one
    text = text.replace("'2020-01-01'", "2020-01-01")
    first, last = lines(yaml.compose(text), path)
    return text, first, last


def lines(node, path):
    first, last = 1, node.end_mark.line + 1
    for key in path:
        if isinstance(node, yaml.SequenceNode):
            node = node.value[key]
            first = node.start_mark.line + 1
        else:
            name, node = next(pair for pair in node.value if pair[0].value == str(key))
            first = name.start_mark.line + 1
        last = node.end_mark.line + 1
    return first, last


def main(folder, *tasks):
    logging.disable(logging.CRITICAL)
    plugins.load()
    folder = pathlib.Path(folder)
    jobs = folder / "rally-jobs"
    jobs.mkdir()
    told, zuul, listed = [], [], []
    for number, (kind, text, first, last) in enumerate(seeds(tasks)):
        name = "%03d.yaml" % number
        (jobs / name).write_text(text)
        why = refused(text, str(jobs))
        told.append({"file": name, "kind": kind, "refused": why is not None, "why": why, "first": first, "last": last})
        zuul.append({"job": {"name": "seed-%03d" % number, "parent": "rally-task-at-devstack", "vars": {"rally_task": "rally-jobs/" + name}}})
        listed.append("seed-%03d" % number)
    zuul.append({"project": {"check": {"jobs": listed}}})
    (folder / ".zuul.yaml").write_text(yaml.safe_dump(zuul, sort_keys=False))
    (folder / "seeds.json").write_text(json.dumps(told, indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
