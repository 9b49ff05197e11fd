"""Makes a service account and the endpoints of a service, unless they are there.

register.py USER NAME TYPE URL [--system]; `--system` gives the account the administrator's role for
the whole system, too, which ironic asks for in some calls.
"""

import os
import sys

import openstack

user_name, name, service_type, url = sys.argv[1:5]
identity = openstack.connect().identity
project = identity.find_project("service") or identity.create_project(
    name="service", domain_id="default"
)
roles = {
    role: identity.find_role(role) or identity.create_role(name=role)
    for role in ("admin", "service")
}
user = identity.find_user(user_name) or identity.create_user(
    name=user_name, password=os.environ["OS_PASSWORD"], domain_id="default"
)
for role in roles.values():
    identity.assign_project_role_to_user(project, user, role)
if "--system" in sys.argv:
    identity.assign_system_role_to_user(user, roles["admin"], "all")
service = identity.find_service(name) or identity.create_service(
    name=name, type=service_type, is_enabled=True
)
there = {e.interface for e in identity.endpoints(service_id=service.id)}
for interface in {"public", "internal", "admin"} - there:
    identity.create_endpoint(
        service_id=service.id,
        interface=interface,
        url=url,
        region_id="RegionOne",
    )
