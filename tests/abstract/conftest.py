import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "catalog"))

from api.app import create_app
from tests.abstract import made_place
from tests.abstract.client import Client
from tests.abstract.conformance_list import SPEC
from twin.settings import Settings
from twin.store import FileStore


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """A store that no test changes."""
    store = FileStore(tmp_path_factory.mktemp("abstract"))
    made_place.fill(store)
    return store


@pytest.fixture(scope="session")
def ask(city):
    """The service as strangers see it, with absolute links."""
    settings = Settings(viewer="no-viewer", public_url=Client.BASE)
    with Client(create_app(settings, city, ttl=60, now=lambda: made_place.NOW)) as client:
        yield client


@pytest.fixture(scope="session")
def claimed(ask):
    """Classes of `/ogc` and `/sta`, without what all have in front."""
    told = [*ask.json("/ogc/conformance")["conformsTo"]]
    told += ask.json("/sta/v1.1")["serverSettings"]["conformance"]
    assert all(name.startswith(SPEC) for name in told)
    return {name.removeprefix(SPEC) for name in told}


@pytest.fixture(scope="session")
def collections(ask):
    """All collections by id, as listed."""
    return {one["id"]: one for one in ask.json("/ogc/collections")["collections"]}


@pytest.fixture(scope="session")
def filled(collections):
    """Those collections of which something was published."""
    return {name: one for name, one in collections.items() if one["twin"]["revision"] is not None}
