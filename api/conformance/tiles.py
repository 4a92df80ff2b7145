"""Checks of OGC API Tiles: of each layer's tiles and of those of all together."""

from collections.abc import Callable

from api.conformance.asking import Asker, expect, rels


def _tileset(ask: Asker) -> None:
    items, _ = ask.with_geometry()
    listed = ask.get(items.removesuffix("/items") + "/tiles")["tilesets"]
    expect(listed, "there are no tilesets")
    for one in listed:
        expect(one["tileMatrixSetURI"] and one["dataType"] and one["crs"], "a tileset lacks a member")
        (own,) = [link["href"] for link in one["links"] if link["rel"] == "self"]
        expect("item" in rels(ask.get(own)), f"{own} says nowhere how to ask for tiles")


def _tile(ask: Asker) -> None:
    items, _ = ask.with_geometry()
    (tileset, *_) = ask.get(items.removesuffix("/items") + "/tiles")["tilesets"]
    (own,) = [link["href"] for link in tileset["links"] if link["rel"] == "self"]
    (template, *_) = [link for link in ask.get(own)["links"] if link["rel"] == "item"]
    path = template["href"]
    for name in ("tileMatrix", "tileRow", "tileCol"):
        path = path.replace(f"{{{name}}}", "0")
    answer = ask.ask(path)
    expect(answer.status in (200, 204), f"{path} answers {answer.status}")
    deepest = ask.get(own)["tileMatrixSetLimits"][-1]
    beyond = template["href"].replace("{tileMatrix}", deepest["tileMatrix"])
    beyond = beyond.replace("{tileRow}", str(deepest["maxTileRow"] + 1))
    beyond = beyond.replace("{tileCol}", str(deepest["maxTileCol"]))
    expect(ask.ask(beyond).status in (400, 404), "a tile outside of the limits is no 4xx")
    kind = (200, "application/vnd.mapbox-vector-tile")
    expect(answer.status == 204 or (answer.status, answer.media) == kind, f"{path} is no vector tile")
    expect(not answer.body or answer.body[0] == 0x1A, f"{path} does not begin with a layer")
    far = template["href"].replace("{tileMatrix}", "0").replace("{tileRow}", "9").replace("{tileCol}", "9")
    expect(ask.ask(far).status in (400, 404), "a tile outside of the matrix is no 4xx")


def _dataset(ask: Asker) -> None:
    ask.with_geometry()  # else there is nothing to be tiled
    (listed,) = [
        link["href"] for link in ask.get("/ogc")["links"] if link["rel"].endswith("/tilesets-vector")
    ]
    tilesets = ask.get(listed)["tilesets"]
    expect(tilesets, f"{listed} has no tilesets")
    for one in tilesets:
        (own,) = [link["href"] for link in one["links"] if link["rel"] == "self"]
        told = ask.get(own)
        expect("item" in rels(told) and told["layers"], f"{own} says not what its tiles have")


def _selected(ask: Asker) -> None:
    ask.with_geometry()
    base = "/ogc/tiles/WebMercatorQuad"
    known = [layer["id"] for layer in ask.get(base)["layers"]]
    picked = [name for name in known if name in ask.collections()][1::-1]
    told = [layer["id"] for layer in ask.get(base, collections=",".join(picked))["layers"]]
    expect(told == picked, "collections does not choose the layers, or not in their order")
    answer = ask.ask(f"{base}/0/0/0?collections={','.join(picked)}")
    expect(answer.status in (200, 204), f"a tile of {' and '.join(picked)} answers {answer.status}")
    ask.refused(base, 400, collections="nonsense")


def _operations(ask: Asker) -> None:
    paths = ask.get("/ogc/api")["paths"]
    names = {path["get"]["operationId"] for path in paths.values() if "get" in path}
    wanted = {f".collection.vector.get{kind}" for kind in ("TileSetsList", "TileSet", "Tile")}
    wanted |= {"getTileMatrixSetsList", "getTileMatrixSet"}
    wanted |= {f".dataset.vector.get{kind}" for kind in ("TileSetsList", "TileSet", "Tile")}
    missing = sorted(wanted - names)
    expect(not missing, f"the description has no operation {', '.join(missing)}")


_TILES = "http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/"
CHECKS: dict[str, Callable[[Asker], None]] = {
    f"{_TILES}core": _tile,
    f"{_TILES}mvt": _tile,
    f"{_TILES}tileset": _tileset,
    f"{_TILES}tilesets-list": _tileset,
    f"{_TILES}geodata-tilesets": _tileset,
    f"{_TILES}dataset-tilesets": _dataset,
    f"{_TILES}collections-selection": _selected,
    f"{_TILES}oas30": _operations,
}
"""Class → its check."""
