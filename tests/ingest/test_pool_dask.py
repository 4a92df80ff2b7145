"""Work on a Dask cluster, whose place a stand-in takes: Dask itself is not among what we need."""

import sys
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from ingest.pool import pool
from tiles.work import run
from twin.errors import RunError, TilingError
from twin.settings import Settings


class KilledWorker(Exception):
    __module__ = "distributed.scheduler"


class Client:
    workers: tuple[str, ...] = ("one", "two")
    closed = 0

    def __init__(self, address, timeout, set_as_default):
        if address != "tcp://here:8786":
            raise TimeoutError(address)
        assert not set_as_default

    def __enter__(self):
        return self

    def __exit__(self, *_):
        type(self).closed += 1

    def scheduler_info(self):
        return {"workers": dict.fromkeys(self.workers)}

    def get_executor(self, pure):
        assert pure is False
        return ThreadPoolExecutor(2)


@pytest.fixture
def dask(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", SimpleNamespace(Client=Client))
    monkeypatch.setattr(Client, "closed", 0)


def double(number):
    return 2 * number


def killed(number):
    raise KilledWorker(number)


def test_the_setting_puts_the_work_on_the_cluster(dask, monkeypatch):
    monkeypatch.setenv("TWIN_DASK", "tcp://here:8786")
    with pool(1, dask=Settings().dask) as executor:
        assert isinstance(executor, ThreadPoolExecutor)
        assert list(run(double, range(5), executor)) == [0, 2, 4, 6, 8]
    assert Client.closed == 1
    monkeypatch.delenv("TWIN_DASK")
    with pool(1, dask=Settings().dask) as executor:
        assert executor is None


def test_lost_workers_end_in_a_sentence(dask):
    with pool(1, dask="tcp://here:8786") as executor, pytest.raises(TilingError, match=r"\(KilledWorker\)"):
        list(run(killed, range(5), executor))


def test_what_is_wrong_with_the_cluster_is_told(dask, monkeypatch):
    with (
        pytest.raises(RunError, match="no Dask scheduler answers at tcp://there:1"),
        pool(2, dask="tcp://there:1"),
    ):
        pass
    monkeypatch.setattr(Client, "workers", ())
    with (
        pytest.raises(RunError, match="no workers; start some: dask worker"),
        pool(2, dask="tcp://here:8786"),
    ):
        pass
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RunError, match="pip install distributed"), pool(2, dask="tcp://here:8786"):
        pass
