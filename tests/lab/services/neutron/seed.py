"""The external network of DevStack."""

import openstack

network = openstack.connect().network
public = network.find_network("public") or network.create_network(
    name="public",
    is_router_external=True,
    provider_network_type="flat",
    provider_physical_network="public",
)
if not network.find_subnet("public"):
    network.create_subnet(
        name="public",
        network_id=public.id,
        ip_version=4,
        cidr="172.24.0.0/20",
        is_dhcp_enabled=False,
    )
