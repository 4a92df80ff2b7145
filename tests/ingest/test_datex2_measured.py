"""Detectors in DATEX II: values find their place, lanes become a carriageway, and nothing is made up."""

import pytest
import shapely

from ingest.connectors.datex2_measured import FAULTY, SEVERAL
from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import records
from tests.replay import Answer, Replay
from twin.record import Shape

XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
POINT = (
    "<pointByCoordinates><pointCoordinates><latitude>48.1</latitude><longitude>11.5</longitude>"
    "</pointCoordinates></pointByCoordinates>"
)


def of(index, lane="", vehicles="anyVehicle", more=""):
    lane = f"<specificLane>{lane}</specificLane>" if lane else ""
    types = "".join(f"<vehicleType>{kind}</vehicleType>" for kind in vehicles.split()) + more
    whose = f"<specificVehicleCharacteristics>{types}</specificVehicleCharacteristics>" if types else ""
    inner = f"<measurementSpecificCharacteristics>{lane}{whose}</measurementSpecificCharacteristics>"
    return f'<measurementSpecificCharacteristics index="{index}">{inner}</measurementSpecificCharacteristics>'


def site(*characteristics, key="D1", where=POINT):
    location = f"<measurementSiteLocation>{where}</measurementSiteLocation>"
    return f'<measurementSiteRecord id="{key}">{"".join(characteristics)}{location}</measurementSiteRecord>'


def value(index, kind, number, more="", attributes=""):
    holder, name = {
        "flow": ("vehicleFlow", "vehicleFlowRate"),
        "speed": ("averageVehicleSpeed", "speed"),
        "occupancy": ("occupancy", "percentage"),
    }[kind]
    said = "" if number is None else f"<{name}>{number}</{name}>"
    data = f"<basicData><{holder} {attributes}>{more}{said}</{holder}></basicData>"
    return f'<measuredValue index="{index}"><measuredValue>{data}</measuredValue></measuredValue>'


def said(
    *values, key="D1", time="<measurementTimeDefault>2026-11-20T12:00:00+01:00</measurementTimeDefault>"
):
    head = f'<measurementSiteReference id="{key}"/>'
    return f"<siteMeasurements>{head}{time}{''.join(values)}</siteMeasurements>"


def document(*parts):
    return (
        f'<d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" {XSI}><payloadPublication>'
        f"<publicationTime>2026-11-20T12:01:00+01:00</publicationTime>{''.join(parts)}"
        "</payloadPublication></d2LogicalModel>"
    )


def read(folder, *parts, **options):
    (folder / "a.xml").write_text(document(*parts))
    found = records("datex2", folder / "a.xml", options=options)
    return [r for r in found if r.shape is Shape.FEATURE], [r for r in found if r.shape is Shape.OBSERVATION]


def numbers(record):
    return tuple(record.values[name] for name in ("flow", "speed", "occupancy"))


def test_values_before_their_table_and_of_others(tmp_path):
    sites, found = read(
        tmp_path, said(value(1, "flow", 60)), said(value(1, "flow", 1), key="D9"), site(of(1))
    )
    assert shapely.from_wkb(sites[0].geometry) == shapely.Point(11.5, 48.1)
    assert [(r.values["station"], r.values["time"]) for r in found] == [("D1", "2026-11-20T11:00:00Z")]
    assert numbers(found[0]) == (60.0, None, None)


def test_table_and_values_at_two_addresses():
    with Replay() as replay:
        replay.routes["/sites"] = [Answer(document(site(of(1))).encode(), "text/xml")]
        replay.routes["/values"] = [Answer(document(said(value(1, "flow", 60))).encode(), "text/xml")]
        found = records("datex2", replay.url + "/sites", options={"also": [replay.url + "/values"]})
    assert [r.shape for r in found] == [Shape.FEATURE, Shape.OBSERVATION]


def test_lanes_become_a_carriageway_and_fast_lanes_weigh_by_their_flow(tmp_path):
    lanes = [of(1, "lane1"), of(2, "lane2"), of(3, "lane1"), of(4, "lane2"), of(5, "lane1"), of(6, "lane2")]
    values = [value(1, "flow", 300), value(2, "flow", 900), value(3, "speed", 80), value(4, "speed", 120)]
    values += [value(5, "occupancy", 4), value(6, "occupancy", 10)]
    _, (record,) = read(tmp_path, site(*lanes), said(*values))
    assert numbers(record) == (1200.0, 110.0, 7.0)


def test_the_whole_carriageway_is_not_added_to_its_lanes(tmp_path):
    whole = "allLanesCompleteCarriageway"
    _, (record,) = read(
        tmp_path,
        site(of(1, "lane1"), of(2, "lane2"), of(3, whole)),
        said(value(1, "flow", 300), value(2, "flow", 900), value(3, "flow", 1200)),
    )
    assert record.values["flow"] == 1200.0


@pytest.mark.parametrize(
    "some",
    [
        {"vehicles": "lorry"},
        {"vehicles": "car lorry"},
        {
            "vehicles": "anyVehicle",
            "more": "<lengthCharacteristic><vehicleLength>5</vehicleLength></lengthCharacteristic>",
        },
    ],
)
def test_values_of_some_vehicles_are_no_more_vehicles(tmp_path, some):
    _, (record,) = read(
        tmp_path,
        site(of(1, "lane1"), of(2, "lane1", **some)),
        said(value(1, "flow", 300), value(2, "flow", 90)),
    )
    assert record.values["flow"] == 300.0
    _, nothing = read(tmp_path, site(of(2, "lane1", **some)), said(value(2, "flow", 90)))
    assert nothing == []


def test_no_vehicle_has_no_speed(tmp_path):
    for odd in (value(2, "speed", -1), value(2, "speed", 0, attributes='numberOfInputValuesUsed="0"')):
        _, (record,) = read(tmp_path, site(of(1), of(2)), said(value(1, "flow", 0), odd))
        assert numbers(record) == (0.0, None, None)


@pytest.mark.parametrize("number", [0, 600, None])
def test_a_flow_of_which_one_lane_is_wrong_is_none(tmp_path, number):
    wrong = value(2, "flow", number, more="<dataError>true</dataError>")
    _, (record,) = read(
        tmp_path, site(of(1, "lane1"), of(2, "lane2"), of(3, "lane1")),
        said(value(1, "flow", 300), wrong, value(3, "speed", 80)),
    )  # fmt: skip
    assert numbers(record) == (None, 80.0, None)
    assert record.notes == (FAULTY,)


@pytest.mark.parametrize("number", ["viele", "", "nan", "inf", "-5"])
def test_numbers_that_are_none(tmp_path, number):
    _, (record,) = read(tmp_path, site(of(1)), said(value(1, "flow", number)))
    assert numbers(record) == (None, None, None)


def test_a_hard_shoulder_is_a_lane_of_its_own(tmp_path):
    _, (record,) = read(
        tmp_path,
        site(of(1, "lane1"), of(2, "hardShoulder")),
        said(value(1, "flow", 300), value(2, "flow", 60)),
    )
    assert record.values["flow"] == 360.0


def test_without_a_table_one_value_of_each_kind_is_clear_and_several_are_not(tmp_path):
    """French feeds have a single index 0; what the second flow of others is only their table tells."""
    _, (record,) = read(tmp_path, said(value(0, "flow", 60), value(0, "speed", 92.0)))
    assert numbers(record) == (60.0, 92.0, None)
    _, (unclear,) = read(tmp_path, said(value(1, "flow", 60), value(2, "flow", 12)))
    assert numbers(unclear) == (None, None, None)
    assert unclear.notes == (SEVERAL,)


def test_a_percentage_of_something_else_is_no_occupancy(tmp_path):
    odd = value(1, "flow", 60).replace(
        "</vehicleFlow>",
        "</vehicleFlow><percentageLongVehicles><percentage>12</percentage></percentageLongVehicles>",
    )
    _, (record,) = read(tmp_path, site(of(1)), said(odd))
    assert numbers(record) == (60.0, None, None)


def test_times_of_both_versions_else_that_of_the_document(tmp_path):
    third = "<measurementTimeDefault><timeValue>2026-11-20T10:00:00Z</timeValue></measurementTimeDefault>"
    for time, expected in ((third, "2026-11-20T10:00:00Z"), ("", "2026-11-20T11:01:00Z")):
        _, (record,) = read(tmp_path, site(of(1)), said(value(1, "flow", 60), time=time))
        assert record.values["time"] == expected


def test_a_point_by_location_codes_alone_has_no_place(tmp_path):
    sites, _ = read(tmp_path, site(of(1), where="<alertCPoint/>"), site(of(1), key="D2", where=""))
    assert [record.geometry for record in sites] == [None, None]
    assert all(record.notes[0].startswith(UNREADABLE) for record in sites)


def test_a_box_leaves_out_points_and_what_they_measured(tmp_path):
    assert read(tmp_path, site(of(1)), said(value(1, "flow", 60)), box=[12, 48, 13, 49]) == ([], [])
