"""Other people's clients in a real Chromium, over files of ours, with nothing from elsewhere."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

ROOT = Path(__file__).resolve().parents[2]
CESIUM = ROOT / ".cache" / "clients" / "node_modules" / "cesium" / "Build" / "Cesium"
MODULES = ROOT / "viewer" / "node_modules"


def needed(folder: Path, command: str) -> Path:
    """A folder that must be there; the remedy if it is not."""
    assert folder.is_dir(), f"{folder.relative_to(ROOT)} is missing; run: {command}"
    return folder


@dataclass(frozen=True)
class Building:
    """What is known of a building from the layer's GeoParquet."""

    id: str
    height_m: float
    lon: float
    lat: float


@pytest.fixture(scope="session")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a published layer of demo buildings; the tileset is below ``snapshots``."""
    from ingest.load import load_city
    from ingest.schedule import run_city
    from twin.settings import Settings
    from twin.store import FileStore

    store = FileStore(tmp_path_factory.mktemp("clients"))
    city = load_city("demo")
    wanted = [layer for layer in city.layers if layer.name == "buildings"]
    outcomes = run_city(city, wanted, store, Settings(demo_buildings=120, workers=1))
    assert [outcome.words for outcome in outcomes if not outcome.ok] == []
    return store.path("layers/demo.buildings")


@pytest.fixture(scope="session")
def building(layer: Path) -> Building:
    """A building on whose roof one cannot miss: the largest with a plain outline that stands alone."""
    import geopandas

    (file,) = layer.glob("snapshots/*/features.parquet")
    table = geopandas.read_parquet(file)
    shapes = table.geometry.to_crs(25832)
    plain = shapes.boundary.geom_type == "LineString"  # no courtyard, whose middle is outside
    for place in shapes[plain].area.sort_values(ascending=False).index:
        if shapes.intersects(shapes[place].centroid).sum() == 1:
            break
    middle, row = table.geometry[place].centroid, table.loc[place]
    return Building(row.id, float(row.height_m), middle.x, middle.y)


class _Files(SimpleHTTPRequestHandler):
    """Files below the folders of a table."""

    folders: ClassVar[dict[str, Path]] = {}
    extensions_map: ClassVar[dict[str, str]] = {
        ".html": "text/html",
        ".js": "text/javascript",
        ".json": "application/json",
        ".wasm": "application/wasm",
        ".css": "text/css",
        "": "application/octet-stream",
    }

    def translate_path(self, path: str) -> str:
        first, _, rest = path.partition("?")[0].lstrip("/").partition("/")
        return str(self.folders.get(first, ROOT / "nothing") / rest)

    def end_headers(self) -> None:
        if self.path.partition("?")[0].endswith(".terrain"):
            self.send_header("Content-Encoding", "gzip")  # as they are written
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Site:
    """A server on this machine."""

    base: str
    folders: dict[str, Path]
    """First part of an address → folder; tests may add some."""


def example(name: str, address: str, real: str) -> str:
    """An example of docs/tiles.md with our address in place of its own, and what the test adds."""
    text = (ROOT / "docs" / "tiles.md").read_text("utf-8")
    (code,) = re.findall(rf"^```js {re.escape(name)}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert code.count(f'"{address}"') == 1, f"docs/tiles.md: {name} does not load {address}"
    return code.replace(address, real) + (Path(__file__).parent / name).read_text("utf-8")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The pages of this folder; tests add packages and tiles."""
    folders = {"pages": Path(__file__).parent, "scripts": tmp_path_factory.mktemp("scripts")}
    handler = type("Files", (_Files,), {"folders": folders})
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(handler)) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", folders)
        server.shutdown()
        thread.join()
