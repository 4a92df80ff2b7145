"""The vector tiles of all layers together: what is in them, which are chosen, at what time, at what price."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import made
import pytest

from api.vector import chosen, joined, kept
from catalog.cities import write_city
from tests.api import mvt
from twin.base import Text
from twin.errors import TooMuch

BASE = "/ogc/tiles"
QUAD = f"{BASE}/WebMercatorQuad"
PLACE = "10/355/544"
TILE = f"{QUAD}/{PLACE}"
ALL = ["probe.buildings", "probe.construction-sites", "probe.bike-counts"]
VECTOR = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"


def links(document):
    return {link["rel"]: link["href"] for link in document["links"]}


def single(name, query=""):
    return f"/ogc/collections/{name}/tiles/WebMercatorQuad/{PLACE}{query}"


def names(answer):
    return [layer.name for layer in mvt.layers(answer.content)]


def test_a_tile_is_the_tiles_of_its_layers_behind_each_other(ask):
    parts = [ask(single(name)) for name in ALL]
    whole = ask(TILE)
    assert whole.status_code == 200
    assert whole.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    told = [one["id"] for one in ask.json(QUAD)["layers"]]
    assert sorted(told) == sorted(ALL)
    bodies = {name: part.content for name, part in zip(ALL, parts, strict=True)}
    assert whole.content == b"".join(bodies[name] for name in told)
    assert names(whole) == told
    picked = ask(f"{TILE}?collections=probe.buildings")
    assert (picked.content, picked.headers["etag"]) == (parts[0].content, parts[0].headers["etag"])


def test_the_order_of_names_is_that_of_layers_and_another_tile(ask):
    one, other = (f"{TILE}?collections={','.join(order)}" for order in (ALL[:2], ALL[1::-1]))
    assert (names(ask(one)), names(ask(other))) == (ALL[:2], ALL[1::-1])
    assert ask(one).headers["etag"] != ask(other).headers["etag"]
    assert ask(one, if_none_match=ask(other).headers["etag"]).status_code == 200


def test_tiles_are_packed_tagged_and_never_for_ever(ask):
    plain, br, gz = ask(TILE), ask(TILE, accept_encoding="br"), ask(TILE, accept_encoding="gzip")
    assert (br.headers["content-encoding"], gz.headers["content-encoding"]) == ("br", "gzip")
    assert br.content == gz.content == plain.content
    assert len({answer.headers["etag"] for answer in (plain, br, gz)}) == 3
    for answer, coding in ((plain, "identity"), (br, "br"), (gz, "gzip")):
        assert not answer.headers["etag"].startswith("W/")
        assert "immutable" not in answer.headers["cache-control"]
        again = ask(TILE, accept_encoding=coding, if_none_match=answer.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")
    head = ask(TILE, method="HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", plain.headers["etag"])
    nothing = ask(f"{QUAD}/14/5684/8715")  # no layer has anything there
    assert (nothing.status_code, nothing.content) == (204, b"")


def test_every_link_keeps_time_and_names_and_gives_what_held_then(ask):
    asked = "datetime=2026-02-25T00%3A00%3A00Z&collections=probe.buildings"
    then = ask.json(f"{BASE}?{asked}")
    (item,) = then["tilesets"]
    told = ask.json(links(item)["self"])
    tilejson, sheet = ask.json(links(told)["describedby"]), ask.json(links(told)["stylesheet"])
    (source,) = sheet["sources"].values()
    found = {"list": links(then)["self"], "tiles": tilejson["tiles"][0], "source": source["tiles"][0]}
    found |= {rel: links(told)[rel] for rel in ("self", "item", "describedby", "stylesheet")}
    for rel, href in found.items():
        kept = parse_qs(urlsplit(href).query)
        assert kept["datetime"] == ["2026-02-25T00:00:00Z"], rel
        assert kept["collections"] == ["probe.buildings"], rel
    template = found["item"].format(tileMatrix=10, tileRow=355, tileCol=544)
    assert template == found["tiles"].format(z=10, y=355, x=544)
    old = single("probe.buildings", query="?datetime=2026-02-25T00:00:00Z")
    assert ask(template).content == ask(old).content != ask(TILE + "?collections=probe.buildings").content
    landing = links(ask.json("/ogc?datetime=2026-02-25T00:00:00Z"))
    assert parse_qs(urlsplit(landing[VECTOR]).query)["datetime"] == ["2026-02-25T00:00:00Z"]


def test_what_had_not_been_published_is_not_there(ask):
    before = "datetime=2020-01-01T00:00:00Z"
    assert ask.json(f"{BASE}?{before}")["tilesets"] == []
    for path in (QUAD, f"{QUAD}/tilejson.json", f"{QUAD}/style.json", TILE):
        answer = ask(f"{path}?{before}")
        assert answer.status_code == 404
        assert "published at 2020" in answer.json()["detail"]
    both = ask.json(f"{QUAD}?collections=probe.air-quality,probe.buildings")
    assert [one["id"] for one in both["layers"]] == ["probe.buildings"]
    assert "published yet" in ask(f"{TILE}?collections=probe.air-quality").json()["detail"]


@pytest.mark.parametrize(
    ("collections", "words"),
    [
        ("probe.bildings", "did you mean probe.buildings"),
        ("probe.buildings,probe.construction-site", "did you mean probe.construction-sites"),
        ("wibble", "/ogc/collections"),
        ("", "at place 1"),
        ("probe.buildings,", "at place 2"),
        (",,,", "at place 1"),
        ("probe.buildings,probe.buildings", "twice"),
        (",".join(["probe.buildings"] * 101), "more than 100"),
        ("x" * 30_000, "more than 100"),
        ("https://elsewhere.example/ogc/collections/probe.buildings", "is no layer"),
        ("probe.buildings%00", "NUL"),
        ("probe.buildings&collections=probe.bike-counts", "twice"),
        ("PROBE.BUILDINGS", "is no layer"),
    ],
)
@pytest.mark.parametrize("path", [BASE, QUAD, f"{QUAD}/tilejson.json", f"{QUAD}/style.json", TILE])
def test_names_that_are_none(ask, path, collections, words):
    answer = ask(f"{path}?collections={collections}")
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert words in answer.json()["detail"]


def test_layers_without_features_are_no_tiles(store, client_of):
    ground = made.layer("ground", "terrain/1", made.BUILDINGS.theme)
    write_city(store, made.CITY.model_copy(update={"layers": (*made.CITY.layers, ground)}))
    answer = client_of(store)(f"{TILE}?collections=probe.buildings,{ground.id}")
    assert answer.status_code == 400
    assert "has no vector tiles" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["17/0/0", "1/2/0", "a/0/0", "1/0/" + "9" * 3000, "1/0/0/0"])
def test_addresses_that_are_no_tiles_are_404(ask, path):
    assert ask(f"{QUAD}/{path}").status_code == 404


def test_one_style_draws_points_on_lines_on_areas(ask):
    told = ask.json(f"{QUAD}/style.json")
    assert told["version"] == 8
    (name,) = told["sources"]
    assert {layer["source"] for layer in told["layers"]} == {name}
    assert {layer["source-layer"] for layer in told["layers"]} == set(ALL)
    kinds = [layer["type"] for layer in told["layers"]]
    assert kinds == sorted(kinds, key=["fill", "line", "circle"].index)
    assert len({layer["id"] for layer in told["layers"]}) == len(kinds)
    known = {layer["id"] for layer in ask.json(f"{QUAD}/tilejson.json")["vector_layers"]}
    assert known == set(ALL)


def test_damage_of_one_that_is_asked_for_is_told_and_never_a_tile(store, client_of):
    for file in store.root.glob("layers/probe.buildings/snapshots/*/features.parquet"):
        file.write_bytes(b"PAR1 nothing")
    ask = client_of(store)
    answer = ask(f"{TILE}?collections=probe.bike-counts,probe.buildings")
    assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "probe.buildings" in ask("/ops/health").text
    assert ask(f"{TILE}?collections=probe.bike-counts,probe.construction-sites").status_code == 200


def test_what_takes_too_long_is_given_up_and_what_is_too_large(store, client_of, monkeypatch):
    ask = client_of(store, query_s=1e-9)
    refused = ask(TILE)
    assert (refused.status_code, "name fewer layers" in refused.json()["detail"]) == (400, True)
    assert refused.json()["type"].endswith("too-much")
    assert ask(f"{TILE}?collections=probe.buildings").status_code == 200  # one layer as ever
    monkeypatch.setattr(joined, "BYTES", 10)
    large = client_of(store)(TILE)
    assert large.status_code == 400
    assert "in one tile" in large.json()["detail"]


def test_who_asks_again_goes_on_where_it_was_given_up(store, client_of, monkeypatch):
    looks, cut, ask = [], [], client_of(store)
    whole = kept.cut

    def check():
        looks.append(1)
        if len(looks) == 3:
            raise TooMuch("this takes longer than 10 s; ask for less")

    def counted(name, sheets, tile):
        cut.append(name)
        return whole(name, sheets, tile)

    monkeypatch.setattr(joined.deadline, "check", check)
    monkeypatch.setattr(kept, "cut", counted)
    assert ask(TILE).status_code == 400
    assert ask(TILE).status_code == 200
    assert sorted(cut) == sorted(ALL)  # each once


def test_a_layer_that_is_not_cleared_any_more_is_gone_from_what_is_kept(store, client_of):
    ask = client_of(store)
    assert "probe.buildings" in names(ask(TILE))
    unclear = {"licence": "NOASSERTION", "unclear": Text(de="Unklar.", en="Unclear.")}
    source = made.BUILDINGS.source.model_copy(update=unclear)
    hidden = [
        layer.model_copy(update={"source": source}) if layer.id == made.BUILDINGS.id else layer
        for layer in made.CITY.layers
    ]
    write_city(store, made.CITY.model_copy(update={"layers": tuple(hidden)}))
    assert names(ask(TILE)) == ALL[1:]
    for path in (BASE, QUAD, f"{QUAD}/tilejson.json", f"{QUAD}/style.json"):
        assert "probe.buildings" not in ask(path).text
    refused = ask(f"{TILE}?collections=probe.buildings")
    assert refused.status_code == 400
    assert "is no layer" in refused.json()["detail"]


def test_every_layer_of_the_tileset_says_whose_it_is(ask):
    for one in ask.json(QUAD)["layers"]:
        (own,) = ask.json(single(one["id"]).removesuffix(f"/{PLACE}"))["layers"]
        assert {name: one[name] for name in own} == own
        assert one["attribution"]
        assert one["license"]
        (geodata,) = [each for each in one["links"] if each["rel"].endswith("/geodata")]
        assert ask.json(geodata["href"])["id"] == one["id"]
        assert one["boundingBox"]["crs"] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def test_an_old_layer_is_named(store, client_of):
    ask = client_of(store, now=lambda: made.NOON + timedelta(hours=9))
    for path in (BASE, QUAD, TILE, f"{QUAD}/14/5684/8715", f"{QUAD}/style.json"):
        assert "probe.buildings" in ask(path).headers["stadtzwilling-stale"]
    told = ask.json(QUAD)
    assert told["stale"] is True
    assert {one["id"]: one["stale"] for one in told["layers"]}["probe.buildings"] is True


def test_there_is_a_limit_that_is_told(ask):
    (told,) = [
        p for p in ask.json("/openapi.json")["paths"][QUAD]["get"]["parameters"] if p["name"] == "collections"
    ]
    assert str(chosen.MOST) in told["description"]
