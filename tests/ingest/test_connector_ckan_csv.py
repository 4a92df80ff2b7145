import gzip

import pytest
import shapely

from tests.ingest.asking import records, run
from tests.replay import HTML, Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceDown, SourceRefused
from twin.record import Shape

DAYS = (
    "datum,uhrzeit_start,uhrzeit_ende,zaehlstelle,richtung_1,richtung_2,gesamt\n"
    "2026.07.01,00:00        ,       23:59,Kreuther   ,       350,       297,   647\n"
)
STATIONS = (
    "zaehlstelle,latitude,longitude,richtung_1\n"
    "Arnulf,48.14205,11.55534,stadteinwärts\n"
    "X,Derzeit keine Daten,,\n"
)
OPTIONS = {"resources": ["^Tageswerte .*2026$"]}


@pytest.fixture
def replay():
    with Replay() as server:
        yield server


def write(folder, name, text, encoding="utf-8"):
    (folder / name).write_bytes(text.encode(encoding))
    return folder / name


def test_rows_are_observations_with_clean_fields(tmp_path):
    (record,) = records("ckan_csv", write(tmp_path, "a.csv", DAYS))
    assert record.shape is Shape.OBSERVATION
    assert record.place == "a.csv, line 2"
    assert record.values == {
        "datum": "2026.07.01",
        "uhrzeit_start": "00:00",
        "uhrzeit_ende": "23:59",
        "zaehlstelle": "Kreuther",
        "richtung_1": "350",
        "richtung_2": "297",
        "gesamt": "647",
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffdatum,gesamt\n1,2\n",
        "datum;gesamt\n1;2\n",
        ",datum,gesamt\n0,1,2\n",
        '"","datum","gesamt"\r\n"7","1","2"\r\n',
        "datum,gesamt\n\n1,2\n\n",
        "datum\tgesamt\n1\t 2",
    ],
)
def test_dialects(tmp_path, text):
    (record,) = records("ckan_csv", write(tmp_path, "a.csv", text))
    assert record.values == {"datum": "1", "gesamt": "2"}


def test_stations_are_features_and_other_files_are_left_alone(tmp_path):
    write(tmp_path, "stationen.csv", STATIONS)
    write(tmp_path, "LICENSE_dl-de.txt", "Datenlizenz")
    (tmp_path / "tage.csv.gz").write_bytes(gzip.compress(DAYS.encode()))
    arnulf, odd, row = records("ckan_csv", tmp_path)
    assert arnulf.shape is odd.shape is Shape.FEATURE
    assert arnulf.values["zaehlstelle"] == "Arnulf"
    assert arnulf.crs == "EPSG:4326"
    assert shapely.from_wkb(arnulf.geometry).coords[0] == (11.55534, 48.14205)
    assert odd.geometry is None
    assert odd.notes[0].startswith("its geometry cannot be read")
    assert row.place == "tage.csv.gz, line 2"


def test_ragged_rows_are_records_that_fit_nothing(tmp_path):
    good, long, short = records("ckan_csv", write(tmp_path, "a.csv", "a,b\n1,2\n1,2,3\n1\n"))
    assert good.values == {"a": "1", "b": "2"}
    assert dict(long.values) == dict(short.values) == {}
    assert long.notes == short.notes == ("a row that has not as many fields as the header",)
    assert short.place == "a.csv, line 4"


def test_headers_that_fit_no_dialect_are_a_changed_source(tmp_path):
    dialects = [
        {"required": ["datum", "gesamt"], "optional": ["min-temp", "mintemp", "min.temp"]},
        {"required": ["Zeit", "zaehlstelle", "gesamt"]},
    ]
    path = write(tmp_path, "a.csv", "datum,gesamt,min.temp\n1,2,3\n")
    assert len(records("ckan_csv", path, options={"dialects": dialects})) == 1
    write(tmp_path, "a.csv", "datum,summe,kontakt\n1,2,Erika\n")
    with pytest.raises(SourceChanged, match=r"a\.csv.*missing: gesamt; unknown: kontakt, summe") as caught:
        records("ckan_csv", path, options={"dialects": dialects})
    assert "Erika" not in str(caught.value)
    with pytest.raises(RecipeError, match="dialects"):
        records("ckan_csv", path, options={"dialects": [{"must": []}]})


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "header"),
        (b"\n1,2\n", "header"),
        (HTML, "web page"),
        ("straße,b\nAmsel,1\n".encode("cp1252"), "utf-8"),
        (b"a,a\n1,2\n", "twice"),
        (b'a,b\n"' + b"x" * 200_000 + b'",1\n', "readable CSV"),
    ],
)
def test_files_that_are_no_tables(tmp_path, body, words):
    (tmp_path / "a.csv").write_bytes(body)
    with pytest.raises(SourceBroken, match=words):
        records("ckan_csv", tmp_path / "a.csv")


def test_another_encoding_can_be_stated(tmp_path):
    path = write(tmp_path, "a.csv", "straße\nAmselstraße\n", "cp1252")
    (record,) = records("ckan_csv", path, options={"encoding": "cp1252"})
    assert record.values == {"straße": "Amselstraße"}


@pytest.mark.parametrize("wrapped", [False, True])
def test_resources_are_chosen_by_their_names(replay, wrapped):
    files = {"Tageswerte Wetter 2026": DAYS.encode(), "15 Minuten Werte 2026": b"a\n1\n"}
    url = replay.ckan("rad-2026", files, wrapped=wrapped)
    found, origins = run("ckan_csv", url, options=OPTIONS)
    assert [r.values["zaehlstelle"] for r in found] == ["Kreuther"]
    assert len(origins) == 2
    assert origins[1].url.endswith("/download/file_0.csv")
    with pytest.raises(SourceChanged, match="15 Minuten Werte 2026"):
        records("ckan_csv", url, options={"resources": ["^Jahreswerte"]})
    with pytest.raises(RecipeError, match="RE2"):
        records("ckan_csv", url, options={"resources": ["("]})


def test_a_strangers_expression_cannot_hang_us(replay):
    url = replay.ckan("p", {"a" * 60: b"a\n1\n"})
    with pytest.raises(SourceChanged):
        records("ckan_csv", url, options={"resources": ["(a+)+b$"]})


def test_links_of_the_original_are_looked_for_on_the_typed_mirror(replay):
    url = replay.ckan("p", {"Tage": b"a\n1\n"}, host="https://opendata.example")
    assert len(records("ckan_csv", url)) == 1


def test_portals_that_fail(replay):
    url = replay.ckan("p", {"Tage": b"a\n1\n"})
    with pytest.raises(SourceBroken, match="404"):
        records("ckan_csv", url + "x")
    replay.routes["/api/3/action/package_show"] = [Answer(b'{"success": false, "error": {}}')]
    with pytest.raises(SourceBroken, match="package"):
        records("ckan_csv", url)
    replay.routes["/api/3/action/package_show"] = [Answer(status=503)]
    with pytest.raises(SourceDown, match="503"):
        records("ckan_csv", url)


def test_a_resource_that_is_cut_off_or_a_web_page(replay):
    url = replay.ckan("p", {"Tage": b"a\n1\n"})
    path = "/dataset/p/resource/0/download/file_0.csv"
    for answer, error in (
        (Answer(b"a\n1", "text/csv", cut=10), SourceBroken),
        (Answer(HTML, "text/csv"), SourceBroken),
        (Answer(gzip.compress(b"a\n" * 2_000_000), "text/csv"), SourceRefused),
    ):
        replay.routes[path] = [answer]
        with pytest.raises(error):
            records("ckan_csv", url)


def test_stations_of_the_wfs_come_first_and_may_be_silent(replay):
    url = replay.ckan("p", {"Tage": DAYS.encode()})
    point = {"type": "Point", "coordinates": [11.5, 48.1]}
    station = {"type": "Feature", "id": "x.1", "geometry": point, "properties": {"zaehlstelle": "Arnulf"}}
    replay.wfs("/geoserver/mor_wfs/ows", [station])
    address = "https://geoportal.example/geoserver/mor_wfs/ows"  # looked for on the mirror that was typed
    options = {"stations_wfs": {"url": address, "type": "mor_wfs:raddauerzaehlstellen"}}
    first, row = records("ckan_csv", url, options=options)
    assert first.shape is Shape.FEATURE
    assert first.values["zaehlstelle"] == "Arnulf"
    assert row.shape is Shape.OBSERVATION
    replay.routes["/geoserver/mor_wfs/ows"] = [Answer(status=503)]
    (row,) = records("ckan_csv", url, options=options)
    assert row.notes == ("the stations' WFS did not answer; stated positions were taken",)
