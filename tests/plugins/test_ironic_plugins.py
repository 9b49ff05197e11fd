"""Unit tests of the Ironic plugins."""

import inspect
import itertools
from unittest import mock

from ironicclient.v1 import node
from ironicclient.v1 import port
import plugin_case
import pytest
from rally import exceptions

plugin_case.load("ironic")

POWER = "IronicNodes.power_on_reboot_and_power_off_node"
PROVIDE = "IronicNodes.manage_and_provide_node"
DEPLOY = "IronicNodes.deploy_and_undeploy_node"
PORTS = "IronicPorts.create_list_and_delete_ports"
# Of Rally itself: the cleanup plugin serves them as well.
STOCK = "IronicNodes.create_and_delete_node"

NODE = {"driver": "fake-hardware", "properties": {"cpus": 2}}
ARGUMENTS = {
    POWER: NODE,
    PROVIDE: NODE,
    DEPLOY: NODE,
    PORTS: NODE,
}

# What a node can be asked: from which states, through which, to which.
VERBS = {
    "manage": ({"enroll", "available"}, ["verifying"], "manageable"),
    "provide": ({"manageable"}, ["cleaning", "clean wait"], "available"),
    "active": ({"available"}, ["deploying"], "active"),
    "deleted": ({"active"}, ["deleting", "cleaning"], "available"),
}
DELETABLE = {"enroll", "manageable", "available"}


class Fault(Exception):
    """What the fake raises in the middle of an iteration."""


class Refused(Exception):
    """What Ironic answers where it does not do what it is asked."""

    http_status = 409


class Gone(Exception):
    """What Ironic answers for what is not there."""

    http_status = 404


class Record:
    """A resource as the client hands it out."""

    def __init__(self, manager, **fields):
        self.manager = manager
        self.__dict__.update(fields)


class Manager:
    """A manager of the client, whose calls must be right for the real one."""

    def __init__(self, ironic, real):
        self.ironic = ironic
        self.real = real
        self.stored = {}

    def called(self, method, *args, **kwargs):
        inspect.signature(getattr(self.real, method)).bind(
            self, *args, **kwargs
        )
        self.ironic.called(f"{self.real.__name__}.{method}")

    def create(self, **kwargs):
        known = set(self.real._creation_attributes)
        assert set(kwargs) <= known | {"os_ironic_api_version"}
        uuid = f"uuid-{next(self.ironic.ids)}"
        self.stored[uuid] = dict(self.fields(**kwargs), uuid=uuid)
        self.called("create", **kwargs)
        return Record(self, **self.stored[uuid])

    def fields(self, **kwargs):
        return kwargs

    def item(self, uuid):
        if uuid not in self.stored:
            raise Gone(uuid)
        return self.stored[uuid]

    def get(self, uuid):
        item = self.item(uuid)
        self.called("get", uuid)
        return Record(self, **item)

    def list(self, **kwargs):
        self.called("list", **kwargs)
        if self.ironic.blind:
            return []
        return [Record(self, **item) for item in self.stored.values()]

    def delete(self, uuid):
        self.item(uuid)
        del self.stored[uuid]
        self.called("delete", uuid)


class Nodes(Manager):
    """Nodes, which take a poll for each step of their work."""

    def fields(self, os_ironic_api_version="1.9", **kwargs):
        _, minor = os_ironic_api_version.split(".")
        return dict(
            kwargs,
            provision_state="enroll" if int(minor) > 10 else "available",
            power_state=None,
            target_power_state=None,
            reservation=None,
            last_error=None,
            maintenance=False,
            steps=[],
        )

    def get(self, uuid):
        item = self.item(uuid)
        if item["steps"] and not self.ironic.stuck:
            item.update(item["steps"].pop(0))
        return super().get(uuid)

    def do(self, uuid, *steps):
        """Give a node work, as its conductor does that holds it."""
        item = self.item(uuid)
        if item["reservation"]:
            raise Refused("it is locked")
        item.update(steps[0], reservation="conductor", last_error=None)
        item["steps"] = [*steps[1:], {"reservation": None}]
        if self.ironic.broken:
            item["steps"][-1]["last_error"] = "it is broken"

    def set_power_state(self, uuid, state):
        reached = {"on": "power on", "off": "power off"}.get(state, "power on")
        self.do(
            uuid,
            # For a moment nothing but the lock shows that there is work.
            {},
            {"target_power_state": reached},
            {"target_power_state": None, "power_state": reached},
        )
        self.called("set_power_state", uuid, state)

    def set_provision_state(self, uuid, verb):
        allowed, through, reached = VERBS[verb]
        if self.item(uuid)["provision_state"] not in allowed:
            raise Refused(f"{verb} is not for this state")
        states = [*through, reached]
        self.do(uuid, *[{"provision_state": state} for state in states])
        self.called("set_provision_state", uuid, verb)

    def set_maintenance(self, uuid, state, maint_reason=None):
        self.item(uuid)["maintenance"] = state
        self.called("set_maintenance", uuid, state, maint_reason=maint_reason)

    def delete(self, uuid):
        item = self.item(uuid)
        if not item["maintenance"] and (
            item["provision_state"] not in DELETABLE
        ):
            raise Refused("not in this state")
        ports = self.ironic.port.stored
        for port_uuid in [
            u for u, p in ports.items() if p["node_uuid"] == uuid
        ]:
            del ports[port_uuid]
        super().delete(uuid)


class Ports(Manager):
    """Ports, whose addresses no two have."""

    def fields(self, node_uuid, address):
        self.ironic.node.item(node_uuid)
        assert len(address) == len("52:54:00:00:00:00")
        assert address not in [p["address"] for p in self.stored.values()]
        return {"node_uuid": node_uuid, "address": address}

    def list(self, node, limit):
        found = super().list(node=node, limit=limit)
        return [p for p in found if p.node_uuid == node]


class FakeIronic:
    """Ironic and its client in memory, as far as the plugins use them."""

    def __init__(self):
        self.ids = itertools.count()
        self.calls = []
        self.fail_at = None
        self.stuck = False  # whether work in progress never ends
        self.broken = False  # whether work in progress ends badly
        self.blind = False  # whether lists are empty
        self.node = Nodes(self, node.NodeManager)
        self.port = Ports(self, port.PortManager)

    def called(self, name):
        """Take note of a call that has been done, and fail where told."""
        self.calls.append(name)
        if len(self.calls) == self.fail_at:
            raise Fault(name)

    @property
    def left(self):
        return [
            uuid
            for manager in (self.node, self.port)
            for uuid in manager.stored
        ]


@pytest.fixture(autouse=True)
def no_sleep():
    """Let the time that is slept away pass at once."""
    now = itertools.count(0, 10)
    with (
        mock.patch("rally.task.utils.time.sleep"),
        mock.patch("rally.task.utils.time.time", lambda: float(next(now))),
        mock.patch("rally.common.utils.interruptable_sleep"),
    ):
        yield


def clients_of(ironic):
    """Return OpenStack clients around a fake Ironic."""
    clients = mock.MagicMock()
    clients.ironic.return_value = ironic
    return clients


def run(name, ironic, **more):
    """Run one iteration of a scenario and return the scenario."""
    iteration = plugin_case.make(name, clients_of(ironic))
    iteration.run(**dict(ARGUMENTS.get(name, NODE), **more))
    return iteration


@pytest.mark.parametrize("name", ARGUMENTS)
def test_measures_what_is_documented(name):
    iteration = run(name, FakeIronic())
    assert plugin_case.atomics(iteration) == plugin_case.measures(
        "ironic", name
    )


@pytest.mark.parametrize("name", ARGUMENTS)
def test_leaves_nothing(name):
    ironic = FakeIronic()
    run(name, ironic)
    assert ironic.left == []


@pytest.mark.parametrize("name", [*ARGUMENTS, STOCK])
def test_leaves_nothing_wherever_it_fails(name):
    whole = FakeIronic()
    run(name, whole)
    assert len(whole.calls) >= 3
    for at in range(1, len(whole.calls) + 1):
        ironic = FakeIronic()
        ironic.fail_at = at
        # Rally's wait reports what fails while it polls in its own words.
        with pytest.raises((Fault, exceptions.GetResourceFailure)):
            run(name, ironic)
        assert len(ironic.calls) == at
        ironic.fail_at = None
        plugin_case.clean_up(name, clients_of(ironic))
        assert ironic.left == [], whole.calls[at - 1]


def test_fails_when_a_port_is_not_listed():
    ironic = FakeIronic()
    ironic.blind = True
    with pytest.raises(exceptions.RallyAssertionError):
        run(PORTS, ironic)
    ironic.blind = False
    plugin_case.clean_up(PORTS, clients_of(ironic))
    assert ironic.left == []


@pytest.mark.parametrize("name", [POWER, PROVIDE, DEPLOY])
def test_an_error_of_the_node_is_not_waited_for(name):
    ironic = FakeIronic()
    ironic.broken = True
    with pytest.raises(exceptions.GetResourceErrorStatus):
        run(name, ironic)
    plugin_case.clean_up(name, clients_of(ironic))
    assert ironic.left == []


@pytest.mark.parametrize("name", [POWER, PROVIDE, DEPLOY])
def test_what_never_ends_times_out(name):
    ironic = FakeIronic()
    ironic.stuck = True
    with pytest.raises(exceptions.TimeoutException):
        run(name, ironic)
    plugin_case.clean_up(name, clients_of(ironic))
    assert ironic.left == []


def states(ironic, attribute):
    """Note the states that polls of a node see, each once in a row."""
    seen = []
    get = ironic.node.get

    def noting(uuid):
        found = get(uuid)
        if not seen or seen[-1] != getattr(found, attribute):
            seen.append(getattr(found, attribute))
        return found

    ironic.node.get = noting
    return seen


def test_power_states():
    ironic = FakeIronic()
    seen = states(ironic, "power_state")
    run(POWER, ironic)
    assert seen == [None, "power on", "power off"]
    assert ironic.calls.count("NodeManager.set_power_state") == 3


def test_a_reboot_is_waited_for():
    ironic = FakeIronic()
    iteration = plugin_case.make(POWER, clients_of(ironic))
    enrolled = iteration._enroll_node("fake-hardware", None)
    iteration._set_power(enrolled, "on")
    rebooted = iteration._set_power(enrolled, "reboot")
    assert rebooted.power_state == "power on"
    assert ironic.node.stored[enrolled.uuid]["steps"] == []


def test_provision_states():
    ironic = FakeIronic()
    seen = states(ironic, "provision_state")
    run(PROVIDE, ironic)
    assert [s for s in seen if not s.endswith("ing")] == [
        "enroll",
        "manageable",
        "clean wait",
        "available",
        "manageable",
    ]


def test_deploy_states():
    ironic = FakeIronic()
    seen = states(ironic, "provision_state")
    run(DEPLOY, ironic)
    assert seen[-4:] == ["available", "active", "cleaning", "available"]


def test_arguments_of_a_node():
    ironic = FakeIronic()
    run(PROVIDE, ironic, deploy_interface="fake", properties=None)
    iteration = plugin_case.make(PROVIDE, clients_of(ironic))
    enrolled = iteration._enroll_node("ipmi", None, resource_class="big")
    assert enrolled.name.startswith("s-rally-")
    assert (enrolled.driver, enrolled.properties) == ("ipmi", {})
    assert enrolled.resource_class == "big"


def test_the_version_of_the_api_may_be_chosen():
    ironic = FakeIronic()
    with pytest.raises(exceptions.TimeoutException):
        run(PROVIDE, ironic, os_ironic_api_version="1.9")


def test_number_of_ports():
    ironic = FakeIronic()
    run(PORTS, ironic, ports_count=5)
    assert ironic.calls.count("PortManager.create") == 5
    assert ironic.calls.count("PortManager.delete") == 5


def test_cleanup_leaves_what_is_not_of_rally():
    ironic = FakeIronic()
    ironic.node.create(name="mine", driver="fake-hardware")
    ironic.node.create(driver="fake-hardware", name=None)
    plugin_case.clean_up(DEPLOY, clients_of(ironic))
    assert len(ironic.left) == 2
