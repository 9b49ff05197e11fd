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
"""Scenarios for Trove: instances, their databases and users, and backups."""

import typing as t

from rally.task import atomic
from rally.task import types
from rally.task import utils
from rally.task import validation
from rally.utils import typeutils
from rally_openstack.common import consts
from rally_openstack.task import scenario

# Seconds. The timeouts for an instance and for a backup are those of Trove's
# own jobs.
BUILD_TIMEOUT = 2400.0
RESIZE_TIMEOUT = 900.0
BACKUP_TIMEOUT = 1200.0
DELETE_TIMEOUT = 600.0
POLL_INTERVAL = 3.0

Flavor = t.Annotated[str, types.Convert("nova_flavor")]
Size = t.Annotated[int, typeutils.Field(ge=1)]
Count = t.Annotated[int, typeutils.Field(ge=1)]


class TroveScenario(scenario.OpenStackScenario):
    """Base class for Trove scenarios with basic atomic actions."""

    @atomic.action_timer("trove.create_instance")
    def _create_instance(
        self, flavor: str, volume_size: int, **kwargs: t.Any
    ) -> t.Any:
        """Create a database instance and wait until it is active.

        :param flavor: ID of the flavor
        :param volume_size: size of the data volume, in GB
        :param kwargs: optional arguments to create an instance
        :returns: the instance
        """
        return self._boot_instance(flavor, volume_size, **kwargs)

    @atomic.action_timer("trove.restore_backup")
    def _restore_backup(
        self, backup: t.Any, flavor: str, volume_size: int, **kwargs: t.Any
    ) -> t.Any:
        """Create an instance from a backup and wait until it is active.

        :param backup: the backup
        :param flavor: ID of the flavor
        :param volume_size: size of the data volume, in GB
        :param kwargs: optional arguments to create an instance
        :returns: the new instance
        """
        kwargs["restorePoint"] = {"backupRef": backup.id}
        return self._boot_instance(flavor, volume_size, **kwargs)

    def _boot_instance(
        self, flavor: str, volume_size: int, **kwargs: t.Any
    ) -> t.Any:
        """Create an instance in the network of the tenant, if it has one."""
        networks = self.context.get("tenant", {}).get("networks")
        if networks:
            index = self.context["iteration"] % len(networks)
            kwargs.setdefault("nics", [{"net-id": networks[index]["id"]}])
        instance = self.clients("troveclient").instances.create(
            self.generate_random_name(),
            flavor_id=flavor,
            volume={"size": volume_size},
            **kwargs,
        )
        return self._wait_for_instance(instance, BUILD_TIMEOUT)

    def _wait_for_instance(self, instance: t.Any, timeout: float) -> t.Any:
        """Wait until an instance is active."""
        return utils.wait_for_status(
            instance,
            ready_statuses=["ACTIVE"],
            failure_statuses=["ERROR", "FAILED"],
            update_resource=utils.get_from_manager(),
            timeout=timeout,
            check_interval=POLL_INTERVAL,
        )

    @atomic.action_timer("trove.list_instances")
    def _list_instances(self) -> list[t.Any]:
        """List all instances of the project.

        :returns: the instances
        """
        return self._list_pages(self.clients("troveclient").instances.list)

    @staticmethod
    def _list_pages(
        method: t.Callable[..., t.Any], *args: t.Any
    ) -> list[t.Any]:
        """Return all pages of a list method of the client."""
        page = method(*args)
        found = list(page)
        while page.next:
            page = method(*args, marker=page.next)
            found.extend(page)
        return found

    @atomic.action_timer("trove.show_instance")
    def _show_instance(self, instance: t.Any) -> t.Any:
        """Get an instance.

        :param instance: the instance
        :returns: the updated instance
        """
        return self.clients("troveclient").instances.get(instance.id)

    @atomic.action_timer("trove.resize_volume")
    def _resize_volume(self, instance: t.Any, new_size: int) -> t.Any:
        """Resize the volume of an instance and wait until it is active.

        :param instance: the instance
        :param new_size: the new size, in GB
        :returns: the updated instance
        """
        self.clients("troveclient").instances.resize_volume(
            instance.id, new_size
        )
        return self._wait_for_instance(instance, RESIZE_TIMEOUT)

    @atomic.action_timer("trove.delete_instance")
    def _delete_instance(self, instance: t.Any) -> None:
        """Delete an instance and wait for the deletion.

        :param instance: the instance
        """
        self.clients("troveclient").instances.delete(instance.id)
        self._wait_for_deletion(instance)

    def _wait_for_deletion(self, resource: t.Any) -> None:
        """Wait until an instance or a backup does not exist."""
        utils.wait_for_status(
            resource,
            ready_statuses=["DELETED"],
            check_deletion=True,
            update_resource=utils.get_from_manager(),
            timeout=DELETE_TIMEOUT,
            check_interval=POLL_INTERVAL,
        )

    @atomic.action_timer("trove.create_databases")
    def _create_databases(self, instance: t.Any, names: list[str]) -> None:
        """Create databases in an instance, with one request.

        :param instance: the instance
        :param names: names of the databases
        """
        self.clients("troveclient").databases.create(
            instance.id, [{"name": name} for name in names]
        )

    @atomic.action_timer("trove.list_databases")
    def _list_databases(self, instance: t.Any) -> list[t.Any]:
        """List the databases of an instance.

        :param instance: the instance
        :returns: the databases
        """
        databases = self.clients("troveclient").databases
        return self._list_pages(databases.list, instance.id)

    @atomic.action_timer("trove.delete_database")
    def _delete_database(self, instance: t.Any, name: str) -> None:
        """Delete a database of an instance.

        :param instance: the instance
        :param name: name of the database
        """
        self.clients("troveclient").databases.delete(instance.id, name)

    @atomic.action_timer("trove.create_users")
    def _create_users(
        self, instance: t.Any, names: list[str], database: str
    ) -> None:
        """Create users of a database, with one request.

        :param instance: the instance
        :param names: names of the users
        :param database: name of the database
        """
        users = [
            {
                "name": name,
                "password": self.generate_random_name(),
                "databases": [{"name": database}],
            }
            for name in names
        ]
        self.clients("troveclient").users.create(instance.id, users)

    @atomic.action_timer("trove.list_users")
    def _list_users(self, instance: t.Any) -> list[t.Any]:
        """List the users of the databases of an instance.

        :param instance: the instance
        :returns: the users
        """
        return self._list_pages(
            self.clients("troveclient").users.list, instance.id
        )

    @atomic.action_timer("trove.delete_user")
    def _delete_user(self, instance: t.Any, name: str) -> None:
        """Delete a user of the databases of an instance.

        :param instance: the instance
        :param name: name of the user
        """
        self.clients("troveclient").users.delete(instance.id, name)

    @atomic.action_timer("trove.create_backup")
    def _create_backup(self, instance: t.Any) -> t.Any:
        """Create a backup of an instance and wait until it is complete.

        Each backup has its own Swift container. Trove deletes the objects in
        it, but not the container: Rally's cleanup finds it by its name.

        :param instance: the instance
        :returns: the backup
        """
        backup = self.clients("troveclient").backups.create(
            self.generate_random_name(),
            instance.id,
            swift_container=self.generate_random_name(),
        )
        return utils.wait_for_status(
            backup,
            ready_statuses=["COMPLETED"],
            failure_statuses=["ERROR", "FAILED"],
            update_resource=utils.get_from_manager(),
            timeout=BACKUP_TIMEOUT,
            check_interval=POLL_INTERVAL,
        )

    @atomic.action_timer("trove.list_backups")
    def _list_backups(self) -> list[t.Any]:
        """List all backups of the project.

        :returns: the backups
        """
        return self._list_pages(self.clients("troveclient").backups.list)

    @atomic.action_timer("trove.delete_backup")
    def _delete_backup(self, backup: t.Any) -> None:
        """Delete a backup and wait for the deletion.

        :param backup: the backup
        """
        self.clients("troveclient").backups.delete(backup.id)
        self._wait_for_deletion(backup)

    @atomic.action_timer("trove.list_datastores")
    def _list_datastores(self) -> list[t.Any]:
        """List the datastores.

        :returns: the datastores
        """
        return self._list_pages(self.clients("troveclient").datastores.list)


@validation.add("required_services", services=[consts.Service.TROVE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(name="TroveDatastores.list_datastores")
class ListDatastores(TroveScenario):
    """List the datastores."""

    def run(self) -> None:
        """List the datastores."""
        self._list_datastores()


@validation.add("restricted_parameters", param_names=["name", "restorePoint"])
@validation.add("flavor_exists", param_name="flavor")
@validation.add("required_services", services=[consts.Service.TROVE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["trove"]},
    name="TroveInstances.create_and_delete_instance",
)
class CreateAndDeleteInstance(TroveScenario):
    """Create a database instance and delete it."""

    def run(self, flavor: Flavor, volume_size: Size, **kwargs: t.Any) -> None:
        """Create a database instance and delete it.

        :param flavor: flavor of the instance
        :param volume_size: size of the data volume, in GB
        :param kwargs: optional arguments to create an instance, such as
                       "datastore" and "datastore_version"; "nics" is the
                       tenant's network by default
        """
        instance = self._create_instance(flavor, volume_size, **kwargs)
        self._delete_instance(instance)


@validation.add("restricted_parameters", param_names=["name", "restorePoint"])
@validation.add("flavor_exists", param_name="flavor")
@validation.add("required_services", services=[consts.Service.TROVE])
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["trove"]},
    name="TroveInstances.create_use_and_delete_instance",
)
class CreateUseAndDeleteInstance(TroveScenario):
    """Do with one instance what its owner does, then delete it."""

    def run(
        self,
        flavor: Flavor,
        volume_size: Size,
        new_volume_size: Size,
        databases_count: Count = 2,
        users_count: Count = 2,
        **kwargs: t.Any,
    ) -> None:
        """Create, show, list, use, resize and delete a database instance.

        An instance takes minutes, so that one serves for all steps. The
        iteration fails if the instance, a database or a user is not where
        Trove should list it, or if the volume does not have the new size.

        :param flavor: flavor of the instance
        :param volume_size: size of the data volume, in GB
        :param new_volume_size: new size of the volume, in GB, larger than
                                volume_size
        :param databases_count: number of databases
        :param users_count: number of users, all of them of the first database
        :param kwargs: optional arguments to create an instance, such as
                       "datastore" and "datastore_version"; "nics" is the
                       tenant's network by default
        """
        instance = self._create_instance(flavor, volume_size, **kwargs)
        self.assertEqual(instance.id, self._show_instance(instance).id)
        self.assertIn(instance.id, [i.id for i in self._list_instances()])
        databases = [f"rally_db_{i}" for i in range(databases_count)]
        self._use_databases(instance, databases, users_count)
        resized = self._resize_volume(instance, new_volume_size)
        self.assertEqual(new_volume_size, resized.volume["size"])
        self._delete_instance(instance)

    def _use_databases(
        self, instance: t.Any, databases: list[str], users_count: int
    ) -> None:
        """Create, list and delete databases, and users of the first one."""
        users = [f"rally_user_{i}" for i in range(users_count)]
        self._create_databases(instance, databases)
        listed = [database.name for database in self._list_databases(instance)]
        self.assertIsSubset(databases, listed)
        self._create_users(instance, users, databases[0])
        listed = [user.name for user in self._list_users(instance)]
        self.assertIsSubset(users, listed)
        for name in users:
            self._delete_user(instance, name)
        for name in databases:
            self._delete_database(instance, name)


@validation.add("restricted_parameters", param_names=["name", "restorePoint"])
@validation.add("flavor_exists", param_name="flavor")
@validation.add(
    "required_services",
    services=[consts.Service.TROVE, consts.Service.SWIFT],
)
@validation.add("required_platform", platform="openstack", users=True)
@scenario.configure(
    context={"cleanup@openstack": ["trove", "swift"]},
    name="TroveBackups.create_list_restore_and_delete_backup",
)
class CreateListRestoreAndDeleteBackup(TroveScenario):
    """Restore a backup of an instance to a new one, then delete both."""

    def run(self, flavor: Flavor, volume_size: Size, **kwargs: t.Any) -> None:
        """Create, list and restore a backup, then delete all.

        The iteration fails if the backup is not in the list. The scenario
        deletes the first instance before it restores the backup: the backup
        often outlives its instance in practice, and only one of the two
        instances exists at a time.

        :param flavor: flavor of both instances
        :param volume_size: size of both data volumes, in GB
        :param kwargs: optional arguments to create both instances, such as
                       "datastore" and "datastore_version"; "nics" is the
                       tenant's network by default
        """
        instance = self._create_instance(flavor, volume_size, **kwargs)
        backup = self._create_backup(instance)
        self.assertIn(backup.id, [b.id for b in self._list_backups()])
        self._delete_instance(instance)
        restored = self._restore_backup(backup, flavor, volume_size, **kwargs)
        self._delete_backup(backup)
        self._delete_instance(restored)
