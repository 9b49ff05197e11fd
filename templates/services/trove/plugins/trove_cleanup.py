# Licensed under the Apache License, Version 2.0 (the "License"); you may
# not use this file except in compliance with the License. You may obtain
# a copy of the License at
#
#      http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS, WITHOUT
# WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the
# License for the specific language governing permissions and limitations
# under the License.
"""Cleanup for Trove, which deletes instances and backups."""

import typing as t

from rally.common import opts
from rally import exceptions
from rally.task import utils

# Rally loads the plugins of --plugin-paths before it registers the options
# that the import below reads. Rally can register them twice.
opts.register_options_from_path("rally_openstack.common.cfg.opts:list_opts")

from rally_openstack.task.cleanup import base  # noqa: E402,I202

# Before Rally cleans up the containers of the backups and the servers of the
# instances.
ORDER = 90

# Seconds to wait until Trove stops working on an instance or a backup. Trove
# cannot delete it earlier.
SETTLE_TIMEOUT = 600.0


class TroveResource(base.ResourceManager):
    """Base class for Trove resources."""

    # The statuses in which Trove is not working on the resource.
    SETTLED: tuple[str, ...] = ()

    def _manager(self) -> t.Any:
        """Return the manager of the resource in the plugin's client."""
        return getattr(self.user.troveclient(), self._resource)

    def list(self) -> list[t.Any]:
        """List the resources of the project, page by page."""
        page = self._manager().list()
        found = list(page)
        while page.next:
            page = self._manager().list(marker=page.next)
            found.extend(page)
        return found

    def wait_until_settled(self) -> None:
        """Wait until Trove stops working on the resource.

        :raises GetResourceNotFound: if the resource does not exist
        :raises TimeoutException: if Trove is still working on it
        """
        try:
            utils.wait_for_status(
                self.raw_resource,
                ready_statuses=self.SETTLED,
                failure_statuses=[],
                update_resource=utils.get_from_manager(),
                timeout=SETTLE_TIMEOUT,
                check_interval=2,
            )
        except exceptions.GetResourceErrorStatus:
            # Trove has stopped working on it, with an error.
            pass


@base.resource(
    "trove",
    "instances",
    order=ORDER,
    tenant_resource=True,
    interval=2,
)
class TroveInstance(TroveResource):
    """Instances, deleted before the backups that they may still write."""

    # An instance is SHUTDOWN while it is being deleted.
    SETTLED = ("ACTIVE", "RESTART_REQUIRED", "SHUTDOWN", "FAILED", "BLOCKED")

    def delete(self) -> None:
        """Delete the instance, by force if Trove is still working on it.

        Trove cannot delete an instance while it builds it. It can delete an
        instance that writes a backup, but then it cannot delete the backup.
        """
        try:
            self.wait_until_settled()
        except exceptions.GetResourceNotFound:
            return
        except exceptions.TimeoutException:
            # Owners may reset the status only with force_delete set, and
            # the client's own force_delete does not set it.
            self._manager()._action(
                self.id(), {"reset_status": {"force_delete": True}}
            )
        super().delete()


@base.resource(
    "trove",
    "backups",
    order=ORDER + 1,
    tenant_resource=True,
    interval=2,
)
class TroveBackup(TroveResource):
    """Backups, with or without their instances."""

    SETTLED = ("COMPLETED", "FAILED", "RESTORED", "DELETE_FAILED")

    def delete(self) -> None:
        """Delete the backup after it stops running."""
        try:
            self.wait_until_settled()
        except exceptions.GetResourceNotFound:
            return
        super().delete()
