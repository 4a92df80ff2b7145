"""Filters and orders are asked of columns: here of many odd stations, beside a plain reading of documents."""

import math
import random
from datetime import timedelta
from urllib.parse import quote

import made
import pytest

from api.app import create_app
from catalog.cities import write_city
from catalog.observations import append
from tests.api.asgi import Client
from twin.record import Feature, Observation
from twin.settings import Settings
from twin.store import FileStore

ROOT = "/sta/v1.1"
NAMES = ("Arnulf", "O'Connell", "100% Weg", "Ännchen", "", None, 'Quote "x"', "Tab\tweg", "Hirsch", "Hirsch")
IDS = ("plain{}", "it's {}", "ü/{}", "a:b {}")


def stations(of, number):
    """Every fifth has no place, some have no name, many the same."""
    for i in range(number):
        name = IDS[i % 4].format(i)
        place = made.point(11.5 + i % 7 / 100, 48.1 + i % 3 / 100) if i % 5 else None
        values = {"name": NAMES[i % len(NAMES)], "station": f"s{i % 6}" if i % 3 else None}
        yield Feature(f"{of.id}.{name}", name, {**values, "observed_at": made.NOON}, place)


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    """Two layers of such stations, some with values, of which some begin or end within a second."""
    store, chance = FileStore(tmp_path_factory.mktemp("columns")), random.Random(3)
    write_city(store, made.CITY)
    for of, number in ((made.COUNTS, 23), (made.AIR, 9)):
        features = list(stations(of, number))
        made.publish(store, of, features, made.NOON - timedelta(days=9))
        values = [
            Observation(
                feature.id,
                told.name,
                chance.choice([-3.0, 0.0, 1.0, 2.5, 1e20]),
                told.unit,
                made.NOON - timedelta(minutes=chance.randrange(9000), microseconds=chance.choice([0, 0, 5])),
                chance.choice(["", "provisional"]),
            )
            for feature in features
            for told in of.schema_.properties
            for _ in range(chance.randrange(4))
        ]
        append(store, of.id, values, made.NOON)
    return Client(create_app(Settings(viewer="no-viewer"), store, ttl=60, now=lambda: made.NOON))


def everything(ask, kind, expand=""):
    expanded = f"&$expand={quote(expand)}" if expand else ""
    return ask.json(f"{ROOT}/{kind}?$top=10000{expanded}")["value"]


def near(place, west, south, far):
    return place is not None and math.dist(place["coordinates"][:2], (west, south)) < far


THING = "Datastreams($top=10000;$expand=Observations($top=10000)),Locations"
STREAM = "Observations($top=10000),Thing($expand=Locations)"


def place(thing):
    return thing["Locations"][0]["location"]


def values(thing):
    return [reading["result"] for stream in thing["Datastreams"] for reading in stream["Observations"]]


@pytest.mark.parametrize(
    ("kind", "expand", "condition", "wanted"),
    [
        ("Things", "", "name eq 'Hirsch'", lambda t: t["name"] == "Hirsch"),
        (
            "Things",
            "",
            "name gt 'O''' and not startswith(name,'probe')",
            lambda t: t["name"] > "O'" and not t["name"].startswith("probe"),
        ),
        ("Things", "", "length(name) mod 2 eq 1", lambda t: len(t["name"]) % 2 == 1),
        ("Things", "", "toupper(substring(name,0,1)) eq 'Ä'", lambda t: t["name"][:1].upper() == "Ä"),
        ("Things", "", "concat(id,'x') ge 'probe.b'", lambda t: t["@iot.id"] + "x" >= "probe.b"),
        ("Things", "", "properties/station eq 's4'", lambda t: t["properties"].get("station") == "s4"),
        ("Things", "", "properties/station ne 's4'", lambda t: t["properties"].get("station") != "s4"),
        ("Things", "", "properties/station eq null", lambda t: "station" not in t["properties"]),
        (
            "Things",
            "",
            "not (properties/station gt 's2')",
            lambda t: not t["properties"].get("station", "") > "s2",
        ),
        (
            "Things",
            "",
            "properties/layer eq 'probe.air-quality'",
            lambda t: t["properties"]["layer"] == "probe.air-quality",
        ),
        ("Things", "", "properties/nothing/there eq null", lambda t: True),
        ("Things", "", "properties/stale eq true", lambda t: t["properties"]["stale"] is True),
        ("Things", "", "properties/observed_at ge 2026-03-01T12:00:00Z", lambda t: True),
        (
            "Things",
            THING,
            "geo.distance(Locations/location,geography'POINT(11.5 48.1)') lt 0.02",
            lambda t: near(place(t), 11.5, 48.1, 0.02),
        ),
        (
            "Things",
            THING,
            "st_equals(Locations/location,geography'POINT(11.53 48.1)')",
            lambda t: place(t) == {"type": "Point", "coordinates": [11.53, 48.1]},
        ),
        ("Things", THING, "Datastreams/Observations/result gt 2", lambda t: any(v > 2 for v in values(t))),
        (
            "Things",
            THING,
            "not (Datastreams/Observations/result gt 2)",
            lambda t: any(not v > 2 for v in values(t)),
        ),
        (
            "Things",
            THING,
            "Datastreams/ObservedProperty/id eq 'pm10' or name eq ''",
            lambda t: t["name"] == "" or any("pm10" in s["@iot.id"] for s in t["Datastreams"]),
        ),
        (
            "Locations",
            "",
            "location ne null and location/type eq 'Point'",
            lambda p: p["location"] is not None,
        ),
        (
            "Locations",
            "",
            "st_within(location,geography'POLYGON((11.51 48,11.54 48,11.54 49,11.51 49,11.51 48))')",
            lambda p: p["location"] is not None and 11.51 < p["location"]["coordinates"][0] < 11.54,
        ),
        (
            "Datastreams",
            STREAM,
            "unitOfMeasurement/symbol eq 'ug/m3' and Thing/name ne ''",
            lambda s: s["unitOfMeasurement"]["symbol"] == "ug/m3" and s["Thing"]["name"] != "",
        ),
        (
            "Datastreams",
            STREAM,
            "Observations/result add 1 eq 1",
            lambda s: any(r["result"] == 0 for r in s["Observations"]),
        ),
        (
            "Datastreams",
            STREAM,
            "Observations/parameters/quality eq 'provisional' and Observations/result lt length(Thing/name)",
            lambda s: any(
                r["parameters"] and r["result"] < len(s["Thing"]["name"]) for r in s["Observations"]
            ),
        ),
        ("Datastreams", STREAM, "day(phenomenonTime) gt 27", lambda s: int(s["phenomenonTime"][8:10]) > 27),
        (
            "Datastreams",
            STREAM,
            "properties/every eq null or endswith(name,'10')",
            lambda s: s["properties"]["every"] is None or s["name"].endswith("10"),
        ),
        (
            "Observations",
            "Datastream",
            "result div 0 eq null and hour(phenomenonTime) lt 6",
            lambda r: int(r["phenomenonTime"][11:13]) < 6,
        ),
        (
            "Observations",
            "Datastream",
            "substringof('day',Datastream/ObservedProperty/id) and result ne 1",
            lambda r: "day" in r["Datastream"]["@iot.id"].rpartition(":")[2] and r["result"] != 1,
        ),
        (
            "Observations",
            "",
            "resultTime eq null and (parameters/quality eq null or result eq 1)",
            lambda r: not r["parameters"] or r["result"] == 1,
        ),
        (
            "Sensors",
            "Datastreams($top=10000)",
            "Datastreams/ObservedProperty/id eq 'pm10' or Datastreams/name eq 'x'",
            lambda s: any("pm10" in d["@iot.id"] for d in s["Datastreams"]),
        ),
        (
            "ObservedProperties",
            "Datastreams($top=10000)",
            "Datastreams/Thing/name eq 'Hirsch'",
            lambda p: any(d["name"].startswith("Hirsch: ") for d in p["Datastreams"]),
        ),
    ],
)
def test_filters_over_columns_say_what_documents_say(ask, kind, expand, condition, wanted):
    found = ask.json(f"{ROOT}/{kind}?$top=10000&$count=true&$filter={quote(condition)}")
    everyone = everything(ask, kind, expand)
    right = [entity["@iot.id"] for entity in everyone if wanted(entity)]
    assert [entity["@iot.id"] for entity in found["value"]] == right
    assert found["@iot.count"] == len(right)
    assert right


@pytest.mark.parametrize("way", ["", " desc"])
@pytest.mark.parametrize(
    ("kind", "path", "key"),
    [
        ("Things", "name", lambda t: t["name"]),
        ("Things", "id", lambda t: t["@iot.id"]),
        ("Things", "properties/station", lambda t: t["properties"].get("station", "")),
        ("Datastreams", "phenomenonTime", lambda s: s["phenomenonTime"].replace("Z", ".0Z")),
        ("Datastreams", "Thing/name", lambda s: s["Thing"]["name"]),
        ("Things", "Locations/location/type", lambda t: "" if place(t) is None else "Point"),
    ],
)
def test_orders_over_columns_are_those_of_documents(ask, kind, path, key, way):
    expand = {"Things": "Locations", "Datastreams": "Thing"}[kind]
    everyone = everything(ask, kind, expand)
    right = [e["@iot.id"] for e in sorted(everyone, key=key, reverse=bool(way))]
    found = ask.json(f"{ROOT}/{kind}?$top=10000&$orderby={quote(path + way)}")["value"]
    if path == "phenomenonTime":  # texts with and without fractions do not compare as times do
        assert [e["phenomenonTime"][:19] for e in found] == [
            e["phenomenonTime"][:19]
            for e in sorted(everyone, key=lambda s: s["phenomenonTime"][:19], reverse=bool(way))
        ]
        return
    assert [e["@iot.id"] for e in found] == right


def test_pages_of_filtered_and_ordered_sets_join_without_loss(ask):
    asked = f"{ROOT}/Things?$filter=length(name) gt 3&$orderby=name desc,id&$top=4&$count=true"
    path, pages = asked.replace(" ", "%20"), []
    while path is not None:
        page = ask.json(path)
        pages.append(page["value"])
        path = page.get("@iot.nextLink")
    shown = [thing["@iot.id"] for page in pages for thing in page]
    assert len(shown) == len(set(shown)) == page["@iot.count"]
    whole = ask.json(asked.replace("$top=4", "$top=100").replace(" ", "%20"))["value"]
    assert shown == [thing["@iot.id"] for thing in whole]


def test_the_latest_of_all_streams_is_what_each_says_itself(ask):
    expand = quote("Observations($top=1;$orderby=phenomenonTime desc;$count=true)")
    for moment in ("", "&datetime=2026-02-27T00:00:00Z"):
        found = ask.json(f"{ROOT}/Datastreams?$top=10000&$expand={expand}{moment}")["value"]
        assert len(found) > 20
        for stream in found:
            own = ask.json(
                f"{stream['@iot.selfLink']}".partition("?")[0].replace(" ", "%20")
                + f"/Observations?$top=10000{moment}"
            )
            newest = max(own["value"], key=lambda r: int(r["@iot.id"].rpartition(":")[2]))
            assert stream["Observations"] == [newest]
            assert stream["Observations@iot.count"] == len(own["value"])
            assert ("Observations@iot.nextLink" in stream) is (len(own["value"]) > 1)
