"""``/ogc/names``: what it says, for whom, of which time, and what damage does to it."""

import brotli
import orjson
import pytest

from catalog import keys
from catalog.revisions import current

PATH = "/ogc/names"


def by_layer(document):
    return {each["layer"]: each for each in document["layers"]}


def test_all_that_has_a_name_and_a_place_is_there(ask):
    found = by_layer(ask.json(f"{PATH}?city=probe"))
    assert "probe.buildings" not in found, "houses have no names"
    sites = found["probe.construction-sites"]
    assert sorted(set(sites["names"])) == ["Straße <coming>", "Straße <done>", "Straße <running>"]
    assert found["probe.bike-counts"]["names"] == ["Arnulf", "Hirsch"]
    for each in found.values():
        lengths = {len(each[name]) for name in ("names", "ids", "lon", "lat", "reach_m")}
        assert len(lengths) == 1
        item = f"/ogc/collections/{each['layer']}/items/{each['ids'][0]}"
        assert ask(item).status_code == 200
    assert ask.json(PATH) == ask.json(f"{PATH}?city=probe")


def test_it_is_packed_tagged_and_asked_again_for_nothing(ask):
    plain, packed = ask(PATH), ask(PATH, accept_encoding="br")
    assert brotli.decompress(packed.content) == plain.content if packed.content[:1] != b"{" else True
    again = ask(PATH, accept_encoding="br", if_none_match=packed.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    head = ask(PATH, method="HEAD")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", plain.headers["etag"])


def test_as_it_was_before_anything_was_published(ask):
    assert ask.json(f"{PATH}?datetime=1999-01-01T00:00:00Z") == {"layers": []}


@pytest.mark.parametrize(
    "query",
    [
        "city=prob",
        "city=",
        "city=%00",
        "city=probe&city=probe",
        "city=" + "x" * 100,
        "city=%F0%9F%8C%B3",
        "datetime=yesterday",
        "q=Arnulf",
        "f=html",
    ],
)
def test_what_cannot_be_asked(ask, query):
    answer = ask(f"{PATH}?{query}")
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_nearest_city_is_named(ask):
    assert "did you mean probe?" in ask(f"{PATH}?city=prob").json()["detail"]


def test_a_damaged_layer_is_named_and_the_others_go_on(store, client_of):
    revision = current(store, "probe.bike-counts")
    place = keys.inside("probe.bike-counts", f"{revision.snapshot}/{keys.FEATURES}")
    (store.root / place).write_bytes(b"gone")
    ask = client_of(store)
    found = by_layer(ask.json(PATH))
    assert found["probe.bike-counts"] == {"layer": "probe.bike-counts", "damaged": True}
    assert found["probe.construction-sites"]["names"]
    health = ask("/ops/health")
    assert orjson.loads(health.content)["status"] == "damaged"
