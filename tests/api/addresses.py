"""For every route an address at which the made-up city has an answer."""

import re

KNOWN = {
    "layer": "probe.buildings",
    "feature": "probe.buildings.b1",
    "revision": "000002",
    "asset": "provenance.json",
    "scheme": "WebMercatorQuad",
    "z": "14",
    "y": "5688",
    "x": "8715",
    "resource": "Things",
    "key": "layers/probe.buildings/content/{sha}.glb",
}
NAMES = {"/tiles": "probe", "/static": "page.css", "/viewer": "index.html"}


def address(ask, path):
    """The address of a route or of a path of the document."""

    def known(part):
        if part[1] == "sha":
            tileset = ask(address(ask, "/tiles/{layer}/r/{revision}/tileset.json")).text
            return re.search(r"content/([0-9a-f]{64})\.glb", tileset)[1]
        return NAMES[path[: path.index("/", 1)]] if part[1] == "name" else KNOWN[part[1]]

    path = path.replace("{key:path}", KNOWN["key"])
    return re.sub(r"{(\w+)(?::path)?}", known, path)
