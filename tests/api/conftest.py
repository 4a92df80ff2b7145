import shutil
import sys
from datetime import timedelta
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "catalog"))

import made

from api.app import create_app
from tests.api.asgi import Client, apart
from twin.settings import Settings
from twin.store import FileStore

AT = made.NOON + timedelta(minutes=4)


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    """A store that no test changes."""
    store = FileStore(tmp_path_factory.mktemp("filled"))
    made.fill(store)
    return store


@pytest.fixture
def store(filled, tmp_path):
    """A store to damage."""
    shutil.copytree(filled.root, tmp_path / "store")
    return FileStore(tmp_path / "store")


def opened(store, now=lambda: AT, **settings):
    settings.setdefault("viewer", "no-viewer")
    return Client(create_app(Settings(**settings), store, ttl=0, now=now))


@pytest.fixture(scope="session")
def client_of():
    return opened


@pytest.fixture(scope="session")
def ask(filled):
    return opened(filled)


@pytest.fixture
def run_apart():
    return apart
