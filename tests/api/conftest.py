import asyncio
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "catalog"))

import made

from api.app import create_app
from twin.settings import Settings
from twin.store import FileStore

AT = made.NOON + timedelta(minutes=4)


def apart(ask):
    """Run a coroutine function in a thread of its own: a browser test may have left its loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


class Client:
    """Asks an app in this process, without a network."""

    def __init__(self, app):
        self.app = app

    def __call__(self, path, method="GET", **headers):
        async def ask():
            transport = httpx.ASGITransport(self.app)
            base = "http://elsewhere.example"
            async with httpx.AsyncClient(transport=transport, base_url=base, trust_env=False) as client:
                names = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.request(method, path, headers={"accept-encoding": "identity", **names})

        return apart(ask)

    def json(self, path):
        answer = self(path)
        assert answer.status_code == 200, answer.text
        return answer.json()


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
