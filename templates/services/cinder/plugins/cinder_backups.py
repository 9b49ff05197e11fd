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
"""A scenario for Cinder that creates and deletes backups of volumes."""

import typing as t

from rally.task import scenario
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task.scenarios.cinder import utils


@validation.add(
    "restricted_parameters",
    param_names=["name", "display_name"],
    subdict="create_volume_kwargs",
)
@validation.add(
    "restricted_parameters",
    param_names="name",
    subdict="create_backup_kwargs",
)
@validation.add("required_services", services=[consts.Service.CINDER])
@validation.add("required_cinder_services", services="cinder-backup")
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["cinder"]},
    name="CinderVolumeBackups.create_and_delete_volume_backup",
    platform="openstack",
)
class CreateAndDeleteVolumeBackup(utils.CinderBasic):
    """Create a backup of a volume and delete it."""

    def run(
        self,
        size: t.Annotated[int, scenario.Field(ge=1)],
        create_volume_kwargs: dict[str, t.Any] | None = None,
        create_backup_kwargs: dict[str, t.Any] | None = None,
    ) -> None:
        """Create a volume and its backup, then delete both.

        The scenario deletes the backup before the volume.

        :param size: volume size, in GB
        :param create_volume_kwargs: optional args to create a volume
        :param create_backup_kwargs: optional args to create a volume backup
        """
        volume = self.cinder.create_volume(size, **create_volume_kwargs or {})
        backup = self.cinder.create_backup(
            volume.id, **create_backup_kwargs or {}
        )
        self.cinder.delete_backup(backup)
        self.cinder.delete_volume(volume)
