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
"""Scenarios for Keystone that check that deleted resources are gone."""

import typing as t

from keystoneclient import exceptions
from rally.task import atomic
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task import scenario
from rally_openstack.task.scenarios.keystone import basic


class DeletedResourceScenario(basic.KeystoneBasic):
    """Base class for scenarios that read a resource after its deletion."""

    def _get_deleted(self, kind: str, resource_id: str) -> None:
        """Check that Keystone does not return a deleted resource.

        The name of the atomic action is "keystone_v3.get_deleted_" and the
        kind.

        :param kind: "user" or "project"
        :param resource_id: ID of the deleted resource
        """
        manager: t.Any = getattr(
            self.admin_clients("keystone", version="3"), f"{kind}s"
        )
        found = True
        with atomic.ActionTimer(self, f"keystone_v3.get_deleted_{kind}"):
            try:
                manager.get(resource_id)
            except exceptions.NotFound:
                found = False
        self.assertFalse(found, err_msg=f"Keystone returns a deleted {kind}")


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["keystone"]},
    name="KeystoneBasic.create_and_delete_user",
    platform="openstack",
)
class CreateAndDeleteUser(DeletedResourceScenario):
    """Create a user, delete it and check that it is gone."""

    def run(self) -> None:
        """Create, get and delete a user, and try to get it again.

        The first request lets Keystone cache the user. The iteration fails if
        Keystone returns the user after its deletion.
        """
        user = self.admin_keystone.create_user()
        self.admin_keystone.get_user(user.id)
        self.admin_keystone.delete_user(user.id)
        self._get_deleted("user", user.id)


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["keystone"]},
    name="KeystoneBasic.create_and_delete_project",
    platform="openstack",
)
class CreateAndDeleteProject(DeletedResourceScenario):
    """Create a project, delete it and check that it is gone."""

    def run(self) -> None:
        """Create, get and delete a project, and try to get it again.

        The first request lets Keystone cache the project. The iteration fails
        if Keystone returns the project after its deletion.
        """
        project = self.admin_keystone.create_project()
        self.admin_keystone.get_project(project.id)
        self.admin_keystone.delete_project(project.id)
        self._get_deleted("project", project.id)
