"""What is wrong with a recipe is told once, with file, line and remedy."""

import re

import pytest

from ingest.check import check
from tests.ingest.faulty import RECIPE, town

FAULTS = [
    # a slip of the pen in a key
    ("theme =", "theem =", r"parking\.toml, line 2: theem .*did you mean 'theme'\?"),
    ("licence =", "license =", r", line 12: source\.license .*did you mean 'licence'\?"),
    ("required =", "requierd =", r", line 21: source\.columns\.requierd .*did you mean 'required'\?"),
    ("[tiles]", "[tile]", r", line 50: tile .*did you mean 'tiles'\?"),
    ("station =", "staton =", r", line 37: readings\.0\.staton .*did you mean 'station'\?"),
    # Leichte Sprache
    (
        ', en = "Parking" }',
        ', en = "Parking", ls = "Parkplatzflächen" }',
        r", line 3: title\.ls has a long word, Parkplatzflächen; part it with a hyphen",
    ),
    (
        ', en = "Parking" }',
        ', en = "Parking", ls = "Platz des Autos" }',
        r", line 3: title\.ls .*genitive; write",
    ),
    (', en = "Parking" }', ', en = "Parking", ls = "Hier wird geparkt" }', r", line 3: title\.ls is passive"),
    (', en = "Parking" }', ', en = "Parking", ls = "Platz ca. 5" }', r", line 3: title\.ls has a short form"),
    (', en = "Parking" }', ', en = "Parking", ls = "Platz (Auto)" }', r", line 3: title\.ls has a sign"),
    (', en = "Parking" }', ', en = "Parking", ls = " " }', r", line 3: title\.ls is empty; remove it"),
    (
        ', en = "Parking" }',
        f', en = "Parking", ls = "{"Ja " * 13}" }}',
        r", line 3: title\.ls has a sentence of 13 words; make two",
    ),
    # a value of another kind
    ('["nr"]', '"nr"', r", line 5: business_key is no list; write it as \["),
    (
        '{ de = "Parken", en = "Parking" }',
        '"P"',
        r", line 3: title is no table; write it as \{ de = …, en = … \}",
    ),
    (', en = "Parking" }', " }", r", line 3: title\.en is missing; add en = "),
    ("min_features = 1", "min_features = 1.5", r", line 6: min_features is no whole number"),
    ("measured = true", 'measured = "yes"', r", line 18: options\.measured is true or false"),
    # a name that is in no table
    ('"integer"', '"intger"', r", line 31: 'intger' is no mapping function; did you mean 'integer'\?"),
    ("fields.capacity", "fields.capcity", r", line 31: 'capcity' is no column .*did you mean 'capacity'\?"),
    ("fields.capacity", "fields.width_cm", r", line 31: 'width_cm' is no column .*known are .*capacity"),
    ("parking/1", "parkng/1", r", line 1: .*did you mean 'parking/1'\?"),
    ("parking/1", "parking/9", r", line 1: .*did you mean 'parking/1'\?"),
    ('"geojson"', '"geojsn"', r", line 9: 'geojsn' is no connector; did you mean 'geojson'\?"),
    ('"stations"', '"station"', r", line 51: 'station' is no writer; did you mean 'stations'\?"),
    ('"stations"', '"trees"', r", line 51: tiles\.writer 'trees' draws no point.*write stations"),
    ('"stations"', '"areas"', r", line 51: tiles\.writer 'areas' draws no point.*write stations"),
    ("free =", "fre =", r", line 41: 'fre' is no property .*did you mean 'free'\?"),
    ("CC-BY-4.0", "CC-BY", r", line 12: source\.licence: .*write one of: CC-BY-4\.0"),
    ('"traffic"', '"trafic"', r", line 2: theme is none of 'traffic'"),
    ("Europe/Berlin", "Europa/Berlin", r", line 15: .*no time zone; did you mean 'Europe/Berlin'\?"),
    ("measured =", "mesured =", r", line 18: source\.options\.mesured .*did you mean 'measured'\?"),
    ("schema =", 'like = "de/datex-parking"\nschema =', r", line 1: .*did you mean 'de/datex2-parking'\?"),
    (
        'drop = ["telefon"]',
        'drop = ["telefon"]\nmatches = ["fone"]',
        r", line 26: .*known are e-mail address",
    ),
    # a licence
    (
        'licence = "CC-BY-4.0"\n',
        "",
        r", line 8: source\.licence is missing; add licence = … under \[source\]",
    ),
    (
        "CC-BY-4.0",
        "NOASSERTION",
        r", line 8: source: licence NOASSERTION needs a reason; write it as unclear",
    ),
    # lengths of time
    ('"1h"', '"hourly"', r", line 11: source\.interval: .*write for example 15min, 1h or 7d"),
    ('"1h"', '"0min"', r", line 11: source\.interval: .*write for example"),
    ("timezone =", 'ahead = "soon"\ntimezone =', r", line 15: source\.ahead: .*write for example"),
    (
        'span = "15min"',
        'span = "quarter"',
        r", line 39: readings\.0\.span 'quarter' .*write for example 15min",
    ),
    ("values.15min", "values.1h", r", line 39: readings\.0\.span '15min' has no table; write \[readings"),
    ('span = "15min"\n', "", r", line 35: readings\.0 says no length of the interval; add span"),
    ('every = "15min"', 'every = "1d"', r", line 43: retention: state the shortest interval first"),
    ('"90d"', '"90 Tage"', r", line 45: retention\.0\.keep: .*write for example 15min, 1h, 90d"),
    # TOML
    ('publisher = "Amt"', 'publisher = "Amt', r", line 13: not valid TOML: a text does not end in its line"),
    ('publisher = "Amt"', 'publisher = "A"\npublisher = "B"', r", line 14: not valid TOML: .*twice"),
    ("min_features = 1", "min_features = one", r", line 6: not valid TOML: what stands behind = is no value"),
    ("[tiles]", "[tiles", r", line 50: not valid TOML: the name of a table is not closed with \]"),
    ('["nr"]', '["nr"', r"not valid TOML: a list is not closed with \]"),
    # addresses
    ("https://opendata.muenchen.de/", "", r", line 10: source\.url is no address; write one with https"),
    ("opendata.muenchen.de", "example.org", r", line 10: source\.url only stands in .*write where"),
    ("opendata.muenchen.de", "192.168.1.4", r", line 10: source\.url is an address of this machine"),
    ("https://opendata.muenchen.de/", "file:", r", line 10: source\.url names no file .*known are city"),
    ("timezone =", 'crs = "EPSG:99999"\ntimezone =', r", line 15: source\.crs is no CRS that we know; write"),
    # rules of the gate
    ('drop = ["telefon"]', 'equals = ["x"]', r", line 24: gate\.0: a rule says one of hold, drop"),
    ('drop = ["telefon"]', 'drop = "telefon"\nhold = "nr"', r", line 24: gate\.0: a rule says one of"),
    (
        'reason = { de = "Telefon.", en = "Phone." }\n',
        "",
        r", line 24: gate\.0\.reason is missing; add reason",
    ),
    # fields that nobody has
    ('"plaetze"\nby', '"plaetse"\nby', r", line 32: fields\.capacity\.from .*did you mean 'plaetze'\?"),
    ('drop = ["telefon"]', 'drop = ["telephone"]', r", line 25: gate\.0\.drop .*did you mean 'telefon'\?"),
    ('business_key = ["nr"]', 'business_key = ["nmr"]', r", line 5: business_key .*did you mean 'nr'\?"),
    ('station = "nr"', 'station = "nmr"', r", line 37: readings\.0\.station .*did you mean 'nr'\?"),
    ('start = ["stand"]', 'start = ["stnd"]', r", line 38: readings\.0\.start .*did you mean 'stand'\?"),
    ('free = "frei"', 'free = "frie"', r", line 41: readings\.0\.values\.15min\.free .*'frei'\?"),
    # options of mapping functions
    (
        '"integer"',
        '"integer"\noptions = { misisng = ["-"] }',
        r", line 34: .*misisng .*did you mean 'missing'",
    ),
    ('"integer"', '"integer"\noptions = { missing = "-" }', r", line 34: .*missing has to be a list"),
    (
        '"integer"',
        '"day_start"\noptions = { missing = ["-"] }',
        r", line 34: .*day_start has none, remove it",
    ),
    ('from = "plaetze"\n', "", r", line 31: fields\.capacity says no field: .*add from"),
    (
        "[[readings]]",
        '[fields.kind]\nfrom = "name"\nby = "choice"\noptions = { map = { Ost = "garaje" } }\n\n[[readings]]',
        r", line 38: .*'garaje' is no choice of kind; did you mean 'garage'\?",
    ),
    (
        "[tiles]",
        '[stations]\nP1 = { name = "a", lon = 48.1, lat = 11.5 }\n\n[tiles]',
        r", line 51: stations\.P1 lies outside the city's area; swap lon and lat",
    ),
    # what a rule about the whole layer refuses
    (
        'from = "name"',
        'from = "kontakt"',
        r"\.toml, line 29: fields\.name\.from: the field 'kontakt' is dropped by the gate.*add \[\[gate\]\]",
    ),
    ('business_key = ["nr"]', 'business_key = ["telefon"]', r"\.toml, line 5: business_key: .*'telefon'"),
    ('station = "nr"', 'station = "email"', r"\.toml, line 37: readings\.0\.station: .*'email'"),
    ("https://opendata.muenchen.de/", "file:../", r", line 10: source\.url leaves the .*beside city\.toml"),
    # what the file's name says
    ("schema =", 'id = "x"\nschema =', r", line 1: the id is town\.parking by the file's name; remove 'id'"),
]


def test_the_recipe_that_is_broken_below_is_sound(tmp_path):
    assert [verdict.ok for verdict in check(town(tmp_path), ready=True)] == [True]


@pytest.mark.parametrize(("sound", "broken", "words"), FAULTS)
def test_a_fault_is_told_once_with_line_and_remedy(tmp_path, sound, broken, words):
    text = RECIPE.replace(sound, broken, 1)
    assert text != RECIPE
    (verdict,) = check(town(tmp_path, text), ready=True)
    assert not verdict.ok
    assert verdict.words.startswith("parking.toml")
    assert re.search(words, verdict.words), verdict.words


PLACES = """schema = "place/1"
theme = "environment"
title = { de = "Brunnen", en = "Fountains" }
summary = { de = "Brunnen.", en = "Fountains." }
business_key = ["nr"]
fields = { name = { from = "name" } }
tiles = { writer = "stations" }
[source]
connector = "geojson"
url = "https://opendata.muenchen.de/p.geojson"
interval = "7d"
licence = "CC-BY-4.0"
publisher = "Amt"
attribution = "Amt"
[[retention]]
every = "1h"
keep = "2y"
"""


def test_retention_is_for_what_measures(tmp_path):
    (verdict,) = check(town(tmp_path, PLACES), ready=True)
    assert verdict.words == (
        "parking.toml, line 15: retention is for stations alone, and place/1 measures nothing; remove it"
    )


def test_values_that_will_be_removed_are_remarked(tmp_path):
    text = RECIPE.replace('every = "1h"\n', 'every = "1h"\nkeep = "2y"\n')
    sound, remark = check(town(tmp_path, text), ready=True)
    assert (sound.ok, sound.remark, remark.ok, remark.remark) == (True, False, True, True)
    assert remark.words.startswith(
        "parking.toml, line 49: retention.1.keep: values older than this are removed"
    )


def test_every_fault_of_a_file_is_told_at_once(tmp_path):
    text = RECIPE.replace("theme =", "theem =").replace('"1h"', '"soon"', 1).replace("[tiles]", "[tile]")
    assert [verdict.words.partition(": ")[0] for verdict in check(town(tmp_path, text))] == [
        "parking.toml, line 11",
        "parking.toml, line 2",
        "parking.toml, line 50",
    ]


def test_an_empty_file_is_told_what_it_lacks(tmp_path):
    words = [verdict.words for verdict in check(town(tmp_path, ""))]
    assert "parking.toml: title is missing; add title = { de = …, en = … } at the top" in words
    assert "parking.toml: source is missing; add a table [source]" in words


def test_a_file_in_another_encoding_is_told_so(tmp_path):
    (verdict,) = check(town(tmp_path, RECIPE.encode("utf-16")))
    assert verdict.words == "parking.toml is not UTF-8; save it as UTF-8"
