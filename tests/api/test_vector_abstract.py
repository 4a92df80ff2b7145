"""The abstract tests of OGC API Tiles 1.0 (OGC 20-057, annex A), named by the requirements they prove."""

import pytest

from tests.api import mvt

SCHEME = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
VECTOR = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"


@pytest.fixture(scope="module")
def found(ask):
    """Each collection with tiles: (collection, its tileset as listed, the tileset)."""
    told = []
    for collection in ask.json("/ogc/collections")["collections"]:
        for link in collection["links"]:
            if link["rel"] == VECTOR:
                for listed in ask.json(link["href"])["tilesets"]:
                    (own,) = [each for each in listed["links"] if each["rel"] == "self"]
                    assert own["type"] == "application/json"
                    told.append((collection, listed, ask.json(own["href"])))
    assert len(told) == 3
    return told


def template(tileset):
    (link,) = [link for link in tileset["links"] if link["rel"] == "item"]
    assert link["templated"] is True
    return link["href"]


@pytest.mark.parametrize("name", ["tileMatrix", "tileRow", "tileCol"])
def test_req_core_tc_tilematrix_tilerow_tilecol_definition(found, name):
    for _, _, tileset in found:
        assert f"{{{name}}}" in template(tileset)


def test_req_core_tc_success(found, ask):
    for _, _, tileset in found:
        for limits in tileset["tileMatrixSetLimits"]:
            for row in (limits["minTileRow"], limits["maxTileRow"]):
                place = {
                    "tileMatrix": limits["tileMatrix"],
                    "tileRow": row,
                    "tileCol": limits["minTileCol"],
                }
                answer = ask(template(tileset).format(**place))
                assert answer.status_code in (200, 204)


def test_req_core_tc_error(found, ask):
    for _, _, tileset in found:
        for limits in tileset["tileMatrixSetLimits"][:1]:
            place = {"tileMatrix": limits["tileMatrix"], "tileCol": limits["minTileCol"]}
            answer = ask(template(tileset).format(tileRow=limits["maxTileRow"] + 1, **place))
            assert answer.status_code == 404
        answer = ask(template(tileset).format(tileMatrix="none", tileRow=0, tileCol=0))
        assert answer.status_code == 404


def test_req_tileset_description(found, ask):
    for collection, _, tileset in found:
        assert tileset["dataType"] == "vector"
        assert tileset["crs"]
        assert tileset["tileMatrixSetURI"].endswith("/WebMercatorQuad")
        (scheme,) = [link for link in tileset["links"] if link["rel"] == SCHEME]
        definition = ask.json(scheme["href"])
        assert definition["uri"] == tileset["tileMatrixSetURI"]
        matrices = {each["id"]: each for each in definition["tileMatrices"]}
        for limits in tileset["tileMatrixSetLimits"]:
            matrix = matrices[limits["tileMatrix"]]
            assert 0 <= limits["minTileRow"] <= limits["maxTileRow"] < matrix["matrixHeight"]
            assert 0 <= limits["minTileCol"] <= limits["maxTileCol"] < matrix["matrixWidth"]
        low, high = tileset["boundingBox"]["lowerLeft"], tileset["boundingBox"]["upperRight"]
        assert [*low, *high] == pytest.approx(collection["extent"]["spatial"]["bbox"][0])


def test_req_tilesets_list_tileset_links(found, ask):
    for _, listed, _ in found:
        assert {"title", "dataType", "crs", "tileMatrixSetURI"} <= set(listed)
        for link in listed["links"]:  # OGC's own suite follows each of them
            assert ask(link["href"]).status_code == 200


def test_req_geodata_tilesets_desc_links(found):
    assert {collection["id"] for collection, _, _ in found} == {
        "probe.buildings",
        "probe.construction-sites",
        "probe.bike-counts",
    }


def test_req_mvt_content(found, ask):
    for collection, _, tileset in found:
        limits = tileset["tileMatrixSetLimits"][14]
        found_any = False
        for row in range(limits["minTileRow"], limits["maxTileRow"] + 1):
            for column in range(limits["minTileCol"], limits["maxTileCol"] + 1):
                answer = ask(template(tileset).format(tileMatrix="14", tileRow=row, tileCol=column))
                if answer.status_code == 200:
                    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
                    (layer,) = mvt.layers(answer.content)
                    assert layer.name == collection["id"] == tileset["layers"][0]["id"]
                    assert set(layer.keys) <= set(tileset["layers"][0]["propertiesSchema"]["properties"])
                    found_any |= bool(mvt.read(answer.content))
        assert found_any
