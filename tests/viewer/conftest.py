"""A small demo city behind the real server, and a real Chromium in front of it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import CHROMIUM, FLAGS
from tests.ports import free_port
from tests.viewer.visitor import Visit, visit

ROOT = Path(__file__).resolve().parents[2]
BUILDINGS = "300"


def twin(*arguments: str) -> list[str]:
    """The command line of a `twin` command."""
    return [sys.executable, "-c", "from api.cli import main; main()", *arguments]


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo city, published once."""
    folder = tmp_path_factory.mktemp("store")
    environment = {**os.environ, "TWIN_DEMO_BUILDINGS": BUILDINGS}
    command = twin("run", "demo", "--store", str(folder), "--workers", "1")
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    return folder


@pytest.fixture(scope="session")
def server(store: Path) -> Iterator[str]:
    """Address of the real service over the demo store."""
    with serving(store) as base:
        yield base


@contextmanager
def serving(store: Path, port: int | None = None) -> Iterator[str]:
    """The real service over a store, for as long as it is needed; gives its address."""
    if not (ROOT / "viewer" / "dist" / "manifest.json").is_file():
        pytest.skip("the viewer is not built; run `make test`, which builds it")
    port = port or free_port()
    command = twin("serve", "--store", str(store), "--port", str(port))
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            # Said once it listens.
            assert any("http://" in line for line in process.stdout), "the service does not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()  # how it ends is tested elsewhere


@pytest.fixture
def opened(browser: Any, server: str) -> Iterator[Any]:
    """Opens pages, each as a new visitor, and closes them in the end."""
    visits: list[Visit] = []

    def open_page(path: str = "/", **options: Any) -> Visit:
        # Without shadows: half the work for software GL. `city` has them.
        visits.append(visit(browser, server, path, **{"contrast": "more"} | options))
        return visits[-1]

    yield open_page
    for each in visits:
        each.page.context.close()


@pytest.fixture(scope="session")
def city(browser: Any, server: str) -> Iterator[Visit]:
    """The city as it opens, complete, for those who only look."""
    seen = visit(browser, server, before=count_frames)
    yield seen
    seen.page.context.close()


def count_frames(page: Any) -> None:
    """Let the page count the frames it asks for, in ``window.asked``."""
    page.add_init_script(
        "window.asked = 0; const ask = window.requestAnimationFrame;"
        "window.requestAnimationFrame = (act) => { window.asked++; return ask.call(window, act); };"
    )


@pytest.fixture(scope="session")
def blind_browser(playwright: object) -> Iterator[object]:
    """Chromium without WebGL."""
    chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--disable-3d-apis"])  # type: ignore[attr-defined]
    yield chromium
    chromium.close()
