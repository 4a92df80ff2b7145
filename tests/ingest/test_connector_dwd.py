"""DWD's three dialects: climate archives, latest observations, point forecasts."""

import zipfile

import pytest
import shapely

from ingest.load import RECIPES
from tests.ingest.asking import records
from tests.replay import Answer, Replay
from twin.errors import RecipeError, SourceBroken, SourceChanged, SourceRefused
from twin.record import Shape

SAMPLES = RECIPES / "de" / "samples"
POI = SAMPLES / "weather" / "source" / "10999-BEOB.csv"
CDC = SAMPLES / "climate" / "source" / "stundenwerte_TU_00999_akt.zip"
MOSMIX = SAMPLES / "weather-forecast" / "source" / "MOSMIX_L_LATEST_10999.kmz"


def told(found):
    return {
        (r.values["station"], r.values["parameter"], r.values["time"]): float(r.values["value"])
        for r in found
        if r.shape is Shape.OBSERVATION and "parameter" in r.values and r.values["value"] != "unreadable"
    }


def test_latest_observations_come_in_our_units():
    values = told(records("dwd", POI))
    assert values["10999", "wind_gust", "2026-11-20T21:00:00Z"] == 10.0  # 36 km/h
    assert values["10999", "visibility", "2026-11-20T21:00:00Z"] == 12_000
    assert values["10999", "global_radiation", "2026-11-20T20:00:00Z"] == 36.0  # 100 W/m2 over an hour
    assert ("10999", "global_radiation", "2026-11-20T21:00:00Z") not in values


def test_a_parameter_in_another_unit_is_noticed_and_not_converted(tmp_path):
    (tmp_path / "x-BEOB.csv").write_bytes(POI.read_bytes().replace(b"km/h", b"m/s"))
    with pytest.raises(SourceChanged, match="another unit than before"):
        records("dwd", tmp_path / "x-BEOB.csv")


def test_a_climate_archive_says_where_its_station_stands_now():
    station, *_ = records("dwd", CDC)
    assert station.shape is Shape.FEATURE
    assert station.values == {"station": "00999", "name": "München-Muster", "altitude": "515.20"}
    assert shapely.from_wkb(station.geometry).coords[0] == (11.5429, 48.1632)


def test_before_2000_only_what_the_metadata_says_is_central_european_time():
    values = told(records("dwd", CDC))
    assert values["00999", "air_temperature", "1999-12-30T23:00:00Z"] == -1.5
    assert values["00999", "relative_humidity", "1999-12-31T00:00:00Z"] == 90
    assert values["00999", "air_temperature", "2026-11-20T20:00:00Z"] == 4.2


def test_missing_values_are_none_and_unreadable_times_are_broken_records():
    found = records("dwd", CDC)
    assert len(found) == 6
    assert found[-1].values["time"] == "20261120xx"
    assert all(r.values.get("value") != "-999" for r in found)


def test_a_product_by_itself_has_values_and_no_station(tmp_path):
    text = b"STATIONS_ID;MESS_DATUM;  QN;DS_10;GS_10;SD_10;LS_10;eor\r\n"
    text += b"       1766;202306090010;    2;   0.0;  12.5;   0.167;-999;eor\r\n"
    (tmp_path / "produkt_zehn_min_sd.txt").write_bytes(text)
    assert told(records("dwd", tmp_path / "produkt_zehn_min_sd.txt")) == {
        ("01766", "global_radiation", "2023-06-09T00:10:00Z"): 12.5,
        ("01766", "sunshine", "2023-06-09T00:10:00Z"): pytest.approx(10.02),
    }


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        (b"STATIONS_ID;DATUM;TT_TU\n", SourceBroken, "not the header"),
        (b"STATIONS_ID;MESS_DATUM;XX;eor\n", SourceChanged, "no column is known"),
        (b"surface observations;x\n", SourceChanged, "not that of a POI"),
        (b"hello", SourceBroken, "none of DWD's files"),
        (b"<kml/>", SourceBroken, "no MOSMIX"),
        (b"<kml><Placemark>", SourceBroken, "not readable XML"),
        (b"<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", SourceRefused, "DOCTYPE"),
    ],
)
def test_other_files_are_named(tmp_path, text, error, words):
    (tmp_path / "file.txt").write_bytes(text)
    with pytest.raises(error, match=words):
        records("dwd", tmp_path / "file.txt")


def test_forecasts_are_one_value_for_each_time_step():
    station, *rest = records("dwd", MOSMIX)
    assert station.values == {"station": "10999", "name": "MUENCHEN MUSTER", "altitude": 520.0}
    values = told(rest)
    assert values["10999", "air_temperature", "2026-11-21T11:00:00.000Z"] == 3.9
    assert ("10999", "pressure", "2026-11-21T12:00:00.000Z") not in values


def test_a_list_that_is_too_short_is_never_shifted(tmp_path):
    with zipfile.ZipFile(MOSMIX) as archive:
        text = archive.read(archive.namelist()[0]).replace(b"276.15 ", b"")
    (tmp_path / "x.kml").write_bytes(text)
    with pytest.raises(SourceBroken, match="2 values of TTT for 3 times"):
        records("dwd", tmp_path / "x.kml")


def test_stations_and_files_are_asked_below_the_address():
    with Replay() as server:
        server.routes["/obs/10999-BEOB.csv"] = [Answer(POI.read_bytes(), "text/csv")]
        found = records(
            "dwd", f"{server.url}/obs/", options={"stations": ["10999"], "files": ["{id}-BEOB.csv"]}
        )
        assert len(found) == 12
        assert [path for path, _ in server.asked] == ["/obs/10999-BEOB.csv"]
        with pytest.raises(RecipeError, match="list what is asked"):
            records("dwd", f"{server.url}/obs/", options={"stations": ["10999"]})


def test_of_a_folder_only_the_stations_wanted_are_read():
    assert records("dwd", POI, options={"stations": ["10865"]}) == []
    assert records("dwd", MOSMIX, options={"stations": ["10865"]}) == []
