"""The volume type of the only backend."""

import openstack

volumes = openstack.connect().block_storage
if not volumes.find_type("file"):
    volumes.create_type(
        name="file", extra_specs={"volume_backend_name": "file"}
    )
