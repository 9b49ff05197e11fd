#    Licensed under the Apache License, Version 2.0
"""A plugin."""

from rally.task import atomic
from rally.task import validation
from rally_openstack.common import consts
from rally_openstack.task import scenario


@validation.add("required_services", services=[consts.Service.NOVA])
@scenario.configure(context={"cleanup@openstack": ["nova"]},
                    name="Sample.do", platform="openstack")
class Do(scenario.OpenStackScenario):
    """Do it."""

    def run(self, size=1, *, name=None, **kwargs):
        with atomic.ActionTimer(self, f"nova.do_{size}_things"):
            return [x for x in range(size) if x] or (lambda y: y)(name)

    @atomic.action_timer("nova.other")
    async def _other(self, a: "int" = 0x1F) -> None:
        try:
            match a:
                case {"x": [1, *rest]}: del rest
                case _: raise ValueError(b"\x00" 'it''s' "\N{BULLET}")
        except* (KeyError, OSError) as e:
            print(f"{e!r:>{10}}", end="")
        finally:
            global z; z = (yield)
