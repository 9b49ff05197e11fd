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
"""Cleanup for Ironic, which deletes nodes in any state."""

import typing as t

from rally.common import opts

# Rally loads the plugins of --plugin-paths before it registers the options
# that the import below reads. Rally can register them twice.
opts.register_options_from_path("rally_openstack.common.cfg.opts:list_opts")

from rally_openstack.task.cleanup import base  # noqa: E402,I202

# Before Rally's own manager of nodes, which cannot delete deployed nodes.
ORDER = 1290


@base.resource(
    "ironic",
    "node",
    order=ORDER,
    admin_required=True,
    perform_for_admin_only=True,
)
class IronicNode(base.ResourceManager):
    """Nodes in any state."""

    def id(self) -> str:
        """Return the UUID, which identifies a node."""
        return self.raw_resource.uuid

    def name(self) -> str:
        """Return the name, or an empty string if the node has no name."""
        return self.raw_resource.name or ""

    def list(self) -> list[t.Any]:
        """List all nodes, page by page."""
        return self._manager().list(limit=0)

    def delete(self) -> None:
        """Delete the node and its ports.

        Ironic can delete a node in any state if it is in maintenance.
        """
        self._manager().set_maintenance(
            self.id(), True, maint_reason="Rally is cleaning up"
        )
        super().delete()
