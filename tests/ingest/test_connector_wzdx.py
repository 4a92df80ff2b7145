import json

import pytest
import shapely

from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay, as_json
from twin.errors import SourceBroken

LINE = {"type": "LineString", "coordinates": [[11.5, 48.1], [11.6, 48.2]]}


def event(name, kind="work-zone", geometry=LINE, related=(), **more):
    core = {"event_type": kind, "road_names": ["A", "B"], "related_road_events": list(related)}
    return {"id": name, "type": "Feature", "geometry": geometry, "properties": {"core_details": core} | more}


def feed(*features):
    contact = {"contact_name": "Erika", "contact_email": "erika@example.org"}
    return {"type": "FeatureCollection", "feed_info": contact, "features": list(features)}


def read(folder, document, **options):
    (folder / "a.geojson").write_text(json.dumps(document))
    return records("wzdx", folder / "a.geojson", options=options)


def test_a_detour_and_later_parts_belong_to_their_work_zone(tmp_path):
    later = [{"type": "first-in-sequence", "id": "w"}, {"type": "next-in-sequence", "id": "z"}]
    detour = [{"type": "next-in-sequence", "id": "d2"}, {"type": "related-work-zone", "id": "w"}]
    found = read(tmp_path, feed(event("w"), event("x", related=later), event("d", "detour", related=detour)))
    assert [r.values["site"] for r in found] == ["w", "w", "w"]
    assert found[0].values["roads"] == "A, B"
    assert shapely.from_wkb(found[0].geometry).length > 0
    assert "rika" not in repr(found)


def test_version_3_has_no_core_details(tmp_path):
    old = {"type": "Feature", "geometry": LINE}
    old["properties"] = {"road_event_id": "w", "event_type": "work-zone", "road_name": "A"}
    (record,) = read(tmp_path, feed(old))
    assert (record.values["id"], record.values["roads"]) == ("w", "A")


def test_types_and_box(tmp_path):
    document = feed(
        event("w"), event("r", "restriction"), event("f", geometry={"type": "Point", "coordinates": [0, 0]})
    )
    assert [r.values["id"] for r in read(tmp_path, document, box=[11, 48, 12, 49])] == ["w"]
    assert [r.values["id"] for r in read(tmp_path, document, types=["restriction"])] == ["r"]


@pytest.mark.parametrize(
    ("impact", "blocked"),
    [("all-lanes-closed", True), ("some-lanes-closed", False), ("unknown", None), (None, None)],
)
def test_blocked(tmp_path, impact, blocked):
    assert read(tmp_path, feed(event("w", vehicle_impact=impact)))[0].values["blocked"] is blocked


def test_odd_values_make_odd_records(tmp_path):
    odd = [
        7,
        {"properties": None},
        event("a", geometry={"type": "Point"}),
        event("b", lanes=[1, {}], types_of_work=3),
    ]
    found = read(tmp_path, feed(*odd))
    assert [dict(r.values) == {} for r in found] == [True, True, False, False]
    assert found[2].notes[0].startswith(UNREADABLE)
    assert found[3].values["lanes"] is None


def test_an_address():
    with Replay() as server:
        server.routes["/feed"] = [
            as_json(feed(event("w"))),
            Answer(HTML, "text/html"),
            as_json({"error": "Erika"}),
        ]
        assert len(records("wzdx", server.url + "/feed")) == 1
        with pytest.raises(SourceBroken, match="web page"):
            records("wzdx", server.url + "/feed")
        with pytest.raises(SourceBroken, match="FeatureCollection"):
            records("wzdx", server.url + "/feed")
