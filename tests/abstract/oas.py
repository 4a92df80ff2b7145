"""The interface's description, read as OGC's executable suite reads it (kaizen, RestAssured)."""

import re
from typing import Any
from urllib.parse import urlsplit

SERVICE_DESC = "application/vnd.oai.openapi+json;version=3.0"


def resolved(document: Any, node: Any) -> Any:
    """A node, or what it refers to within the document; other servers are never asked."""
    while "$ref" in node:
        assert node["$ref"].startswith("#/"), node
        found = document
        for part in node["$ref"][2:].split("/"):
            found = found[part.replace("~1", "/").replace("~0", "~")]
        node = found
    return node


def base(document: Any, root: str) -> str:
    """What paths of the description have before those of the standard; `root`: the landing page's."""
    found = "/"
    for server in document.get("servers", []):
        match = re.search(server["url"], root)
        if match and root[match.end() :]:
            found = root[match.end() :]
    return found


def points(document: Any, root: str, path: str) -> list[str]:
    """Addresses that the description gives for a path of the standard, such as ``conformance``."""
    wanted = base(document, root) + path
    found = []
    for template, item in document["paths"].items():
        pattern = re.sub(r"\\\{[^/]+?\\\}", "([^/]+?)", re.escape(template))
        if re.fullmatch(pattern, wanted):
            for server in document.get("servers", [{"url": "/"}]):
                url = server["url"]
                found.append((root if url == "/" else _absolute(root, url)) + template)
                assert "200" in item["get"]["responses"] or "default" in item["get"]["responses"]
    return found


def _absolute(root: str, url: str) -> str:
    split = urlsplit(root)
    return f"{split.scheme}://{split.netloc}{url}" if url.startswith("/") else url


def parameter(document: Any, template: str, name: str) -> Any:
    """A parameter of the GET of a path."""
    item = document["paths"][template]
    for each in (*item.get("parameters", ()), *item["get"].get("parameters", ())):
        told = resolved(document, each)
        if told["name"] == name:
            return {**told, "schema": resolved(document, told["schema"])}
    raise AssertionError(f"{template} has no parameter {name}")
