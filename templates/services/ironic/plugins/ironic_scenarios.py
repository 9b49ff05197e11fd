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
"""Scenarios for Ironic: power, provisioning and ports of nodes."""

import typing as t
import uuid

from rally.task import atomic
from rally.task import utils
from rally.task import validation
from rally.utils import typeutils
from rally_openstack.common import consts
from rally_openstack.task import scenario
from rally_openstack.task.scenarios.ironic import utils as ironic_utils

# Since version 1.11 of the API, a new node is in the state "enroll". With this
# version, a task can also choose the hardware interfaces.
API_VERSION = "1.31"

# Seconds. Rally's own interval for Ironic nodes is one second, which is longer
# than a change of a node with fake-hardware takes.
TIMEOUT = 300.0
POLL_INTERVAL = 0.1


class IronicNodeScenario(ironic_utils.IronicScenario):
    """Base class for Ironic scenarios with basic atomic actions."""

    @atomic.action_timer("ironic.enroll_node")
    def _enroll_node(
        self, driver: str, properties: dict[str, t.Any] | None, **kwargs: t.Any
    ) -> t.Any:
        """Enroll a node.

        Rally's own _create_node uses an old version of the API, in which new
        nodes are available immediately.

        :param driver: name of the driver that manages the node
        :param properties: physical characteristics of the node
        :param kwargs: optional arguments to create a node
        :returns: the node, in the state "enroll"
        """
        kwargs.setdefault("os_ironic_api_version", API_VERSION)
        node = self.admin_clients("ironic").node.create(
            name=self.generate_random_name(),
            driver=driver,
            properties=properties or {},
            **kwargs,
        )
        return self._wait_for_node(node, "provision_state", "enroll")

    def _wait_for_node(self, node: t.Any, attribute: str, state: str) -> t.Any:
        """Wait until a node is in a state and Ironic is not working on it.

        :param node: the node
        :param attribute: attribute that holds the state
        :param state: the state
        :returns: the updated node
        """

        def update(resource: t.Any, id_attr: str) -> t.Any:
            found = utils.get_from_manager()(resource, id_attr=id_attr)
            if found.last_error:
                found.settled_state = "error"
            elif found.reservation or found.target_power_state:
                # The conductor is still working on the node.
                found.settled_state = "busy"
            else:
                found.settled_state = getattr(found, attribute)
            return found

        return utils.wait_for_status(
            node,
            ready_statuses=[state],
            failure_statuses=["error"],
            status_attr="settled_state",
            update_resource=update,
            timeout=TIMEOUT,
            check_interval=POLL_INTERVAL,
            id_attr="uuid",
        )

    def _set_power(self, node: t.Any, target: str) -> t.Any:
        """Change the power state of a node and wait for the change.

        The name of the atomic action is "ironic.set_power_" and the target.

        :param node: the node
        :param target: "on", "off" or "reboot"
        :returns: the updated node
        """
        state = "power off" if target == "off" else "power on"
        with atomic.ActionTimer(self, f"ironic.set_power_{target}"):
            self.admin_clients("ironic").node.set_power_state(
                node.uuid, target
            )
            return self._wait_for_node(node, "power_state", state)

    def _set_provision(self, node: t.Any, verb: str, state: str) -> t.Any:
        """Change the provision state of a node and wait for the change.

        :param node: the node
        :param verb: the verb of the request to Ironic
        :param state: the state after the change
        :returns: the updated node
        """
        self.admin_clients("ironic").node.set_provision_state(node.uuid, verb)
        return self._wait_for_node(node, "provision_state", state)

    @atomic.action_timer("ironic.manage_node")
    def _manage_node(self, node: t.Any) -> t.Any:
        """Make a node manageable.

        :param node: the node, in the state "enroll" or "available"
        :returns: the updated node
        """
        return self._set_provision(node, "manage", "manageable")

    @atomic.action_timer("ironic.provide_node")
    def _provide_node(self, node: t.Any) -> t.Any:
        """Make a node available, which cleans it.

        :param node: the node, in the state "manageable"
        :returns: the updated node
        """
        return self._set_provision(node, "provide", "available")

    @atomic.action_timer("ironic.deploy_node")
    def _deploy_node(self, node: t.Any) -> t.Any:
        """Deploy a node.

        :param node: the node, in the state "available"
        :returns: the updated node
        """
        return self._set_provision(node, "active", "active")

    @atomic.action_timer("ironic.undeploy_node")
    def _undeploy_node(self, node: t.Any) -> t.Any:
        """Undeploy a node, which makes it available again.

        :param node: the node, in the state "active"
        :returns: the updated node
        """
        return self._set_provision(node, "deleted", "available")

    @atomic.action_timer("ironic.create_port")
    def _create_port(self, node: t.Any) -> t.Any:
        """Create a port of a node, with a random MAC address.

        :param node: the node
        :returns: the port
        """
        digits = uuid.uuid4().hex
        return self.admin_clients("ironic").port.create(
            node_uuid=node.uuid,
            address=f"52:54:00:{digits[:2]}:{digits[2:4]}:{digits[4:6]}",
        )

    @atomic.action_timer("ironic.list_ports")
    def _list_ports(self, node: t.Any) -> list[t.Any]:
        """List the ports of a node.

        :param node: the node
        :returns: the ports
        """
        return self.admin_clients("ironic").port.list(node=node.uuid, limit=0)

    @atomic.action_timer("ironic.delete_port")
    def _delete_port(self, port: t.Any) -> None:
        """Delete a port.

        :param port: the port
        """
        self.admin_clients("ironic").port.delete(port.uuid)


@validation.add("required_services", services=[consts.Service.IRONIC])
@validation.add("restricted_parameters", param_names="name")
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["ironic"]},
    name="IronicNodes.power_on_reboot_and_power_off_node",
    platform="openstack",
)
class PowerOnRebootAndPowerOffNode(IronicNodeScenario):
    """Power a new node on, reboot it and power it off."""

    def run(
        self,
        driver: str,
        properties: dict[str, t.Any] | None = None,
        **kwargs: t.Any,
    ) -> None:
        """Enroll a node, power it on, reboot it, power it off, delete it.

        :param driver: name of the driver that manages the node
        :param properties: physical characteristics of the node
        :param kwargs: optional arguments to create a node
        """
        node = self._enroll_node(driver, properties, **kwargs)
        self._set_power(node, "on")
        self._set_power(node, "reboot")
        self._set_power(node, "off")
        self._delete_node(node)


@validation.add("required_services", services=[consts.Service.IRONIC])
@validation.add("restricted_parameters", param_names="name")
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["ironic"]},
    name="IronicNodes.manage_and_provide_node",
    platform="openstack",
)
class ManageAndProvideNode(IronicNodeScenario):
    """Move a new node from "enroll" to "available" and back."""

    def run(
        self,
        driver: str,
        properties: dict[str, t.Any] | None = None,
        **kwargs: t.Any,
    ) -> None:
        """Enroll, manage and provide a node, manage it again and delete it.

        The states are "enroll", "manageable", "available", "manageable". By
        default, the conductor cleans the node before it is available.

        :param driver: name of the driver that manages the node
        :param properties: physical characteristics of the node
        :param kwargs: optional arguments to create a node
        """
        node = self._enroll_node(driver, properties, **kwargs)
        self._manage_node(node)
        self._provide_node(node)
        self._manage_node(node)
        self._delete_node(node)


@validation.add("required_services", services=[consts.Service.IRONIC])
@validation.add("restricted_parameters", param_names="name")
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["ironic"]},
    name="IronicNodes.deploy_and_undeploy_node",
    platform="openstack",
)
class DeployAndUndeployNode(IronicNodeScenario):
    """Deploy a new node, undeploy it and delete it."""

    def run(
        self,
        driver: str,
        properties: dict[str, t.Any] | None = None,
        **kwargs: t.Any,
    ) -> None:
        """Enroll, manage, provide, deploy, undeploy and delete a node.

        The states are "enroll", "manageable", "available", "active",
        "available". Some drivers need arguments for a deployment, such as
        "instance_info"; fake-hardware does not.

        :param driver: name of the driver that manages the node
        :param properties: physical characteristics of the node
        :param kwargs: optional arguments to create a node
        """
        node = self._enroll_node(driver, properties, **kwargs)
        self._manage_node(node)
        self._provide_node(node)
        self._deploy_node(node)
        self._undeploy_node(node)
        self._delete_node(node)


@validation.add("required_services", services=[consts.Service.IRONIC])
@validation.add("restricted_parameters", param_names="name")
@validation.add("required_platform", platform="openstack", admin=True)
@scenario.configure(
    context={"admin_cleanup@openstack": ["ironic"]},
    name="IronicPorts.create_list_and_delete_ports",
    platform="openstack",
)
class CreateListAndDeletePorts(IronicNodeScenario):
    """Create, list and delete ports of a new node."""

    def run(
        self,
        driver: str,
        properties: dict[str, t.Any] | None = None,
        ports_count: t.Annotated[int, typeutils.Field(ge=1)] = 2,
        **kwargs: t.Any,
    ) -> None:
        """Create, list and delete ports of a new node.

        The ports have random MAC addresses. Ironic deletes the ports of a
        node together with the node.

        :param driver: name of the driver that manages the node
        :param properties: physical characteristics of the node
        :param ports_count: number of ports
        :param kwargs: optional arguments to create a node
        """
        node = self._enroll_node(driver, properties, **kwargs)
        ports = [self._create_port(node) for _ in range(ports_count)]
        listed = {port.uuid for port in self._list_ports(node)}
        self.assertIsSubset([port.uuid for port in ports], listed)
        for port in ports:
            self._delete_port(port)
        self._delete_node(node)
