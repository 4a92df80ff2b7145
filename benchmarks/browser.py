"""The page in headless Chromium (software GL): first tile and complete view, and what was transferred."""

import shutil
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from benchmarks.measure import table
from ingest.load import load_city
from ingest.schedule import run_city
from twin.settings import Settings
from twin.store import open_store

_FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
_MARKS = "performance.getEntriesByType('mark').map(m => [m.name, m.startTime])"
_SIZES = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map(r => [new URL(r.name).pathname, r.transferSize, r.startTime])"""


def _serve(store: str, port: int) -> Any:
    import uvicorn

    from api.app import create_app

    config = uvicorn.Config(create_app(Settings(store=store)), port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server


def _visit(url: str, chromium: str) -> tuple[dict[str, float], list[tuple[str, int, float]]]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(url)
        until = time.monotonic() + 60
        marks: dict[str, float] = {}
        while "city-twin:complete" not in marks and time.monotonic() < until:
            time.sleep(0.1)  # the page forbids eval, so it cannot be waited for from inside
            marks = dict(page.evaluate(_MARKS))
        sizes = page.evaluate(_SIZES)
        browser.close()
    return marks, sizes


def main() -> None:
    """Print the table."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("\nno Chromium here: the browser is not measured")
        return
    with tempfile.TemporaryDirectory() as name:
        store = str(Path(name) / "store")
        city = load_city("demo")
        run_city(city, city.layers, open_store(store), Settings(workers=1))
        server = _serve(store, 8766)
        visits = [_visit("http://127.0.0.1:8766/", chromium) for _ in range(3)]
        server.should_exit = True
    marks, sizes = sorted(visits, key=lambda visit: visit[0].get("city-twin:first-tile", 1e9))[1]
    first = marks["city-twin:first-tile"]
    before = [(path, size) for path, size, start in sizes if start < first]
    script = sum(size for path, size in before if path.endswith(".js"))
    table(
        "The page (median of three visits, cold browser)",
        ("first tile ms", "complete ms", "kB until first tile", "of it script", "kB until complete"),
        [
            (
                f"{first:,.0f}",
                f"{marks['city-twin:complete']:,.0f}",
                f"{sum(size for _, size in before) / 1e3:,.0f}",
                f"{script / 1e3:,.0f}",
                f"{sum(size for _, size, _ in sizes) / 1e3:,.0f}",
            )
        ],
    )
