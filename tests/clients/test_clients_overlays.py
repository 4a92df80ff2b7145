"""Streets and parks of a conversion, on its terrain and beside its buildings, in other people's clients."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest.convert import Options, convert
from tests.clients.conftest import CESIUM, MODULES, Building, Site, example, needed
from tests.clients.test_clients import ABOVE_M, HEIGHT, WIDTH, opened
from tests.clients.test_clients_contents import UNDULATION
from tests.convert.inputs_made import EAST, GROUND, NORTH, citygml, row, terrain
from tests.convert.test_convert_map import town as osm_of
from tests.convert.test_convert_overlays import area, collection, line
from tests.viewer.visitor import Visit
from tiles.geodesy import Geodesy
from twin.city import Heights
from twin.settings import Settings

pytestmark = pytest.mark.browser

PARK = (0.0, 60.0)
"""Metres east and north of the middle of the picture, where the street is."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Building]:
    """A folder of tiles of every layer of a conversion, and the middle of a street."""
    folder: Path = tmp_path_factory.mktemp("overlays")
    (folder / "town.gml").write_text(citygml(row(4)), "utf-8")
    collection(
        folder / "streets.geojson",
        line("street", (10, 30), (170, 30), width=9),
        line("path", (10, 45), (170, 45)),
        area("way/3", 60, 60, north=60, leisure="park"),
    )
    osm_of(folder / "map.osm")
    inputs = [
        folder / "town.gml",
        folder / "streets.geojson",
        folder / "map.osm",
        terrain(folder / "dgm.tif"),
    ]
    convert(inputs, folder / "town", Options(undulation_m=UNDULATION), Settings())
    geodesy = Geodesy("EPSG:25832", Heights(crs="EPSG:7837", undulation_m=UNDULATION), stated=True)
    middle = [EAST + 90, NORTH + 30, GROUND]
    ((lon, lat, _),) = geodesy.to_geographic([middle, middle])[:1].tolist()
    return folder / "town", Building("street", 0.0, lon, lat)


def told(seen: Visit, x: float, y: float, said: list[str], id_: str) -> bool:
    """Click once more; whether the last thing said is of what lies there."""
    seen.page.mouse.click(x, y)
    return bool(said) and said[-1].split()[0] == id_


@pytest.mark.parametrize("name", ["cesium", "three"])
def test_a_street_and_a_park_are_drawn_and_told_by_a_click(
    browser: Any, site: Site, town: tuple[Path, Building], name: str
) -> None:
    folder, street = town
    site.folders["overlays"] = folder
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    site.folders["modules"] = needed(MODULES, "make test (or deploy/build-viewer.sh)")
    script = example(f"{name}.js", "my-town-tiles/tileset.json", "/overlays/tileset.json")
    place = {"lon": street.lon, "lat": street.lat, "height": 560 + ABOVE_M}
    seen, said = opened(browser, site, f"{name}.html", script, **place)
    try:
        # 60° are seen along the longer side in CesiumJS, from top to bottom in three.js
        metres = 2 * ABOVE_M * np.tan(np.radians(30)) / (WIDTH if name == "cesium" else HEIGHT)
        for id_, (east, north) in {"street": (0.0, 0.0), "way/3": PARK}.items():
            # again until it is there: of several tilesets CesiumJS may say too early that all is loaded
            x, y = WIDTH / 2 + east / metres, HEIGHT / 2 - north / metres
            seen.until(partial(told, seen, x, y, said, id_))
        seen.page.mouse.click(WIDTH / 2, HEIGHT / 2 + 100)  # the ground alone is no feature
        red, green, blue = seen.picture()[int(HEIGHT / 2 - PARK[1] / metres), WIDTH // 2].tolist()
        assert green > red + 10
        assert green > blue + 10
        assert seen.complaints == []
        assert seen.outside == []
    finally:
        seen.page.context.close()
