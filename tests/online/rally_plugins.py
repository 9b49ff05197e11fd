"""Print the plugins that the installed rally and rally-openstack register, as Rally itself sees them.

usage: rally_plugins.py

The output is templates/rally/plugins.json, one plugin a line: its platform, its JSON schema, and the
validators that judge it before a task starts, those that need a cloud included ("cloud": true). A
scenario has its arguments (what run() takes) and the contexts that it brings.
"""

import importlib.metadata
import inspect
import json

from rally import plugins
from rally.common import validation
from rally_openstack.common import osclients
from rally.task import context, hook, runner, scenario, sla, task_cfg, types

# Kind of plugin to its base class, as tasks call it.
KINDS = {
    "scenarios": scenario.Scenario,
    "contexts": context.Context,
    "runners": runner.ScenarioRunner,
    "sla": sla.SLA,
    "hooks": hook.HookAction,
    "triggers": hook.HookTrigger,
    "types": types.ResourceType,
}


def main():
    plugins.load()
    version = importlib.metadata.version
    releases = {package: version(package) for package in ("rally", "rally-openstack")}
    print('{"releases": %s,' % line(releases))
    print('"task": %s,' % line(task_schemas()))
    kinds = []
    for kind, base in KINDS.items():
        found = sorted(base.get_all(allow_hidden=True), key=lambda p: (p.get_name(), p.get_platform()))
        lines = ["%s: %s" % (line(p.get_fullname()), line(plugin(kind, p))) for p in found]
        kinds.append('"%s": {\n%s\n}' % (kind, ",\n".join(lines)))
    print("%s}" % ",\n".join(kinds))


def line(value):
    # a set has no order, and a tuple is a list in JSON
    return json.dumps(value, sort_keys=True, default=sorted)


def plugin(kind, cls):
    """Return what is known of one plugin."""
    facts = {"name": cls.get_name(), "platform": cls.get_platform()}
    if cls.is_hidden():
        facts["hidden"] = True
    checks = [validator(name, kwargs) for name, _, kwargs in cls._meta_get("validators", default=[])]
    if checks:
        facts["validators"] = checks
    schema = getattr(cls, "CONFIG_SCHEMA", None)
    if schema is not None and kind != "scenarios":
        facts["schema"] = plain(schema)
    if kind == "scenarios":
        facts.update(of_scenario(cls))
    return facts


def validator(name, kwargs):
    """Return a validator's name and parameters, and whether it asks a cloud."""
    cls = validation.Validator.get(name)
    needs = issubclass(cls, validation.RequiredPlatformValidator) or cls._meta_get("validators", default=[])
    facts = {"name": name}
    if name == "check_api_versions":
        kwargs = {"clients": clients()}
    if kwargs:
        facts["parameters"] = kwargs
    if needs:
        facts["cloud"] = True
    return facts


def clients():
    """Return for each client its versions, where Rally itself knows them, and whether its type is fixed."""
    found = {}
    for cls in osclients.OSClient.get_all():
        facts = found[cls.get_name()] = {}
        if cls.validate_version.__func__ is osclients.OSClient.validate_version.__func__:
            facts["versions"] = [str(version) for version in cls.get_supported_versions()]
        if cls._meta_get("default_service_type") is None:
            facts["fixed"] = True
    return found


def of_scenario(cls):
    signature = list(inspect.signature(cls.run).parameters.values())[1:]
    named = [p for p in signature if p.kind == p.POSITIONAL_OR_KEYWORD or p.kind == p.KEYWORD_ONLY]
    properties = (cls.get_info().get("schema") or {}).get("properties", {})
    arguments = {}
    for parameter in named:
        required = parameter.default is parameter.empty and parameter.kind == parameter.POSITIONAL_OR_KEYWORD
        arguments[parameter.name] = {"required": True} if required else {}
        schema = {k: v for k, v in plain(properties.get(parameter.name, {})).items() if k != "default"}
        if schema:
            arguments[parameter.name]["schema"] = schema
    facts = {"arguments": arguments}
    if any(p.kind == p.VAR_KEYWORD for p in signature):
        facts["more"] = True
    default = cls.get_default_context()
    if default:
        facts["contexts"] = plain(default)
    return facts


def task_schemas():
    """Return the schemas of the parts of a task, in both formats."""
    cfg = task_cfg.TaskConfig
    return {
        "v1": cfg.CONFIG_SCHEMA_V1,
        "v2_simple": cfg.CONFIG_SCHEMA_V2_SUBTASK_SIMPLE,
        "v2_complex": cfg.CONFIG_SCHEMA_V2_SUBTASK_COMPLEX,
        "v2_keys": sorted(cfg.V2_TOP_ALLOWED_KEYS),
        "v2_required": sorted(cfg.V2_TOP_REQUIRED_KEYS),
    }


def plain(value):
    """Return the value without what only people read."""
    if isinstance(value, dict):
        # a property may be called description: its value is a schema, never a text
        return {k: plain(v) for k, v in value.items() if not (k == "description" and isinstance(v, str))}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


if __name__ == "__main__":
    main()
