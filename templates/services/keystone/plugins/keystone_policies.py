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
"""A scenario for Keystone that checks the enforcement of policies."""

import typing as t

from keystoneclient import exceptions
from rally.task import atomic
from rally.task import scenario
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.keystone import basic

Operation = t.Literal[
    "create_project",
    "create_role",
    "create_user",
    "list_projects",
    "list_users",
]


@validation.add("required_services", services=[consts.Service.KEYSTONE])
@validation.add(
    "required_platform", platform="openstack", admin=True, users=True
)
@scenario.configure(
    context={"admin_cleanup@openstack": ["keystone"]},
    name="KeystonePolicies.refuse_forbidden_operations",
    platform="openstack",
)
class RefuseForbiddenOperations(basic.KeystoneBasic):
    """Try operations that the role of an ordinary user does not allow."""

    def run(self, operations: list[Operation] | None = None) -> None:
        """Try operations that the policy reserves for admins.

        The user first reads its own record, which every role allows: this
        fails in a cloud that refuses everything. Then the user tries each
        operation. The iteration fails if Keystone allows one. If it does,
        Rally's cleanup deletes the created resource.

        :param operations: operations to try, all by default
        """
        self._get_own_user()
        for operation in operations or t.get_args(Operation):
            self._refuse(operation)

    @atomic.action_timer("keystone_v3.get_user")
    def _get_own_user(self) -> None:
        """Get the user that runs the iteration."""
        user_id = self.context["user"]["id"]
        user = self.clients("keystone", version="3").users.get(user_id)
        self.assertEqual(user_id, user.id)

    def _refuse(self, operation: str) -> None:
        """Try an operation and check that Keystone refuses it.

        :param operation: name of the operation
        """
        allowed = True
        with atomic.ActionTimer(self, f"keystone_v3.refuse_{operation}"):
            try:
                self._try(operation)
            except exceptions.Forbidden:
                allowed = False
        self.assertFalse(
            allowed, err_msg=f"The operation {operation} is allowed"
        )

    def _try(self, operation: str) -> None:
        """Send the request of an operation as an ordinary user.

        :param operation: name of the operation
        """
        keystone = self.clients("keystone", version="3")
        name = self.generate_random_name()
        if operation == "create_project":
            # without a domain, Keystone uses the one of the user's project
            keystone.projects.create(name=name, domain=None)
        elif operation == "create_role":
            keystone.roles.create(name=name)
        elif operation == "create_user":
            keystone.users.create(name=name)
        elif operation == "list_projects":
            keystone.projects.list()
        else:
            keystone.users.list()
