import zipfile
from contextlib import suppress

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from ingest.connectors.csv_table import number
from ingest.connectors.features import UNREADABLE
from ingest.connectors.wkb import NoGeometry
from tests.ingest.asking import records
from tests.replay import HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceChanged
from twin.record import Shape

TREES = (
    "baum_nr;art;rechts;hoch\n"
    "1;Tilia cordata;691580,34;5335029,85\n"
    '2;"Acer; platanoides";691581.5;5335030\n'
    "3;Fagus;;\n"
    "4;zu;viele;Felder;hier\n"
)
PLACE = {"lon": "rechts", "lat": "hoch"}


def write(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def test_rows_with_positions_in_the_recipes_crs(tmp_path):
    one, two, three, four = records("csv", write(tmp_path, "a.csv", TREES), options=PLACE, crs="EPSG:25832")
    assert one.shape is Shape.FEATURE
    assert one.crs == "EPSG:25832"
    assert one.values == {"baum_nr": "1", "art": "Tilia cordata", "rechts": "691580,34", "hoch": "5335029,85"}
    assert shapely.from_wkb(one.geometry) == shapely.Point(691580.34, 5335029.85)
    assert two.values["art"] == "Acer; platanoides"
    assert three.geometry is None
    assert three.notes[0].startswith(UNREADABLE)
    assert four.values == {}


@pytest.mark.parametrize("above", ["sep=;\r\n", '"SEP=;"\n', "\ufeffsep=;\n"])
def test_excels_line_about_the_separator_is_no_header(tmp_path, above):
    one, *_ = records("csv", write(tmp_path, "a.csv", above + TREES), options=PLACE, crs="EPSG:25832")
    assert one.values["art"] == "Tilia cordata"
    assert one.place.endswith("line 3")


def test_a_wrong_encoding_names_the_one_to_try(tmp_path):
    file = write(tmp_path, "a.csv", TREES.replace("Fagus", "Büche"), "cp1252")
    with pytest.raises(SourceBroken, match=r'is not utf-8; try encoding = "cp1252" under \[source.options\]'):
        records("csv", file, options=PLACE, crs="EPSG:25832")


def test_wkt_of_points_and_areas_but_no_collections(tmp_path):
    text = (
        "WKT;gid\n"
        '"POINT (8.5 52.0)";1\n"SRID=4326;POINT Z (8.5 52.0 90)";2\n'
        '"MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))";3\n'
        f'"{"GEOMETRYCOLLECTION (" * 5000}";4\n"POINT EMPTY";5\n"POINT (a b)";6\n;7\n'
    )
    found = records("csv", write(tmp_path, "a.csv", text), options={"wkt": "WKT"}, crs="OGC:CRS84")
    assert [r.geometry is not None for r in found] == [True, True, True, False, False, False, False]
    assert shapely.from_wkb(found[1].geometry) == shapely.Point(8.5, 52)
    assert not any("POINT" in note for r in found for note in r.notes)


def test_files_of_an_archive_are_chosen_by_name(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("data/trees_1.csv", "a;b\n1;2\n")
        archive.writestr("data/trees_2.csv", "a;b\n3;4\n")
        archive.writestr("data/lizenz.csv", "x\ny\n")
        archive.writestr("readme.txt", "nothing")
    found = records("csv", tmp_path / "all.zip", options={"files": "trees_*.csv"})
    assert [r.values["a"] for r in found] == ["1", "3"]
    assert found[1].place == "all.zip/data/trees_2.csv, line 2"
    with Replay() as server:
        server.routes["/d/all.zip"] = [Answer((tmp_path / "all.zip").read_bytes(), "application/zip")]
        server.routes["/d/t"] = [Answer(TREES.encode("cp1252"), "text/csv")]
        server.routes["/d/w"] = [Answer(HTML, "text/html")]
        assert len(records("csv", server.url + "/d/all.zip", options={"files": "trees_*.csv"})) == 2
        assert len(records("csv", server.url + "/d/t", options=PLACE | {"encoding": "cp1252"})) == 4
        with pytest.raises(SourceBroken, match="web page"):
            records("csv", server.url + "/d/w")
    with pytest.raises(SourceBroken, match=r"options\.files"):
        records("csv", tmp_path / "all.zip", options={"files": "bushes_*.csv"})


def test_measurements_and_a_stated_separator_and_ending(tmp_path):
    file = write(tmp_path, "a.txt", "zeit,ort#wert\n1,2#3\n")
    (record,) = records("csv", file, options={"rows": "observations", "separator": "#", "ending": ".txt"})
    assert record.shape is Shape.OBSERVATION
    assert record.values == {"zeit,ort": "1,2", "wert": "3"}


@pytest.mark.parametrize(
    ("asked", "error", "words"),
    [
        ({"lon": "rechts"}, RecipeError, "one is missing"),
        ({"lon": "x", "lat": "hoch"}, SourceChanged, "missing: x"),
        (PLACE | {"wkt": "g"}, RecipeError, "instead of"),
        ({"rows": "values"}, RecipeError, "features or observations"),
        ({"separator": "<>"}, RecipeError, "one sign"),
        ({"seperator": ";"}, RecipeError, "did you mean 'separator'"),
        ({"encoding": "utf-16"}, SourceBroken, "utf-16"),
    ],
)
def test_what_does_not_fit_is_told(tmp_path, asked, error, words):
    with pytest.raises(error, match=words):
        records("csv", write(tmp_path, "a.csv", TREES), options=asked)


def test_other_columns_are_a_changed_source(tmp_path):
    columns = {"required": ["baum_nr", "art", "rechts", "hoch"]}
    file = write(tmp_path, "a.csv", TREES)
    assert len(records("csv", file, options=PLACE, columns=columns)) == 4
    file.write_text("baum_nr;art;rechts;hoch;pate\n1;2;3;4;Erika\n")
    with pytest.raises(SourceChanged, match="unknown: pate") as caught:
        records("csv", file, options=PLACE, columns=columns)
    assert "Erika" not in str(caught.value)


@given(st.floats(-1e7, 1e7), st.booleans())
def test_a_coordinate_is_read_with_point_or_comma(value, comma):
    written = f"{value:.6f}"
    assert number(written.replace(".", ",") if comma else written) == float(written)


@pytest.mark.parametrize(
    ("written", "value"), [("4.468.500,25", 4468500.25), ("11,5", 11.5), (" 1e3 ", 1000)]
)
def test_thousands(written, value):
    assert number(written) == value


@given(st.text(max_size=30))
def test_any_text_is_a_finite_number_or_none(written):
    with suppress(NoGeometry):
        assert abs(number(written)) < float("inf")
