"""Cities as published: the server knows a city from the store alone, never from recipes."""

from catalog import documents, keys
from twin.city import City
from twin.store import Store


def write_city(store: Store, city: City) -> None:
    """Write or replace the city's document; unchanged ones are left alone."""
    key, data = keys.city(city.id), documents.encode(city)
    if store.size(key) != len(data) or store.get(key) != data:
        store.put(key, data)


def read_cities(store: Store) -> list[City]:
    """All cities of the store, by id; `Damaged` names the one that cannot be read."""
    return [documents.read(City, store, key) for key in store.list("cities") if key.endswith(".json")]
