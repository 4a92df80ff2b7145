"""FEATURE over HTTP: what lies in a district, then and now, page by page, at every door with filters."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import made
import pytest

from catalog.cities import write_city
from tests.api.test_ogc_clients import NAMED
from twin.record import Feature
from twin.store import FileStore

DISTRICTS = made.layer("districts", "district/1")
TERRAIN = made.layer("terrain", "terrain/1")
CITY = made.CITY.model_copy(
    update={"layers": (*made.CITY.layers, DISTRICTS, TERRAIN), "centre": (11.501, 48.101)}
)
OTHER = made.layer("districts", "district/1").model_copy(update={"id": "other.districts"})
OTHERS = made.CITY.model_copy(update={"id": "other", "layers": (OTHER,)})
BEFORE = made.NOON - timedelta(days=5)
ITEMS = "/ogc/collections/probe.buildings/items"
HERE = "S_INTERSECTS(geometry, FEATURE('districts', '05'))"


def district(name, source_id, west, south, size, of=DISTRICTS):
    values = {"name": f"Viertel {name}", "number": source_id, "observed_at": made.NOON}
    return Feature(
        id=f"{of.id}.{name}", source_id=source_id, values=values, geometry=made.square(west, south, size)
    )


def districts(size):
    """The fifth lies in two pieces: houses in the south-west as far as `size`, and one of the second row."""
    return [
        district("West", "05", 11.4995, 48.0995, size),
        district("Ost", "05", 11.5175, 48.1015, 0.002),
        district("O'Hara", "06", 11.0, 47.0, 0.01),
    ]


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Districts twice: the smaller ones held until noon."""
    store = FileStore(tmp_path_factory.mktemp("town"))
    made.fill(store)
    write_city(store, CITY)
    made.publish(store, DISTRICTS, districts(0.004), BEFORE)
    made.publish(store, DISTRICTS, districts(0.008), made.NOON)
    return store


@pytest.fixture(scope="module")
def ask(town, client_of):
    return client_of(town)


def asking(condition=HERE, path=ITEMS, **query):
    return f"{path}?{urlencode({'filter': condition, **query})}"


def names(*pages):
    found = [feature["properties"]["source_id"] for page in pages for feature in page["features"]]
    assert len(set(found)) == len(found)
    return sorted((name.removeprefix("DEBY_") for name in found), key=int)


SMALL = ["0", "1", "10", "11", "19"]
LARGE = [str(place) for place in (0, 1, 2, 3, 10, 11, 12, 13, 19, 20, 21, 22, 23)]


def link(document, rel):
    return next((link["href"] for link in document["links"] if link["rel"] == rel), None)


@pytest.mark.parametrize("address", NAMED)
def test_the_examples_of_the_page_work(ask, address):
    here = address.replace("demo.", "probe.")
    for there in ("'districts', '04'", '"probe.districts","01"'):
        here = here.replace(there, there.replace("04", "05").replace("01", "05"))
    assert ask.json(here)["type"] == "FeatureCollection"


def test_what_lies_in_a_district_is_asked_by_its_name(ask):
    found = ask.json(asking(limit=100))
    assert names(found) == LARGE
    assert found["numberMatched"] == len(LARGE)
    one = ask.json(asking("S_WITHIN(geometry, FEATURE('probe.districts', 'probe.districts.Ost'))"))
    assert names(one) == ["19"]
    none = ask.json(asking("S_INTERSECTS(geometry, FEATURE('districts', '06'))"))
    assert names(none) == []


@pytest.mark.parametrize("layer", ["districts", "probe.districts"])
@pytest.mark.parametrize("name", ["05", "06", "probe.districts.West", "probe.districts.O''Hara"])
def test_it_is_as_good_as_its_outline_written_down(ask, layer, name):
    key = "id" if name.startswith("probe") else "source_id"
    of = ask.json(asking(f"{key} = '{name}'", "/ogc/collections/probe.districts/items"))["features"]
    rings = ", ".join(
        "((" + ", ".join(f"{x} {y}" for x, y in one["geometry"]["coordinates"][0]) + "))" for one in of
    )
    written = ask.json(asking(f"S_INTERSECTS(geometry, MULTIPOLYGON({rings}))", limit=100))
    plain = name.replace("''", "'")
    shape = {"op": "FEATURE", "args": [layer, plain]}
    told = json.dumps({"op": "s_intersects", "args": [{"property": "geometry"}, shape]})
    for condition, lang in (
        (f"S_INTERSECTS(geometry, FEATURE('{layer}', '{name}'))", "text"),
        (told, "json"),
    ):
        named = ask.json(asking(condition, limit=100, **{"filter-lang": f"cql2-{lang}"}))
        assert named["features"] == written["features"]
    assert bool(written["features"]) == ("06" not in name and "Hara" not in name)


@pytest.mark.parametrize("form", ["csv", "gpkg", "parquet", "fgb"])
def test_every_format_has_it(ask, form):
    answer = ask(asking(f=form, limit=100))
    assert answer.status_code == 200
    assert answer.headers["ogc-numbermatched"] == str(len(LARGE))


@pytest.mark.parametrize("crs", ["http://www.opengis.net/def/crs/EPSG/0/25832", "EPSG:4258"])
def test_what_is_named_has_no_crs_of_the_filter(ask, crs):
    assert names(ask.json(asking(limit=100, **{"filter-crs": crs}))) == LARGE


@pytest.mark.parametrize(
    ("datetime", "found"),
    [
        ("2026-02-25T00:00:00Z", SMALL),
        ("2026-02-25", SMALL),
        ("../2026-02-25T00:00:00Z", SMALL),
        ("2026-02-20T00:00:00Z/2026-02-25T00:00:00Z", SMALL),
        ("2026-03-01T12:00:00Z", LARGE),
        ("2026-02-25T00:00:00Z/..", LARGE),
    ],
)
def test_the_outline_is_that_of_the_time_asked_about(ask, datetime, found):
    pages, path = [], asking(limit=2, datetime=datetime)
    while path is not None:
        pages.append(ask.json(path))
        path = link(pages[-1], "next")
    assert names(*pages) == found
    assert all(page["numberMatched"] == len(found) for page in pages)


@pytest.mark.parametrize("datetime", [None, "2026-02-25T00:00:00Z", "2026-02-25T00:00:00Z/.."])
def test_pages_keep_the_outline_though_it_is_published_again(town, tmp_path, client_of, datetime):
    import shutil

    shutil.copytree(town.root, tmp_path / "store")
    store = FileStore(tmp_path / "store")
    ask = client_of(store)
    asked = {} if datetime is None else {"datetime": datetime}
    first = ask.json(asking(limit=2, **asked))
    # one corrects the past, the other what is so now
    made.publish(store, DISTRICTS, districts(0.001), BEFORE)
    made.publish(store, DISTRICTS, districts(0.002), made.NOON + timedelta(minutes=1))
    pages = [first]
    for worker in (ask, client_of(store), client_of(store), client_of(store), client_of(store), ask, ask):
        path = link(pages[-1], "next")
        if path is not None:
            pages.append(worker.json(path))
    assert names(*pages) == (SMALL if datetime == "2026-02-25T00:00:00Z" else LARGE)
    assert link(pages[-1], "next") is None
    assert names(ask.json(asking(limit=100, **asked))) == ["0", "19"]  # asked anew it is the new one


def test_the_token_of_one_outline_opens_no_other(town, ask):
    path = link(ask.json(asking(limit=2)), "next")
    query = dict(parse_qsl(urlsplit(path).query))
    assert ask(f"{ITEMS}?{urlencode(query)}").status_code == 200
    for condition in (
        HERE.replace("05", "probe.districts.West"),
        "TRUE",
        HERE.replace("districts", "buildings"),
    ):
        answer = ask(f"{ITEMS}?{urlencode({**query, 'filter': condition})}")
        assert answer.status_code == 400, condition
    plain = dict(parse_qsl(urlsplit(link(ask.json(f"{ITEMS}?limit=2"), "next")).query))["token"]
    answer = ask(f"{ITEMS}?{urlencode({**query, 'token': plain})}")
    assert answer.status_code == 400
    assert "token" in answer.json()["detail"]


def refused(answer, *words):
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    for word in words:
        assert word in answer.json()["detail"]


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("FEATURE('distrikts', '05')", ("'distrikts'", "did you mean 'districts'?")),
        ("FEATURE('probe.distrcts', '05')", ("did you mean 'probe.districts'?",)),
        ("FEATURE('zzz', '05')", ("/ogc/collections",)),
        ("FEATURE('districts', '5')", ("did you mean '05'?", "/ogc/collections/probe.districts/items")),
        ("FEATURE('districts', 'viertel west')", ("did you mean '05' (Viertel West)?",)),
        ("FEATURE('districts', 'zzz')", ("its ids are at /ogc/collections/probe.districts/items",)),
        ("FEATURE('terrain', '05')", ("no features with an outline", "districts")),
        ("FEATURE('air-quality', '05')", ("was not published", "later datetime")),
        ("FEATURE('construction-sites', 'open')", ("no geometry",)),
        ("FEATURE('districts', 'x\u0000')", ("NUL",)),
        ("FEATURE('districts')", ("FEATURE('districts', '05')",)),
    ],
)
def test_what_is_not_there_is_a_problem_with_a_remedy(ask, shape, words):
    refused(ask(asking(f"S_INTERSECTS(geometry, {shape})")), *words)


def test_before_a_layer_was_published_nothing_of_it_can_be_named(ask):
    answer = ask(asking(datetime="2026-02-22T00:00:00Z"))
    refused(answer, "probe.districts", "was not published at 2026-02-22T00:00:00Z", "later datetime")


def test_costs_are_bounded(ask, monkeypatch):
    several = " OR ".join(f"S_INTERSECTS(geometry, FEATURE('buildings', 'DEBY_{n}'))" for n in range(11))
    refused(ask(asking(several)), "more than 10 features")
    monkeypatch.setattr("catalog.outlines.VERTICES", 4)
    refused(ask(asking("S_INTERSECTS(geometry, FEATURE('buildings', 'DEBY_29'))")), "5 corners")


def test_a_filter_that_is_too_long_is_led_there(ask):
    refused(
        ask(asking(f"S_INTERSECTS(geometry, POLYGON(({'1.5 2.5,' * 1000}1.5 2.5)))")), "FEATURE('districts'"
    )


def test_a_damaged_layer_is_no_wrong_question(town, tmp_path, client_of):
    import shutil

    shutil.copytree(town.root, tmp_path / "store")
    store = FileStore(tmp_path / "store")
    for file in (tmp_path / "store" / "layers" / DISTRICTS.id).rglob("features.parquet"):
        file.write_bytes(b"PAR1")
    answer = client_of(store)(asking())
    assert answer.status_code >= 500
    assert answer.headers["content-type"] == "application/problem+json"


STAC = "/stac/search"


def found(page):
    return {feature["collection"] for feature in page["features"]}


def test_stac_finds_revisions_that_meet_a_feature(ask):
    assert "probe.buildings" in found(ask.json(asking(HERE, STAC, limit=100)))
    assert found(ask.json(asking(HERE.replace("05", "06"), STAC, limit=100))) == {"probe.districts"}
    collections = ask.json(asking(HERE.replace("05", "06"), "/stac/collections"))["collections"]
    assert {one["id"] for one in collections} == {"probe.districts"}
    refused(ask(asking(HERE.replace("05", "zzz"), STAC)), "its ids are at")
    refused(ask(asking(HERE, STAC, datetime="2026-02-22T00:00:00Z")), "was not published")


def test_stac_pages_keep_the_outline(town, tmp_path, client_of):
    import shutil

    shutil.copytree(town.root, tmp_path / "store")
    store = FileStore(tmp_path / "store")
    ask = client_of(store, now=lambda: made.NOON + timedelta(hours=2))
    away = HERE.replace("'05'", "'06'")
    pages = [ask.json(asking(away, STAC, limit=1))]
    moved = [district("O'Hara", "06", -100.0, -47.0, 0.01), *districts(0.008)[:2]]
    made.publish(store, DISTRICTS, moved, made.NOON + timedelta(hours=1))
    pages.append(ask.json(link(pages[0], "next")))
    assert [page["numberMatched"] for page in pages] == [2, 2]
    assert link(pages[1], "next") is None


def test_a_short_name_of_several_cities_has_to_be_whole(town, tmp_path, client_of):
    import shutil

    shutil.copytree(town.root, tmp_path / "store")
    store = FileStore(tmp_path / "store")
    write_city(store, OTHERS)
    made.publish(store, OTHER, [district("Nord", "05", 12.0, 49.0, 0.1, OTHER)])
    ask = client_of(store)
    refused(ask(asking(HERE, STAC)), "several cities", "other.districts", "probe.districts")
    assert names(ask.json(asking(limit=100))) == LARGE  # of a layer it is the one of its own city
    far = HERE.replace("districts", "other.districts")
    assert ask.json(asking(far))["numberMatched"] == 0
    assert found(ask.json(asking(far, STAC))) == {"other.districts"}


@pytest.mark.parametrize("door", ["/ogc", "/stac"])
def test_functions_are_told_with_links_that_ask(ask, door):
    rel = "http://www.opengis.net/def/rel/ogc/1.0/functions"
    assert link(ask.json(door), rel).endswith(f"{door}/functions")
    told = ask.json(f"{door}/functions")
    (function,) = told["functions"]
    assert (function["name"], function["returns"]) == ("FEATURE", ["geometry"])
    assert [(one["title"], one["type"]) for one in function["arguments"]] == [
        ("layer", ["string"]),
        ("id", ["string"]),
    ]
    example = link(told, "example")
    assert ask.json(example)["numberMatched"] == len(LARGE)
    assert (
        "http://www.opengis.net/spec/cql2/1.0/conf/functions" in ask.json(f"{door}/conformance")["conformsTo"]
    )


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Was liegt in einem Stadtbezirk?"), ("en", "What lies in")]
)
def test_people_can_click_on_it(ask, language, words):
    page = ask("/ogc/functions", accept="text/html", accept_language=language).text
    assert words in page
    (href,) = re.findall(r'href="(/ogc/collections/[^"]*filter=[^"]*)"', page)
    assert "13" in ask(href, accept="text/html", accept_language=language).text
    start = ask("/ogc", accept="text/html", accept_language=language).text
    assert 'href="/ogc/functions"' in start


def test_the_page_of_an_area_leads_to_what_lies_in_it(ask):
    path = "/ogc/collections/probe.districts/items/probe.districts.O%27Hara?datetime=2026-02-25"
    page = ask(path, accept="text/html", accept_language="en").text
    assert "What lies here" in page
    hrefs = [
        href.replace("&amp;", "&").replace("&#x27;", "'")
        for href in re.findall(r'href="([^"]*FEATURE[^"]*)"', page)
    ]
    layers = [urlsplit(href).path.split("/")[3] for href in hrefs]  # those that were published by then
    assert layers == ["probe.buildings", "probe.bike-counts"]
    assert all("datetime=2026-02-25" in href for href in hrefs)
    for href in hrefs[:1]:
        assert ask.json(href)["numberMatched"] == 0
    station = "/ogc/collections/probe.bike-counts/items/probe.bike-counts.arnulf"
    assert "What lies here" not in ask(station, accept="text/html", accept_language="en").text
