# ruff: noqa: E501  the payloads are easier to read whole
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors import xml_stream
from ingest.connectors.datex2_place import SHOWN
from ingest.connectors.datex2_times import BEYOND, MANY, UNREAD, without
from ingest.connectors.features import UNREADABLE
from tests.ingest.asking import records
from tests.replay import EXCEPTION_REPORT, HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceRefused
from twin.record import Shape

HERE = "<pointByCoordinates><pointCoordinates><latitude>48.1</latitude><longitude>11.5</longitude></pointCoordinates></pointByCoordinates>"
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


def place(inner=HERE, name="groupOfLocations"):
    return f'<{name} xsi:type="Point">{inner}</{name}>'


def works(inner="", times="", of="MaintenanceWorks", location=None, name="R-1"):
    validity = f"<validity><validityTimeSpecification>{times}</validityTimeSpecification></validity>"
    where = place() if location is None else location
    return f'<situationRecord xsi:type="{of}" id="{name}">{validity if times else ""}{where}{inner}</situationRecord>'


def document(*situations, body=""):
    found = "".join(f'<situation id="S-{n}">{s}</situation>' for n, s in enumerate(situations, 1))
    return (
        f'<?xml version="1.0"?><d2LogicalModel xmlns="http://datex2.eu/schema/2/2_0" {XSI}>'
        f'<payloadPublication xsi:type="SituationPublication"><publicationTime>2026-11-20T10:00:00Z</publicationTime>'
        f"{found}{body}</payloadPublication></d2LogicalModel>"
    )


def read(folder, text, **options):
    (folder / "a.xml").write_bytes(text.encode() if isinstance(text, str) else text)
    return records("datex2", folder / "a.xml", options=options)


def one(folder, **more):
    (record,) = read(folder, document(works(**more)))
    return record


def test_only_wanted_types_are_read_and_a_box_cuts(tmp_path):
    text = document(works() + works(of="SpeedManagement", name="R-2"), works(name="R-3", of="PublicEvent"))
    assert [r.values["id"] for r in read(tmp_path, text)] == ["R-1"]
    assert [r.values["id"] for r in read(tmp_path, text, types=["PublicEvent"])] == ["R-3"]
    assert read(tmp_path, text, box=[12, 48, 13, 49]) == []
    assert len(read(tmp_path, text, box=[11, 48, 12, 49])) == 1


LINE = '<gmlLineString srsName="{}"><posList {}>{}</posList></gmlLineString>'
XY = "<pointCoordinates><latitude>{}</latitude><longitude>{}</longitude></pointCoordinates>"


@pytest.mark.parametrize(
    ("location", "wkt"),
    [
        (place(LINE.format("", "", "48.1 11.5 48.2 11.6")), "LINESTRING (11.5 48.1, 11.6 48.2)"),
        (
            place(LINE.format("urn:ogc:def:crs:EPSG::4326", "", "48.1 11.5 48.2 11.6")),
            "LINESTRING (11.5 48.1, 11.6 48.2)",
        ),
        (
            place(LINE.format("", 'srsDimension="3"', "48.1 11.5 500 48.2 11.6 501")),
            "LINESTRING (11.5 48.1, 11.6 48.2)",
        ),
        (
            place(LINE.format("", "", "1 2 3 4") + LINE.format("", "", "5 6 7 8")),
            "MULTILINESTRING ((2 1, 4 3), (6 5, 8 7))",
        ),
        (
            place(
                "<gmlMultiPolygon><gmlPolygon><exterior><LinearRing><posList>0 0 0 1 1 1 0 0</posList></LinearRing></exterior>"
                "<interior><LinearRing><posList>.1 .1 .1 .2 .2 .2 .1 .1</posList></LinearRing></interior></gmlPolygon></gmlMultiPolygon>"
            ),
            "POLYGON ((0 0, 1 0, 1 1, 0 0))",
        ),
        (
            place(
                f"<linearByCoordinates><startPoint>{XY.format(1, 2)}</startPoint><intermediatePoint index='0'>{XY.format(3, 4)}"
                f"</intermediatePoint><endPoint>{XY.format(5, 6)}</endPoint></linearByCoordinates>"
            ),
            "LINESTRING (2 1, 4 3, 6 5)",
        ),
        (place(f"<to>{XY.format(5, 6)}</to><from>{XY.format(1, 2)}</from>"), "LINESTRING (2 1, 6 5)"),
        (place(f"<from>{XY.format(1, 2)}</from>"), "POINT (2 1)"),
        (place(HERE, name="locationReference"), "POINT (11.5 48.1)"),
    ],
)
def test_lines_areas_and_points(tmp_path, location, wkt):
    record = one(tmp_path, location=location)
    assert shapely.from_wkb(record.geometry).equals(shapely.from_wkt(wkt))
    assert record.crs == "OGC:CRS84"


def test_another_crs_keeps_its_order_and_axes_can_be_stated(tmp_path):
    utm = place(LINE.format("urn:ogc:def:crs:EPSG::25832", "", "691603 5334760 691604 5334761"))
    record = one(tmp_path, location=utm)
    assert record.crs == "urn:ogc:def:crs:EPSG::25832"
    assert shapely.from_wkb(record.geometry).coords[0] == (691603, 5334760)
    text = document(works(location=place(LINE.format("", "", "11.5 48.1 11.6 48.2"))))
    assert shapely.from_wkb(read(tmp_path, text, axes="xy")[0].geometry).coords[0] == (11.5, 48.1)
    with pytest.raises(RecipeError, match="axes"):
        read(tmp_path, text, axes="zz")


def test_a_sign_on_the_map_is_a_last_resort_that_is_told(tmp_path):
    shown = "<locationForDisplay><latitude>48.1</latitude><longitude>11.5</longitude></locationForDisplay>"
    assert one(tmp_path, location=place(shown)).notes == (SHOWN,)
    assert one(tmp_path, location=place(shown + LINE.format("", "", "1 2 3 4"))).notes == ()


@pytest.mark.parametrize(
    "location",
    [
        "",
        place("<alertCLinear/>"),
        place(XY.format("x", 11)),
        place(XY.format("148", 11)),
        place(XY.format("nan", 11)),
        place(LINE.format("", "", "48.1 11.5")),
        place(LINE.format("", "", "48.1 elf")),
        place(LINE.format("", "", "1e999 1 2 3")),
    ],
)
def test_positions_that_are_none_are_told_without_values(tmp_path, location):
    record = one(tmp_path, location=location)
    assert record.geometry is None
    assert record.notes[0].startswith(UNREADABLE)
    assert "148" not in record.notes[0]


def overall(begin="2026-11-16T00:00:00+01:00", end="2026-11-18T00:00:00+01:00"):
    return f"<overallStartTime>{begin}</overallStartTime>" + (
        f"<overallEndTime>{end}</overallEndTime>" if end else ""
    )


def hours(begin, end, days=""):
    day = "".join(f"<applicableDay>{d}</applicableDay>" for d in days.split())
    week = f"<recurringDayWeekMonthPeriod>{day}</recurringDayWeekMonthPeriod>" if day else ""
    return (
        f"<validPeriod><recurringTimePeriodOfDay><startTimeOfPeriod>{begin}</startTimeOfPeriod><endTimeOfPeriod>"
        f"{end}</endTimeOfPeriod></recurringTimePeriodOfDay>{week}</validPeriod>"
    )


@pytest.mark.parametrize(
    ("times", "windows"),
    [
        (overall(), "2026-11-15T23:00:00Z/2026-11-17T23:00:00Z"),
        (overall("2026-11-16T00:00:00", "2026-11-18T00:00:00"), "2026-11-15T23:00:00Z/2026-11-17T23:00:00Z"),
        (overall(end=None), None),
        (
            overall() + hours("09:00:00", "15:00:00"),
            "2026-11-16T08:00:00Z/2026-11-16T14:00:00Z, 2026-11-17T08:00:00Z/2026-11-17T14:00:00Z",
        ),
        (
            overall() + hours("22:00:00+01:00", "24:00:00", "tuesday"),
            "2026-11-17T21:00:00Z/2026-11-17T23:00:00Z",
        ),
        # the night before the overall time reaches into it
        (overall() + hours("22:00:00", "05:00:00", "sunday"), "2026-11-15T23:00:00Z/2026-11-16T04:00:00Z"),
        (overall() + hours("00:00:00", "00:00:00"), "2026-11-15T23:00:00Z/2026-11-17T23:00:00Z"),
        (
            overall()
            + "<exceptionPeriod><startOfPeriod>2026-11-17T00:00:00+01:00</startOfPeriod></exceptionPeriod>",
            "2026-11-15T23:00:00Z/2026-11-16T23:00:00Z",
        ),
        (overall("2026-11-18T00:00:00Z", "2026-11-16T00:00:00Z"), None),
    ],
)
def test_validity(tmp_path, times, windows):
    assert one(tmp_path, times=times).values["windows"] == windows


@pytest.mark.parametrize(
    ("times", "note"),
    [
        (overall("gestern"), UNREAD),
        (overall() + hours("9 Uhr", "15:00:00"), UNREAD),
        (overall() + hours("09:00:00", "15:00:00", "Feiertag"), UNREAD),
        (overall("0001-01-01T00:00:00+14:00"), UNREAD),
        (overall("1990-01-01T00:00:00Z", "2090-01-01T00:00:00Z") + hours("09:00:00", "15:00:00"), UNREAD),
        (overall("2021-01-01T00:00:00Z", "2026-01-01T00:00:00Z") + hours("09:00:00", "15:00:00") * 2, MANY),
    ],
)
def test_validity_that_cannot_be_written_down_is_told(tmp_path, times, note):
    record = one(tmp_path, times=times)
    assert record.notes == (note,)
    assert record.values["windows"] is None


def period(begin, end):
    return (
        f"<validPeriod><startOfPeriod>{begin}</startOfPeriod><endOfPeriod>{end}</endOfPeriod></validPeriod>"
    )


def test_periods_beyond_the_overall_time_are_believed_and_told(tmp_path):
    # so in the feed of Baden-Württemberg: nights stated to their end, the whole only to the last evening
    nights = period("2026-11-16T20:00:00+01:00", "2026-11-17T00:00:00+01:00")
    nights += period("2026-11-17T00:00:00+01:00", "2026-11-17T07:00:00+01:00")
    nights += period("2026-11-17T20:00:00+01:00", "2026-11-18T07:00:00+01:00")
    record = one(tmp_path, times=overall("2026-11-16T07:00:00+01:00", "2026-11-17T20:00:00+01:00") + nights)
    assert record.values["windows"] == (
        "2026-11-16T19:00:00Z/2026-11-17T06:00:00Z, 2026-11-17T19:00:00Z/2026-11-18T06:00:00Z"
    )
    assert (record.values["begin"], record.values["end"]) == ("2026-11-16T06:00:00Z", "2026-11-18T06:00:00Z")
    assert record.notes == (BEYOND,)


def test_comments_by_what_they_are_about(tmp_path):
    def said(text, about):
        mark = f"<commentExtension><commentExtended><commentType2>{about}</commentType2></commentExtended></commentExtension>"
        words = f"<comment><values><value lang='DE'>{text}</value></values></comment>"
        return f"<generalPublicComment>{words}{mark}</generalPublicComment>"

    inner = (
        said("B 1 Brücke", "roadworksName")
        + said("Bauwerk", "roadworksType")
        + said("über K 2", "routeRecommendation")
    )
    values = one(tmp_path, inner=inner + said("", "other") + said("über L 3", "routeRecommendation")).values
    assert (values["name"], values["description"]) == ("B 1 Brücke", "Bauwerk")
    assert values["detour"] == "über K 2 · über L 3"


instants = st.integers(0, 200).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n))
spans = st.lists(st.tuples(instants, instants).filter(lambda s: s[0] < s[1]), max_size=6)


@given(spans, spans)
def test_what_is_left_holds_and_is_not_excepted(holds, exceptions):
    left = list(without(holds, exceptions))
    for n in range(200):
        at = datetime(2026, 1, 1, 0, 30, tzinfo=UTC) + timedelta(hours=n)
        inside = any(a <= at < b for a, b in holds) and not any(a <= at < b for a, b in exceptions)
        assert inside == any(a <= at < b for a, b in left)


def test_nobodys_contact_is_read(tmp_path):
    inner = (
        "<source><sourceName><values><value>Erika</value></values></sourceName></source>"
        "<nonGeneralPublicComment><comment><values><value>Erika</value></values></comment></nonGeneralPublicComment>"
        "<generalPublicComment><comment><values><value lang='en'>Works</value><value lang='de'>Bau</value></values>"
        "</comment></generalPublicComment><situationRecordExtension><contactName>Erika</contactName></situationRecordExtension>"
    )
    record = one(tmp_path, inner=inner)
    assert record.values["description"] == "Bau"
    assert "Erika" not in repr(record)


@pytest.mark.parametrize(
    ("management", "blocked"), [("roadClosed", True), ("laneClosures", False), ("somethingNew", None)]
)
def test_blocked(tmp_path, management, blocked):
    word = f"<roadOrCarriagewayOrLaneManagementType>{management}</roadOrCarriagewayOrLaneManagementType>"
    record = one(tmp_path, inner=word, of="RoadOrCarriagewayOrLaneManagement")
    assert record.values["blocked"] is blocked


def park(name, inner=""):
    return f'<parkingRecord id="{name}" xsi:type="UrbanParkingSite">{place(name="parkingLocation")}{inner}</parkingRecord>'


def state(name, inner):
    return f'<parkingRecordStatus><parkingRecordReference id="{name}"/>{inner}</parkingRecordStatus>'


def test_states_before_their_car_parks_and_states_of_others(tmp_path):
    full = "<parkingOccupancy><parkingNumberOfVacantSpaces>0</parkingNumberOfVacantSpaces></parkingOccupancy>"
    text = document(body=state("P1", full) + state("P9", full) + park("P1"))
    first, second = read(tmp_path, text)
    assert (first.shape, second.shape) == (Shape.FEATURE, Shape.OBSERVATION)
    assert (second.values["station"], second.values["free"], second.values["time"]) == (
        "P1",
        "0",
        "2026-11-20T10:00:00Z",
    )
    assert len(read(tmp_path, document(body=state("P1", full) + state("P9", full)))) == 2


def test_a_word_that_is_called_like_a_state_is_none(tmp_path):
    text = document(body="<parkingFacilityStatus>open</parkingFacilityStatus>")
    assert read(tmp_path, text) == []


def test_table_and_states_at_two_addresses():
    with Replay() as server:
        server.routes["/table"] = [Answer(document(body=park("P1")).encode(), "application/xml")]
        server.routes["/state"] = [Answer(document(body=state("P1", "")).encode(), "text/xml")]
        found = records("datex2", server.url + "/table", options={"also": ["/state"]})
    assert [r.shape for r in found] == [Shape.FEATURE, Shape.OBSERVATION]


BOMB = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><d><situation>&b;</situation></d>'
FILE = b'<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE d SYSTEM "file:///etc/hostname"><d/>'


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (BOMB, SourceRefused, "DOCTYPE"),
        (FILE, SourceRefused, "DOCTYPE"),
        (HTML, SourceRefused, "DOCTYPE"),
        (b"<d><situation>&undefined;</situation></d>", SourceBroken, "not readable XML"),
        (document(works())[:-30].encode(), SourceBroken, "not readable XML"),
        (b"", SourceBroken, "not readable XML"),
        (b"{}", SourceBroken, "not readable XML"),
        (b"<a>" * 100_000, SourceBroken, "nested too deeply"),
        (EXCEPTION_REPORT, SourceBroken, "no DATEX II"),
        (b"\xff\xfe<\x00a\x00>\x00", SourceBroken, "not readable XML"),
    ],
)
def test_hostile_and_other_documents(tmp_path, text, error, words):
    with pytest.raises(error, match=words) as caught:
        read(tmp_path, text)
    assert "secret" not in str(caught.value)


def test_documents_over_the_cap_are_refused(tmp_path, monkeypatch):
    text = document(*[works(name=f"R-{n}") for n in range(50)])
    monkeypatch.setattr(xml_stream.elements, "__defaults__", (len(text) - 1,))
    with pytest.raises(SourceRefused, match="larger than"):
        read(tmp_path, text)
    monkeypatch.setattr(xml_stream.elements, "__defaults__", (len(text),))
    assert len(read(tmp_path, text)) == 50


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=40))
def test_any_words_in_any_place_make_a_record(tmp_path_factory, words):
    word = escape(words)
    times = f"<overallStartTime>{word}</overallStartTime>" + hours(word, word, "monday")
    comment = f"<generalPublicComment><comment><values><value>{word}</value></values></comment></generalPublicComment>"
    text = document(works(comment, times, location=place(LINE.format("", "", word) + XY.format(word, word))))
    assert len(read(tmp_path_factory.mktemp("d"), text)) == 1
