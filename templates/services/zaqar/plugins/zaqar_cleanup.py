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
"""Cleanup for Zaqar, which deletes the subscriptions and queues of a project.

Rally's own manager of queues expects a list, but zaqarclient returns a pair,
so this manager finds no queues. Rally has no manager of subscriptions, which
outlive their queue.
"""

import typing as t

from rally.common import opts

# Rally loads the plugins of --plugin-paths before it registers the options
# that the import below reads. Rally can register them twice.
opts.register_options_from_path("rally_openstack.common.cfg.opts:list_opts")

from rally_openstack.task.cleanup import base  # noqa: E402,I202

PAGE_SIZE = 20


class ZaqarResource(base.ResourceManager):
    """Base class for Zaqar resources."""

    def is_deleted(self) -> bool:
        """Return True: Zaqar deletes the resource before it responds."""
        return True

    def _queues(self) -> list[t.Any]:
        """Return all queues of the project, page by page."""
        queues: list[t.Any] = []
        marker: dict[str, str] = {}
        while True:
            page = list(self.user.zaqar().queues(limit=PAGE_SIZE, **marker)[0])
            queues.extend(page)
            if len(page) < PAGE_SIZE:
                return queues
            marker = {"marker": page[-1].name}


@base.resource("zaqar", "subscription", order=790, tenant_resource=True)
class ZaqarSubscription(ZaqarResource):
    """A subscription, which has the name of its queue."""

    def name(self) -> str:
        """Return the name of the queue."""
        return self.raw_resource.queue_name

    def list(self) -> list[t.Any]:
        """Return the subscriptions to the queues of the project."""
        subscriptions: list[t.Any] = []
        for queue in self._queues():
            marker = None
            while True:
                page = list(
                    queue.subscriptions(marker=marker, limit=PAGE_SIZE)
                )
                subscriptions.extend(page)
                if len(page) < PAGE_SIZE:
                    break
                marker = page[-1].id
        return subscriptions

    def delete(self) -> None:
        """Delete the subscription."""
        self.raw_resource.delete()


@base.resource("zaqar", "queue", order=791, tenant_resource=True)
class ZaqarQueue(ZaqarResource):
    """A queue, with its messages and claims."""

    def id(self) -> str:
        """Return the name, which identifies a queue."""
        return self.raw_resource.name

    def list(self) -> list[t.Any]:
        """Return the queues of the project."""
        return self._queues()

    def delete(self) -> None:
        """Delete the queue and its messages."""
        self.raw_resource.delete()
