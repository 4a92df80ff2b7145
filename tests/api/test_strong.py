"""Every ETag is strong: the same name is the same bytes, whenever and by whichever worker they are made."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import made
import pytest

from tests.api.crawl import crawl

from made import NOON  # isort: skip

AT = NOON + timedelta(minutes=4, microseconds=17)
BUILDINGS, SITES, COUNTS = (
    f"/ogc/collections/probe.{name}/items" for name in ("buildings", "construction-sites", "bike-counts")
)
STA = "/sta/v1.1"
PAGES = (
    *(f"{items}?limit=1" for items in (BUILDINGS, SITES, COUNTS)),
    *(f"{BUILDINGS}?limit=2&f={form}" for form in ("jsonfg", "csv", "fgb", "gpkg", "parquet", "html")),
    f"{SITES}?limit=1&f=gpkg&datetime=2026-01-01T00:00:00Z/..",
    f"{BUILDINGS}/probe.buildings.b1?f=gpkg",
    f"{BUILDINGS}/probe.buildings.b1/history?limit=1",
    "/stac/search?limit=1",
    "/stac/collections?limit=1",
    "/stac/collections/probe.buildings/items?limit=1",
    f"{STA}/Things?$top=1",
    f"{STA}/Things?$top=1&$expand=Datastreams($expand=Observations($top=1;$orderby=phenomenonTime desc))",
    f"{STA}/Datastreams?$top=1&datetime=2026-01-01T00:00:00Z/..",
    f"{STA}/Observations?$top=2&$resultFormat=dataArray",
    f"{STA}/Observations?$top=2&$resultFormat=CSV",
    f"{STA}/Sensors?$top=1",
)


@pytest.fixture
def clock(filled, client_of):
    now = [AT]
    return now, lambda: client_of(filled, now=lambda: now[0])


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_the_same_a_little_later_and_of_another_worker(clock, path):
    now, worker = clock
    first = worker()(path)
    assert first.status_code == 200
    assert first.headers["etag"].startswith('"')
    now[0] += timedelta(seconds=40, microseconds=5)
    ask = worker()
    later = ask(path)
    assert later.headers["etag"] == first.headers["etag"]
    assert later.content == first.content
    again = ask(path, if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]


@pytest.mark.parametrize("query", ["limit=7", "limit=7&sortby=-height_m", "limit=7&crs=EPSG:4258", "limit=1"])
def test_what_a_worker_was_asked_before_changes_no_answer(store, client_of, query):
    """GEOS writes 48.106758712518364 where 48.10675871251836 is the same number."""
    places = [
        replace(one, geometry=made.square(11.6665385630489, 48.106758712518364 + n / 1e5, 0.0001))
        for n, one in enumerate(made.buildings(30))
    ]
    made.publish(store, made.BUILDINGS, places, NOON + timedelta(minutes=1))
    fresh, busy = client_of(store), client_of(store)
    for before in ("limit=100", f"limit=100&{query.partition('&')[2]}", "limit=3&offset=2"):
        assert busy(f"{BUILDINGS}?{before}").status_code == 200
    one, other = fresh(f"{BUILDINGS}?{query}"), busy(f"{BUILDINGS}?{query}")
    assert one.content == other.content
    assert one.headers["etag"] == other.headers["etag"]
    feature = f"{BUILDINGS}/probe.buildings.b1"
    assert fresh(feature).headers["etag"] == busy(feature).headers["etag"]


def test_a_geopackage_tells_when_the_revision_was_published(ask, tmp_path):
    (tmp_path / "x.gpkg").write_bytes(ask(f"{BUILDINGS}?f=gpkg").content)
    with closing(sqlite3.connect(tmp_path / "x.gpkg")) as connection:
        ((told,),) = connection.execute("SELECT last_change FROM gpkg_contents").fetchall()
    published = ask.json("/stac/search?collections=probe.buildings&limit=1")["features"][0]["properties"]
    assert told == published["published"].replace("Z", ".000Z")


def test_a_file_that_a_visitor_has_is_not_written(ask, monkeypatch):
    from api import negotiation

    first = {form: ask(f"{BUILDINGS}?f={form}") for form in ("jsonfg", "csv", "fgb", "gpkg", "parquet")}

    def never(page):
        raise AssertionError("written")

    for format_ in negotiation.FEATURES:
        if format_.name in first:
            monkeypatch.setitem(negotiation.FEATURES, format_, never)
    for form, answer in first.items():
        tag = answer.headers["etag"]
        for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
            assert ask(f"{BUILDINGS}?f={form}", if_none_match=known).status_code == 304, (form, known)


def test_the_same_name_is_the_same_bytes_through_all_of_time(clock):
    """Days pass: what changes (phases, sums, staleness) has another name, what does not keeps its own."""
    now, worker = clock
    seen, names = {}, {path: set() for path in PAGES}
    for days in (0, 0.5, 1.3, 7, 30, 200):
        now[0] = AT + timedelta(days=days)
        ask = worker()
        for path in PAGES:
            answer = ask(path)
            tag = (path, answer.headers["etag"])
            assert seen.setdefault(tag, answer.content) == answer.content, path
            names[path].add(tag)
    assert all(len(names[path]) > 1 for path in PAGES if "construction" in path)


def test_next_pages_tell_of_the_first_ones_instant(clock):
    """Its links keep the question as it was asked; phases are those of the first page, a month later, too."""
    now, worker = clock
    ask = worker()
    whole = ask.json(f"{SITES}?limit=10")["features"]
    page = ask.json(f"{SITES}?limit=1")
    told = list(page["features"])
    while following := [link["href"] for link in page["links"] if link["rel"] == "next"]:
        assert "datetime=" not in following[0]
        now[0] += timedelta(days=40)
        page = ask.json(following[0])
        told += page["features"]
    assert told == whole
    assert len(told) > 1


def test_no_answer_of_any_door_has_a_weak_tag(ask):
    seen = 0
    for path, answer, _ in crawl(ask, ["/", "/ogc", "/stac", STA, "/tiles/probe/tileset.json"], most=2):
        if answer.status_code == 200 and not urlsplit(path).path.startswith("/live"):
            assert answer.headers["etag"].startswith('"'), path
            seen += 1
    assert seen > 60
