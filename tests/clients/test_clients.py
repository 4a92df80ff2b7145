"""CesiumJS and 3d-tiles-renderer load what we publish, draw it, and tell what a building is."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from tests.clients.conftest import CESIUM, MODULES, Building, Site, needed
from tests.viewer.visitor import visit

pytestmark = pytest.mark.browser

ABOVE_M = 250
"""Height of the camera above the ellipsoid, over ground of some 560 m."""


def opened(browser: Any, site: Site, page: str, **asked: Any) -> Any:
    """Open a page as a new visitor and wait for its answer."""
    path = f"/pages/{page}?{urlencode(asked)}"
    seen = visit(browser, site.base, path, scene=False, viewport={"width": 400, "height": 300})
    seen.until("Boolean(window.answer)", 40)
    return seen


def tileset(layer: Path) -> str:
    (file,) = layer.glob("snapshots/*/tileset.json")
    return f"/layer/{file.relative_to(layer)}"


def picture_shows_something(seen: Any) -> None:
    scene = seen.picture()
    assert scene.std() > 15, "the picture is nearly one colour"
    assert (np.ptp(scene, axis=-1) > 20).mean() > 0.02, "no roof has a colour"


@pytest.mark.parametrize("page", ["cesium.html", "three.html"])
def test_a_client_draws_the_tiles_and_tells_which_building_is_in_the_middle(
    browser: Any, site: Site, layer: Path, building: Building, page: str
) -> None:
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    site.folders["layer"] = layer
    site.folders["modules"] = needed(MODULES, "make test (or deploy/build-viewer.sh)")
    height = 560 + ABOVE_M
    seen = opened(
        browser, site, page, tileset=tileset(layer), lon=building.lon, lat=building.lat, height=height
    )
    try:
        answer = seen.page.evaluate("window.answer")
        assert answer["properties"]["id"] == building.id
        assert answer["properties"]["height_m"] == pytest.approx(building.height_m, abs=1e-4)
        assert answer["tiles"] != 0
        picture_shows_something(seen)
        assert seen.complaints == []
        assert seen.outside == []
    finally:
        seen.page.context.close()
