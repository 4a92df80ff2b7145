"""Due: which layers should run now, and which of them may run beside those that run already."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import urlsplit

from catalog.status import last_status
from twin.city import City
from twin.errors import NotCleared
from twin.layer import Layer
from twin.settings import Settings
from twin.store import Store


def due(city: City, store: Store, at: datetime, settings: Settings | None = None) -> list[Layer]:
    """Layers to run at the instant `at`, in publishing order; see `twin.status.Status.next_due`.

    A layer whose interval has passed several times, as after days without power, is due once. One that no
    operator has cleared is due until its status says so; one that was asked by a clock ahead is due.
    """
    return [layer for layer in city.layers if is_due(layer, store, at, settings)]


def is_due(layer: Layer, store: Store, at: datetime, settings: Settings | None = None) -> bool:
    """Whether a layer should run now."""
    status = last_status(store, layer.id)
    if status is None:
        return True
    told = status.error == NotCleared.code
    if settings is not None and not settings.shows(layer):
        return not told
    # What a clock that was ahead wrote down must not stop the layer until that time has come.
    return told or status.was_ahead(at) or at >= status.next_due(layer.source.every)


def was_tried(layer: Layer, store: Store, since: datetime) -> bool:
    """Whether a layer has been tried since an instant, or never will be as nobody has cleared it."""
    status = last_status(store, layer.id)
    return status is not None and (status.last_attempt >= since or status.error == NotCleared.code)


def host_of(layer: Layer) -> str | None:
    """Host of a layer's address; None for files."""
    return urlsplit(layer.source.url).hostname


def beside(
    waiting: Iterable[tuple[City, Layer]], running: Iterable[tuple[City, Layer]]
) -> Iterator[tuple[City, Layer]]:
    """Those of the `waiting` layers that may start while the others run.

    Never a layer twice, never two of one host; and what lies on a city's terrain waits for it.
    """
    waiting, at_work = list(waiting), list(running)
    hosts = {host for _, layer in at_work if (host := host_of(layer)) is not None}
    ids = {layer.id for _, layer in at_work}
    grounds = {city.id for city, layer in [*at_work, *waiting] if layer.schema_.geometry == "terrain"}
    for city, layer in waiting:
        lies_on_it = layer.tiles is not None and layer.schema_.geometry != "terrain"
        if layer.id in ids or host_of(layer) in hosts or (lies_on_it and city.id in grounds):
            continue
        yield city, layer
