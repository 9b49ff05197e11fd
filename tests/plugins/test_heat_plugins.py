"""Unit tests of the Heat plugins."""

from unittest import mock

from heatclient import exc
import plugin_case
import pytest
from rally import exceptions

plugin_case.load("heat")

VALIDATE = "HeatTemplates.validate_template"
REJECT = "HeatTemplates.reject_invalid_template"
UPDATE = "HeatResources.create_stack_and_update_resource"
REPLACE = "HeatResources.create_stack_and_replace_resource"


class FakeHeat:
    """Heat and its client in memory, as far as the plugins use them."""

    def __init__(self):
        self.known = {}
        self.fault = None
        self.in_place = True
        self.applies_updates = True
        self.resource_status = None
        self.stacks = mock.Mock()
        self.stacks.create.side_effect = self.create
        self.stacks.update.side_effect = self.update
        self.stacks.get.side_effect = self.get
        self.stacks.list.side_effect = lambda: list(self.known.values())
        self.stacks.delete.side_effect = self.delete
        self.resources = mock.Mock()
        self.resources.list.side_effect = lambda stack_id: [
            mock.Mock(resource_name="value")
        ]
        self.resources.get.side_effect = self.get_resource
        self.resources.mark_unhealthy.side_effect = self.mark_unhealthy

    def create(self, stack_name, parameters, **kwargs):
        stack = mock.Mock(
            id="id of " + stack_name,
            stack_name=stack_name,
            stack_status="CREATE_COMPLETE",
            status="CREATE_COMPLETE",
            parameters=parameters,
            physical=1,
            unhealthy=False,
            manager=self.stacks,
        )
        stack.delete.side_effect = lambda: self.delete(stack.id)
        self.known[stack.id] = stack
        return {"stack": {"id": stack.id}}

    def update(self, stack_id, parameters, **kwargs):
        self.fail("update")
        stack = self.known[stack_id]
        stack.stack_status = stack.status = "UPDATE_COMPLETE"
        if self.applies_updates:
            stack.parameters = parameters
            if stack.unhealthy or not self.in_place:
                stack.physical += 1

    def get(self, stack_id):
        if stack_id not in self.known:
            raise exc.HTTPNotFound()
        return self.known[stack_id]

    def delete(self, stack_id):
        self.fail("delete")
        self.known.pop(stack_id, None)

    def get_resource(self, stack_id, name):
        self.fail("get_resource")
        stack = self.known[stack_id]
        return mock.Mock(
            resource_status=self.resource_status or stack.status,
            physical_resource_id=stack.physical,
            attributes=stack.parameters,
        )

    def mark_unhealthy(self, stack_id, name, mark_unhealthy, **kwargs):
        self.fail("mark_unhealthy")
        self.known[stack_id].unhealthy = mark_unhealthy

    def fail(self, call):
        if call == self.fault:
            raise exc.HTTPInternalServerError(call)


@pytest.fixture
def heat():
    """Return a fake Heat, in which somebody else has a stack."""
    fake = FakeHeat()
    fake.create("keep", {})
    return fake


@pytest.fixture(autouse=True)
def no_waiting():
    """Do not wait for stacks that are ready at once."""
    with (
        mock.patch("time.sleep"),
        mock.patch("rally.common.utils.interruptable_sleep"),
    ):
        yield


def clients_of(heat):
    clients = mock.Mock()
    clients.heat.return_value = heat
    return clients


def arguments(name):
    if name == UPDATE:
        return {
            "template_path": "text",
            "resource_name": "value",
            "parameters": {"setting": "before"},
            "updated_parameters": {"setting": "after"},
        }
    if name == REPLACE:
        return {"template_path": "text", "resource_name": "value"}
    return {"template_path": "text"}


@pytest.mark.parametrize("name", [UPDATE, REPLACE])
def test_reports_what_is_documented_and_deletes_the_stack(heat, name):
    scenario = plugin_case.make(name, clients_of(heat))

    scenario.run(**arguments(name))

    assert plugin_case.atomics(scenario) == plugin_case.measures("heat", name)
    assert list(heat.known) == ["id of keep"]


@pytest.mark.parametrize("name", [UPDATE, REPLACE])
def test_update_without_effect_fails(heat, name):
    heat.applies_updates = False

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(name, clients_of(heat)).run(**arguments(name))


def test_update_that_does_not_reach_the_resource_fails(heat):
    heat.resource_status = "CREATE_COMPLETE"

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(UPDATE, clients_of(heat)).run(**arguments(UPDATE))


def test_update_that_replaces_the_resource_fails(heat):
    heat.in_place = False

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(UPDATE, clients_of(heat)).run(**arguments(UPDATE))


def test_update_of_an_unknown_resource_fails(heat):
    args = dict(arguments(UPDATE), resource_name="missing")

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(UPDATE, clients_of(heat)).run(**args)


@pytest.mark.parametrize(
    "name, fault",
    [
        (UPDATE, "get_resource"),
        (UPDATE, "update"),
        (UPDATE, "delete"),
        (REPLACE, "mark_unhealthy"),
        (REPLACE, "update"),
        (REPLACE, "delete"),
    ],
)
def test_failure_in_the_middle_leaves_nothing(heat, name, fault):
    scenario = plugin_case.make(name, clients_of(heat))
    heat.fault = fault
    with pytest.raises(exc.HTTPInternalServerError):
        scenario.run(**arguments(name))
    assert len(heat.known) == 2
    heat.fault = None

    plugin_case.clean_up(name, clients_of(heat))

    assert list(heat.known) == ["id of keep"]


def test_validate_hands_everything_to_heat(heat):
    heat.stacks.validate.return_value = {"Parameters": {"a": {}, "b": {}}}
    scenario = plugin_case.make(VALIDATE, clients_of(heat))

    scenario.run(
        "text",
        parameters={"a": 1},
        files={"f": "x"},
        environment={"parameters": {"b": 2}, "resource_registry": {}},
        expected_parameters=["a", "b"],
    )

    heat.stacks.validate.assert_called_once_with(
        template="text",
        files={"f": "x"},
        environment={
            "parameters": {"a": 1, "b": 2},
            "resource_registry": {},
        },
    )
    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "heat", VALIDATE
    )


def test_validate_leaves_the_arguments_alone(heat):
    heat.stacks.validate.return_value = {"Parameters": {}}
    environment = {"parameters": {"b": 2}}

    plugin_case.make(VALIDATE, clients_of(heat)).run(
        "text", parameters={"a": 1}, environment=environment
    )

    assert environment == {"parameters": {"b": 2}}


def test_validate_without_an_expected_parameter_fails(heat):
    heat.stacks.validate.return_value = {"Parameters": {}}

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(VALIDATE, clients_of(heat)).run(
            "text", expected_parameters=["a"]
        )


def test_validate_fails_if_a_good_template_is_rejected(heat):
    heat.stacks.validate.side_effect = exc.HTTPBadRequest()

    with pytest.raises(exc.HTTPBadRequest):
        plugin_case.make(VALIDATE, clients_of(heat)).run("text")


def test_reject(heat):
    heat.stacks.validate.side_effect = exc.HTTPBadRequest()
    scenario = plugin_case.make(REJECT, clients_of(heat))

    scenario.run("text")

    assert plugin_case.atomics(scenario) == plugin_case.measures(
        "heat", REJECT
    )


def test_reject_fails_if_a_bad_template_is_accepted(heat):
    heat.stacks.validate.return_value = {"Parameters": {}}

    with pytest.raises(exceptions.RallyAssertionError):
        plugin_case.make(REJECT, clients_of(heat)).run("text")


def test_reject_fails_if_heat_breaks(heat):
    heat.stacks.validate.side_effect = exc.HTTPInternalServerError()

    with pytest.raises(exc.HTTPInternalServerError):
        plugin_case.make(REJECT, clients_of(heat)).run("text")


@pytest.mark.parametrize("name", [VALIDATE, REJECT])
def test_validation_creates_nothing(heat, name):
    heat.stacks.validate.side_effect = exc.HTTPInternalServerError()

    with pytest.raises(exc.HTTPInternalServerError):
        plugin_case.make(name, clients_of(heat)).run("text")

    heat.stacks.create.assert_not_called()
