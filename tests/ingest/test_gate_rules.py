"""The gate's rules as recipes say them, what it stops unasked, and how all of it is counted."""

from typing import Any

import pytest
from pydantic import ValidationError

from ingest.account import hushed
from ingest.gate import admit, inspect
from ingest.load import load_city
from ingest.measured import Measured
from twin.decision import decisions
from twin.errors import SourceChanged, TwinError
from twin.layer import Layer
from twin.record import Feature, Record
from twin.report import Report
from twin.rule import Rule

REASON = {"de": "Darum.", "en": "Because."}
CITY = load_city("muenchen")


def layer(*rules: dict[str, Any]) -> Layer:
    made = CITY.layer("construction-sites")
    assert made is not None
    gate = tuple(Rule.model_validate({**rule, "reason": REASON}) for rule in rules)
    return made.model_copy(update={"gate": gate})


def admitted(
    rule: dict[str, Any], *values: dict[str, Any], report: Report | None = None
) -> list[dict[str, Any]]:
    records = [Record(f"row {n}", each) for n, each in enumerate(values)]
    return [dict(record.values) for record in admit(records, layer(rule), report or Report())]


def told(report: Report) -> list[tuple[str, str, str, int]]:
    return [(d.act.value, d.found, d.column, d.count) for d in decisions(report.gate)]


def test_several_fields_are_dropped_by_one_rule() -> None:
    report = Report()
    rule = {"drop": ["benutzt", "stand"]}
    assert admitted(rule, {"benutzt": "a", "stand": 1, "x": 2}, {"stand": None, "x": 3}, report=report) == [
        {"x": 2},
        {"stand": None, "x": 3},
    ]
    assert told(report) == [("drop", "rule", "benutzt", 1), ("drop", "rule", "stand", 1)]


@pytest.mark.parametrize(
    ("rule", "held", "passed"),
    [
        ({"equals": ["1"]}, [1, "1", " 1 "], ["0", 0, None, "01"]),
        ({"unless": [""]}, ["Max Muster", 0], ["", None, "  "]),
        ({"matches": ["person's name"]}, ["für Herrn Muster", "x" * 10_001], ["Behindertenparkplatz", None]),
        ({"min_count": 5}, [1, "4", 4.5, "abc", -1, "nan"], [0, "0", 5, "5.0", None]),
    ],
)
def test_conditions(rule: dict[str, Any], held: list[Any], passed: list[Any]) -> None:
    report = Report()
    kept = admitted({"hold": "x"} | rule, *({"x": value} for value in held + passed), report=report)
    assert kept == [{"x": value} for value in passed]
    assert (report.taken, report.held) == (len(held), len(held))
    (decision,) = told(report)
    assert decision == ("hold", f"rule {next(iter(rule))}", "x", len(held))


def test_small_counts_are_dropped_and_the_row_stays() -> None:
    rule = {"drop": ["trips", "people"], "min_count": 10}
    assert admitted(rule, {"trips": 3, "people": 40, "of": "A"}) == [{"people": 40, "of": "A"}]


def test_vehicles_seen_in_two_places_are_held_whole() -> None:
    def record(identity: str, place: bytes) -> Record:
        return Record(f"{identity}", {"vehicle": identity}, place)

    report = Report()
    rule = layer({"hold": "vehicle", "moves": True})
    records = [record("a", b"1"), record("b", b"1"), record("a", b"2"), record("b", b"1"), record("c", b"3")]
    assert [r.place for r in admit(records, rule, report)] == ["b", "b", "c"]
    assert told(report) == [("hold", "movement", "vehicle", 2)]
    assert (report.taken, report.held) == (2, 2)


FIELDS = {
    "user": "mapper7",
    "uid": "4711",
    "bike_id": "x",
    "Ansprechpartner": "Muster",
    "contact:phone": "1",
    "mac": "z",
}


def test_fields_with_telling_names_are_dropped_unasked() -> None:
    report = Report()
    assert admitted({"drop": "x"}, {**FIELDS, "name": "Isartor"}, report=report) == [{"name": "Isartor"}]
    assert told(report) == [
        ("drop", "contact field", "", 2),
        ("drop", "device field", "", 1),
        ("drop", "user field", "", 2),
        ("drop", "vehicle field", "", 1),
    ]


def test_a_recipe_can_say_that_such_a_field_tells_nothing() -> None:
    report = Report()
    assert admitted({"allow": "uid"}, FIELDS, report=report) == [{"uid": "4711"}]
    assert ("pass", "user field", "uid", 1) in told(report)


@pytest.mark.parametrize("field", ["uid", "bike_id", "Eigentümer", "contact.name"])
def test_a_recipe_that_maps_such_a_field_is_refused(field: str) -> None:
    data = layer().model_dump(by_alias=True)
    data["fields"]["title"]["from"] = field
    with pytest.raises(ValidationError, match="dropped by the gate"):
        Layer.model_validate(data)
    data["gate"] = [{"allow": field, "reason": REASON}]
    Layer.model_validate(data)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"hold": "x"},
        {"hold": "x", "drop": "y", "equals": ["1"]},
        {"hold": "x", "equals": ["1"], "unless": ["2"]},
        {"hold": "x", "matches": ["names"]},
        {"hold": "x", "min_count": 1},
        {"drop": "x", "moves": True},
        {"allow": "x", "equals": ["1"]},
    ],
)
def test_a_rule_that_says_nothing_or_two_things_is_refused(rule: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Rule.model_validate({**rule, "reason": REASON})


def test_stations_named_after_somebody_are_held_with_what_they_measured() -> None:
    report = Report()
    places = ["row 1", "row 2", "row 3"]
    stations = ["A1", "Herr Muster", "Herr Muster", "B2"]
    measured = Measured(places, [0, 1, 1, 2], stations, ["no2"] * 4, [1.0, 2.0, 3.0, 4.0], [5, 6, 7, 8])
    (left,) = inspect([measured], layer(), report)
    assert isinstance(left, Measured)
    assert (left.places, left.record, left.station) == (["row 1", "row 3"], [0, 1], ["A1", "B2"])
    assert (left.value, left.observed) == ([1.0, 4.0], [5, 8])
    assert (report.held, told(report)) == (1, [("hold", "key", "station", 1)])
    assert "Muster" not in repr(report)


def test_attributes_of_the_source_s_own_kind_lose_telling_names_and_texts() -> None:
    report = Report()
    generic = {
        "Eigentümer": "Muster",
        "Bemerkung": "Herr Muster",
        "max@example.org": 1,
        "Dach": "rot",
        "n": 3,
    }
    (feature,) = inspect([Feature("1", "1", {}, None, generic=generic)], layer(), report)
    assert isinstance(feature, Feature)
    assert feature.generic == {"Bemerkung": "[…]", "Dach": "rot", "n": 3}
    assert len(told(report)) == 3


def test_numbers_are_keys_and_no_phones() -> None:
    (feature,) = inspect([Feature("0895550006", "0895550006", {}, None)], layer(), Report())
    assert isinstance(feature, Feature)
    assert feature.id == "0895550006"


def test_error_texts_are_hushed_and_keep_their_kind() -> None:
    error = hushed(SourceChanged("x: the source has a new column max@example.org; compare"))
    assert isinstance(error, SourceChanged)
    assert str(error) == "x: the source has a new column […]; compare"
    plain = TwinError("x: no answer")
    assert hushed(plain) is plain
