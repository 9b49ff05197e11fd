"""Unit tests of the Cinder plugin."""

from unittest import mock

import plugin_case
import pytest

plugin_case.load("cinder")

NAME = "CinderVolumeBackups.create_and_delete_volume_backup"


class Fault(Exception):
    """What the fake raises in the middle of an iteration."""


class NotFound(Exception):
    """As the client says it: with a code."""

    code = 404


class FakeManager:
    """A manager of cinderclient, in memory."""

    def __init__(self, cinder, kind):
        self.cinder = cinder
        self.kind = kind
        self.known = {}
        self.args = None

    def create(self, *args, name, **kwargs):
        self.cinder.check("create_" + self.kind)
        self.args = (args, kwargs)
        created = mock.Mock(id="id of " + name, status="available")
        created.name = name
        created.manager = self
        created.delete.side_effect = lambda **kw: self.delete(created.id)
        self.known[created.id] = created
        return created

    def get(self, id):
        if id not in self.known:
            raise NotFound()
        return self.known[id]

    def delete(self, id, **kwargs):
        resource = getattr(id, "id", id)
        self.cinder.check("delete_" + self.kind)
        self.cinder.deleted.append(self.kind)
        self.known.pop(resource, None)

    def list(self, **kwargs):
        return list(self.known.values())


class FakeCinder:
    """Cinder and its client in memory, as far as the plugin uses them."""

    def __init__(self):
        self.fault = None
        self.deleted = []
        self.backups = FakeManager(self, "backup")
        self.volumes = FakeManager(self, "volume")
        for other in ("volume_snapshots", "transfers"):
            setattr(self, other, FakeManager(self, other))

    def check(self, call):
        if call == self.fault:
            raise Fault(call)

    def everything(self):
        return [*self.backups.known, *self.volumes.known]


@pytest.fixture
def cinder():
    """Return a fake Cinder, in which somebody else has a volume."""
    fake = FakeCinder()
    fake.volumes.create(1, name="keep")
    return fake


@pytest.fixture(autouse=True)
def no_waiting():
    """Do not wait for volumes that are ready at once."""
    with (
        mock.patch("time.sleep"),
        mock.patch("rally.common.utils.interruptable_sleep"),
    ):
        yield


def clients_of(cinder):
    clients = mock.Mock()
    clients.cinder.return_value = cinder
    clients.cinder.choose_version.return_value = "3"
    return clients


def test_volume_and_backup_are_created_and_deleted(cinder):
    scenario = plugin_case.make(NAME, clients_of(cinder))

    scenario.run(size=1)

    assert plugin_case.atomics(scenario) == [
        "cinder_v3.create_volume",
        "cinder_v3.create_backup",
        "cinder_v3.delete_backup",
        "cinder_v3.delete_volume",
    ]
    assert cinder.deleted == ["backup", "volume"]
    assert cinder.everything() == ["id of keep"]


def test_created_as_told(cinder):
    plugin_case.make(NAME, clients_of(cinder)).run(
        size=2,
        create_volume_kwargs={"volume_type": "fast"},
        create_backup_kwargs={"container": "mine"},
    )

    args, kwargs = cinder.volumes.args
    assert args == (2,) and kwargs["volume_type"] == "fast"
    assert cinder.backups.args[1]["container"] == "mine"


@pytest.mark.parametrize(
    "fault", ["create_backup", "delete_backup", "delete_volume"]
)
def test_failure_in_the_middle_leaves_nothing(cinder, fault):
    cinder.fault = fault
    with pytest.raises(Fault):
        plugin_case.make(NAME, clients_of(cinder)).run(size=1)
    assert cinder.everything() != ["id of keep"]
    cinder.fault = None

    plugin_case.clean_up(NAME, clients_of(cinder))

    assert cinder.everything() == ["id of keep"]
