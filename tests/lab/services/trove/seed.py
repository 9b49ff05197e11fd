"""The default security group of the services' project.

Neutron makes it when trove first asks for one, in the middle of a task.
"""

import openstack

trove = openstack.connect(
    load_envvars=True, username="trove", project_name="service"
)
list(trove.network.security_groups())
