"""The gate: what must not pass does not, however it is written, and is counted."""

import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from ingest.gate import admit, inspect
from ingest.load import load_city
from twin.decision import decisions
from twin.record import Feature, Record
from twin.report import Report

CITY = load_city("muenchen")


def sites() -> Any:
    layer = CITY.layer("construction-sites")
    assert layer is not None
    return layer


def told(report: Report) -> list[tuple[str, str, str, int, str]]:
    return [(d.act.value, d.found, d.column, d.count, d.reason.en) for d in decisions(report.gate)]


def passed(values: dict[str, Any], report: Report | None = None) -> list[Record]:
    return list(admit([Record("feature 1", values)], sites(), report or Report()))


@pytest.mark.parametrize("art", ["Baumaßnahme", "BAUMASSNAHME", " baumaßnahme\u200b", "Baumassnahme"])
def test_construction_sites_pass(art: str) -> None:
    assert len(passed({"art": art})) == 1


@pytest.mark.parametrize(
    "art",
    [
        "Vorübergehendes Haltverbot",
        "vorübergehendes haltverbot",
        "Vorübergehendes Halteverbot",
        unicodedata.normalize("NFD", "Vorübergehendes Haltverbot"),
        "Vorübergehendes Haltverbot (Umzug)",
        "Haltverbot\u200b",
        "Umzug",
        "",
        None,
        {"art": "Baumaßnahme"},
    ],
)
def test_anything_else_is_held_and_counted_without_its_value(art: object) -> None:
    report = Report()
    assert passed({"art": art, "strasse_hausnr": "Umzugsweg 11"}, report) == []
    assert (report.taken, report.held) == (1, 1)
    assert "Umzug" not in repr(report)


def test_contacts_are_dropped_and_counted() -> None:
    report = Report()
    (record,) = passed({"art": "Baumaßnahme", "kontakt_oeffentlich": "bau@example.org"}, report)
    assert "kontakt_oeffentlich" not in record.values
    assert told(report) == [("drop", "rule", "kontakt_oeffentlich", 1, "Contacts left out.")]


def inspected(feature: Feature, report: Report) -> Iterator[Any]:
    return inspect([feature], sites(), report)


def test_a_key_that_tells_of_a_person_is_replaced() -> None:
    report = Report()
    key = "F 7 Tel 089 99998-12 max@example.org"
    (feature,) = inspected(Feature(key, key, {"title": "Beispielplatz"}, b"x"), report)
    assert feature.id == feature.source_id
    assert feature.id.startswith("h-")
    reason = "the source's key told of a person; a checksum stands for it"
    assert told(report) == [("drop", "key", "source_id", 1, reason)]


@pytest.mark.parametrize("key", ["454731", "DEBY_LOD2_4959457", "h-0123456789abcdef0123", "K-A1", "09162000"])
def test_ordinary_keys_stay(key: str) -> None:
    (feature,) = inspected(Feature(key, key, {}, None), Report())
    assert feature.id == key


def test_free_text_loses_what_is_personal_and_says_so() -> None:
    report = Report()
    values = {"description": "Kanalbau, Auskunft: Frau Erfunden", "title": "Frauenstraße 3"}
    (feature,) = inspected(Feature("1", "1", values, None), report)
    assert feature.values == {"description": "Kanalbau, Auskunft: […]", "title": "Frauenstraße 3"}
    assert told(report) == [("drop", "person's name", "description", 1, "Texts must name nobody.")]
