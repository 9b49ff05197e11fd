"""The plugins of a service, loaded and run by the real Rally on fake clients.

A test module loads the plugins of one service, once; Rally refuses a name that
two plugins have.
"""

import pathlib
from unittest import mock

from rally.common.plugin import discover
from rally import plugins
from rally.task import scenario
import yaml

plugins.load()  # rally-openstack, with the options that its modules read

SERVICES = pathlib.Path(__file__).parents[2] / "templates" / "services"
TASK = "11111111-2222-4333-8444-555555555555"
USER = {"id": "user-id", "tenant_id": "tenant-id"}


def load(service):
    """Load the plugins of a service as Rally loads ~/.rally/plugins."""
    discover.load_plugins(str(SERVICES / service / "plugins"))


def make(name, clients=None, admin_clients=None):
    """Return a scenario, ready to run one iteration with these clients."""
    context = {
        "task": {"uuid": TASK},
        "owner_id": TASK,
        "user": USER,
        "tenant": {"id": "tenant-id"},
    }
    return scenario.Scenario.get(name)(
        context=context,
        clients=clients or mock.MagicMock(),
        admin_clients=admin_clients or mock.MagicMock(),
    )


def atomics(instance):
    """Return the names of the atomic actions, each once, as they began."""
    names = []
    for action in instance.atomic_actions():
        if action["name"] not in names:
            names.append(action["name"])
    return names


def measures(service, name):
    """Return what service.yaml says that a custom scenario measures."""
    text = (SERVICES / service / "service.yaml").read_text()
    for plugin in yaml.safe_load(text)["plugins"]:
        for custom in plugin.get("scenarios", []):
            if custom["name"] == name:
                return custom["measures"]
    raise KeyError(name)


def clean_up(name, clients):
    """Do what Rally does after a workload, by the scenario's own contexts."""
    from rally_openstack.task.cleanup import manager
    from rally_openstack.task import scenario as os_scenario

    contexts = scenario.Scenario.get(name).get_default_context()
    credential = mock.Mock()
    credential.clients.return_value = clients
    for context, names in contexts.items():
        if context not in ("cleanup@openstack", "admin_cleanup@openstack"):
            continue
        as_admin = context == "admin_cleanup@openstack"
        with mock.patch("rally.common.utils.interruptable_sleep"):
            manager.cleanup(
                names=names,
                admin_required=as_admin,
                admin={"credential": credential} if as_admin else None,
                users=[dict(USER, credential=credential)],
                superclass=os_scenario.OpenStackScenario,
                task_id=TASK,
            )
