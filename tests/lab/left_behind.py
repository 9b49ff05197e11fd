"""What a task has left behind: rows in the services' databases, and Swift."""

import pathlib
import sqlite3
import subprocess

# Table to the column that names a row, and the condition that it is there:
# services mark rows as deleted and keep them. Nova has no table of its own
# for volumes and images, and heat's resources go with their stack.
TABLES = {
    "keystone.user": ("id", "1"),
    "keystone.project": ("name", "is_domain = 0"),
    "keystone.role": ("name", "1"),
    "keystone.service": ("id", "1"),
    "keystone.endpoint": ("id", "1"),
    "keystone.credential": ("id", "1"),
    "keystone.trust": ("id", "deleted_at IS NULL"),
    "glance.images": ("name", "deleted = 0"),
    "zaqar.Queues": ("name", "1"),
    "ironic.nodes": ("name", "1"),
    "ironic.ports": ("address", "1"),
    "ironic.allocations": ("name", "1"),
    "ironic.chassis": ("uuid", "1"),
    "cinder.volumes": ("display_name", "deleted = 0"),
    "cinder.snapshots": ("display_name", "deleted = 0"),
    "cinder.backups": ("display_name", "deleted = 0"),
    "cinder.volume_types": ("name", "deleted = 0"),
    "cinder.volume_attachment": ("id", "deleted = 0"),
    "cinder.quality_of_service_specs": ("id", "deleted = 0"),
    "cinder.encryption": ("encryption_id", "deleted = 0"),
    "cinder.groups": ("name", "deleted = 0"),
    "cinder.transfers": ("display_name", "deleted = 0"),
    "neutron.networks": ("name", "1"),
    "neutron.subnets": ("name", "1"),
    "neutron.ports": ("device_owner", "1"),
    "neutron.routers": ("name", "1"),
    "neutron.securitygroups": ("name", "1"),
    "neutron.floatingips": ("floating_ip_address", "1"),
    "neutron.trunks": ("name", "1"),
    "nova_cell1.instances": ("display_name", "deleted = 0"),
    "nova_cell0.instances": ("display_name", "deleted = 0"),
    "nova_api.flavors": ("name", "1"),
    "nova_api.key_pairs": ("name", "1"),
    "nova_api.aggregates": ("name", "1"),
    "nova_api.instance_groups": ("name", "1"),
    "placement.consumers": ("uuid", "1"),
    "heat.stack": ("name", "deleted_at IS NULL"),
    "trove.instances": ("name", "deleted = 0"),
    "trove.backups": ("name", "deleted = 0"),
    "trove.configurations": ("name", "deleted = 0"),
}


def mysql(lab, statements):
    """Return the rows of all statements, each a list of columns."""
    ran = subprocess.run(
        ["mariadb", "--no-defaults", f"--socket={lab}/work/base/mysql.sock"]
        + ["-uroot", "-N", "-e", statements],
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split("\t") for line in ran.stdout.splitlines()]


def containers(devices):
    """Return the containers of a Swift server that are not deleted."""
    for file in devices.glob("containers/*/*/*/*.db"):
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        row = database.execute(
            "SELECT account || '/' || container, status,"
            " delete_timestamp, put_timestamp FROM container_stat"
        ).fetchone()
        database.close()
        name, status, deleted, put = row
        seconds = [float(t.split("_")[0] or 0) for t in (deleted, put)]
        if status != "DELETED" and seconds[0] < seconds[1]:
            yield name


def state(lab):
    """Return a sorted list of the names that are there, for each place."""
    known = mysql(
        lab,
        "SELECT CONCAT(table_schema, '.', table_name)"
        " FROM information_schema.tables",
    )
    # A service that is not up has no tables.
    tables = {table for (table,) in known} & set(TABLES)
    rows = mysql(
        lab,
        "".join(
            "SELECT '{0}', {1} FROM {2}.`{3}` WHERE {4};".format(
                table, TABLES[table][0], *table.split("."), TABLES[table][1]
            )
            for table in tables
        ),
    )
    places = {table: [] for table in tables}
    for table, name in rows:
        places[table].append(name)
    devices = pathlib.Path(lab) / "work/swift/srv/d1"
    places["swift containers"] = list(containers(devices))
    places["swift objects"] = [
        file.parent.name for file in devices.glob("objects/*/*/*/*.data")
    ]
    return {place: sorted(names) for place, names in places.items()}


def difference(before, after):
    """Return what is there after and was not before, place by place."""
    left = {}
    for place, names in after.items():
        rest = list(names)
        for name in before.get(place, []):
            if name in rest:
                rest.remove(name)
        if rest:
            left[place] = rest
    return left
