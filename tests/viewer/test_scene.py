"""The picture: nobody is left standing inside a house."""

import re
from typing import Any

import pytest

from tests.viewer.test_browser import over_a_building

pytestmark = pytest.mark.browser

SMALL = {"viewport": {"width": 640, "height": 400}}


def place_of(url: str) -> tuple[float, float]:
    """Longitude and latitude of a view."""
    lon, lat = re.findall(r"view=([\d.]+),([\d.]+)", url)[0]
    return float(lon), float(lat)


def test_nobody_is_left_standing_inside_a_house_and_the_picture_rests(opened: Any, server: str) -> None:
    lon, lat = place_of(over_a_building(server))
    seen = opened(f"/#view={lon},{lat},25,0,4", **SMALL)
    seen.settle()
    pitch = float(re.findall(r"view=[^,]+,[^,]+,[^,]+,[^,]+,(\d+)", seen.page.url.replace("%2C", ","))[0])
    assert pitch > 4, "the eye stayed inside"
