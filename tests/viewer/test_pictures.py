"""The city as it is drawn, beside pictures that somebody has looked at and approved (approved/)."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.viewer.conftest import ROOT, serving
from tests.viewer.pictures import APPROVED, SHARE, Picture, differing, fault, read
from tests.viewer.then_made import THEN
from tests.viewer.visitor import Visit, visit

pytestmark = pytest.mark.browser

DESK = {"width": 900, "height": 500}
SCENE = (slice(0, 348), slice(396, 900))
"""What of the window the panel at the left and the time below leave to the scene."""
PHONE = {"width": 360, "height": 640}
ABOVE = (slice(0, 492), slice(None))
"""Search, scene and sheet; what the time bar says depends on the day."""
NAMES = ("day", "night", "contrast", "top", "heights", "phone", "map")


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a service with the demo city as it was at one instant of the past."""
    folder = tmp_path_factory.mktemp("then")
    command = [sys.executable, "-m", "tests.viewer.then_made", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    with serving(folder) as base:
        yield base


@pytest.fixture
def shown(browser: Any, then: str) -> Iterator[Any]:
    """Opens the city of that instant, and closes it in the end."""
    visits: list[Visit] = []

    def open_page(more: str = "", by: Any = browser, **options: Any) -> Visit:
        visits.append(visit(by, then, f"/?datetime={THEN}{more}", **{"viewport": DESK} | options))
        visits[-1].settle()
        return visits[-1]

    yield open_page
    for each in visits:
        each.page.context.close()


def test_by_day_from_above_and_coloured_by_height(shown: Any) -> None:
    seen = shown()
    page = seen.page
    faults = [fault("day", seen.picture()[SCENE])]
    page.get_by_role("combobox", name="Gebäude färben nach").select_option(label="Höhe")
    seen.until("location.hash.includes('colour=')")
    seen.settle()
    faults.append(fault("heights", seen.picture()[SCENE]))
    page.get_by_role("combobox", name="Gebäude färben nach").select_option(index=0)
    page.get_by_role("button", name="Von oben (2D)").click()
    page.get_by_role("button", name="Schräg (3D)").wait_for()
    seen.settle()
    faults.append(fault("top", seen.picture()[SCENE]))
    assert not any(faults), faults


def test_streets_have_names_and_only_a_view_that_was_asked_for_is_said(shown: Any) -> None:
    seen = shown(contrast="more")
    page = seen.page
    page.locator(".street").filter(has_text="Granatstraße").first.wait_for()
    said = page.locator("p.unseen[role=status]")
    assert said.inner_text() == "", "nobody asked for the first view"
    page.get_by_role("application").press("ArrowUp")
    seen.until(lambda: "im Bild. Am nächsten: " in said.inner_text())


def test_by_night(shown: Any) -> None:
    said = fault("night", shown(color_scheme="dark").picture()[SCENE])
    assert not said, said


def test_with_high_contrast(shown: Any) -> None:
    said = fault("contrast", shown(contrast="more").picture()[SCENE])
    assert not said, said


def test_on_a_phone_with_its_sheet(shown: Any) -> None:
    said = fault("phone", shown(viewport=PHONE).picture()[ABOVE])
    assert not said, said


def test_the_map_where_there_is_no_webgl(shown: Any, blind_browser: Any) -> None:
    said = fault("map", shown(by=blind_browser).picture()[SCENE])
    assert not said, said


@pytest.mark.parametrize("name", NAMES)
def test_what_every_machine_does_otherwise_is_borne(name: str) -> None:
    approved = _approved(name)
    noise = np.random.default_rng(1).normal(0, 4, approved.shape)
    smooth = (approved + np.roll(approved, 1, axis=0) + np.roll(approved, 1, axis=1)) / 3
    for same in (approved + noise, smooth, np.roll(approved, 1, axis=1), approved * 0.985 + 2):
        assert differing(same, approved) <= SHARE


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_seen(name: str) -> None:
    approved = _approved(name)
    height, width, _ = approved.shape
    hole = approved.copy()
    hole[: height // 4, : width // 4] = 255
    others = [_approved(each) for each in NAMES if each not in (name, "phone")] if name != "phone" else []
    for wrong in (hole, np.roll(approved, 14, axis=1), 255 - approved, np.full_like(approved, 128), *others):
        assert differing(wrong, approved) > SHARE


def test_pictures_of_another_size_differ_and_are_small_files() -> None:
    day = _approved("day")
    assert differing(day[:-1], day) == 1
    assert all(path.stat().st_size < 60_000 for path in APPROVED.iterdir())
    assert {path.stem for path in APPROVED.iterdir()} == set(NAMES)


def _approved(name: str) -> Picture:
    return read((APPROVED / f"{name}.webp").read_bytes())


def test_an_unknown_picture_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.viewer.pictures.SEEN", tmp_path)
    monkeypatch.delenv("APPROVE", raising=False)
    assert "make approve" in (fault("nobody-approved-this", np.zeros((24, 24, 3))) or "")
    assert (tmp_path / "nobody-approved-this.webp").is_file()
