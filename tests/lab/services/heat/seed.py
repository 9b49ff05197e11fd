"""The domain and the roles that heat needs before it starts."""

import os

import openstack

identity = openstack.connect().identity
domain = identity.find_domain("heat") or identity.create_domain(name="heat")
NAME = "heat_domain_admin"
users = list(identity.users(name=NAME, domain_id=domain.id))
user = users[0] if users else identity.create_user(
    name=NAME, password=os.environ["OS_PASSWORD"], domain_id=domain.id
)
identity.assign_domain_role_to_user(domain, user, identity.find_role("admin"))
for role in ("heat_stack_owner", "heat_stack_user"):
    identity.find_role(role) or identity.create_role(name=role)
