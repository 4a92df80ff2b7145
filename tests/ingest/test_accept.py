"""``twin check --accept``: a wanted change of a recipe becomes its new proof, and is told."""

import json
import subprocess
import sys
from pathlib import Path

from ingest.accept import accept
from ingest.check import check
from tests.ingest.faulty import RECIPE, SAMPLE, town
from twin.settings import ROOT


def test_a_wanted_change_is_accepted_with_its_difference(tmp_path: Path) -> None:
    file = town(tmp_path)
    assert [verdict.ok for verdict in check(file)] == [True]
    file.write_text(RECIPE.replace('business_key = ["nr"]', 'business_key = ["name", "nr"]'), "utf-8")
    (fault,) = check(file)
    assert "the sample gives no row with source_id 'P1'" in fault.words
    assert fault.words.endswith(f"; if the change is wanted: twin check --accept {file}")
    (verdict,) = accept(file)
    assert verdict.ok
    assert "town.parking: samples/parking/expected.json written anew" in verdict.words
    assert '+      "source_id": "Ost:P1"' in verdict.words
    assert '-   "source_id": "P1",' in verdict.words
    assert [verdict.ok for verdict in check(file)] == [True]
    (verdict,) = accept(str(file.parent))
    assert verdict.words == "town.parking: samples/parking/expected.json says so already"


def test_a_sample_without_a_proof_gets_one(tmp_path: Path) -> None:
    file = town(tmp_path, expected=None)
    assert [verdict.ok for verdict in accept(file)] == [True]
    told = json.loads((file.parent / "samples/parking/expected.json").read_text("utf-8"))
    assert [row["source_id"] for row in told["rows"]] == ["P1", "P2"]
    assert "telefon" not in json.dumps(told)


def test_what_is_no_proof_is_not_written(tmp_path: Path) -> None:
    faulty = {
        "theme": RECIPE.replace("theme =", "theem ="),
        "key": RECIPE.replace('business_key = ["nr"]', 'business_key = ["NR"]'),
    }
    for name, text in faulty.items():
        (tmp_path / name).mkdir()
        file = town(tmp_path / name, text)
        proof = file.parent / "samples/parking/expected.json"
        before = proof.read_bytes()
        (verdict,) = accept(file)
        assert not verdict.ok
        assert proof.read_bytes() == before
    nowhere = json.loads(json.dumps(SAMPLE))
    for each in nowhere["features"]:
        each["geometry"] = None
    file = town(tmp_path, sample=nowhere)
    before = (file.parent / "samples/parking/expected.json").read_bytes()
    (verdict,) = accept(file)
    assert "none of 2 features has a place" in verdict.words
    assert verdict.words.endswith("; nothing was written")
    assert (file.parent / "samples/parking/expected.json").read_bytes() == before


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    (verdict,) = accept(tmp_path / "no.toml")
    assert (verdict.ok, verdict.words) == (False, f"{tmp_path / 'no.toml'} does not exist")
    file = town(tmp_path)
    (file.parent / "other.toml").write_text(RECIPE, "utf-8")
    (verdict,) = accept(file.parent / "other.toml")
    assert "no sample; put a few things into samples/other/source/" in verdict.words


def test_the_command_does_it(tmp_path: Path) -> None:
    file = town(tmp_path, expected=None)
    for words, sign in ((["--accept", str(file)], "written anew"), ([str(file)], "as expected")):
        command = [sys.executable, "-m", "api.cli", "check", *words]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.startswith("✓ town.parking: ")
        assert sign in done.stdout
