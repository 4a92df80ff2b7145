"""Processes of a Dask cluster, wherever they are, in place of our own."""

import warnings
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from twin.errors import RunError

_PATIENCE_S = 20
"""So long a scheduler may take to answer."""


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """An executor on the workers of a Dask scheduler.

    Raises:
        RunError: Dask is not installed, or no scheduler answers, or it has no worker.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_PATIENCE_S, set_as_default=False)
    except (OSError, ValueError) as error:  # a time-out is an OSError, an address that is none a ValueError
        raise RunError(
            f"TWIN_DASK: no Dask scheduler answers at {address} ({type(error).__name__})"
        ) from None
    with client:
        if not client.scheduler_info()["workers"]:
            raise RunError(f"TWIN_DASK: the scheduler at {address} has no workers; start some: dask worker")
        with warnings.catch_warnings():
            # A job of ours holds a part of a city: Dask calls that large, and has no better way either.
            warnings.filterwarnings("ignore", "Sending large graph", UserWarning)
            # No two jobs are the same: to look for equal ones costs more than it saves.
            yield client.get_executor(pure=False)


def _distributed() -> Any:
    try:
        return import_module("distributed")
    except ImportError:
        raise RunError(
            "TWIN_DASK names a Dask scheduler, but Dask is not installed: pip install distributed"
        ) from None
