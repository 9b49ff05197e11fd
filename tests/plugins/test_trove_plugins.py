"""Unit tests of the Trove plugins."""

import inspect
import itertools
import subprocess
import sys
from unittest import mock

import plugin_case
import pytest
from rally import exceptions
from rally.task import scenario
from rally_openstack.common import credential
from rally_openstack.common import osclients
from troveclient.v1 import backups
from troveclient.v1 import databases
from troveclient.v1 import datastores
from troveclient.v1 import instances
from troveclient.v1 import users

plugin_case.load("trove")

PLUGINS = plugin_case.SERVICES / "trove" / "plugins"

DATASTORES = "TroveDatastores.list_datastores"
CREATE_AND_DELETE = "TroveInstances.create_and_delete_instance"
USE = "TroveInstances.create_use_and_delete_instance"
BACKUP = "TroveBackups.create_list_restore_and_delete_backup"

INSTANCE = {"flavor": "flavor-id", "volume_size": 1, "datastore": "mysql"}
ARGUMENTS = {
    DATASTORES: {},
    CREATE_AND_DELETE: INSTANCE,
    USE: dict(INSTANCE, new_volume_size=2),
    BACKUP: INSTANCE,
}
CREATING = [name for name, arguments in ARGUMENTS.items() if arguments]


class Fault(Exception):
    """What the fake raises in the middle of an iteration."""


class Refused(Exception):
    """What Trove answers where it does not do what it is asked."""

    http_status = 422


class Gone(Exception):
    """What Trove answers for what is not there."""

    http_status = 404


class Record:
    """A resource as the client hands it out."""

    def __init__(self, manager, **fields):
        self.manager = manager
        self.__dict__.update(fields)


class Page(list):
    """One page of a list, with the marker of the next."""

    next = None


class Manager:
    """A manager of the client, whose calls must be right for the real one."""

    def __init__(self, trove, real):
        self.trove = trove
        self.real = real
        self.stored = {}

    def called(self, method, *args, **kwargs):
        inspect.signature(getattr(self.real, method)).bind(
            self, *args, **kwargs
        )
        self.trove.called(f"{self.real.__name__}.{method}")

    def page(self, items, marker):
        """Return the items one by one, as two pages show what ten do."""
        at = int(marker or 0)
        page = Page(items[at : at + 1])
        page.next = str(at + 1) if at + 1 < len(items) else None
        return page

    def copy(self, item):
        return Record(self, **item)

    def item(self, id_):
        if id_ not in self.stored:
            raise Gone(id_)
        return self.stored[id_]


class Instances(Manager):
    """Instances, which take a poll for each step of their work."""

    def create(self, name, flavor_id=None, volume=None, **kwargs):
        assert flavor_id == "flavor-id"
        restored = kwargs.get("restorePoint")
        if restored:
            backup = self.trove.backups.item(restored["backupRef"])
            assert backup["status"] == "COMPLETED"
        id_ = f"instance-{next(self.trove.ids)}"
        self.stored[id_] = {
            "id": id_,
            "name": name,
            "status": self.trove.first_status,
            "volume": dict(volume),
            "asked": kwargs,
        }
        self.called(
            "create", name, flavor_id=flavor_id, volume=volume, **kwargs
        )
        return self.copy(self.stored[id_])

    def get(self, instance):
        item = self.item(instance)
        after = {"BUILD": "ACTIVE", "RESIZE": "ACTIVE"}
        if item["status"] == "SHUTDOWN":
            del self.stored[instance]
        elif item["status"] in after and not self.trove.stuck:
            item["status"] = after[item["status"]]
        elif item["status"] == "BACKUP":
            self.trove.backups.proceed(instance)
        self.called("get", instance)
        return self.copy(item)

    def list(self, limit=None, marker=None):
        self.called("list", marker=marker)
        items = [self.copy(i) for i in self.stored.values()]
        return self.page(items, marker)

    def resize_volume(self, instance, volume_size):
        item = self.item(instance)
        item["status"] = "RESIZE"
        item["volume"]["size"] = volume_size
        self.called("resize_volume", instance, volume_size)

    def delete(self, instance):
        item = self.item(instance)
        if item["status"] == "BUILD":
            raise Refused("it is built")
        if item["status"] == "BACKUP":
            for backup in self.trove.backups.of(instance):
                backup["status"] = "ORPHAN"
        item["status"] = "SHUTDOWN"
        self.called("delete", instance)

    def _action(self, instance, body):
        assert body == {"reset_status": {"force_delete": True}}
        self.item(instance)["status"] = "ERROR"
        for backup in self.trove.backups.of(instance):
            backup["status"] = "FAILED"
        self.called("_action", instance, body)


class Backups(Manager):
    """Backups, whose instance is busy until they are complete."""

    def create(self, name, instance, swift_container=None):
        self.trove.instances.item(instance)["status"] = "BACKUP"
        id_ = f"backup-{next(self.trove.ids)}"
        self.stored[id_] = {
            "id": id_,
            "name": name,
            "status": "NEW",
            "instance_id": instance,
        }
        self.trove.containers[swift_container] = [id_]
        self.called("create", name, instance, swift_container=swift_container)
        return self.copy(self.stored[id_])

    def of(self, instance):
        return [
            b
            for b in self.stored.values()
            if b["instance_id"] == instance
            and b["status"] in ("NEW", "SAVING")
        ]

    def proceed(self, instance):
        if self.trove.stuck:
            return
        for backup in self.of(instance):
            steps = {"NEW": "SAVING", "SAVING": "COMPLETED"}
            backup["status"] = steps[backup["status"]]
        if not self.of(instance):
            self.trove.instances.item(instance)["status"] = "ACTIVE"

    def get(self, backup):
        item = self.item(backup)
        if item["status"] == "DELETING":
            del self.stored[backup]
        elif item["status"] in ("NEW", "SAVING"):
            self.proceed(item["instance_id"])
        self.called("get", backup)
        return self.copy(item)

    def list(self, limit=None, marker=None):
        self.called("list", marker=marker)
        items = [self.copy(b) for b in self.stored.values()]
        return self.page(items, marker)

    def delete(self, backup):
        item = self.item(backup)
        if item["status"] in ("NEW", "SAVING", "ORPHAN"):
            raise Refused("it is running")
        item["status"] = "DELETING"
        for objects in self.trove.containers.values():
            if backup in objects:
                objects.remove(backup)
        self.called("delete", backup)


class Inner(Manager):
    """The databases, or the users, of instances."""

    def create(self, instance, entries):
        assert self.trove.instances.item(instance)["status"] == "ACTIVE"
        self.stored.setdefault(instance, []).extend(entries)
        self.called("create", instance, entries)

    def list(self, instance, limit=None, marker=None):
        self.called("list", instance, marker=marker)
        items = [
            Record(self, name=entry["name"])
            for entry in self.stored.get(instance, [])
        ]
        return self.page(items, marker)

    def delete(self, instance, name):
        self.stored[instance].remove(
            next(e for e in self.stored[instance] if e["name"] == name)
        )
        self.called("delete", instance, name)


class Datastores(Manager):
    """The datastores, of which there are two."""

    def list(self, limit=None, marker=None):
        self.called("list", marker=marker)
        return self.page([Record(self), Record(self)], marker)


class FakeTrove:
    """Trove and its client in memory, as far as the plugins use them."""

    def __init__(self):
        self.ids = itertools.count()
        self.calls = []
        self.fail_at = None
        self.first_status = "BUILD"
        self.stuck = False  # whether work in progress never ends
        self.containers = {}
        self.instances = Instances(self, instances.Instances)
        self.backups = Backups(self, backups.Backups)
        self.databases = Inner(self, databases.Databases)
        self.users = Inner(self, users.Users)
        self.datastores = Datastores(self, datastores.Datastores)

    def called(self, name):
        """Take note of a call that has been done, and fail where told."""
        self.calls.append(name)
        if len(self.calls) == self.fail_at:
            raise Fault(name)

    @property
    def left(self):
        return (
            list(self.instances.stored)
            + list(self.backups.stored)
            + list(self.containers)
        )


class FakeSwift:
    """The containers that backups are written to."""

    def __init__(self, trove):
        self.trove = trove

    def get_account(self, full_listing):
        return None, [{"name": name} for name in self.trove.containers]

    def get_container(self, name, full_listing):
        return None, [{"name": o} for o in self.trove.containers[name]]

    def delete_object(self, container, name):
        self.trove.containers[container].remove(name)

    def delete_container(self, name):
        if self.trove.containers[name]:
            raise Refused("it is not empty")
        del self.trove.containers[name]


@pytest.fixture(autouse=True)
def no_sleep():
    """Let the time that is slept away pass at once."""
    now = itertools.count(0, 10)
    with (
        mock.patch("rally.task.utils.time.sleep"),
        mock.patch("rally.task.utils.time.time", lambda: float(next(now))),
    ):
        yield


def clients_of(trove):
    """Return OpenStack clients around a fake Trove."""
    clients = mock.MagicMock()
    clients.troveclient.return_value = trove
    clients.swift.return_value = FakeSwift(trove)
    return clients


def run(name, trove, **more):
    """Run one iteration of a scenario and return the scenario."""
    iteration = plugin_case.make(name, clients_of(trove))
    iteration.run(**dict(ARGUMENTS[name], **more))
    return iteration


@pytest.mark.parametrize("name", ARGUMENTS)
def test_measures_what_is_documented(name):
    iteration = run(name, FakeTrove())
    assert plugin_case.atomics(iteration) == plugin_case.measures(
        "trove", name
    )


@pytest.mark.parametrize("name", ARGUMENTS)
def test_leaves_nothing(name):
    trove = FakeTrove()
    run(name, trove)
    plugin_case.clean_up(name, clients_of(trove))
    assert trove.left == []


@pytest.mark.parametrize("name", CREATING)
def test_leaves_nothing_wherever_it_fails(name):
    whole = FakeTrove()
    run(name, whole)
    assert len(whole.calls) >= 3
    for at in range(1, len(whole.calls) + 1):
        trove = FakeTrove()
        trove.fail_at = at
        # Rally's wait reports what fails while it polls in its own words.
        with pytest.raises((Fault, exceptions.GetResourceFailure)):
            run(name, trove)
        assert len(trove.calls) == at
        trove.fail_at = None
        plugin_case.clean_up(name, clients_of(trove))
        assert trove.left == [], whole.calls[at - 1]


def test_a_failing_list_of_datastores_fails_the_iteration():
    trove = FakeTrove()
    trove.fail_at = 1
    with pytest.raises(Fault):
        run(DATASTORES, trove)


WRONG = {
    "_show_instance": mock.Mock(id="other"),
    "_list_instances": [],
    "_list_databases": [],
    "_list_users": [],
    "_resize_volume": mock.Mock(volume={"size": 1}),
}


@pytest.mark.parametrize("step", WRONG)
def test_fails_when_a_step_has_a_wrong_result(step):
    iteration = plugin_case.make(USE, clients_of(FakeTrove()))
    with mock.patch.object(iteration, step, return_value=WRONG[step]):
        with pytest.raises(exceptions.RallyAssertionError):
            iteration.run(**ARGUMENTS[USE])


def test_fails_when_the_backup_is_not_in_the_list():
    iteration = plugin_case.make(BACKUP, clients_of(FakeTrove()))
    with mock.patch.object(iteration, "_list_backups", return_value=[]):
        with pytest.raises(exceptions.RallyAssertionError):
            iteration.run(**INSTANCE)


def test_lists_have_all_pages():
    trove = FakeTrove()
    iteration = plugin_case.make(USE, clients_of(trove))
    for _ in range(3):
        trove.instances.create("name", "flavor-id", volume={"size": 1})
    assert len(iteration._list_instances()) == 3


@pytest.mark.parametrize("status", ["ERROR", "FAILED"])
def test_an_instance_that_fails_is_not_waited_for(status):
    trove = FakeTrove()
    trove.first_status = status
    with pytest.raises(exceptions.GetResourceErrorStatus):
        run(CREATE_AND_DELETE, trove)
    plugin_case.clean_up(CREATE_AND_DELETE, clients_of(trove))
    assert trove.left == []


@pytest.mark.parametrize("last", ["Instances.create", "Backups.create"])
def test_what_never_ends_times_out_and_is_deleted_by_force(last):
    trove = FakeTrove()
    called = trove.called

    def note(name):
        if name == last:
            trove.stuck = True
        called(name)

    trove.called = note
    with pytest.raises(exceptions.TimeoutException):
        run(BACKUP, trove)
    plugin_case.clean_up(BACKUP, clients_of(trove))
    assert "Instances._action" in trove.calls
    # The container of a backup that never ended may still hold objects.
    assert trove.instances.stored == trove.backups.stored == {}


def test_cleanup_leaves_what_is_not_of_rally():
    trove = FakeTrove()
    trove.instances.create("mine", flavor_id="flavor-id", volume={"size": 1})
    iteration = plugin_case.make(CREATE_AND_DELETE, clients_of(trove))
    iteration._create_instance(**INSTANCE)
    plugin_case.clean_up(CREATE_AND_DELETE, clients_of(trove))
    assert [i["name"] for i in trove.instances.stored.values()] == ["mine"]


def test_an_instance_is_in_a_network_of_the_tenant():
    trove = FakeTrove()
    iteration = plugin_case.make(CREATE_AND_DELETE, clients_of(trove))
    iteration.context["tenant"]["networks"] = [{"id": "a"}, {"id": "b"}]
    iteration.context["iteration"] = 3
    iteration._create_instance(**INSTANCE)
    iteration._create_instance(nics=[{"net-id": "c"}], **INSTANCE)
    asked = [i["asked"] for i in trove.instances.stored.values()]
    assert [a["nics"] for a in asked] == [
        [{"net-id": "b"}],
        [{"net-id": "c"}],
    ]
    assert {a["datastore"] for a in asked} == {"mysql"}


def test_a_backup_is_restored_after_its_instance_is_gone():
    trove = FakeTrove()
    run(BACKUP, trove)
    changes = [c for c in trove.calls if not c.endswith((".get", ".list"))]
    assert changes == [
        "Instances.create",
        "Backups.create",
        "Instances.delete",
        "Instances.create",
        "Backups.delete",
        "Instances.delete",
    ]


def test_counts_of_databases_and_users():
    trove = FakeTrove()
    run(USE, trove, databases_count=3, users_count=4)
    assert trove.calls.count("Databases.delete") == 3
    assert trove.calls.count("Databases.create") == 1
    assert trove.calls.count("Users.delete") == 4
    assert trove.calls.count("Users.create") == 1


@pytest.mark.parametrize("name", CREATING)
def test_names_are_not_for_the_task_to_give(name):
    validators = scenario.Scenario.get(name)._meta_get("validators")
    restricted = dict((entry[0], entry[2]) for entry in validators)[
        "restricted_parameters"
    ]
    assert "name" in restricted["param_names"]


def test_the_client_is_one_that_troveclient_accepts():
    cls = osclients.OSClient.get("troveclient")
    client = cls(
        credential.OpenStackCredential(
            auth_url="http://cloud:5000/v3",
            username="user",
            password="password",  # noqa: S106
            tenant_name="tenant",
        )
    )
    session = mock.Mock()
    client._get_endpoint = mock.Mock(return_value="http://cloud:8779/v1.0/id")
    with mock.patch.object(
        cls, "keystone", mock.Mock(**{"get_session.return_value": (session,)})
    ):
        trove = client.create_client()
    assert trove.client.session is session
    assert trove.client.management_url == "http://cloud:8779/v1.0/id"
    assert isinstance(trove.instances, instances.Instances)


def test_nothing_is_imported_that_is_needed_later_only():
    script = (
        "import sys; sys.modules.update(troveclient=None, swiftclient=None);"
        "from rally import plugins; plugins.load();"
        "from rally.common.plugin import discover;"
        f"discover.load_plugins({str(PLUGINS)!r});"
        "assert len(discover._loaded_modules) == 3"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
