import json
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from ingest.connectors import gbfs
from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import quick, records, source
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import SourceBroken, SourceRefused
from twin.record import Shape

SYSTEM = {"name": "Musterrad", "license_id": "CC0-1.0", "email": "erika@example.org", "phone_number": "+49 1"}
STATIONS = [
    {"station_id": "1", "name": "Musterplatz", "lat": 48.1, "lon": 11.5, "capacity": 20, "region_id": "139"},
    {"station_id": "2", "name": "Ohne Ort", "lat": 0, "lon": 0},
]
STATUS = [
    {"station_id": "1", "num_bikes_available": 7, "num_docks_available": 13, "is_installed": True}
    | {"last_reported": 1795175940, "vehicles": [{"vehicle_id": "40123"}]},
    {"station_id": "2", "num_bikes_available": 1, "is_installed": 1, "last_reported": 0},
]
V3_STATIONS = [
    {"station_id": "1", "name": [{"text": "Square", "language": "en"}, {"text": "Platz", "language": "de"}]}
    | {"lat": 48.1, "lon": 11.5, "capacity": 20}
]
V3_STATUS = [
    {
        "station_id": "1",
        "num_vehicles_available": 7,
        "is_installed": True,
        "last_reported": "2026-11-20T12:59:00+01:00",
    }
]


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def system(replay, *, version=2, host="", without=(), **feeds):
    """A system of that version; its discovery document's address."""
    at = 1795176000 if version < 3 else "2026-11-20T12:00:00Z"
    data = {
        "system_information": SYSTEM
        if version < 3
        else SYSTEM | {"name": [{"text": "Musterrad", "language": "de"}]},
        "station_information": {"stations": STATIONS if version < 3 else V3_STATIONS},
        "station_status": {"stations": STATUS if version < 3 else V3_STATUS},
        "free_bike_status": {"bikes": [{"bike_id": "40123", "lat": 48.1, "lon": 11.5}]},
    } | feeds
    found = []
    for name, document in data.items():
        if name not in without:
            replay.routes[f"/v/de/{name}.json"] = [as_json({"last_updated": at, "ttl": 60, "data": document})]
            found.append({"name": name, "url": f"{host or replay.url}/v/de/{name}.json"})
    listing = {"feeds": found} if version >= 3 else {"en": {"feeds": []}, "de": {"feeds": found}}
    replay.routes["/v/gbfs.json"] = [as_json({"last_updated": at, "ttl": 60, "data": listing})]
    return replay.url + "/v/gbfs.json"


def test_version_2(replay):
    one, two, counted, other = records("gbfs", system(replay))
    assert one.values == {
        "station_id": "1",
        "name": "Musterplatz",
        "capacity": 20,
        "region_id": "139",
        "operator": "Musterrad",
    }
    assert shapely.from_wkb(one.geometry) == shapely.Point(11.5, 48.1)
    assert two.geometry is None
    assert two.notes[0].startswith(UNREADABLE)
    assert counted.shape is Shape.OBSERVATION
    assert counted.values == {"station": "1", "time": "2026-11-20T11:59:00Z", "vehicles": 7, "docks": 13}
    assert other.values == {"station": "2", "time": "2026-11-20T12:00:00Z", "vehicles": 1, "docks": None}


def test_version_3(replay):
    station, counted = records("gbfs", system(replay, version=3))
    assert station.values["name"] == "Platz"
    assert station.values["operator"] == "Musterrad"
    assert counted.values == {"station": "1", "time": "2026-11-20T11:59:00Z", "vehicles": 7, "docks": None}
    assert (
        records("gbfs", system(replay, version=3), options={"language": "en"})[0].values["name"] == "Square"
    )


def test_no_single_vehicle_and_no_contact_is_read(replay):
    lone = {"station_id": "9", "name": "BIKE 40123", "lat": 48.1, "lon": 11.5}
    counts = [*STATUS, {"station_id": "9", "num_bikes_available": 1, "is_installed": True}]
    url = system(
        replay, station_information={"stations": [*STATIONS, lone]}, station_status={"stations": counts}
    )
    found = records("gbfs", url)
    assert len(found) == 4
    told = repr([(r.values, r.place, r.notes) for r in found])
    for word in ("40123", "erika", "+49"):
        assert word not in told
    assert not any("bike_status" in path for path, _ in replay.asked)


def test_stations_out_of_operation_have_no_count(replay):
    status = {"stations": [STATUS[0] | {"is_installed": False}]}
    *_, counted = records("gbfs", system(replay, station_status=status))
    assert (counted.values["vehicles"], counted.values["docks"]) == (None, None)


def test_a_system_without_a_licence_is_refused_unless_it_is_stated_elsewhere(replay):
    url = system(replay, system_information={"name": "Musterrad"})
    with pytest.raises(SourceRefused, match=r"no licence.*options\.licensed"):
        records("gbfs", url)
    assert len(records("gbfs", url, options={"licensed": True})) == 4


@pytest.mark.parametrize(("minutes", "notes"), [(29, ()), (31, (gbfs._STALE,))])
def test_a_feed_that_stands_still_is_told_once(replay, monkeypatch, minutes, notes):
    monkeypatch.setattr(
        gbfs, "now", lambda: datetime(2026, 11, 20, 12, tzinfo=UTC) + timedelta(minutes=minutes)
    )
    found = records("gbfs", system(replay))
    assert [r.notes for r in found if r.shape is Shape.OBSERVATION] == [notes, ()]


@pytest.mark.parametrize("missing", ["station_status", "station_information", "system_information"])
def test_a_missing_feed_is_named(replay, missing):
    with pytest.raises(SourceBroken, match=missing):
        records("gbfs", system(replay, without=(missing,)))


def test_feeds_on_another_host_are_not_asked():
    with (
        quick(trusted=False, resolve=lambda host, port: ["93.184.216.34"]) as fetch,
        pytest.raises(SourceRefused, match=r"another host.*options\.hosts"),
    ):
        fetch.follow("https://gbfs.example.org/gbfs.json", "https://evil.example.net/station_status.json")


@pytest.mark.parametrize(
    ("path", "answer", "words"),
    [
        ("gbfs", as_json({"data": {}}), "lists no feeds"),
        ("gbfs", as_json([]), "lists no feeds"),
        ("gbfs", Answer(HTML, "text/html"), "web page"),
        ("de/station_status", as_json({"error": "x"}), "no GBFS feed"),
        ("de/station_information", as_json({"data": {"stations": {}}}), "lists no stations"),
    ],
)
def test_other_documents(replay, path, answer, words):
    url = system(replay)
    replay.routes[f"/v/{path}.json"] = [answer]
    with pytest.raises(SourceBroken, match=words):
        records("gbfs", url)


def test_odd_values_make_odd_records_and_no_failure(tmp_path):
    odd = [
        7,
        None,
        {"station_id": None, "name": [1], "lat": "x", "lon": 10**400},
        {"lat": 48, "lon": float("nan")},
    ]
    times = ["x", 10**30, "2026-01-01T00:00:00", -1, True, {"a": 1}]
    counts = [{"station_id": None, "last_reported": t} for t in times]
    for name, data in [
        ("system_information", SYSTEM),
        ("station_information", {"stations": odd}),
        ("station_status", {"stations": counts}),
    ]:
        document = {"data": data, "last_updated": "nonsense", "ttl": "x"}
        (tmp_path / f"{name}.json").write_text(json.dumps(document))
    found = records("gbfs", tmp_path)
    assert len(found) == len(odd) + len(times)
    assert all(r.values["time"] is None for r in found if r.shape is Shape.OBSERVATION)
    assert source("gbfs", tmp_path).url
