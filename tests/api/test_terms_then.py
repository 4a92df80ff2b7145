"""Licence and attribution of an answer about a time are those of what held then, not of today's recipe."""

from datetime import timedelta

import pytest
from made import BUILDINGS, CITY, COUNTS, NOON, fill

from api.app import create_app
from catalog.cities import write_city
from tests.api.asgi import Client
from twin.licence import licence
from twin.settings import Settings
from twin.store import open_store

B = "/ogc/collections/probe.buildings"
BEFORE = {of.id: of.source for of in (BUILDINGS, COUNTS)}
NOW = {"licence": "ODbL-1.0", "attribution": "Somebody else", "publisher": "Another office"}


@pytest.fixture(scope="module")
def ask():
    """A service over a store whose recipes have other terms since its last revisions."""
    store = open_store("memory://")
    fill(store)
    layers = tuple(
        of.model_copy(update={"source": of.source.model_copy(update=NOW)}) if of.id in BEFORE else of
        for of in CITY.layers
    )
    write_city(store, CITY.model_copy(update={"layers": layers}))
    now = NOON + timedelta(hours=1)
    return Client(create_app(Settings(viewer="no"), store, ttl=0, now=lambda: now))


def licence_in(body):
    return next(link for link in body["links"] if link["rel"] == "license")


@pytest.mark.parametrize(
    "path",
    [
        B,
        f"{B}/items",
        f"{B}/items/probe.buildings.b1",
        f"{B}/items/probe.buildings.b1/provenance",
        f"{B}/items/probe.buildings.b1/history",
        f"{B}/tiles/WebMercatorQuad",
        "/stac/collections/probe.buildings",
        "/stac/collections/probe.buildings/items/000001",
    ],
)
def test_each_door_tells_the_terms_of_then(ask, path):
    assert BEFORE[BUILDINGS.id].licence != NOW["licence"]
    then = "" if "/stac/" in path and "/items/" in path else "?datetime=2026-02-25T12:00:00Z"
    body = ask.json(path + then)
    before = licence(BEFORE[BUILDINGS.id].licence)
    assert (licence_in(body)["href"], licence_in(body)["title"]) == (before.url, before.title)
    told = body["properties"] if path.endswith("000001") else body
    assert told.get("license") in ((before.id,) if "/stac/" in path else (None, before.title))
    for layer in body.get("layers", ()):
        assert (layer["license"], layer["attribution"]) == (before.title, BEFORE[BUILDINGS.id].attribution)
    assert bool(body.get("layers")) == ("/tiles/" in path)
    if not path.endswith("/probe.buildings.b1"):
        assert told["attribution"] == BEFORE[BUILDINGS.id].attribution


def test_stations_tell_the_terms_of_then(ask):
    (told, *_) = ask.json("/sta/v1.1/Sensors?datetime=2026-02-25T12:00:00Z")["value"]
    before = BEFORE[COUNTS.id]
    assert {name: told["properties"][name] for name in ("publisher", "licence", "attribution")} == {
        "publisher": before.publisher,
        "licence": before.licence,
        "attribution": before.attribution,
    }


def test_what_is_published_from_now_on_has_the_terms_of_today(ask):
    assert "opendatacommons" in licence_in(ask.json(f"{B}/items"))["href"]
    assert ask.json("/stac/collections/probe.buildings")["license"] == NOW["licence"]


def test_a_filter_says_what_phase_is_and_what_to_do_with_a_long_outline(ask):
    sites = "/ogc/collections/probe.construction-sites/items"
    refused = ask(f"{sites}?filter=phase='running'")
    assert (refused.status_code, "T_INTERSECTS(INTERVAL(" in refused.json()["detail"]) == (400, True)
    assert "does not have" in ask(f"{B}/items?filter=phase='running'").json()["detail"]
    ring = ",".join(f"11.{place:05} 48.1" for place in range(300))
    long = ask(f"{sites}?filter=S_INTERSECTS(geometry,POLYGON(({ring})))")
    assert (long.status_code, "FEATURE('districts'" in long.json()["detail"]) == (400, True)
    values = ask("/ogc/collections/probe.bike-counts/items?filter=latest > 3").json()["detail"]
    assert "worked out for the time asked for" in values
    assert "/sta/v1.1/Observations" in values


@pytest.mark.parametrize("query", ["", "?datetime=2026-02-25T12:00:00Z"])
def test_tiles_of_all_layers_tell_the_terms_under_which_their_revisions_came(ask, query):
    told = ask.json(f"/ogc/tiles/WebMercatorQuad{query}")
    licences = [link["href"] for link in told["links"] if link["rel"] == "license"]
    assert len(licences) == len(set(licences))
    assert licences
    assert not [href for href in licences if "opendatacommons" in href]
    assert NOW["attribution"] not in told["attribution"]


def test_a_history_of_now_tells_the_terms_of_now(ask):
    told = ask.json(f"{B}/items/probe.buildings.b1/history")
    assert "opendatacommons" in licence_in(told)["href"]
    assert told["attribution"] == NOW["attribution"]
