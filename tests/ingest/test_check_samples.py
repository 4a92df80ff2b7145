"""What is wrong with a recipe's sample is told with file, line and remedy; and if a person is in it."""

import json
import re
import shutil

import pytest

from ingest.check import check
from tests.ingest.faulty import EXPECTED, SAMPLE, town

PROOF = r"town\.parking: samples/parking/expected\.json"


def changed(**more):
    return EXPECTED | more


@pytest.mark.parametrize(
    ("expected", "words"),
    [
        ('{"counts": ', PROOF + r", line 1: not valid JSON .*look at commas"),
        ("{}", PROOF + r': "counts" is missing; write'),
        ("[]", PROOF + r': "counts" is missing; write'),
        (b"\xff\xfe", PROOF + r" is not UTF-8; save it as UTF-8"),
        (
            changed(counts=EXPECTED["counts"] | {"in": 5}),
            PROOF + r", line 2: the sample gives in 4 instead of 5; mend the recipe, or the counts",
        ),
        (changed(rows=[{"name": "Ost"}]), PROOF + r': a row has no "source_id"'),
        (
            changed(rows=[{"source_id": "P9"}]),
            PROOF + r", line \d+: the sample gives no row with source_id 'P9'; it gives P1, P2",
        ),
        (
            changed(rows=[{"source_id": "P2", "nmae": "Ost"}]),
            PROOF + r", line \d+: the rows have no column 'nmae'; did you mean 'name'\?",
        ),
        (
            changed(rows=[{"source_id": "P2", "name": "West"}]),
            PROOF + r", line \d+: row P2: name is 'Ost', expected 'West'; mend the recipe, or the row",
        ),
        (changed(values=[["P1", "free"]]), PROOF + r": each of the values is \[station, property"),
        (
            changed(values=[["P1", "free", "2026-11-20T08:00:00Z", 4]]),
            PROOF + r", line \d+: value P1 free .* is 3.*, expected 4; mend",
        ),
        (None, r"town\.parking: no expected\.json; write it by: twin check --accept .*/parking\.toml"),
    ],
)
def test_a_wrong_expectation_is_told_with_its_place(tmp_path, expected, words):
    (verdict,) = check(town(tmp_path, expected=expected))
    assert not verdict.ok
    assert re.fullmatch(f"{words}.*", verdict.words), verdict.words


def test_without_a_sample_the_next_two_steps_are_told(tmp_path):
    recipe = town(tmp_path)
    shutil.rmtree(recipe.parent / "samples")
    (verdict,) = check(recipe)
    words = (
        r"no sample; put a few things into samples/parking/source/, then: twin check --accept .*parking\.toml"
    )
    assert re.fullmatch(rf"town\.parking: {words}", verdict.words)


@pytest.mark.parametrize(
    ("sample", "words"),
    [
        ('{"type": "Feat', r"town\.parking: samples/parking/source: a\.geojson is not readable JSON"),
        (None, r"town\.parking: samples/parking/source: .*no file ends with \.geojson"),
        (
            json.dumps(SAMPLE).replace('"stand"', '"zeit"'),
            r"parking\.toml, line 20: .*the columns changed \(missing: stand; unknown: zeit\); look at them",
        ),
        (
            json.dumps(SAMPLE).replace("9,", '"viele",'),
            PROOF + r".*broken 2 instead of 0 .*column capacity: its value is not a number",
        ),
        (json.dumps(SAMPLE).replace("11.5, 48.1", "48.1, 11.5"), PROOF + r".*latitude and longitude swapped"),
    ],
)
def test_a_wrong_sample_is_told_with_its_place(tmp_path, sample, words):
    (verdict,) = check(town(tmp_path, sample=sample))
    assert not verdict.ok
    assert re.match(words, verdict.words), verdict.words


@pytest.mark.parametrize(
    ("somebody", "found"),
    [
        ("Rückfragen an Frau Gerda Kowalczyk", "person's name"),
        ("gerda.kowalczyk@web.de", "e-mail address"),
        ("+49 176 80123456", "phone number"),
    ],
)
@pytest.mark.parametrize("field", ["name", "telefon"])
def test_somebody_in_a_sample_is_told_without_being_named(tmp_path, somebody, found, field):
    features = [json.loads(json.dumps(each)) for each in SAMPLE["features"]]
    features[1]["properties"][field] = somebody
    sound, remark = check(town(tmp_path, sample=SAMPLE | {"features": features}))
    assert sound.ok
    assert not sound.remark
    assert remark.ok
    assert remark.remark
    assert re.fullmatch(
        rf"town\.parking: sample, a\.geojson, line \d+: {found}: mask it, unless it is made up", remark.words
    )
    assert somebody not in remark.words


def test_names_that_stand_for_nobody_are_no_news(tmp_path):
    told = json.dumps(SAMPLE).replace("null", '"Erika Mustermann, 089 1234567"')
    assert len(list(check(town(tmp_path, sample=told)))) == 1
