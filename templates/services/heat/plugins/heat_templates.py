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
"""Scenarios for Heat that validate valid and invalid templates."""

import typing as t

from heatclient import exc
from rally.task import atomic
from rally.task import scenario
from rally.task import types
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.heat import utils

File = t.Annotated[str, types.Convert("file")]
Files = t.Annotated[dict[str, str], types.Convert("file_dict")]


class HeatTemplates(utils.HeatScenario):
    """Atomic actions on templates that Rally lacks."""

    def _validate(
        self,
        template: str,
        parameters: dict[str, t.Any] | None,
        files: dict[str, str] | None,
        environment: dict[str, t.Any] | None,
    ) -> dict[str, t.Any]:
        """Validate a template.

        :param template: the template's text
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        :returns: Heat's result: description, parameters and so on
        """
        environment = dict(environment or {})
        if parameters:
            environment["parameters"] = {
                **environment.get("parameters", {}),
                **parameters,
            }
        return self.clients("heat").stacks.validate(
            template=template, files=files or {}, environment=environment
        )

    @atomic.action_timer("heat.validate_template")
    def _validate_template(
        self, *args: t.Any, **kwargs: t.Any
    ) -> dict[str, t.Any]:
        """Validate a template that Heat must accept."""
        return self._validate(*args, **kwargs)

    @atomic.action_timer("heat.reject_template")
    def _reject_template(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Validate a template that Heat must reject."""
        rejected = False
        try:
            self._validate(*args, **kwargs)
        except exc.HTTPBadRequest:
            rejected = True
        self.assertTrue(rejected, err_msg="Heat accepts the invalid template")


@validation.add("required_services", services=[consts.Service.HEAT])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    name="HeatTemplates.validate_template", platform="openstack"
)
class ValidateTemplate(HeatTemplates):
    """Validate a valid template."""

    def run(
        self,
        template_path: File,
        parameters: dict[str, t.Any] | None = None,
        files: Files | None = None,
        environment: dict[str, t.Any] | None = None,
        expected_parameters: list[str] | None = None,
    ) -> None:
        """Validate a template, without creating resources.

        The iteration fails if Heat rejects the template or does not find
        the expected parameters in it.

        :param template_path: path to the template file
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        :param expected_parameters: names of the parameters that Heat must find
        """
        found = self._validate_template(
            template_path, parameters, files, environment
        )
        self.assertIsSubset(expected_parameters or [], found["Parameters"])


@validation.add("required_services", services=[consts.Service.HEAT])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    name="HeatTemplates.reject_invalid_template", platform="openstack"
)
class RejectInvalidTemplate(HeatTemplates):
    """Validate an invalid template."""

    def run(
        self,
        template_path: File,
        parameters: dict[str, t.Any] | None = None,
        files: Files | None = None,
        environment: dict[str, t.Any] | None = None,
    ) -> None:
        """Validate an invalid template, which Heat must reject.

        The iteration fails if Heat accepts the template or returns any error
        except 400 Bad Request.

        :param template_path: path to the template file
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        """
        self._reject_template(template_path, parameters, files, environment)
