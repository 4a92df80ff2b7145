"""Things in the scene from close by: the air by its substances, a counter by its directions, a tree."""

import re
from typing import Any

import pytest

from tests.viewer.visitor import Visit, ask

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 800, "height": 500}}
LIMITS = {"no2": 200, "pm10": 50, "pm2_5": 25, "o3": 180, "co": 10, "so2": 350}


def feature(server: str, layer: str, fits: Any) -> dict[str, Any]:
    """The first feature of a layer of the demo that fits."""
    found = ask(server, f"/ogc/collections/demo.{layer}/items?limit=500")["features"]
    return next(each for each in found if fits(each["properties"]))


def near(of: dict[str, Any], more: str, metres: int = 220) -> str:
    lon, lat = of["geometry"]["coordinates"][:2]
    return f"/#view={lon:.6f},{lat:.6f},{metres},{more}"


def test_near_air_station_shows_each_substance_against_its_limit(opened: Any, server: str) -> None:
    station = feature(server, "air-quality", lambda p: "no2" in p["latest"])
    seen: Visit = opened(near(station, "0,35"), **SMALL)
    page = seen.page
    page.get_by_text("Aus der Nähe zeigt das Schild jeden Stoff neben seinem Grenzwert.").wait_for()
    sign = page.locator(".mark.air:visible", has_text="Grenzwert")
    sign.wait_for()
    said = sign.inner_text()
    assert "Luft:" in said
    assert "µg/m³" in said
    measured = {
        name: each["value"] for name, each in station["properties"]["latest"].items() if name in LIMITS
    }
    assert sign.locator("rect").count() == len(measured) > 2
    for short in ("NO₂", "PM10"):
        assert short in said, said
    # As high as the part of the limit: the order of the drawing is that of the schema, so compare as sets.
    line = sign.locator("path.limit").evaluate(
        "each => Number(each.getAttribute('d').match(/^M4 ([\\d.]+)/)[1])"
    )
    heights = sign.locator("rect").evaluate_all(
        "all => all.map(each => [Number(each.getAttribute('y')), Number(each.getAttribute('height'))])"
    )
    foot = heights[0][0] + heights[0][1]
    drawn = sorted(round(high / (foot - line), 2) for _, high in heights)
    assert drawn == sorted(
        round(max(2 / 48, min(1.5, value / LIMITS[name])), 2) for name, value in measured.items()
    )
    assert "Grenzwert für eine Stunde: 200\u00a0µg/m³." in sign.get_attribute("title")

    page.get_by_role("button", name="EN", exact=True).click()
    page.locator(".mark.air:visible", has_text="limit value").click()
    page.get_by_role("region", name=station["properties"]["name"]).wait_for()
    page.get_by_role("button", name="Close").first.click()
    page.get_by_role("application").press("Home")
    page.locator(".mark.air:visible", has_text="limit value").wait_for(state="detached")
    page.locator(".mark.air:visible", has_text="Air:").first.wait_for()
    assert seen.complaints == []


def test_near_counter_says_how_many_go_which_way_and_its_arrows_lie_in_the_street(
    opened: Any, server: str
) -> None:
    counter = feature(server, "bike-counts", lambda p: p["last_24h"].get("bicycles", 0) > 100)
    seen: Visit = opened(near(counter, "0,40", 300), **SMALL)
    page = seen.page
    sign = page.locator(".mark.counter:visible", has_text="stadteinwärts")
    sign.wait_for()
    rows = [each.replace("\u202f", "") for each in sign.inner_text().split("\n")]
    sums = counter["properties"]["last_24h"]
    for way in (1, 2):
        name, sum_ = counter["properties"][f"direction_{way}"], sums[f"bicycles_direction_{way}"]
        assert any(name in row and str(round(sum_)) in " ".join(rows) for row in rows), rows

    def turned() -> list[float]:
        return sign.locator(".way svg").evaluate_all(
            "all => all.map(each => parseFloat(getComputedStyle(each).rotate))"
        )

    before = turned()
    assert abs(abs(before[0] - before[1]) - 180) <= 1, "into the city and out of it"
    canvas = page.get_by_role("application")
    canvas.focus()
    page.keyboard.press("e")
    seen.until("!/view=[^&]*(,|%2C)0(,|%2C)\\d+(&|$)/.test(location.hash)")
    seen.settle()
    heading = float(re.split("%2C|,", re.findall("view=([^&]*)", page.url)[0])[3])
    assert heading != 0
    turn = (before[0] - turned()[0] - heading) % 360
    assert min(turn, 360 - turn) <= 1, "an arrow points where it pointed on the ground"
    assert seen.complaints == []


def test_a_tree_is_told_in_words_and_ringed(opened: Any, server: str) -> None:
    tree = feature(
        server, "trees", lambda p: p["species"] == "Acer platanoides" and p["planted"] and p["height_m"]
    )
    seen: Visit = opened(near(tree, f"0,40&selected=demo.trees/{tree['id']}", 60), **SMALL)
    page = seen.page
    panel = page.get_by_role("region", name="Auskunft: Laubbaum")
    panel.get_by_text(re.compile(r"Spitz-Ahorn \(Acer platanoides\)")).wait_for()
    told = panel.inner_text()
    assert f"Gepflanzt {tree['properties']['planted']}, vor" in told
    assert "None" not in told
    seen.settle()
    ringed = seen.picture()[:, 400:]
    page.get_by_role("button", name="Leichte Sprache").click()
    page.get_by_text(re.compile(r"Der Baum heißt: Spitz-Ahorn\.")).wait_for()
    page.get_by_role("button", name="EN", exact=True).click()
    page.get_by_text(re.compile(r"Norway maple \(Acer platanoides\).*Planted in \d{4}")).wait_for()
    page.get_by_role("button", name="DE", exact=True).click()
    panel.get_by_role("button", name="Schließen").click()
    seen.settle()
    assert (abs(seen.picture()[:, 400:] - ringed).max(axis=-1) > 25).mean() > 0.0005, (
        "nothing showed which tree"
    )
    assert seen.complaints == []
