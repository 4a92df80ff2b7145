"""Options that a city adds to a shared recipe are ones that its connector knows; no sample proves them."""

import pytest

from ingest.connectors import connector
from ingest.fetch import Fetch
from ingest.load import city_folders, load_city
from ingest.waiting import NEVER
from twin.errors import SourceDown
from twin.layer import Layer
from twin.settings import Settings

ASKING = [
    layer
    for name in city_folders()
    for layer in load_city(name).layers
    if layer.source.url.startswith("https:")
]


def nowhere(host: str, port: int) -> list[str]:
    raise OSError("no network here")


@pytest.mark.parametrize("layer", ASKING, ids=[layer.id for layer in ASKING])
def test_a_source_is_asked_with_the_citys_options(layer: Layer) -> None:
    with Fetch(Settings(), waiting=NEVER, resolve=nowhere) as fetch, pytest.raises(SourceDown):
        list(connector(layer.source.connector)(layer.source, fetch))
