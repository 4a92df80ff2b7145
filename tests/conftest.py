"""What all tests share: no test is timed, which run beside each other, and one Playwright a process."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes depends on the machine and on who else uses it; speed is measured in benchmarks/.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


BROWSER = ("tests/viewer/", "tests/clients/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come first, for they take the longest."""
    items.sort(key=lambda item: not item.nodeid.startswith(BROWSER))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Where two processes share the tests (`make test`), those with a browser stay together, and each file of
    the others stays whole: nothing is made ready twice."""
    from xdist.scheduler import LoadScopeScheduling

    class Shared(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return BROWSER[0] if nodeid.startswith(BROWSER) else nodeid.partition("::")[0]

    return Shared(config, log)


@contextmanager
def _without_loop(item: pytest.Item) -> Iterator[None]:
    # Playwright leaves its event loop running in the thread of all tests, where `asyncio.run` refuses.
    loop = None if item.nodeid.startswith(BROWSER) else asyncio.events._get_running_loop()
    if loop is not None:
        asyncio.events._set_running_loop(None)
    try:
        yield
    finally:
        if loop is not None:
            asyncio.events._set_running_loop(loop)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Any:
    """A test without a browser is made ready as if no browser had been in this process."""
    with _without_loop(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Any:
    """A test without a browser runs as if no browser had been in this process."""
    with _without_loop(item):
        return (yield)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Playwright, driving the system's Chromium."""
    if CHROMIUM is None:
        pytest.skip("Chromium is missing; install it with your package manager (`apt install chromium`)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    """Chromium with WebGL by software, so that pictures do not depend on a graphics card."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + SOFTWARE_GL)
    yield chromium
    chromium.close()
