"""OGC API Tiles (20-057): core, tilesets, lists of them, those of collections, vector tiles."""

import re

import pytest

from tests.abstract import named, oas
from tests.abstract.client import link, media
from tests.api import mvt

PART = "ogcapi-tiles-1/1.0/conf/"
NAMES = ("core", "tileset", "tilesets-list", "geodata-tilesets", "dataset-tilesets", "mvt", "oas30")
core, tileset, listing, geodata, dataset, vector, described = (named.of(PART + name) for name in NAMES)
selection = named.of(PART + "collections-selection")
WHOLE = "/ogc/tiles/WebMercatorQuad"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
VECTOR, SCHEME = f"{REL}tilesets-vector", f"{REL}tiling-scheme"
MVT = "application/vnd.mapbox-vector-tile"
SUFFIXES = {"/tiles": "TileSetsList", "/WebMercatorQuad": "TileSet", "/WebMercatorQuad/{z}/{y}/{x}": "Tile"}
OPERATIONS = {
    "/": "getLandingPage",
    "/conformance": "getConformance",
    "/api": "getAPI",
    "/collections": "getCollectionsList",
    "/collections/{layer}": "getCollection",
    "/tileMatrixSets": "getTileMatrixSetsList",
    "/tileMatrixSets/{scheme}": "getTileMatrixSet",
}
"""Path → operation id, by table 11 of OGC 20-057."""
TEMPLATE = ("{tileMatrix}", "{tileRow}", "{tileCol}")


@pytest.fixture(scope="module")
def tilesets(ask, filled):
    """(collection, tileset as listed, tileset) of every layer that has tiles."""
    found = []
    for name, one in filled.items():
        for listed in ask.json(link(one, VECTOR)["href"])["tilesets"]:
            found.append((name, listed, ask.json(link(listed, "self", "application/json")["href"])))
    assert len(found) == 4
    return found


def address(told, matrix, row, column) -> str:
    return link(told, "item")["href"].format(tileMatrix=matrix, tileRow=row, tileCol=column)


@core("conformance-success")
@tileset("conformance-success")
@listing("conformance-success")
@geodata("conformance-success")
@pytest.mark.parametrize("name", [*NAMES, "collections-selection"])
def test_conformance_success(claimed, name):
    """The class is declared."""
    assert PART + name in claimed


@dataset("conformance-success", "landingpage", "operation")
def test_dataset_conformance_success_landingpage_operation(ask, claimed):
    """Who claims tiles of the whole data set leads to them from the landing page; who does not, does not."""
    told = [one for one in ask.json("/ogc")["links"] if one["rel"].startswith(f"{REL}tilesets-")]
    assert (PART + "dataset-tilesets" in claimed) == bool(told)
    for one in told:
        assert ask.json(one["href"])["tilesets"]
    assert told or ask("/ogc/tiles").status_code == 404


@pytest.fixture(scope="module")
def whole(ask):
    """The tileset of all layers, by the links from the landing page."""
    (listed,) = ask.json(link(ask.json("/ogc"), VECTOR)["href"])["tilesets"]
    return ask.json(link(listed, "self", "application/json")["href"])


def test_the_tiles_of_all_layers_are_a_tileset_like_any_other(ask, whole, filled, tilesets):
    """All that core, tileset and mvt want of tilesets holds for that of all layers, too."""
    names = [one["id"] for one in whole["layers"]]
    assert set(names) == {name for name, _, _ in tilesets}
    everything = [("all", None, whole)]
    test_tc_op_tc_tilematrix_definition_tc_tilerow_definition_tc_tilecol_definition(ask, everything)
    test_tc_success(ask, everything)
    test_tc_error(ask, everything)
    test_tileset_links(ask, [("all", ask.json("/ogc/tiles")["tilesets"][0], whole)])
    box = whole["boundingBox"]
    boxes = [filled[name]["extent"]["spatial"]["bbox"][0] for name in names]
    assert box["lowerLeft"] == pytest.approx([min(b[0] for b in boxes), min(b[1] for b in boxes)])
    assert box["upperRight"] == pytest.approx([max(b[2] for b in boxes), max(b[3] for b in boxes)])
    answer = ask(address(whole, "8", *_first(whole, 8)), accept=MVT)
    assert (answer.status_code, media(answer)) == (200, MVT)


def _first(told, level):
    limits = told["tileMatrixSetLimits"][level]
    return limits["minTileRow"], limits["minTileCol"]


@selection("query-collections")
def test_query_collections(ask, whole):
    """Valid lists of one to five collections are taken by tilesets and tiles, ids or whole addresses."""
    names = [one["id"] for one in whole["layers"]]
    for count in range(1, min(5, len(names)) + 1):
        for prefix in ("", f"{ask.BASE}/ogc/collections/"):
            asked = {"collections": ",".join(prefix + name for name in names[:count])}
            for path in ("/ogc/tiles", WHOLE, f"{WHOLE}/tilejson.json", f"{WHOLE}/style.json"):
                assert ask(path, asked).status_code == 200
            row, column = _first(whole, 8)
            assert ask(f"{WHOLE}/8/{row}/{column}", asked).status_code in (200, 204)
    document = ask.json(link(ask.json("/ogc"), "service-desc")["href"], accept=oas.SERVICE_DESC)
    for path in ("/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/{z}/{y}/{x}"):
        told = {one["name"]: one for one in document["paths"][path]["get"]["parameters"]}["collections"]
        assert (told["in"], told.get("required", False)) == ("query", False)
        assert (told["style"], told["explode"], told["schema"]["type"]) == ("form", False, "array")
        assert told["schema"]["items"] == {"type": "string"}


@selection("collections-response")
def test_collections_response(ask, whole):
    """Tilesets and tiles have what is named and nothing else, in that order."""
    names = [one["id"] for one in whole["layers"]]
    row, column = _first(whole, 8)
    everything = [layer.name for layer in mvt.layers(ask(f"{WHOLE}/8/{row}/{column}").content)]
    assert len(everything) > 1
    for picked in (names[::-1], names[:1], names[1:]):
        asked = {"collections": ",".join(picked)}
        told = ask.json(WHOLE, asked)
        assert [one["id"] for one in told["layers"]] == picked
        answer = ask(address(told, "8", row, column))
        found = [layer.name for layer in mvt.layers(answer.content)]
        assert found == [name for name in picked if name in everything]
        drawn = [one["source-layer"] for one in ask.json(f"{WHOLE}/style.json", asked)["layers"]]
        assert list(dict.fromkeys(drawn)) == picked


@core("tc-op", "tc-tilematrix-definition", "tc-tilerow-definition", "tc-tilecol-definition")
def test_tc_op_tc_tilematrix_definition_tc_tilerow_definition_tc_tilecol_definition(ask, tilesets):
    """A tile is had by a template of three variables."""
    for _, _, told in tilesets:
        (item,) = [one for one in told["links"] if one["rel"] == "item"]
        assert (item["templated"], item["type"]) == (True, MVT)
        assert set(re.findall(r"\{\w+\}", item["href"])) == set(TEMPLATE)
        limits = told["tileMatrixSetLimits"][10]
        answer = ask(address(told, limits["tileMatrix"], limits["minTileRow"], limits["minTileCol"]))
        assert answer.status_code in (200, 204)


@core("tc-success")
def test_tc_success(ask, tilesets):
    """Every tile within the limits is there, or empty, at the corners of every level."""
    for _, _, told in tilesets:
        full = 0
        for limits in told["tileMatrixSetLimits"]:
            for row in (limits["minTileRow"], limits["maxTileRow"]):
                answer = ask(address(told, limits["tileMatrix"], row, limits["minTileCol"]))
                assert answer.status_code in (200, 204)
                full += answer.status_code == 200
        assert full


@core("tc-error")
def test_tc_error(ask, tilesets):
    """What is no tile is 404 or 400; OGC's suite asks below the first limits and for 2**63."""
    for _, _, told in tilesets:
        for limits in told["tileMatrixSetLimits"]:
            column, largest = limits["minTileCol"], 2**31 - 1
            for row in (2 ** int(limits["tileMatrix"]), largest, -1, "x"):
                assert ask(address(told, limits["tileMatrix"], row, column)).status_code in (400, 404)
            assert ask(address(told, limits["tileMatrix"], 0, largest)).status_code in (400, 404)
        first = told["tileMatrixSetLimits"][0]
        below = address(told, first["tileMatrix"], first["maxTileRow"] + 1, first["minTileCol"])
        assert ask(below).status_code in (400, 404)
        assert ask(address(told, "none", 0, 0)).status_code in (400, 404)


@tileset("description")
def test_tileset_description(ask, tilesets, filled):
    """A tileset tells its matrix set, limits and box; OGC's suite looks for WebMercatorQuad."""
    (known,) = ask.json("/ogc/tileMatrixSets")["tileMatrixSets"]
    assert known["id"] == "WebMercatorQuad"
    for one in known["links"]:
        assert ask(one["href"]).status_code == 200
    for name, _, told in tilesets:
        assert told["tileMatrixSetURI"] == "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
        assert told["dataType"] == "vector"
        assert told["crs"]
        scheme = ask.json(link(told, SCHEME)["href"])
        assert scheme["uri"] == told["tileMatrixSetURI"]
        matrices = {one["id"]: one for one in scheme["tileMatrices"]}
        for limits in told["tileMatrixSetLimits"]:
            matrix = matrices[limits["tileMatrix"]]
            assert 0 <= limits["minTileRow"] <= limits["maxTileRow"] < matrix["matrixHeight"]
            assert 0 <= limits["minTileCol"] <= limits["maxTileCol"] < matrix["matrixWidth"]
        box = told["boundingBox"]
        assert [*box["lowerLeft"], *box["upperRight"]] == pytest.approx(
            filled[name]["extent"]["spatial"]["bbox"][0]
        )


@listing("tileset-links")
def test_tileset_links(ask, tilesets):
    """A list has what is needed to choose; OGC's suite follows each of its links and expects JSON."""
    for _, listed, _ in tilesets:
        assert {"title", "dataType", "crs", "tileMatrixSetURI"} <= set(listed)
        for one in listed["links"]:
            answer = ask(one["href"], accept="application/json")
            assert (answer.status_code, media(answer)) == (200, "application/json")


@geodata("desc-links", "operation")
def test_geodata_desc_links_operation(ask, collections, filled):
    """Collections with tiles lead to .../tiles, which lists them."""
    for name, one in collections.items():
        told = link(one, VECTOR)
        assert (told is not None) == (name in filled)
        if told is not None:
            assert told["href"] == f"{ask.BASE}/ogc/collections/{name}/tiles"
            assert ask.json(told["href"])["tilesets"]


@vector("content")
def test_mvt_content(ask, tilesets):
    """Tiles are Mapbox Vector Tiles with the layer's features."""
    for name, _, told in tilesets:
        limits = told["tileMatrixSetLimits"][13]
        seen = 0
        for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
            for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
                answer = ask(address(told, limits["tileMatrix"], row, column), accept=MVT)
                if answer.status_code == 200:
                    assert media(answer) == MVT
                    (layer,) = mvt.layers(answer.content)
                    assert layer.name == name
                    seen += len(mvt.read(answer.content))
        assert seen


@described("completeness", "operation-ids")
def test_oas30_completeness_operation_ids(ask, claimed):
    """The description has the paths of tiles, tilesets and their lists; with OGC's operation ids."""
    document = ask.json(link(ask.json("/ogc"), "service-desc")["href"], accept=oas.SERVICE_DESC)
    paths = [path for path in document["paths"] if "/collections/{layer}/tiles" in path]
    for end in SUFFIXES:
        (path,) = [path for path in paths if path.endswith(end)]
        operation = document["paths"][path]["get"]
        assert {told["name"] for told in operation["parameters"]} >= set(re.findall(r"\{(\w+)\}", path))
        assert PART + "oas30" in claimed
        assert operation["operationId"] == ".collection.vector.get" + SUFFIXES[end]
        whole = document["paths"][path.removeprefix("/collections/{layer}")]["get"]
        assert whole["operationId"] == ".dataset.vector.get" + SUFFIXES[end]
    for path, name in OPERATIONS.items():
        assert document["paths"][path]["get"]["operationId"] == name
