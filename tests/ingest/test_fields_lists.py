"""Columns of several texts: what is a list in a source, what the gate does with each, what is stored."""

import pyarrow as pa
import pytest

from ingest.fields import FUNCTIONS, Context
from ingest.fields.lists import MOST
from ingest.gate import look_at, look_over
from ingest.sense import nonsense
from twin.batch import values_of
from twin.errors import StoreError
from twin.features import Features
from twin.layer import Layer, Mapping
from twin.record import Feature
from twin.report import Report
from twin.schema import Column, Kind
from twin.schemas import SCHEMAS
from twin.schemas.words import t

texts, flags = FUNCTIONS["texts"], FUNCTIONS["flag_texts"]
LAYER = Layer(
    id="town.stops",
    title={"de": "Haltestellen", "en": "Stops"},
    summary={"de": "Haltestellen.", "en": "Stops."},
    theme="traffic",
    schema="stop/2",
    source={
        "connector": "geojson",
        "url": "https://data.example/stops.geojson",
        "interval": "1d",
        "licence": "CC0-1.0",
        "publisher": "Probestadt",
        "attribution": "Probestadt",
    },
)


@pytest.mark.parametrize(
    ("raw", "options", "told"),
    [
        ([["16", " N19 ", "16", "", None, 17]], {}, ["16", "N19", "17"]),
        ([("U3", "U6")], {}, ["U3", "U6"]),
        (["Gehweg, Radweg ,,"], {"separator": ","}, ["Gehweg", "Radweg"]),
        ([53], {"separator": ","}, ["53"]),
        ([["a, b", "c"]], {"separator": ";"}, ["a, b", "c"]),
        (["U3", ["U6"], None], {}, ["U3", "U6"]),
        ([["-", "U3"]], {"missing": ["-"]}, ["U3"]),
        ([[]], {}, None),
        ([None], {}, None),
        ([" , "], {"separator": ","}, None),
    ],
)
def test_what_is_a_list_is_taken_apart_and_nothing_else(raw, options, told):
    assert texts(raw, Context(options)) == told


@pytest.mark.parametrize(
    "raw", ["16, 17", 16, True, {"a": 1}, [["16"]], ["16", {"a": 1}], [str(n) for n in range(MOST + 1)]]
)
def test_nothing_is_guessed(raw):
    with pytest.raises(ValueError, match=r"is no list|not a plain value|more than") as caught:
        texts([raw], Context())
    assert "16" not in str(caught.value)


def test_flags_as_texts():
    words = Context({"map": {"rad": "Radverkehr", "fahrrad": "Radverkehr"}})
    assert flags([{"rad": True, "fahrrad": True, "auto": False, "fuss": True}], words) == [
        "Radverkehr",
        "fuss",
    ]
    assert flags([{"auto": False}], words) is None
    assert flags([None], words) is None
    with pytest.raises(ValueError, match="no object of flags"):
        flags(["rad"], words)


@pytest.mark.parametrize(
    ("column", "by", "options", "words"),
    [
        ("lines", "text", {}, "does not fit text: the column is a list of texts; write by = one of texts"),
        ("name", "texts", {}, "does not fit texts: the column is no list"),
        ("lines", "texts", {"separator": ""}, "separator is empty"),
        ("lines", "texts", {"seperator": ","}, "did you mean 'separator'"),
        ("lines", "texts", {"separator": ","}, None),
    ],
)
def test_a_recipe_whose_functions_do_not_fit_its_lists_is_told_so(column, by, options, words):
    from ingest.load import load_city

    fields = {column: Mapping.model_validate({"from": "x", "by": by, "options": options})}
    found = list(nonsense(load_city("demo"), LAYER.model_copy(update={"fields": fields}), "", "stops.toml"))
    assert [words in one for one in found] == ([] if words is None else [True]), found


def stop(lines, name="Markt"):
    values = {"name": name, "station": "1", "lines": lines}
    return Feature(id="1", source_id="1", values=values, geometry=None)


def test_each_text_of_a_list_is_looked_at():
    report = Report()
    kept = look_at(stop(["16", "Ruf 0171 2345678 an", "erika@muster.example", "N19"]), LAYER, report)
    assert kept is not None
    lines = kept.values["lines"]
    assert lines[0] == "16"
    assert lines[-1] == "N19"
    assert not any("0171" in line or "erika" in line for line in lines)
    assert sum(report.gate.values()) == 2
    assert look_at(stop(None), LAYER, Report()).values["lines"] is None


@pytest.mark.parametrize(("lines", "looked"), [(["16"], True), (["erika@muster.example"], False)])
def test_lists_of_many_features_are_looked_at_as_those_of_one(lines, looked):
    report = Report()
    _, features = look_over(["a", "b"], Features.of([stop(["16"]), stop(lines)]), LAYER, report)
    assert (features.values["lines"][1] == lines) is looked
    assert (report.gate == {}) is looked


def test_a_list_is_stored_as_one_and_a_text_never_as_its_letters():
    column = SCHEMAS["stop/2"].column("lines")
    found = values_of(column, [stop(["16", "N19"]), stop(None), stop(("7",))])
    assert found.type == pa.list_(pa.string())
    assert found.to_pylist() == [["16", "N19"], None, ["7"]]
    for wrong in ("16, N19", [["16"]], 16):
        with pytest.raises(StoreError, match="feature 1: lines is not a texts"):
            values_of(column, [stop(wrong)])


def test_a_list_has_no_place_in_property_tables():
    with pytest.raises(ValueError, match="one value a feature"):
        Column(name="lines", title=t("Linien", "Lines"), kind=Kind.TEXTS, tiles=True)


def test_new_versions_differ_in_their_lists_alone():
    for old, new in (("stop/1", "stop/2"), ("roadwork/1", "roadwork/3"), ("roadwork/2", "roadwork/4")):
        before, after = SCHEMAS[old], SCHEMAS[new]
        kinds = {
            c.name: (c.kind, d.kind) for c, d in zip(before.columns, after.columns, strict=True) if c != d
        }
        assert kinds == dict.fromkeys(after.lists, (Kind.TEXT, Kind.TEXTS))
        assert (before.geometry, before.title, before.properties) == (
            after.geometry,
            after.title,
            after.properties,
        )
