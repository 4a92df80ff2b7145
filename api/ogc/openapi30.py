"""OpenAPI 3.0.3 of a document of OpenAPI 3.1: the same in the older dialect, which OGC API Features asks for.

What 3.0 has no word for is left out where it narrows nothing that clients rely on (identifiers, comments);
the rest is said as 3.0 says it. See "Migrating from OpenAPI 3.0 to 3.1.0", read backwards.
"""

from typing import Any

VERSION = "3.0.3"
MEDIA = "application/vnd.oai.openapi+json;version=3.0"

Json = Any
_LEFT_OUT = frozenset(
    {
        *("$schema", "$id", "$anchor", "$comment", "$dynamicRef", "$dynamicAnchor", "$defs", "$vocabulary"),
        *("if", "then", "else", "contains", "minContains", "maxContains", "propertyNames"),
        *("patternProperties", "dependentRequired", "dependentSchemas", "prefixItems", "contentSchema"),
        *("unevaluatedItems", "unevaluatedProperties", "contentMediaType", "contentEncoding"),
    }
)
"""Keywords of JSON Schema 2020-12 that 3.0 does not have."""
_INSIDE = ("items", "additionalProperties", "not")
_SEVERAL = ("allOf", "anyOf", "oneOf")
_NULL: Json = {"type": "null"}


def older(document: Json) -> Json:
    """The document in OpenAPI 3.0.3; it stays as it is."""
    left = {"jsonSchemaDialect", "webhooks"}
    found = {name: value for name, value in document.items() if name not in left}
    info = {name: value for name, value in document["info"].items() if name != "summary"}
    if "license" in info:
        info["license"] = {name: value for name, value in info["license"].items() if name != "identifier"}
    return {**_walked(found), "openapi": VERSION, "info": info}


def _walked(value: Json) -> Json:
    """Any part outside of schemas, with the schemas in it made over; examples are not looked into."""
    if isinstance(value, list):
        return [_walked(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, inner in value.items():
        if name == "schema":
            found[name] = schema(inner)
        elif name == "schemas":
            found[name] = {key: schema(one) for key, one in inner.items()}
        else:
            found[name] = inner if name in ("example", "examples") else _walked(inner)
    return found


def schema(told: Json) -> Json:
    """A schema of JSON Schema 2020-12 as 3.0 writes it."""
    if isinstance(told, bool):
        return {} if told else {"not": {}}
    if "$ref" in told:  # beside which 3.0 reads nothing
        more = {name: value for name, value in told.items() if name != "$ref"}
        return {**schema(more), "allOf": [{"$ref": told["$ref"]}]} if more else dict(told)
    found = {name: value for name, value in told.items() if name not in _LEFT_OUT}
    for name in _INSIDE:
        if isinstance(found.get(name), dict) or (name != "additionalProperties" and name in found):
            found[name] = schema(found[name])
    for name in _SEVERAL:
        if name in found:
            found[name] = [schema(one) if one != _NULL else one for one in found[name]]
    if "properties" in found:
        found["properties"] = {name: schema(one) for name, one in found["properties"].items()}
    if "const" in found:
        value = found.pop("const")
        found |= _NULL if value is None else {"enum": [value]}
    if found.get("examples"):
        found["example"] = found.pop("examples")[0]
    for name, plain in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if name in found and not isinstance(found[name], bool):
            found[plain], found[name] = found[name], True
    if found.get("type") == "array" and "items" not in found:
        found["items"] = {}
    return _nullable(_one_type(found))


def _one_type(found: Json) -> Json:
    """With one type; several become a choice of schemas, null among them is told apart."""
    types = found.get("type")
    if not isinstance(types, list):
        return found
    others = [name for name in types if name != "null"]
    rest = {name: value for name, value in found.items() if name != "type"}
    if len(others) == 1:
        rest["type"] = others[0]
        return {**rest, "nullable": True} if "null" in types else rest
    if not others:
        return {**rest, "type": "null"}
    choices = [{"type": name, **({"items": {}} if name == "array" else {})} for name in others]
    return {**rest, "anyOf": [*choices, _NULL] if "null" in types else choices}


def _nullable(found: Json) -> Json:
    """Null, which is no type in 3.0: allowed beside another one by ``nullable``."""
    if found.get("type") == "null":
        rest = {name: value for name, value in found.items() if name != "type"}
        return {**rest, "enum": [None], "nullable": True, "type": "string"}
    for name in ("anyOf", "oneOf"):
        if _NULL not in found.get(name, ()):
            continue
        others = [one for one in found[name] if one != _NULL]
        rest = {key: value for key, value in found.items() if key != name}
        if len(others) == 1 and "$ref" not in others[0]:
            return {**others[0], **rest, "nullable": True}
        # null is a value of its own: `nullable` beside a reference would say nothing in 3.0
        return {**rest, name: [*others, {"enum": [None], "nullable": True, "type": "string"}]}
    if found.get("nullable") and None not in found.get("enum", [None]):
        return {**found, "enum": [*found["enum"], None]}
    return found
