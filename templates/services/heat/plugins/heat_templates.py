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
"""Templates of Heat: the good ones are accepted, the bad ones rejected."""

import typing as t

from rally.task import atomic
from rally.task import scenario
from rally.task import types
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.heat import utils

File = t.Annotated[str, types.Convert("file")]
Files = t.Annotated[dict[str, str], types.Convert("file_dict")]


class HeatTemplates(utils.HeatScenario):
    """Atomic actions on templates that Rally's own scenarios do not have."""

    def _validate(
        self,
        template: str,
        parameters: dict[str, t.Any] | None,
        files: dict[str, str] | None,
        environment: dict[str, t.Any] | None,
    ) -> dict[str, t.Any]:
        """Have Heat validate a template.

        :param template: the template's text
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        :returns: what Heat found: description, parameters and so on
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
        """Validate a template that is expected to be valid."""
        return self._validate(*args, **kwargs)

    @atomic.action_timer("heat.reject_template")
    def _reject_template(self, *args: t.Any, **kwargs: t.Any) -> None:
        """Validate a template that is expected to be rejected."""
        from heatclient import exc

        rejected = False
        try:
            self._validate(*args, **kwargs)
        except exc.HTTPBadRequest:
            rejected = True
        self.assertTrue(rejected, err_msg="The bad template is accepted")


@validation.add("required_services", services=[consts.Service.HEAT])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    name="HeatTemplates.validate_template", platform="openstack"
)
class ValidateTemplate(HeatTemplates):
    """Validate a template that is valid."""

    def run(
        self,
        template_path: File,
        parameters: dict[str, t.Any] | None = None,
        files: Files | None = None,
        environment: dict[str, t.Any] | None = None,
        expected_parameters: list[str] | None = None,
    ) -> None:
        """Validate a template, which creates nothing.

        The iteration fails if Heat rejects the template, or does not find
        the expected parameters in it.

        :param template_path: path to the template file
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        :param expected_parameters: names of parameters that Heat has to find
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
    """Validate a template that is not valid."""

    def run(
        self,
        template_path: File,
        parameters: dict[str, t.Any] | None = None,
        files: Files | None = None,
        environment: dict[str, t.Any] | None = None,
    ) -> None:
        """Validate a bad template, which Heat has to reject.

        The iteration fails if Heat accepts the template, and likewise if it
        fails with anything but a bad request.

        :param template_path: path to the template file
        :param parameters: parameters of the template
        :param files: files used in the template
        :param environment: stack environment definition
        """
        self._reject_template(template_path, parameters, files, environment)
