"""Unit tests of the Glance plugins."""

from unittest import mock

from glanceclient import exc
import plugin_case
import pytest
from rally import exceptions

plugin_case.load("glance")

LIST = "GlanceImageMembers.create_list_and_delete_member"
ACCEPT = "GlanceImageMembers.accept_and_remove_member"
OWNER = {"id": "user-id", "tenant_id": "tenant-id", "credential": "owner"}
OTHER = {"id": "other-id", "tenant_id": "the-other", "credential": "other"}


class FakeGlance:
    """Glance in memory, as one tenant sees it."""

    version = 2

    def __init__(self, tenant, images, raises):
        self.tenant = tenant
        self.known = images
        self.raises = raises
        self.uploaded = []
        self.images = mock.Mock()
        for call in ("create", "upload", "get", "list", "delete"):
            setattr(self.images, call, getattr(self, "image_" + call))
        self.image_members = mock.Mock()
        for call in ("create", "list", "update", "delete"):
            setattr(self.image_members, call, getattr(self, "member_" + call))

    def check(self, call):
        if call in self.raises:
            raise self.raises[call]

    def image_create(self, name, visibility, **kwargs):
        self.check("create_image")
        image = mock.Mock(
            id="id of " + name,
            status="queued",
            visibility=visibility,
            owner=self.tenant,
            members={},
        )
        image.name = name
        self.known[image.id] = image
        return image

    def image_upload(self, image_id, data):
        self.uploaded.append(data.read())
        self.known[image_id].status = "active"

    def image_get(self, image_id):
        image = self.known.get(image_id)
        seen = image and (
            self.tenant == image.owner or self.tenant in image.members
        )
        if not seen and "no_refusal" not in self.raises:
            self.check("refuse_get_image")
            raise exc.HTTPNotFound()
        return image

    def image_list(self, filters):
        if filters.get("visibility") == "shared":
            self.check("list_shared_images")
            wanted = filters["member_status"]
            return [
                image
                for image in self.known.values()
                if image.members.get(self.tenant) == wanted
            ]
        return [
            image
            for image in self.known.values()
            if image.owner == self.tenant and image.status == filters["status"]
        ]

    def image_delete(self, image_id):
        self.check("delete_image")
        del self.known[image_id]

    def member_create(self, image_id, member_id):
        self.check("create_member")
        assert self.known[image_id].visibility == "shared"
        self.known[image_id].members[member_id] = "pending"
        return mock.Mock(member_id=member_id, status="pending")

    def member_list(self, image_id):
        self.check("list_members")
        members = self.known[image_id].members
        return [mock.Mock(member_id=member) for member in members]

    def member_update(self, image_id, member_id, status):
        self.check("accept_member")
        assert member_id == self.tenant
        self.known[image_id].members[member_id] = status
        return mock.Mock(member_id=member_id, status=status)

    def member_delete(self, image_id, member_id):
        self.check("delete_member")
        del self.known[image_id].members[member_id]


@pytest.fixture
def cloud(tmp_path):
    """Return a fake Glance with somebody else's image, and a file."""
    raises = {}
    images = {}
    owner = FakeGlance("tenant-id", images, raises)
    other = FakeGlance("the-other", images, raises)
    owner.image_create("keep", "private").status = "active"
    file = tmp_path / "image"
    file.write_bytes(b"data")
    with (
        mock.patch("rally.common.utils.interruptable_sleep"),
        mock.patch("rally_openstack.common.osclients.Clients") as clients,
    ):
        clients.side_effect = {"other": clients_of(other)}.get
        yield mock.Mock(
            owner=owner, other=other, raises=raises, images=images, file=file
        )


def clients_of(glance):
    clients = mock.Mock()
    clients.glance.return_value = glance
    clients.glance.choose_version.return_value = "2"
    return clients


def make(name, cloud, users=(OWNER, OTHER)):
    scenario = plugin_case.make(name, clients_of(cloud.owner))
    scenario.context["user"] = OWNER
    scenario.context["users"] = list(users)
    return scenario


def run(scenario, cloud):
    scenario.run(
        container_format="bare",
        image_location=str(cloud.file),
        disk_format="raw",
    )


@pytest.mark.parametrize("name", [LIST, ACCEPT])
def test_image_is_shared_and_deleted(cloud, name):
    scenario = make(name, cloud)

    run(scenario, cloud)

    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "glance", name
    )
    assert cloud.owner.uploaded == [b"data"]
    assert list(cloud.images) == ["id of keep"]


@pytest.mark.parametrize("name", [LIST, ACCEPT])
def test_one_tenant_is_not_enough(cloud, name):
    with pytest.raises(exceptions.RallyAssertionError, match="tenants: 2"):
        run(make(name, cloud, users=[OWNER]), cloud)

    assert list(cloud.images) == ["id of keep"]


@pytest.mark.parametrize("name", [LIST, ACCEPT])
def test_second_user_of_the_tenant_is_no_member(cloud, name):
    second = dict(OWNER, id="second")

    run(make(name, cloud, users=[second, OWNER, OTHER]), cloud)

    with pytest.raises(exceptions.RallyAssertionError, match="tenants: 2"):
        run(make(name, cloud, users=[second, OWNER]), cloud)


def test_every_tenant_shares_with_another(cloud):
    third = dict(OTHER, id="third-id", tenant_id="a third")
    users = [OWNER, OTHER, third]
    members = set()
    for user in users:
        scenario = make(LIST, cloud, users=users)
        scenario.context["user"] = user
        member = scenario._get_other_user()["tenant_id"]
        assert member != user["tenant_id"]
        members.add(member)

    assert members == {user["tenant_id"] for user in users}


def test_unexpected_member_fails(cloud):
    listed = [mock.Mock(member_id="somebody")]
    cloud.owner.image_members.list = lambda image_id: listed

    with pytest.raises(exceptions.RallyAssertionError):
        run(make(LIST, cloud), cloud)


def test_image_that_the_member_does_not_see_fails(cloud):
    cloud.other.images.list = lambda filters: []

    with pytest.raises(exceptions.RallyAssertionError):
        run(make(ACCEPT, cloud), cloud)


def test_image_that_a_former_member_can_get_fails(cloud):
    cloud.raises["no_refusal"] = True

    with pytest.raises(exceptions.RallyAssertionError, match="former member"):
        run(make(ACCEPT, cloud), cloud)


def test_only_not_found_is_a_refusal(cloud):
    cloud.raises["refuse_get_image"] = exc.HTTPInternalServerError()

    with pytest.raises(exc.HTTPInternalServerError):
        run(make(ACCEPT, cloud), cloud)


@pytest.mark.parametrize(
    "name, fault",
    [
        (LIST, "create_member"),
        (LIST, "list_members"),
        (LIST, "delete_member"),
        (LIST, "delete_image"),
        (ACCEPT, "create_member"),
        (ACCEPT, "accept_member"),
        (ACCEPT, "list_shared_images"),
        (ACCEPT, "delete_member"),
        (ACCEPT, "refuse_get_image"),
        (ACCEPT, "delete_image"),
    ],
)
def test_failure_in_the_middle_leaves_nothing(cloud, name, fault):
    cloud.raises[fault] = exc.HTTPInternalServerError()
    with pytest.raises(exc.HTTPInternalServerError):
        run(make(name, cloud), cloud)
    assert list(cloud.images) != ["id of keep"]
    cloud.raises.clear()

    plugin_case.clean_up(name, clients_of(cloud.owner))

    assert list(cloud.images) == ["id of keep"]
