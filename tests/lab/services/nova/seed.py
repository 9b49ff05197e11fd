"""The flavors that the workloads name; a disk of 0 GB is for administrators only."""

import openstack

compute = openstack.connect().compute
for name, memory in (("m1.nano", 128), ("m1.micro", 192), ("m1.tiny", 512)):
    if not compute.find_flavor(name):
        compute.create_flavor(name=name, ram=memory, vcpus=1, disk=1)
