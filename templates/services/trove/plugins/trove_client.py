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
"""A Trove client, because Rally's own Trove client always fails."""

import typing as t

from rally_openstack.common import osclients


@osclients.configure(
    "troveclient",
    default_version="1.0",
    default_service_type="database",
    supported_versions=["1.0"],
)
class TroveClient(osclients.OSClient):
    """Wrapper for troveclient which returns an authenticated native client.

    Rally's own wrapper, "trove", always fails: it passes the endpoint as
    "endpoint", which troveclient hands on to an adapter that does not have
    this argument. The right one is "endpoint_override". Once Rally's wrapper
    uses it, drop this plugin.
    """

    def create_client(
        self, version: str | None = None, service_type: str | None = None
    ) -> t.Any:
        """Return a Trove client.

        :param version: version of the API
        :param service_type: type of the service in the catalog
        """
        from troveclient import client

        return client.Client(
            self.choose_version(version),
            session=self.keystone.get_session()[0],
            endpoint_override=self._get_endpoint(service_type),
        )
