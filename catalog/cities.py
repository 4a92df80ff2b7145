"""Cities as published: the server knows a city from the store alone, never from recipes."""

from catalog import documents, keys
from twin.city import City
from twin.errors import Damaged, NotFound, StoreError
from twin.store import Store


def write_city(store: Store, city: City) -> None:
    """Write or replace the city's document; unchanged ones are left alone.

    A layer whose recipe is faulty stays in it as it was: what was published of it still holds.
    """
    key = keys.city(city.id)
    data = documents.encode(_with_faulty(store, city))
    if store.size(key) != len(data) or store.get(key) != data:
        store.put(key, data)


def _with_faulty(store: Store, city: City) -> City:
    if not city.faulty:
        return city
    try:
        before = documents.read(City, store, keys.city(city.id)).layers
    except (NotFound, Damaged):
        return city
    own = {layer.name for layer in city.layers}
    stay = [layer for layer in before if layer.name in city.faulty and layer.name not in own]
    layers = sorted(
        (*city.layers, *stay), key=lambda layer: (layer.schema_.geometry != "terrain", layer.name)
    )
    return city.model_copy(update={"layers": tuple(layers)})


def read_cities(store: Store) -> list[City]:
    """All cities of the store, by id; `Damaged` names those that cannot be read."""
    cities, lost = readable_cities(store)
    if lost:
        raise Damaged("; ".join(lost.values()))
    return cities


def readable_cities(store: Store) -> tuple[list[City], dict[str, str]]:
    """The cities that can be read, by id; and of the others id → what is wrong and what helps, in words."""
    cities: list[City] = []
    lost: dict[str, str] = {}
    for key in store.list("cities"):
        if key.endswith(".json"):
            name = key.removeprefix("cities/").removesuffix(".json")
            try:
                cities.append(documents.read(City, store, key))
            except NotFound:  # deleted since it was listed
                continue
            except StoreError:
                lost[name] = f"{key} cannot be read; write it again with {run_of(name)}"
    return cities, lost


def run_of(city: str, *layers: str) -> str:
    """The command that publishes a city or some of its layers again, as a message names it.

    The store does not know where a city's folder lies.
    """
    return f"`twin run {' '.join((city, *layers))}` (a city of your own by its folder: `twin run FOLDER …`)"
