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
"""Scenarios for Heat that update resources in a stack."""

import typing as t

from rally.task import atomic
from rally.task import scenario
from rally.task import types
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.heat import utils

File = t.Annotated[str, types.Convert("file")]
Parameters = dict[str, t.Any]


class HeatResources(utils.HeatScenario):
    """Atomic actions on resources that Rally lacks."""

    @atomic.action_timer("heat.list_resources")
    def _list_resources(self, stack: t.Any) -> list[t.Any]:
        """List the resources of a stack.

        :param stack: the stack
        :returns: list of resources
        """
        return self.clients("heat").resources.list(stack.id)

    @atomic.action_timer("heat.get_resource")
    def _get_resource(self, stack: t.Any, resource_name: str) -> t.Any:
        """Get a resource of a stack, with its attributes.

        :param stack: the stack
        :param resource_name: name of the resource in the template
        :returns: the resource
        """
        return self.clients("heat").resources.get(stack.id, resource_name)

    @atomic.action_timer("heat.mark_resource_unhealthy")
    def _mark_resource_unhealthy(
        self, stack: t.Any, resource_name: str
    ) -> None:
        """Mark a resource as unhealthy.

        :param stack: the stack
        :param resource_name: name of the resource in the template
        """
        self.clients("heat").resources.mark_unhealthy(
            stack.id,
            resource_name,
            mark_unhealthy=True,
            resource_status_reason="marked by Rally",
        )


@validation.add("required_services", services=[consts.Service.HEAT])
@validation.add("validate_heat_template", params="template_path")
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["heat"]},
    name="HeatResources.create_stack_and_update_resource",
    platform="openstack",
)
class CreateStackAndUpdateResource(HeatResources):
    """Update a resource of a stack in place."""

    def run(
        self,
        template_path: File,
        resource_name: str,
        parameters: Parameters,
        updated_parameters: Parameters,
    ) -> None:
        """Create a stack, update one of its resources, delete the stack.

        The update has the same template with other parameters. The iteration
        fails if Heat does not update the resource, or if it replaces the
        resource instead of updating it in place.

        :param template_path: path to the template file
        :param resource_name: name of the resource that the update changes
        :param parameters: parameters of the template
        :param updated_parameters: parameters of the update
        """
        stack = self._create_stack(template_path, parameters)
        names = [r.resource_name for r in self._list_resources(stack)]
        self.assertIn(resource_name, names)
        before = self._get_resource(stack, resource_name)
        stack = self._update_stack(stack, template_path, updated_parameters)
        after = self._get_resource(stack, resource_name)
        self.assertEqual("UPDATE_COMPLETE", after.resource_status)
        self.assertEqual(
            before.physical_resource_id, after.physical_resource_id
        )
        self.assertNotEqual(before.attributes, after.attributes)
        self._delete_stack(stack)


@validation.add("required_services", services=[consts.Service.HEAT])
@validation.add("validate_heat_template", params="template_path")
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["heat"]},
    name="HeatResources.create_stack_and_replace_resource",
    platform="openstack",
)
class CreateStackAndReplaceResource(HeatResources):
    """Update a stack to replace an unhealthy resource."""

    def run(
        self,
        template_path: File,
        resource_name: str,
        parameters: Parameters | None = None,
    ) -> None:
        """Create a stack, mark a resource unhealthy, update, and delete.

        The update has the same template and parameters, so it only replaces
        the unhealthy resource. The iteration fails if Heat does not replace
        this resource.

        :param template_path: path to the template file
        :param resource_name: name of the resource to mark unhealthy
        :param parameters: parameters of the template
        """
        stack = self._create_stack(template_path, parameters)
        before = self._get_resource(stack, resource_name)
        self._mark_resource_unhealthy(stack, resource_name)
        stack = self._update_stack(stack, template_path, parameters)
        after = self._get_resource(stack, resource_name)
        self.assertNotEqual(
            before.physical_resource_id, after.physical_resource_id
        )
        self._delete_stack(stack)
