"""OGC API Tiles over HTTP: descriptions, links, times, caching, and addresses that are none."""

import re
from urllib.parse import parse_qs, urlsplit

import pyogrio.raw
import pytest
import shapely

from api.vector import grid, style
from api.vector.kept import Kept, Ready
from tests.api import mvt
from twin.layer import Theme
from twin.schemas import SCHEMAS
from twin.settings import ROOT

BASE = "/ogc/collections/probe.buildings/tiles"
QUAD = f"{BASE}/WebMercatorQuad"
HERE = (14, 5688, 8715)
TILE = f"{QUAD}/14/5688/8715"


def links(document):
    return {link["rel"]: link["href"] for link in document["links"]}


def test_the_way_from_the_landing_page_to_a_tile(ask):
    landing = ask.json("/ogc")
    sets = ask.json(links(landing)["http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"])
    (listed,) = sets["tileMatrixSets"]
    assert ask.json(links(listed)["self"])["uri"] == listed["uri"] == grid.URI
    collection = ask.json("/ogc/collections/probe.buildings")
    tilesets = ask.json(links(collection)["http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"])
    (item,) = tilesets["tilesets"]
    assert (item["dataType"], item["tileMatrixSetURI"], item["crs"]) == ("vector", grid.URI, grid.CRS)
    told = ask.json(links(item)["self"])
    assert links(told)["http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"].endswith("/WebMercatorQuad")
    (template,) = [link for link in told["links"] if link["rel"] == "item"]
    assert (template["type"], template["templated"]) == ("application/vnd.mapbox-vector-tile", True)
    limits = told["tileMatrixSetLimits"][14]
    place = template["href"].format(
        tileMatrix=limits["tileMatrix"], tileRow=limits["maxTileRow"], tileCol=limits["minTileCol"]
    )
    answer = ask(place)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    assert "Probestadt" in told["attribution"]
    assert "Demo – made-up data" in told["description"]
    (layer,) = told["layers"]
    assert layer["propertiesSchema"]["properties"]["height_m"]["x-ogc-unit"] == "m"
    assert "gabled" in layer["propertiesSchema"]["properties"]["roof_type"]["enum"]
    for rel in ("describedby", "stylesheet", "collection", "self"):
        assert ask(links(told)[rel]).status_code == 200


def test_the_service_says_that_it_conforms(ask):
    told = ask.json("/ogc/conformance")["conformsTo"]
    for name in ("core", "tileset", "tilesets-list", "geodata-tilesets", "mvt"):
        assert f"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/{name}" in told
    paths = ask.json("/ogc/api")["paths"]
    assert "/collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}" in paths


def test_a_tile_has_every_building_with_its_values(ask):
    (layer,) = mvt.layers(ask(TILE).content)
    assert layer.name == "probe.buildings"
    found = {feature.properties["source_id"]: feature for feature in mvt.read(ask(TILE).content)}
    west, south, east, north = grid.Tile(*HERE).box(0)
    items = ask.json(f"/ogc/collections/probe.buildings/items?limit=100&bbox={west},{south},{east},{north}")
    assert {f["properties"]["source_id"] for f in items["features"]} <= set(found)
    for item in items["features"]:
        told = {name: value for name, value in item["properties"].items() if value is not None}
        assert found[told["source_id"]].properties == told


def test_gdal_reads_the_same_outlines(ask, tmp_path):
    (tmp_path / "t.mvt").write_bytes(ask(TILE).content)
    meta, _, shapes, values = pyogrio.raw.read(tmp_path / "t.mvt", Z=14, Y=5688, X=8715, CLIP="NO")
    told = dict(zip(meta["fields"], values, strict=True))
    items = ask.json("/ogc/collections/probe.buildings/items?limit=100")["features"]
    known = {item["properties"]["source_id"]: shapely.geometry.shape(item["geometry"]) for item in items}
    assert meta["crs"] == "EPSG:3857"
    assert len(shapes) > 5
    step = 40075016.686 / 2**14 / 4096
    buffered = shapely.box(8715 - 1 / 64, 5688 - 1 / 64, 8716 + 1 / 64, 5689 + 1 / 64)
    for name, shape in zip(told["source_id"], shapely.from_wkb(shapes), strict=True):
        tiles = shapely.transform(known[name], lambda p: grid.Tile(14, 0, 0).steps(p) / 4096)
        cut = shapely.intersection(tiles, buffered)
        metres = shapely.transform(cut, lambda p: (p / 2**14 - 0.5) * [40075016.686, -40075016.686])
        assert shapely.is_valid(shape)
        assert shapely.hausdorff_distance(shape, metres) <= 3 * step
    assert told["height_m"].dtype.kind == "f"


def test_tilejson_names_fields_bounds_and_a_pinned_address(ask):
    told = ask.json(f"{QUAD}/tilejson.json")
    assert (told["tilejson"], told["minzoom"], told["maxzoom"]) == ("3.0.0", 0, 16)
    assert re.fullmatch(r"\d+\.\d+\.\d+", told["version"])
    (layer,) = told["vector_layers"]
    assert layer["id"] == "probe.buildings"
    assert layer["fields"]["height_m"].endswith("(m)")
    west, south, east, north = told["bounds"]
    assert west < told["center"][0] < east
    assert south < told["center"][1] < north
    (address,) = told["tiles"]
    answer = ask(address.format(z=14, y=5688, x=8715))
    assert answer.status_code == 200
    assert answer.headers["cache-control"].endswith("immutable")
    assert answer.content == ask(TILE).content
    assert "immutable" not in ask(TILE).headers["cache-control"]


def test_every_link_keeps_the_time_and_gives_what_held_then(ask):
    asked = "?datetime=2026-02-25T00:00:00Z"
    then = ask.json(f"{BASE}{asked}")
    (item,) = then["tilesets"]
    told = ask.json(links(item)["self"])
    scheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
    mine = {rel: href for rel, href in links(told).items() if rel not in ("license", scheme)}
    mine |= links(then) | {"tiles": ask.json(links(told)["describedby"])["tiles"][0]}
    mine |= {"source": ask.json(links(told)["stylesheet"])["sources"]["probe.buildings"]["tiles"][0]}
    for rel, href in mine.items():
        assert parse_qs(urlsplit(href).query)["datetime"] == ["2026-02-25T00:00:00Z"], rel
    far = "8/88/136"
    old = ask(f"{QUAD}/{far}{asked}")
    pinned = ask(f"{QUAD}/{far}?revision=000001")
    assert (old.status_code, old.content) == (pinned.status_code, pinned.content)
    collection = ask.json(f"/ogc/collections/probe.buildings{asked}")
    assert (
        asked.replace(":", "%3A")
        in links(collection)["http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"]
    )
    before = ask(f"{TILE}?datetime=2020-01-01T00:00:00Z")
    assert before.status_code == 404
    assert "was not published at 2020" in before.json()["detail"]
    assert len(mvt.read(ask(f"{TILE}?revision=000001").content)) != len(mvt.read(ask(TILE).content))


def test_tiles_are_packed_tagged_and_not_sent_twice(ask):
    plain = ask(TILE)
    br, gz = ask(TILE, accept_encoding="br"), ask(TILE, accept_encoding="gzip")
    assert (br.headers["content-encoding"], gz.headers["content-encoding"]) == ("br", "gzip")
    assert br.content == gz.content == plain.content  # the client unpacks
    assert int(br.headers["content-length"]) < int(plain.headers["content-length"])
    assert len({answer.headers["etag"] for answer in (plain, br, gz)}) == 3
    for answer, coding in ((plain, "identity"), (br, "br"), (gz, "gzip")):
        again = ask(TILE, accept_encoding=coding, if_none_match=answer.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
    head = ask(TILE, method="HEAD")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == plain.headers["etag"]


def test_a_tile_with_nothing_in_it_is_204(ask):
    between = f"{QUAD}/16/22739/34870".replace("buildings", "bike-counts")  # two stations
    for address in (between, f"{between}?revision=000001"):
        answer = ask(address)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "max-age" in answer.headers["cache-control"]


def around(limits):
    """(row, column) of the tiles just within limits and just beyond them, at each side."""
    rows = limits["minTileRow"], limits["maxTileRow"]
    columns = limits["minTileCol"], limits["maxTileCol"]
    within = [(row, column) for row in rows for column in columns]
    beyond = [(row, columns[0]) for row in (rows[0] - 1, rows[1] + 1)]
    beyond += [(rows[0], column) for column in (columns[0] - 1, columns[1] + 1)]
    return within, [place for place in beyond if all(0 <= n < 2 ** int(limits["tileMatrix"]) for n in place)]


@pytest.mark.parametrize("query", ["", "?revision=000001", "?datetime=2026-02-25T00:00:00Z"])
@pytest.mark.parametrize("base", [QUAD, "/ogc/tiles/WebMercatorQuad"])
def test_beyond_the_limits_there_are_no_tiles(ask, base, query):
    """OGC 20-057, /req/core/tc-error: 404 outside of tileMatrixSetLimits, 204 for what is empty within."""
    if "revision" in query and base != QUAD:
        return
    time = query if "datetime" in query else "?datetime=2026-02-25T00:00:00Z" if query else ""
    told = ask.json(base + time)
    outside = 0
    for limits in told["tileMatrixSetLimits"]:
        within, beyond = around(limits)
        for row, column in within:
            assert ask(f"{base}/{limits['tileMatrix']}/{row}/{column}{query}").status_code in (200, 204)
        for row, column in beyond:
            answer = ask(f"{base}/{limits['tileMatrix']}/{row}/{column}{query}")
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
            assert f"rows go from {limits['minTileRow']} to {limits['maxTileRow']}" in answer.json()["detail"]
        outside += len(beyond)
    assert outside > 40


def test_nothing_that_is_drawn_lies_beyond_the_limits(ask):
    """Tiles are drawn a little beyond their edges, and limits know it: what has something is not refused."""
    told = ask.json(QUAD)
    for limits in told["tileMatrixSetLimits"][10:]:
        for row, column in around(limits)[1]:
            tile = grid.Tile(int(limits["tileMatrix"]), row, column)
            west, south, east, north = tile.box()
            box = f"{west},{south},{east},{north}"
            assert ask.json(f"/ogc/collections/probe.buildings/items?bbox={box}")["numberMatched"] == 0


@pytest.mark.parametrize(
    "path",
    ["17/0/0", "25/0/0", "-1/0/0", "1/2/0", "1/0/2", "0/0/1", "a/0/0", "1/0/x", "1.0/0/0", "1/0/1e0", "١/0/0",
     "0/0/0%00", "1/%20/0", "1/0/+1", "99999999999999999999/0/0", "1/" + "9" * 3000 + "/0",
     "%F0%9F%A6%8A/0/0", "1/0/0/0", "1/0/..%2f..%2fx", "14/8715/56880"],
)  # fmt: skip
def test_addresses_that_are_no_tiles_are_404(ask, path):
    answer = ask(f"{QUAD}/{path}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert len(answer.json()["detail"]) < 200


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("revision=000099", 404),
        ("revision=1", 404),
        ("revision=", 404),
        ("revision=%00%00%00", 400),
        ("revision=٠٠٠٠٠١", 404),
        ("revision=" + "1" * 5000, 404),
        ("revision=000001&revision=000002", 400),
        ("revison=000001", 400),
        ("datetime=yesterday", 400),
        ("datetime=2026-03-02/2026-03-01&revision=000002", 400),
        ("f=png", 400),
    ],
)
def test_hostile_queries(ask, query, status):
    answer = ask(f"{TILE}?{query}")
    assert answer.status_code == status
    assert answer.json()["detail"]


def test_layers_that_have_no_tiles_say_so(ask):
    assert "was not published yet" in ask("/ogc/collections/probe.air-quality/tiles").json()["detail"]
    assert ask("/ogc/collections/probe.nothing/tiles").status_code == 404
    assert "WebMercatorQuad" in ask("/ogc/tileMatrixSets/WorldCRS84Quad").json()["detail"]
    assert ask(f"{BASE}/WorldCRS84Quad").status_code == 404
    told = ask.json("/ogc/collections/probe.air-quality")
    assert not [link for link in told["links"] if link["rel"].endswith("tilesets-vector")]


def test_damage_is_told_and_never_a_tile(store, client_of):
    for file in store.root.glob("layers/probe.buildings/snapshots/*/features.parquet"):
        file.write_bytes(b"PAR1 nothing")
    ask = client_of(store)
    assert ask(f"{QUAD}/style.json").status_code == 200  # is drawn by the schema, not by what is there
    for path in (TILE, f"{TILE}?revision=000002"):
        answer = ask(path)
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "probe.buildings" in ask("/ops/health").text


def test_a_style_tells_the_phases_of_sites_apart_without_their_colour(ask):
    told = ask.json("/ogc/collections/probe.construction-sites/tiles/WebMercatorQuad/style.json")
    assert told["version"] == 8
    assert told["sources"]["probe.construction-sites"]["type"] == "vector"
    names = [layer["id"].removeprefix("probe.construction-sites-") for layer in told["layers"]]
    assert names == ["area", "border", "border-coming"]
    area, border, coming = told["layers"]
    over = ["all", ["has", "valid_to"], ["<=", ["get", "valid_to"], "2026-03-01T12:04:00Z"]]
    assert area["paint"]["fill-color"][:3] == ["case", over, style.SITE_DONE]
    assert area["paint"]["fill-opacity"] == ["case", over, style.VEIL_DONE, style.VEIL]
    assert border["paint"]["line-width"][1] == over, "a thin line tells what is over, too"
    yet = ["all", ["!", over], ["has", "valid_from"], [">", ["get", "valid_from"], "2026-03-01T12:04:00Z"]]
    assert [layer["filter"][-1] for layer in (area, border, coming)] == [["!", yet], ["!", yet], yet]
    assert coming["paint"]["line-dasharray"] == style.DASH
    assert coming["type"] == "line", "what is to come is not filled"
    assert all(layer["source-layer"] == "probe.construction-sites" for layer in told["layers"])
    points = ask.json("/ogc/collections/probe.bike-counts/tiles/WebMercatorQuad/style.json")
    assert [layer["type"] for layer in points["layers"]] == ["circle"]
    assert ask(f"{QUAD}/style.json").headers["content-type"] == "application/vnd.mapbox.style+json"


def test_colours_are_those_of_the_viewer():
    palette = (ROOT / "viewer/src/scene/palette.ts").read_text("utf-8")

    def hexes(pattern):
        return tuple(f"#{found}" for found in re.findall(r"0x(\w{6})", re.search(pattern, palette, re.S)[1]))

    assert hexes(r"SHADES = \[(.*?)\]") == style.SHADES
    assert hexes(r"VIRIDIS = \[(.*?)\]")[::-1] == style.RAMP
    day = palette[palette.index("DAY: Palette") : palette.index("NIGHT: Palette")]
    themes = dict(re.findall(r"(\w+): hex\(0x(\w{6})\)", re.search(r"themes: \{(.*?)\}", day)[1]))
    assert {Theme(name): f"#{colour}" for name, colour in themes.items()} == style.THEMES
    single = dict(re.findall(r"(\w+): hex\(0x(\w{6})\)", day))
    assert (f"#{single['siteDone']}", f"#{single['edge']}") == (style.SITE_DONE, style.EDGE)
    kinds = (ROOT / "viewer/src/data/kinds.ts").read_text("utf-8")
    outlined = re.search(r"OUTLINED = new Set\(\[(.*?)\]\)", kinds)[1]
    assert tuple(re.findall(r'"([\w-]+)"', outlined)) == style.OUTLINED
    ground = set(re.findall(r'"([\w-]+)"', re.search(r"GROUND = new Set\(\[(.*?)\]\)", kinds)[1]))
    assert ground - {"terrain", "point-cloud"} == set(style.GROUND)


class Nothing:
    def values(self, column):
        return set()


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_kind_of_layer_has_a_style(name):
    import made

    layer = made.layer("x", name, Theme.ENVIRONMENT)
    drawn = style.layers(layer, Nothing(), made.NOON)
    assert drawn
    assert len({each["id"] for each in drawn}) == len(drawn)
    column = style.colouring(layer)
    if column is not None:
        colour = next(iter(drawn[0]["paint"].values()))
        assert column.name in str(colour)
        if column.breaks:
            assert [each for each in colour[2] if isinstance(each, int | float)] == list(column.breaks)
        else:
            assert [each for each in colour[2:-1:2]] == [choice.value for choice in column.choices]


def test_kept_tiles_are_bounded_and_the_last_used_stay():
    kept = Kept(5000)
    places = [("probe.x", 1, grid.Tile(3, 0, i), None) for i in range(8)]
    for place in places:
        kept.put(place, Ready("t", b"x" * 600, None))
        kept.get(places[0])
    assert kept.size <= 5000
    assert kept.get(places[0]) is not None
    assert kept.get(places[1]) is None
    kept.put(("probe.x", 2, grid.Tile(0, 0, 0), None), Ready("t", b"x" * 4000, None))
    assert kept.get(("probe.x", 2, grid.Tile(0, 0, 0), None)) is None


def test_the_addresses_of_the_documentation_are_there(ask):
    page = (ROOT / "docs/api-tiles.md").read_text("utf-8").replace("demo.", "probe.")
    page = page.replace("14/5685/8718", "14/5688/8715")
    addresses = {found for found in re.findall(r"(?<![\w.])/ogc/[^\s`]*", page) if "{" not in found}
    assert len(addresses) >= 9
    for address in addresses:
        assert ask(address).status_code == 200, address
