import pytest
from made import BUILDINGS, CITY, NOON, buildings, publish

from catalog.cities import read_cities, readable_cities, run_of, write_city
from twin.errors import Damaged


def test_one_that_cannot_be_read_does_not_hide_the_others(store):
    write_city(store, CITY)
    store.put("cities/aachen.json", b'{"contact": "Erika"}')
    cities, lost = readable_cities(store)
    assert [city.id for city in cities] == ["probe"]
    assert lost == {"aachen": f"cities/aachen.json cannot be read; write it again with {run_of('aachen')}"}
    with pytest.raises(Damaged, match=r"cities/aachen\.json") as caught:
        read_cities(store)
    assert "Erika" not in str(caught.value)


def test_a_city_is_published_though_another_cannot_be_read(store):
    store.put("cities/aachen.json", b"junk")
    publish(store, BUILDINGS, buildings(2), NOON)
    assert b"probe.buildings/collection.json" in store.get("stac/catalog.json")
