"""A CesiumJS page opens every tileset that the service has, and tells of what is drawn the same as /ogc."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.clients.conftest import CESIUM, ROOT, Site, needed
from tests.viewer.conftest import serving, twin
from tests.viewer.visitor import Visit, ask, visit
from twin.times import iso, now

pytestmark = pytest.mark.browser

GROUND_M = 560
"""Of the demo city, above the ellipsoid."""
WITHOUT_FEATURES = {"demo.terrain"}
"""The ground is one surface: nothing on it has an id."""


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of `twin serve` over a small demo city with all its layers."""
    folder: Path = tmp_path_factory.mktemp("served")
    command = twin("run", "demo", "--store", str(folder), "--workers", "1")
    environment = {**os.environ, "TWIN_DEMO_BUILDINGS": "60"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:] + done.stdout[-2000:]
    with serving(folder) as base:
        yield base


@pytest.fixture(scope="module")
def client(browser: Any, site: Site) -> Iterator[Visit]:
    """One page of another host, which loads CesiumJS once."""
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    shutil.copy(Path(__file__).with_name("walk.js"), site.folders["scripts"] / "cesium.js")
    size = {"width": 240, "height": 180}
    seen = visit(browser, site.base, "/pages/cesium.html", scene=False, viewport=size)
    seen.until("Boolean(window.ready)")
    yield seen
    seen.page.context.close()


def looked_at(client: Visit, address: str, place: list[float] | None) -> dict[str, Any] | None:
    """Open a tileset and wait until it is to be seen; the properties of what is nearest to the middle."""
    client.page.evaluate("([address, place]) => window.show(address, place)", [address, place])
    client.until("window.drawn")
    client.until(lambda: (255 - client.picture().min(axis=2) > 30).sum() >= 8)  # the background is white
    picked: dict[str, Any] | None = client.page.evaluate("window.pick()")
    assert client.complaints == [], address
    return picked


def place_of(service: str, layer: str) -> list[float]:
    """Where the first feature of a layer begins: of what is drawn as an outline, too, something is there."""
    (item,) = ask(service, f"/ogc/collections/{layer}/items?f=json&limit=1")["features"]
    numbers = item["geometry"]["coordinates"]
    while isinstance(numbers[0], list):
        numbers = numbers[0]
    return [*numbers[:2], GROUND_M]


def same_as_ogc(service: str, layer: str, picked: dict[str, Any]) -> None:
    """Every property that a tile tells is what the item of that id has."""
    item = ask(service, f"/ogc/collections/{layer}/items/{quote(picked['id'], safe='')}?f=json")
    told = item["properties"] | {"id": item["id"]}
    for name, value in picked.items():
        if isinstance(value, float):
            assert value == pytest.approx(told[name], rel=1e-5), (layer, name)
        else:
            assert value == told.get(name), (layer, name)


def test_every_public_tileset_is_drawn_and_tells_what_it_shows(service: str, client: Visit) -> None:
    collections = ask(service, "/ogc/collections?f=json")["collections"]
    tilesets = {
        each["id"]: link["href"]
        for each in collections
        for link in each["links"]
        if link["rel"] == "3d-tiles"
    }
    assert {"demo.buildings", "demo.trees", "demo.streets", "demo.terrain"} < set(tilesets)
    for layer, address in tilesets.items():
        picked = looked_at(client, address, None if layer in WITHOUT_FEATURES else place_of(service, layer))
        assert (picked is None) == (layer in WITHOUT_FEATURES), layer
        if picked is not None:
            same_as_ogc(service, layer, picked)
            assert layer != "demo.buildings" or picked["height_m"] > 2


def test_the_whole_city_and_a_time_are_drawn(service: str, client: Visit) -> None:
    then = f"?datetime={iso(now())}"  # CesiumJS carries it on to everything that the tileset leads to
    place = place_of(service, "demo.buildings")
    picked = looked_at(client, f"{service}/tiles/demo.buildings/tileset.json{then}", place)
    assert picked is not None
    same_as_ogc(service, "demo.buildings", picked)
    assert any(".glb?datetime=" in url for url in client.requests)
    for query in ("", then):
        assert looked_at(client, f"{service}/tiles/demo/tileset.json{query}", place) is not None
