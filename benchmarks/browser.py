"""The page in headless Chromium (software GL), beside a page with CesiumJS on the same tileset."""

import os
import random
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.browser_pages import CESIUM, MARKS, STEP, cesium, sizes
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
_SIZE = {"width": 1440, "height": 900}
_PATIENCE_S = 180
_VISITS = int(os.environ.get("VISITS", "3"))
_WALK_S = float(os.environ.get("WALK_S", "60"))
_MARKED = "performance.getEntriesByType('mark').map(m => [m.name.replace('city-twin:', ''), m.startTime])"
_LOADED = """performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map(r => [new URL(r.name).pathname, r.transferSize, r.startTime])"""
_HEAD = (
    "page",
    "first tile ms",
    "complete ms",
    "kB of script",
    "kB until first tile",
    "kB until complete",
    "longest task ms",
    "processor s of the page",
    "of graphics",
    "steps/s",
    "processor ms a step, page",
    "graphics",
    "MiB",
    "MiB after the walk",
)
_KEYS = ("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "e", "q", "+", "-")


def _serve(store: str, port: int) -> Any:
    import uvicorn

    from api.app import create_app

    config = uvicorn.Config(create_app(Settings(store=store)), port=port, log_level="error", access_log=False)
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return server


class _Visit:
    """A page opened by a new browser, and what it cost."""

    def __init__(self, play: Any, chromium: str, url: str) -> None:
        self.browser = play.chromium.launch(executable_path=chromium, args=_FLAGS)
        self.page = self.browser.new_page(viewport=_SIZE)
        self.page.add_init_script(MARKS)
        self.session = self.browser.new_browser_cdp_session()
        self.page.goto(url)
        until = time.monotonic() + _PATIENCE_S
        self.marks: dict[str, float] = {}
        while "complete" not in self.marks and time.monotonic() < until:
            time.sleep(0.1)  # our page forbids eval, so it cannot be waited for from inside
            self.marks = dict(self.page.evaluate(_MARKED))
        self.loaded = self.page.evaluate(_LOADED)
        self.tasks: list[float] = self.page.evaluate("window.tasks")

    def _processes(self) -> list[dict[str, Any]]:
        return list(self.session.send("SystemInfo.getProcessInfo")["processInfo"])

    def busy(self) -> dict[str, float]:
        """Processor seconds that page (``renderer``) and graphics (``GPU``) have worked."""
        return {
            kind: sum(each["cpuTime"] for each in self._processes() if each["type"] == kind)
            for kind in ("renderer", "GPU")
        }

    def memory(self) -> float:
        """MiB that the page and the graphics hold together."""
        total = 0
        for each in self._processes():
            status = Path(f"/proc/{each['id']}/status")
            if each["type"] in ("renderer", "GPU") and status.is_file():
                total += int(status.read_text().partition("VmRSS:")[2].split(maxsplit=1)[0])
        return total / 1024

    def orbit(self) -> tuple[float, float, float]:
        """Steps a second of half a turn, and processor ms a step of page and graphics; loaded before."""
        turn = ["e"] * 12
        self.page.evaluate(STEP, turn)
        before = self.busy()
        took = self.page.evaluate(STEP, turn)
        after = self.busy()
        page, graphics = ((after[kind] - before[kind]) * 1000 / len(turn) for kind in ("renderer", "GPU"))
        return len(turn) * 1000 / took, page, graphics

    def walk(self, seconds: float) -> float:
        """Wander about for so long, the same way each time; MiB in the end."""
        chance = random.Random(6)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.page.evaluate(STEP, [chance.choice(_KEYS) for _ in range(8)])
            if chance.random() < 0.1:
                self.page.evaluate(STEP, ["Home"])
        return self.memory()


def _measure(play: Any, chromium: str, url: str) -> tuple[Any, ...]:
    visits = []
    for turn in range(_VISITS):
        visit = _Visit(play, chromium, url)
        first, done = (visit.marks.get(name, float("nan")) for name in ("first-tile", "complete"))
        before = [(path, size) for path, size, start in visit.loaded if start < first]
        scripts = sum(size for path, size, _ in visit.loaded if path.endswith(".js"))
        cost = visit.busy()
        row = [first, done, scripts / 1e3, sum(size for _, size in before) / 1e3]
        row += [sum(size for _, size, _ in visit.loaded) / 1e3, max(visit.tasks, default=0.0)]
        row += [cost["renderer"], cost["GPU"]]
        if turn == _VISITS - 1:
            last = (*visit.orbit(), visit.memory(), visit.walk(_WALK_S))
        visits.append(row)
        visit.browser.close()
    middle = [sorted(column)[len(column) // 2] for column in zip(*visits, strict=True)]
    return (*middle, *last)


def main() -> None:
    """Print the table."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("\nno Chromium here: the browser is not measured")
        return
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        store = os.environ.get("STORE_FOLDER") or str(Path(name) / "store")
        if not Path(store).is_dir():
            city = load_city("demo")
            run_city(city, city.layers, open_store(store), Settings(workers=1))
        server = _serve(store, 8766)
        play = stack.enter_context(sync_playwright())
        ours = "http://127.0.0.1:8766/"
        probe = _Visit(play, chromium, ours)
        view = probe.page.evaluate("location.hash.match(/view=([^&]*)/)[1]").replace("%2C", ",")
        probe.browser.close()
        rows = [("ours", *_measure(play, chromium, ours))]
        if CESIUM.is_dir():
            base = stack.enter_context(cesium())
            url = f"{base}?{ours}tiles/demo/tileset.json#{view},565"
            rows.append(("CesiumJS", *_measure(play, chromium, url)))
            whole, packed = sizes()
            print(
                f"\nCesium.js: {whole / 1e3:,.0f} kB, {packed / 1e3:,.0f} kB as brotli (served as it is here)"
            )
        else:
            print("\nno CesiumJS here (deploy/clients.sh brings it): ours alone is measured")
        server.should_exit = True
    table(
        f"The page (median of {_VISITS} visits, cold browser; a walk of {_WALK_S:.0f} s)",
        _HEAD,
        [(name, *(f"{each:,.1f}" if each < 100 else f"{each:,.0f}" for each in row)) for name, *row in rows],
    )
