"""CesiumJS and 3d-tiles-renderer load what we publish as docs/tiles.md says, draw it, and tell what it is."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from tests.clients.conftest import CESIUM, MODULES, Building, Site, example, needed
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

ABOVE_M = 250
"""Height of the camera over the ground, which is some 560 m above the ellipsoid."""
WIDTH, HEIGHT = 400, 300


def opened(browser: Any, site: Site, page: str, script: str, **asked: Any) -> tuple[Visit, list[str]]:
    """Open a page as a new visitor, wait until all is loaded; the visit and what the page logs."""
    (site.folders["scripts"] / page.replace(".html", ".js")).write_text(script, "utf-8")
    said: list[str] = []

    def listen(page: Any) -> None:
        page.on("console", lambda message: said.append(message.text) if message.type == "log" else None)

    path = f"/pages/{page}?{urlencode(asked)}"
    size = {"width": WIDTH, "height": HEIGHT}
    seen = visit(browser, site.base, path, scene=False, before=listen, viewport=size)
    seen.until("Boolean(window.ready)")
    return seen, said


@pytest.mark.parametrize("name", ["cesium", "three"])
def test_a_client_draws_the_tiles_and_tells_which_building_is_in_the_middle(
    browser: Any, site: Site, layer: Path, building: Building, name: str
) -> None:
    site.folders["layer"] = layer
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    site.folders["modules"] = needed(MODULES, "make test (or deploy/build-viewer.sh)")
    (file,) = layer.glob("snapshots/*/tileset.json")
    script = example(f"{name}.js", "my-town-tiles/tileset.json", f"/layer/{file.relative_to(layer)}")
    place = {"lon": building.lon, "lat": building.lat, "height": 560 + ABOVE_M}
    seen, said = opened(browser, site, f"{name}.html", script, **place)
    try:
        seen.page.mouse.click(WIDTH / 2, HEIGHT / 2)
        seen.until(lambda: said)
        (id_, height_m), *_ = (line.split() for line in said)
        assert id_ == building.id
        assert float(height_m) == pytest.approx(building.height_m, abs=1e-4)
        scene = seen.picture()
        assert scene.std() > 15, "the picture is nearly one colour"
        assert (np.ptp(scene, axis=-1) > 20).mean() > 0.02, "no roof has a colour"
        assert seen.complaints == []
        assert seen.outside == []
    finally:
        seen.page.context.close()
