"""Filters that were read already: their trees are kept, the answers are not."""

import threading
from datetime import timedelta
from urllib.parse import urlencode

import made
import pytest

from api import asking

ITEMS = "/ogc/collections/{}/items"


@pytest.fixture(autouse=True)
def _forgotten():
    for thread in threading.enumerate():
        if thread.name == "conformance":  # another test's server still checks itself, with filters of its own
            thread.join()
    asking._read_lately.cache_clear()


def address(layer=made.BUILDINGS.id, **query):
    return (
        f"{ITEMS.format(layer)}?{urlencode({name.replace('_', '-'): value for name, value in query.items()})}"
    )


def test_a_new_revision_is_what_is_asked(store, client_of):
    first = made.publish(store, made.BUILDINGS, made.buildings(5))
    ask = client_of(store)
    path = address(filter="height_m >= 0 OR height_m IS NULL")
    assert ask.json(path)["numberMatched"] == 5
    made.publish(store, made.BUILDINGS, made.buildings(9, 50.0), made.NOON + timedelta(minutes=1))
    ask.app.state.service.listing._looked.clear()  # it is time to look again
    assert ask.json(path)["numberMatched"] == 9
    assert asking._read_lately.cache_info().misses == 1
    then = first.holds_from.isoformat().replace("+00:00", "Z")
    assert ask.json(address(filter="height_m >= 0 OR height_m IS NULL", datetime=then))["numberMatched"] == 5


def test_the_same_words_at_another_layer_in_another_crs_or_language_are_read_anew(filled, ask):
    condition = "height_m >= 0"
    assert ask(address(filter=condition)).status_code == 200
    assert ask(address(made.SITES.id, filter=condition)).status_code == 400
    assert ask(address(filter=condition, filter_lang="cql2-json")).status_code == 400
    near = "S_INTERSECTS(geometry, BBOX(11.5,48.1,11.6,48.2))"
    assert ask.json(address(filter=near))["numberMatched"] > 0
    assert ask.json(address(filter=near, filter_crs="EPSG:25832"))["numberMatched"] == 0


def test_what_is_wrong_is_wrong_every_time_and_not_kept(filled, ask):
    for _ in range(2):
        assert ask(address(filter="height_m >")).status_code == 400
        assert ask(address(filter="heigth_m > 1")).status_code == 400
    assert asking._read_lately.cache_info().currsize == 0


def test_few_and_short_ones_are_kept(filled, ask):
    for number in range(asking._read_lately.cache_info().maxsize + 5):
        assert ask(address(filter=f"height_m > {number}", limit=1)).status_code == 200
    kept = asking._read_lately.cache_info()
    assert kept.currsize == kept.maxsize == 256
    long = " OR ".join(["height_m > 1"] * 100)
    assert len(long) > asking._SHORT
    assert ask(address(filter=long)).status_code == 200
    assert asking._read_lately.cache_info().misses == kept.misses
