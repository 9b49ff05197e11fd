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
"""Scenarios for Glance that share images with other tenants."""

import typing as t

from glanceclient import exc
from rally.task import atomic
from rally.task import types
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.common import osclients
from rally_openstack.task import scenario
from rally_openstack.task.scenarios.glance import images


class GlanceMemberScenario(images.GlanceBasic):
    """Base class for scenarios in which one tenant shares with another."""

    def _get_other_user(self) -> dict[str, t.Any]:
        """Get a user of another tenant, the next one in order of IDs.

        :returns: the user, with its tenant and credential
        """
        own = self.context["user"]["tenant_id"]
        tenants = sorted({u["tenant_id"] for u in self.context["users"]})
        other = tenants[(tenants.index(own) + 1) % len(tenants)]
        self.assertNotEqual(
            own,
            other,
            err_msg="An image needs a member: set 'tenants: 2' for the users",
        )
        return next(
            user
            for user in self.context["users"]
            if user["tenant_id"] == other
        )

    def _get_client_of(self, user: dict[str, t.Any]) -> t.Any:
        """Get a client for the requests of another user.

        :param user: the user
        """
        return osclients.Clients(user["credential"]).glance("2")

    def _create_shared_image(
        self, image_location: str, container_format: str, disk_format: str
    ) -> t.Any:
        """Upload an image that can have members.

        :param image_location: path or URL of the file to upload
        :param container_format: container format of the image
        :param disk_format: disk format of the image
        :returns: the image
        """
        return self.glance.create_image(
            container_format=container_format,
            image_location=image_location,
            disk_format=disk_format,
            visibility="shared",
        )

    @atomic.action_timer("glance_v2.create_member")
    def _create_member(self, image: t.Any, member_id: str) -> None:
        """Share an image with a tenant, which has not accepted it yet.

        :param image: the image
        :param member_id: ID of the tenant
        """
        members = self.clients("glance", version="2").image_members
        member = members.create(image.id, member_id)
        self.assertEqual("pending", member.status)

    @atomic.action_timer("glance_v2.list_members")
    def _list_members(self, image: t.Any) -> list[str]:
        """List the members of an image.

        :param image: the image
        :returns: the IDs of their tenants
        """
        members = self.clients("glance", version="2").image_members
        return [member.member_id for member in members.list(image.id)]

    @atomic.action_timer("glance_v2.delete_member")
    def _delete_member(self, image: t.Any, member_id: str) -> None:
        """Stop sharing an image with a tenant.

        :param image: the image
        :param member_id: ID of the tenant
        """
        members = self.clients("glance", version="2").image_members
        members.delete(image.id, member_id)

    @atomic.action_timer("glance_v2.accept_member")
    def _accept_member(
        self, client: t.Any, image: t.Any, member_id: str
    ) -> None:
        """Accept an image, as a member.

        :param client: the member's client
        :param image: the image
        :param member_id: ID of the member's tenant
        """
        member = client.image_members.update(image.id, member_id, "accepted")
        self.assertEqual("accepted", member.status)

    @atomic.action_timer("glance_v2.list_shared_images")
    def _list_shared_images(self, client: t.Any) -> list[str]:
        """List the images that other tenants share, as a member.

        :param client: the member's client
        :returns: the IDs of the images that the member has accepted
        """
        filters = {"visibility": "shared", "member_status": "accepted"}
        return [image.id for image in client.images.list(filters=filters)]

    @atomic.action_timer("glance_v2.refuse_get_image")
    def _refuse_get_image(self, client: t.Any, image: t.Any) -> None:
        """Check that a tenant that is no longer a member cannot get an image.

        :param client: the client of the former member
        :param image: the image
        """
        found = True
        try:
            client.images.get(image.id)
        except exc.HTTPNotFound:
            found = False
        self.assertFalse(found, err_msg="A former member can get the image")


@validation.add(
    "enum",
    param_name="container_format",
    values=["ami", "ari", "aki", "bare", "ovf"],
)
@validation.add(
    "enum",
    param_name="disk_format",
    values=["ami", "ari", "aki", "vhd", "vmdk", "raw", "qcow2", "vdi", "iso"],
)
@types.convert(image_location={"type": "path_or_url"})
@validation.add("required_services", services=[consts.Service.GLANCE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["glance"]},
    name="GlanceImageMembers.create_list_and_delete_member",
    platform="openstack",
)
class CreateListAndDeleteMember(GlanceMemberScenario):
    """Add a member to a new image, list the members and remove it."""

    def run(
        self, container_format: str, image_location: str, disk_format: str
    ) -> None:
        """Share an image with another tenant, list its members, unshare it.

        The users context must have two tenants. The iteration fails if the
        other tenant is not the only member. Glance deletes the members of an
        image together with the image.

        :param container_format: container format of the image
        :param image_location: path or URL of the file to upload
        :param disk_format: disk format of the image
        """
        member_id = self._get_other_user()["tenant_id"]
        image = self._create_shared_image(
            image_location, container_format, disk_format
        )
        self._create_member(image, member_id)
        self.assertEqual([member_id], self._list_members(image))
        self._delete_member(image, member_id)
        self.glance.delete_image(image.id)


@validation.add(
    "enum",
    param_name="container_format",
    values=["ami", "ari", "aki", "bare", "ovf"],
)
@validation.add(
    "enum",
    param_name="disk_format",
    values=["ami", "ari", "aki", "vhd", "vmdk", "raw", "qcow2", "vdi", "iso"],
)
@types.convert(image_location={"type": "path_or_url"})
@validation.add("required_services", services=[consts.Service.GLANCE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["glance"]},
    name="GlanceImageMembers.accept_and_remove_member",
    platform="openstack",
)
class AcceptAndRemoveMember(GlanceMemberScenario):
    """Have another tenant accept a new image, then remove this tenant."""

    def run(
        self, container_format: str, image_location: str, disk_format: str
    ) -> None:
        """Share an image with a tenant that accepts it, then unshare it.

        The users context must have two tenants. The iteration fails if the
        member does not see the image among the images that it has accepted,
        or if it can still get the image when it is no longer a member.

        :param container_format: container format of the image
        :param image_location: path or URL of the file to upload
        :param disk_format: disk format of the image
        """
        other = self._get_other_user()
        member_id = other["tenant_id"]
        client = self._get_client_of(other)
        image = self._create_shared_image(
            image_location, container_format, disk_format
        )
        self._create_member(image, member_id)
        self._accept_member(client, image, member_id)
        self.assertIn(image.id, self._list_shared_images(client))
        self._delete_member(image, member_id)
        self._refuse_get_image(client, image)
        self.glance.delete_image(image.id)
