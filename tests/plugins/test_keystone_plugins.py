"""Unit tests of the Keystone plugins."""

from unittest import mock

from keystoneclient import exceptions as keystone_exceptions
import plugin_case
import pytest
from rally import exceptions
from rally.task import scenario as rally_scenario

plugin_case.load("keystone")

USER = "KeystoneBasic.create_and_delete_user"
PROJECT = "KeystoneBasic.create_and_delete_project"
TOKEN = "KeystoneTokens.issue_validate_and_revoke_token"
POLICY = "KeystonePolicies.refuse_forbidden_operations"
OPERATIONS = [
    "create_project",
    "create_role",
    "create_user",
    "list_projects",
    "list_users",
]


class FakeManager:
    """A manager of keystoneclient, in memory."""

    def __init__(self, keystone, kind):
        self.keystone = keystone
        self.kind = kind
        self.known = {}
        self.deleted = set()
        self.args = None

    def create(self, name, **kwargs):
        self.keystone.check("create_" + self.kind)
        self.args = kwargs
        self.known[name] = mock.Mock(id=name, domain_id="default")
        self.known[name].name = name
        return self.known[name]

    def list(self, **kwargs):
        self.keystone.check("list_%ss" % self.kind)
        return list(self.known.values())

    def get(self, id):
        self.keystone.check("get_" + self.kind)
        if id in self.deleted:
            self.keystone.check("get_deleted_" + self.kind)
            if not self.keystone.remembers:
                raise keystone_exceptions.NotFound()
        found = mock.Mock(id=id, domain_id="default")
        found.name = id
        return found

    def delete(self, id):
        self.keystone.check("delete_" + self.kind)
        del self.known[id]
        self.deleted.add(id)


class FakeKeystone:
    """Keystone and its client in memory, as far as the plugins use them."""

    version = "v3"

    def __init__(self):
        self.users = FakeManager(self, "user")
        self.projects = FakeManager(self, "project")
        self.roles = FakeManager(self, "role")
        self.services = FakeManager(self, "service")
        self.domains = mock.Mock()
        self.domains.get.return_value = mock.Mock(id="default")
        self.tokens = mock.Mock()
        self.raises = {}
        self.remembers = False

    def check(self, call):
        if call in self.raises:
            raise self.raises[call]

    def everything(self):
        return sorted(
            [*self.users.known, *self.projects.known, *self.roles.known]
        )


@pytest.fixture
def keystone():
    """Return a fake Keystone, in which there are others' resources."""
    fake = FakeKeystone()
    fake.users.create("keep user")
    fake.projects.create("keep project")
    fake.roles.create("keep role")
    return fake


KEPT = ["keep project", "keep role", "keep user"]


def clients_of(keystone):
    clients = mock.Mock()
    clients.keystone.return_value = keystone
    clients.keystone.version = "v3"
    return clients


def refusing(keystone):
    for operation in OPERATIONS:
        keystone.raises[operation] = keystone_exceptions.Forbidden()
    return keystone


@pytest.mark.parametrize("name", [USER, PROJECT])
def test_created_and_deleted(keystone, name):
    scenario = plugin_case.make(name, clients_of(keystone))

    scenario.run()

    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "keystone", name
    )
    assert keystone.everything() == KEPT


@pytest.mark.parametrize("name", [USER, PROJECT])
def test_deleted_resource_that_is_still_returned_fails(keystone, name):
    keystone.remembers = True

    with pytest.raises(exceptions.RallyAssertionError, match="a deleted"):
        plugin_case.make(name, clients_of(keystone)).run()

    assert keystone.everything() == KEPT


@pytest.mark.parametrize(
    "name, fault", [(USER, "get_deleted_user"), (PROJECT, "get_deleted_project")]
)
def test_only_not_found_is_gone(keystone, name, fault):
    keystone.raises[fault] = keystone_exceptions.InternalServerError()

    with pytest.raises(keystone_exceptions.InternalServerError):
        plugin_case.make(name, clients_of(keystone)).run()


@pytest.mark.parametrize("name", [USER, PROJECT])
def test_created_in_the_default_domain(keystone, name):
    plugin_case.make(name, clients_of(keystone)).run()

    keystone.domains.get.assert_called_once_with("Default")


@pytest.mark.parametrize(
    "name, fault",
    [
        (USER, "get_user"),
        (USER, "delete_user"),
        (PROJECT, "get_project"),
        (PROJECT, "delete_project"),
    ],
)
def test_failure_in_the_middle_leaves_nothing(keystone, name, fault):
    keystone.raises[fault] = keystone_exceptions.InternalServerError()
    with pytest.raises(keystone_exceptions.InternalServerError):
        plugin_case.make(name, clients_of(keystone)).run()
    assert keystone.everything() != KEPT
    keystone.raises.clear()

    plugin_case.clean_up(name, clients_of(keystone))

    assert keystone.everything() == KEPT


@pytest.fixture
def issued():
    """Have Rally issue the token `secret`."""
    with mock.patch("rally_openstack.common.osclients.Clients") as clients:
        auth_ref = clients.return_value.keystone.auth_ref
        auth_ref.auth_token = "secret"
        yield


def test_token_is_issued_validated_and_revoked(keystone, issued):
    keystone.tokens.validate.side_effect = [
        mock.Mock(),
        keystone_exceptions.NotFound(),
    ]
    scenario = plugin_case.make(TOKEN, clients_of(keystone))

    scenario.run()

    assert keystone.tokens.mock_calls == [
        mock.call.validate("secret"),
        mock.call.revoke_token("secret"),
        mock.call.validate("secret"),
    ]
    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "keystone", TOKEN
    )


def test_revoked_token_that_is_accepted_fails(keystone, issued):
    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(TOKEN, clients_of(keystone)).run()


def test_broken_validation_of_the_revoked_token_fails(keystone, issued):
    keystone.tokens.validate.side_effect = [
        mock.Mock(),
        keystone_exceptions.InternalServerError(),
    ]

    with pytest.raises(keystone_exceptions.InternalServerError):
        plugin_case.make(TOKEN, clients_of(keystone)).run()


def test_failure_of_revocation_ends_the_iteration(keystone, issued):
    keystone.tokens.revoke_token.side_effect = keystone_exceptions.Forbidden()

    with pytest.raises(keystone_exceptions.Forbidden):
        plugin_case.make(TOKEN, clients_of(keystone)).run()

    assert keystone.everything() == KEPT


def test_all_operations_are_tried(keystone):
    scenario = plugin_case.make(POLICY, clients_of(refusing(keystone)))

    scenario.run()

    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "keystone", POLICY
    )


def test_only_the_given_operations_are_tried(keystone):
    scenario = plugin_case.make(POLICY, clients_of(refusing(keystone)))

    scenario.run(["list_users"])

    assert plugin_case.atomics(scenario) == [
        "keystone_v3.get_user",
        "keystone_v3.refuse_list_users",
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_allowed_operation_fails_and_leaves_nothing(keystone, operation):
    del refusing(keystone).raises[operation]

    with pytest.raises(exceptions.RallyAssertionError, match=operation):
        plugin_case.make(POLICY, clients_of(keystone)).run()

    assert (keystone.everything() == KEPT) == operation.startswith("list")
    keystone.raises.clear()
    plugin_case.clean_up(POLICY, clients_of(keystone))
    assert keystone.everything() == KEPT


@pytest.mark.parametrize(
    "fault", [keystone_exceptions.Unauthorized, keystone_exceptions.NotFound]
)
def test_only_forbidden_is_a_refusal(keystone, fault):
    refusing(keystone).raises["list_users"] = fault()

    with pytest.raises(fault):
        plugin_case.make(POLICY, clients_of(keystone)).run()


def test_keystone_that_refuses_everything_fails(keystone):
    refusing(keystone).raises["get_user"] = keystone_exceptions.Forbidden()

    with pytest.raises(keystone_exceptions.Forbidden):
        plugin_case.make(POLICY, clients_of(keystone)).run()


def test_unknown_operation_is_not_accepted_by_the_schema():
    info = rally_scenario.Scenario.get(POLICY).get_info()

    assert info["schema"]["properties"]["operations"]["items"] == {
        "enum": OPERATIONS
    }
