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
"""Scenarios for Keystone that create and delete users and projects."""

from rally.task import scenario
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.keystone import basic


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["keystone"]},
    name="KeystoneBasic.create_and_delete_user",
    platform="openstack",
)
class CreateAndDeleteUser(basic.KeystoneBasic):
    """Create a user and delete it."""

    def run(self, domain_name: str = "Default") -> None:
        """Create a user with a random name and delete it.

        :param domain_name: name or ID of the domain of the user
        """
        user = self.admin_keystone.create_user(domain_name=domain_name)
        self.admin_keystone.delete_user(user.id)


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["keystone"]},
    name="KeystoneBasic.create_and_delete_project",
    platform="openstack",
)
class CreateAndDeleteProject(basic.KeystoneBasic):
    """Create a project and delete it."""

    def run(self, domain_name: str = "Default") -> None:
        """Create a project with a random name and delete it.

        :param domain_name: name or ID of the domain of the project
        """
        project = self.admin_keystone.create_project(domain_name=domain_name)
        self.admin_keystone.delete_project(project.id)
