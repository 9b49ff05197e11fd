"""The image of DevStack by name; no server here ever starts from its bytes."""

import openstack

image = openstack.connect().image
NAME = "cirros-0.6.3-x86_64-disk"
if not image.find_image(NAME):
    image.create_image(
        name=NAME,
        container_format="bare",
        disk_format="raw",
        visibility="public",
        data=bytes(1 << 20),
        validate_checksum=False,
    )
