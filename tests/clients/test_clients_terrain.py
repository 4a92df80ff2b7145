"""CesiumJS stands on our quantized-mesh terrain: the heights it reads are those of the raster."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.clients.conftest import CESIUM, Site, example, needed
from tests.clients.test_clients import opened
from tiles.geodesy import Geodesy
from tiles.writers.quantized_mesh import write
from twin.city import Heights
from twin.record import Raster

pytestmark = pytest.mark.browser

WEST, NORTH, UNDULATION = 690_000.5, 5_336_999.5, 45.66
GEODESY = Geodesy("EPSG:25832", Heights(crs="EPSG:5783", undulation_m=UNDULATION, undulation_error_m=0.1))


def hills() -> Raster:
    y, x = np.mgrid[:400, :400].astype(float)
    heights = 510 + 12 * np.sin(x / 40) * np.cos(y / 45)
    return Raster(heights.astype(np.float32), WEST, NORTH, 1.0)


def test_cesium_reads_the_terrain_s_heights_and_draws_it(
    browser: Any, site: Site, tmp_path_factory: pytest.TempPathFactory
) -> None:
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    site.folders["terrain"] = folder = tmp_path_factory.mktemp("terrain")
    raster = hills()

    def put(name: str, data: bytes) -> None:
        file: Path = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)

    write([raster], GEODESY, put)
    steps = np.array([[200, 200], [60, 63], [310, 120], [111, 333]])
    lonlat = GEODESY.to_lonlat(np.column_stack((WEST + steps[:, 0], NORTH - steps[:, 1])))
    script = example("terrain.js", "my-town-terrain", "/terrain")
    seen, _ = opened(browser, site, "terrain.html", script, places=json.dumps(lonlat.tolist()))
    try:
        heights = seen.page.evaluate("window.heights")
        real = raster.heights[steps[:, 1], steps[:, 0]] + UNDULATION
        np.testing.assert_allclose(heights, real, atol=0.5)
        seen.until(lambda: seen.picture()[200:280].std() > 5)  # the ground has relief
        assert [text for text in seen.complaints if "404" not in text] == []
        assert seen.outside == []
    finally:
        seen.page.context.close()
