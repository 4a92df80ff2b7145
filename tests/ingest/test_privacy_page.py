"""docs/privacy.md tells the truth: its examples are run, word for word, what is missed included."""

import re
import tomllib

import pytest

from ingest.personal import scrub
from twin.rule import CLASSES, Rule
from twin.settings import ROOT
from twin.telling import telling

PAGE = (ROOT / "docs/privacy.md").read_text("utf-8")
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^#{2,3} ", PAGE, flags=re.MULTILINE)}


def rows(section: str, cells: int) -> list[list[str]]:
    """The rows of a section's tables with that many cells, without heads."""
    lines = re.findall(r"^\| (.*) \|$", SECTIONS[section], re.MULTILINE)
    found = [line.split(" | ") for line in lines]
    return [row for row in found if len(row) == cells and "`" in "".join(row)]


def test_every_rule_is_one() -> None:
    blocks = re.findall(r"```toml rule\n(.*?)```", PAGE, re.DOTALL)
    made = [Rule.model_validate(rule) for block in blocks for rule in tomllib.loads(block)["gate"]]
    verbs = {verb for rule in made for verb in ("hold", "drop", "coarsen", "allow") if getattr(rule, verb)}
    assert verbs == {"hold", "drop", "coarsen", "allow"}
    assert {rule.condition for rule in made} == {"", "equals", "unless", "matches", "min_count", "moves"}


@pytest.mark.parametrize("row", rows("Recognisers", 3))
def test_what_is_found(row: list[str]) -> None:
    name, text, left = row
    assert scrub(text.strip("`")) == (left.strip("`"), [name])


def test_there_is_an_example_of_every_class() -> None:
    assert {row[0] for row in rows("Recognisers", 3)} == set(CLASSES)


@pytest.mark.parametrize("row", rows("Recognisers", 1))
def test_what_stays(row: list[str]) -> None:
    text = row[0].strip("`")
    assert scrub(text) == (text, [])


@pytest.mark.parametrize("row", rows("What they miss", 2))
def test_what_is_missed(row: list[str]) -> None:
    text = row[0].strip("`")
    assert scrub(text) == (text, []), "found after all: take it from the page"


@pytest.mark.parametrize("row", rows("Names of fields", 2))
def test_names_of_fields(row: list[str]) -> None:
    kind, examples = row
    names = re.findall(r"`([^`]+)`", examples)
    assert {telling(name) for name in names} == {kind}
