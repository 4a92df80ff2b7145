"""CesiumJS draws all contents of a tile, tells which kind each is, and which building is in the middle."""

from pathlib import Path
from typing import Any

import pytest

from ingest.convert import Options, convert
from tests.clients.conftest import CESIUM, Building, Site, example, needed
from tests.clients.test_clients import ABOVE_M, HEIGHT, WIDTH, opened
from tests.convert.inputs_made import EAST, NORTH, House, citygml
from tiles.geodesy import Geodesy
from twin.city import Heights
from twin.settings import Settings

pytestmark = pytest.mark.browser

UNDULATION = 45.66
_KINDS = """
tileset.tileVisible.addEventListener((tile) => {
  const kinds = (tile.content.innerContents ?? []).map((each) => each.group?.metadata.getProperty("kind"));
  window.kinds = [...new Set([...(window.kinds ?? []), ...kinds])].sort();
});
"""


@pytest.fixture
def town(tmp_path: Path) -> tuple[Path, Building]:
    """A folder of tiles with several contents each, and a building in the midst of it."""
    houses = [
        House(f"H{n}", EAST + n % 6 * 40, NORTH + n // 6 * 40, width=18, depth=18, height=6 + n % 9)
        for n in range(36)
    ]
    (tmp_path / "town.gml").write_text(citygml(houses), "utf-8")
    options = Options(crs="EPSG:25832+7837", undulation_m=UNDULATION, contents="many")
    convert([tmp_path / "town.gml"], tmp_path / "town", options, Settings())
    house = houses[2 * 6 + 3]
    geodesy = Geodesy("EPSG:25832", Heights(crs="EPSG:7837", undulation_m=UNDULATION), stated=True)
    middle = [house.east + 9, house.north + 9, 0.0]
    ((lon, lat, _),) = geodesy.to_geographic([middle, middle])[:1].tolist()
    return tmp_path / "town", Building(house.name, house.height, lon, lat)


def test_cesium_draws_all_of_them(browser: Any, site: Site, town: tuple[Path, Building]) -> None:
    folder, building = town
    site.folders["town"] = folder
    site.folders["cesium"] = needed(CESIUM, "make test (or deploy/clients.sh)")
    script = example("cesium.js", "my-town-tiles/tileset.json", "/town/tileset.json") + _KINDS
    place = {"lon": building.lon, "lat": building.lat, "height": 560 + ABOVE_M}
    seen, said = opened(browser, site, "cesium.html", script, **place)
    try:
        seen.until("window.kinds?.includes('roof') && window.kinds.includes('wall')")
        seen.page.mouse.click(WIDTH / 2, HEIGHT / 2)
        seen.until(lambda: said)
        (id_, height_m), *_ = (line.split() for line in said)
        assert id_.endswith(building.id)
        assert float(height_m) == pytest.approx(building.height_m, abs=1e-3)
        assert seen.complaints == []
    finally:
        seen.page.context.close()
