import json

import pytest

from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import SourceBroken, SourceRefused
from twin.record import Shape

LOT = {"id": "a", "name": "A", "coords": {"lat": 48.1, "lng": 11.5}, "free": 10, "total": 40, "state": "open"}
V1 = {"last_updated": "2026-11-20T11:45:00", "lots": [LOT]}
SITE = {"id": 1, "name": "S", "lat": "48.1", "lon": "11.5", "purpose": "CAR", "capacity": 40}
LIVE = {"realtime_free_capacity": 10, "realtime_data_updated_at": "2026-11-20T11:44:00Z"}


def read(folder, document, **options):
    (folder / "a.json").write_text(json.dumps(document))
    return records("parkapi", folder / "a.json", options=options)


def test_version_1(tmp_path):
    lot, state = read(tmp_path, V1)
    assert lot.values["capacity"] == 40
    assert state.shape is Shape.OBSERVATION
    assert state.values == {
        "station": "a",
        "time": "2026-11-20T11:45:00",
        "free": 10,
        "occupied": 30,
        "occupancy": 75.0,
    }


def test_version_3_page_by_page():
    with Replay() as server:
        second = as_json({"items": [SITE | {"id": 2, "purpose": "BIKE"}, SITE | {"id": 3}]})
        server.routes["/v3"] = [as_json({"items": [SITE | LIVE], "next_path": "/v3b?start=1"})]
        server.routes["/v3b"] = [second]
        found = records("parkapi", server.url + "/v3")
        assert [r.values.get("id", r.values.get("station")) for r in found] == [1, 1, 3]
        assert found[1].values["time"] == "2026-11-20T11:44:00Z"
        assert len(records("parkapi", server.url + "/v3b", options={"purposes": ["BIKE"]})) == 1


def test_pages_on_another_host_are_not_asked():
    with Replay() as server:
        server.routes["/v3"] = [as_json({"items": [], "next_path": "/v3"})]
        with pytest.raises((SourceBroken, SourceRefused)):
            records("parkapi", server.url + "/v3")


@pytest.mark.parametrize(
    "single", [LOT | {"total": 1}, SITE | {"capacity": 1}, SITE | {"parking_site_id": 7, "capacity": None}]
)
def test_single_spots_are_not_read(tmp_path, single):
    assert read(tmp_path, {"lots": [single | LIVE]}) == []


@pytest.mark.parametrize(
    ("more", "free", "occupied"),
    [
        ({"state": "nodata"}, None, None),
        ({"free": None}, None, None),
        ({"free": 50}, 50, None),
        ({"free": -1}, -1, None),
        ({"free": True}, True, None),
        ({"total": 0}, 10, None),
        ({"total": None}, 10, None),
        ({"free": 0}, 0, 40),
    ],
)
def test_counts_that_do_not_fit_give_no_occupancy(tmp_path, more, free, occupied):
    *_, state = read(tmp_path, {"lots": [LOT | more]})
    assert (state.values["free"], state.values["occupied"]) == (free, occupied)


def test_what_is_personal_is_not_read(tmp_path):
    more = {
        "address": "Erika",
        "description": "Erika",
        "public_url": "Erika",
        "photo_url": "Erika",
        "tags": ["Erika"],
    }
    assert "Erika" not in repr(read(tmp_path, {"lots": [LOT | more]}))


def test_odd_lots_and_places(tmp_path):
    odd = [7, {}, LOT | {"coords": [1, 2]}, LOT | {"coords": {"lat": "x", "lng": 10**400}}]
    found = [r for r in read(tmp_path, {"lots": odd}) if r.shape is Shape.FEATURE]
    assert len(found) == 4
    assert all(r.geometry is None for r in found)
    assert found[3].notes[0].startswith(UNREADABLE)
    assert read(tmp_path, V1, box=[0, 0, 1, 1]) == []


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (as_json({"cities": {}}), "neither lots nor items"),
        (as_json([LOT]), "neither lots nor items"),
        (as_json({"lots": None}), "neither lots nor items"),
        (Answer(HTML, "text/html"), "web page"),
    ],
)
def test_other_documents(answer, words):
    with Replay() as server:
        server.routes["/a"] = [answer]
        with pytest.raises(SourceBroken, match=words):
            records("parkapi", server.url + "/a")
