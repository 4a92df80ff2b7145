"""The time limit of a question ends the writing of its answer, too, in each format, before a byte is sent."""

import pytest

from catalog import deadline
from twin.errors import TooMuch

BUILDINGS = "/ogc/collections/probe.buildings/items?limit=30"
STA = "/sta/v1.1/Observations?$top=50"
WRITTEN = (
    *(f"{BUILDINGS}&f={form}" for form in ("html", "jsonfg", "csv", "fgb", "gpkg", "parquet")),
    f"{BUILDINGS}&f=jsonfg&crs=http://www.opengis.net/def/crs/EPSG/0/25832",
    f"{BUILDINGS}&f=gpkg&skipGeometry=true",
    f"{STA}&$resultFormat=CSV",
    f"{STA}&$resultFormat=GeoJSON",
)


@pytest.mark.parametrize("path", WRITTEN)
def test_writing_ends_when_the_time_is_over_and_says_so(ask, monkeypatch, path):
    """Wherever in the writing the clock runs out."""
    monkeypatch.setattr(deadline, "SOME", 4)
    monkeypatch.setattr("api.formats.gdal._ROWS", 4)
    assert ask(path).status_code == 200
    looks, last = 0, 0

    def check():
        nonlocal looks
        looks += 1
        if looks == last:
            raise TooMuch("this takes longer than 10 s; ask for less")

    monkeypatch.setattr(deadline, "check", check)
    assert ask(path).status_code == 200
    times, looks = looks, 0
    assert times > 5
    for last in {1, 2, times // 2, times - 1, times}:
        looks = 0
        answer = ask(path)
        assert answer.status_code == 400, (path, last, times)
        problem = answer.json()
        assert (problem["type"], answer.headers["content-type"]) == (
            "/docs#problem-too-much",
            "application/problem+json",
        )
    last = 0
    assert ask(path).status_code == 200  # nothing is left locked


@pytest.mark.parametrize("path", WRITTEN)
def test_the_limit_is_the_settings(filled, client_of, path):
    assert client_of(filled, query_s=1e-9)(path).status_code == 400


def test_one_limit_holds_for_the_whole_question():
    with deadline.within(1e-9), pytest.raises(TooMuch), deadline.within(100):
        deadline.check()
    deadline.check()
