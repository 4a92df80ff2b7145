"""CesiumJS and 3d-tiles-renderer find implicit tiles, and tell which building is in the middle."""

from pathlib import Path
from typing import Any

import pytest

from ingest.convert import Options, convert
from tests.clients.conftest import CESIUM, MODULES, Building, Site, example, needed
from tests.clients.test_clients import ABOVE_M, HEIGHT, WIDTH, opened
from tests.convert.inputs_made import EAST, NORTH, House, citygml
from tiles import subtree
from tiles.geodesy import Geodesy
from tiles.writers import buildings
from twin.city import Heights
from twin.settings import Settings

pytestmark = pytest.mark.browser

UNDULATION = 45.66


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Building]:
    """A folder of implicit tiles in several subtrees, and a building in the midst of it."""
    folder = tmp_path_factory.mktemp("implicit")
    houses = [
        House(f"H{n}", EAST + n % 30 * 40, NORTH + n // 30 * 40, width=18, depth=18, height=6 + n % 9)
        for n in range(900)
    ]
    (folder / "town.gml").write_text(citygml(houses), "utf-8")
    options = Options(crs="EPSG:25832+7837", undulation_m=UNDULATION, implicit=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(buildings, "LEAF_POINTS", 1200)
        patch.setattr(subtree, "MOST_LEVELS", 2)
        done = convert([folder / "town.gml"], folder / "town", options, Settings())
    (part,) = done.parts
    assert part.built.report["implicit"]["subtrees"] > 2
    house = houses[14 * 30 + 16]
    geodesy = Geodesy("EPSG:25832", Heights(crs="EPSG:7837", undulation_m=UNDULATION), stated=True)
    middle = [house.east + 9, house.north + 9, 0.0]
    ((lon, lat, _),) = geodesy.to_geographic([middle, middle])[:1].tolist()
    return folder / "town", Building(house.name, house.height, lon, lat)


@pytest.mark.parametrize(("name", "above"), [("cesium", ABOVE_M), ("three", ABOVE_M), ("three", 2000)])
def test_a_client_finds_the_tiles_by_their_numbers(
    browser: Any, site: Site, town: tuple[Path, Building], name: str, above: float
) -> None:
    folder, building = town
    site.folders["town"] = folder
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    site.folders["modules"] = needed(MODULES, "make test (or deploy/build-viewer.sh)")
    script = example(f"{name}.js", "my-town-tiles/tileset.json", "/town/tileset.json")
    script = script.replace(
        "tiles.registerPlugin(", "tiles.registerPlugin(new ImplicitTilingPlugin());\ntiles.registerPlugin(", 1
    )
    if name == "three":
        script = 'import { ImplicitTilingPlugin } from "3d-tiles-renderer/core/plugins";\n' + script
    place = {"lon": building.lon, "lat": building.lat, "height": 560 + above}
    seen, said = opened(browser, site, f"{name}.html", script, **place)
    try:
        if above == ABOVE_M:

            def answered() -> (
                bool
            ):  # subtrees come first: all that is known is loaded before there is content
                seen.page.mouse.click(WIDTH / 2, HEIGHT / 2)
                seen.page.wait_for_timeout(200)
                return bool(said)

            seen.until(answered)
            (id_, height_m), *_ = (line.split() for line in said)
            assert id_.endswith(building.id)
            assert float(height_m) == pytest.approx(building.height_m, abs=1e-3)
        seen.until(lambda: seen.picture().std() > 5)  # not one colour
        assert seen.complaints == []
        assert seen.outside == []
    finally:
        seen.page.context.close()
