"""Warnings by CAP 1.2, several languages in one, with outlines, holes and cells."""

import json
import zipfile

import pytest
import shapely

from ingest.load import RECIPES
from tests.ingest.asking import records
from twin.errors import SourceBroken, SourceRefused

LATEST = RECIPES / "de" / "samples" / "weather-warnings" / "source" / "Z_CAP_C_EDZW_LATEST.zip"


def alert(number=1):
    with zipfile.ZipFile(LATEST) as archive:
        return archive.read(f"{number}.MUL.xml").decode()


def written(tmp_path, text):
    (tmp_path / "a.xml").write_text(text, "utf-8")
    return tmp_path / "a.xml"


def test_texts_come_in_the_language_wanted():
    german, *_ = records("cap", LATEST)
    english, *_ = records("cap", LATEST, options={"language": "en"})
    other, *_ = records("cap", LATEST, options={"language": "fr"})
    assert german.values["headline"] == "Amtliche WARNUNG vor STURMBÖEN"
    assert english.values["headline"] == other.values["headline"] == "Official WARNING of GALE-FORCE GUSTS"


def test_outlines_are_longitude_first_and_have_their_holes():
    warning, *_ = records("cap", LATEST)
    shape = shapely.from_wkb(warning.geometry)
    assert shape.bounds == (11.4, 48.1, 11.6, 48.2)
    assert shape.area == pytest.approx(0.2 * 0.1 - 0.05 * 0.02)


def test_contacts_are_never_read():
    assert "Mustermann" in alert()
    assert all("Mustermann" not in str(record.values) for record in records("cap", LATEST))


def test_without_an_onset_a_warning_holds_from_when_it_takes_effect():
    assert records("cap", LATEST)[1].values["onset"] == "2026-11-20T19:00:00+01:00"


@pytest.mark.parametrize("outline", ["48.1,11.4 x", "48.1", "", "nan,1 1,1 2,2 nan,1", "1,1 2,2"])
def test_an_outline_that_cannot_be_read_is_a_broken_record(tmp_path, outline):
    text = alert(2).replace("48.1,11.4 48.2,11.4 48.2,11.6 48.1,11.6 48.1,11.4", outline)
    (record,) = records("cap", written(tmp_path, text))
    assert record.geometry is None
    assert "cannot be read" in record.notes[0]


def test_warnings_may_name_cells_instead(tmp_path):
    cells = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"WARNCELLID": 109162000},
                "geometry": {"type": "Polygon", "coordinates": [[[11, 48], [12, 48], [12, 49], [11, 48]]]},
            }
        ],
    }
    (tmp_path / "cells.json").write_text(json.dumps(cells))
    code = "<geocode><valueName>WARNCELLID</valueName><value>109162000</value></geocode>"
    outline = "<polygon>48.1,11.4 48.2,11.4 48.2,11.6 48.1,11.6 48.1,11.4</polygon>"
    file = written(tmp_path, alert(2).replace(outline, code))
    (record,) = records("cap", file, options={"cells": str(tmp_path / "cells.json")})
    assert shapely.from_wkb(record.geometry).bounds == (11, 48, 12, 49)
    (record,) = records("cap", file)
    assert record.geometry is None
    del cells["features"][0]["properties"]["WARNCELLID"]
    (tmp_path / "cells.json").write_text(json.dumps(cells))
    with pytest.raises(SourceBroken, match="without WARNCELLID"):
        records("cap", file, options={"cells": str(tmp_path / "cells.json")})


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("<rss/>", SourceBroken, "no CAP alert"),
        ("<alert><info>", SourceBroken, "not readable XML"),
        (
            "<!DOCTYPE alert [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><alert>&a;</alert>",
            SourceRefused,
            "DOCTYPE",
        ),
    ],
)
def test_other_documents_are_named(tmp_path, text, error, words):
    with pytest.raises(error, match=words):
        records("cap", written(tmp_path, text))


def test_an_alert_without_information_is_a_broken_record(tmp_path):
    (record,) = records("cap", written(tmp_path, "<alert><status>Actual</status></alert>"))
    assert record.notes == ("a warning without any text",)
    assert record.values["status"] == "Actual"


def test_an_empty_archive_means_that_there_is_no_warning(tmp_path):
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    assert records("cap", tmp_path / "none.zip") == []
