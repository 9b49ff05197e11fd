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
"""Cleanup of Trove: what Rally deletes when a workload has ended."""

import typing as t

from rally.common import opts
from rally import exceptions
from rally.task import utils

# Rally loads the plugins of --plugin-paths before it registers the options
# that the import below reads; to register them twice does no harm.
opts.register_options_from_path("rally_openstack.common.cfg.opts:list_opts")

from rally_openstack.task.cleanup import base  # noqa: E402,I202

# Before the containers and servers that backups and instances are made of,
# where Rally cleans those up as well.
ORDER = 90

# Seconds that a busy instance or a running backup gets to settle. Trove does
# not delete what it is still working on.
SETTLE_TIMEOUT = 600.0


class TroveResource(base.ResourceManager):
    """What is common to the resources of Trove."""

    # The statuses in which Trove is not working on the resource.
    SETTLED: tuple[str, ...] = ()

    def _manager(self) -> t.Any:
        """Return the manager of the resource in the client that works."""
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
        """Wait until Trove has finished its work on the resource.

        :raises GetResourceNotFound: if it is gone
        :raises TimeoutException: if Trove does not finish in time
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
            # It has settled, if badly.
            pass


@base.resource(
    "trove",
    "instances",
    order=ORDER,
    tenant_resource=True,
    interval=2,
)
class TroveInstance(TroveResource):
    """Instances, which go before the backups that they may still write."""

    # An instance is SHUTDOWN while it is being deleted.
    SETTLED = ("ACTIVE", "RESTART_REQUIRED", "SHUTDOWN", "FAILED", "BLOCKED")

    def delete(self) -> None:
        """Delete the instance, by force if Trove does not finish with it.

        An instance that is built cannot be deleted. One that writes a backup
        can, but then its backup would stay in a state in which it cannot be.
        """
        try:
            self.wait_until_settled()
        except exceptions.GetResourceNotFound:
            return
        except exceptions.TimeoutException:
            # An owner may reset the status only in order to delete, which
            # the client's own force_delete does not say.
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
    """Backups, whether their instances still exist or not."""

    SETTLED = ("COMPLETED", "FAILED", "RESTORED", "DELETE_FAILED")

    def delete(self) -> None:
        """Delete the backup when it is not running any more."""
        try:
            self.wait_until_settled()
        except exceptions.GetResourceNotFound:
            return
        super().delete()
