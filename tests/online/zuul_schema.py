"""Print the schemas by which the installed Zuul judges what a repository configures.

usage: zuul_schema.py

The output is templates/zuul/schema.json: the release, what lists of names the parsers know, and for
each kind of item a JSON schema (draft 4), made of the voluptuous schema of the kind's own parser in
zuul.configloader. Pipelines are not among them: no repository that runs Rally may have one.

Values are written as git-rally reads them (src/check/value.rs): behind U+0000 stand a key that is no
text, and what a tag of Zuul's marks: {"\\u0000override": value}.
"""

import importlib.metadata
import json
import types

import voluptuous as vs
from zuul import configloader, model
from zuul.lib import varnames
from zuul.lib.ansible import AnsibleManager

OVERRIDE = "\u0000override"
# What a parser puts into an item for itself.
OWN = ("_source_context", "_start_mark")
TYPES = {str: ["string"], bool: ["boolean"], int: ["integer", "boolean"], float: ["number"], dict: ["object"]}
TEXT_KEY = "^[^\u0000]"


def main():
    context = types.SimpleNamespace(connections=types.SimpleNamespace(connections={}))
    parser = lambda name: getattr(configloader, name + "Parser")
    items = {
        "job": parser("Job").schema,
        "project": parser("Project")(context).schema,
        "project-template": parser("ProjectTemplate")(context).schema,
        "nodeset": parser("NodeSet")(context).schema,
        "secret": parser("Secret")(context).schema,
        "semaphore": parser("Semaphore")(context).schema,
        "queue": parser("Queue")(context).schema,
    }
    for kind in ("Pragma", "Image", "Flavor", "Label", "Section", "Provider"):
        items[kind.lower()] = parser(kind).schema
    print('{"releases": %s,' % line({"zuul": importlib.metadata.version("zuul")}))
    print('"job-attributes": %s,' % line(of_mapping(configloader.JobParser.job_attributes, False)))
    print('"anonymous-nodeset": %s,' % line(of(parser("NodeSet")(context).anon_schema)))
    for name, value in facts().items():
        print("%s: %s," % (line(name), line(value)))
    lines = ["%s: %s" % (line(kind), line(of(schema))) for kind, schema in sorted(items.items())]
    print('"items": {\n%s\n}}' % ",\n".join(lines))


def facts():
    """Return what the parsers compare with, as they say it themselves."""
    tenant = model.Tenant("any")
    return {
        "kinds": sorted(configloader.ZuulSafeLoader.zuul_node_types),
        "reserved-names": sorted(varnames.RESERVED_NAMES),
        "reserved-job-variables": reserved_job_variables(),
        "home-paths": sorted(configloader.JobParser.disallowed_home_paths),
        "ansible-versions": sorted(AnsibleManager()._supported_versions),
        "max-job-timeout": tenant.max_job_timeout,
    }


def reserved_job_variables():
    """Return the names that check_varnames refuses, of those that its code has as texts."""
    constants = [c for c in varnames.check_varnames.__code__.co_consts if c]
    texts = [t for c in constants for t in (c if isinstance(c, tuple) else (c,)) if isinstance(t, str)]
    names = [t for t in texts if varnames.VARNAME_RE.match(t)]
    return sorted(varnames.RESERVED_NAMES | {name for name in names if refuses(name)})


def refuses(name):
    try:
        varnames.check_varnames({name: ""})
    except varnames.VariableNameError:
        return True
    return False


def of(schema):
    """Return a voluptuous schema as JSON schema."""
    if isinstance(schema, vs.Schema):
        extra = schema.extra == vs.ALLOW_EXTRA
        return of_mapping(schema.schema, extra) if isinstance(schema.schema, dict) else of(schema.schema)
    if schema is configloader.JobParser.job_attributes:
        # of an entry of a pipeline: "job-attributes" judges it
        return {"type": ["object"]}
    if isinstance(schema, dict):
        return of_mapping(schema, False)
    if isinstance(schema, list):
        return {"type": "array", "items": any_of(schema)} if schema else {"type": "array"}
    if isinstance(schema, vs.Any):
        return any_of(schema.validators)
    if isinstance(schema, vs.All):
        parts = [of(part) for part in schema.validators]
        return merged(parts)
    if isinstance(schema, vs.Range):
        return {"minimum": schema.min}
    if schema is None:
        return {"type": ["null"]}
    if schema in TYPES:
        return {"type": TYPES[schema]}
    if isinstance(schema, (str, bool)):
        return {"enum": [schema]}
    return of_function(schema)


def of_function(function):
    name = function.__qualname__
    if name.endswith("_checkMissingAttribute"):
        return {"anyOf": [{"required": ["data"]}, {"required": ["oidc"]}]}
    if name == "ansible_vars_dict":
        return {"type": "object", "patternProperties": {variable(): {}}, "additionalProperties": False}
    if name == "ansible_var_name":
        return {"type": "string", "pattern": variable()}
    assert name == "override_value.<locals>.validator", name
    inner = of(function.__closure__[0].cell_contents)
    marked = {"type": "object", "required": [OVERRIDE], "properties": {OVERRIDE: inner}, "additionalProperties": False}
    return any_of_schemas(alternatives(inner) + [marked])


def variable():
    """Return the pattern of a variable's name, as ansible_var_name's code has it."""
    constants = configloader.ansible_var_name.__code__.co_consts
    pattern = next(c for c in constants if isinstance(c, str) and c.startswith("["))
    return "^(%s)$" % pattern


def any_of(schemas):
    return any_of_schemas([of(schema) for schema in schemas])


def any_of_schemas(found):
    """Return one schema of several: types and texts are joined, so that little is said."""
    types_of, enum, rest = [], [], []
    for schema in found:
        if set(schema) == {"type"}:
            types_of += [t for t in schema["type"] if t not in types_of]
        elif set(schema) == {"enum"}:
            enum += schema["enum"]
        elif schema not in rest:
            rest.append(schema)
    joined = ([{"type": types_of}] if types_of else []) + ([{"enum": enum}] if enum else []) + rest
    return joined[0] if len(joined) == 1 else {"anyOf": joined}


def alternatives(schema):
    return schema["anyOf"] if set(schema) == {"anyOf"} else [schema]


def merged(parts):
    joined = {}
    for part in parts:
        assert not set(part) & set(joined), parts
        joined.update(part)
    return joined


def of_mapping(schema, extra):
    properties, patterns, required, groups = {}, {}, [], {}
    for key, value in schema.items():
        name = key.schema if isinstance(key, vs.Marker) else key
        if name in OWN:
            continue
        if isinstance(key, vs.Required):
            required.append(name)
        if isinstance(key, vs.Exclusive):
            groups.setdefault(key.group_of_exclusion, []).append(name)
        if name is str:
            patterns[TEXT_KEY] = of(value)
        elif isinstance(name, vs.Any):
            properties.update(dict.fromkeys(name.validators, of(value)))
        else:
            properties[name] = of(value)
    found = {"type": "object", "additionalProperties": extra}
    if properties:
        found["properties"] = dict(sorted(properties.items()))
    if patterns:
        # what has a name of its own is not judged by the pattern for the rest
        others = "|".join(sorted(properties))
        found["patternProperties"] = {"^(?!(%s)$)[^\u0000]" % others if others else TEXT_KEY: next(iter(patterns.values()))}
    if required:
        found["required"] = sorted(required)
    pairs = [{"required": group} for group in groups.values() if len(group) > 1]
    if pairs:
        found["not"] = {"anyOf": pairs}
    return found


def line(value):
    return json.dumps(value, sort_keys=True)


if __name__ == "__main__":
    main()
