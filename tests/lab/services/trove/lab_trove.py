"""The guest agent: the fake of trove's own tests, whose backups are stored.

No guest agent runs in a server of the fake driver, so this one answers in its
place, within trove's task manager.
"""

import inspect
import sys
import types
from urllib import parse

import eventlet

from trove.backup import models
from trove.backup import state
from trove.common import cfg
from trove.common import clients

# The fake imports this module, which trove's wheel leaves out.
util = types.ModuleType("trove.tests.util")


def unquote_user_host(user_hostname):
    unquoted = parse.unquote(user_hostname)
    user, at, host = unquoted.rpartition("@")
    return (user, host) if at else (unquoted, "%")


util.unquote_user_host = unquote_user_host
sys.modules["trove.tests.util"] = util

from trove.tests.fakes import guestagent  # noqa: E402


def tolerant(method):
    """Drop arguments that the fake lacks: it lags behind the real agent."""
    names = set(inspect.signature(method).parameters)

    def call(*args, **kwargs):
        known = {k: v for k, v in kwargs.items() if k in names}
        return method(*args, **known)

    return call


def create_backup(guest, backup_info):
    """Store an object where the real agent would, and say where it is.

    The fake stores none, so that nothing can be restored.
    """
    backup = models.Backup.get_by_id(context=None, backup_id=backup_info["id"])
    container = (
        backup_info.get("swift_container")
        or cfg.CONF.backup_swift_container
    )
    name = backup_info["id"] + ".xbstream.gz"

    def store():
        swift = clients.create_swift_client(guest.context)
        swift.put_container(container)
        backup.checksum = swift.put_object(container, name, b"a backup")
        backup.location = "/".join([swift.url, container, name])
        backup.size = guestagent.BACKUP_SIZE
        backup.state = state.BackupState.COMPLETED
        backup.save()

    eventlet.spawn(store)


guestagent.FakeGuest.create_backup = create_backup
for name, method in list(vars(guestagent.FakeGuest).items()):
    if inspect.isfunction(method):
        setattr(guestagent.FakeGuest, name, tolerant(method))


def create_guest_client(context, id, manager=None):
    """Return the agent of an instance: trove's `remote_guest_client`."""
    guest = guestagent.get_or_create(id)
    guest.context = context
    return guest
