"""The definition of this interface: as the framework knows it, and each layer's own queryables."""

import re
from typing import Any

from api import named, params
from api.ogc.openapi30 import older
from api.service import Service
from twin.layer import Layer

_ROOT = "/ogc"
_ITEMS = f"{_ROOT}/collections/{{layer}}/items"

Document = dict[str, Any]
_AS_STANDARD: dict[str, Document] = {
    "bbox": {
        "style": "form",
        "explode": False,
        "schema": {
            "type": "array",
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
            "items": {"type": "number"},
        },
    },
    "limit": {"style": "form", "explode": False},
    "datetime": {"style": "form", "explode": False},
}
"""Parameters of features as OGC 17-069r4 and its test suite want them defined."""


class Definition:
    """The document in OpenAPI 3.0.3, kept until there are other layers, or links begin elsewhere."""

    def __init__(self, service: Service) -> None:
        """Nothing is made before it is asked for."""
        self._service = service
        self._kept: tuple[Any, Document] = (None, {})

    def older(self, framework: Document) -> Document:
        """The definition that belongs to FastAPI's document of 3.1."""
        layers = [(layer.id, layer.title, layer.schema_id) for _, layer in self._service.layers()]
        begin = self._service.url("/")
        known, document = self._kept
        if known != (begin, layers):
            document = _placed(self._service, older(definition(self._service, framework)))
            self._kept = ((begin, layers), document)
        return document


def definition(service: Service, framework: Document) -> Document:
    """OpenAPI with an address of its own for the features of each layer, whose queryables are parameters.

    Args:
        service: Whose layers.
        framework: The document that FastAPI makes; it stays as it is.
    """
    template = framework["paths"][_ITEMS]["get"]
    own = {
        f"items.{told['name']}": _as_standard(told)
        for told in template["parameters"]
        if told["in"] == "query" and told["name"] != named.ANY["name"]
    }
    parameters, paths = dict(own), dict(framework["paths"])
    shared = [_as_standard(told) for told in template["parameters"]]
    paths[_ITEMS] = {**paths[_ITEMS], "get": {**template, "parameters": shared}}
    for _, layer in service.layers():
        version = _plain(layer.schema_.id)
        queryables = {f"{version}.{told['name']}": told for told in named.parameters(layer.schema_)}
        parameters |= queryables
        paths[_ITEMS.format(layer=layer.id)] = {"get": _operation(template, layer, [*own, *queryables])}
    components = {**framework.get("components", {}), "parameters": parameters}
    return {**framework, "paths": paths, "components": components}


def _operation(template: Document, layer: Layer, names: list[str]) -> Document:
    return {
        **template,
        "summary": f"Features of {layer.id}: {layer.title.en}",
        "operationId": f"items_{_plain(layer.id)}",
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in names],
    }


def _as_standard(told: Document) -> Document:
    found = {**told, **_AS_STANDARD.get(told["name"], {})}
    if told["name"] == "limit":  # higher ones are brought down to it, not refused
        found["schema"] = {**told["schema"], "maximum": params.MOST}
    return found


def _placed(service: Service, document: Document) -> Document:
    """Paths below the landing page, where test suites look for them; other doors' tell their server."""
    paths: Document = {}
    for path, operations in document["paths"].items():
        if path == _ROOT or path.startswith(f"{_ROOT}/"):
            paths[path.removeprefix(_ROOT) or "/"] = operations
        else:
            paths[path] = {"servers": [{"url": service.url("/")}], **operations}
    return {**document, "servers": [{"url": service.url(_ROOT)}], "paths": paths}


def _plain(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", name)
